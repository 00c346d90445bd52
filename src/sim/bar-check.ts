/**
 * What is doubtful about recorded bars or ticks: holes inside trading hours, lines that repeat or
 * go back, prices far from their neighbours.
 * Deliberately repairs nothing and judges nothing: it names places.
 */
import { type SessionInterval, type Wall, wall } from '../engine/index.ts';
import { type BarColumns, emptyColumns, firstOf } from './bar-columns.ts';
import { sessionsBetween } from './fcpo.ts';
import type { MarketTick } from './market-types.ts';

export interface Hole {
  /** End of the last bar before it, and begin of the first one after it; UTC milliseconds. */
  readonly from: Wall;
  readonly to: Wall;
  /** Bars that are missing inside trading hours. */
  readonly missing: number;
}

export interface Outlier {
  readonly at: Wall;
  /** In our price unit. */
  readonly price: number;
  /** The median of the closes around it. */
  readonly usual: number;
}

export interface BarCheck {
  readonly stepMs: number;
  readonly holes: readonly Hole[];
  /** Whole sessions without a bar: holidays, or a hole as long as one. */
  readonly emptySessions: readonly SessionInterval[];
  readonly outliers: readonly Outlier[];
}

export interface CheckTerms {
  /** `fcpo`: hours of the exchange; `bars`: hours of the week that usually have bars. */
  readonly sessions: 'fcpo' | 'bars';
  /** So many missing bars in a row are no hole: without a tick there is no bar. */
  readonly allowedMissing: number;
  /** Share of the usual price. */
  readonly outlierShare: number;
}

const MINUTE_MS = 60_000;
const WEEK_MS = 604_800_000;
/** Closes on each side that say what is usual. */
const REACH = 5;
/** The share of weeks in which an hour of the week has bars, to be one of the usual hours. */
const USUAL_SHARE = 0.5;

export function checkBars(bars: BarColumns, terms: CheckTerms): BarCheck {
  const stepMs = shortestStep(bars);
  const usual = terms.sessions === 'bars' ? usualSlots(bars, stepMs) : undefined;
  const sessions = usual === undefined ? fcpoSessions(bars, stepMs) : [];
  const emptySessions = sessions.filter((one) => !hasBar(bars, one));
  const counted = sessions.filter((one) => !emptySessions.includes(one));
  const holes: Hole[] = [];
  let nth = 0;
  for (let at = 1; at < bars.count; at += 1) {
    const from = (bars.openTime[at - 1] as number) + stepMs;
    const to = bars.openTime[at] as number;
    if (to - from < stepMs) continue;
    while (nth < counted.length && (counted[nth] as SessionInterval).close <= from) nth += 1;
    const missing =
      usual === undefined ? openSteps(counted, nth, { from, to }, stepMs) : usual(from, to);
    if (missing > terms.allowedMissing) holes.push({ from: wall(from), to: wall(to), missing });
  }
  return { stepMs, holes, emptySessions, outliers: outliersOf(bars, terms.outlierShare) };
}

export function shortestStep({ count, openTime }: BarColumns): number {
  let step = Number.POSITIVE_INFINITY;
  for (let at = 1; at < count; at += 1) {
    step = Math.min(step, (openTime[at] as number) - (openTime[at - 1] as number));
  }
  return Number.isFinite(step) ? step : MINUTE_MS;
}

function fcpoSessions({ count, openTime }: BarColumns, stepMs: number): SessionInterval[] {
  const [first, last] = [openTime[0] ?? 0, openTime[count - 1] ?? 0];
  return sessionsBetween(wall(first), wall(last + stepMs));
}

/** First place with a time at or after `time`. */
function firstAt({ count, openTime }: BarColumns, time: number): number {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((openTime[middle] as number) < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

function hasBar(bars: BarColumns, { open, close }: SessionInterval): boolean {
  return (bars.openTime[firstAt(bars, open)] ?? Number.POSITIVE_INFINITY) < close;
}

function openSteps(
  sessions: readonly SessionInterval[],
  first: number,
  hole: { readonly from: number; readonly to: number },
  stepMs: number,
): number {
  let missing = 0;
  for (let nth = first; nth < sessions.length; nth += 1) {
    const { open, close } = sessions[nth] as SessionInterval;
    if (open >= hole.to) break;
    const shared = Math.min(close, hole.to) - Math.max(open, hole.from);
    missing += Math.max(0, Math.floor(shared / stepMs));
  }
  return missing;
}

/** Missing bars of a stretch, counted in the slots of the week that usually have one. */
function usualSlots(bars: BarColumns, stepMs: number): (from: number, to: number) => number {
  const slots = Math.max(1, Math.ceil(WEEK_MS / stepMs));
  const seen = new Uint32Array(slots);
  const slotOf = (time: number): number => Math.floor((time % WEEK_MS) / stepMs) % slots;
  for (let at = 0; at < bars.count; at += 1) {
    const slot = slotOf(bars.openTime[at] as number);
    seen[slot] = (seen[slot] as number) + 1;
  }
  const [first, last] = [bars.openTime[0] ?? 0, bars.openTime[bars.count - 1] ?? 0];
  const weeks = Math.max(1, (last - first) / WEEK_MS);
  const isUsual = seen.map((count) => (count >= 2 && count >= weeks * USUAL_SHARE ? 1 : 0));
  return (from, to) => {
    let missing = 0;
    for (let time = from; time < to; time += stepMs) missing += isUsual[slotOf(time)] as number;
    return missing;
  };
}

/** Highs and lows far from the median of the closes around them. */
function outliersOf(bars: BarColumns, share: number): readonly Outlier[] {
  const found: Outlier[] = [];
  const near: number[] = [];
  for (let at = 0; at < bars.count; at += 1) {
    near.length = 0;
    const end = Math.min(bars.count - 1, at + REACH);
    for (let other = Math.max(0, at - REACH); other <= end; other += 1) {
      if (other !== at) near.push(bars.close[other] as number);
    }
    if (near.length < 3) continue;
    near.sort((a, b) => a - b);
    const usual = near[near.length >> 1] as number;
    for (const price of [bars.high[at] as number, bars.low[at] as number]) {
      if (Math.abs(price - usual) <= usual * share) continue;
      found.push({ at: bars.openTime[at] as Wall, price, usual });
      break;
    }
  }
  return found;
}

/** Ticks as minutes of the bid, so that one check serves both. */
export function minutesOf(ticks: readonly MarketTick[]): BarColumns {
  const made = emptyColumns(ticks.length, 0);
  let count = 0;
  for (const { time, bid } of ticks) {
    if (bid === undefined) continue;
    const minute = time - (time % MINUTE_MS);
    if (count === 0 || made.openTime[count - 1] !== minute) {
      for (const name of ['open', 'high', 'low'] as const) made[name][count] = bid;
      made.openTime[count] = minute;
      count += 1;
    }
    const last = count - 1;
    made.high[last] = Math.max(made.high[last] as number, bid);
    made.low[last] = Math.min(made.low[last] as number, bid);
    made.close[last] = bid;
  }
  return firstOf(made, count);
}

/** A line of our own files that repeats a time, or goes back in it. */
export interface Misplaced {
  readonly line: number;
  readonly type: 'duplicate' | 'conflict' | 'backwards';
  readonly text: string;
}

/**
 * Lines of our own bars in time order, each time once, with what was taken out: the same line
 * again, another line of the same time, a line of an earlier time.
 */
export function withoutMisplaced(text: string): {
  readonly text: string;
  readonly misplaced: readonly Misplaced[];
} {
  const lines = text.split('\n');
  const kept = [lines[0] ?? ''];
  const misplaced: Misplaced[] = [];
  for (let at = 1; at < lines.length; at += 1) {
    const line = lines[at] as string;
    const before = kept.at(-1) as string;
    const [time, last] = [line.slice(0, line.indexOf(',')), before.slice(0, before.indexOf(','))];
    // Times of our own form are ordered as texts are.
    if (kept.length === 1 || line === '' || time > last) kept.push(line);
    else {
      const type = line === before ? 'duplicate' : time === last ? 'conflict' : 'backwards';
      misplaced.push({ line: at + 1, type, text: line.slice(0, 80) });
    }
  }
  return { text: kept.join('\n'), misplaced };
}
