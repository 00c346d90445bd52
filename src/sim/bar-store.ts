/**
 * Bars of the BID as a market's ticks make them, kept by the minute and summed on request.
 * Deliberately bounded: the oldest minutes are forgotten. Minutes without a bid have no bar.
 */
import {
  assert,
  type Bar,
  type Price,
  price,
  type Quote,
  type Wall,
  wall,
} from '../engine/index.ts';
import type { MarketTick } from './market-types.ts';

const MINUTE_MS = 60_000;
/** About 125 trade dates of 480 minutes. */
const MINUTES_MAX = 60_000;

/** Numbers of a minute, side by side: objects would be three times as large, and never at rest. */
const TIME = 0;
const OPEN = 1;
const HIGH = 2;
const LOW = 3;
const CLOSE = 4;
const TICKS = 5;
const WIDTH = 6;
const FIRST_MINUTES = 4_096;

export interface BarStore {
  apply(tick: MarketTick): void;
  /** A recorded bar of any length that divides the timeframes asked later; in time order. */
  add(bar: Bar): void;
  bars(timeframeMs: number, count: number, to: Wall): Bar[];
  quote(): Quote | undefined;
}

export function createBarStore(): BarStore {
  const minutes = createMinutes();
  let bid: Price | undefined;
  let ask: Price | undefined;
  let time = 0;
  let waiting = { minute: -1, count: 0 };

  const apply = (tick: MarketTick): void => {
    time = tick.time;
    if (tick.ask !== undefined) ask = tick.ask;
    const minute = tick.time - (tick.time % MINUTE_MS);
    // The wire counts changes of both sides, but only a bid makes or shows a bar.
    if (waiting.minute !== minute) waiting = { minute, count: 0 };
    const sides = (tick.bid === undefined ? 0 : 1) + (tick.ask === undefined ? 0 : 1);
    if (minutes.newest() === minute) {
      minutes.extend(tick.bid, sides);
    } else if (tick.bid === undefined) {
      waiting.count += sides;
    } else {
      const at = tick.bid;
      const ticks = sides + waiting.count;
      minutes.keep({ openTime: minute, open: at, high: at, low: at, close: at, ticks });
    }
    if (tick.bid !== undefined) bid = tick.bid;
  };
  return {
    apply,
    add: (bar) => {
      assert(bar.openTime > minutes.newest(), 'recorded bars must be in time order');
      minutes.keep(bar);
      bid = bar.close;
      time = bar.openTime;
    },
    bars: (timeframeMs, count, to) => minutes.sum(timeframeMs, count, to),
    quote: () =>
      bid === undefined || ask === undefined ? undefined : { bid, ask, time: wall(time) },
  };
}

interface Minute {
  readonly openTime: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly ticks: number;
}

/** Bars that can be read by number, as the bar at that place of the kept ones. */
function createMinutes() {
  let cells = new Float64Array(FIRST_MINUTES * WIDTH);
  let count = 0;
  const cell = (at: number, column: number): number => cells[at * WIDTH + column] ?? 0;

  const makeRoom = (): void => {
    if (count * WIDTH < cells.length) return;
    if (count < MINUTES_MAX) {
      const most = MINUTES_MAX + MINUTES_MAX / 10;
      const grown = new Float64Array(Math.min(most, count * 2) * WIDTH);
      grown.set(cells);
      cells = grown;
      return;
    }
    cells.copyWithin(0, (count - MINUTES_MAX) * WIDTH, count * WIDTH);
    count = MINUTES_MAX;
  };
  return {
    /** When the newest minute began; -1 before the first. */
    newest: (): number => (count === 0 ? -1 : cell(count - 1, TIME)),
    keep: ({ openTime, open, high, low, close, ticks }: Minute): void => {
      makeRoom();
      cells.set([openTime, open, high, low, close, ticks], count * WIDTH);
      count += 1;
    },
    extend: (bid: number | undefined, sides: number): void => {
      const at = (count - 1) * WIDTH;
      cells[at + TICKS] = (cells[at + TICKS] ?? 0) + sides;
      if (bid === undefined) return;
      if (bid > (cells[at + HIGH] ?? 0)) cells[at + HIGH] = bid;
      if (bid < (cells[at + LOW] ?? 0)) cells[at + LOW] = bid;
      cells[at + CLOSE] = bid;
    },
    /** Bars aligned to the epoch, as the broker aligns its own up to one hour. */
    sum: (timeframeMs: number, most: number, to: Wall): Bar[] => {
      assert(timeframeMs >= MINUTE_MS && timeframeMs % MINUTE_MS === 0, `timeframe ${timeframeMs}`);
      const newestFirst: { -readonly [key in keyof Minute]: Minute[key] }[] = [];
      for (let at = count - 1; at >= 0; at--) {
        const minute = cell(at, TIME);
        if (minute > to) continue;
        const openTime = minute - (minute % timeframeMs);
        const bar = newestFirst.at(-1);
        if (bar?.openTime === openTime) {
          bar.open = cell(at, OPEN);
          bar.high = Math.max(bar.high, cell(at, HIGH));
          bar.low = Math.min(bar.low, cell(at, LOW));
          bar.ticks += cell(at, TICKS);
          continue;
        }
        if (newestFirst.length === most) break;
        const [open, high, low] = [cell(at, OPEN), cell(at, HIGH), cell(at, LOW)];
        const [close, ticks] = [cell(at, CLOSE), cell(at, TICKS)];
        newestFirst.push({ openTime, open, high, low, close, ticks });
      }
      return newestFirst.reverse().map(barOf);
    },
  };
}

const barOf = (minute: Minute): Bar => ({
  openTime: wall(minute.openTime),
  open: price(minute.open),
  high: price(minute.high),
  low: price(minute.low),
  close: price(minute.close),
  ticks: minute.ticks,
});
