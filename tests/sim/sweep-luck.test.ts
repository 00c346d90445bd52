/** Sharpe ratios under many trials, against the numbers of the papers and of tables. */
import { describe, expect, it } from 'vitest';
import {
  deflatedSharpe,
  expectedMaximum,
  momentsOf,
  normalBelow,
  normalQuantile,
  probabilisticSharpe,
  sharpePerTrade,
  varianceOf,
} from '../../src/sim/sweep-luck.ts';

describe('the normal distribution', () => {
  it.each([
    [0, 0.5],
    [1, 0.8413447],
    [-1.959964, 0.025],
    [3, 0.9986501],
  ])('below %d lies %d', (at, share) => {
    expect(normalBelow(at)).toBeCloseTo(share, 6);
    expect(normalQuantile(share)).toBeCloseTo(at, 4);
  });

  it('shows the best of many draws without skill', () => {
    // Exact for two draws: 1 / sqrt(pi) = 0.564; the theory is for many and gives 0.52.
    expect(expectedMaximum(2)).toBeCloseTo(0.52, 1);
    // Tables of normal order statistics: 2.508 for 100.
    expect(expectedMaximum(100)).toBeCloseTo(2.51, 1);
    expect(expectedMaximum(1)).toBe(0);
  });
});

describe('deflated Sharpe', () => {
  // Bailey and Lopez de Prado (2014), the numerical example: 250 days a year.
  const days = 250;
  const example = { sharpe: 2.5 / Math.sqrt(days), count: 1_250, skew: -3, kurtosis: 10 };

  it.each([
    [100, 0.9004],
    [46, 0.9505],
  ])('of the paper, %d trials, is %d', (trials, expected) => {
    expect(deflatedSharpe(example, trials, 0.5 / days)).toBeCloseTo(expected, 3);
  });

  it('is the plain probability for one trial, and sinks with their number', () => {
    const one = deflatedSharpe(example, 1, 0.5 / days) ?? 0;
    expect(one).toBe(probabilisticSharpe(example, 0));
    expect(one).toBeGreaterThan(deflatedSharpe(example, 2, 0.5 / days) ?? 1);
  });

  it('a trade is mean over sample deviation, and absent for too few', () => {
    // 75 won and 25 lost 1 %: mean 0.005, sample variance (0.01 - 100 * 0.000025) / 99.
    const row = { trades: 100, sumReturn: 0.5, sumSquares: 0.01 };
    expect(sharpePerTrade(row)).toBeCloseTo(0.005 / Math.sqrt(0.0075 / 99), 12);
    expect(sharpePerTrade({ ...row, trades: 2 })).toBeUndefined();
  });
});

describe('moments', () => {
  it('of 1, 2, 3 and 10 by hand', () => {
    // Mean 4; squares 9 + 4 + 1 + 36 = 50; cubes -27 - 8 - 1 + 216 = 180; fourths 81+16+1+1296.
    const { mean, deviation, skew, kurtosis } = momentsOf([1, 2, 3, 10]) ?? {};
    expect(mean).toBe(4);
    expect(deviation).toBeCloseTo(Math.sqrt(50 / 3), 12);
    expect(skew).toBeCloseTo(45 / 12.5 ** 1.5, 12);
    expect(kurtosis).toBeCloseTo(348.5 / 12.5 ** 2, 12);
  });

  it('are absent where nothing varies', () => {
    expect(momentsOf([1, 1, 1])).toBeUndefined();
    expect(momentsOf([1, 2])).toBeUndefined();
    expect(varianceOf([1])).toBeUndefined();
    expect(varianceOf([1, 3])).toBe(2);
  });
});
