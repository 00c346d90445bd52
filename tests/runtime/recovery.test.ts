/** Recovery from real files: whole, altered, torn and foreign ones. */
import { existsSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { digest } from '../../src/engine/state.ts';
import { JournalDamaged, recover, verifyJournal } from '../../src/runtime/recovery.ts';
import { openDatabase } from '../../src/runtime/sqlite.ts';
import { EngineBench } from '../support/engine.ts';
import { IDENTITY, journalIn } from '../support/journal.ts';
import { tempDir } from '../support/temp-dir.ts';

/** A morning with an order in it, written to a real file. */
async function recordedMorning(directory: string) {
  const bench = new EngineBench();
  bench.start();
  bench.ready();
  for (let level = 4_598; bench.barriers.length === 0 && level > 4_500; level -= 3) {
    bench.sentiment(44);
    bench.bar(level);
  }
  bench.durable();
  const { file, journal } = await journalIn(directory);
  for (const input of bench.inputs) journal.append(input);
  journal.record(bench.state.at.seq, { kind: 'note', text: 'end' }, true);
  await journal.settled();
  return { bench, file, journal };
}

describe('recovery', () => {
  it('replays the file to the very state that was lost (F82 F91 I17)', async () => {
    const { bench, file, journal } = await recordedMorning(tempDir());
    const before = journal.head();
    const recovered = await recover(file, IDENTITY);
    await journal.close(bench.state, 'test');
    expect(recovered?.replayed).toBe(bench.inputs.length);
    expect(recovered?.head).toEqual(before);
    expect(digest(recovered?.state ?? bench.state)).toBe(digest(bench.state));
    expect(recovered?.state.core.orders).toEqual(bench.state.core.orders);
  });

  it('starts from the checkpoint and replays only what follows', async () => {
    const { bench, file, journal } = await recordedMorning(tempDir());
    await journal.close(bench.state, 'test');
    const recovered = await recover(file, IDENTITY);
    expect(recovered?.replayed).toBe(0);
  });

  it('knows no journal where there is none', async () => {
    expect(await recover(join(tempDir(), 'journal.db'), IDENTITY)).toBeUndefined();
  });

  it('refuses the journal of another account, environment or mode (F88 F119)', async () => {
    const { bench, file, journal } = await recordedMorning(tempDir());
    await journal.close(bench.state, 'test');
    for (const other of [{ account: '1' }, { environment: 'live' }, { mode: 'live' }]) {
      await expect(recover(file, { ...IDENTITY, ...other })).rejects.toThrow(/belongs to/);
    }
  });

  it('names an altered row or checkpoint and leaves the file as it is (F83)', async () => {
    for (const sql of [
      "UPDATE entries SET payload = payload || ' ' WHERE id = 40",
      'UPDATE entries SET wall = wall + 1 WHERE id = 41',
      'DELETE FROM entries WHERE id = 42',
    ]) {
      const { file, journal } = await recordedMorning(tempDir());
      await journal.settled();
      const database = await openDatabase(file);
      database.exec(sql);
      database.close();
      await expect(recover(file, IDENTITY)).rejects.toThrow(JournalDamaged);
      expect(await verifyJournal(file)).toEqual(
        sql.startsWith('DELETE') ? [] : [expect.stringContaining('altered')],
      );
      await journal.close(new EngineBench().state, 'test');
    }
    const { bench, file, journal } = await recordedMorning(tempDir());
    await journal.close(bench.state, 'test');
    const database = await openDatabase(file);
    database.exec("UPDATE checkpoints SET state = replace(state, 'active', 'halted')");
    database.close();
    await expect(recover(file, IDENTITY)).rejects.toThrow(/altered checkpoint/);
  });

  it('says in one sentence what is wrong with a torn or foreign file (F83)', async () => {
    const { bench, file, journal } = await recordedMorning(tempDir());
    await journal.close(bench.state, 'test');
    const whole = readFileSync(file);
    const wreck: readonly (() => void)[] = [
      () => truncateSync(file, 5_000),
      () => writeFileSync(file, 'this is not a database, it is a poem about palm trees'),
      () => writeFileSync(file, ''),
      () => {
        const torn = Buffer.from(whole);
        torn.fill(0xff, 4_096, 12_288);
        writeFileSync(file, torn);
      },
    ];
    for (const act of wreck) {
      writeFileSync(file, whole);
      act();
      const failure = await recover(file, IDENTITY).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(JournalDamaged);
      const { message } = failure as Error;
      expect(message).toContain(file);
      expect(message).toContain('It was left as it is');
      expect(existsSync(file)).toBe(true);
    }
  });
});
