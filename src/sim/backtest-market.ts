/**
 * Recorded bars made ready for a backtest: summed to the timeframe, put into sessions, laid out in
 * columns.
 * Deliberately repairs nothing: what does not fit is refused with the bar and the reason.
 */
import {
  type Bar,
  PRICE_SCALE,
  type Price,
  price,
  type SessionInterval,
  tickSize,
  type Wall,
  wall,
} from '../engine/index.ts';
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

/** Sums bars to a longer timeframe aligned to the epoch; equal or shorter ones pass unchanged. */
export function aggregateBars(bars: readonly Bar[], timeframeMs: number): readonly Bar[] {
  const summed: { -readonly [K in keyof Bar]: Bar[K] }[] = [];
  for (const bar of bars) {
    const openTime = wall(bar.openTime - (bar.openTime % timeframeMs));
    const last = summed.at(-1);
    if (last?.openTime !== openTime) {
      summed.push({ ...bar, openTime });
      continue;
    }
    if (bar.high > last.high) last.high = bar.high;
    if (bar.low < last.low) last.low = bar.low;
    last.close = bar.close;
  }
  return summed;
}

/** Bars oldest first, as `readBars` gives them. */
export function backtestMarket(
  recorded: readonly Bar[],
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
  const bars = aggregateBars(recorded, timeframeMs);
  if (bars.length < 2) return refuse('it holds fewer than two bars of this timeframe');
  const sessions =
    options.sessions === 'fcpo' ? heldSessions(bars, timeframeMs) : runsOf(bars, timeframeMs);
  return layOut(bars, sessions, timeframeMs);
}

function shortestStep(bars: readonly Bar[]): number {
  let step = Number.POSITIVE_INFINITY;
  for (let at = 1; at < bars.length; at += 1) {
    step = Math.min(step, (bars[at]?.openTime ?? 0) - (bars[at - 1]?.openTime ?? 0));
  }
  return Number.isFinite(step) ? step : 0;
}

/** A session in which nothing at all was recorded was a holiday: closed. */
function heldSessions(bars: readonly Bar[], timeframeMs: number): readonly SessionInterval[] {
  const first = bars[0]?.openTime ?? wall(0);
  const end = wall((bars.at(-1)?.openTime ?? first) + timeframeMs);
  let at = 0;
  return sessionsBetween(first, end).filter((session) => {
    while ((bars[at]?.openTime ?? end) + timeframeMs <= session.open) at += 1;
    return (bars[at]?.openTime ?? end) < session.close;
  });
}

/** One session for every run of bars without a hole of more than three bars. */
function runsOf(bars: readonly Bar[], timeframeMs: number): readonly SessionInterval[] {
  const runs: { open: Wall; close: Wall }[] = [];
  for (const bar of bars) {
    const last = runs.at(-1);
    const close = wall(bar.openTime + timeframeMs);
    if (last === undefined || bar.openTime - last.close > 3 * timeframeMs) {
      runs.push({ open: bar.openTime, close });
    } else last.close = close;
  }
  return runs;
}

function columns(count: number) {
  const column = () => new Float64Array(count);
  const [time, open, high, low, close] = [column(), column(), column(), column(), column()];
  const [start, end, sessionClose, closedByClockAt] = [column(), column(), column(), column()];
  return { time, open, high, low, close, start, end, sessionClose, closedByClockAt };
}

function layOut(
  bars: readonly Bar[],
  sessions: readonly SessionInterval[],
  timeframeMs: number,
): MarketReading {
  const made = columns(bars.length);
  let session = 0;
  let at = 0;
  for (const bar of bars) {
    const barEnd = bar.openTime + timeframeMs;
    while ((sessions[session]?.close ?? barEnd) <= bar.openTime) session += 1;
    const inside = sessions[session];
    if (inside === undefined || inside.open >= barEnd) {
      const when = new Date(bar.openTime).toISOString();
      const hint = 'say --sessions bars if this market has other hours';
      return { ok: false, reason: `the bar of ${when} is outside the trading hours; ${hint}` };
    }
    made.time[at] = bar.openTime;
    made.open[at] = bar.open;
    made.high[at] = bar.high;
    made.low[at] = bar.low;
    made.close[at] = bar.close;
    made.start[at] = Math.max(bar.openTime, inside.open);
    made.end[at] = Math.min(barEnd, inside.close);
    made.sessionClose[at] = inside.close;
    at += 1;
  }
  fillClockCloses(made, sessions, timeframeMs);
  const rest = { timeframeMs, count: at, digits: digitsOf(made), sessions };
  return { ok: true, market: { ...made, ...rest, largestJump: largestJump(made) } };
}

type Columns = ReturnType<typeof columns>;

/** One pass: the instants asked about only grow. */
function fillClockCloses(
  { time, start, sessionClose, closedByClockAt }: Columns,
  sessions: readonly SessionInterval[],
  timeframeMs: number,
): void {
  let session = 0;
  // After the last bar the calendar ends: whether the session is over is not known.
  for (let index = 0; index + 1 < start.length; index += 1) {
    const next = start[index + 1] ?? 0;
    const over = sessionClose[index] ?? 0;
    const at = Math.max((time[index] ?? 0) + timeframeMs, over) + CLOSE_DELAY_MS;
    if (next < over || at >= next) continue;
    while ((sessions[session]?.close ?? Number.POSITIVE_INFINITY) <= at) session += 1;
    const open = sessions[session]?.open ?? Number.POSITIVE_INFINITY;
    if (open <= at && open > over) continue;
    closedByClockAt[index] = at;
  }
}

function digitsOf({ open, high, low, close }: Columns): number {
  for (let digits = 0; digits < 5; digits += 1) {
    const step = tickSize(digits);
    const fits = (values: Float64Array) => values.every((value) => value % step === 0);
    if (fits(open) && fits(high) && fits(low) && fits(close)) return digits;
  }
  return 5;
}

function largestJump({ open, high, low, close }: Columns): number {
  let largest = 0;
  let before = open[0] ?? PRICE_SCALE;
  for (let index = 0; index < open.length; index += 1) {
    const first = open[index] ?? before;
    const [top, bottom] = [high[index] ?? first, low[index] ?? first];
    largest = Math.max(largest, Math.abs(first - before) / before, (top - bottom) / bottom);
    before = close[index] ?? first;
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
