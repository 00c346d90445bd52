/** Every figure against a case worked out by hand. */
import { describe, expect, it } from 'vitest';
import type { BacktestResult, Trade } from '../../src/sim/backtest.ts';
import {
  cagrOf,
  cvarOf,
  dailyEquity,
  deviationOf,
  drawdownOf,
  quantileOf,
  returnsOf,
  sharpeOf,
  sortinoOf,
  sqnOf,
  statisticsOf,
  varOf,
} from '../../src/sim/statistics.ts';
import { barsOf, MONDAY, marketOf, type Prices } from './backtest-history.ts';

const DAY = 86_400_000;

describe('ratios', () => {
  const daily = [0.01, -0.02, 0.03, 0];

  it('deviation divides by n - 1', () => {
    // Mean 0.005; squares 0.000025 + 0.000625 + 0.000625 + 0.000025 = 0.0013; / 3.
    expect(deviationOf(daily)).toBeCloseTo(Math.sqrt(0.0013 / 3), 12);
    expect(deviationOf([1])).toBeUndefined();
  });

  it('Sharpe is mean over deviation times the root of 252', () => {
    expect(sharpeOf(daily)).toBeCloseTo((0.005 / 0.0208166599946613) * 15.8745078663875, 9);
    expect(sharpeOf([0.01, 0.01])).toBeUndefined();
    expect(sharpeOf([])).toBeUndefined();
  });

  it('Sortino divides by the shortfall over all days', () => {
    // One shortfall of 0.02 in four days: sqrt(0.0004 / 4) = 0.01.
    expect(sortinoOf(daily)).toBeCloseTo(0.5 * Math.sqrt(252), 9);
    expect(sortinoOf([0.01, 0.02])).toBeUndefined();
  });

  it('CAGR counts calendar years', () => {
    expect(cagrOf(100, 121, 2 * 365.25 * DAY)).toBeCloseTo(0.1, 12);
    expect(cagrOf(100, 0, DAY)).toBeUndefined();
  });

  it('SQN caps the number of trades at 100', () => {
    expect(sqnOf([1, 3])).toBeCloseTo(Math.sqrt(2) * (2 / Math.SQRT2), 12);
    const many = Array.from({ length: 400 }, (_, at) => (at % 2 === 0 ? 1 : 3));
    expect(sqnOf(many)).toBeCloseTo(10 * (2 / Math.sqrt(400 / 399)), 9);
  });

  it('value at risk interpolates, and its mean beyond is no better', () => {
    const values = Array.from({ length: 21 }, (_, at) => (at - 10) / 100);
    expect(quantileOf(values, 0.5)).toBe(0);
    expect(varOf(values)).toBeCloseTo(-0.09, 12);
    expect(cvarOf(values)).toBeCloseTo(-0.095, 12);
    expect(varOf([])).toBeUndefined();
  });

  it('returns begin at the starting balance', () => {
    expect(returnsOf(100, [110, 99])).toEqual([110 / 100 - 1, 99 / 110 - 1]);
  });
});

describe('drawdown', () => {
  it('is the deepest fall by share of its peak, with its recovery', () => {
    expect(drawdownOf([100, 120, 90, 100, 121, 110])).toEqual({
      amount: 30,
      share: 0.25,
      peakAt: 1,
      bottomAt: 2,
      recoveredAt: 4,
      longest: 2,
    });
  });

  it('that never ends is not recovered', () => {
    expect(drawdownOf([100, 90, 95, 80, 99])).toMatchObject({
      amount: 20,
      peakAt: 0,
      bottomAt: 3,
      recoveredAt: undefined,
      longest: 4,
    });
  });

  it('of a rising line is nothing', () => {
    expect(drawdownOf([1, 2, 3])).toMatchObject({ amount: 0, share: 0, longest: 0 });
  });
});

const trade = (net: number, adverse: number, favourable: number): Trade => ({
  side: 'buy',
  volume: 100,
  entryTime: MONDAY,
  entryPrice: 400_000_000,
  exitTime: MONDAY,
  exitPrice: 400_000_000,
  cause: 'stop',
  net,
  commission: -10,
  balanceBefore: 10_000,
  adverse,
  favourable,
  bars: 4,
});

describe('a whole run', () => {
  const prices: Prices[] = [
    [100, 101, 99, 100],
    [100, 102, 99, 110],
  ];
  const bars = [
    ...barsOf(prices),
    ...barsOf(prices, MONDAY + DAY),
    ...barsOf(prices, MONDAY + 30 * DAY),
  ];
  const market = marketOf(bars);
  const result: BacktestResult = {
    trades: [trade(300, 5, 9), trade(-100, 7, 1), trade(-50, 9, 2), trade(0, 1, 1)],
    equity: Float64Array.from([10_000, 10_300, 10_200, 10_200, 10_150, 10_150]),
    barsHeld: 3,
    startBalance: 10_000,
    endBalance: 10_150,
    stillOpen: false,
    blockedBy: {},
    trippedBy: {},
    swap: 0,
    digest: '',
    exponent: 2,
  };

  it('cuts the equity at the last bar of each day that has one', () => {
    const first = MONDAY / DAY;
    expect(dailyEquity(market, result.equity)).toEqual([
      { day: first, equity: 10_300 },
      { day: first + 1, equity: 10_200 },
      { day: first + 30, equity: 10_150 },
    ]);
  });

  it('counts wins, losses and results of zero apart', () => {
    expect(statisticsOf(market, result)).toMatchObject({
      ...{ trades: 4, wins: 1, losses: 2, flat: 1, winRate: 0.25 },
      ...{ grossProfit: 300, grossLoss: -150, netProfit: 150, profitFactor: 2 },
      ...{ expectancy: 37.5, averageWin: 300, averageLoss: -75, payoff: 4, commission: -40 },
      ...{ exposure: 0.5, averageBars: 4, averageAdverse: 5.5, averageFavourable: 3.25 },
      ...{ worstAdverse: 9, longestWins: 1, longestLosses: 2, days: 3, drawdownDays: 2 },
    });
    expect(statisticsOf(market, result).buyAndHold).toBeCloseTo(0.1, 12);
  });

  it('makes one row a month, in money and as a share of the equity before', () => {
    expect(statisticsOf(market, result).months).toEqual([
      { month: '2025-01', net: 200, share: 0.02 },
      { month: '2025-02', net: -50, share: -50 / 10_200 },
    ]);
  });

  it('leaves out what cannot be computed instead of inventing a number', () => {
    const none = { ...result, trades: [], equity: new Float64Array(6).fill(10_000) };
    const found = statisticsOf(market, none);
    for (const name of ['profitFactor', 'winRate', 'sqn', 'sharpe', 'calmar', 'payoff'] as const) {
      expect(found[name], name).toBeUndefined();
    }
  });
});
