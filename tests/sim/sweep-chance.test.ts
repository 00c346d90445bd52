/** Chance by hand: other orders of trades, and entries without a signal. */
import { describe, expect, it } from 'vitest';
import { createSweeper, wholeRange } from '../../src/sim/sweep.ts';
import { bootstrapDrawdown, randomEntries, randomEntriesOf } from '../../src/sim/sweep-chance.ts';
import { marketOf, SETUP, wandering } from './backtest-history.ts';

describe('the drawdown of other orders', () => {
  it('is that of all losses when there is nothing else', () => {
    expect(bootstrapDrawdown(Array(10).fill(-0.01))).toBeCloseTo(1 - 0.99 ** 10, 12);
    expect(bootstrapDrawdown(Array(10).fill(0.01))).toBe(0);
    expect(bootstrapDrawdown([])).toBeUndefined();
  });

  it('of one gain and one loss has the four orders that there are', () => {
    // Blocks of one: ++ no drawdown, +- and -+ 10 %, -- 19 %; a quarter each.
    expect(bootstrapDrawdown([0.2, -0.1])).toBeCloseTo(0.19, 12);
    expect(bootstrapDrawdown([0.2, -0.1], 0.5)).toBeCloseTo(0.1, 12);
    expect(bootstrapDrawdown([0.2, -0.1], 0.1)).toBe(0);
  });

  it('keeps runs together: losses that come in threes fall deeper than single ones', () => {
    const clustered = Array.from({ length: 90 }, (_, at) => (at % 9 < 3 ? -0.02 : 0.011));
    const spread = Array.from({ length: 90 }, (_, at) => (at % 3 === 0 ? -0.02 : 0.011));
    expect(bootstrapDrawdown(clustered)).toBeGreaterThan(bootstrapDrawdown(spread) ?? 1);
    expect(bootstrapDrawdown(clustered)).toBe(bootstrapDrawdown(clustered));
  });
});

describe('random entries', () => {
  it('count themselves among the draws', () => {
    expect(randomEntriesOf(10, [1, 5, 10, 12])).toEqual({ p: 3 / 5, draws: 4, median: 7.5 });
    expect(randomEntriesOf(13, [1, 5, 10, 12])?.p).toBe(1 / 5);
    expect(randomEntriesOf(1, [])).toBeUndefined();
  });

  it('do about as well as a signal on noise, the same twice', () => {
    const market = marketOf(wandering('chance', 3_000, 3));
    const sweeper = createSweeper(market, SETUP);
    const set = { rsiBuy: 35, rsiSell: 65, tpBps: 100, slBps: 80 };
    const whole = wholeRange(market);
    const trades = sweeper.trades(set, whole) ?? [];
    const [row] = sweeper.run([set], whole);
    expect(trades).toHaveLength(row?.trades ?? -1);
    const found = randomEntries(sweeper, set, trades, row?.net ?? 0, whole);
    expect(found?.draws).toBeGreaterThan(50);
    expect(found?.p).toBeGreaterThan(0.01);
    expect(found).toEqual(randomEntries(sweeper, set, trades, row?.net ?? 0, whole));
    // Nothing beats a result beyond every draw, and everything a hopeless one.
    expect(randomEntries(sweeper, set, trades, 1e12, whole)?.p).toBeCloseTo(
      1 / ((found?.draws ?? 0) + 1),
      12,
    );
    expect(randomEntries(sweeper, set, trades, -1e12, whole)?.p).toBe(1);
  });
});
