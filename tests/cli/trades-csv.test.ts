/** The kept file of trades: one line each, whatever run, crash or strange file came before. */
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { TRADE_HEADER } from '../../src/cli/trade-cells.ts';
import { keepTradesCsv } from '../../src/cli/trades-csv.ts';
import { freshDirectory, freshFile, morning, openAt, write } from '../runtime/journal-desk.ts';

const bench = morning();

async function keptRun(file: string, journalFile = freshFile(), before = 0) {
  const { journal } = await openAt(journalFile);
  const faults: string[] = [];
  const kept = keepTradesCsv({
    file,
    journalFile,
    journal,
    settled: () => journal.settled(),
    onFault: (sentence) => faults.push(sentence),
  });
  if (before > 0) await kept.ready;
  const state = write(kept, bench.inputs);
  await kept.ready;
  await journal.settled();
  await journal.close(state, 'test');
  return { faults, journalFile };
}

it('gets the opening once, though the run begins before the past is read', async () => {
  for (const before of [0, 1]) {
    const file = join(freshDirectory(), 'trades.csv');
    const { faults } = await keptRun(file, freshFile(), before);
    expect(faults).toEqual([]);
    const lines = readFileSync(file, 'utf8').split('\n');
    expect(lines[0]).toBe(TRADE_HEADER.trimEnd());
    expect(lines[1]).toMatch(/,open,buy,FCPO,4590,4521,4681,/);
    expect(lines.slice(2)).toEqual(['']);
  }
});

it('adds what is missing when it is kept again, and a line that was cut', async () => {
  const file = join(freshDirectory(), 'trades.csv');
  const { journalFile } = await keptRun(file);
  const whole = readFileSync(file, 'utf8');
  const again = async () => {
    const { journal } = await openAt(journalFile);
    const parts = { file, journalFile, journal, onFault: () => undefined };
    await keepTradesCsv({ ...parts, settled: () => Promise.resolve() }).ready;
    await journal.close(bench.state, 'test');
    return readFileSync(file, 'utf8');
  };
  expect(await again()).toBe(whole);
  writeFileSync(file, TRADE_HEADER);
  expect(await again()).toBe(whole);
  writeFileSync(file, whole.slice(0, -20));
  expect((await again()).endsWith(whole.slice(TRADE_HEADER.length))).toBe(true);
});

it('leaves a file that is something else as it is, and says so once', async () => {
  const file = join(freshDirectory(), 'trades.csv');
  appendFileSync(file, 'my own notes\n');
  const { faults } = await keptRun(file);
  expect(faults).toEqual([expect.stringContaining('does not begin with the columns')]);
  expect(readFileSync(file, 'utf8')).toBe('my own notes\n');
});
