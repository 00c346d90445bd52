/**
 * Weekly trading hours and holidays in a time zone, as concrete UTC intervals (F69).
 * Deliberately without a default zone: hours without a zone, or in an unknown one, are unknown.
 */
import {
  isSettledZone,
  type SessionInterval,
  settledOffset,
  type Wall,
  wall,
} from '../engine/index.ts';
import type { ProtoOAHoliday, ProtoOAInterval } from './wire/schema.gen.ts';

const DAY_S = 86_400;
const DAY_MS = 86_400_000;
const WEEK_S = 7 * DAY_S;

/** How far the calendar reaches: one day back, two weeks ahead. */
const BACK_MS = DAY_MS;
const AHEAD_MS = 14 * DAY_MS;

/** 1970-01-01 was a Thursday; the wire's week begins on Sunday. */
const EPOCH_WEEKDAY = 4;

const HOLIDAYS_MAX = 1_000;
const ZONES_MAX = 64;
const CALENDAR = 'en-US-u-ca-gregory-nu-latn';

/** What the clock on the wall shows there, written as if it were UTC milliseconds. */
type LocalTime = (utcMs: number) => number;

/** Building a formatter costs far more than using it, and there are few zones. */
const zones = new Map<string, LocalTime | undefined>();

function zoneOf(name: string): LocalTime | undefined {
  if (zones.has(name)) return zones.get(name);
  if (zones.size >= ZONES_MAX) zones.clear();
  let asked: LocalTime | undefined;
  const settled: LocalTime = (utcMs) => {
    const offset = settledOffset(name, utcMs);
    if (offset !== undefined) return utcMs + offset;
    asked ??= platformZone(name);
    return asked?.(utcMs) ?? Number.NaN;
  };
  const made = isSettledZone(name) ? settled : platformZone(name);
  zones.set(name, made);
  return made;
}

function platformZone(timeZone: string): LocalTime | undefined {
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat(CALENDAR, {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch {
    // The only failure is a zone this machine does not know.
    return undefined;
  }
  return (utcMs) => {
    const field: Record<string, number> = {};
    for (const { type, value } of format.formatToParts(utcMs)) field[type] = Number(value);
    const of = (name: string): number => field[name] ?? 0;
    const date = Date.UTC(of('year'), of('month') - 1, of('day'));
    return date + (of('hour') * 3_600 + of('minute') * 60 + of('second')) * 1_000;
  };
}

/**
 * The instant of a local date and second. Two looks at the offset are enough around a change of
 * summer time; a local time that does not exist maps to the instant of the change's far side.
 */
function instantOf(localTime: LocalTime, day: number, second: number): number {
  const local = day * DAY_MS + second * 1_000;
  const guess = local - (localTime(local) - local);
  return local - (localTime(guess) - guess);
}

interface Span {
  readonly from: number;
  readonly to: number;
}

function openSpans(
  zone: LocalTime,
  schedule: readonly ProtoOAInterval[],
  firstDay: number,
  lastDay: number,
): Span[] {
  const spans: Span[] = [];
  const sunday = firstDay - ((((EPOCH_WEEKDAY + firstDay) % 7) + 7) % 7);
  for (let week = sunday - 7; week <= lastDay; week += 7) {
    for (const { startSecond, endSecond } of schedule) {
      if (startSecond >= endSecond || endSecond > 2 * WEEK_S) continue;
      const from = instantOf(zone, week + Math.floor(startSecond / DAY_S), startSecond % DAY_S);
      const to = instantOf(zone, week + Math.floor(endSecond / DAY_S), endSecond % DAY_S);
      if (from < to) spans.push({ from, to });
    }
  }
  return spans;
}

/** Month and day of a date counted in days since 1970, e.g. 1225 for 25 December. */
const monthDay = (day: number): number => {
  const date = new Date(day * DAY_MS);
  return (date.getUTCMonth() + 1) * 100 + date.getUTCDate();
};

function closedSpans(
  holidays: readonly ProtoOAHoliday[],
  firstDay: number,
  lastDay: number,
): Span[] | undefined {
  const spans: Span[] = [];
  for (const holiday of holidays.slice(0, HOLIDAYS_MAX)) {
    const zone = zoneOf(holiday.scheduleTimeZone);
    if (zone === undefined) return undefined;
    const date = holiday.isRecurring ? monthDay(holiday.holidayDate) : undefined;
    for (let day = firstDay; day <= lastDay; day += 1) {
      const meant = date === undefined ? day === holiday.holidayDate : monthDay(day) === date;
      if (!meant) continue;
      const start = holiday.startSecond ?? 0;
      const end = holiday.endSecond ?? DAY_S;
      // An empty or reversed part of a day is read as the whole day: closed is the safe error.
      const whole = end <= start;
      const from = instantOf(zone, day, whole ? 0 : start);
      spans.push({ from, to: instantOf(zone, day, whole ? DAY_S : end) });
    }
  }
  return spans;
}

function without(span: Span, closed: readonly Span[]): Span[] {
  let left = [span];
  for (const gap of closed) {
    left = left.flatMap(({ from, to }) => {
      if (gap.to <= from || gap.from >= to) return [{ from, to }];
      const parts: Span[] = [];
      if (from < gap.from) parts.push({ from, to: gap.from });
      if (gap.to < to) parts.push({ from: gap.to, to });
      return parts;
    });
  }
  return left;
}

/** Touching and overlapping intervals are one session: Monday until 24:00 and Tuesday from 0:00. */
function merged(spans: readonly Span[]): Span[] {
  const sorted = [...spans].sort((a, b) => a.from - b.from || a.to - b.to);
  const out: Span[] = [];
  for (const span of sorted) {
    const last = out.at(-1);
    if (last !== undefined && span.from <= last.to) {
      out[out.length - 1] = { from: last.from, to: Math.max(last.to, span.to) };
    } else {
      out.push(span);
    }
  }
  return out;
}

/**
 * Open intervals from a day before `now` to two weeks after, in time order. `undefined` when the
 * hours cannot be known: no schedule, no zone, or a zone this machine does not know.
 * Seconds of the schedule count from Sunday 00:00 in the zone, start inclusive, end exclusive.
 */
export function sessionsOf(
  hours: {
    readonly schedule: readonly ProtoOAInterval[] | undefined;
    readonly zone: string | undefined;
    readonly holidays: readonly ProtoOAHoliday[];
  },
  now: Wall,
): readonly SessionInterval[] | undefined {
  const zone = hours.zone === undefined ? undefined : zoneOf(hours.zone);
  if (zone === undefined || hours.schedule === undefined) return undefined;
  const from = now - BACK_MS;
  const until = now + AHEAD_MS;
  const firstDay = Math.floor(from / DAY_MS) - 1;
  const lastDay = Math.floor(until / DAY_MS) + 1;
  const closed = closedSpans(hours.holidays, firstDay, lastDay);
  if (closed === undefined) return undefined;
  return merged(openSpans(zone, hours.schedule, firstDay, lastDay))
    .flatMap((span) => without(span, closed))
    .filter((span) => span.to > from && span.from < until)
    .map((span) => ({ open: wall(span.from), close: wall(span.to) }));
}
