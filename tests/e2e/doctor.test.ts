/**
 * The `doctor` verb as a process: against the simulator over TLS, without a network, and with
 * everything broken that it is asked about. Nothing hangs, no secret is printed.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from '../../src/runtime/sqlite.ts';
import { freePort } from '../support/free-port.ts';
import { golden } from '../support/golden.ts';
import { serveSimulator } from './simulator-process.ts';
import { BIN, ensureBuilt, freshHome, ROOT, shellEnv } from './terminal-session.ts';

beforeAll(ensureBuilt);

let home: ReturnType<typeof freshHome>;
const running: { stop(): Promise<unknown> }[] = [];
beforeEach(() => {
  home = freshHome();
});
afterEach(async () => {
  for (const one of running.splice(0).reverse()) await one.stop();
  home.remove();
});

interface Report {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
  readonly ok: boolean;
  readonly checks: readonly {
    readonly check: string;
    readonly status: string;
    readonly what: string;
    readonly remedy: string | null;
  }[];
}

/** A real one of an earlier version; `tests/runtime/journals/README.md` says whose. */
const JOURNAL = 'tests/runtime/journals/first-version.db.gz';
const SECRETS = /simulator-access|simulator-secret|canary|access-u|refresh-/;

/** `doctor --json` with an environment of its own. */
function doctor(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  return new Promise<Report>((resolve) => {
    const child = spawn(process.execPath, [BIN, 'doctor', '--json', ...args], {
      cwd: home.path,
      env: { ...shellEnv(home.path), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [out, err] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      err += text;
    });
    child.on('close', (code) => {
      expect(out + err).not.toMatch(SECRETS);
      const read = out === '' ? { ok: false, checks: [] } : JSON.parse(out);
      resolve({ code, out, err, ...read });
    });
  });
}

const of = (report: Report, check: string) => report.checks.find((each) => each.check === check);

const TOKEN = { CTRADER_ACCESS_TOKEN: 'simulator-access', CTRADER_ACCOUNT_ID: '1000001' };

async function simulator(...args: string[]) {
  const served = await serveSimulator(home.path, args);
  running.push(served);
  return { ...served.env, ...TOKEN };
}

async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  running.push({ stop: () => new Promise((resolve) => server.close(resolve)) });
  const address = server.address();
  return typeof address === 'object' && address !== null ? String(address.port) : '';
}

describe('doctor against a broker', () => {
  it('says version, cipher, chain, end, clock, token, account, and what it may reach', async () => {
    const report = await doctor([], await simulator());
    expect([report.code, report.ok, report.err]).toEqual([0, true, '']);
    const broker = of(report, 'broker');
    expect(broker?.what).toMatch(
      /TLSv1\.3, TLS_\w+, .*simulator.* < .*authority, ends in \d+ days/,
    );
    expect(of(report, 'clock')).toMatchObject({ status: 'ok' });
    expect(of(report, 'token')?.what).toContain('valid');
    expect(of(report, 'account')).toMatchObject({ status: 'ok' });
    expect(of(report, 'outbound')?.what).toMatch(/^only to 127\.0\.0\.1:\d+, 127\.0\.0\.1:\d+$/);
    expect(of(report, 'secret store')).toMatchObject({ status: 'warn' });
  });

  it('--orders proves the order path over TLS, and leaves nothing open', async () => {
    const report = await doctor(['--orders'], await simulator('--seed', '7'));
    expect(of(report, 'orders')).toMatchObject({ status: 'ok', remedy: null });
    expect(of(report, 'orders')?.what).toMatch(/stop moved, closed, deals and balance agree/);
  });

  it('--orders names the step that failed, and closes what it opened', async () => {
    const cut = await simulator('--fault', 'in ProtoOAAmendPositionSLTPReq drop');
    const report = await doctor(['--orders'], cut);
    expect(report.code).toBe(14);
    expect(of(report, 'orders')?.what).toContain('the moved stop did not come');
    expect(of(report, 'orders')?.what).toContain('it was closed again');
  });

  it('a refused token, a token that may only look, an account of somebody else', async () => {
    const env = await simulator();
    const bad = await doctor([], { ...env, CTRADER_ACCESS_TOKEN: 'canary-token' });
    expect(bad.code).toBe(14);
    expect(of(bad, 'token')).toMatchObject({ status: 'fail' });
    expect(of(bad, 'token')?.what).toContain('CH_ACCESS_TOKEN_INVALID');
    const view = await doctor(['--orders'], {
      ...env,
      CTRADER_ACCESS_TOKEN: 'simulator-view-access',
    });
    expect(of(view, 'token')).toMatchObject({ status: 'warn' });
    expect(of(view, 'orders')).toMatchObject({ status: 'fail' });
    const other = await doctor([], { ...env, CTRADER_ACCOUNT_ID: '4711' });
    expect(of(other, 'account')?.what).toContain('does not open 4711');
    const live = await doctor([], { ...env, CTRADER_ACCOUNT_ID: '1000002' });
    expect(of(live, 'account')?.what).toContain('does not belong to demo');
  });
});

describe('doctor against a host that is not well', () => {
  const pem = (name: string) => new URL(`../ctrader/fixtures/${name}`, import.meta.url).pathname;
  const local = async (port: string) => ({
    CTRADER_ENVIRONMENT: 'demo',
    CTRADER_SERVER: '127.0.0.1',
    CTRADER_PORT: port,
    CTRADER_CA_FILE: pem('ca.pem'),
    CTRADER_TOKEN_URL: `http://127.0.0.1:${await freePort()}/token`,
    CTRADER_CLIENT_ID: 'simulator',
    CTRADER_CLIENT_SECRET: 'simulator-secret',
    ...TOKEN,
  });

  it.each([
    ['other', 'belongs to another name'],
    ['expired', 'has expired'],
    ['self', 'signed by itself'],
  ])('F06 the certificate %s: %s', async (name, words) => {
    const files = { key: readFileSync(pem(`${name}.key`)), cert: readFileSync(pem(`${name}.pem`)) };
    const port = await listening(createTlsServer(files).on('tlsClientError', () => undefined));
    const report = await doctor([], await local(port));
    expect(report.code).toBe(14);
    expect(of(report, 'broker')).toMatchObject({ status: 'fail' });
    expect(of(report, 'broker')?.what).toContain(words);
    expect(of(report, 'token')).toMatchObject({ status: 'fail' });
  });

  it('nobody there', async () => {
    const report = await doctor([], await local(String(await freePort())));
    expect(report.code).toBe(14);
    expect(of(report, 'broker')?.what).toContain('refuses connections');
    expect(of(report, 'clock')?.what).toContain('does not answer');
  });

  it('somebody who takes the connection and says nothing: bounded', async () => {
    const port = await listening(
      createServer((socket) => socket.on('error', () => undefined).resume()),
    );
    const report = await doctor(['--orders'], await local(port));
    expect(report.code).toBe(14);
    expect(of(report, 'broker')?.what).toContain('does not answer');
    expect(of(report, 'token')?.what).toContain('does not answer');
    expect(of(report, 'orders')).toMatchObject({ status: 'skip' });
  });
});

describe('doctor without a network', () => {
  it('needs none in the simulator, and proves the order path there', async () => {
    const report = await doctor(['--offline', '--orders']);
    expect([report.code, report.ok]).toEqual([0, true]);
    expect(of(report, 'orders')).toMatchObject({ status: 'ok' });
    const shape = report.checks.map(({ check, status }) => `${status} ${check}`).join('\n');
    golden('cli/doctor-offline.txt', `${shape}\n`);
  });

  it('a whole journal, one with a changed row, one with a changed hash, no database', async () => {
    const whole = gunzipSync(readFileSync(join(ROOT, JOURNAL)));
    const journals: Record<string, string | undefined> = {
      '1-whole': undefined,
      '2-row': "UPDATE entries SET payload = replace(payload, '4', '5') WHERE id = 40",
      '3-hash': "UPDATE entries SET hash = replace(hash, substr(hash, 1, 1), 'x') WHERE id = 40",
    };
    for (const [name, change] of Object.entries(journals)) {
      const file = join(home.path, 'state', name, 'journal.db');
      mkdirSync(join(file, '..'), { recursive: true });
      writeFileSync(file, whole);
      const database = await openDatabase(file);
      if (change !== undefined) database.exec(change);
      database.close();
    }
    mkdirSync(join(home.path, 'state', '4-text'));
    writeFileSync(join(home.path, 'state', '4-text', 'journal.db'), 'no database\n');
    const report = await doctor(['--offline', '--data-dir', 'state']);
    expect(report.code).toBe(14);
    const found = report.checks.filter(({ check }) => check === 'database');
    expect(found.map(({ status }) => status)).toEqual(['ok', 'fail', 'fail', 'fail']);
    expect(found[0]?.what).toContain('every hash and the chain verified');
    for (const one of found.slice(1, 3)) expect(one.what).toMatch(/journal\.db: .*40/);
    for (const one of found.slice(1)) expect(one.remedy).toContain('positions at the broker');
  });

  it('names every host that alerts would reach, and nothing else of their addresses', async () => {
    const report = await doctor(['--offline'], {
      ALERT_WEBHOOK_URL: 'https://hooks.example.org/canary-path',
      ALERT_NTFY_URL: 'https://ntfy.example.net/canary-topic',
      ALERT_TELEGRAM_TOKEN: '12345:canary-canary-canary-canary-canary',
      ALERT_TELEGRAM_CHAT: '42',
    });
    const what = of(report, 'outbound')?.what ?? report.err;
    for (const host of ['hooks.example.org', 'ntfy.example.net', 'api.telegram.org']) {
      expect(what).toContain(host);
    }
  });

  it('every fault of .env is a line with its remedy, and the rest is left', async () => {
    writeFileSync(join(home.path, '.env'), 'RSI_PERIOD=x\nCTRADER_CLIENT_SECRET=canary\nSYMBOL=\n');
    const report = await doctor(['--offline']);
    expect(report.code).toBe(14);
    expect(of(report, 'configuration')?.what).toContain('RSI_PERIOD');
    expect(of(report, 'configuration')?.what).toContain('.env');
    expect(of(report, 'the rest')).toMatchObject({ status: 'skip' });
  });

  it('a data directory that cannot be made', async () => {
    writeFileSync(join(home.path, 'file'), '');
    const report = await doctor(['--offline', '--data-dir', join(home.path, 'file', 'data')]);
    expect([report.code, of(report, 'state')?.status]).toEqual([14, 'fail']);
    expect(of(report, 'state')?.remedy).toContain('--data-dir');
  });

  it('never trades with real money, and says so before anything else', async () => {
    const live = { CTRADER_CLIENT_ID_LIVE: 'a', CTRADER_CLIENT_SECRET_LIVE: 'canary-b' };
    const report = await doctor(['--orders', '--env', 'live'], live);
    expect([report.code, report.out]).toEqual([64, '']);
    expect(report.err).toContain('never with real money');
  });
});
