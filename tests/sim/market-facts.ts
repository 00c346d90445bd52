// Measures one-minute bars the way the FCPO sample was measured, so that both can be
// compared by band.
// It judges nothing: the bands are in the calibration test.
import type { Bar } from '../../src/engine/index.ts';
import { PRICE_SCALE } from '../../src/engine/index.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;

export interface MarketFacts {
  readonly [name: string]: number;
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

export function deviation(values: readonly number[]): number {
  const middle = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - middle) ** 2)));
}

const share = (values: readonly number[], holds: (value: number) => boolean): number =>
  values.filter(holds).length / values.length;

interface Minute {
  readonly time: number;
  readonly close: number;
  readonly open: number;
  readonly range: number;
  readonly session: string;
  readonly minuteOfDay: number;
}

function sessionOf(minuteOfDay: number): string {
  if (minuteOfDay >= 780) return 'night';
  return minuteOfDay >= 390 ? 'afternoon' : 'morning';
}

function readMinutes(bars: readonly Bar[]): Minute[] {
  return bars.map((bar) => {
    const minuteOfDay = (bar.openTime % DAY) / MINUTE;
    return {
      time: bar.openTime,
      open: bar.open / PRICE_SCALE,
      close: bar.close / PRICE_SCALE,
      range: (bar.high - bar.low) / PRICE_SCALE,
      session: sessionOf(minuteOfDay),
      minuteOfDay,
    };
  });
}

/** Runs of minutes inside one session each. */
function sessionsOf(minutes: readonly Minute[]): Minute[][] {
  const runs: Minute[][] = [];
  for (const minute of minutes) {
    const run = runs.at(-1);
    const last = run?.at(-1);
    const same = last?.session === minute.session && minute.time - last.time < DAY / 4;
    if (same) run?.push(minute);
    else runs.push([minute]);
  }
  return runs;
}

const changes = (run: readonly Minute[], step: number): number[] => {
  const found: number[] = [];
  for (let at = step; at < run.length; at += step) {
    const [a, b] = [run[at - step], run[at]];
    if (a !== undefined && b !== undefined) found.push(Math.log(b.close / a.close) * 1e4);
  }
  return found;
};

/** Correlation with itself `lag` later, within runs, against the common mean. */
function autocorrelation(runs: readonly (readonly number[])[], lag: number): number {
  const all = runs.flat();
  const middle = mean(all);
  const variance = mean(all.map((value) => (value - middle) ** 2));
  const products = runs.flatMap((run) =>
    run.slice(lag).map((value, at) => (value - middle) * ((run[at] ?? middle) - middle)),
  );
  return mean(products) / variance;
}

function gapFacts(runs: readonly (readonly Minute[])[]): MarketFacts {
  const gaps: Record<string, number[]> = { lunch: [], dinner: [], overnight: [], weekend: [] };
  runs.slice(1).forEach((run, at) => {
    const [last, first] = [runs[at]?.at(-1), run[0]];
    if (last === undefined || first === undefined) return;
    const hours = (first.time - last.time) / 3_600_000;
    const name =
      hours < 2.5 ? 'lunch' : hours < 4 ? 'dinner' : hours < 20 ? 'overnight' : 'weekend';
    gaps[name]?.push(Math.log(first.open / last.close) * 1e4);
  });
  return Object.fromEntries(
    Object.entries(gaps).map(([name, values]) => [`gap sd ${name} bp`, deviation(values)]),
  );
}

function firstMinuteFacts(runs: readonly (readonly Minute[])[]): MarketFacts {
  return Object.fromEntries(
    ['night', 'morning', 'afternoon'].map((session) => {
      const firsts = runs.flatMap((run) => (run[0]?.session === session ? [run[0]] : []));
      return [`first minute range ${session}`, mean(firsts.map((minute) => minute.range))];
    }),
  );
}

function dayFacts(minutes: readonly Minute[], runs: readonly (readonly Minute[])[]): MarketFacts {
  const lastOfDate = new Map<number, number>();
  const variance = new Map<number, number>();
  // The night session belongs to the next date; a date is labelled by its morning.
  const dateOf = (minute: Minute): number => Math.floor((minute.time + DAY / 2) / DAY);
  for (const minute of minutes) {
    if (minute.session === 'afternoon') lastOfDate.set(dateOf(minute), minute.close);
  }
  for (const run of runs) {
    const [first] = run;
    if (first === undefined) continue;
    const sum = changes(run, 1).reduce((total, change) => total + change * change, 0);
    variance.set(dateOf(first), (variance.get(dateOf(first)) ?? 0) + sum);
  }
  const closes = [...lastOfDate.values()];
  const returns = closes.slice(1).map((close, at) => Math.log(close / (closes[at] ?? close)) * 100);
  const volatilities = [...variance.values()].map((sum) => Math.sqrt(sum) / 100);
  volatilities.sort((a, b) => a - b);
  return {
    'daily sd %': deviation(returns),
    'realised day volatility median %': volatilities[Math.floor(volatilities.length / 2)] ?? 0,
  };
}

function profileFacts(runs: readonly (readonly Minute[])[]): MarketFacts {
  const slots = new Map<number, number[]>();
  for (const run of runs) {
    run.slice(1).forEach((minute, at) => {
      const slot = Math.floor(minute.minuteOfDay / 30);
      const before = run[at];
      if (before === undefined) return;
      const list = slots.get(slot) ?? [];
      list.push(Math.log(minute.close / before.close) * 1e4);
      slots.set(slot, list);
    });
  }
  const at = (hour: number, minute: number): number =>
    deviation(slots.get(hour * 2 + minute / 30) ?? []);
  return { 'half-hour ratio 10:30 / 12:00': at(2, 30) / at(4, 0) };
}

/** Every figure of the calibration table that bars alone can tell. */
export function measure(bars: readonly Bar[]): MarketFacts {
  const minutes = readMinutes(bars);
  const runs = sessionsOf(minutes);
  const returnRuns = runs.map((run) => changes(run, 1));
  const returns = returnRuns.flat();
  const ticks = runs.flatMap((run) =>
    run.slice(1).map((minute, at) => Math.abs(minute.close - (run[at]?.close ?? 0))),
  );
  const sd = deviation(returns);
  const middle = mean(returns);
  const fourth = mean(returns.map((value) => (value - middle) ** 4));
  const absolute = returnRuns.map((run) => run.map(Math.abs));
  const ratio = (step: number): number =>
    deviation(runs.flatMap((run) => changes(run, step))) ** 2 / (step * sd * sd);
  const ranges = minutes.map((minute) => minute.range).sort((a, b) => a - b);
  const opens = runs.flatMap((run) =>
    run.slice(1).map((minute, at) => Math.abs(minute.open - (run[at]?.close ?? 0))),
  );
  return {
    'one-minute sd bp': sd,
    'zero-change share': share(ticks, (change) => change === 0),
    'one-tick share': share(ticks, (change) => change === 1),
    'over-ten-ticks share': share(ticks, (change) => change > 10),
    'excess kurtosis': fourth / sd ** 4 - 3,
    'return autocorrelation lag 1': autocorrelation(returnRuns, 1),
    'absolute autocorrelation lag 1': autocorrelation(absolute, 1),
    'absolute autocorrelation lag 10': autocorrelation(absolute, 10),
    'absolute autocorrelation lag 30': autocorrelation(absolute, 30),
    'variance ratio 15 min': ratio(15),
    'variance ratio 60 min': ratio(60),
    ...profileFacts(runs),
    'bar range mean': mean(ranges),
    'bar range median': ranges[Math.floor(ranges.length / 2)] ?? 0,
    'bar range 95 %': ranges[Math.floor(ranges.length * 0.95)] ?? 0,
    'next open equals close': share(opens, (gap) => gap === 0),
    'next open within a tick': share(opens, (gap) => gap <= 1),
    ...firstMinuteFacts(runs),
    ...gapFacts(runs),
    ...dayFacts(minutes, runs),
  };
}
