/** The token file: what it keeps, what it refuses, and that a login moves without being lost. */
import {
  chmodSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  createFileStore,
  moveLogin,
  type StoredLogin,
} from '../../../src/ctrader/oauth/secret-store.ts';
import {
  type Keychain,
  type KeySource,
  keychainKey,
  passphraseKey,
  SecretFault,
} from '../../../src/ctrader/oauth/store-key.ts';
import { secret } from '../../../src/ctrader/secret.ts';
import { tempDir } from '../../support/temp-dir.ts';

/** The lowest a file may ask for: the tests are about the file, not about guessing. */
const CHEAP = { N: 16_384, r: 1, p: 1 };
const words = (text: string) => passphraseKey(async () => secret(text), CHEAP);

const LOGIN: StoredLogin = {
  clientId: 'id-7',
  scope: 'trading',
  pair: {
    accessToken: secret('canary-access'),
    refreshToken: secret('canary-refresh'),
    obtainedAt: 1_800_000_000_000,
    expiresAt: 1_802_628_000_000,
  },
};

function memoryKeychain(): Keychain & { readonly kept: Map<string, string> } {
  const kept = new Map<string, string>();
  return {
    kept,
    title: 'test keychain',
    get: async (name) => kept.get(name),
    set: async (name, value) => void kept.set(name, value),
    delete: async (name) => void kept.delete(name),
  };
}

function store(directory: string, key: KeySource, purpose = 'demo') {
  return createFileStore({ file: join(directory, 'tokens.enc'), directory, purpose, key });
}

const revealed = (login: StoredLogin | undefined) =>
  login && { ...login, pair: { ...login.pair, access: login.pair.accessToken.reveal() } };

async function faultOf(work: Promise<unknown>): Promise<SecretFault> {
  const fault: unknown = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(fault).toBeInstanceOf(SecretFault);
  return fault as SecretFault;
}

describe.each([
  ['a passphrase', () => words('correct horse battery')],
  ['the keychain', () => keychainKey(memoryKeychain(), 'demo')],
])('a token file with a key from %s', (_name, keyOf) => {
  it('gives back exactly what it was given, and shows nothing of it', async () => {
    const directory = tempDir();
    const key = keyOf();
    const made = store(directory, key);
    expect(await made.load()).toBeUndefined();
    await made.save(LOGIN);
    expect(revealed(await store(directory, key).load())).toEqual(revealed(LOGIN));
    const text = readFileSync(join(directory, 'tokens.enc'), 'utf8');
    expect(text).not.toMatch(/canary|id-7|correct horse/);
    expect(statSync(join(directory, 'tokens.enc')).mode % 0o1000).toBe(0o600);
    expect(readdirSync(directory)).toEqual(['tokens.enc']);
    expect(made.describe().sentence).not.toMatch(/canary|correct horse/);
  });

  it('never encrypts twice with the same number, and keeps one key for a login', async () => {
    const directory = tempDir();
    const made = store(directory, keyOf());
    const parts = [];
    for (let round = 0; round < 5; round += 1) {
      await made.save(LOGIN);
      parts.push(JSON.parse(readFileSync(join(directory, 'tokens.enc'), 'utf8')));
    }
    expect(new Set(parts.map((part) => part.iv)).size).toBe(5);
    expect(new Set(parts.map((part) => JSON.stringify(part.key))).size).toBe(1);
  });

  it('a changed byte, header or purpose is corrupt, and nothing is deleted', async () => {
    const directory = tempDir();
    const file = join(directory, 'tokens.enc');
    const key = keyOf();
    await store(directory, key).save(LOGIN);
    const good = readFileSync(file, 'utf8');
    const sealed = JSON.parse(good);
    const flipped = Buffer.from(sealed.text, 'base64');
    flipped[0] = (flipped[0] ?? 0) ^ 1;
    for (const bad of [
      { ...sealed, text: flipped.toString('base64') },
      { ...sealed, tag: Buffer.alloc(4).toString('base64') },
      { ...sealed, v: 2 },
      { ...sealed, key: { ...sealed.key, source: 'none' } },
    ]) {
      writeFileSync(file, JSON.stringify(bad), { mode: 0o600 });
      expect((await faultOf(store(directory, key).load())).kind).toBe('corrupt');
      expect(existsSync(file)).toBe(true);
    }
    for (const bad of ['', '{', '[]', good.slice(0, 40)]) {
      writeFileSync(file, bad, { mode: 0o600 });
      expect((await faultOf(store(directory, key).load())).kind).toBe('corrupt');
    }
    writeFileSync(file, good, { mode: 0o600 });
    expect((await faultOf(store(directory, key, 'live').load())).kind).toBe('corrupt');
  });
});

describe('what a token file refuses', () => {
  it('F121 a file others can read, and a link', async () => {
    const directory = tempDir();
    const file = join(directory, 'tokens.enc');
    await store(directory, words('correct horse')).save(LOGIN);
    chmodSync(file, 0o640);
    expect((await faultOf(store(directory, words('correct horse')).load())).kind).toBe(
      'permissions',
    );
    chmodSync(file, 0o600);
    renameSync(file, join(directory, 'elsewhere'));
    symlinkSync(join(directory, 'elsewhere'), file);
    const fault = await faultOf(store(directory, words('correct horse')).save(LOGIN));
    expect([fault.kind, fault.message]).toEqual([
      'permissions',
      expect.stringContaining('is not a plain file'),
    ]);
  });

  it('another passphrase, a short one, and a header that wants the whole memory', async () => {
    const directory = tempDir();
    const file = join(directory, 'tokens.enc');
    expect((await faultOf(store(directory, words('short')).save(LOGIN))).message).toContain(
      'at least 8 characters',
    );
    expect(existsSync(file)).toBe(false);
    await store(directory, words('correct horse')).save(LOGIN);
    const fault = await faultOf(store(directory, words('another horse')).load());
    expect([fault.kind, fault.message.includes('another horse')]).toEqual(['corrupt', false]);
    const sealed = JSON.parse(readFileSync(file, 'utf8'));
    const greedy = { ...sealed, key: { ...sealed.key, N: 4_194_304, r: 32 } };
    writeFileSync(file, JSON.stringify(greedy), { mode: 0o600 });
    expect((await faultOf(store(directory, words('correct horse')).load())).kind).toBe('corrupt');
  });

  it('F93 a directory that takes nothing is a fault; the old login stays', async () => {
    const directory = tempDir();
    const made = store(directory, words('correct horse'));
    await made.save(LOGIN);
    const lost = createFileStore({
      file: join(directory, 'nowhere', 'tokens.enc'),
      directory: join(directory, 'nowhere'),
      purpose: 'demo',
      key: words('correct horse'),
    });
    expect((await faultOf(lost.save(LOGIN))).kind).toBe('unwritable');
    expect((await made.load())?.clientId).toBe('id-7');
  });

  it('F95 a keychain that lost the key is not a logout', async () => {
    const directory = tempDir();
    const keychain = memoryKeychain();
    await store(directory, keychainKey(keychain, 'demo')).save(LOGIN);
    keychain.kept.clear();
    const fault = await faultOf(store(directory, keychainKey(keychain, 'demo')).load());
    expect(fault.kind).toBe('unavailable');
    expect(readdirSync(directory)).toEqual(['tokens.enc']);
  });

  it('a keychain that forgets at once is not chosen', async () => {
    const directory = tempDir();
    const forgetful = { ...memoryKeychain(), set: async () => undefined };
    const fault = await faultOf(store(directory, keychainKey(forgetful, 'demo')).save(LOGIN));
    expect(fault.message).toContain('does not keep what it is given');
    expect(readdirSync(directory)).toEqual([]);
  });
});

describe('moving a login', () => {
  it('to another kind of key and back; the old key is forgotten at the end', async () => {
    const directory = tempDir();
    const keychain = memoryKeychain();
    const file = store(directory, words('correct horse'));
    const chain = store(directory, keychainKey(keychain, 'demo'));
    expect(await moveLogin(file, chain)).toBe(false);
    await file.save(LOGIN);
    expect(await moveLogin(file, chain)).toBe(true);
    expect([readdirSync(directory), keychain.kept.size]).toEqual([['tokens.enc'], 1]);
    expect(revealed(await chain.load())).toEqual(revealed(LOGIN));
    expect((await faultOf(file.load())).kind).toBe('unavailable');
    expect(await moveLogin(chain, file)).toBe(true);
    expect(keychain.kept.size).toBe(0);
    expect(revealed(await file.load())).toEqual(revealed(LOGIN));
    await file.clear();
    expect(readdirSync(directory)).toEqual([]);
  });

  it('keeps the old store when the new one fails, before or after it was written', async () => {
    const directory = tempDir();
    const file = store(directory, words('correct horse'));
    await file.save(LOGIN);
    const forgetful = { ...memoryKeychain(), get: async () => undefined };
    await faultOf(moveLogin(file, store(directory, keychainKey(forgetful, 'demo'))));
    expect((await file.load())?.clientId).toBe('id-7');
    const lying = store(directory, keychainKey(memoryKeychain(), 'demo'));
    await faultOf(moveLogin(file, { ...lying, load: async () => undefined }));
    expect((await file.load())?.clientId).toBe('id-7');
  });

  it('a store is tried without keeping anything', async () => {
    const directory = tempDir();
    const keychain = memoryKeychain();
    await store(directory, keychainKey(keychain, 'demo')).probe();
    expect([readdirSync(directory), keychain.kept.size]).toEqual([[], 0]);
  });
});
