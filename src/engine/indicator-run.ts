/**
 * The indicators of bars one after the other, in columns: the arithmetic of a single bar without a
 * record of each. Deliberately only for warm indicators; a bar is tried first, and counts once it
 * is kept. Whether a bar is wild is not measured but proven from below: see `isTame`.
 */
import { type Indicators, TREND_LOOKBACK, trendBy } from './bars.ts';
import type { EngineConfig } from './config.ts';
import {
  ATR_PERIOD,
  atrValue,
  emaValue,
  movedTo,
  rsiOf,
  rsiValue,
  smoothed,
} from './indicators.ts';
import { tameFrom } from './risk/breakers.ts';
import { afterwards, sortedOf } from './rolling-median.ts';
import { copyNewest, pushedColumn, sizeOf } from './trail.ts';

/** Columns that runs write one behind the other; nothing that was written is written again. */
export interface Tape {
  readonly rsi: Float64Array;
  readonly atr: Float64Array;
  readonly ema: Float64Array;
  used: number;
}

const TAPE_BARS = 4_096;

function newTape(bars: number): Tape {
  const column = () => new Float64Array(Math.max(bars, TAPE_BARS));
  return { rsi: column(), atr: column(), ema: column(), used: 0 };
}

/** The tape that the next run goes on with: room only, it says nothing about any state. */
const room: { tape: Tape | undefined } = { tape: undefined };

export interface IndicatorRun {
  readonly began: Indicators;
  readonly rsiPeriod: number;
  readonly emaPeriod: number;
  readonly tape: Tape;
  /** Place of the first bar of the run; the sample before it stands in front of it. */
  readonly first: number;
  /** Place of the bar on trial. */
  at: number;
  /** Of the bar before the one on trial. */
  lastClose: number;
  lastGain: number;
  lastLoss: number;
  lastRange: number;
  /** Of the bar on trial. */
  gain: number;
  loss: number;
  range: number;
  /** So many ATR of the sample at most are below the floor. */
  floor: number;
  below: number;
}

/** Nothing while one of them is still warming up. At most that many bars will be kept. */
export function beginIndicators(
  began: Indicators,
  config: EngineConfig,
  most: number,
): IndicatorRun | undefined {
  const { rsi, atr, ema, atrSample, atrMedian, emaSample } = began;
  const { rsiPeriod, emaPeriod } = config;
  if (rsiValue(rsi, rsiPeriod) === undefined || atrMedian === undefined) return undefined;
  if (atrValue(atr) === undefined || emaValue(ema, emaPeriod) === undefined) return undefined;
  if (sizeOf(atrSample) < atrSample.limit || sizeOf(emaSample) <= TREND_LOOKBACK) return undefined;
  if (rsi.lastClose !== atr.lastClose) return undefined;
  const { limit } = atrSample;
  let { tape } = room;
  if (tape === undefined || tape.used + limit + most > tape.atr.length)
    tape = newTape(limit + most);
  room.tape = tape;
  const first = tape.used + limit;
  copyNewest(atrSample, limit, tape.atr, first);
  copyNewest(emaSample, TREND_LOOKBACK, tape.ema, first);
  // A value somewhat below the median, with few beneath it.
  const below = limit >> 2;
  const floor = sortedOf(atrSample)[below] ?? 0;
  return {
    ...{ began, rsiPeriod, emaPeriod, tape, first, at: first },
    ...{ lastClose: rsi.lastClose, lastGain: rsi.gain, lastLoss: rsi.loss, lastRange: 0 },
    ...{ gain: 0, loss: 0, range: 0, floor, below },
  };
}

/** Looks at one more bar, which counts when it is kept. */
export function tryBar(run: IndicatorRun, high: number, low: number, close: number): void {
  const { tape, at, lastClose, rsiPeriod, emaPeriod } = run;
  const { rsi, atr, ema } = tape;
  const change = close - lastClose;
  const gain = smoothed(run.lastGain, rsiPeriod, change > 0 ? change : 0);
  const loss = smoothed(run.lastLoss, rsiPeriod, change < 0 ? -change : 0);
  const range = (high > lastClose ? high : lastClose) - (low < lastClose ? low : lastClose);
  rsi[at] = rsiOf(gain, loss);
  atr[at] = smoothed(atr[at - 1] as number, ATR_PERIOD, range);
  ema[at] = movedTo(close, ema[at - 1] as number, emaPeriod);
  run.gain = gain;
  run.loss = loss;
  run.range = range;
}

/**
 * True when the bar on trial is known not to be wild: when fewer than half of the sample are below
 * some value, then so is not the median, and the bar is held against that value.
 */
export function isTame(run: IndicatorRun): boolean {
  const { tape, at, began } = run;
  const { limit } = began.atrSample;
  const now = tape.atr[at] as number;
  const gone = tape.atr[at - limit] as number;
  const below = run.below + (now < run.floor ? 1 : 0) - (gone < run.floor ? 1 : 0);
  const half = limit >> 1;
  const wanted = tameFrom(now, run.range);
  if (below < half && wanted <= run.floor) {
    run.below = below;
    return run.floor > 0;
  }
  return findFloor(run, wanted, half);
}

/** Another floor that proves as much, as low as it may be. */
function findFloor(run: IndicatorRun, wanted: number, half: number): boolean {
  const below = countBelow(run, wanted);
  if (below >= half || wanted <= 0) return false;
  run.floor = wanted;
  run.below = below;
  return true;
}

/** How many of the sample, the bar on trial included, are below a value. */
function countBelow({ tape, at, began }: IndicatorRun, value: number): number {
  let count = 0;
  for (let place = at - began.atrSample.limit + 1; place <= at; place += 1) {
    if ((tape.atr[place] as number) < value) count += 1;
  }
  return count;
}

/** Where the average points with the bar at a place. */
export function trendAt(tape: Tape, at: number): ReturnType<typeof trendBy> {
  const change = (tape.ema[at] as number) - (tape.ema[at - TREND_LOOKBACK] as number);
  return trendBy(change, tape.atr[at] as number);
}

export function keepBar(run: IndicatorRun, close: number): void {
  run.at += 1;
  run.lastClose = close;
  run.lastGain = run.gain;
  run.lastLoss = run.loss;
  run.lastRange = run.range;
}

/** The indicators after all bars that were kept, of which there is at least one. */
export function endIndicators(run: IndicatorRun): Indicators {
  const { began, tape, first, at, lastClose, lastGain, lastLoss, lastRange } = run;
  const { rsi, atr, ema } = tape;
  const last = at - 1;
  tape.used = at;
  const atrSample = pushedColumn(began.atrSample, atr, first, at);
  return {
    rsi: { count: run.rsiPeriod, lastClose, gain: lastGain, loss: lastLoss },
    atr: { count: ATR_PERIOD, lastClose, value: atr[last] as number, range: lastRange },
    ema: { count: run.emaPeriod, value: ema[last] as number },
    atrSample,
    atrMedian: afterwards(began.atrSample, atrSample, atr, first, at),
    emaSample: pushedColumn(began.emaSample, ema, first, at),
    rsiSeries: pushedColumn(began.rsiSeries, rsi, first, at),
  };
}
