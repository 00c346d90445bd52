/**
 * Past prices tick by tick: those of this run as they were, older ones rebuilt from minute bars.
 * Deliberately invents nothing finer than a bar knows: four prices a minute, in the order
 * open, low, high, close.
 */
import { type Price, price, type Wall, wall } from '../../engine/index.ts';
import type { MarketTick } from '../market-types.ts';
import type { Feed } from './quotes.ts';
import { type Asked, type RequestTable, refuse, reply } from './world.ts';

export interface PastTick {
  readonly time: Wall;
  readonly price: Price;
}

/** Ticks of this run that are kept (A11). */
const LOG_MAX = 50_000;
const WEEK_MS = 604_800_000;
const MINUTE_MS = 60_000;
const QUARTER_MS = 15_000;
/** Minute bars one answer may be rebuilt from. */
const BARS_MAX = 20_000;
const QUOTE_TYPES = { 1: 'bid', 2: 'ask' } as const;

/** Remembers what was published; the oldest half goes when the log is full. */
export function createTickLog(): {
  add(tick: MarketTick): void;
  all(): readonly MarketTick[];
} {
  let ticks: MarketTick[] = [];
  return {
    add: (tick) => {
      ticks.push(tick);
      if (ticks.length > LOG_MAX) ticks = ticks.slice(LOG_MAX / 2);
    },
    all: () => ticks,
  };
}

/** Oldest first, inside the window; the spread of rebuilt asks is the one of the last quote. */
function ticksOf(feed: Feed, side: 'bid' | 'ask', from: number, to: number): PastTick[] {
  const log = feed.ticks();
  const logFrom = log[0]?.time ?? Number.POSITIVE_INFINITY;
  const until = wall(Math.min(to, logFrom - 1));
  const quote = feed.last();
  const spread = quote?.bid === undefined || quote.ask === undefined ? 0 : quote.ask - quote.bid;
  const rebuilt: PastTick[] = [];
  const count = Math.min(BARS_MAX, Math.ceil((until - from) / MINUTE_MS) + 1);
  const bars = until < from ? [] : feed.market.history(MINUTE_MS, count, until);
  for (const bar of bars) {
    const prices = [bar.open, bar.low, bar.high, bar.close];
    for (const [index, bid] of prices.entries()) {
      const time = wall(bar.openTime + index * QUARTER_MS);
      const shown = side === 'bid' ? bid : price(bid + spread);
      if (time >= from && time <= until) rebuilt.push({ time, price: shown });
    }
  }
  for (const tick of log) {
    const shown = tick[side];
    if (shown === undefined || tick.time < from || tick.time > to) continue;
    rebuilt.push({ time: tick.time, price: shown });
  }
  return rebuilt;
}

/** Newest first; the first entry absolute, the others as differences to the one before (4.4). */
function listsTicks(asked: Asked<'ProtoOAGetTickDataReq'>): void {
  const { world, fields } = asked;
  const { ctidTraderAccountId: accountId, symbolId } = fields;
  const side = QUOTE_TYPES[fields.type as 1 | 2];
  const feed = world.feeds.get(symbolId);
  const now = world.clock.wall();
  const { toTimestamp: to = now, fromTimestamp: from = to - WEEK_MS } = fields;
  if (!world.symbols.has(symbolId)) {
    const description = `Symbol not found: ${symbolId}`;
    refuse(asked, { code: 'SYMBOL_NOT_FOUND', description, accountId });
    return;
  }
  if (side === undefined) {
    refuse(asked, { code: 'INVALID_REQUEST', description: 'Unknown quote type', accountId });
    return;
  }
  if (from < 0 || from >= to || to - from > WEEK_MS) {
    const description = `Incorrect period boundaries or requested period is longer than ${WEEK_MS}`;
    refuse(asked, { code: 'INCORRECT_BOUNDARIES', description, accountId });
    return;
  }
  const found = feed === undefined ? [] : ticksOf(feed, side, from, Math.min(to, now)).reverse();
  const page = found.slice(0, world.switches.ticksMax);
  reply(asked, 'ProtoOAGetTickDataRes', {
    ctidTraderAccountId: accountId,
    tickData: page.map((tick, index) => {
      const before = page[index - 1];
      return before === undefined
        ? { timestamp: tick.time, tick: tick.price }
        : { timestamp: tick.time - before.time, tick: tick.price - before.price };
    }),
    hasMore: found.length > page.length,
  });
}

export const TICKS: RequestTable = {
  ProtoOAGetTickDataReq: { needs: 'account', bucket: 'history', answer: listsTicks },
};
