/** A journal run again: the same records and states, and the row named that is another one. */
import { describe, expect, it } from 'vitest';
import { digest } from '../../src/engine/state.ts';
import { type Verdict, verifyReplay } from '../../src/runtime/journal-replay.ts';
import { entryHash, GENESIS, type StoredEntry } from '../../src/runtime/journal-rows.ts';
import { viewJournal } from '../../src/runtime/journal-view.ts';
import { openDatabase } from '../../src/runtime/sqlite.ts';
import { freshFile, morning, openAt, write } from './journal-desk.ts';

async function recorded() {
  const bench = morning();
  const file = freshFile();
  const { journal } = await openAt(file);
  const state = write(journal, bench.inputs);
  await journal.settled();
  await journal.close(state, 'test');
  return { file, state, inputs: bench.inputs.length };
}

/** Changes rows as somebody who can compute the chain would. */
async function forge(file: string, change: (entry: StoredEntry) => string): Promise<void> {
  const database = await openDatabase(file);
  let prev = GENESIS.hash;
  const update = database.prepare(
    'UPDATE entries SET payload = ?, prev = ?, hash = ? WHERE id = ?',
  );
  for (const row of database.prepare('SELECT * FROM entries ORDER BY id').all()) {
    const entry = row as unknown as StoredEntry;
    const payload = change(entry);
    const hash = entryHash(prev, { ...entry, payload });
    update.run(payload, prev, hash, entry.id);
    prev = hash;
  }
  database.close();
}

async function verdictOn(file: string): Promise<Verdict> {
  const view = await viewJournal(file);
  const verdict = verifyReplay(view);
  view.close();
  if (typeof verdict === 'string') throw new Error(verdict);
  return verdict;
}

describe('a journal run again', () => {
  it('gives the same records, states and digest (I17 F91)', async () => {
    const { file, state, inputs } = await recorded();
    const verdict = await verdictOn(file);
    expect(verdict).toMatchObject({
      difference: undefined,
      inputs,
      from: 1,
      checkpoints: 1,
      digest: digest(state),
    });
    expect(verdict.decisions).toBeGreaterThan(0);
    expect(verdict.records).toBeGreaterThan(verdict.decisions);
  });

  it('names the decision that says something else, though the chain is whole (I17)', async () => {
    const { file } = await recorded();
    let changed: number | undefined;
    await forge(file, ({ id, kind, payload }) => {
      const isDecision = kind === 'record' && payload.startsWith('{"kind":"decision"');
      if (!isDecision || changed !== undefined) return payload;
      changed = id;
      return payload.replace('"trend":"', '"trend":"not ');
    });
    const { difference } = await verdictOn(file);
    expect(difference).toMatch(new RegExp(`^row ${changed} \\(record of step \\d+\\) says `));
  });

  it('names the row after which another price leads elsewhere (I17)', async () => {
    const { file } = await recorded();
    let isDone = false;
    await forge(file, ({ id, payload }) => {
      if (isDone || id < 500 || !payload.startsWith('{"type":"quote"')) return payload;
      isDone = true;
      return payload.replace(/"bid":(\d+)/, (_all, bid) => `"bid":${Number(bid) - 9_000_000}`);
    });
    expect(isDone).toBe(true);
    expect((await verdictOn(file)).difference).toMatch(/^row \d+ /);
  });

  it('names the input whose record was taken out', async () => {
    const { file } = await recorded();
    await forge(file, ({ payload }) =>
      payload.startsWith('{"kind":"order"') ? '{"kind":"note","text":"nothing"}' : payload,
    );
    expect((await verdictOn(file)).difference).toMatch(/lacks what follows|says/);
  });
});
