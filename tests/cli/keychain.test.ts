/** The keychain behind a time limit: absent, frozen, locked, dead; what its process is given. */
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import {
  KEYCHAIN_DIALOG_MS,
  KEYCHAIN_LIMIT_MS,
  keychainLimitMs,
  systemKeychain,
} from '../../src/cli/keychain.ts';
import { SecretFault } from '../../src/ctrader/oauth/store-key.ts';
import { ensureBuilt, ROOT } from '../e2e/terminal-session.ts';
import { tempDir } from '../support/temp-dir.ts';

beforeAll(ensureBuilt);

const after = (ms: number, callback: () => void) => {
  const timer = setTimeout(callback, ms);
  return { cancel: () => clearTimeout(timer) };
};

function keychain(script: URL, limitMs = 30_000, env: Record<string, string | undefined> = {}) {
  const PATH = process.env['PATH'];
  return systemKeychain({ script, platform: 'linux', env: { PATH, ...env }, limitMs, after });
}

function child(code: string): URL {
  const file = join(tempDir(), 'child.mjs');
  writeFileSync(file, code);
  return pathToFileURL(file);
}

const FORCE = { recursive: true, force: true } as const;
const entry = (body = ''): string =>
  "import { readFileSync, writeFileSync } from 'node:fs';" +
  `export class AsyncEntry { ${body} }; void readFileSync; void writeFileSync;`;

/** The shipped process beside a library of ours in place of the real one. */
function withLibrary(code: string): URL {
  const folder = tempDir();
  const script = join(folder, 'keychain-child.mjs');
  copyFileSync(join(ROOT, 'dist', 'keychain-child.mjs'), script);
  const library = join(folder, 'node_modules', '@napi-rs', 'keyring');
  mkdirSync(library, { recursive: true });
  writeFileSync(join(library, 'package.json'), '{"type":"module","exports":"./index.js"}');
  writeFileSync(join(library, 'index.js'), code);
  return pathToFileURL(script);
}

async function faultOf(work: Promise<unknown>): Promise<SecretFault> {
  const fault: unknown = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(fault).toBeInstanceOf(SecretFault);
  return fault as SecretFault;
}

describe('the keychain', () => {
  it('F95 without a session bus says so, and what to do instead', async () => {
    const real = pathToFileURL(join(ROOT, 'dist', 'keychain-child.mjs'));
    const fault = await faultOf(keychain(real).get('anything'));
    expect(fault.kind).toBe('unavailable');
    expect(fault.message).toMatch(/Secret Service\) fails: (there is no session bus|the package)/);
    expect(fault.message).toContain('--store encrypted-file');
  });

  it('F95 behind a session bus that never answers is given up in two seconds', async () => {
    const path = join(tempDir(), 'bus');
    const bus = createServer(() => undefined);
    await new Promise<void>((resolve) => {
      bus.listen(path, resolve);
    });
    onTestFinished(() => void bus.close());
    const real = pathToFileURL(join(ROOT, 'dist', 'keychain-child.mjs'));
    const env = { DBUS_SESSION_BUS_ADDRESS: `unix:path=${path}` };
    let asked = 0;
    bus.on('connection', () => {
      asked += 1;
    });
    const fault = await faultOf(keychain(real, KEYCHAIN_LIMIT_MS, env).get('anything'));
    // Without the optional package nobody asks the bus, and that is said at once.
    if (asked === 0) expect(fault.message).toContain('is not installed');
    else expect(fault.message).toContain('does not answer within 2 s');
  });

  it('F95 that never answers is given up, and its process is gone', async () => {
    const frozen = child(
      "process.on('message', () => { process.on('SIGTERM', () => {}); for (;;) {} });",
    );
    const fault = await faultOf(keychain(frozen, 300).get('anything'));
    expect(fault.kind).toBe('timeout');
    expect(fault.message).toContain('does not answer within 0.3 s');
  });

  it.each([
    ["process.send({ ok: false, kind: 'locked', why: 'it is locked' })", 'locked'],
    ['process.exit(3)', 'unavailable'],
    ["throw new Error('canary-value')", 'unavailable'],
  ])('F95 %s is a fault of kind %s', async (act, kind) => {
    const fault = await faultOf(
      keychain(child(`process.on('message', () => { ${act} });`)).set('name', 'canary-value'),
    );
    expect(fault.kind).toBe(kind);
    expect(fault.message).not.toContain('canary');
  });

  it('F99 its process gets the value over the channel and nothing of our environment', async () => {
    const echo = child(
      "process.on('message', (asked) => process.send({ ok: true, value: JSON.stringify(" +
        '{ asked, argv: process.argv.slice(2), env: Object.keys(process.env) }) }));',
    );
    const env = { CTRADER_CLIENT_SECRET: 'canary', DBUS_SESSION_BUS_ADDRESS: 'unix:x' };
    const seen = JSON.parse((await keychain(echo, 30_000, env).get('key-1')) ?? '');
    expect(seen.asked).toEqual({ verb: 'get', service: 'palm-oil-tui', name: 'key-1' });
    expect(seen.argv).toEqual([]);
    expect(seen.env).toContain('DBUS_SESSION_BUS_ADDRESS');
    expect(seen.env).not.toContain('CTRADER_CLIENT_SECRET');
  });

  it.each([
    ['absent', undefined, 'unavailable', /the package @napi-rs\/keyring is not installed/],
    ['broken', "throw new Error('canary');", 'unavailable', /keyring does not load/],
    ['locked', "async getPassword() { throw new Error('Prompt dismissed'); }", 'locked', /locked/],
    [
      'without a bus',
      "async getPassword() { throw new Error('Platform failure: D-Bus: canary'); }",
      'unavailable',
      /there is no session bus/,
    ],
    [
      'refusing',
      "async getPassword() { throw new Error('access denied for canary'); }",
      'unavailable',
      /it does not work on this machine/,
    ],
    [
      'slow',
      'getPassword() { return new Promise((late) => setTimeout(late, 600_000)); }',
      'timeout',
      /does not answer within 0.4 s/,
    ],
  ] as const)('F95 our own process with a library that is %s', async (state, code, kind, why) => {
    const script = withLibrary(state === 'broken' ? (code ?? '') : entry(code));
    if (code === undefined) rmSync(join(fileURLToPath(script), '..', 'node_modules'), FORCE);
    const limit = state === 'slow' ? 400 : 60_000;
    const fault = await faultOf(keychain(script, limit).get('anything'));
    expect(fault.kind).toBe(kind);
    expect(fault.message).toMatch(why);
    expect(fault.message).toContain('--store encrypted-file');
    expect(fault.message).not.toContain('canary');
  });

  it('keeps, gives back and forgets through a library that works', async () => {
    const store = join(tempDir(), 'store');
    const file = JSON.stringify(store);
    const works = entry(`
      constructor(service, name, options) {
        if (options.linux.store !== 'secret-service') throw new Error('another store');
        this.key = service + '/' + name;
      }
      read() { try { return JSON.parse(readFileSync(${file}, 'utf8')); } catch { return {}; } }
      async getPassword() { return this.read()[this.key] ?? null; }
      async setPassword(value) {
        writeFileSync(${file}, JSON.stringify({ ...this.read(), [this.key]: value }));
      }
      async deleteCredential() { writeFileSync(${file}, '{}'); return true; }`);
    const chain = keychain(withLibrary(works), 60_000);
    expect(await chain.get('key')).toBeUndefined();
    await chain.set('key', 'a value');
    expect(await chain.get('key')).toBe('a value');
    await chain.delete('key');
    expect(await chain.get('key')).toBeUndefined();
  });

  it('waits for a dialog only where one can be seen', () => {
    expect(keychainLimitMs('linux', {}, true)).toBe(KEYCHAIN_LIMIT_MS);
    expect(keychainLimitMs('linux', { DISPLAY: ':0' }, false)).toBe(KEYCHAIN_LIMIT_MS);
    expect(keychainLimitMs('linux', { DISPLAY: ':0' }, true)).toBe(KEYCHAIN_DIALOG_MS);
    expect(keychainLimitMs('darwin', {}, true)).toBe(KEYCHAIN_DIALOG_MS);
    expect(KEYCHAIN_LIMIT_MS).toBeLessThanOrEqual(2_000);
  });
});
