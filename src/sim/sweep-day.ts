/**
 * Did a trade take the day's result to its limit? The one breaker that the sweep's kernel only
 * sees.
 * Deliberately answers yes a little too early and never too late: then the engine runs the set.
 */
import type { SweepIndex } from './sweep-index.ts';
import { away, commissionOf, type KernelTerms } from './sweep-terms.ts';

/** A closed trade, as far as the day's result is concerned. */
export interface Closed {
  isBuy: boolean;
  entry: number;
  exit: number;
  fill: number;
  size: number;
  stopDistance: number;
  targetDistance: number;
  net: number;
  /** Before it. */
  balance: number;
}

/** To be filled in: a record is used again, because a sweep closes millions of trades. */
export const emptyClosed = (): Closed => ({
  isBuy: false,
  entry: 0,
  exit: 0,
  fill: 0,
  size: 0,
  stopDistance: 0,
  targetDistance: 0,
  net: 0,
  balance: 0,
});

/** With which equity the day of the newest entry was opened. */
export interface DayBook {
  first: number;
  opening: number;
  last: Closed | undefined;
}

/**
 * Equity at the first quote of a bar with the trade still open, as the engine opens a day with it.
 */
function equityAt(index: SweepIndex, terms: KernelTerms, trade: Closed, bar: number): number {
  const first = index.market.open[bar] as number;
  const distance = trade.isBuy ? first - trade.fill : trade.fill - first - terms.spread;
  const opening = away(terms.minorPerLot * trade.size, terms.lot);
  return trade.balance + away(distance * trade.size, terms.divisor) - opening;
}

/** Closed by the first quote of that bar already: the day was opened flat. */
function endedAtOpen(index: SweepIndex, terms: KernelTerms, trade: Closed, bar: number): boolean {
  if (trade.exit !== bar) return false;
  const before = equityAt(index, terms, trade, bar);
  const slip = away(terms.slippage * trade.size, terms.divisor);
  const closing = away(terms.minorPerLot * trade.size, terms.lot);
  const after = trade.balance + trade.net;
  return after === before - closing || Math.abs(after - before + closing + slip) <= 1;
}

/**
 * Could the day's result have reached its limit in this trade? Never too rarely, sometimes too
 * often:
 * the worst that the whole trade was ever worth, against the opening of every day that it touched.
 */
export function nearDailyLimit(
  index: SweepIndex,
  terms: KernelTerms,
  day: DayBook,
  trade: Closed,
): boolean {
  const { balance, net, size } = trade;
  const { last } = day;
  const first = index.dayStart[trade.entry] as number;
  if (first !== day.first) {
    const isHeld = last !== undefined && last.entry < first && last.exit >= first;
    const isOpen = isHeld && !endedAtOpen(index, terms, last, first);
    day.opening = isOpen ? equityAt(index, terms, last, first) : balance;
    day.first = first;
  }
  day.last = trade;
  const extra = terms.spread + terms.slippage;
  const slack = away(extra * size, terms.divisor) + commissionOf(terms, size) + 1;
  const atStop = -away(trade.stopDistance * size, terms.divisor);
  const worst = balance + Math.min(atStop, net) - slack;
  // The higher a day opened, the nearer its limit: no day opens higher than this one.
  const atTarget = away(trade.targetDistance * size, terms.divisor);
  const highest = Math.max(day.opening, balance + Math.max(atTarget, net));
  if ((worst - highest) * 10_000 > -highest * terms.dailyLossBps) return false;
  let isFirst = true;
  for (let bar = trade.entry; bar <= trade.exit; bar = index.dayEnd[bar] as number) {
    const opening = isFirst ? day.opening : equityAt(index, terms, trade, bar);
    const limit = -opening * terms.dailyLossBps;
    const isNear = (worst - opening) * 10_000 <= limit;
    if (isNear && (worstOfDay(index, terms, trade, bar) - opening) * 10_000 <= limit) return true;
    isFirst = false;
  }
  return false;
}

/**
 * Least equity at any quote of the trade from a bar to the end of its day; at most a little too
 * low.
 */
function worstOfDay(index: SweepIndex, terms: KernelTerms, trade: Closed, from: number): number {
  const { high, low, open } = index.market;
  const end = Math.min(trade.exit, index.dayEnd[from] as number);
  let against = trade.fill;
  for (let bar = from; bar < end; bar += 1) {
    const price = trade.isBuy ? (low[bar] as number) : (high[bar] as number) + terms.spread;
    against = trade.isBuy ? Math.min(against, price) : Math.max(against, price);
  }
  let worst = Number.POSITIVE_INFINITY;
  if (trade.exit < (index.dayEnd[from] as number)) {
    // Inside the exit bar no quote is beyond the stop, unless the bar opened there.
    const first = (open[trade.exit] as number) + (trade.isBuy ? 0 : terms.spread);
    const extreme = trade.isBuy
      ? (low[trade.exit] as number)
      : (high[trade.exit] as number) + terms.spread;
    const stop = trade.isBuy ? trade.fill - trade.stopDistance : trade.fill + trade.stopDistance;
    const reached = trade.isBuy ? Math.max(extreme, stop) : Math.min(extreme, stop);
    against = trade.isBuy ? Math.min(against, first, reached) : Math.max(against, first, reached);
    worst = trade.balance + trade.net;
  }
  const distance = trade.isBuy ? against - trade.fill : trade.fill - against;
  const opening = away(terms.minorPerLot * trade.size, terms.lot);
  const marked = trade.balance + away(distance * trade.size, terms.divisor) - opening;
  return Math.min(worst, marked);
}
