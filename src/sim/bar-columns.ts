/**
 * Recorded bars as columns of numbers: what a file, the cache and a backtest hand to each other.
 * Deliberately no object a bar: a million of them cost more than running them.
 */
import type { Bar, Price, Wall } from '../engine/index.ts';

/** Bars oldest first; integers of the engine's units. Columns are never changed once made. */
export interface BarColumns {
  readonly count: number;
  /** Opening instant in UTC milliseconds. */
  readonly openTime: Float64Array;
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  /** Line of the file with the first bar, the others one a line behind it; 0: from no file. */
  readonly firstLine: number;
}

export const COLUMN_NAMES = ['openTime', 'open', 'high', 'low', 'close'] as const;

/** Columns one after the other in one piece of memory, which holds nothing yet. */
export function emptyColumns(count: number, firstLine: number): BarColumns {
  return columnsOn(new Float64Array(count * COLUMN_NAMES.length), count, firstLine);
}

/** Columns that lie one after the other in `values`. */
export function columnsOn(values: Float64Array, count: number, firstLine: number): BarColumns {
  const column = (nth: number): Float64Array => values.subarray(nth * count, (nth + 1) * count);
  const [openTime, open, high, low, close] = [
    column(0),
    column(1),
    column(2),
    column(3),
    column(4),
  ];
  return { count, openTime, open, high, low, close, firstLine };
}

/** The first so many bars. */
export function firstOf(columns: BarColumns, count: number): BarColumns {
  const cut = (column: Float64Array): Float64Array => column.subarray(0, count);
  return {
    count,
    openTime: cut(columns.openTime),
    open: cut(columns.open),
    high: cut(columns.high),
    low: cut(columns.low),
    close: cut(columns.close),
    firstLine: columns.firstLine,
  };
}

export function columnsOf(bars: readonly Bar[]): BarColumns {
  const made = emptyColumns(bars.length, 0);
  for (const [at, bar] of bars.entries()) {
    for (const name of COLUMN_NAMES) made[name][at] = bar[name];
  }
  return made;
}

/** One object a bar, for the few places that show or replay a handful. */
export function barsOf(columns: BarColumns): Bar[] {
  return Array.from({ length: columns.count }, (_, at) => ({
    openTime: columns.openTime[at] as Wall,
    open: columns.open[at] as Price,
    high: columns.high[at] as Price,
    low: columns.low[at] as Price,
    close: columns.close[at] as Price,
    // The recorded volume is lots, not a number of quotes: that stays unknown.
    ticks: 0,
  }));
}
