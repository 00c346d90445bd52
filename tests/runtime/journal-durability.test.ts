/**
 * What the journal promises beyond the plain path: exact states after a restart, nothing after a
 * lost batch, one file for one run. Deliberately with a whole morning and the real writer thread.
 */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type JournalRecord, positionId, seq, volume } from '../../src/engine/index.ts';
import { digest, initialState } from '../../src/engine/state.ts';
import { recover, verifyJournal } from '../../src/runtime/recovery.ts';
import { waitFor } from '../support/wait-for.ts';
import { after, freshFile, IDENTITY, journaled, morning, openAt, write } from './journal-desk.ts';

const day = morning();
const inputs = journaled(day);

describe('journal, under way', () => {
  it('answers each barrier apart and in order', async () => {
    const { journal, answers } = await openAt(freshFile());
    write(journal, inputs);
    await journal.settled();
    const asked = day.effects.filter((one) => one.type === 'record' && one.barrier);
    const upTo = answers.map((answer) => (answer.type === 'durable' ? answer.upTo : -1));
    expect(upTo).toHaveLength(asked.length);
    expect(upTo.length).toBeGreaterThan(1);
    expect(upTo).toEqual([...upTo].sort((a, b) => a - b));
    await journal.close(day.state, 'stopped');
  });

  it('is one whole file after a close: nothing is left in the side file', async () => {
    const file = freshFile();
    const { journal } = await openAt(file);
    const state = write(journal, inputs);
    await journal.close(state, 'stopped');
    expect(statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0).toBe(0);
    expect(await verifyJournal(file)).toEqual([]);
  });

  it('has the exact digest after any checkpoint and a replay of the rest (I17 A10)', async () => {
    const whole = write({ append: () => undefined, record: () => undefined }, inputs);
    for (const cut of [1, 9, 600, ...[1, 2, 3, 4, 5, 6].map((left) => inputs.length - left)]) {
      const file = freshFile();
      const first = await openAt(file);
      const half = write(first.journal, inputs.slice(0, cut));
      await first.journal.close(half, 'stopped');
      const second = await openAt(file);
      const back = second.recovered?.state ?? initialState();
      expect(digest(back)).toBe(digest(half));
      const rest = write(second.journal, inputs.slice(cut), back);
      expect(digest(rest)).toBe(digest(whole));
      await second.journal.settled();
      const third = await recover(file, IDENTITY);
      expect(digest(third?.state ?? initialState())).toBe(digest(whole));
      await second.journal.close(rest, 'stopped');
    }
  });

  it('refuses to go on from another head than the file has (F88)', async () => {
    const file = freshFile();
    const first = await openAt(file);
    const state = write(first.journal, inputs.slice(0, 50));
    await first.journal.close(state, 'stopped');
    const second = await openAt(file, { id: 3, hash: 'f'.repeat(64) });
    second.journal.record(seq(51), { kind: 'note', text: 'from nowhere' }, true);
    await second.journal.settled();
    expect(second.answers.map((answer) => answer.type)).toEqual(['fault']);
    await second.journal.close(state, 'stopped');
    expect((await recover(file, IDENTITY))?.head).toEqual(first.journal.head());
  });

  it('faults instead of making a new file when it is gone before it opens (F87)', async () => {
    const file = freshFile();
    const { journal, answers } = await openAt(file);
    await journal.close(initialState(), 'stopped');
    const again = await openAt(file);
    rmSync(file);
    for (const end of ['-wal', '-shm']) rmSync(file + end, { force: true });
    again.journal.record(seq(1), { kind: 'note', text: 'where to?' }, true);
    await again.journal.settled();
    expect(answers).toEqual([]);
    expect(again.answers.map((answer) => answer.type)).toEqual(['fault']);
    await again.journal.close(initialState(), 'stopped');
  });

  it.each([
    ['removed', (file: string) => rmSync(file)],
    ['renamed', (file: string) => renameSync(file, `${file}.away`)],
    [
      'replaced by a copy',
      (file: string) => {
        copyFileSync(file, `${file}.copy`);
        renameSync(`${file}.copy`, file);
      },
    ],
  ])(
    'notices within seconds that its file was %s, with nothing to write (F87)',
    async (_, harm) => {
      const file = freshFile();
      // Every timer of the journal fires soon: the check comes every five seconds otherwise.
      const soon = (_delayMs: number, callback: () => void) => after(5, callback);
      const { journal, answers } = await openAt(file, undefined, { after: soon });
      write(journal, inputs.slice(0, 50));
      await journal.settled();
      answers.length = 0;
      harm(file);
      await waitFor('the fault', () => answers.length > 0);
      expect(answers).toMatchObject([{ type: 'fault' }]);
      await journal.close(day.state, 'stopped');
    },
  );

  it('lets closing go on beside a broken file, and entries not (I05 I32)', async () => {
    const file = freshFile();
    const said: string[] = [];
    const { journal, answers } = await openAt(
      file,
      { id: 9, hash: 'f'.repeat(64) },
      {
        onReserve: (line) => said.push(line),
      },
    );
    const close: JournalRecord = {
      kind: 'request',
      request: {
        type: 'closePosition',
        requestId: 'c1',
        positionId: positionId('500'),
        volume: volume(100),
      },
      reason: 'operator',
    };
    const entry = day.effects.find(
      (one) => one.type === 'record' && one.barrier && one.record.kind === 'order',
    );
    if (entry?.type !== 'record') throw new Error('the morning has no entry');
    // On its way when the writer fails, and after it.
    rmSync(file);
    for (const end of ['-wal', '-shm']) rmSync(file + end, { force: true });
    journal.record(seq(2), entry.record, true);
    journal.record(seq(3), close, true);
    await waitFor('the fault', () => answers.length > 0);
    journal.record(seq(4), entry.record, true);
    journal.record(seq(5), close, true);
    expect(answers).toEqual([
      { type: 'fault', reason: expect.anything() },
      { type: 'durable', upTo: 3 },
      { type: 'durable', upTo: 5 },
    ]);
    const kept = readFileSync(`${file}.reserve`, 'utf8').replace(/\0/g, '').trimEnd().split('\n');
    expect(kept).toEqual(said);
    expect(kept.map((line) => JSON.parse(line))).toMatchObject([
      { durable: true, seq: 3 },
      { durable: true, seq: 5 },
    ]);
    await journal.close(day.state, 'stopped');
  });

  it('makes its file whole or not at all, whatever a killed start left behind', async () => {
    const file = freshFile();
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(`${file}.new`, 'half a database');
    const { journal, answers } = await openAt(file);
    const state = write(journal, inputs.slice(0, 50));
    await journal.settled();
    expect(answers).toEqual([]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    await journal.close(state, 'stopped');
    expect(existsSync(`${file}.new`)).toBe(false);
  });
});
