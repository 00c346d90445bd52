/**
 * What can be said of the bars of a history without any state: found once for all who walk over
 * it, which may be many.
 * Deliberately only facts of the columns, which nobody changes once they are made.
 */
import { DAY_MS } from './calendar.ts';
import type { BarRunColumns } from './event.ts';

export interface BarFacts {
  /** From each bar on the first whose prices and times are not as those of most. */
  readonly plainTo: Int32Array;
  /** The lowest price of all. */
  readonly lowest: number;
  /** Quotes of all bars before each one, their opening ones too, by what a bar reaches first. */
  readonly quotes: { readonly low: Int32Array; readonly high: Int32Array };
}

interface Known {
  readonly columns: BarRunColumns;
  readonly timeframeMs: number;
  readonly facts: BarFacts;
}

/** By one of the columns, for as long as somebody holds it. */
const known = new WeakMap<Float64Array, Known>();
/** The one that was asked for last. */
let last: Known | undefined;

export function factsOfBars(columns: BarRunColumns, timeframeMs: number): BarFacts {
  if (last?.columns === columns && last.timeframeMs === timeframeMs) return last.facts;
  const before = known.get(columns.open);
  const isSame = before?.timeframeMs === timeframeMs && areSame(before.columns, columns);
  const facts = isSame ? before.facts : made(columns, timeframeMs);
  last = { columns, timeframeMs, facts };
  known.set(columns.open, last);
  return facts;
}

const areSame = (one: BarRunColumns, other: BarRunColumns): boolean =>
  one.start === other.start &&
  one.end === other.end &&
  one.high === other.high &&
  one.low === other.low &&
  one.close === other.close;

function made(columns: BarRunColumns, timeframeMs: number): BarFacts {
  const { open, low, high } = columns;
  const count = open.length;
  const plainTo = new Int32Array(count);
  let lowest = Number.POSITIVE_INFINITY;
  for (let bar = count - 1; bar >= 0; bar -= 1) {
    const isLast = bar === count - 1;
    plainTo[bar] =
      !isLast && isPlain(columns, bar, timeframeMs) ? (plainTo[bar + 1] as number) : bar;
    lowest = Math.min(lowest, low[bar] as number, open[bar] as number);
  }
  const quotes = { low: quotesBefore(columns, low, high), high: quotesBefore(columns, high, low) };
  return { plainTo, lowest, quotes };
}

/**
 * Its quotes inside it and in their order; the next bar, of the same day, opening right after it;
 * and no jump that a single quote would be held for.
 */
function isPlain(columns: BarRunColumns, bar: number, timeframeMs: number): boolean {
  const { start, end, open, high, low, close } = columns;
  const begin = start[bar] as number;
  const until = end[bar] as number;
  const after = start[bar + 1] as number;
  const over = (Math.floor(begin / timeframeMs) + 1) * timeframeMs;
  if (!(begin <= until && until <= over && after >= over && after < over + timeframeMs)) {
    return false;
  }
  if (Math.floor(begin / DAY_MS) !== Math.floor(after / DAY_MS)) return false;
  const top = high[bar] as number;
  const bottom = low[bar] as number;
  const first = open[bar] as number;
  const last = close[bar] as number;
  if (!(bottom <= first && bottom <= last && first <= top && last <= top)) return false;
  const next = open[bar + 1] as number;
  const lowest = next < bottom ? next : bottom;
  const highest = next > top ? next : top;
  return lowest > 0 && (highest - lowest) * 20 <= lowest;
}

/** A price that does not move is no quote. */
function quotesBefore(
  { open, close }: BarRunColumns,
  near: Float64Array,
  far: Float64Array,
): Int32Array {
  const quotes = new Int32Array(open.length + 1);
  let sum = 0;
  for (let bar = 0; bar < open.length; bar += 1) {
    if (near[bar] !== open[bar]) sum += 1;
    if (far[bar] !== near[bar]) sum += 1;
    if (close[bar] !== far[bar]) sum += 1;
    sum += 1;
    quotes[bar + 1] = sum;
  }
  return quotes;
}
