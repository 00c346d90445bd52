/**
 * Reads bars from the bytes of a text file into columns, strictly: the first broken line is named
 * with its column and what would have been right.
 * Deliberately touches no file, repairs nothing and makes no object a line; forms are a table.
 */
import { PRICE_SCALE } from '../engine/index.ts';
import { type BarColumns, emptyColumns, firstOf } from './bar-columns.ts';
import { type BarForm, FIRST_LINES, formOf, saysItsZone, type Zone } from './bar-forms.ts';
import { NOT_ZONED, TIME_WORDS, type TimeField, timeReader } from './bar-times.ts';

/** What is wrong, where, and what would have been right. */
export interface RecordingFault {
  /** From 1, the header included. */
  readonly line: number;
  readonly column: string;
  readonly found: string;
  readonly allowed: string;
}

export type ColumnReading =
  | { readonly ok: true; readonly columns: BarColumns; readonly writtenBy: string }
  | { readonly ok: false; readonly fault: RecordingFault };

const LINE_FEED = 10;
const RETURN = 13;
const DOT = 46;
const ZERO = 48;
const FIELDS_MAX = 64;
const LONGEST_FOUND = 80;

/** Bars oldest first. `zone` is that of times which do not say theirs. */
export function readBarColumns(bytes: Uint8Array, zone?: Zone): ColumnReading {
  // The mark of UTF-8 is no part of the first line.
  const begin = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  const first = lineAt(bytes, begin);
  const form = formOf(first.text);
  if (form === undefined) {
    const isWide = bytes[0] === 0xff || bytes[0] === 0xfe || bytes[1] === 0;
    const allowed = isWide ? 'text in UTF-8; save it so' : FIRST_LINES;
    return broken({ line: 1, column: 'header', found: first.text, allowed });
  }
  const at = form.header === undefined ? begin : first.next;
  return readRows(bytes, at, form, zone);
}

const broken = (fault: RecordingFault): ColumnReading => ({
  ok: false,
  fault: { ...fault, found: fault.found.slice(0, LONGEST_FOUND) },
});

function lineAt(bytes: Uint8Array, from: number) {
  const end = bytes.indexOf(LINE_FEED, from);
  const next = end < 0 ? bytes.length : end + 1;
  let to = end < 0 ? bytes.length : end;
  if (to > from && bytes[to - 1] === RETURN) to -= 1;
  return { text: decode(bytes, from, to), next };
}

const DECODER = new TextDecoder();
const decode = (bytes: Uint8Array, from: number, to: number): string =>
  DECODER.decode(bytes.subarray(from, Math.min(to, from + 4 * FIELDS_MAX)));

/** Fields of the line under examination: where each begins; its end is before the next one. */
interface Cut {
  readonly begins: Int32Array;
  fields: number;
  /** Where the next line begins. */
  next: number;
}

/** Cuts the line that begins at `from`. */
function cutLine(bytes: Uint8Array, from: number, separator: number, cut: Cut): void {
  const { begins } = cut;
  const size = bytes.length;
  let fields = 1;
  let at = from;
  begins[0] = from;
  for (; at < size; at += 1) {
    const byte = bytes[at] as number;
    if (byte === separator) {
      if (fields < FIELDS_MAX) begins[fields] = at + 1;
      fields += 1;
    } else if (byte === LINE_FEED) break;
  }
  cut.next = at < size ? at + 1 : size;
  const end = at > from && bytes[at - 1] === RETURN ? at - 1 : at;
  begins[Math.min(fields, FIELDS_MAX)] = end + 1;
  cut.fields = fields;
}

/** Decimal text to the exact integer, never through a product of fractions; 0: no such price. */
function priceAt(bytes: Uint8Array, from: number, to: number): number {
  let whole = 0;
  let at = from;
  for (; at < to; at += 1) {
    const digit = (bytes[at] as number) - ZERO;
    if (digit < 0 || digit > 9) break;
    whole = whole * 10 + digit;
  }
  if (at === from || at - from > 9) return 0;
  if (at === to) return whole * PRICE_SCALE;
  if (bytes[at] !== DOT || at + 1 === to) return 0;
  let fraction = 0;
  let scale = PRICE_SCALE;
  for (at += 1; at < to; at += 1) {
    const digit = (bytes[at] as number) - ZERO;
    if (digit < 0 || digit > 9) return 0;
    // Programs fill up with zeros; any other digit there would be lost.
    if (scale === 1 && digit !== 0) return 0;
    if (scale === 1) continue;
    scale /= 10;
    fraction += digit * scale;
  }
  return whole * PRICE_SCALE + fraction;
}

/** Digits, maybe followed by a point and zeros or more digits; nothing is allowed as well. */
function isVolume(bytes: Uint8Array, from: number, to: number, isWhole: boolean): boolean {
  let points = 0;
  for (let at = from; at < to; at += 1) {
    const byte = bytes[at] as number;
    if (byte === DOT && !isWhole) points += 1;
    else if (byte < ZERO || byte > ZERO + 9) return false;
  }
  return points <= 1 && to - from <= 30 && (!isWhole || to - from <= 15);
}

/** The line under examination: its fields, its bar, and the first doubt about it. */
interface Row {
  readonly cut: Cut;
  readonly time: TimeField;
  /** Instant, open, high, low, close. */
  readonly values: Float64Array;
  /** Field of the doubt, -1 for the whole line. */
  field: number;
  allowed: string;
}

/** Reads the line that begins at `at`; false when there is a doubt, which the row then names. */
type RowReader = (bytes: Uint8Array, at: number, before: number, row: Row) => boolean;

function doubt(row: Row, field: number, allowed: string): false {
  row.field = field;
  row.allowed = allowed;
  return false;
}

const ZONE_WORDS = 'a time zone: say --bar-times UTC, +02:00 or Asia/Kuala_Lumpur';
const PRICE_WORDS = 'a price above 0 with at most 5 decimals';

function rowReader(form: BarForm, zone: Zone | undefined): RowReader {
  const isOwn = form.time === 'utc';
  const { time: timeField, open: openField, volume: volumeField } = form.fields;
  const separator = form.separator.charCodeAt(0);
  const readTime = timeReader(form.time, saysItsZone(form) ? (local) => local : zone);
  const needed = form.columns.length;
  const all = `${needed} fields: ${form.columns.join(form.separator)}`;
  return (bytes, at, before, row) => {
    const { cut, time: field, values } = row;
    const { begins } = cut;
    cutLine(bytes, at, separator, cut);
    if (form.hasMore ? cut.fields < needed : cut.fields !== needed) return doubt(row, -1, all);
    field.from = begins[timeField] as number;
    field.to = (begins[timeField + 1] as number) - 1;
    field.secondTo = (begins[timeField + 2] as number) - 1;
    const time = readTime(bytes, field);
    if (!(time >= 0)) {
      return doubt(row, timeField, time === NOT_ZONED ? ZONE_WORDS : TIME_WORDS[form.time]);
    }
    if (time <= before) return doubt(row, timeField, 'a time later than the line before');
    values[0] = time;
    for (let nth = 0; nth < 4; nth += 1) {
      const from = begins[openField + nth] as number;
      const price = priceAt(bytes, from, (begins[openField + nth + 1] as number) - 1);
      if (price === 0) return doubt(row, openField + nth, PRICE_WORDS);
      values[nth + 1] = price;
    }
    const [open, high] = [values[1] as number, values[2] as number];
    const [low, close] = [values[3] as number, values[4] as number];
    if (high < open || high < close) return doubt(row, openField + 1, 'not below open and close');
    if (low > open || low > close) return doubt(row, openField + 2, 'not above open and close');
    if (volumeField < 0) return true;
    const from = begins[volumeField] as number;
    if (isVolume(bytes, from, (begins[volumeField + 1] as number) - 1, isOwn)) return true;
    return doubt(row, volumeField, isOwn ? 'a whole number or nothing' : 'a number or nothing');
  };
}

/** No line of a bar is shorter. */
const LEAST_BYTES = 18;

function readRows(
  bytes: Uint8Array,
  begin: number,
  form: BarForm,
  zone: Zone | undefined,
): ColumnReading {
  const read = rowReader(form, zone);
  const row: Row = {
    cut: { begins: new Int32Array(FIELDS_MAX + 1), fields: 0, next: begin },
    time: { from: 0, to: 0, secondTo: 0 },
    values: new Float64Array(5),
    field: -1,
    allowed: '',
  };
  const { values } = row;
  // Too many: pages of memory that are never written cost nothing.
  const made = emptyColumns(Math.ceil((bytes.length - begin) / LEAST_BYTES) + 1, 0);
  const { openTime, open, high, low, close } = made;
  const firstLine = form.header === undefined ? 1 : 2;
  let [count, before] = [0, -1];
  for (let at = begin; at < bytes.length; at = row.cut.next) {
    if (!read(bytes, at, before, row)) return faultOf(bytes, form, row, firstLine + count);
    before = values[0] as number;
    openTime[count] = before;
    open[count] = values[1] as number;
    high[count] = values[2] as number;
    low[count] = values[3] as number;
    close[count] = values[4] as number;
    count += 1;
  }
  if (count === 0) {
    const found = { line: firstLine, column: 'all', found: '' };
    return broken({ ...found, allowed: 'at least one line of data' });
  }
  return { ok: true, columns: { ...firstOf(made, count), firstLine }, writtenBy: form.writtenBy };
}

function faultOf(bytes: Uint8Array, form: BarForm, row: Row, line: number): ColumnReading {
  const { field, allowed, cut } = row;
  const { begins } = cut;
  const isAll = field < 0;
  const last = Math.min(cut.fields, FIELDS_MAX);
  const from = begins[Math.max(0, field)] as number;
  const to = (begins[isAll ? last : field + 1] as number) - 1;
  const column = isAll ? 'all' : (form.columns[field] ?? '');
  return broken({ line, column, found: decode(bytes, from, to), allowed });
}
