/**
 * Scheduled events from files: when the next one is, and whether entries should wait around it.
 * Deliberately keeps apart what is known (`fact`), computed (`rule`) and only probable (`expected`).
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
  isZone,
  readDate,
  weekdayOf,
} from './civil-time.ts';
import { readCsv } from './csv-text.ts';

export type EventKind = 'stocks' | 'exports' | 'usda' | 'holiday' | 'other';
export type EventBasis = 'fact' | 'rule' | 'expected';

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

/** One line of a file. */
export interface EventLine {
  readonly kind: EventKind;
  readonly name: string;
  readonly basis: EventBasis;
  readonly when: When;
  /** Undefined for a whole day. */
  readonly minuteOfDay: number | undefined;
  readonly zone: string;
  readonly beforeMs: number;
  readonly afterMs: number;
}

export type When =
  | { readonly type: 'date'; readonly date: CivilDate }
  /** Day 31 means the last day of any month. */
  | { readonly type: 'monthly'; readonly day: number; readonly shift: Shift }
  | { readonly type: 'yearly'; readonly month: number; readonly day: number; readonly shift: Shift }
  /** The n-th weekday of a month; 0 is Sunday. */
  | {
      readonly type: 'nth';
      readonly month: number;
      readonly weekday: number;
      readonly count: number;
    }
  | { readonly type: 'weekly'; readonly weekday: number };

/** Off a weekend or a holiday to the next business day, off a Sunday to Monday, or not at all. */
export type Shift = 'none' | 'next-business-day' | 'sunday-to-monday';

export type EventFileRead =
  | { readonly status: 'read'; readonly lines: readonly EventLine[] }
  | { readonly status: 'invalid'; readonly faults: readonly string[] };

const KINDS: readonly EventKind[] = ['stocks', 'exports', 'usda', 'holiday', 'other'];
const BASES: readonly EventBasis[] = ['fact', 'rule', 'expected'];
const DAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
const COLUMNS = [
  'kind',
  'name',
  'basis',
  'when',
  'time',
  'zone',
  'before_min',
  'after_min',
  'note',
];

/**
 * A table with the columns above; the format is described in docs/sentiment.md. One wrong line makes
 * the file invalid: a calendar with a hole would be trusted.
 */
export function readEventFile(text: string): EventFileRead {
  const table = readCsv(text);
  if (table.status === 'broken') return { status: 'invalid', faults: [table.reason] };
  if (table.header.join() !== COLUMNS.join()) {
    return { status: 'invalid', faults: [`the columns must be ${COLUMNS.join(',')}`] };
  }
  const lines: EventLine[] = [];
  const faults: string[] = [];
  for (const { line, cells } of table.rows) {
    const read = readLine((name) => cells.get(name) ?? '');
    if (typeof read === 'string') faults.push(`line ${line}: ${read}`);
    else lines.push(read);
  }
  return faults.length > 0 ? { status: 'invalid', faults } : { status: 'read', lines };
}

function readLine(cell: (name: string) => string): EventLine | string {
  const kind = KINDS.find((one) => one === cell('kind'));
  if (kind === undefined) return `kind "${cell('kind')}" is none of ${KINDS.join(', ')}`;
  const basis = BASES.find((one) => one === cell('basis'));
  if (basis === undefined) return `basis "${cell('basis')}" is none of ${BASES.join(', ')}`;
  const name = cell('name');
  if (!/^[\x20-\x7e]{1,60}$/.test(name)) return 'the name is not 1 to 60 plain characters';
  const when = readWhen(cell('when'));
  if (when === undefined) return `when "${cell('when')}" cannot be read`;
  if ((when.type === 'date') === (basis === 'rule')) {
    return 'a rule repeats; a fact or an expected date does not';
  }
  const minuteOfDay = cell('time') === '' ? undefined : readTime(cell('time'));
  if (minuteOfDay === undefined && cell('time') !== '') return `time "${cell('time')}" is no hh:mm`;
  if ((minuteOfDay === undefined) !== (kind === 'holiday')) {
    return 'holidays have no time, everything else has one';
  }
  const zone = cell('zone');
  if (!isZone(zone)) return `zone "${zone}" is unknown`;
  const before = readMinutes(cell('before_min'));
  const after = readMinutes(cell('after_min'));
  if (before === undefined || after === undefined) return 'windows are 0 to 1440 minutes';
  const window = { beforeMs: before * 60_000, afterMs: after * 60_000 };
  return { kind, name, basis, when, minuteOfDay, zone, ...window };
}

function readWhen(text: string): When | undefined {
  const date = readDate(text);
  if (date !== undefined) return { type: 'date', date };
  const [word = '', one = '', two = '', three = ''] = text.split(' ');
  const weekday = DAYS.indexOf(word === 'weekly' ? one : two);
  if (word === 'weekly') return weekday < 0 || two !== '' ? undefined : { type: 'weekly', weekday };
  if (word === 'monthly') {
    const shift = readShift(two);
    const day = numberIn(one, 1, 31);
    return day === undefined || shift === undefined ? undefined : { type: 'monthly', day, shift };
  }
  if (word === 'yearly') {
    const parts = /^(\d\d)-(\d\d)$/.exec(one);
    const month = numberIn(parts?.[1] ?? '', 1, 12);
    const day = numberIn(parts?.[2] ?? '', 1, 31);
    const shift = readShift(two);
    if (month === undefined || day === undefined || shift === undefined) return undefined;
    return { type: 'yearly', month, day, shift };
  }
  const count = numberIn(one.replace(/(st|nd|rd|th)$/, ''), 1, 5);
  const month = numberIn(three, 1, 12);
  if (word !== 'nth' || weekday < 0 || count === undefined || month === undefined) return undefined;
  return { type: 'nth', month, weekday, count };
}

const SHIFTS: readonly Shift[] = ['none', 'next-business-day', 'sunday-to-monday'];
const readShift = (text: string): Shift | undefined =>
  text === '' ? 'none' : SHIFTS.find((one) => one === text);

function numberIn(text: string, low: number, high: number): number | undefined {
  const value = /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN;
  return value >= low && value <= high ? value : undefined;
}

const readMinutes = (text: string): number | undefined => numberIn(text, 0, 1_440);

function readTime(text: string): number | undefined {
  const match = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text);
  return match === null ? undefined : Number(match[1]) * 60 + Number(match[2]);
}

export interface EventCalendar {
  /** The first event after that instant; undefined when none is within the next 400 days. */
  nextEvent(at: Wall): CalendarEvent | undefined;
  /** The window around an event that holds that instant; of several the one that ends last. */
  noEntryWindow(at: Wall): EventWindow | undefined;
  /** In time order, `from` included, `to` excluded. */
  eventsBetween(from: Wall, to: Wall): readonly CalendarEvent[];
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
    // A03 of bounded caches: a run looks at a few months, a long backtest at some hundred.
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
  return {
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
    eventsBetween: (from, to) => {
      const span = Math.ceil((to - from) / (28 * DAY_MS));
      return around(from, -1, Math.min(1_200, span) + 1)
        .filter(({ event }) => event.at >= from && event.at < to)
        .sort(byTime)
        .map(({ event }) => event);
    },
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
  const last = daysInMonth(year, month);
  const days = Array.from({ length: last }, (_, index) => ({ year, month, day: index + 1 }));
  if (when.type === 'date') {
    return when.date.year === year && when.date.month === month ? [when.date] : [];
  }
  if (when.type === 'monthly') return [{ year, month, day: Math.min(when.day, last) }];
  if (when.type === 'weekly') return days.filter((date) => weekdayOf(date) === when.weekday);
  if (when.month !== month) return [];
  if (when.type === 'yearly') return when.day > last ? [] : [{ year, month, day: when.day }];
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
