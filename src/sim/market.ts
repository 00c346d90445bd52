/**
 * The synthetic palm-oil market: quotes by seed, calibrated to what FCPO really did in 2023 to
 * 2025.
 * Deliberately without drift, trend or mean reversion: a strategy's profit here is chance. The
 * calibration is checked in the mirror test, band by band.
 */
import { PRICE_SCALE, price, type SessionInterval, type Wall, wall } from '../engine/index.ts';
import { createBarStore } from './bar-store.ts';
import { DAY_MS, HALF_HOURS, MINUTE_MS, sessionsBetween } from './fcpo.ts';
import { marketFromTape } from './market-tape.ts';
import type { Market, MarketTick } from './market-types.ts';
import { createPrng, type Prng } from './prng.ts';

export type { Market, MarketTick } from './market-types.ts';

export interface SyntheticOptions {
  readonly seed: string;
  /** Live quotes begin here; a session open is the natural choice. */
  readonly liveFrom: Wall;
  /** MYR per tonne when the live part begins. */
  readonly startLevel: number;
  /**
   * Open minutes of history before `liveFrom`; 2,400 are 480 five-minute bars, five trade dates.
   */
  readonly historyMinutes: number;
}

export const DEFAULT_LEVEL = 4_600;
export const DEFAULT_HISTORY_MINUTES = 2_400;

/** Endless: there is always a next session. */
export function createSyntheticMarket(options: SyntheticOptions): Market {
  // Returns do not depend on the level, so a first pass over the history tells where to start
  // for the live part to begin at the level that was asked for.
  const reached = withHistory(options, options.startLevel).quoteAt(options.liveFrom);
  if (reached === undefined) return withHistory(options, options.startLevel);
  const end = reached.bid / PRICE_SCALE;
  return withHistory(options, (options.startLevel * options.startLevel) / end);
}

function withHistory(options: SyntheticOptions, level: number): Market {
  const { seed, liveFrom } = options;
  const from = historyStart(liveFrom, options.historyMinutes);
  const market = marketFromTape({
    description: `synthetic FCPO, seed ${seed}`,
    liveFrom,
    store: createBarStore(),
    ticks: syntheticTicks({ seed, level, from }),
    sessions: sessionsBetween,
  });
  market.fastForward(wall(liveFrom - 1));
  return market;
}

/** The open of the session that is at least so many open minutes before. */
function historyStart(liveFrom: Wall, minutes: number): Wall {
  let left = minutes;
  let from = liveFrom;
  while (left > 0) {
    const day = sessionsBetween(wall(from - DAY_MS), from).filter(({ open }) => open < from);
    const last = day.at(-1);
    if (last === undefined) from = wall(from - DAY_MS);
    else {
      left -= (Math.min(last.close, from) - last.open) / MINUTE_MS;
      from = last.open;
    }
  }
  return from;
}

/** Volatility of the first minutes of a session against its half hour, in 1/1000. */
const OPENING = [
  3_200, 1_800, 1_450, 1_300, 1_180, 1_120, 1_060, 1_000, 960, 930, 900, 880, 860, 840, 820, 800,
];
const OPENING_LATER = 780;
/** Of the last minute. */
const CLOSING = 1_500;
/** Lifts everything so that the measured deviation, clustering included, meets the sample's. */
const LEVEL_TRIM = 0.87;
/** The path inside a minute, against the deviation of its end. */
const PATH_WIDTH = 0.75;
const MINUTE_TAIL = 7;
const GAP_TAIL = 5;

/**
 * Deviation of the gap by hours closed, in 1/100 basis points: lunch, dinner, overnight, weekend.
 */
const GAPS: readonly { readonly upToHours: number; readonly sd: number }[] = [
  { upToHours: 2.5, sd: 3_200 },
  { upToHours: 4, sd: 2_200 },
  { upToHours: 20, sd: 6_200 },
  { upToHours: Number.POSITIVE_INFINITY, sd: 10_300 },
];

interface Memory {
  /** Deviations from 1 of three volatility factors: months, days, minutes. */
  slow: number;
  day: number;
  fast: number;
}

const CLUSTERING = {
  slow: { keep: 0.99, sd: 0.1 },
  day: { keep: 0.8, sd: 0.16 },
  fast: { keep: 0.94, sd: 0.36 },
} as const;

function relax(value: number, rule: { keep: number; sd: number }, prng: Prng): number {
  const noise = Math.sqrt(1 - rule.keep * rule.keep) * rule.sd * prng.normal();
  return Math.min(1.2, Math.max(-0.6, value * rule.keep + noise));
}

const volatility = (memory: Memory): number =>
  (1 + memory.slow) * (1 + memory.day) * (1 + memory.fast);

export interface TickOptions {
  readonly seed: string;
  /** MYR per tonne at `from`. */
  readonly level: number;
  readonly from: Wall;
}

/** The quotes of every session from that instant on, without end. */
export function* syntheticTicks(options: TickOptions): Generator<MarketTick> {
  const root = createPrng(options.seed);
  const days = root.stream('days');
  const gaps = root.stream('gaps');
  const memory: Memory = { slow: 0, day: 0, fast: 0 };
  const quoter = createQuoter(root.stream('spread'), root.stream('timing'));
  const walk = createWalk(root.stream('minutes'), root.stream('path'), memory);
  let level = options.level;
  let at = options.from;
  let closedAt: number | undefined;
  for (;;) {
    const session = nextSession(at);
    if (closedAt !== undefined) {
      const hours = (session.open - closedAt) / 3_600_000;
      if (hours > 4) {
        memory.slow = relax(memory.slow, CLUSTERING.slow, days);
        memory.day = relax(memory.day, CLUSTERING.day, days);
      }
      level *= 1 + gapSd(hours) * volatility({ ...memory, fast: 0 }) * gaps.studentT(GAP_TAIL);
    }
    level = yield* sessionTicks(session, at, level, walk, quoter);
    at = session.close;
    closedAt = session.close;
  }
}

function nextSession(at: Wall): SessionInterval {
  for (let day = 1; ; day++) {
    const session = sessionsBetween(at, wall(at + day * DAY_MS))[0];
    if (session !== undefined) return session;
  }
}

function gapSd(hours: number): number {
  const row = GAPS.find((gap) => hours <= gap.upToHours);
  return (row?.sd ?? 0) / 1_000_000;
}

type Quoter = ReturnType<typeof createQuoter>;
type Walk = ReturnType<typeof createWalk>;

function* sessionTicks(
  session: SessionInterval,
  from: Wall,
  level: number,
  walk: Walk,
  quoter: Quoter,
): Generator<MarketTick, number> {
  let time = Math.max(session.open, from) + quoter.firstDelay();
  let minute = Number.NEGATIVE_INFINITY;
  walk.place(level);
  for (; time < session.close; time += quoter.delay()) {
    const starts = time - (time % MINUTE_MS);
    if (starts !== minute) walk.begin(session, starts);
    minute = starts;
    yield quoter.quote(wall(time), walk.at((time - starts) / MINUTE_MS));
  }
  return walk.at(1);
}

/** Deviation of a one-minute return at that minute of its session, as a fraction. */
export function minuteSd(session: SessionInterval, starts: number): number {
  const ofDay = (starts % DAY_MS) / MINUTE_MS;
  const slot = HALF_HOURS.findLast((row) => row.open <= ofDay);
  const since = (starts - session.open) / MINUTE_MS;
  const last = starts + MINUTE_MS >= session.close;
  const shape = since < 30 ? (OPENING[since] ?? OPENING_LATER) : last ? CLOSING : 1_000;
  return ((slot?.sd ?? 0) / 1_000_000) * (shape / 1_000);
}

/** A level that ends each minute at a Student-t step and wanders there by a bridge. */
function createWalk(minutes: Prng, path: Prng, memory: Memory) {
  let level = 0;
  let target = 0;
  let width = 0;
  let done = 0;
  return {
    place: (start: number): void => {
      level = start;
      target = start;
      done = 1;
    },
    begin: (session: SessionInterval, starts: number): void => {
      memory.fast = relax(memory.fast, CLUSTERING.fast, minutes);
      level = target;
      const sd = minuteSd(session, starts) * volatility(memory) * LEVEL_TRIM;
      const wild = Math.min(5, minutes.tailWidth(MINUTE_TAIL)) * sd * level;
      target = level + wild * minutes.normal();
      width = wild * PATH_WIDTH;
      done = 0;
    },
    /** The level at that fraction of the minute; only forward. */
    at: (fraction: number): number => {
      const left = 1 - done;
      const step = fraction - done;
      if (left <= 0 || step <= 0) return level;
      const rest = 1 - fraction;
      const spread = width * Math.sqrt((step * rest) / left);
      level += ((target - level) * step) / left + spread * path.normal();
      done = fraction;
      return level;
    },
  };
}

/** Whole-ringgit quotes around a level: which sides change, how wide, how often. */
function createQuoter(spreads: Prng, timing: Prng) {
  let spread = 3;
  let bid: number | undefined;
  let ask: number | undefined;
  const widen = (): void => {
    if (spreads.chance(250)) spread = spreads.chance(400) ? 3 : spreads.chance(500) ? 2 : 4;
  };
  return {
    firstDelay: (): number => timing.integer(50, 900),
    delay: (): number => timing.integer(500, 2_000),
    quote: (time: Wall, level: number): MarketTick => {
      widen();
      const nextBid = Math.max(1, Math.round(level - (spread - 3) / 2));
      const nextAsk = nextBid + spread;
      // When nothing changed, one side is said again: a living feed must not look stale.
      const again = timing.chance(500) ? 'bid' : 'ask';
      const still = nextBid === bid && nextAsk === ask;
      const bidSaid = still ? again === 'bid' : nextBid !== bid;
      const askSaid = still ? again === 'ask' : nextAsk !== ask;
      bid = nextBid;
      ask = nextAsk;
      return {
        time,
        ...(bidSaid ? { bid: price(nextBid * PRICE_SCALE) } : {}),
        ...(askSaid ? { ask: price(nextAsk * PRICE_SCALE) } : {}),
      };
    },
  };
}
