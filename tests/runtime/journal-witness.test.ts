/** Rows that were acknowledged and are gone are missed at the next start, whatever took them. */
import {
  copyFileSync,
  mkdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { GENESIS } from '../../src/runtime/journal-rows.ts';
import { missingRows, openWitness, witnessFile } from '../../src/runtime/journal-witness.ts';
import { recover } from '../../src/runtime/recovery.ts';
import {
  copyJournal,
  freshFile,
  IDENTITY,
  journaled,
  morning,
  openAt,
  write,
} from './journal-desk.ts';

const inputs = journaled(morning()).slice(0, 300);

/** A journal as a killed run leaves it, side files and witness included. */
async function killed(): Promise<string> {
  const file = freshFile();
  const { journal } = await openAt(file);
  const state = write(journal, inputs);
  await journal.settled();
  const copy = freshFile();
  mkdirSync(dirname(copy), { recursive: true });
  copyJournal(file, copy);
  copyFileSync(witnessFile(file), witnessFile(copy));
  await journal.close(state, 'stopped');
  return copy;
}

async function missing(file: string): Promise<string | undefined> {
  return missingRows(file, (await recover(file, IDENTITY))?.head ?? GENESIS);
}

describe('the witness of the journal', () => {
  it('misses nothing after a kill or a plain end (F82)', async () => {
    expect(await missing(await killed())).toBeUndefined();
    const file = freshFile();
    const { journal } = await openAt(file);
    await journal.close(write(journal, inputs), 'stopped');
    expect(await missing(file)).toBeUndefined();
  });

  it('names the rows that went with a deleted side file (F83 I17)', async () => {
    const file = await killed();
    rmSync(`${file}-wal`);
    rmSync(`${file}-shm`, { force: true });
    expect(await missing(file)).toMatch(/rows 1 to \d+ were acknowledged and are gone/);
  });

  it('names the rows that went with a cut side file, wherever it is cut (F83)', async () => {
    const whole = await killed();
    const { length } = readFileSync(`${whole}-wal`);
    for (const share of [0.2, 0.5, 0.9]) {
      const file = freshFile();
      mkdirSync(dirname(file), { recursive: true });
      copyJournal(whole, file);
      copyFileSync(witnessFile(whole), witnessFile(file));
      truncateSync(`${file}-wal`, Math.floor(length * share));
      expect(await missing(file), `cut at ${share}`).toMatch(/were acknowledged and are gone/);
    }
  });

  it('names an older copy that was put back, and a journal that is gone (F88 P14)', async () => {
    const file = freshFile();
    const first = await openAt(file);
    const half = write(first.journal, inputs.slice(0, 150));
    await first.journal.close(half, 'stopped');
    copyFileSync(file, `${file}.yesterday`);
    const second = await openAt(file);
    await second.journal.close(write(second.journal, inputs.slice(150), half), 'stopped');
    expect(await missing(file)).toBeUndefined();
    copyFileSync(`${file}.yesterday`, file);
    expect(await missing(file)).toMatch(/an older copy was put back/);
    rmSync(file);
    expect(await missing(file)).toMatch(/rows 1 to \d+/);
  });

  it('names another journal of the same length (F88)', async () => {
    const file = freshFile();
    const { journal } = await openAt(file);
    await journal.close(write(journal, inputs), 'stopped');
    const witness = openWitness(file);
    witness.note({ id: journal.head().id, hash: 'f'.repeat(64) }, true);
    witness.close();
    expect(await missing(file)).toMatch(/is not the one that was acknowledged/);
  });

  it('believes the note before a torn one, and goes on after it', async () => {
    const file = freshFile();
    mkdirSync(dirname(file), { recursive: true });
    const witness = openWitness(file);
    witness.note({ id: 4, hash: 'a' }, true);
    witness.note({ id: 9, hash: 'b' }, true);
    witness.close();
    const bytes = readFileSync(witnessFile(file));
    const torn = bytes.indexOf('"id":9');
    writeFileSync(witnessFile(file), bytes.fill('x', torn, torn + 4));
    expect(await missingRows(file, { id: 3, hash: '' })).toMatch(/rows 4 to 4 /);
    const again = openWitness(file);
    again.note({ id: 2, hash: 'c' }, true);
    again.close();
    expect(await missingRows(file, { id: 1, hash: '' })).toMatch(/rows 2 to 2 /);
  });
});
