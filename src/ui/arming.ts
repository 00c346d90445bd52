/**
 * Key m: disarms at once, or asks for the account number below the checklist; in a dry run it
 * offers to begin a live run. Deliberately takes a number or a word that is typed key by key, and
 * never a paste or a held key (F114, F119). Tested through `update.ts`.
 */
import type { Snapshot } from '../engine/index.ts';
import { CONFIRM_MS, type Dialog, type UiState } from './ui-state.ts';
import { notice, open, send, stay, typing, type UiResult } from './wishes.ts';

export type ArmingDialog = Extract<Dialog, { type: 'arming' }>;

/** The word that ends a dry run and begins a live one in its place. */
export const LIVE_WORD = 'live';

/** What has to be typed now; undefined where nothing can be confirmed. */
export function armingWord(snapshot: Snapshot, ui: UiState): string | undefined {
  if (ui.role === 'observer') return undefined;
  const { arming, account } = snapshot;
  if (arming.state === 'not-possible') return ui.canGoLive ? LIVE_WORD : undefined;
  return arming.state === 'unarmed' ? account?.login : undefined;
}

/** Taking the permission back only ever reduces risk: it needs no question. */
export function pressMode(ui: UiState, snapshot: Snapshot | undefined): UiResult {
  if (snapshot === undefined) return stay(ui);
  if (snapshot.arming.state === 'armed' && ui.role === 'operator') {
    return send(ui, { type: 'disarm' }, 'arming', 'disarm');
  }
  return open(ui, { type: 'arming', typed: '', typedAt: ui.now });
}

const TYPE_IT = 'Type it key by key: pasted or held keys never arm.';

export const pastedIntoArming = (ui: UiState, dialog: ArmingDialog): UiState =>
  notice({ ...ui, dialog: { ...dialog, typed: '' } }, 'warn', TYPE_IT);

/** What was typed too long ago is typed again. */
export function fadedArming(ui: UiState, dialog: ArmingDialog): UiState {
  const isOld = dialog.typed !== '' && ui.now - dialog.typedAt >= CONFIRM_MS;
  return isOld ? { ...ui, dialog: { ...dialog, typed: '' } } : ui;
}

interface Pressed {
  readonly key: string;
  readonly alone: boolean;
  readonly snapshot: Snapshot | undefined;
}

export function inArming(ui: UiState, dialog: ArmingDialog, pressed: Pressed): UiResult {
  const { key, alone, snapshot } = pressed;
  const word = snapshot === undefined ? undefined : armingWord(snapshot, ui);
  if (snapshot === undefined || word === undefined) {
    return key === 'enter' || key === 'q' ? stay({ ...ui, dialog: undefined }) : stay(ui);
  }
  if (key !== 'enter') {
    // A packet of several keys is a paste without brackets, or a key that is held.
    if (!alone) return stay(pastedIntoArming(ui, dialog));
    const [next] = typing(ui, dialog, key);
    if (next.dialog?.type !== 'arming') return stay(next);
    return stay({ ...next, dialog: { ...next.dialog, typedAt: ui.now } });
  }
  if (!alone) return stay(pastedIntoArming(ui, dialog));
  if (word === LIVE_WORD && snapshot.arming.state === 'not-possible') {
    return dialog.typed === word
      ? stay({ ...ui, dialog: undefined, goingLive: true })
      : stay(notice(ui, 'warn', `Type the word ${word}, then press Enter. Esc cancels.`));
  }
  const red = snapshot.arming.checklist.find((item) => !item.ok);
  if (red !== undefined) {
    const why = `${red.name}: ${red.reason}; ${red.remedy ?? ''}`;
    return stay(notice(ui, 'warn', `Not yet: ${why}.`));
  }
  if (dialog.typed !== word) {
    return stay(notice(ui, 'warn', 'Type the whole account number, then press Enter.'));
  }
  return send(ui, { type: 'arm', account: dialog.typed }, 'arming', `arm account ${word}`);
}
