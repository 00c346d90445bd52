/**
 * Scheduled events from files: when the next one is, and whether entries should wait around it.
 * Deliberately keeps apart what is known (`fact`), computed (`rule`) and probable (`expected`).
 */
import { type Wall, wall } from '../engine/index.ts';
import {
  addDays,
  type CivilDate,
  DAY_MS,
  dateAt,
  dateText,
  daysInMonth,
  instantOf,
  weekdayOf,
} from './civil-time.ts';
import type { EventBasis, EventKind, EventLine, When } from './event-file.ts';

export interface CalendarEvent {
  readonly kind: EventKind;
  readonly name: string;
  readonly basis: EventBasis;
  /** Of a holiday: its first instant in the zone. */
  readonly at: Wall;
}

export interface EventWindow {
  readonly event: CalendarEvent;
  /** Inclusive. */
  readonly from: Wall;
  /** Exclusive. */
  readonly to: Wall;
}

export interface EventCalendar {
  /** The first event after that instant; undefined when none is within the next 400 days. */
  nextEvent(at: Wall): CalendarEvent | undefined;
  /** The window around an event that holds that instant; of several the one that ends last. */
  noEntryWindow(at: Wall): EventWindow | undefined;
  /** In time order, `from` included, `to` excluded. */
  eventsBetween(from: Wall, to: Wall): readonly CalendarEvent[];
  /** The same with the window around each. */
  windowsBetween(from: Wall, to: Wall): readonly EventWindow[];
}

const HORIZON_DAYS = 400;

/** A fact or an expected date replaces a rule of the same name in its month. */
export function createEventCalendar(lines: readonly EventLine[]): EventCalendar {
  const months = new Map<string, readonly EventWindow[]>();
  const windowsOf = (year: number, month: number): readonly EventWindow[] => {
    const key = `${year}-${month}`;
    const known = months.get(key);
    if (known !== undefined) return known;
    const made = windowsInMonth(lines, year, month);
    // A11: a run looks at a few months, a long backtest at some hundred.
    if (months.size >= 600) months.clear();
    months.set(key, made);
    return made;
  };
  const around = (at: Wall, fromMonth: number, toMonth: number): EventWindow[] => {
    const day = new Date(at);
    return Array.from({ length: toMonth - fromMonth + 1 }, (_, step) => {
      const month = new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + fromMonth + step));
      return windowsOf(month.getUTCFullYear(), month.getUTCMonth() + 1);
    }).flat();
  };
  const windowsBetween = (from: Wall, to: Wall): readonly EventWindow[] => {
    const span = Math.ceil((to - from) / (28 * DAY_MS));
    return around(from, -1, Math.min(1_200, span) + 1)
      .filter(({ event }) => event.at >= from && event.at < to)
      .sort(byTime);
  };
  return {
    windowsBetween,
    nextEvent: (at) => {
      const later = around(at, -1, Math.ceil(HORIZON_DAYS / 28)).filter(
        ({ event }) => event.at > at && event.at <= at + HORIZON_DAYS * DAY_MS,
      );
      return later.sort(byTime)[0]?.event;
    },
    noEntryWindow: (at) =>
      around(at, -1, 1)
        .filter(({ from, to }) => from <= at && at < to)
        .sort((a, b) => b.to - a.to || byTime(a, b))[0],
    eventsBetween: (from, to) => windowsBetween(from, to).map(({ event }) => event),
  };
}

const byTime = (a: EventWindow, b: EventWindow): number =>
  a.event.at - b.event.at || (a.event.name < b.event.name ? -1 : 1);

/** Everything whose unshifted date lies in that month. */
function windowsInMonth(
  lines: readonly EventLine[],
  year: number,
  month: number,
): readonly EventWindow[] {
  const isHoliday = holidaysAround(lines, year, month);
  return lines.flatMap((line) => {
    if (isReplaced(line, lines, year, month)) return [];
    return datesIn(line.when, year, month).map((date) => {
      const shifted = shift(date, line.when, isHoliday);
      return windowOf(line, shifted);
    });
  });
}

function isReplaced(
  line: EventLine,
  lines: readonly EventLine[],
  year: number,
  month: number,
): boolean {
  if (line.basis !== 'rule' || line.kind === 'holiday' || line.when.type === 'weekly') return false;
  return lines.some(
    ({ name, when }) =>
      name === line.name &&
      when.type === 'date' &&
      when.date.year === year &&
      when.date.month === month,
  );
}

function datesIn(when: When, year: number, month: number): readonly CivilDate[] {
  if (when.type === 'date') {
    return when.date.year === year && when.date.month === month ? [when.date] : [];
  }
  const isOther = when.type !== 'monthly' && when.type !== 'weekly' && when.month !== month;
  if (isOther) return [];
  const last = daysInMonth(year, month);
  if (when.type === 'monthly') return [{ year, month, day: Math.min(when.day, last) }];
  if (when.type === 'yearly') return when.day > last ? [] : [{ year, month, day: when.day }];
  const days = Array.from({ length: last }, (_, index) => ({ year, month, day: index + 1 }));
  if (when.type === 'weekly') return days.filter((date) => weekdayOf(date) === when.weekday);
  const found = days.filter((date) => weekdayOf(date) === when.weekday)[when.count - 1];
  return found === undefined ? [] : [found];
}

function shift(date: CivilDate, when: When, isHoliday: (date: CivilDate) => boolean): CivilDate {
  const rule = 'shift' in when ? when.shift : 'none';
  if (rule === 'none') return date;
  if (rule === 'sunday-to-monday') return weekdayOf(date) === 0 ? addDays(date, 1) : date;
  let moved = date;
  for (let step = 0; step < 14; step += 1) {
    if (weekdayOf(moved) % 6 !== 0 && !isHoliday(moved)) return moved;
    moved = addDays(moved, 1);
  }
  return moved;
}

/** Holidays of this month and the next, by their dates. */
function holidaysAround(
  lines: readonly EventLine[],
  year: number,
  month: number,
): (date: CivilDate) => boolean {
  const next = month === 12 ? ([year + 1, 1] as const) : ([year, month + 1] as const);
  const dates = new Set<string>();
  for (const { kind, when } of lines) {
    if (kind !== 'holiday') continue;
    for (const [inYear, inMonth] of [[year, month] as const, next]) {
      for (const date of datesIn(when, inYear, inMonth)) {
        dates.add(dateText(shift(date, when, () => false)));
      }
    }
  }
  return (date) => dates.has(dateText(date));
}

function windowOf(line: EventLine, date: CivilDate): EventWindow {
  const { kind, name, basis, zone } = line;
  const at = instantOf(date, line.minuteOfDay ?? 0, zone);
  const end = line.minuteOfDay === undefined ? instantOf(addDays(date, 1), 0, zone) : at;
  const event: CalendarEvent = { kind, name, basis, at };
  return { event, from: wall(at - line.beforeMs), to: wall(end + line.afterMs) };
}

/** Whole calendar days from an instant to an event as the zone counts them; 0 is today. */
export function daysUntil(at: Wall, event: CalendarEvent, zone: string): number {
  const days = (date: CivilDate) => Date.UTC(date.year, date.month - 1, date.day) / DAY_MS;
  return days(dateAt(event.at, zone)) - days(dateAt(at, zone));
}
