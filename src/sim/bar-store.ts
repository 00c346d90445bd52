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

interface Building {
  openTime: number;
  open: number;
  high: number;
  low: number;
  close: number;
  ticks: number;
}

export interface BarStore {
  apply(tick: MarketTick): void;
  /** A recorded bar of any length that divides the timeframes asked later; in time order. */
  add(bar: Bar): void;
  bars(timeframeMs: number, count: number, to: Wall): Bar[];
  quote(): Quote | undefined;
}

export function createBarStore(): BarStore {
  let minutes: Building[] = [];
  let bid: Price | undefined;
  let ask: Price | undefined;
  let time = 0;
  let waiting = { minute: -1, count: 0 };

  const keep = (bar: Building): void => {
    minutes.push(bar);
    if (minutes.length > MINUTES_MAX + MINUTES_MAX / 10) minutes = minutes.slice(-MINUTES_MAX);
  };
  const apply = (tick: MarketTick): void => {
    time = tick.time;
    if (tick.ask !== undefined) ask = tick.ask;
    const minute = tick.time - (tick.time % MINUTE_MS);
    // The wire counts changes of both sides, but only a bid makes or shows a bar.
    if (waiting.minute !== minute) waiting = { minute, count: 0 };
    const sides = (tick.bid === undefined ? 0 : 1) + (tick.ask === undefined ? 0 : 1);
    const last = minutes.at(-1);
    if (last?.openTime === minute) {
      last.ticks += sides;
      if (tick.bid !== undefined) extend(last, tick.bid);
    } else if (tick.bid === undefined) {
      waiting.count += sides;
    } else {
      const at = tick.bid;
      const ticks = sides + waiting.count;
      keep({ openTime: minute, open: at, high: at, low: at, close: at, ticks });
    }
    if (tick.bid !== undefined) bid = tick.bid;
  };
  return {
    apply,
    add: (bar) => {
      assert(
        bar.openTime > (minutes.at(-1)?.openTime ?? -1),
        'recorded bars must be in time order',
      );
      keep({ ...bar });
      bid = bar.close;
      time = bar.openTime;
    },
    bars: (timeframeMs, count, to) => sum(minutes, timeframeMs, count, to),
    quote: () =>
      bid === undefined || ask === undefined ? undefined : { bid, ask, time: wall(time) },
  };
}

function extend(bar: Building, bid: number): void {
  if (bid > bar.high) bar.high = bid;
  if (bid < bar.low) bar.low = bid;
  bar.close = bid;
}

/** Bars aligned to the epoch, as the broker aligns its own up to one hour. */
function sum(minutes: readonly Building[], timeframeMs: number, count: number, to: Wall): Bar[] {
  assert(timeframeMs >= MINUTE_MS && timeframeMs % MINUTE_MS === 0, `timeframe ${timeframeMs}`);
  const newestFirst: Building[] = [];
  for (let at = minutes.length - 1; at >= 0; at--) {
    const minute = minutes[at];
    if (minute === undefined || minute.openTime > to) continue;
    const openTime = minute.openTime - (minute.openTime % timeframeMs);
    const bar = newestFirst.at(-1);
    if (bar?.openTime === openTime) {
      bar.open = minute.open;
      bar.high = Math.max(bar.high, minute.high);
      bar.low = Math.min(bar.low, minute.low);
      bar.ticks += minute.ticks;
    } else if (newestFirst.length === count) break;
    else newestFirst.push({ ...minute, openTime });
  }
  return newestFirst.reverse().map((bar) => ({
    openTime: wall(bar.openTime),
    open: price(bar.open),
    high: price(bar.high),
    low: price(bar.low),
    close: price(bar.close),
    ticks: bar.ticks,
  }));
}
