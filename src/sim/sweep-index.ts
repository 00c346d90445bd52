/**
 * What every run of a sweep shares: indicators, the gates that no swept parameter can change, and a
 * pyramid of highs and lows. Deliberately the engine's own arithmetic in the engine's own order,
 * laid
 * out in columns: every value equals what `step` would hold at that bar (proven in the tests).
 */
import { DEADLINES, type EngineConfig, LIMITS, type ScheduledEvent } from '../engine/index.ts';
import { ATR_PERIOD } from '../engine/indicators.ts';
import type { BacktestSetup, KnownReading } from './backtest.ts';
import type { BacktestMarket } from './backtest-market.ts';
import { DAY_MS } from './fcpo.ts';

/** Bars a node of each level of the pyramid covers. */
const LEVELS = [8, 64, 512] as const;

export interface Pyramid {
  readonly low: readonly Float64Array[];
  readonly high: readonly Float64Array[];
}

export interface SweepIndex {
  readonly market: BacktestMarket;
  /** After each closed bar; NaN while warming up. */
  readonly rsi: Float64Array;
  /** 1 buy, 2 sell: which entries at the open of the NEXT bar no shared gate forbids. */
  readonly allowed: Uint8Array;
  readonly pyramid: Pyramid;
  /** First bar of the UTC day of each bar, and first bar after that day. */
  readonly dayStart: Int32Array;
  readonly dayEnd: Int32Array;
}

export const BUY = 1;
export const SELL = 2;
const TREND_LOOKBACK = 12;
const TREND_ATR = 2;

/** Depends on market, periods, filters, spread and sentiment; not on thresholds, target or stop. */
export function sweepIndex(market: BacktestMarket, setup: BacktestSetup): SweepIndex {
  const { config } = setup;
  const days = dayBounds(market);
  const rsi = new Float64Array(market.count);
  const allowed = measure(market, config, rsi);
  forbidByMarket(market, config, setup.costs.spread, days.dayEnd, allowed);
  if (setup.sentiment.type === 'readings') {
    forbidByNews(market, config.sentimentThreshold, setup.sentiment.rows, allowed);
  }
  forbidByEvents(market, setup.events ?? [], allowed);
  return { market, rsi, allowed, pyramid: pyramidOf(market), ...days };
}

/** Indicators, trend and the volatility breaker, bar after bar as the engine computes them. */
function measure(market: BacktestMarket, config: EngineConfig, rsiOut: Float64Array): Uint8Array {
  const { count, high, low, close } = market;
  const { rsiPeriod, emaPeriod, trendFilter } = config;
  const restart = restarts(market);
  const allowed = new Uint8Array(count);
  const ema = new Float64Array(count);
  const heat = createHeat();
  const weight = 2 / (emaPeriod + 1);
  let [rsiCount, rsiLast, gain, loss] = [0, 0, 0, 0];
  let [atrCount, atrLast, atr] = [0, 0, 0];
  let [emaCount, emaNow, emaReady] = [0, 0, 0];
  for (let bar = 0; bar < count; bar += 1) {
    if (restart[bar] === 1) {
      [rsiCount, rsiLast, gain, loss] = [0, 0, 0, 0];
      [atrCount, atrLast, atr] = [0, 0, 0];
      [emaCount, emaNow, emaReady] = [0, 0, 0];
    }
    const price = close[bar] as number;
    if (rsiCount > 0 || rsiLast !== 0) {
      const change = price - rsiLast;
      const up = change > 0 ? change : 0;
      const down = change < 0 ? -change : 0;
      if (rsiCount < rsiPeriod) {
        rsiCount += 1;
        gain += up / rsiPeriod;
        loss += down / rsiPeriod;
      } else {
        gain = (gain * (rsiPeriod - 1) + up) / rsiPeriod;
        loss = (loss * (rsiPeriod - 1) + down) / rsiPeriod;
      }
    }
    rsiLast = price;
    const total = gain + loss;
    const isWarm = rsiCount >= rsiPeriod;
    rsiOut[bar] = !isWarm ? Number.NaN : total === 0 ? 50 : (100 * gain) / total;

    const first = atrLast === 0;
    const top = first ? (high[bar] as number) : Math.max(high[bar] as number, atrLast);
    const bottom = first ? (low[bar] as number) : Math.min(low[bar] as number, atrLast);
    const range = top - bottom;
    if (!first) {
      if (atrCount < ATR_PERIOD) {
        atr += range / ATR_PERIOD;
        atrCount += 1;
      } else atr = (atr * (ATR_PERIOD - 1) + range) / ATR_PERIOD;
    }
    atrLast = price;
    const isMeasured = atrCount >= ATR_PERIOD;

    if (emaCount < emaPeriod) {
      emaCount += 1;
      emaNow += price / emaPeriod;
    } else emaNow += weight * (price - emaNow);
    if (emaCount >= emaPeriod) emaReady += 1;
    ema[bar] = emaNow;

    const calm = heat(isMeasured, atr, range);
    if (!calm || !isWarm) continue;
    if (!trendFilter) {
      allowed[bar] = BUY | SELL;
      continue;
    }
    if (!isMeasured || emaReady <= TREND_LOOKBACK) continue;
    const moved = emaNow - (ema[bar - TREND_LOOKBACK] as number);
    const isUp = moved > TREND_ATR * atr;
    const isDown = moved < -TREND_ATR * atr;
    allowed[bar] = (isDown ? 0 : BUY) | (isUp ? 0 : SELL);
  }
  return allowed;
}

/**
 * The volatility breaker, one closed bar a call; true when it is clear after that bar. It compares
 * with the median of the last ATR values, which is only worked out where a bound of it does not
 * answer already: while at most 47 of 96 values are below `bound`, the median is not below it.
 */
function createHeat(): (isMeasured: boolean, atr: number, range: number) => boolean {
  const size = LIMITS.atrSample;
  const ring = new Float64Array(size);
  const sorted = new Float64Array(size);
  const half = size >> 1;
  let [kept, next, calmBars, bound, below] = [0, 0, 0, 0, 0];
  let isTripped = true;
  const middle = (): number => {
    sorted.set(ring);
    sorted.sort();
    // A little below the middle, so that it holds for many bars to come.
    bound = sorted[half - (size >> 3)] as number;
    below = half - (size >> 3);
    while (below > 0 && sorted[below - 1] === bound) below -= 1;
    return ((sorted[half - 1] as number) + (sorted[half] as number)) / 2;
  };
  return (isMeasured, atr, range) => {
    if (isMeasured) {
      if (kept < size) kept += 1;
      else if ((ring[next] as number) < bound) below -= 1;
      if (atr < bound) below += 1;
      ring[next] = atr;
      next = next + 1 === size ? 0 : next + 1;
    }
    if (!isMeasured || kept < size) {
      isTripped = true;
      calmBars = 0;
      return false;
    }
    const isSurelyCalm = below < half && atr < 1.99 * bound && range < 2.99 * bound;
    if (!isTripped && isSurelyCalm) return true;
    const center = middle();
    const isHot = center === 0 || atr / center >= 2 || range / center >= 3;
    if (!isTripped) {
      isTripped = isHot;
      calmBars = 0;
      return !isTripped;
    }
    calmBars = !isHot && atr / center <= 1.5 ? calmBars + 1 : 0;
    if (calmBars >= 3) {
      isTripped = false;
      calmBars = 0;
    }
    return !isTripped;
  };
}

/** Bars before which more than three bars of open session had no quote: averages start again. */
function restarts(market: BacktestMarket): Uint8Array {
  const { count, time, timeframeMs, sessions } = market;
  const marks = new Uint8Array(count);
  let at = 0;
  for (let bar = 1; bar < count; bar += 1) {
    const end = (time[bar - 1] as number) + timeframeMs;
    const begin = time[bar] as number;
    if (begin - end <= 3 * timeframeMs) continue;
    while ((sessions[at]?.close ?? begin) <= end) at += 1;
    let open = 0;
    for (let one = at; (sessions[one]?.open ?? begin) < begin; one += 1) {
      const { open: from = begin, close: to = begin } = sessions[one] ?? {};
      open += Math.max(0, Math.min(to, begin) - Math.max(from, end));
    }
    if (open > 3 * timeframeMs) marks[bar] = 1;
  }
  return marks;
}

/** Calendar, opened day, a bar that ended long ago, and spread at the open of the next bar. */
function forbidByMarket(
  market: BacktestMarket,
  config: EngineConfig,
  spread: number,
  dayEnd: Int32Array,
  allowed: Uint8Array,
): void {
  const { count, time, start, open, sessionClose, closedByClockAt, timeframeMs } = market;
  allowed[count - 1] = 0;
  for (let bar = 0; bar + 1 < count; bar += 1) {
    const next = start[bar + 1] as number;
    const isLast = (sessionClose[bar + 1] as number) - next < DEADLINES.beforeCloseMs;
    const isNewDay = dayEnd[bar] === bar + 1;
    const isLate = next - (time[bar] as number) > 2 * timeframeMs;
    // Multiplied instead of divided: the same for whole numbers.
    const isWide = (open[bar + 1] as number) * config.spreadMaxBps < spread * 10_000;
    if (isLast || isNewDay || isLate || isWide || closedByClockAt[bar] !== 0) allowed[bar] = 0;
  }
}

/** The same index at a wider spread, which can only forbid more. */
export function atSpread(index: SweepIndex, config: EngineConfig, spread: number): SweepIndex {
  const allowed = index.allowed.slice();
  const { count, open } = index.market;
  for (let bar = 0; bar + 1 < count; bar += 1) {
    if ((open[bar + 1] as number) * config.spreadMaxBps < spread * 10_000) allowed[bar] = 0;
  }
  return { ...index, allowed };
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

/** The first bar that starts at an instant or later. */
export function firstAt({ start, count }: BacktestMarket, instant: number): number {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((start[middle] as number) < instant) low = middle + 1;
    else high = middle;
  }
  return low;
}

function dayBounds(market: BacktestMarket): { dayStart: Int32Array; dayEnd: Int32Array } {
  const { count, start } = market;
  const dayStart = new Int32Array(count);
  const dayEnd = new Int32Array(count);
  let [first, begin] = [0, 0];
  let midnight = (Math.floor((start[0] ?? 0) / DAY_MS) + 1) * DAY_MS;
  for (let bar = 1; bar <= count; bar += 1) {
    if (bar < count && (start[bar] as number) < midnight) continue;
    for (; first < bar; first += 1) {
      dayStart[first] = begin;
      dayEnd[first] = bar;
    }
    begin = bar;
    if (bar < count) midnight = (Math.floor((start[bar] as number) / DAY_MS) + 1) * DAY_MS;
  }
  return { dayStart, dayEnd };
}

function pyramidOf({ low, high }: BacktestMarket): Pyramid {
  const lows: Float64Array[] = [];
  const highs: Float64Array[] = [];
  let [belowLow, belowHigh] = [low, high];
  for (const _level of LEVELS) {
    const count = Math.ceil(belowLow.length / 8);
    const [nextLow, nextHigh] = [new Float64Array(count), new Float64Array(count)];
    for (let node = 0; node < count; node += 1) {
      let least = Number.POSITIVE_INFINITY;
      let most = Number.NEGATIVE_INFINITY;
      const end = Math.min(belowLow.length, node * 8 + 8);
      for (let child = node * 8; child < end; child += 1) {
        const bottom = belowLow[child] as number;
        const top = belowHigh[child] as number;
        if (bottom < least) least = bottom;
        if (top > most) most = top;
      }
      nextLow[node] = least;
      nextHigh[node] = most;
    }
    lows.push(nextLow);
    highs.push(nextHigh);
    [belowLow, belowHigh] = [nextLow, nextHigh];
  }
  return { low: lows, high: highs };
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
  const low8 = lows[0] as Float64Array;
  const low64 = lows[1] as Float64Array;
  const low512 = lows[2] as Float64Array;
  const high8 = highs[0] as Float64Array;
  const high64 = highs[1] as Float64Array;
  const high512 = highs[2] as Float64Array;
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
