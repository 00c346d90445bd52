/**
 * Calendar dates and local times of a named zone as UTC instants.
 * Deliberately asks the platform's zone table and never the machine's own zone.
 */
import { isSettledZone, settledOffset, type Wall, wall } from '../engine/index.ts';

/** A date without a time or a zone. `month` and `day` count from 1. */
export interface CivilDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

export const DAY_MS = 86_400_000;
const FORMATS = new Map<string, Intl.DateTimeFormat>();

/** Whether the platform knows the zone, e.g. `Asia/Kuala_Lumpur`. */
export function isZone(zone: string): boolean {
  if (!/^[A-Za-z]+(\/[A-Za-z_+-]+[0-9]*)*$/.test(zone)) return false;
  if (isSettledZone(zone)) return true;
  try {
    formatOf(zone);
    return true;
  } catch {
    return false;
  }
}

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = FORMATS.get(zone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    ...{ year: 'numeric', month: '2-digit', day: '2-digit' },
    ...{ hour: '2-digit', minute: '2-digit', second: '2-digit' },
  });
  FORMATS.set(zone, made);
  return made;
}

function partsAt(at: number, zone: string): Readonly<Record<string, number>> {
  const parts = formatOf(zone).formatToParts(at);
  return Object.fromEntries(parts.map(({ type, value }) => [type, Number(value)]));
}

function offsetAt(at: number, zone: string): number {
  const settled = settledOffset(zone, at);
  if (settled !== undefined) return settled;
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = partsAt(at, zone);
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(at / 1_000) * 1_000;
}

/** The date in that zone at an instant. */
export function dateAt(at: Wall, zone: string): CivilDate {
  return civil(new Date(at + offsetAt(at, zone)));
}

const civil = (moved: Date): CivilDate => ({
  year: moved.getUTCFullYear(),
  month: moved.getUTCMonth() + 1,
  day: moved.getUTCDate(),
});

/** The instant of a local time; of two (clocks set back) the first, of none a later one. */
export function instantOf(date: CivilDate, minuteOfDay: number, zone: string): Wall {
  const local = Date.UTC(date.year, date.month - 1, date.day) + minuteOfDay * 60_000;
  const before = local - offsetAt(local - DAY_MS, zone);
  if (before + offsetAt(before, zone) === local) return wall(before);
  return wall(local - offsetAt(local + DAY_MS, zone));
}

export const addDays = (date: CivilDate, days: number): CivilDate =>
  civil(new Date(Date.UTC(date.year, date.month - 1, date.day + days)));

/** 0 is Sunday. */
export const weekdayOf = (date: CivilDate): number =>
  new Date(Date.UTC(date.year, date.month - 1, date.day)).getUTCDay();

export const daysInMonth = (year: number, month: number): number =>
  new Date(Date.UTC(year, month, 0)).getUTCDate();

/** `2025-01-15`. */
export const dateText = ({ year, month, day }: CivilDate): string =>
  `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;

/** Undefined for a date that does not exist. */
export function readDate(text: string): CivilDate | undefined {
  const match = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text);
  if (match === null) return undefined;
  const date = { year: Number(match[1]), month: Number(match[2]), day: Number(match[3]) };
  const exists = date.month >= 1 && date.month <= 12 && date.day >= 1;
  return exists && date.day <= daysInMonth(date.year, date.month) ? date : undefined;
}
