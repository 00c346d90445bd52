/** The probability of overfitting by hand: few sets, few stretches, every half written down. */
import { describe, expect, it } from 'vitest';
import { createPrng } from '../../src/sim/prng.ts';
import { overfittingOf } from '../../src/sim/sweep-overfit.ts';

describe('the probability of backtest overfitting', () => {
  it('is 0 when the same set is best everywhere', () => {
    const results = [
      [3, 3, 3, 3],
      [2, 2, 2, 2],
      [1, 1, 1, 1],
    ];
    expect(overfittingOf(results, 4)).toEqual({ probability: 0, halves: 6 });
  });

  it('is 1 when each set lives from one stretch', () => {
    // Two halves; the best of the first earned nothing in the second, and the other way round.
    expect(
      overfittingOf(
        [
          [9, 0],
          [0, 9],
        ],
        2,
      ),
    ).toEqual({ probability: 1, halves: 2 });
  });

  it('counts every half by hand', () => {
    // Sets A 4,1,0,0; B 1,2,2,1; C 0,0,1,3. Halves as (in sample | outside):
    // 12|34: A 5, out 0 of 0,3,4 -> lowest, fails.  13|24: A 4, out 1 of 1,3,3 -> lowest, fails.
    // 14|23: A 4, out 1 of 1,4,1 -> rank 1.5 of 4, fails.  23|14: B 4, out 2 of 4,2,3 -> fails.
    // 24|13: B 3 and C 3, the first counts: out 3 of 4,3,1 -> rank 2 of 4 = 0.5, fails.
    // 34|12: C 4, out 0 of 5,3,0 -> lowest, fails.
    const results = [
      [4, 1, 0, 0],
      [1, 2, 2, 1],
      [0, 0, 1, 3],
    ];
    expect(overfittingOf(results, 4)).toEqual({ probability: 1, halves: 6 });
    // Four more for B in every stretch: it is best in each half, and first outside it.
    const better = results.map((row, set) => (set === 1 ? row.map((value) => value + 4) : row));
    expect(overfittingOf(better, 4)).toEqual({ probability: 0, halves: 6 });
  });

  it('is about one half on noise, and adds finer stretches up', () => {
    const noiseOf = (seed: number): number[][] => {
      const prng = createPrng(`overfit/${seed}`);
      return Array.from({ length: 40 }, () => Array.from({ length: 20 }, () => prng.normal()));
    };
    const found = Array.from({ length: 12 }, (_, seed) => overfittingOf(noiseOf(seed)));
    const mean = found.reduce((sum, one) => sum + (one?.probability ?? 0), 0) / found.length;
    expect(found[0]?.halves).toBe(252);
    expect(mean).toBeGreaterThan(0.35);
    expect(mean).toBeLessThan(0.65);
    const [noise, probability] = [noiseOf(0), found[0]?.probability];
    const pairs = noise.map((row) =>
      Array.from({ length: 10 }, (_, at) => (row[at * 2] ?? 0) + (row[at * 2 + 1] ?? 0)),
    );
    expect(overfittingOf(pairs)?.probability).toBe(probability);
    expect(overfittingOf([[1, 2]])).toBeUndefined();
  });
});
