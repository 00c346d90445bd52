/**
 * Where bars begin: minutes to hours on the epoch's grid, longer ones on the trading day that turns
 * at 17:00 in New York.
 * Deliberately arithmetic only: the daylight saving rule of the United States is written out.
 */
import { ProtoOATrendbarPeriod } from '../../ctrader/wire/schema.gen.ts';
import { type Bar, price, type Wall, wall } from '../../engine/index.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../fcpo.ts';
import type { Market } from '../market-types.ts';

type Grid =
  | { readonly type: 'epoch'; readonly lengthMs: number }
  /** Parts of the day that opens at 17:00 New York. */
  | { readonly type: 'tradingDay'; readonly lengthMs: number }
  | { readonly type: 'week' }
  | { readonly type: 'month' };

const epoch = (minutes: number): Grid => ({ type: 'epoch', lengthMs: minutes * MINUTE_MS });
const ofDay = (hours: number): Grid => ({ type: 'tradingDay', lengthMs: hours * HOUR_MS });

const P = ProtoOATrendbarPeriod;
const GRIDS: ReadonlyMap<number, Grid> = new Map([
  [P.M1, epoch(1)],
  [P.M2, epoch(2)],
  [P.M3, epoch(3)],
  [P.M4, epoch(4)],
  [P.M5, epoch(5)],
  [P.M10, epoch(10)],
  [P.M15, epoch(15)],
  [P.M30, epoch(30)],
  [P.H1, epoch(60)],
  [P.H4, ofDay(4)],
  [P.H12, ofDay(12)],
  [P.D1, ofDay(24)],
  [P.W1, { type: 'week' }],
  [P.MN1, { type: 'month' }],
]);

export const isPeriod = (period: number): boolean => GRIDS.has(period);

/** At most that many bars of a period that opened at or before `to`, oldest first. */
export function barsUpTo(market: Market, period: number, count: number, to: Wall): Bar[] {
  const grid = GRIDS.get(period);
  if (grid === undefined || count <= 0) return [];
  if (grid.type === 'epoch') return market.history(grid.lengthMs, count, to);
  // An hour never crosses a border of the longer grids: they all lie on full hours.
  const hours = market.history(HOUR_MS, hoursFor(grid, count), to);
  return joined(hours, (time) => opening(grid, time)).slice(-count);
}

/** More hours than that many bars can have; the market answers with what it has. */
function hoursFor(grid: Grid, count: number): number {
  const days = { tradingDay: 1, week: 7, month: 31, epoch: 1 }[grid.type];
  return Math.min(100_000, (count + 1) * days * 24);
}

function joined(hours: readonly Bar[], openOf: (time: Wall) => Wall): Bar[] {
  const bars: Bar[] = [];
  for (const hour of hours) {
    const openTime = openOf(hour.openTime);
    const last = bars.at(-1);
    if (last === undefined || last.openTime !== openTime) bars.push({ ...hour, openTime });
    else bars[bars.length - 1] = merged(last, hour);
  }
  return bars;
}

const merged = (bar: Bar, later: Bar): Bar => ({
  ...bar,
  high: price(Math.max(bar.high, later.high)),
  low: price(Math.min(bar.low, later.low)),
  close: later.close,
  ticks: bar.ticks + later.ticks,
});

function opening(grid: Grid, time: Wall): Wall {
  const day = tradingDay(time);
  if (grid.type === 'tradingDay') {
    return wall(day.open + Math.floor((time - day.open) / grid.lengthMs) * grid.lengthMs);
  }
  const first = grid.type === 'week' ? weekStart(day.date) : monthStart(day.date);
  return tradingDayOpen(first);
}

/** The day a time belongs to, and when it opened. Dates are days since 1970-01-01. */
function tradingDay(time: Wall): { date: number; open: Wall } {
  const date = Math.floor(time / DAY_MS);
  const next = tradingDayOpen(date + 1);
  return time >= next ? { date: date + 1, open: next } : { date, open: tradingDayOpen(date) };
}

/** 17:00 in New York on the evening before that date. */
export const tradingDayOpen = (date: number): Wall => {
  const evening = (date - 1) * DAY_MS + 17 * HOUR_MS;
  return wall(evening + (isSummer(evening) ? 4 : 5) * HOUR_MS);
};

/** From the second Sunday of March to the first of November, at 02:00; asked for 17:00 only. */
function isSummer(evening: number): boolean {
  const { year } = civil(Math.floor(evening / DAY_MS));
  const from = sundayFrom(dateOf(year, 3, 8));
  const to = sundayFrom(dateOf(year, 11, 1));
  const date = Math.floor(evening / DAY_MS);
  return date >= from && date < to;
}

/** Day 0 was a Thursday; 0 is Sunday. */
const weekday = (date: number): number => (((date + 4) % 7) + 7) % 7;
const sundayFrom = (date: number): number => date + ((7 - weekday(date)) % 7);
const weekStart = (date: number): number => date - ((weekday(date) + 6) % 7);
const monthStart = (date: number): number => date - civil(date).day + 1;

/** Calendar date of a day since 1970-01-01 (days counted in eras of 400 years from 1 March). */
function civil(date: number): { year: number; month: number; day: number } {
  const shifted = date + 719_468;
  const era = Math.floor(shifted / 146_097);
  const ofEra = shifted - era * 146_097;
  const leaps = Math.floor(ofEra / 1_460) - Math.floor(ofEra / 36_524);
  const yearOfEra = Math.floor((ofEra - leaps + Math.floor(ofEra / 146_096)) / 365);
  const leapDays = Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100);
  const ofYear = ofEra - (365 * yearOfEra + leapDays);
  const fromMarch = Math.floor((5 * ofYear + 2) / 153);
  const month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return { year, month, day: ofYear - Math.floor((153 * fromMarch + 2) / 5) + 1 };
}

function dateOf(year: number, month: number, day: number): number {
  const marchYear = year - (month <= 2 ? 1 : 0);
  const era = Math.floor(marchYear / 400);
  const yearOfEra = marchYear - era * 400;
  const ofYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const leapDays = Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100);
  return era * 146_097 + yearOfEra * 365 + leapDays + ofYear - 719_468;
}
