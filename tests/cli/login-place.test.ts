/** Which store is named for a configuration, where a passphrase comes from, and the lock. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { type Config, resolveConfig } from '../../src/cli/config.ts';
import { loginNoteText } from '../../src/cli/login-note.ts';
import {
  describeStore,
  lockLogin,
  passphraseSource,
  updateNote,
  writeNote,
} from '../../src/cli/login-place.ts';
import { tempDir } from '../support/temp-dir.ts';

const NOTE = {
  clientId: 'id-7',
  store: 'encrypted-file',
  scope: 'trading',
  expiresAt: 1_800_000_000_000,
  account: '1',
} as const;

function configOf(env: Record<string, string>, note: string | undefined): Config {
  const home = tempDir();
  const result = resolveConfig({
    options: { environment: 'demo', dataDir: join(home, 'data') },
    env: { CTRADER_CLIENT_ID: 'id-7', CTRADER_CLIENT_SECRET: 'canary', ...env },
    platform: { os: 'linux', home, cwd: home },
    readNote: () => note,
    purpose: 'login',
  });
  if (result.status === 'refused') throw new Error(result.faults.join('\n'));
  return result.config;
}

const io = (env: Record<string, string> = {}) => ({
  stdout: new PassThrough(),
  stderr: new PassThrough(),
  stdin: new PassThrough(),
  env,
});

describe('the store of a configuration', () => {
  it.each([
    [{ CTRADER_ACCESS_TOKEN: 'canary-token' }, undefined, 'environment', 'weak'],
    [{}, loginNoteText(NOTE), 'encrypted-file', 'good'],
    [{}, loginNoteText({ ...NOTE, store: 'keychain' }), 'keychain', 'strong'],
  ] as const)('%j with note %j is the %s, %s', (env, note, name, strength) => {
    const description = describeStore(configOf(env, note), io());
    expect(description).toMatchObject({ name, strength });
    expect(description?.sentence).not.toContain('canary');
  });

  it('is nothing without a login', () => {
    expect(describeStore(configOf({}, undefined), io())).toBeUndefined();
  });

  it('F95 gets its passphrase from a service or a person, or not at all', () => {
    const config = configOf({}, undefined);
    expect(passphraseSource(config, io())).toBeUndefined();
    expect(passphraseSource(config, io({ CREDENTIALS_DIRECTORY: '/x' }))).toBe('service');
    expect(passphraseSource(configOf({ TOKEN_PASSPHRASE_FD: '3' }, undefined), io())).toBe(
      'service',
    );
  });
});

describe('the note and the lock', () => {
  it('F121 the note is the owner’s alone, and a change keeps the rest', () => {
    const config = configOf({}, undefined);
    writeNote(config, NOTE);
    updateNote(config, { expiresAt: 1_900_000_000_000 });
    const file = `${config.paths.login}.json`;
    expect(statSync(file).mode % 0o1000).toBe(0o600);
  });

  it('F94 a second renewal waits until the first one is done', async () => {
    const config = configOf({}, undefined);
    const release = await lockLogin(config);
    let isHeld = false;
    const second = lockLogin(config).then((free) => {
      isHeld = true;
      return free;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(isHeld).toBe(false);
    release();
    (await second)();
  });
});
