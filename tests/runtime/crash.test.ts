/**
 * Real processes and SIGKILL: nothing acknowledged is lost, and a dead holder frees its lock.
 * Deliberately few trials with random instants; the seed of the instants is printed on failure.
 */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recover, verifyJournal } from '../../src/runtime/recovery.ts';
import { createPrng } from '../../src/sim/prng.ts';
import { waitFor } from '../support/wait-for.ts';
import { bundled, freshDirectory, IDENTITY, writerUrl } from './journal-desk.ts';

const SEED = process.env['SEED'] ?? '82';
let script = '';
const children: ChildProcessByStdio<null, Readable, null>[] = [];

beforeAll(async () => {
  script = fileURLToPath(await bundled('tests/runtime/writing-child.ts'));
});
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(script, { force: true });
});

async function child(directory: string) {
  const writer = fileURLToPath(await writerUrl());
  const process_ = spawn(process.execPath, [script, directory, writer, IDENTITY.account], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(process_);
  let text = '';
  process_.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  const ended = new Promise<number | null>((resolve) => {
    process_.on('close', (code) => resolve(code));
  });
  /** Whole lines only: half a line was not said. */
  const lines = () => text.split('\n').slice(0, -1);
  const acknowledged = () => lines().filter((line) => line.startsWith('durable'));
  return { kill: () => process_.kill('SIGKILL'), ended, lines, acknowledged };
}

describe('killed at any instant', () => {
  it('loses nothing that was acknowledged, five times in a row (F82 I05 I17)', async () => {
    const directory = freshDirectory();
    const file = join(directory, 'journal.db');
    const prng = createPrng(SEED).stream('kill');
    for (let trial = 0; trial < 5; trial += 1) {
      const writer = await child(directory);
      const wanted = 1 + Math.floor(prng.uniform() * 120);
      await waitFor('acknowledgements', () => writer.acknowledged().length >= wanted);
      writer.kill();
      await writer.ended;
      const last = Number(writer.acknowledged().at(-1)?.split(' ')[1]);
      const back = await recover(file, IDENTITY);
      expect(back?.state.at.seq, `SEED=${SEED} trial ${trial}`).toBeGreaterThanOrEqual(last);
      expect(back?.ended).toBeUndefined();
      expect(await verifyJournal(file)).toEqual([]);
    }
  });

  it('one of two holds the lock; the other says so with its own code (F90 I20)', async () => {
    const directory = freshDirectory();
    const both = await Promise.all([child(directory), child(directory)]);
    const loser = await waitFor('a refusal', () =>
      both.find((one) => one.lines().length === 1 && one.lines()[0] === 'refused AlreadyRunning'),
    );
    expect(await loser.ended).toBe(75);
    const holder = both.find((one) => one !== loser);
    await waitFor('the holder at work', () => (holder?.acknowledged().length ?? 0) > 3);
    holder?.kill();
    await holder?.ended;
    const next = await child(directory);
    await waitFor('the next one at work', () => next.acknowledged().length > 3);
    next.kill();
    await next.ended;
  });
});
