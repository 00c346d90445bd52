/**
 * Could a trade have taken the day's result to its limit? Deliberately answers yes a little too
 * early and never too late: then `sweep-limit.ts` looks at every quote of the trade.
 */
import { dayEndOf, dayStartOf, type SweepIndex } from './sweep-index.ts';
import { away, type KernelTerms } from './sweep-terms.ts';

/** A closed trade, as far as the day's result is concerned. */
export interface Closed {
  readonly isBuy: boolean;
  readonly entry: number;
  readonly exit: number;
  readonly fill: number;
  readonly size: number;
  readonly stopDistance: number;
  readonly targetDistance: number;
  readonly net: number;
  /** Before it. */
  readonly balance: number;
}

/**
 * The same in eight cells beside each other, used again and again: a sweep closes millions of
 * trades, and next to none of them comes near the limit. The size is negative for a sale.
 */
export type Cells = Float64Array;
export const CELL = {
  entry: 0,
  exit: 1,
  fill: 2,
  size: 3,
  stop: 4,
  target: 5,
  net: 6,
  balance: 7,
} as const;

/** No trade yet: closed before the first bar. */
export const emptyCells = (): Cells => Float64Array.of(-1, -1, 0, 0, 0, 0, 0, 0);

export function closedOf(cells: Cells): Closed {
  const size = cells[CELL.size] as number;
  return {
    isBuy: size > 0,
    entry: cells[CELL.entry] as number,
    exit: cells[CELL.exit] as number,
    fill: cells[CELL.fill] as number,
    size: Math.abs(size),
    stopDistance: cells[CELL.stop] as number,
    targetDistance: cells[CELL.target] as number,
    net: cells[CELL.net] as number,
    balance: cells[CELL.balance] as number,
  };
}

/** With which equity the day of the newest entry was opened: its first bar, then the equity. */
export type DayBook = Float64Array;
const FIRST = 0;
const OPENING = 1;

export const emptyDayBook = (balance: number): DayBook => Float64Array.of(-1, balance);
export const openingOf = (day: DayBook): number => day[OPENING] as number;

/**
 * Equity at the first quote of a bar with the trade still open, as the engine opens a day with it.
 */
function equityAt(index: SweepIndex, terms: KernelTerms, trade: Cells, bar: number): number {
  const size = trade[CELL.size] as number;
  const first = index.market.open[bar] as number;
  const fill = trade[CELL.fill] as number;
  const product = size > 0 ? (first - fill) * size : (first + terms.spread - fill) * size;
  const opening = away(terms.minorPerLot * Math.abs(size), terms.lot);
  return (trade[CELL.balance] as number) + away(product, terms.divisor) - opening;
}

/** Closed by the first quote of that bar already: the day was opened flat. */
function endedAtOpen(terms: KernelTerms, trade: Cells, bar: number, before: number): boolean {
  if (trade[CELL.exit] !== bar) return false;
  const size = Math.abs(trade[CELL.size] as number);
  const slip = away(terms.slippage * size, terms.divisor);
  const closing = away(terms.minorPerLot * size, terms.lot);
  const after = (trade[CELL.balance] as number) + (trade[CELL.net] as number);
  return after === before - closing || Math.abs(after - before + closing + slip) <= 1;
}

/** With which equity the day of an entry opened: with the trade before, if that was held then. */
function keepDay(
  index: SweepIndex,
  terms: KernelTerms,
  day: DayBook,
  trade: Cells,
  last: Cells,
): void {
  const first = dayStartOf(index, trade[CELL.entry] as number);
  if (first === day[FIRST]) return;
  day[FIRST] = first;
  day[OPENING] = trade[CELL.balance] as number;
  if ((last[CELL.entry] as number) >= first || (last[CELL.exit] as number) < first) return;
  const equity = equityAt(index, terms, last, first);
  if (!endedAtOpen(terms, last, first, equity)) day[OPENING] = equity;
}

/**
 * Far from the limit, as nearly every trade is? Keeps the day's book, so it is asked once a trade,
 * in order; `last` is the trade before. In doubt a no.
 */
export function isFarFromLimit(
  index: SweepIndex,
  terms: KernelTerms,
  day: DayBook,
  trade: Cells,
  last: Cells,
): boolean {
  keepDay(index, terms, day, trade, last);
  const balance = trade[CELL.balance] as number;
  const net = trade[CELL.net] as number;
  const size = Math.abs(trade[CELL.size] as number);
  // Each money below is off by less than one unit for every product that the engine rounds.
  const atStop = -(trade[CELL.stop] as number) * size * terms.inverse;
  const atTarget = (trade[CELL.target] as number) * size * terms.inverse;
  const worst = balance + Math.min(atStop, net) - size * terms.costShare - 6;
  const opening = day[OPENING] as number;
  // The higher a day opened, the nearer its limit: no day opens higher than this one.
  const highest = Math.max(opening, balance + Math.max(atTarget, net) + 1);
  if (staysAbove(terms, worst, highest)) return true;
  if (!staysAbove(terms, worst, opening)) return false;
  const exit = trade[CELL.exit] as number;
  let bar = dayEndOf(index, trade[CELL.entry] as number);
  while (bar <= exit) {
    if (!staysAbove(terms, worst, equityAt(index, terms, trade, bar))) return false;
    bar = dayEndOf(index, bar);
  }
  return true;
}

const staysAbove = ({ dailyLossBps }: KernelTerms, worst: number, opening: number): boolean =>
  (worst - opening) * 10_000 > -opening * dailyLossBps;

/**
 * Could the day's result have reached its limit in this trade? Never too rarely, sometimes too
 * often: the worst of each day that it touched, against the opening of that day.
 */
export function nearDailyLimit(
  index: SweepIndex,
  terms: KernelTerms,
  opening: number,
  cells: Cells,
): boolean {
  const trade = closedOf(cells);
  for (let bar = trade.entry; bar <= trade.exit; bar = dayEndOf(index, bar)) {
    const from = bar === trade.entry ? opening : equityAt(index, terms, cells, bar);
    if (!staysAbove(terms, worstOfDay(index, terms, trade, bar), from)) return true;
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
  const after = dayEndOf(index, from);
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
