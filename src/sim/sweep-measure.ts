/**
 * Indicators and what they forbid, for every bar of a market: RSI, trend, the volatility breaker.
 * Deliberately the engine's own arithmetic in the engine's own order, in short loops over columns:
 * every value equals what `step` would hold at that bar (proven in the tests).
 */
import { type EngineConfig, LIMITS } from '../engine/index.ts';
import { ATR_PERIOD } from '../engine/indicators.ts';
import type { BacktestMarket } from './backtest-market.ts';

export const BUY = 1;
export const SELL = 2;
const TREND_LOOKBACK = 12;
const TREND_ATR = 2;

/** Bars whose averages are kept at a time: they stay in the nearest cache. */
const PIECE = 2_048;

/** Averages of one piece of bars. */
interface Piece {
  readonly range: Float64Array;
  readonly atr: Float64Array;
  /** Begins with the last {@link TREND_LOOKBACK} values of the piece before. */
  readonly ema: Float64Array;
  /** Mean gain and loss of the last bar. */
  readonly moved: Float64Array;
}

/** RSI after each closed bar (NaN while warming up), and the sides that nothing here forbids. */
export function measure(
  market: BacktestMarket,
  config: EngineConfig,
): { readonly rsi: Float64Array; readonly allowed: Uint8Array } {
  const { count } = market;
  const { rsiPeriod, emaPeriod, trendFilter } = config;
  const rsi = new Float64Array(count);
  const allowed = new Uint8Array(count);
  const heat = createHeat();
  const column = () => new Float64Array(PIECE + TREND_LOOKBACK);
  const moved = new Float64Array(2);
  const piece: Piece = { range: column(), atr: column(), ema: column(), moved };
  const gaps: number[] = [];
  let [first, pause] = [0, 0];
  for (const end of [...restarts(market), count]) {
    for (let from = first; from < end; from += PIECE) {
      const to = Math.min(from + PIECE, end);
      average(market, first, from, to, config, piece, rsi);
      heat(piece, from, to, first + ATR_PERIOD, allowed);
      pause = noteGaps(market, piece, from, to, first + ATR_PERIOD, pause, gaps);
      allowed.fill(0, from, Math.max(from, Math.min(to, first + rsiPeriod)));
      const known = first + Math.max(ATR_PERIOD, emaPeriod - 1 + TREND_LOOKBACK);
      if (trendFilter) forbidAgainstTrend(piece, from, to, known, allowed);
    }
    rsi.fill(Number.NaN, first, Math.min(first + rsiPeriod, end));
    first = end;
  }
  for (const bar of gaps) allowed.fill(0, bar, bar + 2);
  return { rsi, allowed };
}

/**
 * Bars after which the market paused and opened further than the ATR away: nothing enters in the
 * first two bars of such an opening (F49). `pause` is the first break not looked at, as is the
 * answer.
 */
function noteGaps(
  { breaks, open, close }: BacktestMarket,
  { atr }: Piece,
  from: number,
  to: number,
  known: number,
  pause: number,
  gaps: number[],
): number {
  let nth = pause;
  for (; nth < breaks.length && (breaks[nth] as number) < to; nth += 1) {
    const bar = breaks[nth] as number;
    if (bar < known) continue;
    const moved = Math.abs((open[bar + 1] as number) - (close[bar] as number));
    const range = atr[bar - from] as number;
    if (range > 0 && moved > range) gaps.push(bar);
  }
  return nth;
}

/**
 * Wilder's RSI, true range, ATR and EMA of the bars of a piece; all start anew at bar `first`. In
 * one loop, because each of them waits for its own divisions.
 */
function average(
  { high, low, close }: BacktestMarket,
  first: number,
  from: number,
  to: number,
  { rsiPeriod, emaPeriod }: EngineConfig,
  { range, atr, ema, moved }: Piece,
  rsi: Float64Array,
): void {
  const weight = 2 / (emaPeriod + 1);
  const keep = rsiPeriod - 1;
  const isFirst = from === first;
  // What the piece before ended with.
  if (!isFirst) ema.copyWithin(0, PIECE, PIECE + TREND_LOOKBACK);
  let before = close[isFirst ? first : from - 1] as number;
  let atrNow = isFirst ? 0 : (atr[PIECE - 1] as number);
  let emaNow = isFirst ? 0 : (ema[TREND_LOOKBACK - 1] as number);
  let gain = isFirst ? 0 : (moved[0] as number);
  let loss = isFirst ? 0 : (moved[1] as number);
  for (let bar = from; bar < to; bar += 1) {
    const top = high[bar] as number;
    const bottom = low[bar] as number;
    const price = close[bar] as number;
    // Not a choice between two ways: nobody can guess which one a price takes.
    const up = Math.max(price - before, 0);
    const down = Math.max(before - price, 0);
    if (bar <= first + rsiPeriod) {
      gain += up / rsiPeriod;
      loss += down / rsiPeriod;
    } else {
      gain = (gain * keep + up) / rsiPeriod;
      loss = (loss * keep + down) / rsiPeriod;
    }
    const total = gain + loss;
    rsi[bar] = total === 0 ? 50 : (100 * gain) / total;
    let span = Math.max(top, before) - Math.min(bottom, before);
    if (bar > first + ATR_PERIOD) atrNow = (atrNow * (ATR_PERIOD - 1) + span) / ATR_PERIOD;
    else if (bar > first) atrNow += span / ATR_PERIOD;
    else span = top - bottom;
    before = price;
    if (bar >= first + emaPeriod) emaNow += weight * (price - emaNow);
    else emaNow += price / emaPeriod;
    const at = bar - from;
    range[at] = span;
    atr[at] = atrNow;
    ema[at + TREND_LOOKBACK] = emaNow;
  }
  moved[0] = gain;
  moved[1] = loss;
}

/** Before bar `known` there is no trend, and so no entry. */
function forbidAgainstTrend(
  { atr, ema }: Piece,
  from: number,
  to: number,
  known: number,
  allowed: Uint8Array,
): void {
  const warm = Math.max(from, Math.min(to, known));
  allowed.fill(0, from, warm);
  for (let bar = warm; bar < to; bar += 1) {
    const at = bar - from;
    const moved = (ema[at + TREND_LOOKBACK] as number) - (ema[at] as number);
    const limit = TREND_ATR * (atr[at] as number);
    const may = (moved < -limit ? 0 : BUY) | (moved > limit ? 0 : SELL);
    allowed[bar] = (allowed[bar] as number) & may;
  }
}

/** One piece a call, in order; `measured` is the first bar with an ATR. Marks the calm bars. */
type Heat = (piece: Piece, from: number, to: number, measured: number, calm: Uint8Array) => void;

/**
 * The volatility breaker. It compares with the median of the last ATR values, which is only worked
 * out where a bound of it does not answer already: while at most 47 of 96 values are below `bound`,
 * the median is not below it.
 */
function createHeat(): Heat {
  const size = LIMITS.atrSample;
  const half = size >> 1;
  const ring = new Float64Array(size);
  const sorted = new Float64Array(size);
  let [kept, place, calmBars, below] = [0, 0, 0, 0];
  let isTripped = true;
  /** Two limits that surely lie below those of the breaker, and the bound of the median. */
  const sure = Float64Array.of(0, 0, 0);
  const middle = (): number => {
    sorted.set(ring);
    sorted.sort();
    // A little below the middle, so that it holds for many bars to come.
    below = half - (size >> 3);
    const bound = sorted[below] as number;
    sure.set([1.99 * bound, 2.99 * bound, bound]);
    while (below > 0 && sorted[below - 1] === bound) below -= 1;
    return ((sorted[half - 1] as number) + (sorted[half] as number)) / 2;
  };
  /** Everything but the common case: trips, or waits for three calm bars. */
  const isClear = (atr: number, range: number): boolean => {
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
  const forget = (): number => {
    isTripped = true;
    calmBars = 0;
    return 0;
  };
  return (piece, from, to, measured, calm) => {
    for (let bar = from; bar < to; bar += 1) {
      if (bar < measured) {
        calm[bar] = forget();
        continue;
      }
      const at = bar - from;
      const atr = piece.atr[at] as number;
      const range = piece.range[at] as number;
      const bound = sure[2] as number;
      if (kept < size) kept += 1;
      else if ((ring[place] as number) < bound) below -= 1;
      if (atr < bound) below += 1;
      ring[place] = atr;
      place = place + 1 === size ? 0 : place + 1;
      if (kept < size) calm[bar] = forget();
      else {
        const isSure = below < half && atr < (sure[0] as number) && range < (sure[1] as number);
        calm[bar] = (!isTripped && isSure) || isClear(atr, range) ? BUY | SELL : 0;
      }
    }
  };
}

/** Bars before which more than three bars of open session had no quote: averages start again. */
function restarts({ time, breaks, timeframeMs, sessions }: BacktestMarket): readonly number[] {
  const found: number[] = [];
  let at = 0;
  for (const bar of breaks) {
    const end = (time[bar] as number) + timeframeMs;
    const begin = time[bar + 1] as number;
    if (begin - end <= 3 * timeframeMs) continue;
    while ((sessions[at]?.close ?? begin) <= end) at += 1;
    let open = 0;
    for (let one = at; (sessions[one]?.open ?? begin) < begin; one += 1) {
      const { open: from = begin, close: to = begin } = sessions[one] ?? {};
      open += Math.max(0, Math.min(to, begin) - Math.max(from, end));
    }
    if (open > 3 * timeframeMs) found.push(bar + 1);
  }
  return found;
}
