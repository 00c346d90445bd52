/**
 * Could a trade have taken the day's result to its limit? Deliberately answers yes a little too
 * early and never too late: then `sweep-limit.ts` looks at every quote of the trade.
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
  return markedEquity(terms, trade, trade.isBuy ? first : first + terms.spread);
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
 * Least equity at any quote of the trade from a bar to the end of its day, and at the first quote
 * behind it, which is still measured by this day; at most a little too low.
 */
function worstOfDay(index: SweepIndex, terms: KernelTerms, trade: Closed, from: number): number {
  const { high, low, open } = index.market;
  const { exit, isBuy } = trade;
  const shift = isBuy ? 0 : terms.spread;
  const after = index.dayEnd[from] as number;
  const end = Math.min(exit, after);
  let against = trade.fill;
  for (let bar = from; bar < end; bar += 1) {
    const price = isBuy ? (low[bar] as number) : (high[bar] as number) + shift;
    against = isBuy ? Math.min(against, price) : Math.max(against, price);
  }
  const next = Math.min(exit, after);
  const first = (open[next] as number) + shift;
  against = isBuy ? Math.min(against, first) : Math.max(against, first);
  let worst = Number.POSITIVE_INFINITY;
  if (exit < after) {
    // Inside the exit bar no quote is beyond the stop, unless the bar opened there.
    const extreme = isBuy ? (low[exit] as number) : (high[exit] as number) + shift;
    const stop = isBuy ? trade.fill - trade.stopDistance : trade.fill + trade.stopDistance;
    const reached = isBuy ? Math.max(extreme, stop) : Math.min(extreme, stop);
    against = isBuy ? Math.min(against, reached) : Math.max(against, reached);
  }
  if (exit <= after) worst = trade.balance + trade.net;
  return Math.min(worst, markedEquity(terms, trade, against));
}

/** Equity with the trade open, at a price of its closing side. */
export function markedEquity(terms: KernelTerms, trade: Closed, price: number): number {
  const distance = trade.isBuy ? price - trade.fill : trade.fill - price;
  const opening = away(terms.minorPerLot * trade.size, terms.lot);
  return trade.balance + away(distance * trade.size, terms.divisor) - opening;
}
