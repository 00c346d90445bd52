/**
 * What we know of the market and how old it is: both sides, outliers, forming and closed bars,
 * indicators.
 * Deliberately decides nothing. Hot path: full literals through constructors, never a spread (4.4).
 */
import {
  growBar,
  type Indicators,
  joinBars,
  NO_INDICATORS,
  newBar,
  nextIndicators,
  restarted,
} from './bars.ts';
import { openTime, sessionAt } from './calendar.ts';
import { DEADLINES, type EngineConfig, LIMITS } from './config.ts';
import type { BarsLoadedEvent, QuoteEvent } from './event.ts';
import type { Bar, Instrument } from './model.ts';
import { isInstant, isNow, isPrice } from './plausibility.ts';
import { NO_SPREADS, type SpreadSample, withSpread } from './spreads.ts';
import { emptyTrail, newestOf, pushed, type Trail } from './trail.ts';
import type { Generation, Mono, Price, Wall } from './units.ts';

/** The merged quote of one generation; a side is absent until it was heard (F71). */
export interface QuoteState {
  readonly generation: Generation;
  readonly bid: Price | undefined;
  readonly ask: Price | undefined;
  /** Broker time of the newest accepted update. */
  readonly time: Wall;
  /** Our monotonic time of it, moved back by the age the broker's stamp shows (F72). */
  readonly acceptedAt: Mono;
  /** True until a live update followed the initial one. */
  readonly initial: boolean;
  /** Newest plausible value of each side, also while they do not fit together yet (F71). */
  readonly heardBid: Price | undefined;
  readonly heardAsk: Price | undefined;
  /** An outlier waiting for agreement (F74). */
  readonly heldPrice: Price | undefined;
  readonly heldCount: number;
}

export interface Sides {
  readonly bid: Price | undefined;
  readonly ask: Price | undefined;
}

export interface DayRange {
  readonly key: number;
  readonly open: Price;
  readonly high: Price;
  readonly low: Price;
}

export interface MarketState {
  readonly quote: QuoteState | undefined;
  /**
   * The last accepted sides of links that are gone: what the first price of the next one is held
   * against, however long the pause; never a price itself (F74, I15).
   */
  readonly anchor: Sides;
  readonly spreads: SpreadSample;
  readonly closed: Trail<Bar>;
  readonly forming: Bar | undefined;
  readonly indicators: Indicators;
  readonly day: DayRange | undefined;
  /** Closed bars seen, history included. */
  readonly barCount: number;
  readonly quoteCount: number;
  readonly heldCount: number;
}

const DAY_MS = 86_400_000;

export const EMPTY_MARKET: MarketState = {
  quote: undefined,
  anchor: { bid: undefined, ask: undefined },
  spreads: NO_SPREADS,
  closed: emptyTrail(LIMITS.bars),
  forming: undefined,
  indicators: NO_INDICATORS,
  day: undefined,
  barCount: 0,
  quoteCount: 0,
  heldCount: 0,
};

export interface MarketStep {
  readonly market: MarketState;
  /** The bar that this update closed, if any. */
  readonly closedBar: Bar | undefined;
  readonly accepted: boolean;
}

/** Forgets the prices of a lost link; bars and indicators stay (nothing survives a socket). */
export function withoutQuote(market: MarketState): MarketState {
  const { quote, anchor } = market;
  if (quote === undefined) return market;
  const bid = quote.bid ?? anchor.bid;
  const ask = quote.ask ?? anchor.ask;
  return { ...market, quote: undefined, anchor: { bid, ask } };
}

/**
 * One price update: merged with the other side, checked, and only then allowed to move bars.
 * `now` is our wall clock, used solely to see how old the broker's stamp is.
 */
export function applyQuote(
  market: MarketState,
  event: QuoteEvent,
  config: EngineConfig,
  instrument: Instrument,
  now: { readonly mono: Mono; readonly wall: Wall },
): MarketStep {
  const old = market.quote?.generation === event.generation ? market.quote : undefined;
  if (old !== undefined && event.time < old.time) return held(market, old); // F75
  if (isAbsurd(event, now.wall)) return held(market, old ?? market.quote); // F74
  const lag = event.initial ? Math.max(0, now.wall - event.time) : 0;
  const acceptedAt = (now.mono - lag) as Mono;
  let agreeing = 0;
  if (isOutlier(old, market.anchor, event, acceptedAt)) {
    const wild = event.bid ?? event.ask;
    const begun = old ?? unheard(event, acceptedAt);
    agreeing = agrees(begun.heldPrice, wild) ? begun.heldCount + 1 : 1;
    if (agreeing < 3) return held(market, holding(begun, wild, agreeing));
  }
  const bid = event.bid ?? old?.heardBid;
  const ask = event.ask ?? old?.heardAsk;
  if (bid !== undefined && ask !== undefined && misfit(bid, ask, config)) {
    return held(market, waiting(old ?? unheard(event, acceptedAt), bid, ask, agreeing)); // F71
  }
  const quote: QuoteState = {
    generation: event.generation,
    bid,
    ask,
    time: event.time,
    acceptedAt,
    initial: event.initial,
    heardBid: bid,
    heardAsk: ask,
    heldPrice: undefined,
    heldCount: 0,
  };
  const spreads =
    bid === undefined || ask === undefined ? market.spreads : withSpread(market.spreads, ask - bid);
  // Only a bid that is news moves a bar: also one that had to wait for its other side.
  const stays = event.bid === undefined && bid === old?.bid;
  if (bid === undefined || stays || event.initial) {
    return {
      market: withQuote(market, quote, spreads, market.forming, market.day),
      closedBar: undefined,
      accepted: true,
    };
  }
  return moveBar(market, quote, spreads, bid, config, instrument);
}

function moveBar(
  market: MarketState,
  quote: QuoteState,
  spreads: SpreadSample,
  bid: Price,
  config: EngineConfig,
  instrument: Instrument,
): MarketStep {
  const openTime = (Math.floor(quote.time / config.timeframeMs) * config.timeframeMs) as Wall;
  const day = growDay(market.day, bid, quote.time);
  const forming = market.forming;
  const last = newestOf(market.closed);
  const late =
    (last !== undefined && openTime <= last.openTime) ||
    (forming !== undefined && openTime < forming.openTime);
  if (late) {
    return {
      market: withQuote(market, quote, spreads, forming, day),
      closedBar: undefined,
      accepted: true,
    };
  }
  if (forming === undefined || openTime === forming.openTime) {
    const grown = forming === undefined ? newBar(openTime, bid) : growBar(forming, bid);
    return {
      market: withQuote(market, quote, spreads, grown, day),
      closedBar: undefined,
      accepted: true,
    };
  }
  const next = withQuote(market, quote, spreads, newBar(openTime, bid), day);
  return {
    market: pushClosed(next, forming, config, instrument, next.forming),
    closedBar: forming,
    accepted: true,
  };
}

/** Ends the forming bar when its period is over and the calendar says that no quote will come. */
export function closeAtSessionEnd(
  market: MarketState,
  config: EngineConfig,
  instrument: Instrument,
  now: Wall,
): MarketStep {
  const forming = market.forming;
  const over = forming !== undefined && forming.openTime + config.timeframeMs <= now - 5_000;
  if (!over || sessionAt(instrument.sessions, now).state !== 'closed') {
    return { market, closedBar: undefined, accepted: false };
  }
  return {
    market: pushClosed(market, forming, config, instrument, undefined),
    closedBar: forming,
    accepted: true,
  };
}

/**
 * History joins what is there: only newer closed bars count, the forming one is taken over (F76).
 */
export function applyHistory(
  market: MarketState,
  event: BarsLoadedEvent,
  config: EngineConfig,
  instrument: Instrument,
): MarketState {
  if (event.timeframeMs !== config.timeframeMs) return market;
  let next = market;
  // A bar from tomorrow, drawn by one wrong stamp, would hold up every bar until then.
  const latest = event.asOf + 3 * config.timeframeMs;
  let forming = (market.forming?.openTime ?? 0) > latest ? undefined : market.forming;
  for (const bar of event.bars) {
    const last = newestOf(next.closed);
    if (last !== undefined && bar.openTime <= last.openTime) continue;
    if (bar.openTime + config.timeframeMs <= event.asOf) {
      next = pushClosed(next, bar, config, instrument, next.forming);
      if (forming !== undefined && forming.openTime <= bar.openTime) forming = undefined;
    } else if (forming === undefined || forming.openTime <= bar.openTime) {
      forming = forming?.openTime === bar.openTime ? joinBars(bar, forming) : bar;
    }
  }
  return { ...next, forming };
}

function pushClosed(
  market: MarketState,
  bar: Bar,
  config: EngineConfig,
  instrument: Instrument,
  forming: Bar | undefined,
): MarketState {
  const gap = longGap(newestOf(market.closed), bar, config, instrument);
  const before = gap ? restarted(market.indicators) : market.indicators;
  return {
    quote: market.quote,
    anchor: market.anchor,
    spreads: market.spreads,
    closed: pushed(market.closed, bar),
    forming,
    indicators: nextIndicators(before, bar, config),
    day: market.day,
    barCount: market.barCount + 1,
    quoteCount: market.quoteCount,
    heldCount: market.heldCount,
  };
}

/** More than three bars of open session without a quote: the averages start again (F76). */
export function longGap(
  last: Bar | undefined,
  bar: Bar,
  config: EngineConfig,
  instrument: Instrument,
): boolean {
  if (last === undefined) return false;
  const end = (last.openTime + config.timeframeMs) as Wall;
  if (bar.openTime - end <= 3 * config.timeframeMs) return false;
  return openTime(instrument.sessions, end, bar.openTime) > 3 * config.timeframeMs;
}

/**
 * Both sides known, in this generation, and young enough: the only quote that may price anything.
 */
export function freshQuote(
  market: MarketState,
  generation: Generation,
  now: Mono,
  maxAgeMs: number,
): { readonly bid: Price; readonly ask: Price } | undefined {
  const quote = market.quote;
  if (quote === undefined || quote.generation !== generation) return undefined;
  if (quote.bid === undefined || quote.ask === undefined) return undefined;
  if (now - quote.acceptedAt > maxAgeMs) return undefined;
  return { bid: quote.bid, ask: quote.ask };
}

/** No price of any market, or not of this day: only the last known one may be old (F72). */
function isAbsurd({ bid, ask, time, initial }: QuoteEvent, now: Wall): boolean {
  if (bid !== undefined && !isPrice(bid)) return true;
  if (ask !== undefined && !isPrice(ask)) return true;
  return initial ? !isInstant(time, now) : !isNow(time, now);
}

/** Crossed, or ten times wider than any entry may be: one of the sides is not news yet. */
export const misfit = (bid: Price, ask: Price, config: EngineConfig): boolean =>
  ask < bid || (ask - bid) * 1_000 > bid * config.spreadMaxBps;

/**
 * A side that jumps by more than 5 % within a minute; the first of a link against the last of the
 * link before, at any distance in time, for nobody has seen what came between (F74).
 */
function isOutlier(old: QuoteState | undefined, anchor: Sides, event: QuoteEvent, at: Mono) {
  const isLate = old !== undefined && at - old.acceptedAt > DEADLINES.outlierWindowMs;
  const bid = old?.bid === undefined ? anchor.bid : isLate ? undefined : old.bid;
  const ask = old?.ask === undefined ? anchor.ask : isLate ? undefined : old.ask;
  return jumps(bid, event.bid) || jumps(ask, event.ask);
}

const jumps = (from: Price | undefined, to: Price | undefined): boolean =>
  from !== undefined && to !== undefined && Math.abs(to - from) * 20 > from;

const agrees = (heldPrice: Price | undefined, bid: Price | undefined): boolean =>
  heldPrice !== undefined && bid !== undefined && Math.abs(bid - heldPrice) * 100 <= heldPrice;

function holding(old: QuoteState, wild: Price | undefined, count: number): QuoteState {
  return { ...old, heldPrice: wild, heldCount: count };
}

/** The sides do not fit together: the quote stays as it was until the other side is news too. */
function waiting(old: QuoteState, bid: Price, ask: Price, agreeing: number): QuoteState {
  const heldPrice = agreeing === 0 ? undefined : bid;
  return { ...old, heardBid: bid, heardAsk: ask, heldPrice, heldCount: agreeing };
}

/** Before the first accepted update of a generation no side is known. */
function unheard(event: QuoteEvent, acceptedAt: Mono): QuoteState {
  return {
    generation: event.generation,
    bid: undefined,
    ask: undefined,
    time: event.time,
    acceptedAt,
    initial: event.initial,
    heardBid: undefined,
    heardAsk: undefined,
    heldPrice: undefined,
    heldCount: 0,
  };
}

function held(market: MarketState, quote: QuoteState | undefined): MarketStep {
  const next = { ...market, quote, heldCount: market.heldCount + 1 };
  return { market: next, closedBar: undefined, accepted: false };
}

function withQuote(
  market: MarketState,
  quote: QuoteState,
  spreads: SpreadSample,
  forming: Bar | undefined,
  day: DayRange | undefined,
): MarketState {
  return {
    quote,
    anchor: market.anchor,
    spreads,
    closed: market.closed,
    forming,
    indicators: market.indicators,
    day,
    barCount: market.barCount,
    quoteCount: market.quoteCount + 1,
    heldCount: market.heldCount,
  };
}

export function growDay(day: DayRange | undefined, bid: Price, time: Wall): DayRange {
  const key = Math.floor(time / DAY_MS);
  if (day === undefined || day.key !== key) return { key, open: bid, high: bid, low: bid };
  if (bid <= day.high && bid >= day.low) return day;
  return {
    key,
    open: day.open,
    high: bid > day.high ? bid : day.high,
    low: bid < day.low ? bid : day.low,
  };
}
