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
  type Wall,
  wall,
} from '../engine/index.ts';
import { type BarColumns, emptyColumns, factsOf, type Prices, widened } from './bar-columns.ts';
import { DAY_MS, fcpoInstrument, MINUTE_MS, sessionsBetween } from './fcpo.ts';

/**
 * Bars are closed this long after the end of their session, when no quote has come (engine rule).
 */
export const CLOSE_DELAY_MS = 5_000;

/** A larger step within a minute is held by the engine until other quotes agree (F74). */
export const JUMP_MAX = 0.05;

export interface BacktestMarket {
  readonly timeframeMs: number;
  readonly count: number;
  /** Decimals of the finest recorded price, 0 to 5. */
  readonly digits: number;
  readonly sessions: readonly SessionInterval[];
  readonly time: Float64Array;
  readonly open: Prices;
  readonly high: Prices;
  readonly low: Prices;
  readonly close: Prices;
  /** Bars that no other one follows at once. */
  readonly breaks: Int32Array;
  /** First bar behind each session, and when the clock closes the one before it; or 0. */
  readonly sessionEnd: Int32Array;
  readonly sessionClosedAt: Float64Array;
  /** First instant of the bar inside its session. */
  readonly start: Float64Array;
  /** These three are laid out bar by bar when somebody asks for one of them. */
  /** The instant after the last of the bar inside its session. */
  readonly end: Float64Array;
  /** When the session that holds `start` closes. */
  readonly sessionClose: Float64Array;
  /** When the clock closes this bar because no quote will come before the session is over; or 0. */
  readonly closedByClockAt: Float64Array;
  /**
   * Largest step between two prices of the same minute as a share: beyond 0.05 the engine doubts
   * them (F74).
   */
  readonly largestJump: number;
}

/** A market as the engine walks over it: all columns laid out, prices of eight bytes. */
export interface WideMarket extends BacktestMarket {
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
}

/** Field by field: code made for the form of a spread is lost with the last market of that form. */
export const wideMarket = (market: BacktestMarket): WideMarket => ({
  timeframeMs: market.timeframeMs,
  count: market.count,
  digits: market.digits,
  sessions: market.sessions,
  time: market.time,
  open: widened(market.open),
  high: widened(market.high),
  low: widened(market.low),
  close: widened(market.close),
  breaks: market.breaks,
  sessionEnd: market.sessionEnd,
  sessionClosedAt: market.sessionClosedAt,
  start: market.start,
  end: market.end,
  sessionClose: market.sessionClose,
  closedByClockAt: market.closedByClockAt,
  largestJump: market.largestJump,
});

export type MarketReading =
  | { readonly ok: true; readonly market: BacktestMarket }
  | { readonly ok: false; readonly reason: string };

/**
 * `fcpo`: the exchange's hours without holidays; `bars`: open wherever bars are, closed in holes.
 */
export type SessionRule = 'fcpo' | 'bars';

/** Sums bars to a longer timeframe aligned to the epoch. */
function aggregated(recorded: BarColumns, timeframeMs: number): BarColumns {
  const { count, openTime } = recorded;
  let sums = 0;
  let before = Number.NaN;
  for (let at = 0; at < count; at += 1) {
    const begin = Math.floor((openTime[at] as number) / timeframeMs) * timeframeMs;
    if (begin !== before) sums += 1;
    before = begin;
  }
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
  const facts = recorded.facts ?? factsOf(recorded);
  const refuse = (reason: string): MarketReading => ({ ok: false, reason });
  if (facts.step > timeframeMs) {
    const have = facts.step / MINUTE_MS;
    const sentence = `its bars are ${have} min long and cannot make ${timeframeMs / MINUTE_MS} min`;
    return refuse(`${sentence}; name a longer --timeframe`);
  }
  if (DAY_MS % timeframeMs !== 0) return refuse('the timeframe does not divide a day');
  // What needs no sum is passed on.
  const isWhole = facts.step === timeframeMs && facts.grid % timeframeMs === 0;
  const bars = isWhole ? recorded : aggregated(recorded, timeframeMs);
  if (bars.count < 2) return refuse('it holds fewer than two bars of this timeframe');
  const sessions =
    options.sessions === 'fcpo' ? heldSessions(bars, timeframeMs) : runsOf(bars, timeframeMs);
  const made = layOut(bars, sessions, timeframeMs);
  if (typeof made === 'number') return refuse(strange(recorded, made));
  const { digits, largestJump } = isWhole ? facts : factsOf(bars, timeframeMs);
  const { count, openTime: time, open, high, low, close } = bars;
  const columns = { time, open, high, low, close, breaks: breaksOf(bars, timeframeMs), ...made };
  let known: Rows | undefined;
  const rows = (): Rows => {
    known ??= rowsOf(bars, sessions, made, timeframeMs);
    return known;
  };
  const market: BacktestMarket = {
    timeframeMs,
    count,
    digits,
    sessions,
    largestJump,
    ...columns,
    get end() {
      return rows().end;
    },
    get sessionClose() {
      return rows().sessionClose;
    },
    get closedByClockAt() {
      return rows().closedByClockAt;
    },
  };
  return { ok: true, market };
}

/** Bars are whole timeframes apart: none is missing where the last is as far as their number. */
function breaksOf({ count, openTime }: BarColumns, timeframeMs: number): Int32Array {
  const found: number[] = [];
  for (let first = 0; first < count; ) {
    const origin = (openTime[first] as number) - first * timeframeMs;
    // Mostly not far: steps that double, then halves.
    let [low, step] = [first, 1];
    while (low + step < count && openTime[low + step] === origin + (low + step) * timeframeMs) {
      low += step;
      step *= 2;
    }
    let high = Math.min(low + step, count);
    low += 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (openTime[middle] === origin + middle * timeframeMs) low = middle + 1;
      else high = middle;
    }
    if (low < count) found.push(low - 1);
    first = low;
  }
  return Int32Array.from(found);
}

/** The first bar from `from` on that begins at an instant or later; or the number of bars. */
export function barFrom(time: Float64Array, count: number, instant: number, from: number): number {
  let [low, step] = [from, 1];
  while (low + step < count && (time[low + step] as number) < instant) {
    low += step;
    step *= 2;
  }
  let high = Math.min(low + step, count);
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((time[middle] as number) < instant) low = middle + 1;
    else high = middle;
  }
  return low;
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
  const hint = 'are its times UTC? For a market with other hours say --sessions bars';
  return `${line}the bar of ${when} is outside the trading hours; ${hint}`;
}

type Layout = Pick<BacktestMarket, 'start' | 'sessionEnd' | 'sessionClosedAt'>;
type Rows = Pick<BacktestMarket, 'end' | 'sessionClose' | 'closedByClockAt'>;

/** Bars in their sessions, or the opening instant of the first bar that lies in none. */
function layOut(
  { count, openTime: time }: BarColumns,
  sessions: readonly SessionInterval[],
  timeframeMs: number,
): Layout | number {
  const sessionEnd = new Int32Array(sessions.length);
  const sessionClosedAt = new Float64Array(sessions.length);
  let start = time;
  // After the last bar the calendar ends: whether the session is over is not known.
  let [at, before] = [0, 0];
  for (let nth = 0; nth < sessions.length; nth += 1) {
    const { open, close } = sessions[nth] as SessionInterval;
    const first = at;
    const from = time[first] ?? close;
    if (from >= close) {
      sessionEnd[nth] = at;
      continue;
    }
    if (open >= from + timeframeMs) return from;
    at = barFrom(time, count, close, first);
    sessionEnd[nth] = at;
    // Only the first and the last bar can reach beyond their session.
    if (from < open) {
      if (start === time) start = time.slice();
      start[first] = open;
    }
    if (first > 0) {
      const over = Math.max(
        (time[first - 1] as number) + timeframeMs,
        sessions[before]?.close ?? 0,
      );
      const instant = over + CLOSE_DELAY_MS;
      const isQuiet = instant < Math.max(from, open) && !hasBegun(sessions, before, instant);
      if (isQuiet) sessionClosedAt[before] = instant;
    }
    before = nth;
  }
  if (at < count) return time[at] as number;
  return { start, sessionEnd, sessionClosedAt };
}

/** The same bar by bar. */
function rowsOf(
  { count, openTime: time }: BarColumns,
  sessions: readonly SessionInterval[],
  { sessionEnd, sessionClosedAt }: Layout,
  timeframeMs: number,
): Rows {
  const column = () => new Float64Array(count);
  const [end, sessionClose, closedByClockAt] = [column(), column(), column()];
  let at = 0;
  for (const [nth, { close }] of sessions.entries()) {
    const behind = sessionEnd[nth] as number;
    if (behind === at) continue;
    sessionClose.fill(close, at, behind);
    for (; at < behind; at += 1) end[at] = (time[at] as number) + timeframeMs;
    if ((end[at - 1] as number) > close) end[at - 1] = close;
    closedByClockAt[at - 1] = sessionClosedAt[nth] as number;
  }
  return { end, sessionClose, closedByClockAt };
}

/** Does an instant lie in a session behind that one, with a break between them? */
function hasBegun(sessions: readonly SessionInterval[], nth: number, instant: number): boolean {
  let at = nth;
  while ((sessions[at]?.close ?? Number.POSITIVE_INFINITY) <= instant) at += 1;
  const open = sessions[at]?.open ?? Number.POSITIVE_INFINITY;
  return open <= instant && open > (sessions[nth]?.close ?? 0);
}

/** The traded contract: that of the simulated palm oil, on the grid of the recorded prices. */
export const instrumentOf = (market: BacktestMarket) =>
  fcpoInstrument(market.sessions, market.digits);

/** Whole MYR, or any decimal on the instrument's grid, as a price distance. */
export const distanceOf = (units: number): Price => price(Math.round(units * PRICE_SCALE));
