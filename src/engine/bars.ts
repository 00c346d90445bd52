/**
 * Bars and what is measured on them: growing, joining, and the indicators of each closed bar.
 * Deliberately knows no quote, no age and no session; `market.ts` decides when a bar is closed.
 */
import { type EngineConfig, LIMITS } from './config.ts';
import {
  ATR_START,
  type AtrState,
  atrValue,
  EMA_START,
  type EmaState,
  emaValue,
  nextAtr,
  nextEma,
  nextRsi,
  RSI_START,
  type RsiState,
  rsiValue,
} from './indicators.ts';
import type { Bar } from './model.ts';
import { nextMedian } from './rolling-median.ts';
import { emptyTrail, newestOf, oldestOf, pushed, sizeOf, type Trail } from './trail.ts';
import type { Price, Wall } from './units.ts';

export interface Indicators {
  readonly rsi: RsiState;
  readonly atr: AtrState;
  readonly ema: EmaState;
  /** Last ATR values, for the volatility breaker, and their median. */
  readonly atrSample: Trail<number>;
  readonly atrMedian: number | undefined;
  /** Last EMA values, for the trend. */
  readonly emaSample: Trail<number>;
  /** RSI of the last closed bars. */
  readonly rsiSeries: Trail<number>;
}

/**
 * The average must have moved this many ATR to be called a trend: a plain dip must still be bought.
 */
const TREND_ATR = 2;
/** How many EMA values the trend looks back. */
export const TREND_LOOKBACK = 12;
export const NO_INDICATORS: Indicators = {
  rsi: RSI_START,
  atr: ATR_START,
  ema: EMA_START,
  atrSample: emptyTrail(LIMITS.atrSample),
  atrMedian: undefined,
  emaSample: emptyTrail(TREND_LOOKBACK + 1),
  rsiSeries: emptyTrail(LIMITS.snapshotBars),
};

export function nextIndicators(old: Indicators, bar: Bar, config: EngineConfig): Indicators {
  const rsi = nextRsi(old.rsi, config.rsiPeriod, bar.close);
  const atr = nextAtr(old.atr, bar);
  const ema = nextEma(old.ema, config.emaPeriod, bar.close);
  const rsiNow = rsiValue(rsi, config.rsiPeriod);
  const atrNow = atrValue(atr);
  const emaNow = emaValue(ema, config.emaPeriod);
  const atrSample = atrNow === undefined ? old.atrSample : pushed(old.atrSample, atrNow);
  return {
    rsi,
    atr,
    ema,
    atrSample,
    atrMedian: atrNow === undefined ? old.atrMedian : nextMedian(old.atrSample, atrSample, atrNow),
    emaSample: emaNow === undefined ? old.emaSample : pushed(old.emaSample, emaNow),
    rsiSeries: rsiNow === undefined ? old.rsiSeries : pushed(old.rsiSeries, rsiNow),
  };
}

/** Where the average points: the change of the EMA over the lookback, in multiples of the ATR. */
export function trendOf(indicators: Indicators): 'up' | 'down' | 'flat' | 'unknown' {
  const atr = atrValue(indicators.atr);
  if (sizeOf(indicators.emaSample) <= TREND_LOOKBACK) return 'unknown';
  const first = oldestOf(indicators.emaSample);
  const last = newestOf(indicators.emaSample);
  if (atr === undefined || first === undefined || last === undefined) return 'unknown';
  return TRENDS[trendCode(last - first, atr)];
}

/** By their codes. */
export const TRENDS = ['flat', 'up', 'down'] as const;
export type TrendCode = 0 | 1 | 2;

/** The trend by the change of a warm average and a warm ATR. */
export function trendCode(change: number, atr: number): TrendCode {
  if (change > TREND_ATR * atr) return 1;
  return change < -TREND_ATR * atr ? 2 : 0;
}

export const restarted = (old: Indicators): Indicators => ({
  ...NO_INDICATORS,
  atrSample: old.atrSample,
  atrMedian: old.atrMedian,
});

export const newBar = (openTime: Wall, bid: Price): Bar => ({
  openTime,
  open: bid,
  high: bid,
  low: bid,
  close: bid,
  ticks: 1,
});

export function growBar(bar: Bar, bid: Price): Bar {
  return {
    openTime: bar.openTime,
    open: bar.open,
    high: bid > bar.high ? bid : bar.high,
    low: bid < bar.low ? bid : bar.low,
    close: bid,
    ticks: bar.ticks + 1,
  };
}

export function joinBars(history: Bar, live: Bar): Bar {
  return {
    openTime: history.openTime,
    open: history.open,
    high: history.high > live.high ? history.high : live.high,
    low: history.low < live.low ? history.low : live.low,
    close: live.close,
    ticks: history.ticks > live.ticks ? history.ticks : live.ticks,
  };
}

/** The list with one more at the end and the oldest gone when it is full. */
export function bounded<T>(list: readonly T[], item: T, limit: number): readonly T[] {
  if (list.length === 0) return [item];
  if (list.length < limit) return [...list, item];
  const last = list.length - 1;
  if (last >= limit) return [...list.slice(last - limit + 2), item];
  // Moved by hand within one copy: to cut and to append would be two.
  const next = list.slice();
  for (let at = 0; at < last; at += 1) next[at] = next[at + 1] as T;
  next[last] = item;
  return next;
}
