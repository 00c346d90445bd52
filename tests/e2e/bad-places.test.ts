/**
 * What may be wrong around a run: somebody else's engine, port, socket, files, or a full disk. Each
 * is one sentence with its remedy on standard error, the right exit code, and nothing of a stack.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { lockInstance } from '../../src/runtime/process.ts';
import { runVerb as verbHere } from '../support/verb-io.ts';
import { BIN, ensureBuilt, freshHome, runVerb, type Said, shellEnv } from './terminal-session.ts';

beforeAll(ensureBuilt);

let home: ReturnType<typeof freshHome>;
let stateDir: string;
beforeEach(() => {
  home = freshHome();
  onTestFinished(() => home.remove());
  stateDir = join(home.path, 'state', 'sim-7000000007-dry-run');
});

const SHORT = ['--no-ui', '--seed', '7', '--speed', '6000', '--duration', '1m'];
const PLACE = ['--data-dir', 'state'];
const run = (...args: readonly string[]): Promise<Said> =>
  runVerb(home.path, ['run', ...SHORT, ...PLACE, ...args]);

/** One line of standard error, complete, and free of a stack. */
function refused({ code, err, out }: Said, wanted: number, sentence: RegExp): void {
  expect([code, out]).toEqual([wanted, '']);
  expect(err).toMatch(sentence);
  expect(err).toMatch(/^palm-oil-tui: [^\n]+\.\n$/);
}

describe('a run is refused', () => {
  it('while another engine has the account (75, F90)', async () => {
    mkdirSync(stateDir, { recursive: true });
    const lock = await lockInstance(join(stateDir, 'engine.lock'));
    onTestFinished(() => lock.release());
    refused(await run(), 75, /Another instance runs for this account .* use that one, or stop it/);
  });

  it('where the port of the metrics is taken (64)', async () => {
    const other = createServer();
    onTestFinished(() => void other.close());
    await new Promise<void>((resolve) => {
      other.listen(0, '127.0.0.1', resolve);
    });
    const address = other.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const said = await run('--metrics-port', String(port));
    refused(said, 64, new RegExp(`Port ${port} on 127\\.0\\.0\\.1 is in use: set METRICS_PORT`));
  });

  it('with an alert address that is none (64, I23)', async () => {
    const env = { ...shellEnv(home.path), ALERT_WEBHOOK_URL: 'hooks.example/s3cret' };
    const said = await verbHere(['run', ...SHORT, '--data-dir', join(home.path, 'state')], env);
    refused(said, 64, /ALERT_WEBHOOK_URL: \(a secret, not shown\).* allowed is an https:\/\//);
    expect(said.err).not.toContain('s3cret');
  });

  it('where the data directory is a file (12)', async () => {
    writeFileSync(join(home.path, 'state'), '');
    refused(await run(), 12, /state directory .* cannot be made \(ENOTDIR\): .*--data-dir/);
  });

  it('where a file is in the way of the log (12)', async () => {
    mkdirSync(stateDir, { recursive: true });
    writeFileSync(join(stateDir, 'log'), '');
    refused(await run(), 12, /\/log cannot be used \(EEXIST\): .* move it away\.$/m);
  });

  it('with a journal that is none (12), which stays as it is', async () => {
    mkdirSync(stateDir, { recursive: true });
    writeFileSync(
      join(stateDir, 'journal.db'),
      'no journal at all, and long enough for a header'.repeat(99),
    );
    refused(await run(), 12, /journal\.db cannot be read .* It was left as it is: restore a copy/);
  });
});

describe.runIf(process.platform !== 'win32')('a stale socket', () => {
  it('is told apart from an engine (16), and a new run takes its place', async () => {
    mkdirSync(stateDir, { recursive: true });
    const listening =
      'require("net").createServer().listen("engine.sock",()=>process.kill(process.pid,9))';
    spawnSync(process.execPath, ['-e', listening], { cwd: stateDir });
    expect(readdirSync(stateDir)).toEqual(['engine.sock']);
    const gone =
      /No engine answers at .*engine\.sock: it was left behind by an engine that is gone/;
    const env = shellEnv(home.path);
    const where = ['--data-dir', join(home.path, 'state')];
    refused(await verbHere(['status', ...where], env), 16, gone);
    refused(await verbHere(['panic', '--flatten', ...where], env), 16, /Nothing was sent\.$/m);
    const said = await run();
    expect([said.code, said.err]).toEqual([0, '']);
    expect(said.out).toContain('"control socket open"');
    expect(readdirSync(stateDir)).not.toContain('engine.sock');
  });
});

describe.runIf(process.platform === 'linux')('a disk that fills while it runs (F85 A5)', () => {
  it('stops entries, is told with what to do (12), and told again until it is reset', async () => {
    const args = [...SHORT.slice(0, -1), '20m', ...PLACE].join(' ');
    const ask = (limit: string) =>
      spawnSync('bash', ['-c', `${limit} exec "${process.execPath}" "${BIN}" run ${args}`], {
        cwd: home.path,
        env: shellEnv(home.path),
        encoding: 'utf8',
      });
    // No file may grow beyond 200 KiB: what a full disk is to who writes.
    const full = ask('ulimit -f 200;');
    expect([full.status, full.stderr]).toEqual([
      12,
      expect.stringMatching(/^palm-oil-tui: The journal .*does not write.*make room.*\(b\)\.\n$/),
    ]);
    expect(full.stdout).toContain('breaker PERSISTENCE tripped');
    const again = ask('');
    expect(again.status).toBe(12);
    expect(again.stderr).toMatch(/the former run could not write its journal.*PERSISTENCE \(b\)/);
  });
});
