/**
 * The keys of the token file: from the keychain of the operating system, or from a passphrase.
 * Deliberately asks nobody itself: the keychain and the way to ask for a passphrase are handed in.
 */
import { randomBytes, scrypt } from 'node:crypto';
import type { Secret } from '../secret.ts';
import type { StoreDescription } from './secret-store.ts';

export type SecretFaultKind =
  /** There is no keychain, no session bus, no passphrase. */
  | 'unavailable'
  /** The keychain is locked, or its dialog was dismissed. */
  | 'locked'
  | 'timeout'
  /** Wrong key, or the file was changed. */
  | 'corrupt'
  | 'permissions'
  | 'unwritable';

/** A store that cannot be used; the message is for a person and free of secrets. */
export class SecretFault extends Error {
  override readonly name = 'SecretFault';
  readonly kind: SecretFaultKind;

  constructor(kind: SecretFaultKind, message: string) {
    super(message);
    this.kind = kind;
  }
}

/** What the file says about its key: enough to find or derive it again, useless by itself. */
export type KeyFacts =
  | { readonly source: 'keychain'; readonly id: string }
  | {
      readonly source: 'passphrase';
      readonly salt: string;
      /** scrypt: memory is 128·N·r bytes. */
      readonly N: number;
      readonly r: number;
      readonly p: number;
    };

export interface KeySource {
  /** A new key of 32 bytes. */
  create(): Promise<{ readonly facts: KeyFacts; readonly key: Buffer }>;
  open(facts: KeyFacts): Promise<Buffer>;
  forget(facts: KeyFacts): Promise<void>;
  describe(): StoreDescription;
}

/** The keychain as a peer that may be absent, locked or frozen; rejects with a `SecretFault`. */
export interface Keychain {
  get(name: string): Promise<string | undefined>;
  set(name: string, value: string): Promise<void>;
  delete(name: string): Promise<void>;
  /** Which one, for a person: `Secret Service`, `macOS Keychain` … */
  readonly title: string;
}

const KEY_BYTES = 32;

export function keychainKey(keychain: Keychain, prefix: string): KeySource {
  const opened = new Map<string, Buffer>();
  const wrongKind = () =>
    new SecretFault('unavailable', 'The token file was made with a passphrase, not the keychain.');
  return {
    create: async () => {
      const id = `${prefix}-${randomBytes(8).toString('hex')}`;
      const key = randomBytes(KEY_BYTES);
      await keychain.set(id, key.toString('base64'));
      const again = await keychain.get(id);
      if (again !== key.toString('base64')) {
        throw new SecretFault('unavailable', `${keychain.title} does not keep what it is given.`);
      }
      opened.set(id, key);
      return { facts: { source: 'keychain', id }, key };
    },
    open: async (facts) => {
      if (facts.source !== 'keychain') throw wrongKind();
      const known = opened.get(facts.id);
      if (known !== undefined) return known;
      const text = await keychain.get(facts.id);
      const key = text === undefined ? undefined : Buffer.from(text, 'base64');
      if (key?.length !== KEY_BYTES) {
        // Never "logged out": the file is there, its key is not (F95).
        throw new SecretFault(
          'unavailable',
          `${keychain.title} does not hold the key of the token file: unlock it, or log in again.`,
        );
      }
      opened.set(facts.id, key);
      return key;
    },
    forget: async (facts) => {
      if (facts.source === 'keychain') await keychain.delete(facts.id);
    },
    describe: () => ({
      name: 'keychain',
      strength: 'strong',
      sentence: `Tokens are in an encrypted file whose key is in the keychain (${keychain.title}).`,
    }),
  };
}

/** How hard guessing a passphrase is made. N must be a power of two. */
export interface ScryptCost {
  readonly N: number;
  readonly r: number;
  readonly p: number;
}

/** 128 MiB and about half a second. */
export const SCRYPT_COST: ScryptCost = { N: 131_072, r: 8, p: 1 };
/** What a file may ask for: a changed header must not exhaust the machine. */
const MEMORY_MAX = 1_073_741_824;
const SALT_BYTES = 16;
const PASSPHRASE_MIN = 8;

/** `ask` is called once; the key is remembered, the passphrase is not. */
export function passphraseKey(
  ask: (isNew: boolean) => Promise<Secret>,
  cost: ScryptCost = SCRYPT_COST,
): KeySource {
  const opened = new Map<string, Buffer>();
  const derive = async (facts: KeyFacts, isNew: boolean): Promise<Buffer> => {
    if (facts.source !== 'passphrase') {
      throw new SecretFault(
        'unavailable',
        'The token file was made with the keychain, not a passphrase.',
      );
    }
    const known = opened.get(facts.salt);
    if (known !== undefined) return known;
    const key = await scryptOf(checked(await ask(isNew)), facts);
    opened.set(facts.salt, key);
    return key;
  };
  return {
    create: async () => {
      const salt = randomBytes(SALT_BYTES).toString('base64');
      const facts: KeyFacts = { source: 'passphrase', salt, ...cost };
      return { facts, key: await derive(facts, true) };
    },
    open: (facts) => derive(facts, false),
    forget: async () => undefined,
    describe: () => ({
      name: 'encrypted-file',
      strength: 'good',
      sentence:
        'Tokens are in an encrypted file (AES-256-GCM); as strong as its passphrase (scrypt).',
    }),
  };
}

function checked(passphrase: Secret): Secret {
  if ([...passphrase.reveal()].length >= PASSPHRASE_MIN) return passphrase;
  throw new SecretFault(
    'unavailable',
    `The passphrase needs at least ${PASSPHRASE_MIN} characters; nothing was stored.`,
  );
}

function scryptOf(passphrase: Secret, { salt, N, r, p }: ScryptCost & { salt: string }) {
  return new Promise<Buffer>((resolve, reject) => {
    const options = { N, r, p, maxmem: 2 * 128 * N * r };
    const text = passphrase.reveal().normalize('NFKC');
    scrypt(text, Buffer.from(salt, 'base64'), KEY_BYTES, options, (error, key) => {
      if (error === null) resolve(key);
      else reject(new SecretFault('unavailable', 'There is not enough memory for the passphrase.'));
    });
  });
}

/** Undefined for anything this program did not write. */
export function readKeyFacts(value: unknown): KeyFacts | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { source, id, salt, N, r, p } = value as Readonly<Record<string, unknown>>;
  if (source === 'keychain' && typeof id === 'string' && /^[\w-]{1,100}$/.test(id)) {
    return { source, id };
  }
  if (source !== 'passphrase' || typeof salt !== 'string') return undefined;
  if (Buffer.from(salt, 'base64').length !== SALT_BYTES) return undefined;
  const isCount = (one: unknown, max: number): one is number =>
    Number.isSafeInteger(one) && Number(one) >= 1 && Number(one) <= max;
  if (!isCount(N, 4_194_304) || !isCount(r, 32) || !isCount(p, 16)) return undefined;
  const isPower = Number.isInteger(Math.log2(N)) && N >= 16_384;
  return isPower && 128 * N * r <= MEMORY_MAX ? { source, salt, N, r, p } : undefined;
}
