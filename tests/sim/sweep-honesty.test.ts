/** Luck, neighbours and verdicts: known values, and a winner on noise that is not believed. */
import { describe, expect, it } from 'vitest';
import { sweepText } from '../../src/sim/report-sweep.ts';
import { createSweeper, wholeRange } from '../../src/sim/sweep.ts';
import { DEFAULT_AXES, gridOf } from '../../src/sim/sweep-grid.ts';
import {
  deflatedSharpe,
  expectedMaximum,
  judge,
  normalBelow,
  normalQuantile,
  ranked,
  sharpePerTrade,
} from '../../src/sim/sweep-honesty.ts';
import { emptyRow, type SweepRow } from '../../src/sim/sweep-row.ts';
import { marketOf, SETUP, wandering } from './backtest-history.ts';

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
    // Known: the expected maximum of 192 normal draws is about 2.7.
    expect(expectedMaximum(192)).toBeGreaterThan(2.6);
    expect(expectedMaximum(192)).toBeLessThan(2.8);
    expect(expectedMaximum(1)).toBe(0);
  });
});

/** Trades of equal size, so many won and so many lost. */
function rowOf(wins: number, losses: number): SweepRow {
  const trades = wins + losses;
  const [sumReturn, sumSquares] = [(wins - losses) * 0.01, trades * 0.0001];
  return { ...emptyRow(), trades, wins, losses, sumReturn, sumSquares, net: wins - losses };
}

describe('deflated Sharpe', () => {
  it('a trade is mean over sample deviation, and absent for too few', () => {
    // Mean 0.005; sample variance (0.01 - 100 * 0.000025) / 99.
    expect(sharpePerTrade(rowOf(75, 25))).toBeCloseTo(0.005 / Math.sqrt(0.0075 / 99), 12);
    expect(sharpePerTrade(rowOf(1, 1))).toBeUndefined();
  });

  it('sinks with the number of trials and rises with skill beyond the others', () => {
    const others = [rowOf(50, 50), rowOf(52, 48), rowOf(48, 52), rowOf(49, 51)];
    const weak = rowOf(54, 46);
    const strong = rowOf(80, 20);
    const few = deflatedSharpe(weak, [weak, ...others], 30) ?? 1;
    const many = deflatedSharpe(weak, [weak, ...Array(50).fill(others).flat()], 30) ?? 1;
    expect(many).toBeLessThan(few);
    expect(few).toBeLessThan(0.95);
    expect(deflatedSharpe(strong, [weak, ...others, ...others], 30)).toBeGreaterThan(0.95);
  });
});

describe('the verdict', () => {
  const axes = DEFAULT_AXES;
  const market = marketOf(wandering('noise', 3_000, 3));
  const sweeper = createSweeper(market, SETUP);
  const rows = sweeper.run(gridOf(axes), wholeRange(market));
  const parts = { market, setup: SETUP, sweeper, axes, rows, minTrades: 20, folds: 3 };

  it('does not believe the winner of a sweep over noise, and says why', () => {
    const found = judge(parts);
    expect(found?.verdict).not.toBe('PASS');
    expect(found?.sentence).toMatch(/^(FAIL|WEAK): .+\.$/);
    expect(found?.trials).toBe(192);
    expect(found?.folds).toHaveLength(3);
  });

  it('fails what has too few trades, whatever it earned', () => {
    const found = judge({ ...parts, minTrades: 100_000 });
    expect(found?.verdict).toBe('FAIL');
    expect(found?.sentence).toContain('100000 are needed');
  });

  it('tests each fold on bars that its training never saw', () => {
    for (const { train, test } of judge(parts)?.folds ?? []) {
      expect(train[1]).toBe(test[0]);
      expect(test[1]).toBeGreaterThan(test[0]);
    }
    expect(judge(parts)?.folds.at(-1)?.test[1]).toBe(market.count);
  });

  it('ranks by net profit, rows with enough trades first', () => {
    const order = ranked(rows, 20).map((row) => [row.trades >= 20, row.net] as const);
    expect(order).toEqual(order.toSorted((a, b) => Number(b[0]) - Number(a[0]) || b[1] - a[1]));
  });

  it('is printed with ranking and heat map', () => {
    const words = { rows, axes, minTrades: 20, exponent: 2, currency: 'MYR' };
    const text = sweepText({ ...words, honesty: judge(parts) });
    expect(text).toContain('Mean net profit by rsi_buy (down) and rsi_sell (across)');
    expect(text).toContain('Winner of 192 trials');
    expect(
      Math.max(
        ...text
          .split('\n')
          .slice(0, 11)
          .map((line) => line.length),
      ),
    ).toBe(80);
  });
});
