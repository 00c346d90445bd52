/**
 * Made-up histories for backtests: a quiet market, a slow fall that calls for a buy, and what
 * follows.
 * Deliberately small and by hand or by seed, so that every expected number can be worked out on
 * paper.
 */

import { type Bar, price, wall } from '../../src/engine/index.ts';
import type { BacktestSetup } from '../../src/sim/backtest.ts';
import {
  type BacktestMarket,
  backtestMarket,
  distanceOf,
  type SessionRule,
} from '../../src/sim/backtest-market.ts';
import { columnsOf } from '../../src/sim/bar-columns.ts';
import { SIMULATED_ACCOUNT } from '../../src/sim/fcpo.ts';
import { createPrng } from '../../src/sim/prng.ts';
import { CONFIG } from '../support/engine.ts';

export const MINUTES_5 = 300_000;
/** 00:00 UTC of a Monday. */
export const MONDAY = Date.UTC(2025, 0, 6);

/** Prices in whole MYR. */
export type Prices = readonly [open: number, high: number, low: number, close: number];

export const barsOf = (prices: readonly Prices[], from = MONDAY): Bar[] =>
  prices.map(([open, high, low, close], index) => ({
    openTime: wall(from + index * MINUTES_5),
    open: price(open * 100_000),
    high: price(high * 100_000),
    low: price(low * 100_000),
    close: price(close * 100_000),
    ticks: 0,
  }));

/** Enough quiet bars for every indicator, then a fall by 4 a bar: the RSI sinks below 30. */
export function falling(quiet: number, down: number): Prices[] {
  const prices: Prices[] = [];
  for (let index = 0; index < quiet; index += 1) {
    const [open, close] = index % 2 === 0 ? [3_998, 4_002] : [4_002, 3_998];
    prices.push([open, 4_005, 3_995, close]);
  }
  let last = prices.at(-1)?.[3] ?? 4_000;
  for (let index = 0; index < down; index += 1) {
    prices.push([last, last + 3, last - 7, last - 4]);
    last -= 4;
  }
  return prices;
}

export function marketOf(bars: readonly Bar[], sessions: SessionRule = 'bars'): BacktestMarket {
  const found = backtestMarket(columnsOf(bars), { timeframeMs: MINUTES_5, sessions });
  if (!found.ok) throw new Error(found.reason);
  return found.market;
}

/** Spread 2, no slippage, MYR 15 a lot, no trend filter, no news gate. */
export const SETUP: BacktestSetup = {
  config: { ...CONFIG, trendFilter: false },
  account: SIMULATED_ACCOUNT,
  costs: {
    spread: distanceOf(2),
    slippage: distanceOf(0),
    commission: { type: 'perLot', minorPerLot: 1_500 },
  },
  sentiment: { type: 'off' },
};

/** A random walk in runs of bars with holes between them, by seed. */
export function wandering(seed: string, count: number, width: number): Bar[] {
  const prng = createPrng(seed);
  const bars: Bar[] = [];
  let level = 4_000;
  let time = MONDAY;
  while (bars.length < count) {
    if (prng.chance(12)) time += prng.integer(1, 90) * MINUTES_5;
    const path = [level];
    for (let step = 0; step < 4; step += 1) {
      const wild = prng.chance(4) ? 6 : 1;
      level = Math.min(6_000, Math.max(2_500, level + Math.round(prng.normal() * width * wild)));
      path.push(level);
    }
    const [open = level, close = level] = [path[0], path.at(-1)];
    const [high, low] = [Math.max(...path), Math.min(...path)];
    const scaled = [open, high, low, close].map((value) => price(value * 100_000));
    const [o, h, l, c] = scaled as [Bar['open'], Bar['open'], Bar['open'], Bar['open']];
    bars.push({ openTime: wall(time), open: o, high: h, low: l, close: c, ticks: 0 });
    // The next bar may open elsewhere: gaps through levels.
    if (prng.chance(60)) level += prng.integer(-25, 25);
    time += MINUTES_5;
  }
  return bars;
}
