/**
 * RSI, ATR and EMA as small incremental values, and the median; + - * / only (no exp, log or pow).
 * Deliberately stateless functions over plain records: a closed bar in, the next accumulator out.
 */
import type { Bar } from './model.ts';

/** Wilder's relative strength: the first average is a plain mean, then it is smoothed. */
export interface RsiState {
  readonly count: number;
  readonly lastClose: number;
  readonly gain: number;
  readonly loss: number;
}

/** Wilder's smoothing: one part of so many is new. */
export const smoothed = (average: number, period: number, value: number): number =>
  (average * (period - 1) + value) / period;

export const RSI_START: RsiState = { count: 0, lastClose: 0, gain: 0, loss: 0 };

/** One more closed price. `count` is the number of changes seen, capped at the period. */
export function nextRsi(state: RsiState, period: number, close: number): RsiState {
  if (state.count === 0 && state.lastClose === 0) {
    return { count: 0, lastClose: close, gain: 0, loss: 0 };
  }
  const change = close - state.lastClose;
  const up = change > 0 ? change : 0;
  const down = change < 0 ? -change : 0;
  if (state.count < period) {
    const warm = state.count + 1;
    const gain = state.gain + up / period;
    const loss = state.loss + down / period;
    return { count: warm, lastClose: close, gain, loss };
  }
  return {
    count: period,
    lastClose: close,
    gain: smoothed(state.gain, period, up),
    loss: smoothed(state.loss, period, down),
  };
}

/** 0 to 100; absent while warming up; 50 in a flat market (F77). */
export function rsiValue(state: RsiState, period: number): number | undefined {
  return state.count < period ? undefined : rsiOf(state.gain, state.loss);
}

/** From warm averages. */
export function rsiOf(gain: number, loss: number): number {
  const total = gain + loss;
  return total === 0 ? 50 : (100 * gain) / total;
}

/** Wilder's average true range. */
export interface AtrState {
  readonly count: number;
  readonly lastClose: number;
  readonly value: number;
  /** True range of the newest bar. */
  readonly range: number;
}

export const ATR_PERIOD = 14;
export const ATR_START: AtrState = { count: 0, lastClose: 0, value: 0, range: 0 };

export function nextAtr(state: AtrState, bar: Bar): AtrState {
  const first = state.lastClose === 0;
  const high = first ? bar.high : Math.max(bar.high, state.lastClose);
  const low = first ? bar.low : Math.min(bar.low, state.lastClose);
  const range = high - low;
  if (first) return { count: 0, lastClose: bar.close, value: 0, range };
  if (state.count < ATR_PERIOD) {
    const value = state.value + range / ATR_PERIOD;
    return { count: state.count + 1, lastClose: bar.close, value, range };
  }
  const value = smoothed(state.value, ATR_PERIOD, range);
  return { count: ATR_PERIOD, lastClose: bar.close, value, range };
}

/** In price units; absent while warming up. */
export const atrValue = (state: AtrState): number | undefined =>
  state.count < ATR_PERIOD ? undefined : state.value;

/** Exponential average, started with the plain mean of its first `period` closes. */
export interface EmaState {
  readonly count: number;
  readonly value: number;
}

export const EMA_START: EmaState = { count: 0, value: 0 };

export function nextEma(state: EmaState, period: number, close: number): EmaState {
  if (state.count < period) {
    return { count: state.count + 1, value: state.value + close / period };
  }
  return { count: period, value: movedTo(close, state.value, period) };
}

/** A warm exponential average after one more close. */
export function movedTo(close: number, value: number, period: number): number {
  const weight = 2 / (period + 1);
  return value + weight * (close - value);
}

export const emaValue = (state: EmaState, period: number): number | undefined =>
  state.count < period ? undefined : state.value;

/** Middle of the values; mean of the two middles when there is no single one; absent when empty. */
export function median(values: readonly number[]): number | undefined {
  if (values.length === 0) return undefined;
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  const upper = sorted[half] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] ?? 0) + upper) / 2;
}
