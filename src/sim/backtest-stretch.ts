/**
 * How far the bars of a backtest may be told to the engine at once: up to the first after which
 * something else is due.
 * Deliberately asks only the calendar, the news and the swap: what the bars themselves bring about
 * is for the exchange and the engine to see.
 */
import type { BacktestMarket } from './backtest-market.ts';
import { nightsBetween, type SwapRule } from './backtest-swap.ts';
import { DAY_MS } from './fcpo.ts';

/** So many bars are told at once at most: a run over them stays a small thing. */
const STRETCH_BARS = 512;

export interface StretchEnds {
  /** Whether swap is due between a bar and the next. */
  isNight(bar: number): boolean;
  /** The first bar behind this one that the engine must not be told with it. */
  after(bar: number, newsAt: number): number;
}

/** Bars before `decideFrom` are told apart from those behind it. */
export function createStretchEnds(
  market: BacktestMarket,
  swap: SwapRule | undefined,
  decideFrom: number,
): StretchEnds {
  const { start, closedByClockAt, count } = market;
  const isNight = (bar: number): boolean =>
    swap !== undefined && nightsBetween(swap, start[bar] ?? 0, start[bar + 1] ?? 0) > 0;
  /** The end that calendar and swap set, until a bar reaches it. */
  let known = 0;
  const find = (bar: number): number => {
    const midnight = (Math.floor((start[bar] ?? 0) / DAY_MS) + 1) * DAY_MS;
    for (let next = bar + 1; next < count - 1; next += 1) {
      const isOver = (closedByClockAt[next] ?? 0) > 0 || (start[next] ?? 0) >= midnight;
      if (isOver || isNight(next)) return next;
    }
    return count - 1;
  };
  return {
    isNight,
    after: (bar, newsAt) => {
      if (bar >= known) known = find(bar);
      const most = Math.min(known, bar + STRETCH_BARS);
      const until = bar < decideFrom && decideFrom < most ? decideFrom : most;
      if ((start[until] ?? 0) < newsAt) return until;
      let next = bar + 1;
      while (next < until && (start[next + 1] ?? 0) < newsAt) next += 1;
      return next;
    },
  };
}
