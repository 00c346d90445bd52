/**
 * A market whose whole time is moved by a fixed length: yesterday's recording played now.
 * Deliberately changes nothing else: same prices, same order, same distances.
 */
import { type Bar, type SessionInterval, type Wall, wall } from '../engine/index.ts';
import type { Market } from './market-types.ts';

/** `byMs` later than the original; a multiple of an hour keeps every bar on its grid. */
export function shiftMarket(market: Market, byMs: number): Market {
  const here = (instant: Wall): Wall => wall(instant + byMs);
  const there = (instant: Wall): Wall => wall(instant - byMs);
  return {
    description: market.description,
    liveFrom: here(market.liveFrom),
    next: () => {
      const tick = market.next();
      return tick === undefined ? undefined : { ...tick, time: here(tick.time) };
    },
    history: (timeframeMs, count, to) =>
      market
        .history(timeframeMs, count, there(to))
        .map((bar): Bar => ({ ...bar, openTime: here(bar.openTime) })),
    quoteAt: (to) => {
      const quote = market.quoteAt(there(to));
      return quote === undefined ? undefined : { ...quote, time: here(quote.time) };
    },
    sessions: (from, to) =>
      market
        .sessions(there(from), there(to))
        .map(({ open, close }): SessionInterval => ({ open: here(open), close: here(close) })),
    fastForward: (to) => market.fastForward(there(to)),
  };
}
