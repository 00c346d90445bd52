/**
 * The daily loss limit exactly: every quote of a trade that came near it, in the engine's order.
 * Deliberately slow and rarely asked: `sweep-day.ts` says for which trades.
 */
import { DEADLINES } from '../engine/index.ts';
import { DAY_MS } from './fcpo.ts';
import { type Closed, markedEquity } from './sweep-day.ts';
import type { SweepIndex } from './sweep-index.ts';
import type { KernelTerms } from './sweep-terms.ts';

/** A mark older than this is none (engine rule F60). */
const MARK_AGE_MS = 60_000;

/** What the breaker and the day's book remember. */
interface Watch {
  readonly limitBps: number;
  opening: number;
  openedDay: number;
  /** When it tripped; 0 while it is clear. */
  since: number;
  sinceDay: number;
}

const dayOf = (time: number): number => Math.floor(time / DAY_MS);

const reaches = ({ opening, limitBps }: Watch, equity: number): boolean =>
  (equity - opening) * 10_000 <= -opening * limitBps;

/** A look at the breaker; an equity that nobody knows trips nothing and holds nothing. */
function look(watch: Watch, equity: number | undefined, time: number): void {
  const isReached = equity !== undefined && reaches(watch, equity);
  if (watch.since === 0) {
    if (!isReached) return;
    watch.since = time;
    watch.sinceDay = dayOf(time);
    return;
  }
  const isHeld = time - watch.since >= DEADLINES.dailyLossHoldMs;
  if (!isReached && isHeld && dayOf(time) > watch.sinceDay) watch.since = 0;
}

/**
 * The instant before which nothing is entered after this trade, because the day's result reached
 * its limit; 0 when it did not, or when that is over. `opening` is the equity with which the day
 * of the entry was opened.
 */
export function haltAfter(
  index: SweepIndex,
  terms: KernelTerms,
  opening: number,
  trade: Closed,
): number {
  const { start } = index.market;
  const openedDay = dayOf(start[trade.entry] as number);
  const watch: Watch = {
    limitBps: terms.dailyLossBps,
    opening,
    openedDay,
    since: 0,
    sinceDay: 0,
  };
  for (let bar = trade.entry; bar <= trade.exit; bar += 1)
    watchBar(index, terms, trade, bar, watch);
  if (watch.since === 0) return 0;
  const isDown = reaches(watch, trade.balance + trade.net);
  const lastDay = isDown ? Math.max(watch.sinceDay, watch.openedDay) : watch.sinceDay;
  return Math.max((lastDay + 1) * DAY_MS, watch.since + DEADLINES.dailyLossHoldMs);
}

/** One bar: its first quote, a new day, then the way to its end or to the exit. */
function watchBar(
  index: SweepIndex,
  terms: KernelTerms,
  trade: Closed,
  bar: number,
  watch: Watch,
): void {
  const { open, high, low, close, start, end, closedByClockAt } = index.market;
  const { isBuy, fill } = trade;
  const shift = isBuy ? 0 : terms.spread;
  const sign = isBuy ? 1 : -1;
  const from = start[bar] as number;
  const quarter = Math.floor(((end[bar] as number) - from) / 4);
  const isLast = bar === trade.exit;
  const after = trade.balance + trade.net;
  const stop = fill - sign * trade.stopDistance;
  const target = fill + sign * trade.targetDistance;
  const first = (open[bar] as number) + shift;
  const [against, better] = isBuy ? [low, high] : [high, low];
  const worst = (against[bar] as number) + shift;
  look(watch, markedEquity(terms, trade, first), from);
  const isAtOpen = sign * (first - stop) <= 0 || sign * (target - first) <= 0;
  const isGone = isLast && isAtOpen;
  if (isGone) look(watch, after, from);
  if (dayOf(from) !== watch.openedDay) {
    watch.openedDay = dayOf(from);
    watch.opening = isGone ? after : markedEquity(terms, trade, first);
    look(watch, watch.opening, from);
  }
  if (isGone) return;
  // A quote at the price of the one before is none.
  let [price, heard] = [first, from];
  const hear = (to: number, time: number): void => {
    if (to === price) return;
    [price, heard] = [to, time];
    look(watch, markedEquity(terms, trade, to), time);
  };
  if (isLast && sign * (worst - stop) <= 0) {
    hear(stop, from + quarter);
    look(watch, after, from + quarter);
    return;
  }
  hear(worst, from + quarter);
  if (isLast) {
    hear(target, from + 2 * quarter);
    look(watch, after, from + 2 * quarter);
    return;
  }
  hear((better[bar] as number) + shift, from + 2 * quarter);
  hear((close[bar] as number) + shift, from + 3 * quarter);
  const over = closedByClockAt[bar] as number;
  if (over === 0) return;
  look(watch, over - heard <= MARK_AGE_MS ? markedEquity(terms, trade, price) : undefined, over);
}
