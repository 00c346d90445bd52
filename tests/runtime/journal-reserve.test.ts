/** The space taken beforehand: used in place, read back at the next start, kept aside then. */
import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { positionId, seq, volume } from '../../src/engine/index.ts';
import { initialState } from '../../src/engine/state.ts';
import { keepInReserve, makeReserve, reserveWords } from '../../src/runtime/journal-reserve.ts';
import { openDatabase } from '../../src/runtime/sqlite.ts';
import { waitFor } from '../support/wait-for.ts';
import { freshFile, journaled, morning, openAt, write } from './journal-desk.ts';

const BYTES = 256 * 1024;
const close = {
  kind: 'request',
  request: {
    type: 'closePosition',
    requestId: 'c1',
    positionId: positionId('500'),
    volume: volume(100),
  },
  reason: 'operator',
} as const;
const trip = { kind: 'breaker', breaker: 'KILL', change: 'tripped', reason: 'by hand' } as const;

describe('the reserve', () => {
  it('takes its space once and is used in place: no new block is needed (F85 A5)', () => {
    const file = freshFile();
    mkdirSync(dirname(file), { recursive: true });
    makeReserve(file, BYTES);
    const before = statSync(`${file}.reserve`);
    expect(before.size).toBe(BYTES);
    expect(before.mode & 0o777).toBe(0o600);
    for (let line = 0; line < 20; line += 1) {
      expect(keepInReserve(file, JSON.stringify({ record: close, line }))).toBe(true);
    }
    const after = statSync(`${file}.reserve`);
    expect([after.size, after.blocks]).toEqual([before.size, before.blocks]);
    expect(reserveWords(file)).toMatch(/has 20: closePosition$/);
  });

  it('a full disk: entries stop; closes and trips are kept (P04 F85 I05 I21)', async () => {
    const file = freshFile();
    const first = await openAt(file, undefined, { reserveBytes: BYTES });
    const inputs = journaled(morning());
    const state = write(first.journal, inputs.slice(0, 50));
    await first.journal.settled();
    await waitFor('the reserve', () => existsSync(`${file}.reserve`));
    const database = await openDatabase(file);
    database.exec(
      `CREATE TRIGGER full BEFORE INSERT ON entries
       BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END`,
    );
    first.answers.length = 0;
    first.journal.record(seq(51), close, true);
    await waitFor('the fault', () => first.answers.length >= 2);
    first.journal.record(seq(52), trip, false);
    expect(first.answers).toMatchObject([{ type: 'fault' }, { type: 'durable', upTo: 51 }]);
    const entry = { kind: 'note', text: 'an entry would be announced so' } as const;
    first.journal.record(seq(53), entry, true);
    expect(first.answers).toHaveLength(2);
    await first.journal.close(state, 'stopped');
    database.exec('DROP TRIGGER full');
    database.close();
    expect(reserveWords(file)).toMatch(/has 2: closePosition, KILL tripped/);
    // The next run keeps the old lines aside once its own first rows are safe.
    const second = await openAt(file, undefined, { reserveBytes: BYTES });
    expect(reserveWords(file)).toBeDefined();
    second.journal.record(seq(60), { kind: 'note', text: 'told' }, true);
    await second.journal.settled();
    await waitFor('the reserve to be kept', () => existsSync(`${file}.reserve-kept`));
    await second.journal.close(initialState(), 'stopped');
    expect(readFileSync(`${file}.reserve-kept`, 'utf8')).toContain('closePosition');
    expect(reserveWords(file)).toBeUndefined();
  });
});
