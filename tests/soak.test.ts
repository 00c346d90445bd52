/** The statistics by which `npm run soak` calls a memory flat, against leaks that were planted. */
import { describe, expect, it } from 'vitest';
import { flatness, type Sample, slopePerWeek } from '../scripts/soak-figures.ts';
import { createPrng } from '../src/sim/prng.ts';

const SEED = 'soak figures';
const WEEKS = 8;
const PER_WEEK = 30;

/** A saw of collections between 95 and 110 MiB, with a rare spike, and what leaks beside it. */
function memory(leakPerWeek: number): Sample[] {
  const prng = createPrng(SEED);
  return Array.from({ length: WEEKS * PER_WEEK }, (_, at) => {
    const week = at / PER_WEEK;
    const spike = prng.chance(30) ? 40 : 0;
    return { week, value: 95 + ((at * 7) % 15) + prng.integer(0, 3) + spike + week * leakPerWeek };
  });
}

describe('the statistics of a long run', () => {
  it('finds a leak below the noise of collections, and none where there is none', () => {
    const still = flatness(memory(0));
    expect(Math.abs(still.slope), SEED).toBeLessThan(0.5);
    expect(Math.abs(still.late - still.early), SEED).toBeLessThan(2);
    for (const leak of [1.5, 5, 40]) {
      const { slope, early, late } = flatness(memory(leak));
      expect(slope, SEED).toBeCloseTo(leak + still.slope, 0);
      expect(late - early, SEED).toBeGreaterThan(leak * (WEEKS - 4));
    }
  });

  it('is not moved by one sample in five that is wild', () => {
    const wild = memory(2).map((one, at) => (at % 5 === 0 ? { ...one, value: 900 } : one));
    expect(slopePerWeek(wild), SEED).toBeCloseTo(2, 0);
  });
});
