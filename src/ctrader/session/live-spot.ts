/**
 * The short way of a price through a session that lives: one object, the quote itself.
 * Deliberately answers only where the machine would tell the quote and do nothing else; whatever
 * needs more (a first price, a rate, a stamp that is news, a doubt) goes the machine's way.
 */
import { instrumentId, type Mono, type QuoteEvent, type Wall, wall } from '../../engine/index.ts';
import { sideOf } from '../translate.ts';
import { PLAIN_SPOT } from '../wire/spot.ts';
import { SKEW_QUOTES } from './gauges.ts';
import type { SessionState } from './state.ts';

/** Ids as the wire counts them, so that no text is made to compare them. */
export interface SpotKey {
  readonly account: number;
  readonly symbol: number;
  /** What `symbol` was made of: another text needs another key. */
  readonly symbolId: string | undefined;
}

/** Ids too large for a number never equal one that was read. */
export const spotKey = (accountId: string, symbolId: string | undefined): SpotKey => ({
  account: Number(accountId),
  symbol: Number(symbolId ?? Number.NaN),
  symbolId,
});

/** The quote in `PLAIN_SPOT` as the machine would tell it, or `undefined`: ask the machine. */
export function liveQuote(state: SessionState, key: SpotKey, now: Wall): QuoteEvent | undefined {
  const { stage, feed, gauges, trouble, health, generation } = state;
  const { account, symbol, bid, ask, timestamp } = PLAIN_SPOT;
  if (stage !== 'live' || symbol !== key.symbol || account !== key.account) return undefined;
  if (key.symbolId === undefined || !feed.wanted || gauges.rates !== undefined) return undefined;
  if (feed.bid === undefined || feed.ask === undefined) return undefined;
  if (trouble.degraded === 'silence' || health.probeAt !== undefined) return undefined;
  const { skew } = gauges;
  const isNews = skew.quotes < SKEW_QUOTES || now - timestamp < skew.leastMs;
  if (timestamp >= 0 && isNews) return undefined;
  return {
    type: 'quote',
    instrumentId: instrumentId(key.symbolId),
    generation,
    bid: sideOf(bid < 0 ? undefined : bid),
    ask: sideOf(ask < 0 ? undefined : ask),
    time: timestamp < 0 ? now : wall(timestamp),
    initial: false,
  };
}

/** Any frame proves that the other side lives. Literals, because this runs for every quote. */
export function heardAt(state: SessionState, at: Mono): SessionState {
  const { stage, link, generation, health, requests, trouble, facts, feed, gauges } = state;
  // In a burst many frames share a millisecond: the second one tells nothing new.
  if (health.heardAt === at && health.probeAt === undefined) return state;
  const { openedAt, sentAt, backlogSince, roundTripMs } = health;
  return {
    stage,
    link,
    generation,
    health: { openedAt, heardAt: at, sentAt, probeAt: undefined, backlogSince, roundTripMs },
    requests,
    trouble,
    facts,
    feed,
    gauges,
    jobs: state.jobs,
    jobCounter: state.jobCounter,
  };
}
