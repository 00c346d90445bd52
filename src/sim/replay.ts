/**
 * A recording played as a market: bars become paths of ticks that rebuild exactly these bars.
 * Deliberately adds nothing to the prices: only the spread, the pace and the order of high and low
 * are made up.
 */
import {
  assert,
  type Bar,
  PRICE_SCALE,
  type Price,
  price,
  type SessionInterval,
  type Wall,
  wall,
} from '../engine/index.ts';
import { createBarStore } from './bar-store.ts';
import { sessionsBetween } from './fcpo.ts';
import { syntheticTicks } from './market.ts';
import { marketFromTape } from './market-tape.ts';
import type { Market, MarketTick } from './market-types.ts';
import { createPrng, type Prng } from './prng.ts';

export interface ReplayOptions {
  readonly name: string;
  /** Spread, pace and path; the recorded prices do not depend on it. */
  readonly seed: string;
  readonly timeframeMs: number;
  /** Price step of the instrument. */
  readonly tick: Price;
  /** The spread wanders between these, in steps of `tick`. */
  readonly spreadMin: Price;
  readonly spreadMax: Price;
  /** This many leading bars are history; the live part begins with the next one. */
  readonly historyBars: number;
  readonly calendar: (from: Wall, to: Wall) => readonly SessionInterval[];
  /** Seed of the synthetic market that goes on after the recording; undefined ends there. */
  readonly continueWith: string | undefined;
}

/** MYR 2 to 4 on FCPO one-minute bars. */
export const fcpoReplay = (
  options: Pick<ReplayOptions, 'name' | 'seed' | 'historyBars' | 'continueWith'>,
): ReplayOptions => ({
  ...options,
  timeframeMs: 60_000,
  tick: price(PRICE_SCALE),
  spreadMin: price(2 * PRICE_SCALE),
  spreadMax: price(4 * PRICE_SCALE),
  calendar: sessionsBetween,
});

/** Recorded bars, oldest first; at least one must remain for the live part. */
export function createReplayMarket(bars: readonly Bar[], options: ReplayOptions): Market {
  const first = bars[options.historyBars];
  const last = bars.at(-1);
  assert(first !== undefined && last !== undefined, 'no bar is left for the live part');
  const store = createBarStore();
  for (const bar of bars.slice(0, options.historyBars)) store.add(bar);
  const end = wall(last.openTime + options.timeframeMs);
  const sessions = sessionsWithBars(bars, end, options);
  return marketFromTape({
    description: `recorded ${options.name}`,
    liveFrom: first.openTime,
    store,
    ticks: withContinuation(barTicks(bars, sessions, options), last, end, options),
    sessions: (from, to) => touching(sessions, end, from, to, options),
  });
}

/** Recorded ticks as they are; times and both sides. */
export function createTickReplay(
  ticks: readonly MarketTick[],
  options: Pick<ReplayOptions, 'name' | 'calendar'>,
): Market {
  const [first] = ticks;
  assert(first !== undefined, 'a recording needs at least one tick');
  return marketFromTape({
    description: `recorded ${options.name}`,
    liveFrom: first.time,
    store: createBarStore(),
    ticks: ticks[Symbol.iterator](),
    sessions: options.calendar,
  });
}

/** A session in which nothing at all was recorded was a holiday: closed. */
function sessionsWithBars(
  bars: readonly Bar[],
  end: Wall,
  options: ReplayOptions,
): readonly SessionInterval[] {
  const [first] = bars;
  if (first === undefined) return [];
  let at = 0;
  return options.calendar(first.openTime, end).filter((session) => {
    while ((bars[at]?.openTime ?? end) + options.timeframeMs <= session.open) at += 1;
    return (bars[at]?.openTime ?? end) < session.close;
  });
}

function touching(
  recorded: readonly SessionInterval[],
  end: Wall,
  from: Wall,
  to: Wall,
  options: ReplayOptions,
): readonly SessionInterval[] {
  const past = recorded.filter(({ open, close }) => close > from && open < to);
  const known = past.at(-1)?.close ?? end;
  const later = to > end ? options.calendar(wall(Math.max(from, end)), to) : [];
  return [...past, ...later.filter(({ open }) => open >= known)];
}

function* withContinuation(
  recorded: Iterable<MarketTick>,
  last: Bar,
  end: Wall,
  options: ReplayOptions,
): Generator<MarketTick> {
  yield* recorded;
  if (options.continueWith === undefined) return;
  const level = last.close / PRICE_SCALE;
  yield* syntheticTicks({ seed: options.continueWith, level, from: end });
}

/** The quote as last written. */
interface Pen {
  readonly prng: Prng;
  readonly options: ReplayOptions;
  bid: Price;
  ask: Price;
}

/** Milliseconds between two ticks. */
const PACE = { least: 1_000, most: 3_000 } as const;

function* barTicks(
  bars: readonly Bar[],
  sessions: readonly SessionInterval[],
  options: ReplayOptions,
): Generator<MarketTick> {
  const [before, first] = [bars[options.historyBars - 1], bars[options.historyBars]];
  if (first === undefined) return;
  const bid = before?.close ?? first.open;
  const prng = createPrng(options.seed).stream('replay');
  const pen: Pen = { prng, options, bid, ask: price(bid + spreadOf(prng, options)) };
  let quietFrom: number = first.openTime;
  for (const bar of bars.slice(options.historyBars)) {
    yield* quietTicks(pen, sessions, quietFrom, bar.openTime);
    const end = bar.openTime + options.timeframeMs;
    const open = sessions.find((session) => session.open < end && session.close > bar.openTime);
    const from = Math.max(bar.openTime, open?.open ?? bar.openTime);
    yield* path(pen, bar, from, Math.min(end, open?.close ?? end));
    quietFrom = end;
  }
}

const spreadOf = (prng: Prng, options: ReplayOptions): Price => {
  const steps = (options.spreadMax - options.spreadMin) / options.tick;
  return price(options.spreadMin + prng.integer(0, Math.floor(steps)) * options.tick);
};

/** Minutes of an open session without a bar: the ask moves, the bid does not, so no bar appears. */
function* quietTicks(
  pen: Pen,
  sessions: readonly SessionInterval[],
  from: number,
  to: number,
): Generator<MarketTick> {
  for (const session of sessions) {
    if (session.close <= from) continue;
    if (session.open >= to) return;
    const end = Math.min(to, session.close);
    let time = Math.max(from, session.open) + pen.prng.integer(PACE.least, PACE.most);
    for (; time < end; time += pen.prng.integer(PACE.least, PACE.most)) {
      pen.ask = price(pen.bid + spreadOf(pen.prng, pen.options));
      yield { time: wall(time), ask: pen.ask };
    }
  }
}

/** Open, one extreme, the other, close: a rising bar goes down first, a falling one up first. */
function* path(pen: Pen, bar: Bar, from: number, to: number): Generator<MarketTick> {
  const times = [from + pen.prng.integer(0, 400)];
  for (;;) {
    const time = (times.at(-1) ?? from) + pen.prng.integer(PACE.least, PACE.most);
    if (time >= to) break;
    times.push(time);
  }
  // A bar too short for the pace still needs its four prices.
  while (times.length < 4) times.push((times.at(-1) ?? from) + 1);
  const extremes = bar.close >= bar.open ? [bar.low, bar.high] : [bar.high, bar.low];
  const points = [bar.open, ...extremes, bar.close];
  const turns = turningPoints(pen.prng, times.length);
  for (const [at, time] of times.entries()) {
    const leg = turns.findLastIndex((turn) => turn <= at);
    const exact = turns[leg] === at;
    const part = { from: turns[leg] ?? 0, to: turns[leg + 1] ?? at };
    const ends = { from: points[leg] ?? bar.open, to: points[leg + 1] ?? bar.close };
    const bid = exact ? ends.from : between(pen, (at - part.from) / (part.to - part.from), ends);
    yield write(pen, wall(time), bid, exact);
  }
}

/** Indexes of the four prices: first, two in between, last. */
function turningPoints(prng: Prng, count: number): readonly number[] {
  const last = count - 1;
  const first = prng.integer(1, Math.max(1, Math.floor(last / 2) - 1));
  return [0, first, prng.integer(first + 1, last - 1), last];
}

/** On the way from one price to the next, a step back now and then. */
function between(
  pen: Pen,
  fraction: number,
  ends: { readonly from: Price; readonly to: Price },
): Price {
  const { tick } = pen.options;
  const steps = Math.round(((ends.to - ends.from) * fraction) / tick) + pen.prng.integer(-1, 1);
  // Inside this leg, so that the second extreme is not touched before its turn.
  const [low, high] = ends.from < ends.to ? [ends.from, ends.to] : [ends.to, ends.from];
  return price(Math.min(high, Math.max(low, ends.from + steps * tick)));
}

/** What changed is said; a price that must be seen is said even when it is the same. */
function write(pen: Pen, time: Wall, bid: Price, exact: boolean): MarketTick {
  const { spreadMin, spreadMax } = pen.options;
  const width = pen.ask - bid;
  const fits = width >= spreadMin && width <= spreadMax;
  const stays = pen.prng.chance(500) && fits;
  const ask = stays ? pen.ask : price(bid + spreadOf(pen.prng, pen.options));
  const bidSaid = exact || bid !== pen.bid;
  const askSaid = ask !== pen.ask || !bidSaid;
  pen.bid = bid;
  pen.ask = ask;
  return { time, ...(bidSaid ? { bid } : {}), ...(askSaid ? { ask } : {}) };
}
