/** The real program on storage that cannot be used, or that lost what it had acknowledged. */
import { spawnSync } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Headless } from './headless.ts';
import { BIN, ensureBuilt, freshHome, shellEnv } from './terminal-session.ts';

beforeAll(ensureBuilt);

let home: ReturnType<typeof freshHome>;
const started: Headless[] = [];
beforeEach(() => {
  home = freshHome();
});
afterEach(() => {
  for (const program of started.splice(0)) program.kill('SIGKILL');
  home.remove();
});

function start(...args: readonly string[]): Headless {
  const program = new Headless(home.path, ['--seed', '12', '--speed', '20000', ...args]);
  started.push(program);
  return program;
}

const journal = (): string => {
  const data = join(home.path, 'data');
  const names = readdirSync(data, { recursive: true }).map(String);
  return join(data, names.find((name) => name.endsWith('journal.db')) ?? 'none');
};

/** Only Linux has them; elsewhere an ordinary file stands in the way. */
const PLACES =
  process.platform === 'linux' ? ['/proc/nowhere', '/proc/self/a/b', '/sys/x'] : [`${BIN}/below`];

describe('a data directory that cannot be one', () => {
  it.each(PLACES)('%s ends with a sentence and code 12 instead of never (F121)', (directory) => {
    const { status, stderr } = spawnSync(
      process.execPath,
      [BIN, '--no-ui', '--data-dir', directory],
      { cwd: home.path, env: shellEnv(home.path), encoding: 'utf8', timeout: 60_000 },
    );
    expect(status).toBe(12);
    expect(stderr).toMatch(/^palm-oil-tui: The state directory .* cannot be made .*\n$/);
  });
});

describe('rows that were acknowledged and are gone', () => {
  it('are named at the start, block entries and stay a trip (F83 F88 I21)', async () => {
    const first = start();
    await first.line('some work', () => first.lines.length >= 12);
    first.kill('SIGKILL');
    await first.ended;
    const file = journal();
    rmSync(`${file}-wal`);
    rmSync(`${file}-shm`, { force: true });
    const second = start('--duration', '10m');
    const told = await second.line('the loss', ({ message }) => /not whole/.test(message));
    expect(told).toMatchObject({ level: 'error' });
    expect(told.message).toMatch(/rows \d+ to \d+ were acknowledged and are gone/);
    await second.line('the trip', ({ message }) => /PERSISTENCE tripped/.test(message));
    second.kill('SIGKILL');
    await second.ended;
    // Killed at once or not: the third start still knows.
    const third = start('--duration', '10m');
    const line = await third.line('recovery', ({ message }) => message === 'recovered');
    expect(line['breakers']).toContain('PERSISTENCE');
  });
});

describe('two engines on one account and directory', () => {
  it('the second ends with 75 while the first is frozen, not dead (P10 F90 I20)', async () => {
    const first = start();
    await first.line('some work', () => first.lines.length >= 5);
    first.kill('SIGSTOP');
    const second = start();
    expect((await second.ended).code).toBe(75);
    expect(second.stderr).toContain('Another instance runs for this account');
    first.kill('SIGCONT');
    const seen = first.lines.length;
    await first.line('more work', () => first.lines.length > seen);
    first.kill('SIGKILL');
    await first.ended;
    const third = start();
    await third.line('recovery', ({ message }) => message === 'recovered');
  });
});
