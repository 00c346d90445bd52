/**
 * Everything the broker has inside a stretch of the past, read window by window, oldest first.
 * Deliberately trusts no page to be complete: neither a short one nor `hasMore` false is the end,
 * only a page that adds nothing, or one that reaches back beyond the window.
 */
import { type Bar, type Price, type Wall, wall } from '../engine/index.ts';
import { type HistoryLine, HistoryStopped } from './history-line.ts';
import { barOf, periodOf, sideOf } from './translate.ts';
import type { ProtoOATickData } from './wire/schema.gen.ts';

/** Instants of UTC milliseconds; the end is not part of it. */
export interface Span {
  readonly from: Wall;
  readonly to: Wall;
}

export interface PastTick {
  readonly time: Wall;
  readonly price: Price;
}

/** Bars of one window: a page of any server known holds so many. */
const WINDOW_BARS = 4_000;
const DAY_MS = 86_400_000;
/** Within one window; a server that goes on for ever is not believed. */
const PAGES_MAX = 2_000;
const QUOTE_TYPE = { bid: 1, ask: 2 } as const;

/** How far one window reaches; `undefined` for ticks. */
export function windowMs(timeframeMs: number | undefined): number {
  if (timeframeMs === undefined) return DAY_MS;
  const most = periodOf(timeframeMs)?.windowMs ?? DAY_MS;
  return Math.min(most, WINDOW_BARS * timeframeMs);
}

const refuse = (why: string): HistoryStopped => new HistoryStopped('refused', `${why}.`);

/** Bars that open inside the span, oldest first; the span is at most one window. */
export async function barsWithin(
  line: HistoryLine,
  symbolId: string,
  timeframeMs: number,
  { from, to }: Span,
): Promise<readonly Bar[]> {
  const period = periodOf(timeframeMs)?.period;
  if (period === undefined) throw refuse('The broker has no bars of that length');
  let found: readonly Bar[] = [];
  let end = to - 1;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    // Two more than fit: servers answer with one fewer.
    const count = Math.ceil((end - from + 1) / timeframeMs) + 2;
    const fields = {
      ctidTraderAccountId: line.accountId,
      fromTimestamp: from,
      toTimestamp: end,
      period,
      symbolId,
      count,
    };
    const answer = await line.ask(
      { name: 'ProtoOAGetTrendbarsReq', fields },
      'ProtoOAGetTrendbarsRes',
    );
    if (answer.symbolId !== undefined && answer.symbolId !== symbolId) {
      throw refuse('The broker answered with bars of another instrument');
    }
    const bars = orderedBars(answer.trendbar ?? []);
    const first = bars[0];
    const fresh = bars.filter((bar) => bar.openTime >= from && bar.openTime <= end);
    found = [...fresh, ...found];
    const oldest = fresh[0];
    if (first === undefined || oldest === undefined) return found;
    // An answer that goes back beyond the window leaves nothing inside it out.
    if (first.openTime < from || oldest.openTime - timeframeMs < from) return found;
    end = oldest.openTime - 1;
  }
  throw refuse('The broker answers with page after page');
}

function orderedBars(raw: readonly Parameters<typeof barOf>[0][]): readonly Bar[] {
  const bars: Bar[] = [];
  for (const each of raw) {
    const bar = barOf(each);
    if (bar === undefined) throw refuse('The broker sent a bar without all of its prices');
    if (bar.openTime <= (bars.at(-1)?.openTime ?? -1)) {
      throw refuse('The broker sent bars out of order');
    }
    bars.push(bar);
  }
  return bars;
}

/** Changes of one side inside the span, oldest first; the span is at most one window. */
export async function ticksWithin(
  line: HistoryLine,
  symbolId: string,
  side: 'bid' | 'ask',
  { from, to }: Span,
): Promise<readonly PastTick[]> {
  const pages: (readonly PastTick[])[] = [];
  let end = to - 1;
  for (let page = 0; end >= from; page += 1) {
    if (page === PAGES_MAX) throw refuse('The broker answers with page after page');
    const fields = {
      ctidTraderAccountId: line.accountId,
      symbolId,
      type: QUOTE_TYPE[side],
      // A window from an instant to itself was refused by servers.
      fromTimestamp: Math.max(0, from - 1),
      toTimestamp: end,
    };
    const { tickData = [], hasMore } = await line.ask(
      { name: 'ProtoOAGetTickDataReq', fields },
      'ProtoOAGetTickDataRes',
    );
    const ticks = chained(tickData).filter((tick) => tick.time >= from && tick.time <= end);
    const oldest = ticks[0];
    if (oldest === undefined || !hasMore) {
      pages.push(ticks);
      return pages.reverse().flat();
    }
    // The cut may lie between two ticks of the same instant: that instant is read again, whole,
    // unless the page holds nothing else.
    const isOneInstant = ticks.at(-1)?.time === oldest.time;
    pages.push(isOneInstant ? ticks : ticks.filter((tick) => tick.time > oldest.time));
    end = isOneInstant ? oldest.time - 1 : oldest.time;
  }
  return pages.reverse().flat();
}

/** Newest first on the wire; the first absolute, the others as differences to the one before. */
function chained(data: readonly ProtoOATickData[]): readonly PastTick[] {
  let [time, price] = [0, 0];
  const ticks = data.map((each, nth) => {
    if (nth > 0 && each.timestamp > 0) throw refuse('The broker sent ticks out of order');
    time += each.timestamp;
    price += each.tick;
    const shown = sideOf(price);
    if (shown === undefined || time < 0) throw refuse('The broker sent a tick that is no price');
    return { time: wall(time), price: shown };
  });
  return ticks.reverse();
}

/** Both sides of a quote at an instant. */
export interface QuoteRow {
  readonly time: Wall;
  readonly bid: Price;
  readonly ask: Price;
}

export interface Sides {
  readonly bid: Price | undefined;
  readonly ask: Price | undefined;
}

/**
 * One row for every instant at which a side changed, from the first at which both are known. Rows
 * in which the ask would be below the bid (one side came later than the other) are left out and
 * counted.
 */
export function joinSides(
  bids: readonly PastTick[],
  asks: readonly PastTick[],
  before: Sides,
): { readonly rows: readonly QuoteRow[]; readonly crossed: number; readonly last: Sides } {
  let { bid, ask } = before;
  let crossed = 0;
  const rows: QuoteRow[] = [];
  for (let [b, a] = [0, 0]; b < bids.length || a < asks.length; ) {
    const time = Math.min(bids[b]?.time ?? Infinity, asks[a]?.time ?? Infinity) as Wall;
    for (; bids[b]?.time === time; b += 1) bid = bids[b]?.price;
    for (; asks[a]?.time === time; a += 1) ask = asks[a]?.price;
    if (bid === undefined || ask === undefined) continue;
    if (ask < bid) crossed += 1;
    else rows.push({ time, bid, ask });
  }
  return { rows, crossed, last: { bid, ask } };
}
