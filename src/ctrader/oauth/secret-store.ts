/**
 * Where the tokens of one environment are kept: a file only the owner can read, encrypted with a
 * key from the keychain of the operating system or from a passphrase.
 * Deliberately without a fallback: a store that cannot be used says so and changes nothing (F95).
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  lstatSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { secret } from '../secret.ts';
import type { GrantScope, TokenPair } from './grant.ts';
import { type KeyFacts, type KeySource, readKeyFacts, SecretFault } from './store-key.ts';

/** What a login leaves behind. */
export interface StoredLogin {
  readonly clientId: string;
  readonly scope: GrantScope;
  readonly pair: TokenPair;
}

/** What `doctor` says about a store. */
export interface StoreDescription {
  readonly name: StoreName | 'environment';
  readonly strength: 'strong' | 'good' | 'weak';
  /** One sentence; free of secrets. */
  readonly sentence: string;
}

export const STORE_NAMES = ['keychain', 'encrypted-file'] as const;
export type StoreName = (typeof STORE_NAMES)[number];

/** Every method may reject with {@link SecretFault}; none deletes anything because of a fault. */
export interface SecretStore {
  /** Undefined only when nothing was ever stored: an unreadable store is a fault, not a logout. */
  load(): Promise<StoredLogin | undefined>;
  /**
   * Resolves when the login survives a power cut. `fresh` makes a new key and takes the place of
   * whatever was there, of this store or another; without it the key of the file is kept.
   */
  save(login: StoredLogin, how?: 'fresh'): Promise<void>;
  clear(): Promise<void>;
  /** Forgets the key that `load` used, and leaves the file alone: it has another key by now. */
  dropKey(): Promise<void>;
  /** Rejects when a key could not be kept; keeps nothing. */
  probe(): Promise<void>;
  describe(): StoreDescription;
}

export interface FileStoreParams {
  /** The file; its directory exists and belongs to the owner. */
  readonly file: string;
  readonly directory: string;
  /** Bound into the encryption: a file renamed to another environment's does not open. */
  readonly purpose: string;
  readonly key: KeySource;
}

const VERSION = 1;
const BYTES_MAX = 65_536;
const IV_BYTES = 12;
const TAG_BYTES = 16;

export function createFileStore(params: FileStoreParams): SecretStore {
  const { file, key, purpose } = params;
  let loaded: KeyFacts | undefined;
  return {
    load: async () => {
      const text = readOwn(file);
      if (text === undefined) return undefined;
      const { facts, ...sealed } = readEnvelope(text, file);
      loaded = facts;
      return readLogin(open(sealed, await key.open(facts), header(purpose, facts), file), file);
    },
    save: async (login, how) => {
      const text = how === 'fresh' ? undefined : readOwn(file);
      const known = text === undefined ? undefined : readEnvelope(text, file).facts;
      // One key per login: a renewal is one write and asks nobody.
      const made =
        known === undefined ? await key.create() : { facts: known, key: await key.open(known) };
      const sealed = seal(JSON.stringify(plain(login)), made.key, header(purpose, made.facts));
      const envelope = { v: VERSION, key: made.facts, ...sealed };
      writeOwn(params, `${JSON.stringify(envelope)}\n`);
    },
    clear: async () => {
      const text = readOwn(file);
      if (text === undefined) return;
      const { facts } = readEnvelope(text, file);
      rmSync(file, { force: true });
      await key.forget(facts);
    },
    dropKey: async () => {
      if (loaded !== undefined) await key.forget(loaded);
    },
    probe: async () => {
      const { facts } = await key.create();
      await key.forget(facts);
    },
    describe: () => key.describe(),
  };
}

/**
 * Gives the file of a login another kind of key: written under the new one as a whole or not at
 * all, proved to be readable, and only then is the old key forgotten. False without a login.
 */
export async function moveLogin(from: SecretStore, to: SecretStore): Promise<boolean> {
  const login = await from.load();
  if (login === undefined) return false;
  await to.save(login, 'fresh');
  const copy = await to.load();
  if (copy?.pair.refreshToken.reveal() !== login.pair.refreshToken.reveal()) {
    await from.save(login, 'fresh');
    throw new SecretFault('corrupt', 'The new store does not give back what it was given.');
  }
  await from.dropKey();
  return true;
}

const header = (purpose: string, facts: KeyFacts): Buffer =>
  Buffer.from(JSON.stringify([VERSION, purpose, facts]));

interface Sealed {
  readonly iv: string;
  readonly tag: string;
  readonly text: string;
}

function seal(plainText: string, key: Buffer, associated: Buffer): Sealed {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, iv, { authTagLength: TAG_BYTES });
  cipher.setAAD(associated);
  const body = Buffer.concat([cipher.update(plainText, 'utf8'), cipher.final()]);
  const [ivText, tag, text] = [iv, cipher.getAuthTag(), body].map((one) => one.toString('base64'));
  return { iv: ivText ?? '', tag: tag ?? '', text: text ?? '' };
}

function open(sealed: Sealed, key: Buffer, associated: Buffer, file: string): string {
  try {
    const [iv, tag, body] = [sealed.iv, sealed.tag, sealed.text].map((one) =>
      Buffer.from(one, 'base64'),
    );
    if (iv?.length !== IV_BYTES || tag?.length !== TAG_BYTES || body === undefined) throw Error();
    const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: TAG_BYTES });
    decipher.setAAD(associated);
    decipher.setAuthTag(tag);
    return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8');
  } catch {
    throw new SecretFault(
      'corrupt',
      `The token file ${file} does not open: the passphrase or key is another one, or the file ` +
        'was changed. Nothing was deleted.',
    );
  }
}

function damaged(file: string): SecretFault {
  return new SecretFault(
    'corrupt',
    `The token file ${file} is damaged: move it away and run palm-oil-tui login again.`,
  );
}

function readEnvelope(text: string, file: string): Sealed & { readonly facts: KeyFacts } {
  const fields = fieldsOf(text);
  const facts = readKeyFacts(fields?.['key']);
  const [iv, tag, body] = [fields?.['iv'], fields?.['tag'], fields?.['text']];
  const isText = [iv, tag, body].every((one) => typeof one === 'string');
  if (fields?.['v'] !== VERSION || facts === undefined || !isText) throw damaged(file);
  return { iv: String(iv), tag: String(tag), text: String(body), facts };
}

function plain({ clientId, scope, pair }: StoredLogin): unknown {
  return {
    clientId,
    scope,
    accessToken: pair.accessToken.reveal(),
    refreshToken: pair.refreshToken.reveal(),
    obtainedAt: pair.obtainedAt,
    expiresAt: pair.expiresAt,
  };
}

function readLogin(text: string, file: string): StoredLogin {
  const fields = fieldsOf(text) ?? {};
  const { clientId, scope, accessToken, refreshToken, obtainedAt, expiresAt } = fields as Record<
    keyof StoredLogin | keyof TokenPair,
    unknown
  >;
  if (
    typeof clientId !== 'string' ||
    (scope !== 'accounts' && scope !== 'trading') ||
    typeof accessToken !== 'string' ||
    typeof refreshToken !== 'string' ||
    !Number.isSafeInteger(obtainedAt) ||
    !Number.isSafeInteger(expiresAt)
  ) {
    throw damaged(file);
  }
  const pair = {
    accessToken: secret(accessToken),
    refreshToken: secret(refreshToken),
    obtainedAt: Number(obtainedAt),
    expiresAt: Number(expiresAt),
  };
  return { clientId, scope, pair };
}

function fieldsOf(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    const isObject = typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed);
    return isObject ? (parsed as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** Text of a file that only its owner can read; a link or looser rights are refused (F121). */
function readOwn(file: string): string | undefined {
  const seen = lstatSync(file, { throwIfNoEntry: false });
  if (seen === undefined) return undefined;
  const refuse = (why: string) =>
    new SecretFault('permissions', `The token file ${file} ${why}: make it yours alone (0600).`);
  if (!seen.isFile()) throw refuse('is not a plain file');
  let descriptor: number;
  try {
    descriptor = openSync(file, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
  } catch (error) {
    throw refuse(`cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`);
  }
  try {
    const { mode, uid, size } = fstatSync(descriptor);
    const own = process.getuid?.();
    if (own !== undefined && uid !== own) throw refuse('belongs to another user');
    if (own !== undefined && mode % 0o100 !== 0) throw refuse('can be read by others');
    if (size > BYTES_MAX) throw damaged(file);
    return readFileSync(descriptor, 'utf8');
  } finally {
    closeSync(descriptor);
  }
}

/** All of it or nothing, on the disk before it is named (F83 F93). */
function writeOwn({ file, directory }: FileStoreParams, text: string): void {
  const fresh = `${file}.new-${randomBytes(6).toString('hex')}`;
  try {
    const descriptor = openSync(fresh, 'wx', 0o600);
    try {
      writeSync(descriptor, text);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(fresh, file);
    syncDirectory(directory);
  } catch (error) {
    rmSync(fresh, { force: true });
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    throw new SecretFault('unwritable', `The token file ${file} cannot be written (${code}).`);
  }
}

function syncDirectory(directory: string): void {
  let descriptor: number;
  try {
    descriptor = openSync(directory, 'r');
  } catch {
    // Windows opens no directories; there the rename itself is what can be had.
    return;
  }
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
