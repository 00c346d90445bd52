/**
 * The indicators of bars one after the other in one hand: the functions of a single bar, without a
 * new record of samples at each. Deliberately only for warm indicators; a bar is tried first, and
 * then kept or put back.
 */
import { type Indicators, TREND_LOOKBACK, trendBy } from './bars.ts';
import type { EngineConfig } from './config.ts';
import {
  type AtrState,
  atrValue,
  type EmaState,
  emaValue,
  nextAtr,
  nextEma,
  nextRsi,
  type RsiState,
  rsiValue,
} from './indicators.ts';
import type { Bar } from './model.ts';
import { middleOf, remember, slide, sortedOf } from './rolling-median.ts';
import { itemBefore, pushedAll, sizeOf } from './trail.ts';

/** What the bar on trial would make of them. */
interface Trial {
  rsi: RsiState;
  atr: AtrState;
  ema: EmaState;
  rsiNow: number;
  /** The oldest of the ATR sample, which this bar pushes out. */
  gone: number;
}

export interface IndicatorRun {
  readonly began: Indicators;
  rsi: RsiState;
  atr: AtrState;
  ema: EmaState;
  median: number;
  /** Of the bars that were kept. */
  readonly rsis: number[];
  readonly atrs: number[];
  readonly emas: number[];
  readonly sorted: Float64Array;
  readonly trial: Trial;
}

/** Nothing while one of them is still warming up. */
export function beginIndicators(began: Indicators, config: EngineConfig): IndicatorRun | undefined {
  const { rsi, atr, ema, atrSample, atrMedian, emaSample } = began;
  const rsiNow = rsiValue(rsi, config.rsiPeriod);
  if (rsiNow === undefined || atrMedian === undefined) return undefined;
  if (atrValue(atr) === undefined || emaValue(ema, config.emaPeriod) === undefined) {
    return undefined;
  }
  if (sizeOf(atrSample) < atrSample.limit || sizeOf(emaSample) <= TREND_LOOKBACK) return undefined;
  const samples = { rsis: [], atrs: [], emas: [], sorted: sortedOf(atrSample) };
  const trial = { rsi, atr, ema, rsiNow, gone: 0 };
  return { began, rsi, atr, ema, median: atrMedian, ...samples, trial };
}

/** Looks at one more bar, which is then kept or put back. */
export function tryBar(run: IndicatorRun, bar: Bar, config: EngineConfig): void {
  const { trial, atrs, began } = run;
  trial.rsi = nextRsi(run.rsi, config.rsiPeriod, bar.close);
  trial.atr = nextAtr(run.atr, bar);
  trial.ema = nextEma(run.ema, config.emaPeriod, bar.close);
  trial.rsiNow = rsiValue(trial.rsi, config.rsiPeriod) ?? 0;
  const { limit } = began.atrSample;
  const held = atrs.length;
  trial.gone =
    (held < limit ? itemBefore(began.atrSample, limit - 1 - held) : atrs[held - limit]) ?? 0;
  slide(run.sorted, trial.gone, trial.atr.value);
  run.median = middleOf(run.sorted);
}

/** Where the average points with the bar on trial. */
export function triedTrend({ trial, emas, began }: IndicatorRun): ReturnType<typeof trendBy> {
  const back = emas.length - TREND_LOOKBACK;
  const first = back < 0 ? itemBefore(began.emaSample, -1 - back) : emas[back];
  return trendBy(trial.ema.value - (first ?? 0), trial.atr.value);
}

export function keepBar(run: IndicatorRun): void {
  const { rsi, atr, ema, rsiNow } = run.trial;
  run.rsi = rsi;
  run.atr = atr;
  run.ema = ema;
  run.rsis.push(rsiNow);
  run.atrs.push(atr.value);
  run.emas.push(ema.value);
}

export function putBack(run: IndicatorRun): void {
  slide(run.sorted, run.trial.atr.value, run.trial.gone);
  run.median = middleOf(run.sorted);
}

/** The indicators after all bars that were kept. */
export function endIndicators(run: IndicatorRun): Indicators {
  const { began, rsi, atr, ema, rsis, atrs, emas, sorted } = run;
  const atrSample = atrs.length === 0 ? began.atrSample : pushedAll(began.atrSample, atrs);
  remember(atrSample, sorted);
  return {
    rsi,
    atr,
    ema,
    atrSample,
    atrMedian: run.median,
    emaSample: pushedAll(began.emaSample, emas),
    rsiSeries: pushedAll(began.rsiSeries, rsis),
  };
}
