/**
 * A real `sweep` that is killed with SIGKILL and started again: it goes on where it was, and its
 * file is in the end the same to the last character as without the kill.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { waitFor } from '../support/wait-for.ts';
import { BIN, ensureBuilt, freshHome, shellEnv } from './terminal-session.ts';

beforeAll(ensureBuilt);

let home: ReturnType<typeof freshHome>;
let running: ChildProcess | undefined;
beforeEach(() => {
  home = freshHome();
});
afterEach(() => {
  running?.kill('SIGKILL');
  home.remove();
});

/** Two positions at a time: only the engine can run these, so that there is time for a kill. */
const SLOW = ['--param', 'max_positions=2', '--param', 'sl=1.5'];
const argsOf = (out: string): string[] => [BIN, 'sweep', ...SLOW, '--out', join(home.path, out)];
const rowsIn = (file: string): number => readFileSync(file, 'utf8').split('\n').length - 2;

function complete(out: string, ...more: readonly string[]) {
  const run = spawnSync(process.execPath, [...argsOf(out), ...more], {
    env: shellEnv(home.path),
    encoding: 'utf8',
  });
  expect(run.status, run.stderr).toBe(0);
  return { text: readFileSync(join(home.path, out), 'utf8'), err: run.stderr };
}

it('goes on after SIGKILL, and ends with the very same file (A9)', async () => {
  const out = join(home.path, 'killed.csv');
  const rows = `${out}.rows`;
  const child = spawn(process.execPath, argsOf('killed.csv'), {
    env: shellEnv(home.path),
    stdio: 'ignore',
  });
  running = child;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  await waitFor('finished rows', () => existsSync(rows) && rowsIn(rows) > 0);
  child.kill('SIGKILL');
  await ended;
  expect(existsSync(out)).toBe(false);
  const resumed = complete('killed.csv');
  expect(resumed.err).toMatch(/\d+ of 64 sets were finished before/);
  expect(existsSync(rows)).toBe(false);
  // Without threads, which the others have where the machine has cores for them.
  const whole = complete('whole.csv', '--workers', '0');
  expect(whole.err).not.toContain('finished before');
  expect(resumed.text).toBe(whole.text);
});
