/**
 * A stretch of quotes that came as one event: what is left of a bar, and the first quote after it.
 * Deliberately the very quotes one after the other, only faster where nothing unusual is among
 * them: a position, a jump or a wrong time sends every one of them through the ordinary door.
 */
import { newBar, nextIndicators, restarted } from './bars.ts';
import type { EngineConfig } from './config.ts';
import type { BarEvent, QuoteEvent } from './event.ts';
import { growDay, longGap, type MarketState, misfit, type QuoteState } from './market.ts';
import type { Bar, Instrument, Side } from './model.ts';
import { withSpread } from './spreads.ts';
import { newestOf, pushed } from './trail.ts';
import type { Mono, Price, Wall } from './units.ts';

interface Now {
  readonly mono: Mono;
  readonly wall: Wall;
}

export interface BarStep {
  readonly market: MarketState;
  readonly closedBar: Bar | undefined;
}

/** The quotes of the event, oldest first; a price that does not move is no quote. */
export function quotesOf(event: BarEvent, now: Now): QuoteEvent[] {
  const { from: begin, stepMs, open, first, second, last, next } = event;
  const quotes: QuoteEvent[] = [];
  let bid = open;
  const add = (to: Price, time: number): void => {
    bid = to;
    const { instrumentId, generation, spread } = event;
    const sides = { bid: to, ask: (to + spread) as Price, time: time as Wall };
    quotes.push({ type: 'quote', instrumentId, generation, ...sides, initial: false });
  };
  if (first !== bid) add(first, begin + stepMs);
  if (second !== bid) add(second, begin + 2 * stepMs);
  if (last !== bid) add(last, begin + 3 * stepMs);
  if (next !== undefined) add(next, now.wall);
  return quotes;
}

/** The closing price at which a position of that side stands worst on the way. */
export function worstOf(event: BarEvent, side: Side): Price {
  const { first, second, last, spread } = event;
  const next = event.next ?? last;
  if (side === 'buy') return Math.min(first, second, last, next) as Price;
  return (Math.max(first, second, last, next) + spread) as Price;
}

/** The market after all of them; nothing when they must be taken one by one. */
export function applyBarPath(
  market: MarketState,
  event: BarEvent,
  config: EngineConfig,
  instrument: Instrument,
  now: Now,
): BarStep | undefined {
  const { quote, forming } = market;
  if (quote === undefined || forming === undefined || quote.bid === undefined) return undefined;
  const { first, second, last, next, spread, from, stepMs } = event;
  if (!isPlain(quote, event, config)) return undefined;
  const { timeframeMs } = config;
  const end = from + 3 * stepMs;
  // A price that does not move is no quote, whenever it would have come.
  const begin = from + stepMs * (first !== quote.bid ? 1 : second !== first ? 2 : 3);
  const isInside = begin >= forming.openTime && end < forming.openTime + timeframeMs;
  const isOrdered = begin >= quote.time && (next === undefined || now.wall >= end);
  const newest = newestOf(market.closed);
  if (!isInside || !isOrdered) return undefined;
  if (newest !== undefined && newest.openTime >= forming.openTime) return undefined;

  let { spreads, day } = market;
  let { high, low } = forming;
  let bid: Price = quote.bid;
  let moves = 0;
  let time = quote.time;
  for (let step = 1; step <= 3; step += 1) {
    const to = step === 1 ? first : step === 2 ? second : last;
    if (to === bid) continue;
    bid = to;
    moves += 1;
    time = (from + step * stepMs) as Wall;
    if (to > high) high = to;
    if (to < low) low = to;
    spreads = withSpread(spreads, spread);
    day = growDay(day, to, time);
  }
  const { openTime, open } = forming;
  const ticks = forming.ticks + moves;
  const grown: Bar = { openTime, open, high, low, close: bid, ticks };
  if (next === undefined) {
    if (moves === 0) return { market, closedBar: undefined };
    const seen = quoteAt(quote, bid, spread, time, now);
    const quoteCount = market.quoteCount + moves;
    return {
      market: { ...market, quote: seen, spreads, forming: grown, day, quoteCount },
      closedBar: undefined,
    };
  }
  const nextOpen = Math.floor(now.wall / timeframeMs) * timeframeMs;
  if (nextOpen <= openTime) return undefined;
  const isGap = longGap(newest, grown, config, instrument);
  const indicators = isGap ? restarted(market.indicators) : market.indicators;
  return {
    market: {
      quote: quoteAt(quote, next, spread, now.wall, now),
      anchor: market.anchor,
      spreads: withSpread(spreads, spread),
      closed: pushed(market.closed, grown),
      forming: newBar(nextOpen as Wall, next),
      indicators: nextIndicators(indicators, grown, config),
      day: growDay(day, next, now.wall),
      barCount: market.barCount + 1,
      quoteCount: market.quoteCount + moves + 1,
      heldCount: market.heldCount,
    },
    closedBar: grown,
  };
}

function quoteAt(old: QuoteState, bid: Price, spread: Price, time: Wall, now: Now): QuoteState {
  const ask = (bid + spread) as Price;
  return {
    generation: old.generation,
    bid,
    ask,
    time,
    acceptedAt: (now.mono - (now.wall - time)) as Mono,
    initial: false,
    heardBid: bid,
    heardAsk: ask,
    heldPrice: undefined,
    heldCount: 0,
  };
}

/** Nothing that a single quote would be held for (F71, F74): both sides, one spread, no jump. */
function isPlain(quote: QuoteState, event: BarEvent, config: EngineConfig): boolean {
  const { first, second, last, next, spread, generation } = event;
  const { bid, ask } = quote;
  if (bid !== event.open || ask === undefined || ask - bid !== spread) return false;
  if (quote.generation !== generation || spread < 0) return false;
  const opening = next ?? last;
  const lowest = Math.min(first, second, last, opening) as Price;
  const highest = Math.max(first, second, last, opening, bid);
  if (lowest <= 0 || misfit(lowest, (lowest + spread) as Price, config)) return false;
  // No step between two of them can be larger than the whole range.
  const from = Math.min(lowest, bid);
  return (highest - from) * 20 <= from;
}
