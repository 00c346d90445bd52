/**
 * The spreads of the last quotes and what is usual among them.
 * Deliberately decides nothing about a spread. Hot path: one more quote copies a few runs only.
 */
import { LIMITS } from './config.ts';

/** Spreads of the last quotes as runs of equal ones, oldest first, and how many quotes they are. */
export interface SpreadSample {
  readonly size: number;
  readonly runs: readonly SpreadRun[];
}

interface SpreadRun {
  readonly spread: number;
  readonly count: number;
}

export const NO_SPREADS: SpreadSample = { size: 0, runs: [] };

/** What the spread usually is: the median of the sample; absent before the first quote. */
export function usualSpread({ size, runs }: SpreadSample): number | undefined {
  if (runs.length < 2) return runs[0]?.spread;
  const sorted = runs.toSorted((a, b) => a.spread - b.spread);
  const at = (rank: number): number => {
    let before = 0;
    for (const run of sorted) {
      before += run.count;
      if (rank < before) return run.spread;
    }
    return 0;
  };
  const half = size >> 1;
  return size % 2 === 1 ? at(half) : (at(half - 1) + at(half)) / 2;
}

/** One more, and the oldest gone when it is full; the very same sample when nothing changes. */
export function withSpread(spreads: SpreadSample, spread: number): SpreadSample {
  const { size, runs } = spreads;
  const isFull = size === LIMITS.spreadSample;
  const last = runs[runs.length - 1];
  if (isFull && runs.length === 1 && last?.spread === spread) return spreads;
  if (isFull && runs[0]?.count === 1 && last?.spread !== spread) {
    return { size, runs: shifted(runs, { spread, count: 1 }) };
  }
  const next = runs.slice();
  if (last?.spread === spread) next[next.length - 1] = { spread, count: last.count + 1 };
  else next.push({ spread, count: 1 });
  const first = next[0];
  if (!isFull || first === undefined) return { size: size + 1, runs: next };
  if (first.count === 1) next.shift();
  else next[0] = { spread: first.spread, count: first.count - 1 };
  return { size, runs: next };
}

/** One goes, one comes: a copy of the same length, because an array that grows is copied again. */
function shifted(runs: readonly SpreadRun[], newest: SpreadRun): readonly SpreadRun[] {
  const next = runs.slice();
  const end = runs.length - 1;
  for (let at = 0; at < end; at += 1) next[at] = runs[at + 1] as SpreadRun;
  next[end] = newest;
  return next;
}
