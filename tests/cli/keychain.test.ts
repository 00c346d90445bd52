/** The keychain behind a time limit: absent, frozen, locked, dead; what its process is given. */
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
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

  it('waits for a dialog only where one can be seen', () => {
    expect(keychainLimitMs('linux', {}, true)).toBe(KEYCHAIN_LIMIT_MS);
    expect(keychainLimitMs('linux', { DISPLAY: ':0' }, false)).toBe(KEYCHAIN_LIMIT_MS);
    expect(keychainLimitMs('linux', { DISPLAY: ':0' }, true)).toBe(KEYCHAIN_DIALOG_MS);
    expect(keychainLimitMs('darwin', {}, true)).toBe(KEYCHAIN_DIALOG_MS);
    expect(KEYCHAIN_LIMIT_MS).toBeLessThanOrEqual(2_000);
  });
});
