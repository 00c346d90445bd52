/**
 * Recorded bars as columns of numbers: what a file, the cache and a backtest hand to each other.
 * Deliberately no object a bar: a million of them cost more than running them.
 */
import { type Bar, type Price, tickSize, type Wall } from '../engine/index.ts';

/** Prices of bars; four bytes each where all fit, which is half to read and to keep near. */
export type Prices = Float64Array | Int32Array;

/** Bars oldest first; integers of the engine's units. Columns are never changed once made. */
export interface BarColumns {
  readonly count: number;
  /** Opening instant in UTC milliseconds. */
  readonly openTime: Float64Array;
  readonly open: Prices;
  readonly high: Prices;
  readonly low: Prices;
  readonly close: Prices;
  /** Line of the file with the first bar, the others one a line behind it; 0: from no file. */
  readonly firstLine: number;
  /** Where somebody has walked over all bars already. */
  readonly facts?: BarFacts;
}

/** What only a walk over all bars can tell. */
export interface BarFacts {
  /** Shortest time between two openings in milliseconds; 0 for a single bar. */
  readonly step: number;
  /** The longest time that divides every opening instant. */
  readonly grid: number;
  /** Decimals of the finest price, 0 to 5. */
  readonly digits: number;
  /** Largest step between two prices of the same minute as a share; 0 for bars beyond four. */
  readonly largestJump: number;
}

export const COLUMN_NAMES = ['openTime', 'open', 'high', 'low', 'close'] as const;

/** Columns one after the other in one piece of memory, which holds nothing yet. */
export function emptyColumns(count: number, firstLine: number): BarColumns {
  const values = new Float64Array(count * COLUMN_NAMES.length);
  const column = (nth: number): Float64Array => values.subarray(nth * count, (nth + 1) * count);
  const [openTime, open] = [column(0), column(1)];
  const [high, low, close] = [column(2), column(3), column(4)];
  return { count, openTime, open, high, low, close, firstLine };
}

/** Bars are as long as the shortest step between them, unless somebody knows better. */
export function factsOf(columns: BarColumns, lengthMs?: number): BarFacts {
  const { count, openTime } = columns;
  let step = count < 2 ? 0 : Number.POSITIVE_INFINITY;
  let grid = openTime[0] ?? 0;
  for (let at = 1; at < count; at += 1) {
    const one = (openTime[at] as number) - (openTime[at - 1] as number);
    if (one < step) step = one;
    if (one % grid !== 0) grid = commonDivisor(grid, one);
  }
  const jump = largestJump(columns, lengthMs ?? step);
  return { step, grid, digits: digitsOf(columns), largestJump: jump };
}

function commonDivisor(a: number, b: number): number {
  let [large, small] = [a, b];
  while (small !== 0) [large, small] = [small, large % small];
  return large;
}

/** Grows with each price that needs it; most prices are asked once. */
function digitsOf({ open, high, low, close }: BarColumns): number {
  let digits = 0;
  let step: number = tickSize(0);
  for (const prices of [open, high, low, close]) {
    for (let at = 0; at < prices.length; at += 1) {
      // Exact: what is no multiple is off by a step of 1e-5 at least, far above any rounding.
      for (let many = (prices[at] as number) / step; many !== Math.floor(many); ) {
        digits += 1;
        step = tickSize(digits);
        many = (prices[at] as number) / step;
      }
    }
  }
  return digits;
}

const MINUTE_MS = 60_000;

/** Four quotes a bar, evenly in time: its open, both extremes, its close. */
function largestJump(columns: BarColumns, lengthMs: number): number {
  const { openTime, open, high, low, close } = columns;
  const quarter = lengthMs / 4;
  if (quarter > MINUTE_MS) return 0;
  let largest = 0;
  for (let index = 0; index < open.length; index += 1) {
    const [top, bottom] = [high[index] as number, low[index] as number];
    // Divided only where the answer grows.
    if (top - bottom > largest * bottom) largest = (top - bottom) / bottom;
    if (index === 0) continue;
    const pause = (openTime[index] as number) - (openTime[index - 1] as number) - 3 * quarter;
    if (pause > MINUTE_MS) continue;
    const before = close[index - 1] as number;
    const step = Math.abs((open[index] as number) - before);
    if (step > largest * before) largest = step / before;
  }
  return largest;
}

/** The first so many bars. */
export function firstOf(columns: BarColumns, count: number): BarColumns {
  const { openTime, open, high, low, close, firstLine } = columns;
  return {
    count,
    openTime: openTime.subarray(0, count),
    open: open.subarray(0, count),
    high: high.subarray(0, count),
    low: low.subarray(0, count),
    close: close.subarray(0, count),
    firstLine,
  };
}

/** The same bars with prices of four bytes each, where all of them fit. */
export function narrowed(columns: BarColumns): BarColumns {
  const { open, high, low, close } = columns;
  const prices = [open, high, low, close];
  if (!prices.every(fits)) return columns;
  const narrow = (column: Prices): Int32Array => new Int32Array(column);
  const own = { open: narrow(open), high: narrow(high), low: narrow(low), close: narrow(close) };
  return { ...columns, ...own };
}

function fits(column: Prices): boolean {
  for (let at = 0; at < column.length; at += 1) {
    if (((column[at] as number) | 0) !== column[at]) return false;
  }
  return true;
}

/** What the engine is handed: prices of eight bytes. */
export const widened = (column: Prices): Float64Array =>
  column instanceof Float64Array ? column : new Float64Array(column);

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
