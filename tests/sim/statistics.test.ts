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

  it('gives every figure of a run that was worked out on paper', () => {
    // Day ends 10,300, 10,094, 10,094: returns 0.03, -206 / 10,300 = -0.02, 0; mean 0.01 / 3.
    const equity = Float64Array.from([10_200, 10_300, 10_400, 10_094, 10_094, 10_094]);
    const trades = [trade(300, 5, 9), trade(-206, 7, 1)];
    const found = statisticsOf(market, { ...result, trades, equity, barsHeld: 4 });
    expect(found).toMatchObject({ netProfit: 94, days: 3, drawdownDays: 2, exposure: 4 / 6 });
    expect(found.returnShare).toBeCloseTo(0.0094, 12);
    // Squares (8 / 300)^2 + (7 / 300)^2 + (1 / 300)^2 = 114 / 90,000; / 2 days.
    const deviation = Math.sqrt(57 / 90_000);
    expect(found.sharpe).toBeCloseTo((0.01 / 3 / deviation) * 15.8745078663875, 9);
    expect(found.sharpe).toBeCloseTo(2.10263, 5);
    // One shortfall of 0.02 in three days: root of 0.0004 / 3; ratio 1 / sqrt(12), times sqrt(252).
    expect(found.sortino).toBeCloseTo(Math.sqrt(21), 9);
    // 30 days and 10 minutes of 365.25 days: 1.0094 ^ 12.17218 - 1.
    expect(found.cagr).toBeCloseTo(0.12062223, 8);
    // The bar-by-bar peak 10,400 of Tuesday's first bar, 306 below it at the end of the second.
    expect(found.drawdown).toMatchObject({ amount: 306, share: 306 / 10_400 });
    expect(found.drawdownTimes).toEqual({
      peak: MONDAY + DAY + 300_000,
      bottom: MONDAY + DAY + 600_000,
      recovered: undefined,
    });
    // 0.12062223 / (306 / 10,400).
    expect(found.calmar).toBeCloseTo(4.09957906, 7);
    // Position 0.05 * 2 = 0.1 between -0.02 and 0: -0.018; only -0.02 is at or below it.
    expect(found.dailyVar).toBeCloseTo(-0.018, 12);
    expect(found.dailyCvar).toBeCloseTo(-0.02, 12);
    expect(found.profitFactor).toBe(300 / 206);
    expect([found.expectancy, found.winRate, found.payoff]).toEqual([47, 0.5, 300 / 206]);
    // Both are 253 from the mean 47: deviation sqrt(2 * 253^2 / 1) = 253 sqrt(2); times sqrt(2).
    expect(found.sqn).toBeCloseTo(47 / 253, 12);
    expect(found.months).toEqual([
      { month: '2025-01', net: 94, share: 0.0094 },
      { month: '2025-02', net: 0, share: 0 },
    ]);
  });

  const of = (nets: readonly number[]) =>
    statisticsOf(market, { ...result, trades: nets.map((net) => trade(net, 5, 9)) });

  it('of one trade has no deviation, and no loss to divide by', () => {
    const one = of([300]);
    expect(one).toMatchObject({ trades: 1, winRate: 1, expectancy: 300, longestWins: 1 });
    expect([one.sqn, one.profitFactor, one.payoff, one.averageLoss]).toEqual(Array(4));
  });

  it('of wins alone has neither profit factor nor payoff', () => {
    const won = of([100, 200, 300]);
    expect(won).toMatchObject({ winRate: 1, losses: 0, grossLoss: 0, averageWin: 200 });
    expect(won).toMatchObject({ longestWins: 3, longestLosses: 0, expectancy: 200 });
    expect([won.profitFactor, won.payoff]).toEqual([undefined, undefined]);
    // Deviation 100: sqrt(3) * 200 / 100.
    expect(won.sqn).toBeCloseTo(2 * Math.sqrt(3), 12);
  });

  it('of losses alone has profit factor 0, which is a number', () => {
    const lost = of([-100, -300]);
    expect(lost).toMatchObject({
      profitFactor: 0,
      winRate: 0,
      averageLoss: -200,
      longestLosses: 2,
    });
    expect([lost.payoff, lost.averageWin]).toEqual([undefined, undefined]);
    expect(lost.sqn).toBeCloseTo(-2, 12);
  });

  it('ends a streak with a result of zero, which is neither won nor lost', () => {
    const found = of([100, 100, 0, 100, -100, 0, -100]);
    expect(found).toMatchObject({ wins: 3, losses: 2, flat: 2, longestWins: 2, longestLosses: 1 });
    expect(found.winRate).toBeCloseTo(3 / 7, 12);
    expect(of([0])).toMatchObject({ winRate: 0, flat: 1, expectancy: 0 });
  });

  it('that lost everything has no yearly growth', () => {
    const equity = Float64Array.from([10_000, 6_000, 6_000, 0, 0, 0]);
    const gone = statisticsOf(market, { ...result, equity });
    expect(gone).toMatchObject({ netProfit: -10_000, returnShare: -1, cagr: undefined });
    // Below the starting balance at the end of each of the three days.
    expect(gone.drawdownDays).toBe(3);
    expect(gone.drawdown).toMatchObject({ share: 1, amount: 10_000 });
    expect([gone.calmar, gone.dailyVar, gone.dailyCvar].map((one) => Number.isNaN(one))).toEqual(
      Array(3).fill(false),
    );
  });

  it('that did nothing is flat', () => {
    const still = new Float64Array(6).fill(10_000);
    const flat = statisticsOf(market, { ...result, trades: [], equity: still, barsHeld: 0 });
    expect(flat).toMatchObject({ netProfit: 0, cagr: 0, exposure: 0, dailyVar: 0, dailyCvar: 0 });
    expect(flat).toMatchObject({ drawdownDays: 0, longestWins: 0, longestLosses: 0, trades: 0 });
    expect(flat.drawdown).toMatchObject({ share: 0, amount: 0 });
    expect(flat.drawdownTimes).toEqual({ peak: MONDAY, bottom: MONDAY, recovered: MONDAY });
    expect([flat.sharpe, flat.sortino, flat.calmar]).toEqual(Array(3));
  });

  it('leaves out what cannot be computed instead of inventing a number', () => {
    const none = { ...result, trades: [], equity: new Float64Array(6).fill(10_000) };
    const found = statisticsOf(market, none);
    for (const name of ['profitFactor', 'winRate', 'sqn', 'sharpe', 'calmar', 'payoff'] as const) {
      expect(found[name], name).toBeUndefined();
    }
  });
});
