/**
 * The screen's own step: (UiState, UiInput, Snapshot) to [UiState, Command[]].
 * Deliberately pure and synchronous; it can wish, never act, and holds nothing about the market.
 */
import {
  assertNever,
  type Command,
  type CommandBody,
  commandId,
  type Snapshot,
  type Tone,
  untrusted,
} from '../engine/index.ts';
import {
  activityItems,
  bookRows,
  decisionItems,
  openOrders,
  selectedRow,
  topIndex,
} from './book.ts';
import { commandOf, shownBy, targetOf } from './dialogs.ts';
import { type BindingId, bindingOf } from './keymap.ts';
import type { KeyInput } from './keys.ts';
import { PANELS, type PanelId } from './layout.ts';
import { THEMES } from './look.ts';
import { printable } from './text.ts';
import {
  CONFIRM_MS,
  CONFIRM_WORD,
  type Danger,
  type Dialog,
  NOTICE_MS,
  PENDING_MAX,
  TYPED_MAX,
  type UiState,
} from './ui-state.ts';

export type UiInput = { readonly now: number } & (
  | KeyInput
  | { readonly type: 'resize'; readonly columns: number; readonly rows: number }
  | { readonly type: 'snapshot' }
  | { readonly type: 'tick' }
);
export type UiResult = readonly [UiState, readonly Command[]];

const stay = (ui: UiState): UiResult => [ui, []];

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
      return stay(settle({ ...ui, snapshotAt: input.now }, snapshot));
    case 'tick':
      return stay(ui);
    default:
      return assertNever(input, 'input');
  }
}

export const notice = (ui: UiState, tone: Tone, text: string): UiState => ({
  ...ui,
  notice: { tone, text, until: ui.now + NOTICE_MS },
});

/** A confirmation is void after ten seconds, and as soon as what it shows has changed (F114). */
function expire(ui: UiState, snapshot: Snapshot | undefined): UiState {
  const faded = ui.notice !== undefined && ui.now >= ui.notice.until;
  const next = faded ? { ...ui, notice: undefined } : ui;
  const dialog = next.dialog;
  if (dialog?.type !== 'confirm' || snapshot === undefined) return next;
  const closed = { ...next, dialog: undefined };
  if (next.now - dialog.openedAt >= CONFIRM_MS) {
    return notice(closed, 'warn', 'Not confirmed within ten seconds: nothing was sent.');
  }
  if (shownBy(dialog.danger, snapshot) !== dialog.shown) {
    return notice(closed, 'warn', 'What the question was about has changed: nothing was sent.');
  }
  return next;
}

/** Answers to our commands, found in the newest snapshot. */
function settle(ui: UiState, snapshot: Snapshot | undefined): UiState {
  if (snapshot === undefined || ui.pending.length === 0) return ui;
  const answers = new Map(snapshot.commands.map((view) => [view.id, view]));
  let next = ui;
  for (const pending of ui.pending) {
    const answer = answers.get(pending.id);
    if (answer === undefined) continue;
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

function onPaste(ui: UiState, text: string): UiState {
  const dialog = ui.dialog;
  if (dialog?.type === 'confirm') {
    const empty = { ...ui, dialog: { ...dialog, typed: '' } };
    return notice(empty, 'warn', 'Pasted text never confirms: please type the word.');
  }
  if (dialog?.type === 'reset' || dialog?.type === 'filter') {
    const typed = clipTyped(dialog.typed + text);
    const next = { ...ui, dialog: { ...dialog, typed } };
    return dialog.type === 'filter' ? { ...next, filter: typed } : next;
  }
  return ui;
}

const clipTyped = (text: string): string => printable(text).slice(0, TYPED_MAX);

function onKey(ui: UiState, key: string, alone: boolean, snapshot: Snapshot | undefined): UiResult {
  if (ui.dialog !== undefined) return inDialog(ui, ui.dialog, { key, alone, snapshot });
  const binding = bindingOf(key);
  if (binding === undefined) return stay(ui);
  const enabled = binding.enabled(snapshot, ui);
  if (enabled !== true) return stay(notice(ui, 'warn', `${binding.label}: ${enabled}.`));
  return ACTIONS[binding.id](ui, snapshot, key);
}

/** Records the wish and remembers it until a snapshot answers. */
function send(ui: UiState, body: CommandBody, target: string, words: string): UiResult {
  const id = commandId(`${ui.commandPrefix}-${ui.commandCount + 1}`);
  const command: Command = { id, role: ui.role, by: untrusted(ui.operator), body };
  const pending = [...ui.pending, { id, words, target, sentAt: ui.now }].slice(-PENDING_MAX);
  const next = { ...ui, pending, commandCount: ui.commandCount + 1, dialog: undefined };
  return [notice(next, 'plain', `Asked: ${words}.`), [command]];
}

type Action = (ui: UiState, snapshot: Snapshot | undefined, key: string) => UiResult;

const open = (ui: UiState, dialog: Dialog): UiResult => stay({ ...ui, dialog, notice: undefined });

function confirm(ui: UiState, danger: Danger, snapshot: Snapshot): UiResult {
  const shown = shownBy(danger, snapshot);
  return open(ui, {
    type: 'confirm',
    danger,
    typed: '',
    openedAt: ui.now,
    seen: snapshot.seq,
    shown,
  });
}

function focusOn(ui: UiState, panel: PanelId): UiResult {
  return stay({ ...ui, focus: panel, tab: panel });
}

function focusBy(ui: UiState, step: number): UiResult {
  const index = (PANELS.indexOf(ui.focus) + step + PANELS.length) % PANELS.length;
  return focusOn(ui, PANELS[index] ?? 'blotter');
}

const PAGE = 5;

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
    if (snapshot === undefined || row?.type !== 'position') return stay(ui);
    const { id: positionId, volume } = row.position;
    return confirm({ ...ui, selected: row.id }, { type: 'close', positionId, volume }, snapshot);
  },
  flatten: (ui, snapshot) =>
    snapshot === undefined ? stay(ui) : confirm(ui, { type: 'flatten' }, snapshot),
  kill: (ui, snapshot) =>
    snapshot === undefined ? stay(ui) : confirm(ui, { type: 'kill' }, snapshot),
  breakers: (ui) => open(ui, { type: 'breakers', index: 0 }),
  why: (ui) => focusOn(ui, 'why'),
  // The source keeps its limits whoever asks: it needs no question.
  news: (ui) => send(ui, { type: 'refreshSentiment' }, 'news', 'refresh sentiment'),
  details: (ui, snapshot) => {
    const row = selectedRow(snapshot, ui);
    return row === undefined ? stay(ui) : open(ui, { type: 'details', row: row.id });
  },
  filter: (ui) => {
    const focus = ui.focus === 'why' ? 'why' : 'activity';
    const dialog = { type: 'filter', typed: ui.filter } as const;
    return stay({ ...ui, focus, tab: focus, dialog, notice: undefined });
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
  quit: (ui) => open(ui, { type: 'quit' }),
};

/** The ledger follows the filter while it is typed. */
function filtered([ui, commands]: UiResult): UiResult {
  return [ui.dialog?.type === 'filter' ? { ...ui, filter: ui.dialog.typed } : ui, commands];
}

interface DialogKey {
  readonly key: string;
  readonly alone: boolean;
  readonly snapshot: Snapshot | undefined;
}

const shut = (ui: UiState): UiResult => stay({ ...ui, dialog: undefined });

function inDialog(ui: UiState, dialog: Dialog, pressed: DialogKey): UiResult {
  const { key } = pressed;
  if (key === 'ctrl-l') return stay({ ...ui, repaints: ui.repaints + 1 });
  // A second Ctrl-C always leaves: it is what people press when nothing else helps.
  if (key === 'ctrl-c') {
    return dialog.type === 'quit' ? stay({ ...ui, leaving: true }) : open(ui, { type: 'quit' });
  }
  if (key === 'esc') {
    const cleared = dialog.type === 'filter' ? { ...ui, filter: '' } : ui;
    return shut(cleared);
  }
  switch (dialog.type) {
    case 'help':
      return inHelp(ui, dialog, key);
    case 'details':
      return key === 'enter' || key === 'q' ? shut(ui) : stay(ui);
    case 'breakers':
      return inBreakers(ui, dialog, pressed);
    case 'quit':
      if (key === 'y') return stay({ ...ui, leaving: true });
      return key === 'n' ? shut(ui) : stay(ui);
    case 'filter':
      if (key === 'enter') return shut({ ...ui, filter: dialog.typed });
      return filtered(typing(ui, dialog, key));
    case 'reset':
      return inReset(ui, dialog, pressed);
    case 'confirm':
      return inConfirm(ui, dialog, pressed);
    default:
      return assertNever(dialog, 'dialog');
  }
}

function inHelp(ui: UiState, dialog: Extract<Dialog, { type: 'help' }>, key: string): UiResult {
  const steps: Readonly<Record<string, number>> = {
    down: 1,
    j: 1,
    up: -1,
    k: -1,
    pagedown: PAGE,
    pageup: -PAGE,
  };
  const step = steps[key];
  if (step === undefined)
    return key === '?' || key === 'q' || key === 'enter' ? shut(ui) : stay(ui);
  return stay({ ...ui, dialog: { ...dialog, top: Math.max(0, Math.min(40, dialog.top + step)) } });
}

function typing(
  ui: UiState,
  dialog: Extract<Dialog, { readonly typed: string }>,
  key: string,
): UiResult {
  if (key === 'backspace') {
    const typed = [...dialog.typed].slice(0, -1).join('');
    return stay({ ...ui, dialog: { ...dialog, typed } });
  }
  if ([...key].length !== 1) return stay(ui);
  return stay({ ...ui, dialog: { ...dialog, typed: clipTyped(dialog.typed + key) } });
}

function inBreakers(
  ui: UiState,
  dialog: Extract<Dialog, { type: 'breakers' }>,
  { key, snapshot }: DialogKey,
): UiResult {
  const breakers = snapshot?.breakers ?? [];
  const last = Math.max(0, breakers.length - 1);
  const to = (index: number) =>
    stay({ ...ui, dialog: { ...dialog, index: Math.max(0, Math.min(last, index)) } });
  if (key === 'down' || key === 'j') return to(dialog.index + 1);
  if (key === 'up' || key === 'k') return to(dialog.index - 1);
  if (key === 'b' || key === 'q' || key === 'enter') return shut(ui);
  if (key !== 'r') return stay(ui);
  const chosen = breakers[dialog.index];
  if (ui.role === 'observer') return stay(notice(ui, 'warn', 'This screen only watches.'));
  if (chosen === undefined || !chosen.tripped) {
    return stay(notice(ui, 'warn', 'This breaker is not tripped.'));
  }
  return stay({ ...ui, dialog: { type: 'reset', breaker: chosen.name, typed: '' } });
}

const REASON_MIN = 4;

function inReset(
  ui: UiState,
  dialog: Extract<Dialog, { type: 'reset' }>,
  { key, alone }: DialogKey,
): UiResult {
  if (key !== 'enter') return typing(ui, dialog, key);
  const reason = dialog.typed.trim();
  if (!alone || reason.length < REASON_MIN) {
    return stay(notice(ui, 'warn', 'Type the reason in a few words, then press Enter.'));
  }
  const body = {
    type: 'resetBreaker',
    breaker: dialog.breaker,
    reason: untrusted(reason),
  } as const;
  return send(ui, body, `reset:${dialog.breaker}`, `reset ${dialog.breaker}`);
}

function inConfirm(
  ui: UiState,
  dialog: Extract<Dialog, { type: 'confirm' }>,
  { key, alone }: DialogKey,
): UiResult {
  const word = CONFIRM_WORD[dialog.danger.type];
  if (key !== 'enter') {
    const next = typing(ui, dialog, key);
    // Several keys in one packet that make up the word at once are a paste without brackets.
    const dialogAfter = next[0].dialog;
    const pasted = !alone && dialogAfter?.type === 'confirm' && dialogAfter.typed === word;
    return pasted ? stay(onPaste(ui, '')) : next;
  }
  if (!alone) return stay(onPaste(ui, ''));
  if (dialog.typed !== word) {
    return stay(notice(ui, 'warn', `Type the word ${word}, then press Enter. Esc cancels.`));
  }
  const words = {
    close: 'close position',
    flatten: 'close everything',
    kill: 'kill switch',
    resume: 'resume entries',
  };
  const body = commandOf(dialog.danger, dialog.seen);
  return send(ui, body, targetOf(dialog.danger), words[dialog.danger.type]);
}
