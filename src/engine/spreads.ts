/**
 * The spreads of the last quotes and what is usual among them.
 * Deliberately decides nothing about a spread. Hot path: one more quote makes two small records,
 * however many runs are kept.
 */
import { LIMITS } from './config.ts';
import { emptyTrail, newestItems, pushed, type Trail } from './trail.ts';

/** Spreads of the last quotes as runs of equal ones, and how many quotes they stand for. */
export interface SpreadSample {
  readonly size: number;
  /** The run that still grows; absent before the first quote. */
  readonly last: SpreadRun | undefined;
  /** The runs before it. More than `size` quotes may be held: only the newest of them count. */
  readonly older: Trail<SpreadRun>;
}

interface SpreadRun {
  readonly spread: number;
  readonly count: number;
}

export const NO_SPREADS: SpreadSample = {
  size: 0,
  last: undefined,
  older: emptyTrail(LIMITS.spreadSample),
};

/** What the spread usually is: the median of the sample; absent before the first quote. */
export function usualSpread({ size, last, older }: SpreadSample): number | undefined {
  if (last === undefined || last.count >= size) return last?.spread;
  const runs = [last];
  let left = size - last.count;
  for (const run of newestItems(older, size).reverse()) {
    if (left <= 0) break;
    const count = Math.min(left, run.count);
    runs.push({ spread: run.spread, count });
    left -= count;
  }
  runs.sort((a, b) => a.spread - b.spread);
  const at = (rank: number): number => {
    let before = 0;
    for (const run of runs) {
      before += run.count;
      if (rank < before) return run.spread;
    }
    return 0;
  };
  const half = size >> 1;
  return size % 2 === 1 ? at(half) : (at(half - 1) + at(half)) / 2;
}

/** One more; the oldest counts no longer when it is full. The same sample if nothing changes. */
export function withSpread(spreads: SpreadSample, spread: number): SpreadSample {
  const { last, older } = spreads;
  const most = LIMITS.spreadSample;
  const size = spreads.size < most ? spreads.size + 1 : most;
  if (last === undefined) return { size, last: { spread, count: 1 }, older };
  if (last.spread !== spread) {
    return { size, last: { spread, count: 1 }, older: pushed(older, last) };
  }
  if (last.count === most) return spreads;
  return { size, last: { spread, count: last.count + 1 }, older };
}
