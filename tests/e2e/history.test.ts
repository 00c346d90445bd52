/** The `history` verbs as processes: killed and resumed over TLS, and what they refuse. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { waitFor } from '../support/wait-for.ts';
import { serveSimulator } from './simulator-process.ts';
import { BIN, ensureBuilt, freshHome, shellEnv } from './terminal-session.ts';

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

type Env = Readonly<Record<string, string>>;

function history(args: readonly string[], env: Env = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, 'history', ...args], {
    cwd: home.path,
    env: { ...shellEnv(home.path), ...env },
    encoding: 'utf8',
    timeout: 120_000,
  });
  return { code: status, out: stdout, err: stderr };
}

it('F90 a fetch that is killed goes on where it was, and ends with the same file', async () => {
  const served = await serveSimulator(home.path, ['--seed', '7']);
  running.push(served);
  const env = {
    ...served.env,
    CTRADER_ACCESS_TOKEN: 'simulator-access',
    CTRADER_ACCOUNT_ID: '1000001',
  };
  const day = (ago: number) => new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10);
  // Ticks of whole days that are over: what is asked twice is answered the same.
  const span = ['--period', 'ticks', '--from', day(10), '--to', day(1)];
  const part = join(home.path, 'cut.csv.part');
  const rows = () => (existsSync(part) ? readFileSync(part, 'utf8').split('\n').length : 0);
  const child = spawn(process.execPath, [BIN, 'history', 'fetch', ...span, '--out', 'cut.csv'], {
    cwd: home.path,
    env: { ...shellEnv(home.path), ...env },
    stdio: 'ignore',
  });
  const ended = new Promise<NodeJS.Signals | null>((resolve) => {
    child.once('close', (_code, signal) => resolve(signal));
  });
  try {
    await waitFor('rows in the part file', () => rows() > 2);
  } finally {
    child.kill('SIGKILL');
  }
  expect(await ended).toBe('SIGKILL');
  expect(existsSync(join(home.path, 'cut.csv'))).toBe(false);
  const begun = readFileSync(part, 'utf8');

  const rest = history(['fetch', ...span, '--out', 'cut.csv'], env);
  const whole = history(['fetch', ...span, '--out', 'whole.csv'], env);
  expect([rest.code, whole.code, rest.err, whole.err]).toEqual([0, 0, '', '']);
  // The simulator rebuilds old asks with the spread of the moment it is asked.
  const bids = (name: string) =>
    readFileSync(join(home.path, name), 'utf8').replace(/,\d+$/gm, '').split('\n');
  expect(bids('cut.csv')).toEqual(bids('whole.csv'));
  const text = readFileSync(join(home.path, 'cut.csv'), 'utf8');
  expect(text.startsWith(begun.slice(0, begun.lastIndexOf('\n') + 1))).toBe(true);
  expect(text.length).toBeGreaterThan(begun.length);
  expect(existsSync(part)).toBe(false);

  const refused = history(['fetch', ...span], { ...env, CTRADER_ACCESS_TOKEN: 'canary-token' });
  expect([refused.code, refused.out]).toEqual([13, '']);
  expect(refused.err).toContain('CH_ACCESS_TOKEN_INVALID');
  expect(refused.err).not.toContain('canary');
});

it('bars of the simulator, listed, checked and run by a backtest, without any login', () => {
  const fetched = history(['fetch', '--period', 'M5', '--from', '5d']);
  expect([fetched.code, fetched.err]).toEqual([0, '']);
  const file = fetched.out.slice(0, fetched.out.indexOf(': '));
  expect(history(['list']).out).toMatch(/sim-FCPO-M5-\d{8}\.csv: \d+ rows, .* UTC to .* UTC\n/);
  const { files } = JSON.parse(history(['list', '--json']).out);
  expect(files).toMatchObject([{ finished: true }]);
  expect(history(['check', file])).toMatchObject({ code: 0, err: '' });
  const run = spawnSync(
    process.execPath,
    [BIN, 'backtest', '--bars', file, '--timeframe', '5m', '--json'],
    { cwd: home.path, env: shellEnv(home.path), encoding: 'utf8' },
  );
  expect([run.status, run.stderr]).toEqual([0, '']);

  const again = history(['fetch', '--period', 'M5', '--from', '5d']);
  expect([again.code, again.err]).toEqual([64, expect.stringContaining('is there already')]);

  // Twelve missing bars, a line twice, and a price that cannot be.
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  const hole = lines.findIndex((line) => line.includes('T07:00:00Z'));
  lines.splice(hole, 12);
  lines.splice(5, 0, lines[4] ?? '');
  lines.push((lines.pop() ?? '').replace(/,(\d+),(\d+),(\d+),(\d+),/, ',$1,9$2,$3,$4,'));
  writeFileSync(join(home.path, 'bad.csv'), `${lines.join('\n')}\n`);
  const checked = history(['check', 'bad.csv', '--json']);
  expect(checked.code).toBe(14);
  expect(JSON.parse(checked.out)).toMatchObject({
    duplicates: [{ line: 6, type: 'duplicate' }],
    gaps: [{ missing: 12 }],
    outliers: [{ price: expect.stringMatching(/^9/) }],
  });
  expect(history(['check', 'bad.csv']).out).toMatch(/duplicates: 1[\s\S]*gaps .*: 1[\s\S]*: 1/);
});

it('an export of another program is kept in our own form', () => {
  const export4 =
    '2024.10.16,02:30,4500,4510,4490,4505,12\n2024.10.16,02:31,4505,4506,4500,4501,3\n';
  writeFileSync(join(home.path, 'mt4.csv'), export4);
  const unsaid = history(['import', 'mt4.csv']);
  expect([unsaid.code, unsaid.err]).toEqual([64, expect.stringContaining('--bar-times')]);
  const told = history(['import', 'mt4.csv', '--bar-times', '+02:00', '--out', 'own.csv']);
  expect([told.code, told.out]).toEqual([0, 'own.csv: 2 bars, written by MetaTrader 4\n']);
  expect(readFileSync(join(home.path, 'own.csv'), 'utf8')).toBe(
    'time_utc_iso,open,high,low,close,volume\n' +
      '2024-10-16T00:30:00Z,4500,4510,4490,4505,\n2024-10-16T00:31:00Z,4505,4506,4500,4501,\n',
  );
});

const DEMO = { CTRADER_CLIENT_ID: 'x', CTRADER_CLIENT_SECRET: 'canary-y' };

it.each([
  [['fetch', '--from', '5d', '--symbol', 'FCPX'], {}, 64, 'similar: FCPO'],
  [['fetch', '--from', '5d', '--period', 'M7'], {}, 64, 'allowed is M1, M2'],
  [['fetch', '--from', '2099-01-01'], {}, 64, 'is in the future; now it is'],
  [['fetch', '--from', 'soon'], {}, 64, 'allowed is a day (2024-10-16)'],
  [['fetch', '--from', '2020-01-01', '--to', '2020-01-02'], {}, 64, 'has no bars of M1 of FCPO'],
  [['fetch'], {}, 64, '--from'],
  [['fetch', '--from', '5d', '--env', 'demo'], DEMO, 13, 'There is no login for demo'],
  [['check', 'nowhere.csv'], {}, 64, 'nowhere.csv cannot be read: it does not exist'],
  [['check', 'nowhere.csv', '--gap', 'x'], {}, 64, 'nowhere.csv'],
  [[], {}, 64, 'history needs a verb'],
] as const)('%j is refused in a sentence', (args, env, code, words) => {
  const end = history(args, env);
  expect([end.code, end.out]).toEqual([code, '']);
  expect(end.err).toContain(words);
  expect(end.err).not.toContain('canary');
});
