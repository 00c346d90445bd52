/**
 * From the first login to quotes, offline: browser and paste, accounts, run, logout; no secret in
 * any output or file.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { loginNoteText } from '../../src/cli/login-note.ts';
import { createFileStore } from '../../src/ctrader/oauth/secret-store.ts';
import { passphraseKey } from '../../src/ctrader/oauth/store-key.ts';
import { secret } from '../../src/ctrader/secret.ts';
import { decide } from '../support/browser.ts';
import { freePort } from '../support/free-port.ts';
import { waitFor } from '../support/wait-for.ts';
import { Headless } from './headless.ts';
import { type Served, serveSimulator } from './simulator-process.ts';
import { BIN, ensureBuilt, freshHome, shellEnv, TerminalSession } from './terminal-session.ts';

beforeAll(ensureBuilt);

const PASSPHRASE = 'canary horse battery';
/** What must never be seen: the tokens of the simulator, its codes, its secret, our passphrase. */
const SECRETS = /access-\d+-\d|refresh-\d+-\d|simulator-code-\d|simulator-secret|canary/;

let home: ReturnType<typeof freshHome>;
let served: Served;
const running: { stop(): Promise<unknown> }[] = [];
beforeEach(async () => {
  home = freshHome();
  served = await serveSimulator(home.path);
  running.push(served);
});
afterEach(async () => {
  for (const one of running.splice(0).reverse()) await one.stop();
  home.remove();
});

interface Said {
  code: number | undefined;
  out: string;
  err: string;
}

/** A verb without a terminal; the passphrase comes through descriptor 3 as a service gives it. */
function start(args: readonly string[], more: Readonly<Record<string, string>> = {}) {
  const file = join(home.path, 'passphrase');
  writeFileSync(file, `${PASSPHRASE}\n`, { mode: 0o600 });
  const child = spawn(
    '/bin/sh',
    ['-c', 'exec "$@" 3<passphrase', 'sh', process.execPath, BIN, ...args],
    {
      cwd: home.path,
      env: { ...shellEnv(home.path), ...served.env, TOKEN_PASSPHRASE_FD: '3', ...more },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  running.push({ stop: async () => void child.kill('SIGKILL') });
  const said: Said = { code: undefined, out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said.out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said.err += text;
  });
  child.on('close', (code) => {
    said.code = code ?? -1;
  });
  return said;
}

async function ended(said: Said): Promise<Said> {
  await waitFor(`the end of a verb (${said.err})`, () => said.code !== undefined);
  expect(said.out + said.err).not.toMatch(SECRETS);
  return said;
}

const run = (...args: string[]) => ended(start(args));

async function addressOf(said: Said): Promise<string> {
  const find = () => /^http:\/\/127\S+authorize\S+$/m.exec(said.err)?.[0];
  return waitFor(`the address (${said.code}: ${said.err})`, find);
}

/** A whole login through the browser, on a port of its own. */
async function login(...args: string[]): Promise<Said> {
  const port = await freePort();
  const said = start(['login', ...args], { CTRADER_REDIRECT_URI: `http://localhost:${port}` });
  await fetch(await decide(await addressOf(said), 'Allow'));
  return ended(said);
}

const FILE = () => join(home.path, 'data', 'palm-oil-tui', 'login-demo-local.enc');

/** The token file as the program opens it. */
const storeOf = () =>
  createFileStore({
    file: FILE(),
    directory: join(home.path, 'data', 'palm-oil-tui'),
    purpose: 'demo 127.0.0.1',
    key: passphraseKey(async () => secret(PASSPHRASE)),
  });

/** A run with the stored login; the passphrase comes as a systemd credential. */
function engineOf(): Headless {
  const engine = new Headless(home.path, [], {
    ...served.env,
    CREDENTIALS_DIRECTORY: credentials(),
  });
  running.push({
    stop: () => {
      engine.kill('SIGKILL');
      return engine.ended;
    },
  });
  return engine;
}

/** Another program with the same application asks the token page. */
function token(fields: Readonly<Record<string, string>>): Promise<unknown> {
  const url = new URL(served.env['CTRADER_TOKEN_URL'] ?? '');
  const own = { client_id: 'simulator', client_secret: 'simulator-secret' };
  url.search = new URLSearchParams({ ...fields, ...own }).toString();
  return fetch(url);
}

describe('the whole way offline', () => {
  it('login in the browser, accounts, run with quotes and RSI, logout', async () => {
    const first = await login();
    expect([first.code, first.out]).toEqual([0, expect.stringContaining('Logged in to demo')]);
    const list = await run('accounts', '--json');
    expect(JSON.parse(list.out)).toEqual({
      mayTrade: true,
      accounts: [
        { id: '1000001', login: '9000001', live: false, broker: 'Simulated broker', used: false },
        { id: '1000002', login: '9000002', live: true, broker: 'Simulated broker', used: false },
      ],
    });
    expect((await run('run', '--no-ui')).err).toContain('accounts --use ID');
    expect((await run('accounts', '--use', '1000002')).err).toContain('add --env live');
    expect((await run('accounts', '--use', '9000001')).err).toContain('the account id is 1000001');
    expect((await run('accounts', '--use', '1000001')).code).toBe(0);

    const engine = engineOf();
    await engine.line('the link', (line) => line.message === 'link READY');
    const started = engine.lines.find(({ message }) => message === 'started');
    expect(started?.['login']).toBe('30 days left');
    const status = JSON.parse((await run('status', '--json')).out);
    expect(status.quote.bid).toBeGreaterThan(3_000);
    expect(status.rsi).toBeGreaterThan(0);
    expect(status.mode).toBe('dry-run');
    engine.kill('SIGTERM');
    await engine.ended;
    expect(JSON.stringify(engine.lines) + engine.stderr).not.toMatch(SECRETS);

    expect((await run('logout')).out).toContain('Logged out of demo');
    expect((await run('accounts')).code).toBe(13);
    noSecretsBelow(home.path);
  });

  it('F92 a run renews a token that the broker refuses, stores it, and goes on', async () => {
    await login();
    await run('accounts', '--use', '1000001');
    const store = storeOf();
    const stored = await store.load();
    if (stored === undefined) throw new Error('nothing is stored');
    const stale = { ...stored.pair, accessToken: secret('access-of-last-month') };
    await store.save({ ...stored, pair: stale });
    const engine = engineOf();
    await engine.line('the link', (line) => line.message === 'link READY');
    const renewed = await storeOf().load();
    expect(renewed?.pair.accessToken.reveal()).toBe('access-601-1');
    expect(engine.lines.some(({ message }) => /was renewed for 30 days/.test(message))).toBe(true);
    engine.kill('SIGTERM');
    await engine.ended;
    expect(JSON.stringify(engine.lines) + engine.stderr).not.toMatch(SECRETS);
  });

  it('F94 a login that ended is healed from inside the console', async () => {
    const port = await freePort();
    const old = { obtainedAt: Date.now() - 1_000, expiresAt: Date.now() + 86_400_000 };
    const pair = { accessToken: secret('access-gone'), refreshToken: secret('gone'), ...old };
    const scope = 'trading';
    const clientId = 'simulator';
    mkdirSync(dirname(FILE()), { recursive: true, mode: 0o700 });
    await storeOf().save({ clientId, scope, pair }, 'fresh');
    const note = { clientId, scope, store: 'encrypted-file', account: '1000001', ...old } as const;
    writeFileSync(FILE().replace('.enc', '.json'), loginNoteText(note));
    const session = new TerminalSession({
      args: ['run'],
      cols: 110,
      rows: 32,
      home: home.path,
      env: {
        ...served.env,
        CREDENTIALS_DIRECTORY: credentials(),
        CTRADER_REDIRECT_URI: `http://localhost:${port}`,
      },
    });
    running.push({ stop: () => session.close() });
    await session.waitFor('AUTH_HALT', 60_000);
    session.keys('l');
    await session.waitFor('logs in again', 60_000);
    session.keys('n');
    await session.waitFor('copies the address', 60_000);
    const inner = session.lines().flatMap((line) => /│ (.*?) *│$/.exec(line.trimEnd())?.[1] ?? []);
    const address = /http:\/\/127[^ ]+?product=web/.exec(inner.join(''))?.[0] ?? '';
    await fetch(await decide(address, 'Allow'));
    await session.waitFor('the new access is in use', 60_000);
    await session.waitFor('READY', 60_000);
    expect((await storeOf().load())?.pair.accessToken.reveal()).toBe('access-601-0');
    expect(session.screen()).not.toMatch(SECRETS);
    noSecretsBelow(home.path);
  });

  it('F94 tokens that another program used up: one login heals it', async () => {
    await login();
    await run('accounts', '--use', '1000001');
    await token({ grant_type: 'refresh_token', refresh_token: 'refresh-601-0' });
    const refused = await run('accounts');
    expect([refused.code, refused.err]).toEqual([
      13,
      expect.stringContaining('palm-oil-tui login'),
    ]);
    expect((await login()).code).toBe(0);
    expect((await run('accounts')).out).toMatch(/\* +1000001/);
  });

  it('moves the tokens only when the other store works', async () => {
    await login();
    const moved = await run('login', '--move-to', 'keychain');
    expect([moved.code, moved.err]).toEqual([13, expect.stringContaining('keychain')]);
    expect((await run('login', '--move-to', 'encrypted-file')).err).toContain('already in');
    expect((await run('accounts')).code).toBe(0);
  });

  it('F95 a forgotten passphrase: nothing is deleted until that is asked for', async () => {
    await login();
    const wrong = start(['logout'], { CREDENTIALS_DIRECTORY: credentials('another passphrase') });
    const said = await ended(wrong);
    expect([said.code, said.err]).toEqual([13, expect.stringContaining('logout --local')]);
    expect(existsSync(FILE())).toBe(true);
    expect((await run('logout', '--local')).code).toBe(0);
    expect(existsSync(FILE())).toBe(false);
  });
});

describe('a login that fails', () => {
  it('F97 consent denied: a sentence, nothing stored', async () => {
    const port = await freePort();
    const said = start(['login'], { CTRADER_REDIRECT_URI: `http://localhost:${port}` });
    await fetch(await decide(await addressOf(said), 'Deny'));
    const { code, err } = await ended(said);
    expect([code, err]).toEqual([13, expect.stringContaining('Access was not allowed')]);
    expect(existsSync(FILE())).toBe(false);
  });

  it('F96 a wrong state is ignored, and the right answer still counts', async () => {
    const port = await freePort();
    const said = start(['login'], { CTRADER_REDIRECT_URI: `http://localhost:${port}` });
    const back = await decide(await addressOf(said), 'Allow');
    const forged = new URL(back);
    forged.searchParams.set('state', 'forged');
    expect((await fetch(forged)).status).toBe(400);
    expect((await fetch(back)).status).toBe(200);
    expect((await ended(said)).code).toBe(0);
    expect(said.err).toContain('wrong state');
  });

  it('F97 a code that was used before is refused in words', async () => {
    const port = await freePort();
    const said = start(['login'], { CTRADER_REDIRECT_URI: `http://localhost:${port}` });
    const back = await decide(await addressOf(said), 'Allow');
    await token({
      grant_type: 'authorization_code',
      code: new URL(back).searchParams.get('code') ?? '',
      redirect_uri: `http://localhost:${port}`,
    });
    await fetch(back);
    const { code, err } = await ended(said);
    expect([code, err]).toEqual([13, expect.stringContaining('the code was used before')]);
  });

  it('F96 a port in use is told, with the way out', async () => {
    const port = new URL(served.env['CTRADER_AUTH_URL'] ?? '').port;
    const said = await ended(
      start(['login'], { CTRADER_REDIRECT_URI: `http://127.0.0.1:${port}` }),
    );
    expect([said.code, said.err]).toEqual([
      13,
      expect.stringMatching(/Port \d+ is used by another program.*--no-browser/s),
    ]);
  });

  it('F95 no keychain, no passphrase, nobody to ask: told at once', async () => {
    const began = performance.now();
    const said = await ended(start(['login'], { TOKEN_PASSPHRASE_FD: '' }));
    expect(said.code).toBe(13);
    expect(said.err).toContain('The keychain (Secret Service) fails');
    expect(said.err).not.toContain('authorize');
    // The limit of the keychain is 2 s; the rest is two starts of a process on a busy machine.
    expect(performance.now() - began).toBeLessThan(20_000);
  });

  it('F99 takes no secret from the command line', async () => {
    for (const flag of ['--token', '--client-secret', '--passphrase', '--code']) {
      expect((await run('login', flag, 'x')).code).toBe(64);
    }
  });
});

describe('login over SSH', () => {
  function terminal(args: readonly string[]): TerminalSession {
    const session = new TerminalSession({
      args,
      cols: 200,
      rows: 40,
      home: home.path,
      env: served.env,
    });
    running.push({ stop: () => session.close() });
    return session;
  }

  async function paste(session: TerminalSession, form: (back: string) => string) {
    await session.waitFor('Paste that address');
    const flat = session.lines().join('');
    const address = /http:\/\/127[^ ]+?product=web/.exec(flat)?.[0] ?? '';
    session.keys(`${form(await decide(address, 'Allow'))}\r`);
  }

  it('pastes the address unseen, chooses a passphrase, and is asked for it again', async () => {
    const session = terminal(['login', '--no-browser', '--store', 'encrypted-file']);
    await paste(session, (back) => back);
    await session.waitFor('New passphrase');
    session.keys(`${PASSPHRASE}\r`);
    await session.waitFor('The same again');
    session.keys(`${PASSPHRASE}\r`);
    await session.waitFor('Logged in to demo');
    expect((await session.ended()).code).toBe(0);
    expect(session.screen()).not.toMatch(SECRETS);

    const again = terminal(['accounts']);
    await again.waitFor('Passphrase of the token file');
    again.keys('not the right one\r');
    await again.waitFor('does not open');
    expect((await again.ended()).code).toBe(13);
    const right = terminal(['accounts', '--use', '1000001']);
    await right.waitFor('Passphrase of the token file');
    right.keys(`${PASSPHRASE.slice(0, -1)}x\u007f${PASSPHRASE.slice(-1)}\r`);
    await right.waitFor('now use account 1000001');
    expect((await right.ended()).code).toBe(0);
    noSecretsBelow(home.path);
  });

  it('takes the bare code, and gives up on Ctrl-C', async () => {
    const left = terminal(['login', '--no-browser', '--store', 'encrypted-file']);
    await left.waitFor('Paste that address');
    left.keys('\u0003');
    await left.waitFor('Given up: nothing was changed.');
    expect((await left.ended()).code).toBe(13);
    const session = terminal(['login', '--no-browser', '--store', 'encrypted-file']);
    await paste(session, (back) => new URL(back).searchParams.get('code') ?? '');
    await session.waitFor('New passphrase');
    session.keys('short\r');
    await session.waitFor('The same again');
    session.keys('short\r');
    await session.waitFor('at least 8 characters');
    expect((await session.ended()).code).toBe(13);
  });
});

/** The passphrase as systemd hands it to a service. */
function credentials(passphrase = PASSPHRASE): string {
  const directory = join(home.path, 'credentials');
  spawnSync('mkdir', ['-p', directory]);
  writeFileSync(join(directory, 'palm-oil-passphrase'), passphrase, { mode: 0o600 });
  return directory;
}

/** Journals, logs, notes and token files, bytes and all. */
function noSecretsBelow(directory: string): void {
  const files = spawnSync('find', [join(directory, 'data'), '-type', 'f'], { encoding: 'utf8' });
  for (const file of files.stdout.split('\n').filter((name) => name !== '')) {
    expect(readFileSync(file).toString('latin1'), file).not.toMatch(SECRETS);
  }
}
