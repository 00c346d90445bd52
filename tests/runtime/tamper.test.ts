/**
 * Flipped bits in a journal at rest: seen before use, or without effect on what is read (F83 I17).
 * Deliberately random places of the whole file with a printed seed, beside every byte of one row.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { digest } from '../../src/engine/state.ts';
import { JournalDamaged, recover, verifyJournal } from '../../src/runtime/recovery.ts';
import { createPrng } from '../../src/sim/prng.ts';
import {
  copyJournal,
  freshFile,
  IDENTITY,
  journaled,
  morning,
  openAt,
  write,
} from './journal-desk.ts';

const SEED = process.env['SEED'] ?? '83';
const day = morning();
const inputs = journaled(day).slice(0, 300);

/** What a reader makes of a file: a state and a sound chain, or damage seen. */
async function reading(file: string): Promise<string> {
  try {
    const back = await recover(file, IDENTITY);
    const faults = await verifyJournal(file);
    if (faults.length > 0 || back === undefined) return 'seen';
    return `${digest(back.state)} ${back.head.id} ${back.head.hash}`;
  } catch (error) {
    // Anything but the typed sentence would be a crash of the start, not a refusal.
    expect(error).toBeInstanceOf(JournalDamaged);
    return 'seen';
  }
}

async function flips(file: string, place: () => { at: number; bit: number }, count: number) {
  const whole = readFileSync(file);
  const sound = await reading(file);
  let seen = 0;
  for (let trial = 0; trial < count; trial += 1) {
    const { at, bit } = place();
    const bent = Buffer.from(whole);
    bent[at] = (bent[at] ?? 0) ^ (1 << bit);
    writeFileSync(file, bent);
    const result = await reading(file);
    if (result === 'seen') seen += 1;
    else expect(result, `SEED=${SEED} byte ${at} bit ${bit}`).toBe(sound);
    writeFileSync(file, whole);
  }
  return seen;
}

describe('a flipped bit', () => {
  it('anywhere in a closed journal is seen, or changes nothing', async () => {
    const file = freshFile();
    const { journal } = await openAt(file);
    await journal.close(write(journal, inputs), 'stopped');
    const prng = createPrng(SEED).stream('flip');
    const { length } = readFileSync(file);
    const draw = (below: number) => Math.floor(prng.uniform() * below);
    const seen = await flips(file, () => ({ at: draw(length), bit: draw(8) }), 120);
    expect(seen).toBeGreaterThan(40);
  });

  it('anywhere in the payload and hashes of a row is seen', async () => {
    const file = freshFile();
    const { journal } = await openAt(file);
    await journal.close(write(journal, inputs), 'stopped');
    const text = readFileSync(file).toString('latin1');
    const start = text.indexOf('{"type":"quote"');
    const end = text.indexOf('}', start);
    let at = start;
    const next = () => {
      at += 1;
      return { at, bit: 0 };
    };
    const count = end - start + 128;
    expect(await flips(file, next, Math.min(count, 160))).toBe(Math.min(count, 160));
  });

  it('or a cut in the side file of a killed run leaves a sound journal or is seen', async () => {
    const file = freshFile();
    const copy = freshFile();
    const { journal } = await openAt(file);
    let state: Parameters<typeof write>[2];
    for (let index = 0; index < 60; index += 10) {
      state = write(journal, inputs.slice(index, index + 10), state);
      await journal.settled();
    }
    mkdirSync(dirname(copy), { recursive: true });
    copyJournal(file, copy);
    await journal.close(state ?? day.state, 'stopped');
    const wal = readFileSync(`${copy}-wal`);
    expect(wal.length).toBeGreaterThan(0);
    const prng = createPrng(SEED).stream('cut');
    for (let trial = 0; trial < 12; trial += 1) {
      const at = Math.floor(prng.uniform() * wal.length);
      writeFileSync(`${copy}-wal`, wal.subarray(0, at));
      expect(await reading(copy), `SEED=${SEED} cut at ${at}`).toMatch(/^(seen|[0-9a-f]{16} )/);
    }
  });
});
