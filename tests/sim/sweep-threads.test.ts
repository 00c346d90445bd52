/** Threads of a sweep: the same rows as without them, for any number of threads. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { buildSync } from 'esbuild';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createSweeper, type SweptRow, wholeRange } from '../../src/sim/sweep.ts';
import { DEFAULT_AXES, gridOf } from '../../src/sim/sweep-grid.ts';
import { runInThreads } from '../../src/sim/sweep-threads.ts';
import { marketOf, SETUP, wandering } from './backtest-history.ts';

// Bundled as the program's own is: a loader in every thread takes seconds.
const place = mkdtempSync(join(tmpdir(), 'sweep-threads-'));
const url = pathToFileURL(join(place, 'worker.mjs'));
beforeAll(() => {
  const entry = fileURLToPath(new URL('../../src/sim/sweep-worker.ts', import.meta.url));
  const shape = { bundle: true, platform: 'node', format: 'esm', logLevel: 'error' } as const;
  buildSync({ ...shape, entryPoints: [entry], outfile: fileURLToPath(url) });
});
afterAll(() => rmSync(place, { recursive: true }));

const market = marketOf(wandering('threads', 600, 4));
/** Some of them only the engine can run. */
const SETS = [
  ...gridOf(DEFAULT_AXES).filter((_, at) => at % 8 === 3),
  ...gridOf({
    ...DEFAULT_AXES,
    rsi_buy: [30, 35],
    rsi_sell: [70],
    tp: [2],
    sl: [1],
    max_positions: [2],
  }),
];

async function inThreads(threads: number, size: number): Promise<readonly SweptRow[]> {
  const pieces = Array.from({ length: Math.ceil(SETS.length / size) }, (_, nth) =>
    SETS.slice(nth * size, (nth + 1) * size),
  );
  const found: SweptRow[][] = [];
  await runInThreads({
    url,
    threads,
    market,
    setup: SETUP,
    pieces,
    onRows: ({ nth, rows }) => {
      found[nth] = [...rows];
    },
  });
  return found.flat();
}

it('gives the rows of one thread, however many and however cut', { timeout: 60_000 }, async () => {
  const alone = createSweeper(market, SETUP).run(SETS, wholeRange(market));
  expect(alone.reduce((sum, { trades }) => sum + trades, 0)).toBeGreaterThan(40);
  expect(await inThreads(1, 30)).toEqual(alone);
  expect(await inThreads(2, 5)).toEqual(alone);
});

it('fails with the fault of a thread, and leaves none behind', async () => {
  const nowhere = new URL('nowhere.mjs', url);
  const parts = {
    url: nowhere,
    threads: 2,
    market,
    setup: SETUP,
    pieces: [SETS],
    onRows: () => {},
  };
  await expect(runInThreads(parts)).rejects.toThrow('nowhere.mjs');
});
