/** Prices in front of a desk that holds several positions: each has levels of its own. */
import { describe, expect, it } from 'vitest';
import { type BacktestSetup, runBacktest, type Trade } from '../../src/sim/backtest.ts';
import { marketOf, SETUP, wandering } from './backtest-history.ts';

describe('several positions at once', () => {
  const gates = { rsiOversold: 45, rsiOverbought: 55, takeProfitBps: 60, stopLossBps: 50 };
  const limits = { maxPositions: 3, riskBps: 40, lossStreakMax: 100 };
  const setup: BacktestSetup = { ...SETUP, config: { ...SETUP.config, ...gates, ...limits } };
  const market = marketOf(wandering('three at once', 900, 8));
  const bars = Array.from(market.start, (start, at) => ({
    start,
    end: market.end[at] ?? 0,
    high: market.high[at] ?? 0,
    low: market.low[at] ?? 0,
    close: market.close[at] ?? 0,
  }));
  const { spread } = setup.costs;
  const result = runBacktest(market, setup);
  const heldIn = ({ entryTime, exitTime }: Trade) =>
    bars.filter(({ start, end }) => entryTime < end && exitTime >= start);

  it('are each a trade, and together the whole balance', () => {
    const overlaps = result.trades.filter(
      (trade, nth) => nth > 0 && trade.entryTime < (result.trades[nth - 1]?.exitTime ?? 0),
    );
    expect(overlaps.length).toBeGreaterThan(10);
    expect(result.stillOpen).toBe(false);
    expect(result.trades).toHaveLength(result.blockedBy.none ?? 0);
    const sum = result.trades.reduce((all, { net }) => all + net, 0);
    expect(result.endBalance - result.startBalance).toBe(sum);
  });

  it('leave each at the first bar that reaches its level, inside that bar', () => {
    for (const trade of result.trades) {
      const exit = trade.exitPrice - (trade.side === 'buy' ? 0 : spread);
      const held = heldIn(trade);
      const last = held.pop();
      expect(exit).toBeGreaterThanOrEqual(last?.low ?? 0);
      expect(exit).toBeLessThanOrEqual(last?.high ?? 0);
      const isBelow = (trade.side === 'buy') === (trade.cause === 'stop');
      for (const { low, high } of held) {
        if (isBelow) expect(low).toBeGreaterThan(exit);
        else expect(high).toBeLessThan(exit);
      }
    }
  });

  it('are all in the equity at the close of every bar', () => {
    const openingSide = (volume: number) => Math.round((1_500 * volume) / 2_500);
    const worthOf = ({ side, volume, entryPrice }: Trade, close: number): number => {
      const distance = side === 'buy' ? close - entryPrice : entryPrice - close - spread;
      return (distance * volume) / 100_000 - openingSide(volume);
    };
    for (const [at, { end, close }] of bars.entries()) {
      let worth = result.startBalance;
      for (const trade of result.trades) {
        if (trade.exitTime < end) worth += trade.net;
        else if (trade.entryTime < end) worth += worthOf(trade, close);
      }
      expect(result.equity[at], `bar ${at}`).toBe(worth);
    }
  });
});
