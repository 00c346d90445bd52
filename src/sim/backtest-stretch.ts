/**
 * How far the bars of a backtest may be told to the engine at once: up to the first after which
 * something else is due.
 * Deliberately asks only the calendar, the news and the swap: what the bars themselves bring about
 * is for the exchange and the engine to see.
 */
import { type BacktestMarket, barFrom } from './backtest-market.ts';
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
  const { start, sessionEnd, sessionClosedAt, count } = market;
  const isNight = (bar: number): boolean =>
    swap !== undefined && nightsBetween(swap, start[bar] ?? 0, start[bar + 1] ?? 0) > 0;
  /** The session that holds the bar which was asked about last, or one before it. */
  let session = 0;
  /** The next bar behind this one that the clock closes; or the last of all. */
  const closingAfter = (bar: number): number => {
    let nth = session;
    while (nth < sessionEnd.length && (sessionEnd[nth] as number) <= bar + 1) nth += 1;
    session = nth;
    while (nth < sessionEnd.length && !((sessionClosedAt[nth] as number) > 0)) nth += 1;
    return nth < sessionEnd.length ? (sessionEnd[nth] as number) - 1 : count - 1;
  };
  /** The end that calendar and swap set, until a bar reaches it. */
  let known = 0;
  const find = (bar: number): number => {
    const midnight = (Math.floor((start[bar] ?? 0) / DAY_MS) + 1) * DAY_MS;
    const most = Math.min(closingAfter(bar), barFrom(start, count, midnight, bar + 1), count - 1);
    if (swap === undefined) return most;
    for (let next = bar + 1; next < most; next += 1) if (isNight(next)) return next;
    return most;
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
