/** Luck, neighbours and verdicts: known values, and a winner on noise that is not believed. */
import { describe, expect, it } from 'vitest';
import { price } from '../../src/engine/index.ts';
import { heatMap, sweepText } from '../../src/sim/report-sweep.ts';
import { createSweeper, engineRow, wholeRange } from '../../src/sim/sweep.ts';
import { DEFAULT_AXES, gridOf } from '../../src/sim/sweep-grid.ts';
import { dearerSwap, factorFinding, judge, ranked } from '../../src/sim/sweep-honesty.ts';
import type { SweepSet } from '../../src/sim/sweep-kernel.ts';
import { emptyRow } from '../../src/sim/sweep-row.ts';
import { marketOf, SETUP, wandering } from './backtest-history.ts';

const FLAT = { open: price(4e8), high: price(4e8), low: price(4e8), close: price(4e8) };
const SET = { rsiBuy: 30, rsiSell: 70, tpBps: 200, slBps: 150 };

describe('the verdict', () => {
  const axes = DEFAULT_AXES;
  const market = marketOf(wandering('noise', 3_000, 3));
  const sweeper = createSweeper(market, SETUP);
  const rows = sweeper.run(gridOf(axes), wholeRange(market));
  const parts = { market, setup: SETUP, sweeper, axes, rows, minTrades: 20, folds: 3 };

  const engineFold = (set: SweepSet | undefined, [from, to]: readonly [number, number]) => {
    if (set === undefined) return undefined;
    const row = engineRow(market, SETUP, set, { from, to });
    return { ...row, needsEngine: false, set };
  };

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

  it('fails a grid that never traded, and does not call that a loss', () => {
    const still = marketOf(wandering('still', 400, 0).map((bar) => ({ ...bar, ...FLAT })));
    const none = createSweeper(still, SETUP);
    const empty = none.run(gridOf(axes), wholeRange(still));
    const found = judge({ ...parts, market: still, sweeper: none, rows: empty, minTrades: 0 });
    expect(found?.sentence).toBe(
      'FAIL: the best of all sets earned nothing; it made no trade on bars it had never seen; ' +
        'it does not earn at 1.5 times the costs.',
    );
    expect(found?.failed).toContain('chance');
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

  it('trains each fold on exactly what its bars alone would give', () => {
    const { folds } = judge(parts) ?? { folds: [] };
    for (const { train, test, set, row } of folds) {
      const [from, to] = train;
      const needed = Math.floor((20 * to) / market.count);
      const [best] = ranked(sweeper.run(gridOf(axes), { from, to }), needed);
      expect(set).toEqual(best?.set);
      expect(row).toEqual(engineFold(set, test));
    }
  });

  it.each([
    ['none', 120, -100, 2, 30],
    ['lost', 200, -100, 1.2, 30],
    ['lost', 200, 0, 1.2, 30],
    ['lost', 200, -100, 1.6, 29],
    ['found', 200, -100, 1.6, 30],
  ])('a profit factor above 1.5 is %s', (finding, grossProfit, grossLoss, factor, trades) => {
    const best = { ...emptyRow(), set: SET, wins: 2, grossProfit, grossLoss };
    const outOfSample = { net: 1, trades, factor };
    expect(factorFinding({ best, outOfSample, minTrades: 30 })).toBe(finding);
  });

  it('is printed check by check, and marks what does not hold', () => {
    const words = { rows, axes, minTrades: 20, exponent: 2, currency: 'MYR' };
    for (const folds of [0, 3]) {
      const honesty = judge({ ...parts, folds });
      const lines = sweepText({ ...words, honesty }).split('\n');
      const marked = lines.filter((line) => line.endsWith(' NO'));
      expect(marked).toHaveLength(honesty?.failed.length ?? -1);
      expect(marked.length).toBeGreaterThan(1);
      expect(marked.some((line) => line.startsWith('Net profit out of sample'))).toBe(
        honesty?.failed.some((check) => check === 'unseen' || check === 'folds'),
      );
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
    }
  });

  it('is printed with a heat map of many values in 80 columns, as shades', () => {
    const values = Array.from({ length: 90 }, (_, at) => at + 1);
    const wide = { rsi_buy: values, rsi_sell: values.slice(0, 40), tp: [2], sl: [1] };
    const row = (rsiBuy: number, rsiSell: number, net: number) => ({
      ...{ ...emptyRow(), net, set: { ...SET, rsiBuy, rsiSell } },
    });
    const words = { axes: wide, minTrades: 1, exponent: 2, currency: 'MYR', honesty: undefined };
    const found = [row(1, 1, -50_000), row(2, 1, -50_200), row(90, 40, 70_000), row(45, 20, 0)];
    const lines = heatMap({ ...words, rows: found });
    // 90 values in 34 lines, about three in each; 40 in 34 columns, two in some.
    expect(lines).toHaveLength(3 + 34);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
    // The mean of 1 and 2, which share their place: -501.
    expect(lines[1]?.trim()).toBe('· -501   █ 700');
    expect(lines[2]).toMatch(/^ {10}1 +40$/);
    expect(lines[3]).toBe('1         ·');
    expect(lines.at(-1)).toMatch(/^89 {74}█$/);
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

describe('dearer swap', () => {
  it('grows what is paid a night and leaves what is earned', () => {
    const swap = { long: -450, short: 120, tripleDay: 3, at: 0 };
    expect(dearerSwap(swap, 1.5)).toEqual({ ...swap, long: -675 });
  });
});
