/** A row of a sweep by hand: sums, stretches and the drawdown of trades that overlap. */
import { expect, it } from 'vitest';
import type { Trade } from '../../src/sim/backtest.ts';
import { BLOCKS, rowOfTrades } from '../../src/sim/sweep-row.ts';
import { barsOf, MINUTES_5, MONDAY, marketOf, type Prices } from './backtest-history.ts';

const still: Prices = [100, 101, 99, 100];
const market = marketOf(barsOf(Array.from({ length: 2 * BLOCKS }, () => still)));

const trade = (entry: number, exit: number, balanceBefore: number, net: number): Trade => ({
  ...{ side: 'buy', volume: 100, entryPrice: 1, exitPrice: 1, cause: 'stop', commission: 0 },
  ...{ adverse: 0, favourable: 0, bars: 1, balanceBefore, net },
  entryTime: MONDAY + entry * MINUTES_5,
  exitTime: MONDAY + exit * MINUTES_5,
});

it('sums trades in the stretch in which they ended', () => {
  const row = rowOfTrades([trade(0, 3, 10_000, 500), trade(4, 5, 10_500, -210)], false, market);
  expect(row).toMatchObject({ trades: 2, wins: 1, losses: 1, net: 290, grossLoss: -210 });
  // Bars 3 and 5 of 40: stretches 1 and 2 of 20.
  expect(row.blocks.slice(0, 4)).toEqual([0, 500, -210, 0]);
  expect(row.blockTrades.slice(0, 4)).toEqual([0, 1, 1, 0]);
  // 500 / 10,000 and -210 / 10,500.
  expect(row.sumReturn).toBeCloseTo(0.05 - 0.02, 12);
  expect(row.sumSquares).toBeCloseTo(0.0025 + 0.0004, 12);
  expect(row.drawdown).toBeCloseTo(210 / 10_500, 12);
});

it('falls by every trade of several that were open at once', () => {
  // All three entered at 10,000: 9,800, 9,500, 9,100; the fall is 9 %, not 4 %.
  const nets = [-200, -300, -400];
  const row = rowOfTrades(
    nets.map((net, at) => trade(at, 10 + at, 10_000, net)),
    false,
    market,
  );
  expect(row.net).toBe(-900);
  expect(row.drawdown).toBeCloseTo(0.09, 12);
});
