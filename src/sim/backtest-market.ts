/**
 * Recorded bars made ready for a backtest: summed to the timeframe, put into sessions, laid out in
 * columns.
 * Deliberately repairs nothing: what does not fit is refused with the bar and the reason.
 */
import {
  PRICE_SCALE,
  type Price,
  price,
  type SessionInterval,
  tickSize,
  type Wall,
  wall,
} from '../engine/index.ts';
import { type BarColumns, emptyColumns } from './bar-columns.ts';
import { DAY_MS, fcpoInstrument, MINUTE_MS, sessionsBetween } from './fcpo.ts';

/**
 * Bars are closed this long after the end of their session, when no quote has come (engine rule).
 */
export const CLOSE_DELAY_MS = 5_000;

export interface BacktestMarket {
  readonly timeframeMs: number;
  readonly count: number;
  /** Decimals of the finest recorded price, 0 to 5. */
  readonly digits: number;
  readonly sessions: readonly SessionInterval[];
  readonly time: Float64Array;
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  /** First instant of the bar inside its session, and the instant after its last. */
  readonly start: Float64Array;
  readonly end: Float64Array;
  /** When the session that holds `start` closes. */
  readonly sessionClose: Float64Array;
  /** When the clock closes this bar because no quote will come before the session is over; or 0. */
  readonly closedByClockAt: Float64Array;
  /**
   * Largest step between two neighbouring prices as a share: beyond 0.05 the engine doubts them.
   */
  readonly largestJump: number;
}

export type MarketReading =
  | { readonly ok: true; readonly market: BacktestMarket }
  | { readonly ok: false; readonly reason: string };

/**
 * `fcpo`: the exchange's hours without holidays; `bars`: open wherever bars are, closed in holes.
 */
export type SessionRule = 'fcpo' | 'bars';

/** Sums bars to a longer timeframe aligned to the epoch; what needs no sum is passed on. */
export function aggregateColumns(recorded: BarColumns, timeframeMs: number): BarColumns {
  const { count, openTime } = recorded;
  let sums = 0;
  let isAligned = true;
  let before = Number.NaN;
  for (let at = 0; at < count; at += 1) {
    const time = openTime[at] as number;
    const begin = Math.floor(time / timeframeMs) * timeframeMs;
    if (begin !== before) sums += 1;
    if (begin !== time) isAligned = false;
    before = begin;
  }
  if (isAligned && sums === count) return recorded;
  const made = emptyColumns(sums, 0);
  let last = -1;
  before = Number.NaN;
  for (let at = 0; at < count; at += 1) {
    const begin = Math.floor((openTime[at] as number) / timeframeMs) * timeframeMs;
    const [top, bottom] = [recorded.high[at] as number, recorded.low[at] as number];
    if (begin !== before) {
      last += 1;
      before = begin;
      made.openTime[last] = begin;
      made.open[last] = recorded.open[at] as number;
      made.high[last] = top;
      made.low[last] = bottom;
    } else {
      if (top > (made.high[last] as number)) made.high[last] = top;
      if (bottom < (made.low[last] as number)) made.low[last] = bottom;
    }
    made.close[last] = recorded.close[at] as number;
  }
  return made;
}

/** Bars oldest first, as a file or the cache gives them. Columns are shared, never changed. */
export function backtestMarket(
  recorded: BarColumns,
  options: { readonly timeframeMs: number; readonly sessions: SessionRule },
): MarketReading {
  const { timeframeMs } = options;
  const refuse = (reason: string): MarketReading => ({ ok: false, reason });
  const spacing = shortestStep(recorded);
  if (spacing > timeframeMs) {
    const have = spacing / MINUTE_MS;
    return refuse(`its bars are ${have} min long and cannot make ${timeframeMs / MINUTE_MS} min`);
  }
  if (DAY_MS % timeframeMs !== 0) return refuse('the timeframe does not divide a day');
  const bars = aggregateColumns(recorded, timeframeMs);
  if (bars.count < 2) return refuse('it holds fewer than two bars of this timeframe');
  const sessions =
    options.sessions === 'fcpo' ? heldSessions(bars, timeframeMs) : runsOf(bars, timeframeMs);
  const made = layOut(bars, sessions, timeframeMs);
  return typeof made === 'number' ? refuse(strange(recorded, made)) : { ok: true, market: made };
}

function shortestStep({ count, openTime }: BarColumns): number {
  let step = Number.POSITIVE_INFINITY;
  for (let at = 1; at < count; at += 1) {
    const one = (openTime[at] as number) - (openTime[at - 1] as number);
    if (one < step) step = one;
  }
  return Number.isFinite(step) ? step : 0;
}

/** A session in which nothing at all was recorded was a holiday: closed. */
function heldSessions(bars: BarColumns, timeframeMs: number): readonly SessionInterval[] {
  const { count, openTime } = bars;
  const first = wall(openTime[0] ?? 0);
  const end = wall((openTime[count - 1] ?? first) + timeframeMs);
  let at = 0;
  return sessionsBetween(first, end).filter((session) => {
    while ((openTime[at] ?? end) + timeframeMs <= session.open) at += 1;
    return (openTime[at] ?? end) < session.close;
  });
}

/** One session for every run of bars without a hole of more than three bars. */
function runsOf({ count, openTime }: BarColumns, timeframeMs: number): readonly SessionInterval[] {
  const runs: { open: Wall; close: Wall }[] = [];
  let last: { open: Wall; close: Wall } | undefined;
  for (let at = 0; at < count; at += 1) {
    const time = openTime[at] as Wall;
    const close = (time + timeframeMs) as Wall;
    if (last === undefined || time - last.close > 3 * timeframeMs) {
      last = { open: time, close };
      runs.push(last);
    } else last.close = close;
  }
  return runs;
}

/** The bar of that instant and its line, refused. */
function strange(recorded: BarColumns, instant: number): string {
  const { openTime, firstLine, count } = recorded;
  let at = 0;
  while (at + 1 < count && (openTime[at] as number) < instant) at += 1;
  const when = new Date(openTime[at] ?? instant).toISOString();
  const line = firstLine === 0 ? '' : `line ${firstLine + at}, `;
  const hint = 'say --sessions bars if this market has other hours';
  return `${line}the bar of ${when} is outside the trading hours; ${hint}`;
}

/** The market, or the opening instant of the first bar that lies in no session. */
function layOut(
  bars: BarColumns,
  sessions: readonly SessionInterval[],
  timeframeMs: number,
): BacktestMarket | number {
  const { count, openTime: time, open, high, low, close } = bars;
  const column = () => new Float64Array(count);
  const [start, end, sessionClose] = [column(), column(), column()];
  const closedByClockAt = column();
  let session = 0;
  let [opens, closes] = [sessions[0]?.open ?? 0, sessions[0]?.close ?? 0];
  for (let at = 0; at < count; at += 1) {
    const from = time[at] as number;
    const to = from + timeframeMs;
    while (closes <= from && session + 1 < sessions.length) {
      session += 1;
      [opens, closes] = [sessions[session]?.open ?? 0, sessions[session]?.close ?? 0];
    }
    if (closes <= from || opens >= to) return from;
    start[at] = from > opens ? from : opens;
    end[at] = to < closes ? to : closes;
    sessionClose[at] = closes;
  }
  fillClockCloses({ time, start, sessionClose, closedByClockAt }, sessions, timeframeMs);
  const prices = { open, high, low, close };
  const made = { time, ...prices, start, end, sessionClose, closedByClockAt };
  const rest = { timeframeMs, count, digits: digitsOf(prices), sessions };
  return { ...made, ...rest, largestJump: largestJump(prices) };
}

/** One pass: the instants asked about only grow. */
function fillClockCloses(
  columns: Pick<BacktestMarket, 'time' | 'start' | 'sessionClose'> & {
    readonly closedByClockAt: Float64Array;
  },
  sessions: readonly SessionInterval[],
  timeframeMs: number,
): void {
  const { time, start, sessionClose, closedByClockAt } = columns;
  let session = 0;
  // After the last bar the calendar ends: whether the session is over is not known.
  for (let index = 0; index + 1 < start.length; index += 1) {
    const next = start[index + 1] as number;
    const over = sessionClose[index] as number;
    if (next < over) continue;
    const at = Math.max((time[index] as number) + timeframeMs, over) + CLOSE_DELAY_MS;
    if (at >= next) continue;
    while ((sessions[session]?.close ?? Number.POSITIVE_INFINITY) <= at) session += 1;
    const open = sessions[session]?.open ?? Number.POSITIVE_INFINITY;
    if (open <= at && open > over) continue;
    closedByClockAt[index] = at;
  }
}

type Prices = Pick<BacktestMarket, 'open' | 'high' | 'low' | 'close'>;

/** Grows with each price that needs it; most prices are asked once. */
function digitsOf({ open, high, low, close }: Prices): number {
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

function largestJump({ open, high, low, close }: Prices): number {
  let largest = 0;
  let before = open[0] ?? PRICE_SCALE;
  for (let index = 0; index < open.length; index += 1) {
    const first = open[index] as number;
    const [top, bottom] = [high[index] as number, low[index] as number];
    const step = first > before ? first - before : before - first;
    // Divided only where the answer grows.
    if (step > largest * before) largest = step / before;
    if (top - bottom > largest * bottom) largest = (top - bottom) / bottom;
    before = close[index] as number;
  }
  return largest;
}

/** The traded contract: that of the simulated palm oil, on the grid of the recorded prices. */
export const instrumentOf = (market: BacktestMarket) => ({
  ...fcpoInstrument(market.sessions),
  digits: market.digits,
});

/** Whole MYR, or any decimal on the instrument's grid, as a price distance. */
export const distanceOf = (units: number): Price => price(Math.round(units * PRICE_SCALE));
