/** The journal on a real file with its real writer. */
import { renameSync, statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type JournalRecord, mono, type Stamped, seq, wall } from '../../src/engine/index.ts';
import type { JournalAnswer } from '../../src/engine/ports.ts';
import { initialState } from '../../src/engine/state.ts';
import { recover, verifyJournal } from '../../src/runtime/recovery.ts';
import { IDENTITY, journalIn } from '../support/journal.ts';
import { tempDir } from '../support/temp-dir.ts';
import { waitFor } from '../support/wait-for.ts';

const NOTE: JournalRecord = { kind: 'note', text: 'hello' };
const clockAt = (number: number): Stamped => ({
  seq: seq(number),
  mono: mono(number),
  wall: wall(1_000 + number),
  event: { type: 'clock' },
});

describe('journal', () => {
  it('answers a barrier only after its row is in the file (I05 A5)', async () => {
    const answers: JournalAnswer[] = [];
    const { file, journal } = await journalIn(tempDir(), (answer) => answers.push(answer));
    journal.append(clockAt(1));
    journal.record(seq(1), NOTE, true);
    expect(journal.pending()).toBe(true);
    expect(answers).toEqual([]);
    await journal.settled();
    expect(answers).toEqual([{ type: 'durable', upTo: 1 }]);
    expect(journal.pending()).toBe(false);
    await journal.close(initialState(), 'test');
    expect(await verifyJournal(file)).toEqual([]);
  });

  it('never answers rows nobody waits for: the disk is not in the event log (I30)', async () => {
    const answers: JournalAnswer[] = [];
    const { journal } = await journalIn(tempDir(), (answer) => answers.push(answer));
    for (let index = 1; index <= 50; index += 1) journal.append(clockAt(index));
    await waitFor('the timed flush', () => journal.head().id === 50);
    expect(answers).toEqual([]);
    await journal.close(initialState(), 'test');
  });

  it('gives the same head for the same rows, however they were batched (A10)', async () => {
    const heads: string[] = [];
    for (const batch of [1, 7, 60]) {
      const { journal } = await journalIn(tempDir());
      for (let index = 1; index <= 60; index += 1) {
        journal.append(clockAt(index));
        journal.record(seq(index), NOTE, false);
        if (index % batch === 0) await journal.settled();
      }
      await journal.settled();
      heads.push(journal.head().hash);
      await journal.close(initialState(), 'test');
    }
    expect(new Set(heads).size).toBe(1);
  });

  it('keeps file and directory for the owner only (F121)', async () => {
    const { file, journal } = await journalIn(tempDir());
    expect(statSync(file).mode & 0o777).toBe(0o600);
    await journal.close(initialState(), 'test');
  });

  it('reports a replaced file as a fault, once, and keeps nobody waiting (F87 F85)', async () => {
    const answers: JournalAnswer[] = [];
    const { file, journal } = await journalIn(tempDir(), (answer) => answers.push(answer));
    renameSync(file, `${file}.away`);
    journal.append(clockAt(1));
    journal.record(seq(1), NOTE, true);
    await journal.settled();
    await waitFor('the fault', () => answers.length > 0);
    expect(answers.map((answer) => answer.type)).toEqual(['fault']);
    journal.append(clockAt(2));
    expect(journal.pending()).toBe(false);
    await journal.close(initialState(), 'test');
    expect(answers).toHaveLength(1);
  });

  it('notes how a run ended, and forgets it when the next one opens the file', async () => {
    const directory = tempDir();
    const first = await journalIn(directory);
    await first.journal.close(initialState(), 'operator');
    const ended = await recover(first.file, IDENTITY);
    expect(ended?.ended).toBe('operator');
    const second = await journalIn(directory, () => undefined, ended?.head);
    second.journal.append(clockAt(1));
    second.journal.record(seq(1), NOTE, true);
    await second.journal.settled();
    expect((await recover(first.file, IDENTITY))?.ended).toBeUndefined();
    await second.journal.close(initialState(), 'operator');
  });
});
