/**
 * What keys and pastes mean while a dialog is open; the closed dialog is in `update.ts`.
 * Deliberately the only place that turns a confirmation into a command (F114).
 */
import {
  assertNever,
  BREAKERS,
  type Command,
  RUNGS,
  type Snapshot,
  untrusted,
} from '../engine/index.ts';
import { inArming, pastedIntoArming } from './arming.ts';
import { decisionItems, topIndex } from './book.ts';
import { commandOf, targetOf } from './dialogs.ts';
import { inboxItems, optionsFor, ruledOn } from './inbox.ts';
import { ladderWishes, rungOf, rungWishes, type Wish } from './ladder.ts';
import { inLogin, leftLogin, pastedIntoLogin } from './login.ts';
import { paletteEntries } from './palette.ts';
import { CONFIRM_WORD, type Dialog, type UiState } from './ui-state.ts';
import {
  clipTyped,
  confirm,
  leave,
  notice,
  open,
  send,
  stay,
  typing,
  type UiResult,
} from './wishes.ts';

export const PAGE = 5;

const ARROWS: Readonly<Record<string, number>> = {
  down: 1,
  up: -1,
  pagedown: PAGE,
  pageup: -PAGE,
};
const STEPS: Readonly<Record<string, number>> = { ...ARROWS, j: 1, k: -1 };

export interface DialogKey {
  readonly key: string;
  readonly alone: boolean;
  readonly snapshot: Snapshot | undefined;
}

const shut = (ui: UiState): UiResult => stay({ ...ui, dialog: undefined });

export function inDialog(ui: UiState, dialog: Dialog, pressed: DialogKey): UiResult {
  const { key } = pressed;
  if (key === 'ctrl-l') return stay({ ...ui, repaints: ui.repaints + 1 });
  // A second Ctrl-C always leaves: it is what people press when nothing else helps.
  if (key === 'ctrl-c') {
    return dialog.type === 'quit' ? stay({ ...ui, leaving: true }) : leave(ui);
  }
  if (key === 'esc') {
    const cleared = dialog.type === 'filter' ? { ...ui, filter: '' } : ui;
    return shut(dialog.type === 'login' ? leftLogin(cleared) : cleared);
  }
  switch (dialog.type) {
    case 'help':
      return inHelp(ui, dialog, key);
    case 'details':
    case 'entry':
    case 'diagnostics':
      return key === 'enter' || key === 'q' ? shut(ui) : stay(ui);
    case 'login':
      return inLogin(ui, dialog, key);
    case 'explain':
      return inExplain(ui, dialog, pressed);
    case 'inbox':
      return inInbox(ui, dialog, pressed);
    case 'verdict':
      return inVerdict(ui, dialog, pressed);
    case 'ladder':
      return inLadder(ui, dialog, pressed);
    case 'arming':
      return inArming(ui, dialog, pressed);
    case 'palette':
      return inPalette(ui, dialog, pressed);
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

/** The ledger follows the filter while it is typed. */
function filtered([ui, commands]: UiResult): UiResult {
  return [ui.dialog?.type === 'filter' ? { ...ui, filter: ui.dialog.typed } : ui, commands];
}

/** About where the help ends at its narrowest. */
const HELP_MAX = 50;

function inHelp(ui: UiState, dialog: Extract<Dialog, { type: 'help' }>, key: string): UiResult {
  const step = STEPS[key];
  if (step === undefined)
    return key === '?' || key === 'q' || key === 'enter' ? shut(ui) : stay(ui);
  return stay({
    ...ui,
    dialog: { ...dialog, top: Math.max(0, Math.min(HELP_MAX, dialog.top + step)) },
  });
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
  const step = STEPS[key];
  if (step !== undefined) return to(dialog.index + step);
  if (key === 'b' || key === 'q' || key === 'enter') return shut(ui);
  if (key !== 'r') return stay(ui);
  const chosen = breakers[dialog.index];
  if (ui.role === 'observer') return stay(notice(ui, 'warn', 'This screen only watches.'));
  if (chosen === undefined || !chosen.tripped) {
    return stay(notice(ui, 'warn', 'This breaker is not tripped.'));
  }
  return open(ui, { type: 'reset', breaker: chosen.name, typed: '' });
}

/** Through the decisions, newer up and older down. */
function inExplain(
  ui: UiState,
  dialog: Extract<Dialog, { type: 'explain' }>,
  { key, snapshot }: DialogKey,
): UiResult {
  const step = STEPS[key];
  if (step === undefined) return key === 'enter' || key === 'q' ? shut(ui) : stay(ui);
  const items = decisionItems(snapshot, ui.filter);
  const index = topIndex(items, dialog.barTime) + step;
  const next = items[Math.max(0, Math.min(items.length - 1, index))]?.item;
  return next === undefined ? stay(ui) : open(ui, { type: 'explain', barTime: next.barTime });
}

function inPalette(
  ui: UiState,
  dialog: Extract<Dialog, { type: 'palette' }>,
  { key, snapshot }: DialogKey,
): UiResult {
  const step = ARROWS[key];
  if (step === undefined) {
    const [next, commands] = typing(ui, dialog, key);
    const typed = next.dialog?.type === 'palette' ? next.dialog.typed : '';
    const index = typed === dialog.typed ? dialog.index : 0;
    return [{ ...next, dialog: { type: 'palette', typed, index } }, commands];
  }
  const last = paletteEntries(dialog.typed, snapshot, ui).length - 1;
  const index = Math.max(0, Math.min(last, dialog.index + step));
  return stay({ ...ui, dialog: { ...dialog, index } });
}

/** The word names the rung and confirms it; the ladder stays open to show what is proven. */
function inLadder(
  ui: UiState,
  dialog: Extract<Dialog, { type: 'ladder' }>,
  { key, alone, snapshot }: DialogKey,
): UiResult {
  if (key !== 'enter') {
    const [next] = typing(ui, dialog, key);
    if (next.dialog?.type !== 'ladder') return stay(next);
    const pasted = !alone && rungOf(next.dialog.typed) !== undefined;
    return stay(pasted ? onPaste(ui, '') : { ...ui, dialog: { ...next.dialog, typedAt: ui.now } });
  }
  if (!alone) return stay(onPaste(ui, ''));
  const rung = rungOf(dialog.typed);
  if (rung === undefined || snapshot === undefined) {
    return stay(notice(ui, 'warn', `Type ${RUNGS.join(', ')}, then press Enter.`));
  }
  const [next, sent] = sendAll(ui, ladderWishes(rung, snapshot));
  const asked = sent.length === 0 ? 'Nothing left to send: see what is proven.' : `Asked: ${rung}.`;
  const shown = { ...next, dialog: { ...dialog, typed: '' } };
  return [notice(shown, 'plain', asked), sent];
}

function sendAll(ui: UiState, wishes: readonly Wish[]): UiResult {
  const sent: Command[] = [];
  let next: UiState = { ...ui, dialog: undefined };
  for (const { body, target, words } of wishes) {
    const [after, commands] = send(next, body, target, words);
    next = after;
    sent.push(...commands);
  }
  return [next, sent];
}

function inInbox(
  ui: UiState,
  dialog: Extract<Dialog, { type: 'inbox' }>,
  { key, snapshot }: DialogKey,
): UiResult {
  const items = inboxItems(snapshot);
  const step = STEPS[key];
  if (step !== undefined) {
    const index = Math.max(0, Math.min(items.length - 1, dialog.index + step));
    return stay({ ...ui, dialog: { ...dialog, index } });
  }
  if (key === 'i' || key === 'q' || key === 'enter') return shut(ui);
  const item = items[Math.min(dialog.index, items.length - 1)];
  if ((key !== 'v' && key !== 'c') || item === undefined || snapshot === undefined) return stay(ui);
  if (ui.role === 'observer') return stay(notice(ui, 'warn', 'This screen only watches.'));
  const { ruling, cancel, words } = optionsFor(item);
  if (key === 'c' && cancel !== undefined) return confirm(ui, cancel, snapshot);
  if (key === 'c' || ruling === undefined) {
    const what = key === 'c' ? 'Nothing to cancel' : 'No verdict now';
    return stay(notice(ui, 'warn', `${what}: ${words}.`));
  }
  const shown = ruledOn(ruling, snapshot);
  return open(ui, { type: 'verdict', ruling, typed: '', index: dialog.index, shown });
}

function inVerdict(
  ui: UiState,
  dialog: Extract<Dialog, { type: 'verdict' }>,
  { key, alone }: DialogKey,
): UiResult {
  if (key !== 'enter') return typing(ui, dialog, key);
  const reason = dialog.typed.trim();
  if (!alone || reason.length < REASON_MIN) return stay(notice(ui, 'warn', REASON_WANTED));
  const { ruling } = dialog;
  const about = ruling.type === 'absent' ? ruling.orderId : ruling.positionId;
  const body = { type: 'verdict', ruling, reason: untrusted(reason) } as const;
  const [next, commands] = send(ui, body, `verdict:${about}`, `verdict on ${about}`);
  return [{ ...next, dialog: { type: 'inbox', index: dialog.index } }, commands];
}

const REASON_WANTED = 'Type the reason in a few words, then press Enter.';
const REASON_MIN = 4;

function inReset(
  ui: UiState,
  dialog: Extract<Dialog, { type: 'reset' }>,
  { key, alone }: DialogKey,
): UiResult {
  if (key !== 'enter') return typing(ui, dialog, key);
  const reason = dialog.typed.trim();
  if (!alone || reason.length < REASON_MIN) {
    return stay(notice(ui, 'warn', REASON_WANTED));
  }
  const body = {
    type: 'resetBreaker',
    breaker: dialog.breaker,
    reason: untrusted(reason),
  } as const;
  const [next, commands] = send(ui, body, `reset:${dialog.breaker}`, `reset ${dialog.breaker}`);
  const index = Math.max(0, BREAKERS.indexOf(dialog.breaker));
  // Back to the list: there the answer is shown, refusals with their reason.
  const asked = commands[0]?.id;
  return [{ ...next, dialog: { type: 'breakers', index, ...(asked && { asked }) } }, commands];
}

function inConfirm(
  ui: UiState,
  dialog: Extract<Dialog, { type: 'confirm' }>,
  { key, alone, snapshot }: DialogKey,
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
    cancel: 'cancel order',
    resume: 'resume entries',
  };
  const body = commandOf(dialog.danger, dialog.seen);
  // Orders wait at the broker by themselves: the engine's flatten closes positions only.
  if (dialog.danger.type === 'flatten' && snapshot !== undefined) {
    const wishes = [...rungWishes('cancel', snapshot), ...rungWishes('flatten', snapshot)];
    if (wishes.length > 0) return sendAll(ui, wishes);
    return shut(notice(ui, 'warn', 'Nothing can be sent: what is open is on its way already.'));
  }
  return send(ui, body, targetOf(dialog.danger), words[dialog.danger.type]);
}

export function onPaste(ui: UiState, text: string): UiState {
  const dialog = ui.dialog;
  if (dialog?.type === 'arming') return pastedIntoArming(ui, dialog);
  if (dialog?.type === 'login') return pastedIntoLogin(ui, text);
  if (dialog?.type === 'confirm' || dialog?.type === 'ladder') {
    const empty = { ...ui, dialog: { ...dialog, typed: '' } };
    return notice(empty, 'warn', 'Pasted text never confirms: please type the word.');
  }
  if (dialog !== undefined && 'typed' in dialog) {
    const typed = clipTyped(dialog.typed + text);
    const next = { ...ui, dialog: { ...dialog, typed } };
    return dialog.type === 'filter' ? { ...next, filter: typed } : next;
  }
  return ui;
}
