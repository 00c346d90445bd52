/** Somebody else holds a lock on the journal: waited for within bounds, and a failure beyond. */
import { describe, expect, it } from 'vitest';
import { seq } from '../../src/engine/index.ts';
import { recover, verifyJournal } from '../../src/runtime/recovery.ts';
import { openDatabase } from '../../src/runtime/sqlite.ts';
import { waitFor } from '../support/wait-for.ts';
import { freshFile, IDENTITY, journaled, morning, openAt, write } from './journal-desk.ts';

const inputs = journaled(morning()).slice(0, 50);
const note = (text: string) => ({ kind: 'note', text }) as const;

describe('a lock of somebody else', () => {
  it('that ends soon delays the answer and loses nothing (F84 I05)', async () => {
    const file = freshFile();
    const { journal, answers } = await openAt(file);
    const state = write(journal, inputs);
    await journal.settled();
    answers.length = 0;
    const other = await openDatabase(file);
    other.exec('BEGIN IMMEDIATE');
    journal.record(seq(51), note('while locked'), true);
    // The writer is at its commit when the lock goes: its own check of the file is answered before.
    await waitFor('the writer to be kept waiting', () => journal.pending());
    expect(answers).toEqual([]);
    other.exec('ROLLBACK');
    other.close();
    await waitFor('the answer', () => answers.length > 0);
    expect(answers).toEqual([{ type: 'durable', upTo: 51 }]);
    await journal.close(state, 'stopped');
    expect(await verifyJournal(file)).toEqual([]);
  });

  it('that does not end is a failed write: no answer says durable (F84 F86 I05)', async () => {
    const file = freshFile();
    const { journal, answers } = await openAt(file);
    const state = write(journal, inputs);
    await journal.settled();
    const head = journal.head();
    answers.length = 0;
    const other = await openDatabase(file);
    other.exec('BEGIN IMMEDIATE');
    journal.record(seq(51), note('while locked'), true);
    await waitFor('the fault', () => answers.length > 0);
    expect(answers).toMatchObject([{ type: 'fault' }]);
    other.exec('ROLLBACK');
    other.close();
    await journal.close(state, 'stopped');
    expect((await recover(file, IDENTITY))?.head).toEqual(head);
  });

  it('of a reader with an old picture does not keep the writer from writing (F84)', async () => {
    const file = freshFile();
    const { journal, answers } = await openAt(file);
    write(journal, inputs.slice(0, 20));
    await journal.settled();
    const reader = await openDatabase(file);
    reader.exec('BEGIN');
    const count = () => Number(reader.prepare('SELECT COUNT(*) AS n FROM entries').get()?.['n']);
    const seen = count();
    answers.length = 0;
    journal.record(seq(51), note('beside a reader'), true);
    await waitFor('the answer', () => answers.length > 0);
    expect(answers).toEqual([{ type: 'durable', upTo: 51 }]);
    expect(count()).toBe(seen);
    reader.exec('COMMIT');
    expect(count()).toBeGreaterThan(seen);
    reader.close();
  });
});
