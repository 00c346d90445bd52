/**
 * What a login needs of the outside: its store with the key's source, its lock, its note, HTTP.
 * Deliberately decides nothing about tokens: that is `ctrader/oauth`. A store that was chosen is
 * never exchanged for another one silently (F95).
 */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type AskHttp, OAUTH_ADDRESSES, type TokenEndpoint } from '../ctrader/oauth/grant.ts';
import {
  createFileStore,
  type SecretStore,
  type StoreDescription,
  type StoreName,
} from '../ctrader/oauth/secret-store.ts';
import {
  type KeySource,
  keychainKey,
  passphraseKey,
  SecretFault,
} from '../ctrader/oauth/store-key.ts';
import { type Secret, secret } from '../ctrader/secret.ts';
import { systemClock } from '../runtime/loop.ts';
import { AlreadyRunning, lockInstance } from '../runtime/process.ts';
import { askUnseen, canAsk } from './ask.ts';
import type { Config } from './config.ts';
import type { Io } from './io.ts';
import { keychainLimitMs, systemKeychain } from './keychain.ts';
import { type LoginNote, loginNoteText, readLoginNote } from './login-note.ts';

/** Beside the bundle; run from source, the last build's is taken. */
const CHILD = new URL(
  import.meta.url.endsWith('.ts') ? '../../dist/keychain-child.mjs' : './keychain-child.mjs',
  import.meta.url,
);

const LOCK_MS = 10_000;
const LOCK_LOOK_MS = 100;
/** Long: an answer that is not waited for may hold the only pair that is left (F93). */
const HTTP_MS = 30_000;
const HTTP_BYTES_MAX = 65_536;
const CREDENTIAL = 'palm-oil-passphrase';

/** The store of that kind for the environment of the configuration. */
export function openStore(name: StoreName, config: Config, io: Io): SecretStore {
  const { login } = config.paths;
  const directory = dirname(login);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const purpose = `${config.environment} ${config.host ?? ''}`;
  return createFileStore({
    file: `${login}.enc`,
    directory,
    purpose,
    key: keyOf(name, config, io),
  });
}

function keyOf(name: StoreName, config: Config, io: Io): KeySource {
  if (name === 'keychain') {
    const { platform } = process;
    const keychain = systemKeychain({
      script: CHILD,
      platform,
      env: io.env,
      limitMs: keychainLimitMs(platform, io.env, canAsk(io)),
      after: systemClock().after,
    });
    return keychainKey(keychain, `tokens-${config.environment}`);
  }
  return passphraseKey((isNew) => passphrase(config, io, isNew));
}

/** Which store a run with this configuration reads and how strong it is; nothing is opened. */
export function describeStore(config: Config, io: Io): StoreDescription | undefined {
  if (config.credentials?.accessToken !== undefined) {
    return {
      name: 'environment',
      strength: 'weak',
      sentence:
        'The token comes from the environment or .env: as safe as those, and never renewed.',
    };
  }
  return config.login === undefined ? undefined : keyOf(config.login.store, config, io).describe();
}

/** Where a passphrase would come from, without reading it; undefined when there is no way. */
export function passphraseSource(config: Config, io: Io): 'service' | 'prompt' | undefined {
  if (io.env['CREDENTIALS_DIRECTORY'] !== undefined || config.passphraseFd !== undefined) {
    return 'service';
  }
  return canAsk(io) ? 'prompt' : undefined;
}

/** A systemd credential, then a file descriptor, then the person; never the command line (F99). */
async function passphrase(config: Config, io: Io, isNew: boolean): Promise<Secret> {
  const directory = io.env['CREDENTIALS_DIRECTORY'];
  const given = directory === undefined ? undefined : fileText(join(directory, CREDENTIAL));
  if (given !== undefined) return secret(firstLine(given));
  if (config.passphraseFd !== undefined) {
    const text = fileText(config.passphraseFd);
    if (text !== undefined) return secret(firstLine(text));
    throw new SecretFault('unavailable', 'TOKEN_PASSPHRASE_FD names nothing that can be read.');
  }
  if (!canAsk(io)) {
    throw new SecretFault(
      'unavailable',
      'The token file needs its passphrase, and nobody can be asked: give it as the systemd ' +
        `credential ${CREDENTIAL}, or through TOKEN_PASSPHRASE_FD.`,
    );
  }
  if (!isNew) return askUnseen(io, 'Passphrase of the token file (not shown): ');
  const first = await askUnseen(io, 'New passphrase for the token file (not shown): ');
  const again = await askUnseen(io, 'The same again: ');
  if (first.reveal() === again.reveal()) return first;
  throw new SecretFault('unavailable', 'The two passphrases differ; nothing was stored.');
}

const firstLine = (text: string): string => text.split(/\r?\n/)[0] ?? '';

function fileText(file: string | number): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

/** Held while tokens change; other processes wait up to ten seconds, then give up. */
export async function lockLogin(config: Config): Promise<() => void> {
  const clock = systemClock();
  mkdirSync(dirname(config.paths.login), { recursive: true, mode: 0o700 });
  for (;;) {
    try {
      const lock = await lockInstance(`${config.paths.login}.lock`);
      return () => lock.release();
    } catch (error) {
      if (!(error instanceof AlreadyRunning)) throw error;
      if (clock.mono() > LOCK_MS) {
        throw new SecretFault('timeout', 'Another process holds the lock of the login.');
      }
      await new Promise<void>((resolve) => {
        clock.after(LOCK_LOOK_MS, resolve);
      });
    }
  }
}

/** The note beside the tokens; whole or not at all. */
export function writeNote(config: Config, note: LoginNote): void {
  const file = `${config.paths.login}.json`;
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(`${file}.new`, loginNoteText(note), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

/** The note as it is now; undefined when there is no login any more. */
export const readNote = (config: Config): LoginNote | undefined =>
  readLoginNote(fileText(`${config.paths.login}.json`));

/** Changes the note as it is now: another process may have written it meanwhile. */
export function updateNote(config: Config, change: Partial<LoginNote>): void {
  const now = readNote(config) ?? config.login;
  if (now !== undefined) writeNote(config, { ...now, ...change });
}

export function removeNote(config: Config): void {
  rmSync(`${config.paths.login}.json`, { force: true });
}

/** Removes the tokens without opening them: for a store whose key is gone. */
export function removeTokens(config: Config): void {
  rmSync(`${config.paths.login}.enc`, { force: true });
}

/** Where tokens come from; throws when the configuration holds no application. */
export function endpointOf(config: Config): TokenEndpoint {
  const { credentials } = config;
  if (credentials === undefined) throw new Error('a token endpoint needs an application');
  return {
    tokenUrl: config.tokenUrl ?? OAUTH_ADDRESSES.token,
    application: credentials,
    ask: askHttp,
    now: () => systemClock().wall(),
  };
}

/** One GET: no redirect is followed, no answer is longer than a token needs. */
const askHttp: AskHttp = async (address) => {
  const response = await fetch(address, {
    redirect: 'error',
    signal: AbortSignal.timeout(HTTP_MS),
    headers: { accept: 'application/json' },
  });
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of response.body ?? []) {
    length += part.length;
    if (length > HTTP_BYTES_MAX) throw new Error('the answer is too long');
    parts.push(part);
  }
  return { status: response.status, body: Buffer.concat(parts).toString('utf8') };
};
