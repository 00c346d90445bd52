/**
 * The built program without a screen: lines, trades, same seed same journal, signals, bad files.
 */

import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Headless } from './headless.ts';
import { ensureBuilt, freshHome } from './terminal-session.ts';

beforeAll(ensureBuilt);

let home: ReturnType<typeof freshHome>;
const running: Headless[] = [];
beforeEach(() => {
  home = freshHome();
});
afterEach(async () => {
  for (const program of running.splice(0)) {
    program.kill('SIGKILL');
    await program.ended;
  }
  home.remove();
});

function start(args: readonly string[], where = home.path): Headless {
  const program = new Headless(where, args);
  running.push(program);
  return program;
}

const DAY = ['--seed', '7', '--speed', '100000', '--duration', '14h'];

describe('run --no-ui', () => {
  it('opens and closes a trade by itself with seed 7', async () => {
    const program = start(DAY);
    const opened = await program.line('an opening deal', (line) => / opened$/.test(line.message));
    const closed = await program.line('a closing deal', (line) => / closed by /.test(line.message));
    expect(Number(closed['seq'])).toBeGreaterThan(Number(opened['seq']));
    const stopped = await program.line('the end', (line) => line.message === 'stopped');
    expect(stopped).toMatchObject({ reason: 'end', breakers: expect.any(Array) });
    expect(Number(stopped['trades'])).toBeGreaterThanOrEqual(1);
    expect(await program.ended).toEqual({ code: 0, signal: null });
    const [state = ''] = readdirSync(join(home.path, 'data', 'palm-oil-tui'));
    const log = join(home.path, 'data', 'palm-oil-tui', state, 'log', 'engine.log');
    const kept = readFileSync(log, 'utf8').trimEnd().split('\n');
    expect(kept.map((text) => JSON.parse(text))).toEqual(program.lines);
    expect(statSync(log).mode & 0o777).toBe(0o600);
  });

  it('writes the identical journal for the same seed only (A10 I30)', async () => {
    const digests: unknown[] = [];
    const zones = freshHome();
    for (const [args, where] of [
      [DAY, home.path],
      [DAY, zones.path],
      [['--seed', '8', ...DAY.slice(2)], home.path],
    ] as const) {
      const program = start(args, where);
      const stopped = await program.line('the end', (line) => line.message === 'stopped');
      await program.ended;
      digests.push([stopped['entries'], stopped['digest'], stopped['stateDigest']]);
    }
    zones.remove();
    expect(digests[1]).toEqual(digests[0]);
    expect(digests[2]).not.toEqual(digests[0]);
  });

  it('stops gracefully on SIGTERM and SIGINT, synced, with code 0', async () => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      const program = start(['--seed', '3']);
      await program.line('READY', (line) => line.message === 'link READY');
      program.kill(signal);
      const stopped = await program.line('the end', (line) => line.message === 'stopped');
      expect(stopped['reason']).toBe(signal);
      expect(stopped['digest']).toMatch(/^[0-9a-f]{64}$/);
      expect(await program.ended).toEqual({ code: 0, signal: null });
    }
  });

  it('prints one JSON object a line and nothing else', async () => {
    const program = start(['--seed', '3', '--speed', '5000', '--duration', '2h']);
    await program.ended;
    expect(program.lines.length).toBeGreaterThan(20);
    for (const line of program.lines) expect(line).toMatchObject({ message: expect.any(String) });
    expect(program.stderr).toBe('');
  });

  it('keeps the journal of an ended run beside the new one', async () => {
    const short = ['--seed', '3', '--speed', '5000', '--duration', '1h'];
    await start(short).ended;
    await start(short).ended;
    const [state = ''] = readdirSync(join(home.path, 'data', 'palm-oil-tui'));
    const files = readdirSync(join(home.path, 'data', 'palm-oil-tui', state));
    expect(files).toContain('journal.db');
    expect(files).toContain('journal.db.ended-1');
  });
});

describe('bad input', () => {
  it('a second engine says who holds the lock and leaves with 75 (I20 F90)', async () => {
    const first = start(['--seed', '3']);
    await first.line('READY', (line) => line.message === 'link READY');
    const second = start(['--seed', '3']);
    expect(await second.ended).toEqual({ code: 75, signal: null });
    expect(second.stderr).toContain('Another instance runs');
    expect(second.lines).toEqual([]);
  });

  it('a corrupt database is named, kept and costs code 12 (F83)', async () => {
    await start(['--seed', '3', '--speed', '5000', '--duration', '1h']).ended;
    const base = join(home.path, 'data', 'palm-oil-tui');
    const [state = ''] = readdirSync(base);
    const file = join(base, state, 'journal.db');
    writeFileSync(file, 'not a database at all');
    const program = start(['--seed', '3']);
    expect(await program.ended).toEqual({ code: 12, signal: null });
    expect(program.stderr).toContain(file);
    expect(program.stderr).toContain('It was left as it is');
    expect(program.stderr.trim().split('\n')).toHaveLength(1);
  });

  it('a broken line of a recording is named with its column, code 64', async () => {
    const file = join(home.path, 'bars.csv');
    writeFileSync(
      file,
      'time_utc_iso,open,high,low,close,volume\n' +
        '2025-01-06T02:30:00Z,4600,4605,4598,4601,10\n' +
        '2025-01-06T02:31:00Z,4600,abc,4598,4601,10\n',
    );
    const program = start(['--replay', file]);
    expect(await program.ended).toEqual({ code: 64, signal: null });
    expect(program.stderr).toContain('line 3, column high');
    expect(program.stderr.trim().split('\n')).toHaveLength(1);
  });

  it('a state directory that cannot be made is one sentence, code 12', async () => {
    const file = join(home.path, 'taken');
    writeFileSync(file, '');
    const program = start(['--seed', '3', '--data-dir', file]);
    expect(await program.ended).toEqual({ code: 12, signal: null });
    expect(program.stderr).toContain('cannot be made');
    expect(program.stderr.trim().split('\n')).toHaveLength(1);
  });

  it('a recording that is not there is one sentence, code 64', async () => {
    const program = start(['--replay', join(home.path, 'nowhere.csv')]);
    expect(await program.ended).toEqual({ code: 64, signal: null });
    expect(program.stderr).toContain('does not exist');
  });

  it('a metrics port in use is one sentence with the remedy, code 64', async () => {
    const blocker = createServer();
    await new Promise<void>((resolve) => blocker.listen(0, '127.0.0.1', resolve));
    const address = blocker.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const program = start(['--seed', '3', '--metrics-port', String(port)]);
    expect(await program.ended).toEqual({ code: 64, signal: null });
    expect(program.stderr).toContain(String(port));
    expect(program.stderr).toContain('in use');
    await new Promise((resolve) => blocker.close(resolve));
  });
});
