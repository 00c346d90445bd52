/**
 * The moves every key has in common: say something, open a dialog, type into it, send a command.
 * Deliberately without any key: which key does what is in `update.ts` and `dialog-keys.ts`.
 * Tested through `update.ts`.
 */
import {
  type Command,
  type CommandBody,
  commandId,
  type Snapshot,
  type Tone,
  untrusted,
} from '../engine/index.ts';
import { shownBy } from './dialogs.ts';
import { printable } from './text.ts';
import {
  type Danger,
  type Dialog,
  NOTICE_MS,
  PENDING_MAX,
  TYPED_MAX,
  type UiState,
} from './ui-state.ts';

export type UiResult = readonly [UiState, readonly Command[]];

export const stay = (ui: UiState): UiResult => [ui, []];

export const notice = (ui: UiState, tone: Tone, text: string): UiState => ({
  ...ui,
  notice: { tone, text, until: ui.now + NOTICE_MS },
});

const RECORDED = 'This is a recording: nothing is sent.';

/** Records the wish and remembers it until a snapshot answers. */
export function send(ui: UiState, body: CommandBody, target: string, words: string): UiResult {
  // Every command is made here, and a recording has nobody to take one.
  if (ui.playback !== undefined) return stay(notice(ui, 'warn', RECORDED));
  const id = commandId(`${ui.commandPrefix}-${ui.commandCount + 1}`);
  const command: Command = { id, role: ui.role, by: untrusted(ui.operator), body };
  const pending = [...ui.pending, { id, words, target, sentAt: ui.now }].slice(-PENDING_MAX);
  const next = { ...ui, pending, commandCount: ui.commandCount + 1, dialog: undefined };
  return [notice(next, 'plain', `Asked: ${words}.`), [command]];
}

export const open = (ui: UiState, dialog: Dialog): UiResult =>
  stay({ ...ui, dialog, notice: undefined });

/** Asks first, because an engine and what it holds stay behind; a recording is just left. */
export const leave = (ui: UiState): UiResult =>
  ui.playback === undefined ? open(ui, { type: 'quit' }) : stay({ ...ui, leaving: true });

export function confirm(ui: UiState, danger: Danger, snapshot: Snapshot): UiResult {
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

export const clipTyped = (text: string): string => printable(text).slice(0, TYPED_MAX);

export function typing(
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
