/** The writer thread alone, spoken to as the main thread does. */
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import type { Entry, WriterAnswer, WriterCall } from '../../src/runtime/journal-rows.ts';
import { recover } from '../../src/runtime/recovery.ts';
import { openDatabase } from '../../src/runtime/sqlite.ts';
import {
  freshFile,
  IDENTITY,
  journaled,
  morning,
  openAt,
  write,
  writerUrl,
} from './journal-desk.ts';

const day = morning();
const inputs = journaled(day);

/** The writer alone: its answers to all but the first call, which is never answered. */
async function askWriter(calls: readonly WriterCall[]): Promise<WriterAnswer[]> {
  const worker = new Worker(await writerUrl());
  const answers: WriterAnswer[] = [];
  await new Promise<void>((resolve) => {
    worker.on('message', (answer: WriterAnswer) => {
      answers.push(answer);
      if (answers.length === calls.length - 1) resolve();
    });
    for (const call of calls) worker.postMessage(call);
  });
  await worker.terminate();
  return answers;
}

describe('journal writer', () => {
  it('writes nothing after a lost batch, also not what was on its way already (F86)', async () => {
    const file = freshFile();
    const { journal } = await openAt(file);
    write(journal, inputs.slice(0, 50));
    await journal.close(day.state, 'stopped');
    const good = journal.head();
    const database = await openDatabase(file);
    database.exec(
      `CREATE TRIGGER once BEFORE INSERT ON entries WHEN NEW.payload = 'lost'
       BEGIN SELECT RAISE(ABORT, 'sync failed'); END`,
    );
    const row = (payload: string): Entry => ({
      seq: 51,
      kind: 'record',
      mono: 1,
      wall: 1,
      payload,
    });
    const answers = await askWriter([
      { type: 'open', file, head: good, reserveBytes: 0, keepDays: 35 },
      { type: 'write', call: 1, entries: [row('lost')], sync: true },
      { type: 'write', call: 2, entries: [row('after it')], sync: true },
      { type: 'checkpoint', seq: 51, state: '{}' },
    ]);
    expect(answers).toEqual(Array(3).fill({ type: 'fault', reason: 'sync failed' }));
    expect(database.prepare('SELECT MAX(id) AS id FROM entries').get()?.['id']).toBe(good.id);
    database.exec('DROP TRIGGER once');
    database.close();
    expect((await recover(file, IDENTITY))?.head).toEqual(good);
  });

  it('gives up the market only behind the older of two checkpoints, and no record', async () => {
    const file = freshFile();
    const { journal } = await openAt(file);
    await journal.close(write(journal, inputs.slice(0, 300)), 'stopped');
    const database = await openDatabase(file);
    const count = (where: string) =>
      Number(database.prepare(`SELECT COUNT(*) AS n FROM entries WHERE ${where}`).get()?.['n']);
    const isQuote = `payload LIKE '{"type":"quote"%'`;
    const before = { quotes: count(isQuote), records: count(`kind = 'record'`) };
    expect(before.quotes).toBeGreaterThan(100);
    const second = await openAt(file);
    const rest = write(second.journal, inputs.slice(300, 600), second.recovered?.state);
    await second.journal.close(rest, 'stopped');
    expect(count(`${isQuote} AND seq <= ${inputs[299]?.seq}`)).toBeLessThanOrEqual(1);
    expect(count(`kind = 'record' AND seq <= ${inputs[299]?.seq}`)).toBe(before.records);
    expect(before.records).toBeGreaterThan(0);
    expect(count(isQuote)).toBeGreaterThan(100);
    database.close();
    expect((await recover(file, IDENTITY))?.head).toEqual(second.journal.head());
  });
});
