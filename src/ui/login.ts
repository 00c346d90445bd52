/**
 * A new login from inside the console: its steps, what keys and pastes mean while it waits.
 * Deliberately never shows what is pasted and keeps no token: the desk outside does the work.
 */

import type { Dialog, UiState } from './ui-state.ts';
import { notice, stay, type UiResult } from './wishes.ts';

export type LoginStep =
  /** The address waits for a person; `leftMs` from the moment this is told. */
  | {
      readonly state: 'waiting';
      readonly address: string;
      readonly leftMs: number;
      /** How the answer comes, in one sentence. */
      readonly hint: string;
      /** What went wrong with the last answer, while the login still waits. */
      readonly trouble?: string;
    }
  | { readonly state: 'exchanging' }
  | { readonly state: 'done'; readonly sentence: string }
  | { readonly state: 'failed'; readonly sentence: string };

/** Whoever can log a person in while the engine goes on. */
export interface LoginDesk {
  /** Begins one and gives up the one before; `tell` hears every step until its end. */
  begin(tell: (step: LoginStep) => void): void;
  /** The address the browser ended on, or its code. */
  answer(text: string): void;
  cancel(): void;
}

export type LoginWish =
  | { readonly type: 'begin' }
  | { readonly type: 'answer'; readonly text: string }
  | { readonly type: 'cancel' };

/** What the screen remembers of a login under way. */
export interface LoginProgress {
  /** Grows with every wish; whoever hands wishes on looks at it. */
  readonly count: number;
  readonly wish: LoginWish | undefined;
  readonly step: LoginStep | undefined;
  /** Screen-clock milliseconds at which the step was told. */
  readonly toldAt: number;
}

export const NO_LOGIN: LoginProgress = { count: 0, wish: undefined, step: undefined, toldAt: 0 };

/** An answer is an address with a code; more than this is neither. */
const ANSWER_MAX = 4_096;

type LoginDialog = Extract<Dialog, { type: 'login' }>;

function wished(ui: UiState, wish: LoginWish): UiState {
  return { ...ui, login: { ...ui.login, count: ui.login.count + 1, wish } };
}

export const told = (ui: UiState, step: LoginStep): UiState => ({
  ...ui,
  login: { ...ui.login, step, toldAt: ui.now },
});

export const isWaiting = (ui: UiState): boolean => ui.login.step?.state === 'waiting';

/** Why no login can begin here; true when one can. */
export function mayLogIn(ui: UiState): true | string {
  if (ui.role === 'observer') return 'this screen only watches';
  return ui.canLogin ? true : 'this run has no stored login to renew';
}

/** Closing the dialog gives up a login that waits. */
export function leftLogin(ui: UiState): UiState {
  return isWaiting(ui) ? { ...wished(ui, { type: 'cancel' }), dialog: undefined } : ui;
}

export function inLogin(ui: UiState, dialog: LoginDialog, key: string): UiResult {
  const { step } = ui.login;
  if (step?.state === 'exchanging') return stay(ui);
  if (step?.state === 'waiting') return inWaiting(ui, dialog, key, step.address);
  if (key === 'enter' || key === 'q') return stay({ ...ui, dialog: undefined });
  if (key !== 'n') return stay(ui);
  const may = mayLogIn(ui);
  return may === true
    ? stay(wished({ ...ui, dialog: { type: 'login', typed: '' } }, { type: 'begin' }))
    : stay(notice(ui, 'warn', `n: ${may}.`));
}

function inWaiting(ui: UiState, dialog: LoginDialog, key: string, address: string): UiResult {
  if (key === 'tab') {
    if (!ui.canCopy) return stay(notice(ui, 'warn', 'Tab: this terminal has no clipboard for it.'));
    const copied = { count: ui.copied.count + 1, text: address };
    return stay(notice({ ...ui, copied }, 'plain', 'The address was sent to the clipboard.'));
  }
  if (key === 'enter') {
    if (dialog.typed === '') return stay(notice(ui, 'warn', 'Paste the answer first.'));
    return stay(answered(ui, dialog.typed));
  }
  const typed =
    key === 'backspace'
      ? dialog.typed.slice(0, -1)
      : [...key].length === 1
        ? (dialog.typed + key).slice(0, ANSWER_MAX)
        : dialog.typed;
  return stay({ ...ui, dialog: { ...dialog, typed } });
}

const answered = (ui: UiState, text: string): UiState =>
  wished({ ...ui, dialog: { type: 'login', typed: '' } }, { type: 'answer', text });

/** A paste is the answer itself: nothing but a login comes of it. */
export function pastedIntoLogin(ui: UiState, text: string): UiState {
  if (!isWaiting(ui)) return notice(ui, 'warn', 'No login waits for an answer: n begins one.');
  return answered(ui, text.slice(0, ANSWER_MAX));
}
