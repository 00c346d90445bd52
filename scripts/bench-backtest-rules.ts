/**
 * The rules of the backtests of bench-backtest-runs.ts once more as a plain loop, with those of the
 * other backtesters, and the one form in which everybody's trades are compared.
 * Deliberately no engine and no other program: what they tell is judged by this.
 */
import type { SweepIndex } from '../src/sim/sweep-index.ts';
import { SHIPPED } from './bench-walk.ts';

const CONFIG = SHIPPED.config;

/** A trade as all programs tell it. */
export type Fact = readonly [
  entryTime: number,
  entryPrice: number,
  exitTime: number,
  exitPrice: number,
];

/** Distances of stop and target from an entry, on the grid as the engine puts them. */
export const TICK = 1_000;
export const distances = (entry: number) => ({
  stop: Math.ceil(Math.ceil((entry * CONFIG.stopLossBps) / 10_000) / TICK) * TICK,
  target: Math.floor(Math.floor((entry * CONFIG.takeProfitBps) / 10_000) / TICK) * TICK,
});

/**
 * `late` looks at no level in the bar of the entry, and does not enter on the close of the bar of
 * an exit.
 */
export type Rules = 'ours' | 'late';

export function plainTrades({ market, rsi, allowed }: SweepIndex, rules: Rules): Fact[] {
  const { time, open, high, low, count } = market;
  const trades: Fact[] = [];
  let held: { entered: number; price: number; stop: number; target: number } | undefined;
  let wanted = 0;
  for (let bar = 0; bar < count; bar += 1) {
    const [begins, first] = [time[bar] as number, open[bar] as number];
    if (wanted !== 0) {
      const { stop, target } = distances(first);
      const levels = { stop: first - wanted * stop, target: first + wanted * target };
      held = { entered: begins, price: first, ...levels };
      wanted = 0;
      if (rules === 'late') continue;
    }
    if (held !== undefined) {
      const [top, bottom] = [high[bar] as number, low[bar] as number];
      const isLong = held.target > held.stop;
      const isStopped = isLong ? bottom <= held.stop : top >= held.stop;
      const isReached = isLong ? top >= held.target : bottom <= held.target;
      if (!isStopped && !isReached) continue;
      trades.push([held.entered, held.price, begins, isStopped ? held.stop : held.target]);
      held = undefined;
      if (rules === 'late') continue;
    }
    if (allowed[bar] === 0) continue;
    const now = rsi[bar] as number;
    wanted = now < CONFIG.rsiOversold ? 1 : now > CONFIG.rsiOverbought ? -1 : 0;
  }
  return trades;
}

export function assertSame(what: string, made: readonly Fact[], wanted: readonly Fact[]): void {
  const at = wanted.findIndex((trade, nth) => String(trade) !== String(made[nth]));
  if (made.length === wanted.length && at < 0) return;
  const where = at < 0 ? wanted.length : at;
  throw new Error(`${what}: ${made.length} trades, not ${wanted.length}; the ${where}th differs`);
}
