/**
 * What every run of a sweep shares: indicators, the gates that no swept parameter can change, and a
 * pyramid of highs and lows. Deliberately no arithmetic of indicators: that is `sweep-measure.ts`.
 */
import { DEADLINES, type EngineConfig, type ScheduledEvent } from '../engine/index.ts';
import type { BacktestSetup, KnownReading } from './backtest.ts';
import { type BacktestMarket, barFrom } from './backtest-market.ts';
import type { Prices } from './bar-columns.ts';
import { DAY_MS } from './fcpo.ts';
import { BUY, measure, SELL } from './sweep-measure.ts';

/** Bars a node of each level of the pyramid covers. */
const LEVELS = [8, 64, 512] as const;

export interface Pyramid {
  readonly low: readonly Prices[];
  readonly high: readonly Prices[];
}

export interface SweepIndex {
  readonly market: BacktestMarket;
  /** After each closed bar; NaN while warming up. */
  readonly rsi: Float64Array;
  /** 1 buy, 2 sell: which entries at the open of the NEXT bar no shared gate forbids. */
  readonly allowed: Uint8Array;
  readonly pyramid: Pyramid;
  /** The UTC day of each bar, counted where bars are; the first bar of each day, and the count. */
  readonly day: Uint16Array | Int32Array;
  readonly dayFirst: Int32Array;
}

/** Depends on market, periods, filters, spread and sentiment; not on thresholds, target or stop. */
export function sweepIndex(market: BacktestMarket, setup: BacktestSetup): SweepIndex {
  const { config } = setup;
  const { day, dayFirst } = daysOf(market);
  const pyramid = pyramidOf(market);
  const { rsi, allowed } = measure(market, config);
  forbidByMarket(market, dayFirst, allowed);
  if (setup.sentiment.type === 'readings') {
    forbidByNews(market, config.sentimentThreshold, setup.sentiment.rows, allowed);
  }
  forbidByEvents(market, setup.events ?? [], allowed);
  const least = leastOpen(config, setup.costs.spread);
  // No open is below the lowest low.
  if (rangeOf(pyramid).low < least) forbidBelow(market, least, allowed);
  return { market, rsi, allowed, pyramid, day, dayFirst };
}

/** Calendar, opened day, and a bar that ended long ago at the open of the next bar. */
function forbidByMarket(market: BacktestMarket, dayFirst: Int32Array, allowed: Uint8Array): void {
  const { count, time, start, breaks, sessions, sessionEnd, sessionClosedAt } = market;
  allowed[count - 1] = 0;
  for (const first of dayFirst) if (first > 0) allowed[first - 1] = 0;
  const latest = 2 * market.timeframeMs;
  for (const bar of breaks) {
    if ((start[bar + 1] as number) - (time[bar] as number) > latest) allowed[bar] = 0;
  }
  let first = 0;
  for (let nth = 0; nth < sessions.length; nth += 1) {
    const end = sessionEnd[nth] as number;
    if (end === first) continue;
    const close = sessions[nth]?.close ?? 0;
    if (sessionClosedAt[nth] !== 0) allowed[end - 1] = 0;
    for (let bar = end - 1; bar >= first && bar > 0; bar -= 1) {
      if (close - (start[bar] as number) >= DEADLINES.beforeCloseMs) break;
      allowed[bar - 1] = 0;
    }
    first = end;
  }
}

/** An open below this is too cheap for a spread: it would be too large a share of the price. */
export const leastOpen = ({ spreadMaxBps }: EngineConfig, spread: number): number =>
  // Open times limit below spread times 10,000, with the division done once: all are whole numbers.
  Math.ceil((spread * 10_000) / spreadMaxBps);

function forbidBelow({ count, open }: BacktestMarket, least: number, allowed: Uint8Array): void {
  for (let bar = 0; bar + 1 < count; bar += 1) {
    if ((open[bar + 1] as number) < least) allowed[bar] = 0;
  }
}

function forbidByNews(
  market: BacktestMarket,
  threshold: number,
  rows: readonly KnownReading[],
  allowed: Uint8Array,
): void {
  let next = 0;
  for (let bar = 0; bar + 1 < market.count; bar += 1) {
    const now = market.start[bar + 1] as number;
    while ((rows[next]?.knownAt ?? Number.POSITIVE_INFINITY) <= now) next += 1;
    const reading = rows[next - 1]?.reading;
    const isAlive = reading !== undefined && now - reading.askedAt <= DEADLINES.sentimentLifetimeMs;
    const score = isAlive ? reading.score : 0;
    const may =
      (isAlive && score > threshold ? BUY : 0) | (isAlive && score < -threshold ? SELL : 0);
    allowed[bar] = (allowed[bar] as number) & may;
  }
}

/** The window that holds the open of the next bar; windows may overlap and need no order. */
function forbidByEvents(
  market: BacktestMarket,
  events: readonly ScheduledEvent[],
  allowed: Uint8Array,
): void {
  for (const { from, to } of events) {
    let bar = firstAt(market, from);
    for (; bar < market.count && (market.start[bar] as number) < to; bar += 1) {
      if (bar > 0) allowed[bar - 1] = 0;
    }
  }
}

/** The first bar that starts at an instant or later, not before bar `from`. */
export const firstAt = ({ start, count }: BacktestMarket, instant: number, from = 0): number =>
  barFrom(start, count, instant, from);

/** Days that a column of two bytes a bar can count: two centuries of them. */
const DAYS_MAX = 65_535;

function daysOf(market: BacktestMarket): Pick<SweepIndex, 'day' | 'dayFirst'> {
  const { count, start } = market;
  const firsts: number[] = [];
  for (let first = 0; first < count; ) {
    firsts.push(first);
    const midnight = (Math.floor((start[first] as number) / DAY_MS) + 1) * DAY_MS;
    first = firstAt(market, midnight, first);
  }
  const dayFirst = Int32Array.from([...firsts, count]);
  const day = firsts.length > DAYS_MAX ? new Int32Array(count) : new Uint16Array(count);
  for (let nth = 0; nth < firsts.length; nth += 1) {
    day.fill(nth, dayFirst[nth] as number, dayFirst[nth + 1] as number);
  }
  return { day, dayFirst };
}

/** First bar of the UTC day of a bar. */
export const dayStartOf = ({ day, dayFirst }: SweepIndex, bar: number): number =>
  dayFirst[day[bar] as number] as number;

/** First bar after the UTC day of a bar. */
export const dayEndOf = ({ day, dayFirst }: SweepIndex, bar: number): number =>
  dayFirst[(day[bar] as number) + 1] as number;

/** Lowest low and highest high of a market: the top of its pyramid knows them. */
export function rangeOf({ low, high }: Pyramid): { readonly low: number; readonly high: number } {
  const [lows, highs] = [low.at(-1) as Prices, high.at(-1) as Prices];
  let [least, most] = [lows[0] as number, highs[0] as number];
  for (let node = 1; node < lows.length; node += 1) {
    least = Math.min(least, lows[node] as number);
    most = Math.max(most, highs[node] as number);
  }
  return { low: least, high: most };
}

function pyramidOf({ low, high }: BacktestMarket): Pyramid {
  const lows = [low];
  const highs = [high];
  for (let level = 0; level < LEVELS.length; level += 1) {
    const [own, top] = [lows[level] as Prices, highs[level] as Prices];
    const [nextLow, nextHigh] = [nodesFor(own), nodesFor(top)];
    fillNodes(own, top, nextLow, nextHigh);
    lows.push(nextLow);
    highs.push(nextHigh);
  }
  return { low: lows.slice(1), high: highs.slice(1) };
}

/** Of the same kind as what lies below, so that a search meets one kind only. */
function nodesFor(below: Prices): Prices {
  const count = Math.ceil(below.length / 8);
  return below instanceof Int32Array ? new Int32Array(count) : new Float64Array(count);
}

function fillNodes(low: Prices, high: Prices, lows: Prices, highs: Prices): void {
  for (let node = 0; node < lows.length; node += 1) {
    const first = node * 8;
    const end = Math.min(low.length, first + 8);
    let least = low[first] as number;
    let most = high[first] as number;
    for (let child = first + 1; child < end; child += 1) {
      const bottom = low[child] as number;
      const top = high[child] as number;
      if (bottom < least) least = bottom;
      if (top > most) most = top;
    }
    lows[node] = least;
    highs[node] = most;
  }
}

/** First bar from `from` on with a low at most `floor` or a high at least `ceiling`; or -1. */
export function firstBeyond(
  index: SweepIndex,
  from: number,
  floor: number,
  ceiling: number,
): number {
  const { low, high, count } = index.market;
  const { low: lows, high: highs } = index.pyramid;
  // By index: this is the innermost search, and taking lists apart costs more than the search.
  const low8 = lows[0] as Prices;
  const low64 = lows[1] as Prices;
  const low512 = lows[2] as Prices;
  const high8 = highs[0] as Prices;
  const high64 = highs[1] as Prices;
  const high512 = highs[2] as Prices;
  let bar = from;
  const aligned = Math.min((from + 7) & -8, count);
  for (; bar < aligned; bar += 1) {
    if ((low[bar] as number) <= floor || (high[bar] as number) >= ceiling) return bar;
  }
  while (bar < count) {
    if ((bar & 63) === 0) {
      if ((bar & 511) === 0) {
        const node = bar >> 9;
        if ((low512[node] as number) > floor && (high512[node] as number) < ceiling) {
          bar += 512;
          continue;
        }
      }
      const node = bar >> 6;
      if ((low64[node] as number) > floor && (high64[node] as number) < ceiling) {
        bar += 64;
        continue;
      }
    }
    const node = bar >> 3;
    if ((low8[node] as number) > floor && (high8[node] as number) < ceiling) {
      bar += 8;
      continue;
    }
    // Somewhere in these eight: a node holds only bars that exist.
    for (; bar < count; bar += 1) {
      if ((low[bar] as number) <= floor || (high[bar] as number) >= ceiling) return bar;
    }
  }
  return -1;
}
