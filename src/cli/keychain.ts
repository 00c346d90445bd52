/**
 * The keychain of the operating system, asked through a child process with a time limit (F95).
 * Deliberately never calls the keychain's library in this process: it may block it for ever.
 */
import { fork } from 'node:child_process';
import { type Keychain, SecretFault } from '../ctrader/oauth/store-key.ts';
import type { KeychainAnswer, KeychainQuestion } from './keychain-child.ts';

export interface KeychainParts {
  /** The child's script, as JavaScript. */
  readonly script: URL;
  readonly platform: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** One question, the start of the process included. */
  readonly limitMs: number;
  readonly after: (ms: number, callback: () => void) => { cancel(): void };
}

/** No dialog can be open: two seconds are plenty. */
export const KEYCHAIN_LIMIT_MS = 2_000;
/** Somebody may have to type a password into the dialog of the keychain. */
export const KEYCHAIN_DIALOG_MS = 60_000;

const SERVICE = 'palm-oil-tui';
const TITLES: Readonly<Record<string, string>> = {
  darwin: 'macOS Keychain',
  win32: 'Windows Credential Manager',
};
/** What a keychain needs to be found; nothing else of the environment is passed on (F99). */
const PASSED_ON = [
  'PATH',
  'HOME',
  'LANG',
  'DBUS_SESSION_BUS_ADDRESS',
  'XDG_RUNTIME_DIR',
  'DISPLAY',
  'WAYLAND_DISPLAY',
  'USERPROFILE',
  'APPDATA',
  'LOCALAPPDATA',
  'SystemRoot',
];

/** The time limit that fits: a minute where a dialog can be seen, two seconds elsewhere. */
export function keychainLimitMs(
  platform: string,
  env: Readonly<Record<string, string | undefined>>,
  hasTerminal: boolean,
): number {
  const hasDesktop =
    platform !== 'linux' ||
    (env['DISPLAY'] ?? env['WAYLAND_DISPLAY'] ?? '') !== '' ||
    env['DBUS_SESSION_BUS_ADDRESS'] !== undefined;
  return hasDesktop && hasTerminal ? KEYCHAIN_DIALOG_MS : KEYCHAIN_LIMIT_MS;
}

export function systemKeychain(parts: KeychainParts): Keychain {
  const title = TITLES[parts.platform] ?? 'Secret Service';
  const put = (question: Omit<KeychainQuestion, 'service'>) =>
    askChild(parts, title, { ...question, service: SERVICE });
  return {
    title,
    get: (name) => put({ verb: 'get', name }),
    set: async (name, value) => void (await put({ verb: 'set', name, value })),
    delete: async (name) => void (await put({ verb: 'delete', name })),
  };
}

function askChild(
  parts: KeychainParts,
  title: string,
  question: KeychainQuestion,
): Promise<string | undefined> {
  const env = Object.fromEntries(
    PASSED_ON.flatMap((name) => (parts.env[name] === undefined ? [] : [[name, parts.env[name]]])),
  );
  const way = 'use palm-oil-tui login --store encrypted-file, or make the keychain work';
  return new Promise((resolve, reject) => {
    const fail = (kind: 'unavailable' | 'locked' | 'timeout', why: string) =>
      finish(() => reject(new SecretFault(kind, `The keychain (${title}) fails: ${why}; ${way}.`)));
    const child = fork(parts.script, [], {
      env,
      execArgv: [],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    const timer = parts.after(parts.limitMs, () =>
      fail('timeout', `it does not answer within ${parts.limitMs / 1_000} s`),
    );
    let isOver = false;
    const finish = (act: () => void): void => {
      if (isOver) return;
      isOver = true;
      timer.cancel();
      // The library keeps even an exiting process alive: nothing gentler ends it.
      child.kill('SIGKILL');
      act();
    };
    child.once('message', (answer: KeychainAnswer) => {
      if (answer.ok) finish(() => resolve(answer.value));
      else fail(answer.kind, answer.why);
    });
    child.once('error', () => fail('unavailable', 'its helper process cannot be started'));
    child.once('exit', () => fail('unavailable', 'its helper process ended by itself'));
    child.send(question, (error) => {
      if (error !== null) fail('unavailable', 'its helper process does not listen');
    });
  });
}
