/**
 * The indicators of bars one after the other, in columns: the arithmetic of a single bar without a
 * record of each. Deliberately only for warm indicators. Bars may be measured that are not taken in
 * the end; and whether one is wild is not measured but proven from below, see `tameUntil`.
 */
import { type Indicators, TREND_LOOKBACK, TRENDS, type TrendCode, trendCode } from './bars.ts';
import type { EngineConfig } from './config.ts';
import type { BarRunColumns } from './event.ts';
import {
  ATR_PERIOD,
  atrValue,
  emaValue,
  movedTo,
  rsiOf,
  rsiValue,
  smoothed,
} from './indicators.ts';
import type { Bar } from './model.ts';
import { isTameAt, tameFrom } from './risk/breakers.ts';
import { afterwards, copySample } from './rolling-median.ts';
import { copyNewest, pushedColumn, sizeOf } from './trail.ts';

/** What the bars of one run are measured with; the next run writes over it. */
interface Bench {
  readonly gain: Float64Array;
  readonly loss: Float64Array;
  readonly range: Float64Array;
  readonly atr: Float64Array;
  readonly ema: Float64Array;
}

function newBench(size: number): Bench {
  const column = () => new Float64Array(size);
  return { gain: column(), loss: column(), range: column(), atr: column(), ema: column() };
}

/** What may still be asked of bars that were taken: runs write it one behind the other. */
interface Tape {
  readonly rsi: Float64Array;
  readonly trend: Uint8Array;
  used: number;
}

/** Where the first bar of a run stands on a tape. */
export interface Track {
  readonly tape: Tape;
  readonly from: number;
}

const TAPE_BARS = 8_192;
const newTape = (size: number): Tape => ({
  rsi: new Float64Array(size),
  trend: new Uint8Array(size),
  used: 0,
});

/** Room for the next run; nothing in it says anything about a state. */
const room = { bench: newBench(0), tape: newTape(0) };

type Trend = (typeof TRENDS)[number];

export interface IndicatorRun {
  readonly began: Indicators;
  readonly rsiPeriod: number;
  readonly emaPeriod: number;
  readonly bench: Bench;
  /** Place of the first bar on the bench; what was before it stands in front of it. */
  readonly first: number;
  readonly track: Track;
  /** Place of the next bar to measure, the close before it, and what its range begins with. */
  place: number;
  lastClose: number;
  high: number;
  low: number;
  /** So many ATR of the sample at most are below the floor. */
  floor: number;
  below: number;
}

/** Nothing while one of them is still warming up. At most that many bars will be measured. */
export function beginIndicators(
  began: Indicators,
  forming: Bar,
  config: EngineConfig,
  most: number,
): IndicatorRun | undefined {
  const { rsi, atr, ema, atrSample, atrMedian, emaSample } = began;
  const { rsiPeriod, emaPeriod } = config;
  if (rsiValue(rsi, rsiPeriod) === undefined || atrMedian === undefined) return undefined;
  if (atrValue(atr) === undefined || emaValue(ema, emaPeriod) === undefined) return undefined;
  if (sizeOf(atrSample) < atrSample.limit || sizeOf(emaSample) <= TREND_LOOKBACK) return undefined;
  if (rsi.lastClose !== atr.lastClose) return undefined;
  const first = atrSample.limit;
  if (room.bench.atr.length < first + most) room.bench = newBench(first + most);
  if (room.tape.rsi.length < room.tape.used + most) room.tape = newTape(most + TAPE_BARS);
  const { bench, tape } = room;
  const track = { tape, from: tape.used };
  copySample(atrSample, bench.atr, first);
  copyNewest(emaSample, TREND_LOOKBACK, bench.ema, first);
  bench.gain[first - 1] = rsi.gain;
  bench.loss[first - 1] = rsi.loss;
  return {
    began,
    rsiPeriod,
    emaPeriod,
    bench,
    first,
    track,
    place: first,
    lastClose: rsi.lastClose,
    high: forming.high,
    low: forming.low,
    floor: 0,
    below: 0,
  };
}

/**
 * Measures the next bars of the run, whose high is their highest and whose low their lowest price.
 */
export function measure(
  run: IndicatorRun,
  { high, low, close }: BarRunColumns,
  from: number,
  to: number,
): void {
  const { rsiPeriod, emaPeriod, track } = run;
  const { gain, loss, range, atr, ema } = run.bench;
  const { rsi, trend } = track.tape;
  const onTape = track.from - run.first;
  let { place, lastClose } = run;
  let [up, down] = [gain[place - 1] as number, loss[place - 1] as number];
  let [width, average] = [atr[place - 1] as number, ema[place - 1] as number];
  let [top, bottom] = [Math.max(run.high, lastClose), Math.min(run.low, lastClose)];
  for (let bar = from; bar < to; bar += 1, place += 1) {
    const last = close[bar] as number;
    const change = last - lastClose;
    const size = Math.abs(change);
    const highest = high[bar] as number;
    const lowest = low[bar] as number;
    const reach = (highest > top ? highest : top) - (lowest < bottom ? lowest : bottom);
    // Exactly the change or nothing: nobody can foresee its sign, and a wrong guess costs more.
    up = smoothed(up, rsiPeriod, (size + change) / 2);
    down = smoothed(down, rsiPeriod, (size - change) / 2);
    width = smoothed(width, ATR_PERIOD, reach);
    average = movedTo(last, average, emaPeriod);
    gain[place] = up;
    loss[place] = down;
    range[place] = reach;
    atr[place] = width;
    ema[place] = average;
    rsi[place + onTape] = rsiOf(up, down);
    trend[place + onTape] = trendCode(average - (ema[place - TREND_LOOKBACK] as number), width);
    lastClose = last;
    top = last;
    bottom = last;
  }
  run.place = place;
  run.lastClose = lastClose;
  run.high = lastClose;
  run.low = lastClose;
}

/**
 * The first place from one up to another whose bar is not known not to be wild: when fewer than
 * half of the sample are below some value, then so is not the median, and the bar is held against
 * that value. Asked of one bar after the other.
 */
export function tameUntil(run: IndicatorRun, from: number, to: number): number {
  const { atr, range } = run.bench;
  const { limit } = run.began.atrSample;
  const half = limit >> 1;
  let { floor, below } = run;
  for (let place = from; place < to; place += 1) {
    const now = atr[place] as number;
    if (now < floor) below += 1;
    if ((atr[place - limit] as number) < floor) below -= 1;
    const reach = range[place] as number;
    if (below < half && isTameAt(floor, now, reach) && floor > 0) continue;
    if (!findFloor(run, place, tameFrom(now, reach))) return place;
    floor = run.floor;
    below = run.below;
  }
  run.below = below;
  return to;
}

/**
 * Another floor that proves as much: first one that bars after this one may be held against too.
 */
const findFloor = (run: IndicatorRun, place: number, wanted: number): boolean =>
  isFloor(run, place, Math.max(wanted, (run.began.atrMedian ?? 0) * USUAL_FLOOR)) ||
  isFloor(run, place, wanted);

/** Somewhat below the median few are beneath, mostly. */
const USUAL_FLOOR = 0.9;

/** Holds bars against that value from now on, if fewer than half of the sample are below it. */
function isFloor(run: IndicatorRun, place: number, floor: number): boolean {
  const { limit } = run.began.atrSample;
  const { atr } = run.bench;
  let below = 0;
  for (let at = place - limit + 1; at <= place; at += 1) {
    if ((atr[at] as number) < floor) below += 1;
  }
  if (below >= limit >> 1 || floor <= 0) return false;
  run.floor = floor;
  run.below = below;
  return true;
}

/** What was written down of a bar of a run, by its number in it. */
export const tracked = ({ tape, from }: Track, nth: number): { rsi: number; trend: Trend } => ({
  rsi: tape.rsi[from + nth] as number,
  trend: TRENDS[tape.trend[from + nth] as TrendCode],
});

/** The indicators after the first so many bars, at least one, the last of which closed there. */
export function endIndicators(run: IndicatorRun, count: number, lastClose: number): Indicators {
  const { began, bench, first, track } = run;
  const { gain, loss, range, atr, ema } = bench;
  const to = first + count;
  const last = to - 1;
  track.tape.used = track.from + count;
  const atrSample = pushedColumn(began.atrSample, atr, first, to);
  return {
    rsi: {
      count: run.rsiPeriod,
      lastClose,
      gain: gain[last] as number,
      loss: loss[last] as number,
    },
    atr: {
      count: ATR_PERIOD,
      lastClose,
      value: atr[last] as number,
      range: range[last] as number,
    },
    ema: { count: run.emaPeriod, value: ema[last] as number },
    atrSample,
    atrMedian: afterwards(began.atrSample, atrSample, atr, first, to),
    emaSample: pushedColumn(began.emaSample, ema, first, to),
    rsiSeries: pushedColumn(began.rsiSeries, track.tape.rsi, track.from, track.from + count),
  };
}
