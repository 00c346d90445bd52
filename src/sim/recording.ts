/**
 * Reads recorded bars and ticks from the text of a CSV file, strictly: a broken line is named, not
 * skipped.
 * Deliberately touches no file and repairs nothing; where the text comes from is the caller's
 * business.
 */
import { type Bar, PRICE_SCALE, type Price, price, wall } from '../engine/index.ts';
import { barsOf } from './bar-columns.ts';
import { type RecordingFault, readBarColumns } from './bar-text.ts';
import type { MarketTick } from './market-types.ts';

export type Recording<T> =
  | { readonly ok: true; readonly rows: readonly T[] }
  | { readonly ok: false; readonly fault: RecordingFault };

export const TICK_COLUMNS = ['time_utc_ms', 'bid', 'ask'] as const;

/** One sentence for a person. */
export const faultText = (fault: RecordingFault): string =>
  `line ${fault.line}, column ${fault.column}: ` +
  `${JSON.stringify(fault.found)} is not allowed; expected ${fault.allowed}`;

/** One line under examination; the first fault of it is kept and makes its row worthless. */
interface Line {
  readonly number: number;
  readonly columns: readonly string[];
  readonly cells: readonly string[];
  fault: RecordingFault | undefined;
}

const ENCODER = new TextEncoder();

/** Bars oldest first, in any form that says its time zone. */
export function readBars(text: string): Recording<Bar> {
  const reading = readBarColumns(ENCODER.encode(text));
  return reading.ok ? { ok: true, rows: barsOf(reading.columns) } : reading;
}

/** Ticks oldest first; equal times are allowed, both sides are always given. */
export function readTicks(text: string): Recording<MarketTick> {
  let before = -1;
  return read(text, TICK_COLUMNS, (line) => {
    const whole = cellOf(line, 'time_utc_ms');
    const shaped = /^\d{1,15}$/.test(whole);
    need(line, 'time_utc_ms', shaped, 'milliseconds since 1970');
    const time = wall(shaped ? Number(whole) : 0);
    need(line, 'time_utc_ms', time >= before, 'a time not before the line before');
    before = time;
    const bid = priceOf(line, 'bid');
    const ask = priceOf(line, 'ask');
    need(line, 'ask', ask >= bid, 'not below the bid');
    return { time, bid, ask };
  });
}

function read<T>(text: string, columns: readonly string[], row: (line: Line) => T): Recording<T> {
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  const header = columns.join(',');
  const found = lines[0] ?? '';
  if (found !== header) return broken(1, 'header', found, `exactly ${header}`);
  const rows: T[] = [];
  for (const [at, content] of lines.slice(1).entries()) {
    const number = at + 2;
    const cells = content.split(',');
    if (cells.length !== columns.length) {
      return broken(number, 'all', content, `${columns.length} fields: ${header}`);
    }
    const line: Line = { number, columns, cells, fault: undefined };
    const value = row(line);
    if (line.fault !== undefined) return { ok: false, fault: line.fault };
    rows.push(value);
  }
  if (rows.length === 0) return broken(2, 'all', '', 'at least one line of data');
  return { ok: true, rows };
}

function broken(
  line: number,
  column: string,
  found: string,
  allowed: string,
): { readonly ok: false; readonly fault: RecordingFault } {
  return { ok: false, fault: { line, column, found: found.slice(0, 80), allowed } };
}

const cellOf = (line: Line, column: string): string =>
  line.cells[line.columns.indexOf(column)] ?? '';

function need(line: Line, column: string, holds: boolean, allowed: string): void {
  if (holds) return;
  line.fault ??= broken(line.number, column, cellOf(line, column), allowed).fault;
}

/** Decimal text to the exact integer; never through a floating-point product. */
function priceOf(line: Line, column: string): Price {
  const [, whole = '0', fraction = ''] =
    /^(\d{1,9})(?:\.(\d{1,5}))?$/.exec(cellOf(line, column)) ?? [];
  const value = Number(whole) * PRICE_SCALE + Number(fraction.padEnd(5, '0'));
  need(line, column, value > 0, 'a price above 0 with at most 5 decimals');
  return price(value);
}
