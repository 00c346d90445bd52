/**
 * Market data: pulls each market tick when its time has come, and tells subscribers the changed
 * side, with the forming bars they asked for.
 * Deliberately keeps no bar of its own: the market's history is the one source of bars.
 */
import type { ProtoOATrendbar } from '../../ctrader/wire/schema.gen.ts';
import { type Clock, type Price, type Timer, type Wall, wall } from '../../engine/index.ts';
import { optional } from '../exchange-records.ts';
import type { LastQuote } from '../exchange-types.ts';
import { DAY_MS } from '../fcpo.ts';
import type { Market, MarketTick } from '../market-types.ts';
import { barsUpTo, isPeriod } from './bar-periods.ts';
import { encodeLiveBar } from './encode.ts';
import { type Session, type Subscription, subscriptionKey } from './session.ts';
import { createTickLog } from './tick-history.ts';
import { type Asked, outgoing, type RequestTable, refuse, reply, type World } from './world.ts';

/** One symbol's market, played in time. */
export interface Feed {
  readonly market: Market;
  /** Sides as last known; a side that was never quoted is absent. */
  last(): LastQuote | undefined;
  /** What was published in this run, oldest first, bounded. */
  ticks(): readonly MarketTick[];
  start(): void;
  stop(): void;
  /** A tick that the market did not bring by itself, now. */
  push(tick: MarketTick): void;
  /** Swallows every tick up to that instant; only the last known sides remain. */
  skipTo(to: Wall): void;
}

/** `arrived` is called at the time of each tick, before the next one is pulled. */
export function createFeed(
  market: Market,
  clock: Clock,
  arrived: (tick: MarketTick) => void,
): Feed {
  let last: LastQuote | undefined;
  let timer: Timer | undefined;
  const log = createTickLog();
  const remember = (at: Wall): void => {
    const quote = market.quoteAt(at);
    if (quote !== undefined) last = quote;
  };
  const push = (tick: MarketTick): void => {
    last = {
      time: tick.time,
      bid: tick.bid ?? last?.bid,
      ask: tick.ask ?? last?.ask,
    };
    log.add(tick);
    arrived(tick);
  };
  const pull = (): void => {
    const tick = market.next();
    if (tick === undefined) return;
    timer = clock.after(Math.max(0, tick.time - clock.wall()), () => {
      push(tick);
      pull();
    });
  };
  remember(clock.wall());
  return {
    market,
    last: () => last,
    ticks: log.all,
    start: pull,
    push,
    stop: () => timer?.cancel(),
    skipTo: (to) => {
      market.fastForward(to);
      remember(to);
    },
  };
}

/** Tells every subscriber of the symbol: only the sides that changed. */
export function publishTick(world: World, symbolId: string, tick: MarketTick): void {
  const market = world.feeds.get(symbolId)?.market;
  const bars = new Map<number, ProtoOATrendbar[]>();
  const forming = (period: number): ProtoOATrendbar[] => {
    const known = bars.get(period);
    if (known !== undefined || market === undefined) return known ?? [];
    const found = barsUpTo(market, period, 1, tick.time).map((bar) => encodeLiveBar(bar, period));
    bars.set(period, found);
    return found;
  };
  for (const session of [...world.sessions]) {
    for (const subscription of session.subscriptions.values()) {
      if (subscription.symbolId !== symbolId) continue;
      // Bars travel with the bid only (recorded).
      const periods = tick.bid === undefined ? [] : [...subscription.periods];
      const trendbar = periods.flatMap(forming);
      sendSpot(session, subscription, { ...tick, trendbar });
    }
  }
}

interface Spot {
  readonly bid?: Price | undefined;
  readonly ask?: Price | undefined;
  readonly time: Wall;
  readonly trendbar?: readonly ProtoOATrendbar[];
  readonly sessionClose?: Price;
}

function sendSpot(session: Session, subscription: Subscription, spot: Spot): void {
  session.send(
    outgoing('ProtoOASpotEvent', {
      ctidTraderAccountId: subscription.accountId,
      symbolId: subscription.symbolId,
      ...optional('bid', spot.bid),
      ...optional('ask', spot.ask),
      ...optional('trendbar', spot.trendbar?.length === 0 ? undefined : spot.trendbar),
      ...optional('sessionClose', spot.sessionClose),
      ...optional('timestamp', subscription.withTime ? spot.time : undefined),
    }),
  );
}

/** First the answer, then a snapshot of both sides for each symbol, market open or not. */
function subscribesSpots(asked: Asked<'ProtoOASubscribeSpotsReq'>): void {
  const { world, session, fields } = asked;
  const accountId = fields.ctidTraderAccountId;
  const symbolIds = [...new Set(fields.symbolId ?? [])];
  if (refusesSymbols(asked, symbolIds)) return;
  for (const symbolId of symbolIds) {
    if (!session.subscriptions.has(subscriptionKey(accountId, symbolId))) continue;
    const code = world.switches.secondSubscription;
    const description = `Already subscribed to symbol ${symbolId}.`;
    refuse(asked, { code, description, accountId });
    return;
  }
  const withTime = fields.subscribeToSpotTimestamp === true;
  reply(asked, 'ProtoOASubscribeSpotsRes', { ctidTraderAccountId: accountId });
  for (const symbolId of symbolIds) {
    const subscription = { accountId, symbolId, withTime, periods: new Set<number>() };
    session.subscriptions.set(subscriptionKey(accountId, symbolId), subscription);
    const feed = world.feeds.get(symbolId);
    const quote = feed?.last();
    if (feed === undefined || quote?.bid === undefined || quote.ask === undefined) continue;
    const close = world.switches.sessionClose === 'snapshot' ? lastClose(world, feed) : undefined;
    sendSpot(session, subscription, { ...quote, ...optional('sessionClose', close) });
  }
}

/** The bid at the end of the last trading session that has ended. */
function lastClose(world: World, feed: Feed): Price | undefined {
  const now = world.clock.wall();
  const ended = feed.market
    .sessions(wall(now - 14 * DAY_MS), now)
    .findLast(({ close }) => close <= now);
  if (ended === undefined) return undefined;
  return feed.market.history(60_000, 1, wall(ended.close - 1)).at(-1)?.close;
}

/** True when it has refused for an unknown symbol or an empty list. */
function refusesSymbols(
  asked: Asked<'ProtoOASubscribeSpotsReq' | 'ProtoOAUnsubscribeSpotsReq'>,
  symbolIds: readonly string[],
): boolean {
  const accountId = asked.fields.ctidTraderAccountId;
  const unknown = symbolIds.find((id) => !asked.world.symbols.has(id));
  if (unknown !== undefined) {
    const description = `Symbol not found: ${unknown}`;
    refuse(asked, { code: 'SYMBOL_NOT_FOUND', description, accountId });
  } else if (symbolIds.length === 0) {
    refuse(asked, { code: 'INVALID_REQUEST', description: 'No symbols given', accountId });
  }
  return unknown !== undefined || symbolIds.length === 0;
}

function unsubscribesSpots(asked: Asked<'ProtoOAUnsubscribeSpotsReq'>): void {
  const { session, fields } = asked;
  const accountId = fields.ctidTraderAccountId;
  const symbolIds = fields.symbolId ?? [];
  if (refusesSymbols(asked, symbolIds)) return;
  // With the quotes go the bars that travel on them.
  for (const id of symbolIds) session.subscriptions.delete(subscriptionKey(accountId, id));
  reply(asked, 'ProtoOAUnsubscribeSpotsRes', { ctidTraderAccountId: accountId });
}

type BarsAsked = Asked<'ProtoOASubscribeLiveTrendbarReq' | 'ProtoOAUnsubscribeLiveTrendbarReq'>;

/** The quotes the bars shall travel on; answers the refusal itself when there are none. */
function carrier(asked: BarsAsked): Subscription | undefined {
  const { world, session, fields } = asked;
  const accountId = fields.ctidTraderAccountId;
  const found = session.subscriptions.get(subscriptionKey(accountId, fields.symbolId));
  if (found !== undefined && isPeriod(fields.period)) return found;
  const description =
    found === undefined
      ? `Not subscribed to spots of symbol ${fields.symbolId}`
      : `Unknown period ${fields.period}`;
  const code = found === undefined ? world.switches.barsWithoutSpots : 'INVALID_REQUEST';
  refuse(asked, { code, description, accountId });
  return undefined;
}

function subscribesBars(asked: Asked<'ProtoOASubscribeLiveTrendbarReq'>): void {
  const { ctidTraderAccountId, period } = asked.fields;
  const quotes = carrier(asked);
  if (quotes === undefined) return;
  if (quotes.periods.has(period)) {
    const accountId = ctidTraderAccountId;
    refuse(asked, { code: asked.world.switches.secondSubscription, accountId });
    return;
  }
  quotes.periods.add(period);
  reply(asked, 'ProtoOASubscribeLiveTrendbarRes', { ctidTraderAccountId });
}

function unsubscribesBars(asked: Asked<'ProtoOAUnsubscribeLiveTrendbarReq'>): void {
  const { ctidTraderAccountId, period } = asked.fields;
  const quotes = carrier(asked);
  if (quotes === undefined) return;
  quotes.periods.delete(period);
  reply(asked, 'ProtoOAUnsubscribeLiveTrendbarRes', { ctidTraderAccountId });
}

export const QUOTES: RequestTable = {
  ProtoOASubscribeSpotsReq: { needs: 'account', bucket: 'other', answer: subscribesSpots },
  ProtoOAUnsubscribeSpotsReq: { needs: 'account', bucket: 'other', answer: unsubscribesSpots },
  ProtoOASubscribeLiveTrendbarReq: { needs: 'account', bucket: 'other', answer: subscribesBars },
  ProtoOAUnsubscribeLiveTrendbarReq: {
    needs: 'account',
    bucket: 'other',
    answer: unsubscribesBars,
  },
};
