/** Weeks of a journal's rows in a database of its own, and a trade through the real writer. */
import { describe, expect, it } from 'vitest';
import { giveUp } from '../../src/runtime/journal-retention.ts';
import { type Entry, entryHash, GENESIS, SCHEMA } from '../../src/runtime/journal-rows.ts';
import { viewJournal } from '../../src/runtime/journal-view.ts';
import { Projections } from '../../src/runtime/projections.ts';
import { recover, verifyJournal } from '../../src/runtime/recovery.ts';
import { type Database, openBare, openDatabase } from '../../src/runtime/sqlite.ts';
import { freshFile, IDENTITY, journaled, morning, openAt, write } from './journal-desk.ts';

const DAY_MS = 86_400_000;
const DAYS_KEPT = 35;

/** One day of rows: a market, a decision that did nothing, and on Mondays a trade. */
function dayOf(day: number): Entry[] {
  const rows: Entry[] = [];
  let seq = day * 1_000;
  const say = (kind: Entry['kind'], payload: string): void => {
    rows.push({ seq, kind, mono: day, wall: day * DAY_MS + rows.length, payload });
  };
  const input = (payload: string): void => {
    seq += 1;
    say('input', payload);
  };
  input(
    '{"type":"instrument","generation":1,"instrument":{"id":"1","name":"FCPO","digits":0,' +
      `"sessions":[{"open":${day}}]}}`,
  );
  for (const type of ['quote', 'clock', 'barsLoaded', 'clockSkew', 'brokerSnapshot', 'sentiment']) {
    for (let count = 0; count < 5; count += 1) input(`{"type":"${type}","count":${count}}`);
  }
  say('record', '{"kind":"decision","decision":{"blockedBy":"signal"}}');
  if (day % 7 !== 0) return rows;
  input('{"type":"quote"}');
  say('record', '{"kind":"decision","decision":{}}');
  say('record', '{"kind":"order","clientOrderId":"b"}');
  input('{"type":"brokerSnapshot","pass":{}}');
  say('record', '{"kind":"position","positionId":"5","state":"PROTECTED"}');
  return rows;
}

/** So many days, each ended by a checkpoint that gives up what it may; rows left after each. */
async function daysOf(count: number): Promise<{ database: Database; left: number[] }> {
  const database = await openBare(':memory:');
  database.exec(SCHEMA);
  const insert = database.prepare('INSERT INTO entries VALUES (?,?,?,?,?,?,?,?)');
  const left: number[] = [];
  let head = GENESIS;
  for (let day = 0; day < count; day += 1) {
    for (const entry of dayOf(day)) {
      const hash = entryHash(head.hash, entry);
      const { seq, kind, mono, wall, payload } = entry;
      insert.run(head.id + 1, seq, kind, mono, wall, payload, head.hash, hash);
      head = { id: head.id + 1, hash };
    }
    database
      .prepare('INSERT INTO checkpoints VALUES (?,?,?,?,?)')
      .run(head.id, 0, head.hash, '', '');
    database.exec(
      `DELETE FROM checkpoints
       WHERE id NOT IN (SELECT id FROM checkpoints ORDER BY id DESC LIMIT 2)`,
    );
    giveUp(database, DAYS_KEPT);
    left.push(Number(database.prepare('SELECT COUNT(*) AS n FROM entries').get()?.['n']));
  }
  return { database, left };
}

describe('what a journal gives up in time', () => {
  it('levels off once the days are over: then it grows by its trades alone', async () => {
    const { database, left } = await daysOf(140);
    const weekly = [63, 70, 77, 84, 133].map((day) => (left[day] ?? 0) - (left[day - 7] ?? 0));
    // A decision, its order, a look at the broker that changed something, and its record.
    expect(weekly).toEqual([4, 4, 4, 4, 4]);
    database.close();
  });

  it('keeps the market of two checkpoints, reasons for weeks, and what moved money', async () => {
    const { database } = await daysOf(100);
    const days = (payload: string) =>
      database
        .prepare(
          'SELECT MIN(wall) / 86400000 AS first, COUNT(*) AS n FROM entries WHERE payload LIKE ?',
        )
        .get(payload);
    expect(days('{"type":"quote"%')).toMatchObject({ first: 99 });
    expect(days('{"type":"brokerSnapshot","c%')).toMatchObject({ first: 99 });
    expect(days('{"type":"sentiment"%')).toMatchObject({ first: 65 });
    expect(days('{"kind":"decision","decision":{"b%')).toMatchObject({ first: 64 });
    expect(days('{"kind":"decision","decision":{}}')).toMatchObject({ first: 0, n: 15 });
    expect(days('{"kind":"order"%')).toMatchObject({ first: 0, n: 15 });
    expect(days('{"type":"brokerSnapshot","p%')).toMatchObject({ first: 0, n: 15 });
    // The first says all that a trade of those days is shown with.
    expect(days('{"type":"instrument"%')).toMatchObject({ first: 0, n: 36 });
    database.close();
  });

  it('tells the same trade after as before, and misses a row that must stay (I17)', async () => {
    const file = freshFile();
    const day = morning();
    const inputs = journaled(day);
    const half = Math.floor(inputs.length / 2);
    const told = async (): Promise<string> => {
      const view = await viewJournal(file);
      const lines: unknown[] = [];
      const projections = new Projections({
        opened: (trade) => lines.push(trade),
        audit: (row) => lines.push(row),
      });
      for (const row of view.facts()) projections.take(row);
      view.close();
      return JSON.stringify(lines);
    };
    const first = await openAt(file);
    const middle = write(first.journal, inputs.slice(0, half));
    await first.journal.close(middle, 'stopped');
    const second = await openAt(file);
    await second.journal.close(write(second.journal, inputs.slice(half), middle), 'stopped');
    const before = await told();
    const third = await openAt(file);
    const more = inputs
      .slice(-1)
      .map((input) => ({ ...input, seq: (input.seq + 1) as typeof input.seq }));
    await third.journal.close(write(third.journal, more, third.recovered?.state), 'stopped');
    const database = await openDatabase(file);
    const quotes = `SELECT COUNT(*) AS n FROM entries WHERE payload LIKE '{"type":"quote"%'`;
    expect(Number(database.prepare(quotes).get()?.['n'])).toBeLessThan(5);
    expect(before).toContain('FILLED');
    expect(await told()).toBe(before);
    expect(await verifyJournal(file)).toEqual([]);
    expect((await recover(file, IDENTITY))?.head).toEqual(third.journal.head());
    database.exec(
      `DELETE FROM entries WHERE id =
       (SELECT MIN(id) FROM entries WHERE payload LIKE '{"kind":"order"%')`,
    );
    database.close();
    expect(await verifyJournal(file)).toEqual([expect.stringMatching(/^of \d+ lasting rows/)]);
  });
});
