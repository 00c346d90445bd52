/**
 * The screen's own step: (UiState, UiInput, Snapshot) to [UiState, Command[]].
 * Deliberately pure and synchronous; it can wish, never act, and holds nothing about the market.
 */
import { assertNever, type Snapshot } from '../engine/index.ts';
import { fadedArming, pressMode } from './arming.ts';
import {
  activityItems,
  bookRows,
  copyText,
  decisionItems,
  openOrders,
  selectedRow,
  topIndex,
} from './book.ts';
import { inDialog, onPaste, PAGE } from './dialog-keys.ts';
import { shownBy } from './dialogs.ts';
import { seen } from './equity.ts';
import { cancelOf, ruledOn } from './inbox.ts';
import { type BindingId, bindingOf } from './keymap.ts';
import type { KeyInput } from './keys.ts';
import { PANELS, type PanelId } from './layout.ts';
import { type LoginStep, told } from './login.ts';
import { THEMES } from './look.ts';
import { paletteEntries } from './palette.ts';
import { wishPlayback } from './playback.ts';
import { clip, printable } from './text.ts';
import { CONFIRM_MS, type Dialog, type UiState } from './ui-state.ts';
import { confirm, leave, notice, open, send, stay, type UiResult } from './wishes.ts';

export type UiInput = { readonly now: number } & (
  | KeyInput
  | { readonly type: 'resize'; readonly columns: number; readonly rows: number }
  | { readonly type: 'snapshot' }
  | { readonly type: 'login'; readonly step: LoginStep }
  | { readonly type: 'tick' }
);

export function update(state: UiState, input: UiInput, snapshot: Snapshot | undefined): UiResult {
  const ui = expire({ ...state, now: input.now }, snapshot);
  switch (input.type) {
    case 'key':
      return onKey(ui, input.key, input.alone, snapshot);
    case 'paste':
      return stay(onPaste(ui, input.text));
    case 'resize':
      return stay({ ...ui, columns: input.columns, rows: input.rows });
    case 'snapshot':
      return stay(askArming(settle(received(ui, snapshot), snapshot), snapshot));
    case 'login':
      return stay(told(ui, input.step));
    case 'tick':
      return stay(ui);
    default:
      return assertNever(input, 'input');
  }
}

const received = (ui: UiState, snapshot: Snapshot | undefined): UiState => ({
  ...ui,
  snapshotAt: ui.now,
  equity: snapshot === undefined ? ui.equity : seen(ui.equity, snapshot),
});

/** A live run asks to be armed once, when nothing else is asked. */
function askArming(ui: UiState, snapshot: Snapshot | undefined): UiState {
  if (!ui.asksArming || ui.dialog !== undefined || snapshot === undefined) return ui;
  const next = { ...ui, asksArming: false };
  return snapshot.arming.state === 'unarmed' ? pressMode(next, snapshot)[0] : next;
}

/** A confirmation is void after ten seconds, and as soon as what it shows has changed (F114). */
function expire(ui: UiState, snapshot: Snapshot | undefined): UiState {
  const faded = ui.notice !== undefined && ui.now >= ui.notice.until;
  const next = faded ? { ...ui, notice: undefined } : ui;
  return snapshot === undefined ? next : expireDialog(next, snapshot);
}

const CHANGED = 'What the question was about has changed: nothing was sent.';

function expireDialog(ui: UiState, snapshot: Snapshot): UiState {
  const { dialog } = ui;
  const closed = { ...ui, dialog: undefined };
  if (dialog?.type === 'ladder') {
    const faded = dialog.typed !== '' && ui.now - dialog.typedAt >= CONFIRM_MS;
    return faded ? { ...ui, dialog: { ...dialog, typed: '' } } : ui;
  }
  if (dialog?.type === 'arming') return fadedArming(ui, dialog);
  if (dialog?.type === 'verdict') {
    const same = ruledOn(dialog.ruling, snapshot) === dialog.shown;
    return same ? ui : notice(closed, 'warn', CHANGED);
  }
  if (dialog?.type === 'reset') {
    const tripped = snapshot.breakers.some((one) => one.name === dialog.breaker && one.tripped);
    return tripped ? ui : notice(closed, 'warn', CHANGED);
  }
  if (dialog?.type !== 'confirm') return ui;
  if (ui.now - dialog.openedAt >= CONFIRM_MS) {
    return notice(closed, 'warn', 'Not confirmed within ten seconds: nothing was sent.');
  }
  return shownBy(dialog.danger, snapshot) === dialog.shown ? ui : notice(closed, 'warn', CHANGED);
}

/** Answers to our commands, found in the newest snapshot. */
function settle(ui: UiState, snapshot: Snapshot | undefined): UiState {
  if (snapshot === undefined || ui.pending.length === 0) return ui;
  const answers = new Map(snapshot.commands.map((view) => [view.id, view]));
  let next = ui;
  for (const pending of ui.pending) {
    const answer = answers.get(pending.id);
    if (answer === undefined) continue;
    // The engine answers a cancel again when the order has ended, or cannot be cancelled.
    if (answer.status === 'accepted' && pending.target.startsWith('o:')) continue;
    const left = answer.status === 'accepted' ? stillOpen(pending, snapshot) : [];
    if (left.some((one) => ON_THE_WAY.has(one.state))) continue;
    const rest = next.pending.filter((one) => one.id !== pending.id);
    next = { ...next, pending: rest };
    if (answer.status === 'refused') {
      next = notice(next, 'bad', `Refused: ${pending.words}: ${printable(answer.reason)}`);
    } else if (answer.status === 'failed') {
      next = notice(next, 'bad', `Not done: ${pending.words}: ${printable(answer.reason)}`);
    } else if (left.length > 0) {
      next = notice(next, 'bad', `Not done: ${pending.words}: the activity says why.`);
    } else if (answer.status === 'accepted' && openOrders(snapshot).length > 0) {
      next = notice(next, 'warn', `Asked: ${pending.words}: an order is still open.`);
    } else next = notice(next, 'good', `Done: ${pending.words}.`);
  }
  return next;
}

const ON_THE_WAY: ReadonlySet<string> = new Set(['CLOSING', 'CLOSE_UNKNOWN', 'UNSETTLED']);

/**
 * What an accepted close or flatten has not closed yet. A close that was refused on its way leaves
 * its position as it was: the key must work again then, and nobody is told it was done.
 */
function stillOpen({ target }: UiState['pending'][number], { positions }: Snapshot) {
  if (target === 'flatten') return positions;
  return positions.filter((one) => `p:${one.id}` === target);
}

function onKey(ui: UiState, key: string, alone: boolean, snapshot: Snapshot | undefined): UiResult {
  const { dialog } = ui;
  if (dialog?.type === 'palette' && key === 'enter')
    return fromPalette(ui, dialog, alone, snapshot);
  if (dialog !== undefined) return inDialog(ui, dialog, { key, alone, snapshot });
  const binding = bindingOf(key, ui);
  if (binding === undefined) return stay(ui);
  const enabled = binding.enabled(snapshot, ui);
  if (enabled !== true) return stay(notice(ui, 'warn', `${binding.label}: ${enabled}.`));
  return ACTIONS[binding.id](ui, snapshot, key);
}

/** The chosen entry does what its key does; the palette stays open where that is not possible. */
function fromPalette(
  ui: UiState,
  { typed, index }: Extract<Dialog, { type: 'palette' }>,
  alone: boolean,
  snapshot: Snapshot | undefined,
): UiResult {
  const found = paletteEntries(typed, snapshot, ui);
  const entry = found[Math.min(index, found.length - 1)];
  if (entry === undefined) return stay(notice(ui, 'warn', 'No action has these letters.'));
  if (!alone) return stay(notice(ui, 'warn', 'Pasted text runs nothing: press Enter by itself.'));
  if (entry.enabled !== true) {
    return stay(notice(ui, 'warn', `${entry.label}: ${entry.enabled}.`));
  }
  return ACTIONS[entry.binding.id]({ ...ui, dialog: undefined }, snapshot, entry.key);
}

const LOGIN: Dialog = { type: 'login', typed: '' };

type Action = (ui: UiState, snapshot: Snapshot | undefined, key: string) => UiResult;

function focusOn(ui: UiState, panel: PanelId): UiResult {
  return stay({ ...ui, focus: panel, tab: panel });
}

function focusBy(ui: UiState, step: number): UiResult {
  const index = (PANELS.indexOf(ui.focus) + step + PANELS.length) % PANELS.length;
  return focusOn(ui, PANELS[index] ?? 'blotter');
}

/** Up and down act on the focused list; elsewhere they move the selected position. */
function move(ui: UiState, step: number, snapshot: Snapshot | undefined): UiResult {
  if (ui.focus === 'why' || ui.focus === 'activity') {
    const items =
      ui.focus === 'why' ? decisionItems(snapshot, ui.filter) : activityItems(snapshot, ui.filter);
    const index = topIndex(items, ui.anchor[ui.focus]) + step;
    const at = index <= 0 ? undefined : items[Math.min(index, items.length - 1)]?.at;
    return stay({ ...ui, anchor: { ...ui.anchor, [ui.focus]: at } });
  }
  const rows = bookRows(snapshot);
  const current = selectedRow(snapshot, ui);
  const index = rows.findIndex((row) => row.id === current?.id) + step;
  const next = rows[Math.max(0, Math.min(rows.length - 1, index))];
  return stay({ ...ui, selected: next?.id });
}

/** Enter: the top line of a ledger, or the selected row of the table. */
function details(ui: UiState, snapshot: Snapshot | undefined): UiResult {
  if (ui.focus === 'breakers') return open(ui, { type: 'breakers', index: 0 });
  if (ui.focus === 'account') return open(ui, LOGIN);
  if (ui.focus === 'why') {
    const items = decisionItems(snapshot, ui.filter);
    const top = items[topIndex(items, ui.anchor.why)]?.item;
    return top === undefined ? stay(ui) : open(ui, { type: 'explain', barTime: top.barTime });
  }
  if (ui.focus === 'activity') {
    const items = activityItems(snapshot, ui.filter);
    const top = items[topIndex(items, ui.anchor.activity)]?.item;
    return top === undefined ? stay(ui) : open(ui, { type: 'entry', seq: top.seq });
  }
  const row = selectedRow(snapshot, ui);
  return row === undefined ? stay(ui) : open(ui, { type: 'details', row: row.id });
}

const ACTIONS: Readonly<Record<BindingId, Action>> = {
  entries: (ui, snapshot) => {
    if (snapshot === undefined) return stay(ui);
    if (snapshot.tradingState !== 'active') return confirm(ui, { type: 'resume' }, snapshot);
    // Pausing only ever reduces risk: it needs no question.
    const body = { type: 'setTradingState', state: 'reducing' } as const;
    return send(ui, body, 'entries', 'pause entries');
  },
  close: (ui, snapshot) => {
    const row = selectedRow(snapshot, ui);
    if (snapshot === undefined || row === undefined) return stay(ui);
    if (row.type === 'order') {
      const cancel = cancelOf(row.order);
      return cancel === undefined
        ? stay(ui)
        : confirm({ ...ui, selected: row.id }, cancel, snapshot);
    }
    const { id: positionId, volume } = row.position;
    return confirm({ ...ui, selected: row.id }, { type: 'close', positionId, volume }, snapshot);
  },
  mode: pressMode,
  flatten: (ui, snapshot) =>
    snapshot === undefined ? stay(ui) : confirm(ui, { type: 'flatten' }, snapshot),
  ladder: (ui) => open(ui, { type: 'ladder', typed: '', typedAt: ui.now }),
  play: (ui) => wishPlayback(ui, 'play'),
  nextBar: (ui) => wishPlayback(ui, 'nextBar'),
  faster: (ui) => wishPlayback(ui, 'faster'),
  slower: (ui) => wishPlayback(ui, 'slower'),
  breakers: (ui) => open(ui, { type: 'breakers', index: 0 }),
  inbox: (ui) => open(ui, { type: 'inbox', index: 0 }),
  login: (ui) => open(ui, LOGIN),
  diagnostics: (ui) => open(ui, { type: 'diagnostics' }),
  palette: (ui) => open(ui, { type: 'palette', typed: '', index: 0 }),
  why: (ui) => focusOn(ui, 'why'),
  // The source keeps its limits whoever asks: it needs no question.
  news: (ui) => send(ui, { type: 'refreshSentiment' }, 'news', 'refresh sentiment'),
  details,
  filter: (ui) => {
    const focus = ui.focus === 'why' ? 'why' : 'activity';
    const dialog = { type: 'filter', typed: ui.filter } as const;
    return stay({ ...ui, focus, tab: focus, dialog, notice: undefined });
  },
  copy: (ui, snapshot) => {
    const text = printable(copyText(snapshot, ui) ?? '');
    const copied = { count: ui.copied.count + 1, text };
    return stay(notice({ ...ui, copied }, 'plain', `Sent to the clipboard: ${clip(text, 60)}`));
  },
  zoom: (ui) => stay({ ...ui, zoom: !ui.zoom }),
  theme: (ui) => {
    const theme = THEMES[(THEMES.indexOf(ui.theme) + 1) % THEMES.length] ?? 'dark';
    return stay(notice({ ...ui, theme }, 'plain', `Theme: ${theme}.`));
  },
  focusNext: (ui) => focusBy(ui, 1),
  focusPrevious: (ui) => focusBy(ui, -1),
  focusNumber: (ui, _snapshot, key) => focusOn(ui, PANELS[Number(key) - 1] ?? ui.focus),
  up: (ui, snapshot) => move(ui, -1, snapshot),
  down: (ui, snapshot) => move(ui, 1, snapshot),
  pageUp: (ui, snapshot) => move(ui, -PAGE, snapshot),
  pageDown: (ui, snapshot) => move(ui, PAGE, snapshot),
  newest: (ui) => stay({ ...ui, anchor: { why: undefined, activity: undefined } }),
  repaint: (ui) => stay({ ...ui, repaints: ui.repaints + 1 }),
  help: (ui) => open(ui, { type: 'help', top: 0 }),
  quit: leave,
};
