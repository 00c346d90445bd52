/** Bars made ready: summed, put into sessions, refused with a reason. */
import { describe, expect, it } from 'vitest';
import { backtestMarket } from '../../src/sim/backtest-market.ts';
import { columnsOf } from '../../src/sim/bar-columns.ts';
import { barsOf, falling, MINUTES_5, MONDAY, marketOf } from './backtest-history.ts';

const MORNING = MONDAY + 2.5 * 3_600_000;
const fcpo = { timeframeMs: MINUTES_5, sessions: 'fcpo' } as const;

describe('bars of a backtest', () => {
  it('are summed to the timeframe: first open, extremes, last close', () => {
    const bars = barsOf([
      [10, 12, 9, 11],
      [11, 15, 11, 14],
      [14, 14, 5, 6],
      [6, 7, 6, 7],
    ]);
    const found = backtestMarket(columnsOf(bars), { timeframeMs: 2 * MINUTES_5, sessions: 'bars' });
    expect(found.ok && [...found.market.open]).toEqual([1_000_000, 1_400_000]);
    expect(found.ok && [...found.market.high]).toEqual([1_500_000, 1_400_000]);
    expect(found.ok && [...found.market.low]).toEqual([900_000, 500_000]);
    expect(found.ok && [...found.market.close]).toEqual([1_400_000, 700_000]);
  });

  it('are closed by the clock when a session ends before the next quote', () => {
    const morning = barsOf(falling(24, 0), MORNING);
    const noon = barsOf(falling(2, 0), MONDAY + 6.5 * 3_600_000);
    const market = marketOf([...morning, ...noon], 'fcpo');
    const closed = [...market.closedByClockAt].map((at, bar) => [bar, at]).filter(([, at]) => at);
    expect(closed).toEqual([[23, MONDAY + 4.5 * 3_600_000 + 5_000]]);
  });

  it('outside the trading hours are refused with the first such bar and what to say', () => {
    const found = backtestMarket(columnsOf(barsOf(falling(4, 0))), fcpo);
    expect(found).toMatchObject({ ok: false });
    expect(!found.ok && found.reason).toContain('2025-01-06T00:00:00.000Z is outside');
    expect(!found.ok && found.reason).toContain('--sessions bars');
  });

  it('longer than the timeframe are refused', () => {
    const found = backtestMarket(columnsOf(barsOf(falling(4, 0))), {
      timeframeMs: 60_000,
      sessions: 'bars',
    });
    expect(!found.ok && found.reason).toContain('5 min long and cannot make 1 min');
  });

  it('know the decimals of their prices', () => {
    expect(
      marketOf(
        barsOf([
          [10, 12, 9, 11],
          [11, 11.5, 11, 11],
        ]),
      ).digits,
    ).toBe(1);
    expect(marketOf(barsOf(falling(4, 0))).digits).toBe(0);
  });
});
