/**
 * What keys and pastes mean while a dialog is open; the closed dialog is in `update.ts`.
 * Deliberately the only place that turns a confirmation into a command (F114).
 * Tested through `update.ts`.
 */
import { assertNever, type Snapshot, untrusted } from '../engine/index.ts';
import { commandOf, targetOf } from './dialogs.ts';
import { CONFIRM_WORD, type Dialog, type UiState } from './ui-state.ts';
import { clipTyped, notice, open, send, stay, typing, type UiResult } from './wishes.ts';

export const PAGE = 5;

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

/** The ledger follows the filter while it is typed. */
function filtered([ui, commands]: UiResult): UiResult {
  return [ui.dialog?.type === 'filter' ? { ...ui, filter: ui.dialog.typed } : ui, commands];
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

export function onPaste(ui: UiState, text: string): UiState {
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
