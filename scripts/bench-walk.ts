/**
 * The made-up history and the shipped settings that backtests and sweeps are measured with: the
 * same on every machine.
 * Deliberately columns from the beginning, as the loader would give them.
 */
import { wall } from '../src/engine/index.ts';
import type { BacktestSetup } from '../src/sim/backtest.ts';
import {
  type BacktestMarket,
  backtestMarket,
  distanceOf,
  type SessionRule,
} from '../src/sim/backtest-market.ts';
import { type BarColumns, emptyColumns } from '../src/sim/bar-columns.ts';
import { SIMULATED_ACCOUNT, sessionsBetween } from '../src/sim/fcpo.ts';
import { createPrng } from '../src/sim/prng.ts';
import { CONFIG } from '../tests/support/engine-config.ts';

export const TIMEFRAME = CONFIG.timeframeMs;

/** The shipped settings and costs. */
export const SHIPPED: BacktestSetup = {
  config: { ...CONFIG, mode: 'backtest', sentimentMode: 'off' },
  account: SIMULATED_ACCOUNT,
  costs: {
    spread: distanceOf(3),
    slippage: distanceOf(1),
    commission: { type: 'perLot', minorPerLot: 1_500 },
  },
  sentiment: { type: 'off' },
};

export function marketOf(bars: BarColumns, sessions: SessionRule): BacktestMarket {
  const made = backtestMarket(bars, { timeframeMs: TIMEFRAME, sessions });
  if (!made.ok) throw new Error(made.reason);
  return made.market;
}

export const SHORT = 100_000;
export const LONG = 1_000_000;

/** A seeded walk in the sessions of the exchange, whole MYR. */
export function walk(count: number): BarColumns {
  const prng = createPrng('bench');
  const made = emptyColumns(count, 0);
  let [level, at] = [4_000, 0];
  for (const session of sessionsBetween(wall(Date.UTC(2000, 0, 3)), wall(Date.UTC(2400, 0, 1)))) {
    for (let time: number = session.open; time < session.close; time += TIMEFRAME) {
      const open = level;
      let [high, low] = [level, level];
      for (let step = 0; step < 3; step += 1) {
        level = Math.max(2_000, Math.min(8_000, level + prng.integer(-5, 5)));
        [high, low] = [Math.max(high, level), Math.min(low, level)];
      }
      made.openTime[at] = time;
      made.open[at] = open * 100_000;
      made.high[at] = high * 100_000;
      made.low[at] = low * 100_000;
      made.close[at] = level * 100_000;
      at += 1;
      if (at === count) return made;
    }
  }
  return made;
}
