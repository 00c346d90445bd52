/**
 * Reads the instant of a bar from bytes, in each of the ways in which programs write it.
 * Deliberately strict and without objects: a million times are read in a fraction of a second.
 */
import type { TimeForm, Zone } from './bar-forms.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from './fcpo.ts';

/** Where a time lies in the bytes; `second` is the field behind it, for dates and times apart. */
export interface TimeField {
  from: number;
  to: number;
  secondTo: number;
}

/** Milliseconds of UTC; NaN: no time; NOT_ZONED: one without a zone. */
export type TimeReader = (bytes: Uint8Array, field: TimeField) => number;

export const NOT_ZONED = Number.NEGATIVE_INFINITY;

/** What would have been right. */
export const TIME_WORDS: Readonly<Record<TimeForm, string>> = {
  utc: 'a UTC time like 2024-10-16T02:30:00Z',
  stamp: 'seconds since 1970, or a time like 2024-10-16T02:30:00Z',
  dotted: 'a date like 2024.10.16 and a time like 02:30',
  dayFirst: 'a time like 16.10.2024 02:30:00.000',
  date: 'a date like 2024-10-16, or a time like 2024-10-16 02:30:00+08:00',
};

const ZERO = 48;
const DASH = 45;
const DOT = 46;
const COLON = 58;
const SPACE = 32;
const PLUS = 43;
const T = 84;
const Z = 90;

/** Some digits as a number; NaN when one is none, or behind `to`. */
function digits(bytes: Uint8Array, from: number, count: number, to: number): number {
  if (from + count > to) return Number.NaN;
  let value = 0;
  for (let at = from; at < from + count; at += 1) {
    const digit = (bytes[at] as number) - ZERO;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
}

const MONTH_DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Days since 1970; NaN for a day that does not exist. The last answer is kept: bars share days. */
function createDays(): (year: number, month: number, day: number) => number {
  let [asked, known] = [Number.NaN, Number.NaN];
  return (year, month, day) => {
    const key = year * 10_000 + month * 100 + day;
    if (key === asked) return known;
    const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
    const most = month === 2 && !isLeap ? 28 : (MONTH_DAYS[month - 1] ?? 0);
    const exists = year >= 1970 && month >= 1 && day >= 1 && day <= most;
    [asked, known] = [key, exists ? Date.UTC(year, month - 1, day) / DAY_MS : Number.NaN];
    return known;
  };
}

/** `02:30:00`, or `02:30` when seconds may be missing; milliseconds of the day. */
function clockTime(bytes: Uint8Array, from: number, to: number, hasSeconds: boolean): number {
  const hours = digits(bytes, from, 2, to);
  const minutes = digits(bytes, from + 3, 2, to);
  const seconds = hasSeconds ? digits(bytes, from + 6, 2, to) : 0;
  const isCut = bytes[from + 2] === COLON && (!hasSeconds || bytes[from + 5] === COLON);
  if (!isCut || !(hours < 24 && minutes < 60 && seconds < 60)) return Number.NaN;
  return hours * HOUR_MS + minutes * MINUTE_MS + seconds * 1_000;
}

/** `+08:00` or `+0800`, as milliseconds; NaN when it is neither. */
function offsetOf(bytes: Uint8Array, from: number, to: number): number {
  const sign = bytes[from] === PLUS ? 1 : bytes[from] === DASH ? -1 : Number.NaN;
  const colon = bytes[from + 3] === COLON ? 1 : 0;
  if (to !== from + 5 + colon) return Number.NaN;
  const hours = digits(bytes, from + 1, 2, to);
  const minutes = digits(bytes, from + 3 + colon, 2, to);
  if (!(hours <= 14 && minutes < 60)) return Number.NaN;
  return sign * (hours * HOUR_MS + minutes * MINUTE_MS);
}

/** A reader of one form; `zone` is that of times which do not say theirs. */
export function timeReader(form: TimeForm, zone: Zone | undefined): TimeReader {
  const days = createDays();
  const local = (instant: number): number =>
    Number.isNaN(instant) ? instant : zone === undefined ? NOT_ZONED : zone(instant);
  /** `2024-10-16`, whatever stands between. */
  const date = (bytes: Uint8Array, from: number, to: number, mark: number): number =>
    bytes[from + 4] === mark && bytes[from + 7] === mark
      ? days(
          digits(bytes, from, 4, to),
          digits(bytes, from + 5, 2, to),
          digits(bytes, from + 8, 2, to),
        ) * DAY_MS
      : Number.NaN;
  const iso = (bytes: Uint8Array, { from, to }: TimeField, between: number): number => {
    if (bytes[from + 10] !== between) return Number.NaN;
    const instant = date(bytes, from, to, DASH) + clockTime(bytes, from + 11, to, true);
    if (to === from + 20 && bytes[from + 19] === Z) return instant;
    return instant - offsetOf(bytes, from + 19, to);
  };
  const readers: Readonly<Record<TimeForm, TimeReader>> = {
    utc: (bytes, field) => (field.to === field.from + 20 ? iso(bytes, field, T) : Number.NaN),
    stamp: (bytes, field) => {
      const length = field.to - field.from;
      if (length > 10) return iso(bytes, field, T);
      return length < 9 ? Number.NaN : digits(bytes, field.from, length, field.to) * 1_000;
    },
    dotted: (bytes, { from, to, secondTo }) => {
      if (to !== from + 10) return Number.NaN;
      const second = to + 1;
      const length = secondTo - second;
      if (length !== 5 && length !== 8) return Number.NaN;
      return local(date(bytes, from, to, DOT) + clockTime(bytes, second, secondTo, length === 8));
    },
    dayFirst: (bytes, { from, to }) => {
      const isCut =
        bytes[from + 2] === DOT && bytes[from + 5] === DOT && bytes[from + 10] === SPACE;
      if (!isCut || bytes[from + 19] !== DOT || digits(bytes, from + 20, 3, to) !== 0) {
        return Number.NaN;
      }
      const [day, month] = [digits(bytes, from, 2, to), digits(bytes, from + 3, 2, to)];
      const midnight = days(digits(bytes, from + 6, 4, to), month, day) * DAY_MS;
      const instant = midnight + clockTime(bytes, from + 11, to, true);
      if (to === from + 23) return local(instant);
      // ` GMT`, then the offset.
      return instant - offsetOf(bytes, from + 27, to);
    },
    date: (bytes, field) =>
      field.to === field.from + 10
        ? local(date(bytes, field.from, field.to, DASH))
        : iso(bytes, field, SPACE),
  };
  return readers[form];
}
