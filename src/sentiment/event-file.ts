/**
 * The file of scheduled events: a strict table to lines that say when, where and how wide.
 * Deliberately computes no date; what a line means in a month is event-calendar.ts.
 */
import { type CivilDate, isZone, readDate } from './civil-time.ts';
import { readCsv } from './csv-text.ts';

export type EventKind = 'stocks' | 'exports' | 'usda' | 'holiday' | 'other';
export type EventBasis = 'fact' | 'rule' | 'expected';

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
 * A table with the columns above; docs/sentiment.md describes the format. One wrong line makes the
 * file invalid: a calendar with a hole would be trusted.
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
