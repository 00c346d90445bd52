/** The usual spread of the last hundred quotes, against a list that keeps them all. */
import { expect, it } from 'vitest';
import {
  NO_SPREADS,
  type SpreadSample,
  usualSpread,
  withSpread,
} from '../../src/engine/spreads.ts';
import { createPrng } from '../../src/sim/prng.ts';

function medianOf(values: readonly number[]): number | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  const upper = sorted[half];
  const lower = sorted[half - 1];
  if (upper === undefined || sorted.length % 2 === 1 || lower === undefined) return upper;
  return (lower + upper) / 2;
}

it('is the median of exactly the last hundred, in runs short and long', () => {
  for (const seed of ['calm', 'wild', 'long runs']) {
    const chance = createPrng(seed);
    const all: number[] = [];
    let sample: SpreadSample = NO_SPREADS;
    let spread = 200_000;
    expect(usualSpread(sample)).toBeUndefined();
    for (let quote = 0; quote < 1_500; quote += 1) {
      const isNew = chance.chance(seed === 'wild' ? 950 : seed === 'calm' ? 300 : 12);
      if (isNew) spread = 100_000 * (1 + chance.integer(0, 5));
      all.push(spread);
      sample = withSpread(sample, spread);
      expect(usualSpread(sample), `${seed}, quote ${quote}`).toBe(medianOf(all.slice(-100)));
    }
    expect(sample.older.full.length, 'what is kept is bounded (A11)').toBeLessThanOrEqual(5);
  }
});

it('is the very same sample when a hundred equal ones get one more', () => {
  let sample: SpreadSample = NO_SPREADS;
  for (let quote = 0; quote < 300; quote += 1) sample = withSpread(sample, 300_000);
  expect(withSpread(sample, 300_000)).toBe(sample);
  expect([sample.size, usualSpread(sample)]).toEqual([100, 300_000]);
});
