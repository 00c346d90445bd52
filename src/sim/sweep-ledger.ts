/**
 * Finished rows of a sweep as text, so that a killed sweep goes on and shards can be joined: one
 * line that says which sweep it is, then one line a row, exact to the last bit.
 * Deliberately only text: where it is kept is the command's business. A torn last line is no row.
 */
import type { SweptRow } from './sweep.ts';
import type { SweepSet } from './sweep-kernel.ts';
import { BLOCKS, emptyRow, type SweepRow } from './sweep-row.ts';

/** Which sweep: `key` stands for bars, settings, costs and grid; rows are named by their place. */
export interface LedgerHead {
  readonly key: string;
  readonly sets: number;
  /** `1/1` for a whole sweep. */
  readonly shard: string;
}

export interface Ledger extends LedgerHead {
  readonly rows: ReadonlyMap<number, SweptRow>;
}

const FORMAT = 'palm-oil-tui sweep 1';

type NumberName = {
  [K in keyof SweepRow]: SweepRow[K] extends number ? K : never;
}[keyof SweepRow];

const NUMBERS: readonly NumberName[] = [
  'trades',
  'wins',
  'losses',
  'grossProfit',
  'grossLoss',
  'net',
  'drawdown',
  'sumReturn',
  'sumSquares',
  'checksum',
];

export const ledgerHead = (head: LedgerHead): string =>
  `${JSON.stringify({ format: FORMAT, ...head })}\n`;

/** One line, newline included. */
export function ledgerLine(place: number, row: SweepRow): string {
  const flags = (row.stillOpen ? 1 : 0) + (row.needsEngine ? 2 : 0);
  const numbers = NUMBERS.map((name) => row[name]);
  return `${JSON.stringify([place, flags, ...numbers, ...row.blocks, ...row.blockTrades])}\n`;
}

/** A text is a sentence about what is wrong. Rows are those of `sets`, by place. */
export function readLedger(text: string, sets: readonly SweepSet[]): Ledger | string {
  const lines = text.split('\n');
  // What follows the last newline was being written when the sweep was killed.
  lines.pop();
  const head = headOf(lines[0] ?? '');
  if (head === undefined) return 'it holds no rows of a sweep';
  const rows = new Map<number, SweptRow>();
  for (const [at, line] of lines.slice(1).entries()) {
    const found = rowOf(line);
    const set = found === undefined ? undefined : sets[found.place];
    if (found === undefined || set === undefined) return `line ${at + 2} is not a row of it`;
    rows.set(found.place, { ...found.row, set });
  }
  return { ...head, rows };
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function headOf(line: string): LedgerHead | undefined {
  const value = parsed(line);
  if (typeof value !== 'object' || value === null) return undefined;
  const { format, key, sets, shard } = value as Readonly<Record<string, unknown>>;
  if (format !== FORMAT || typeof key !== 'string' || typeof sets !== 'number') return undefined;
  return typeof shard === 'string' ? { key, sets, shard } : undefined;
}

function rowOf(line: string): { readonly place: number; readonly row: SweepRow } | undefined {
  const values = parsed(line);
  const width = 2 + NUMBERS.length + 2 * BLOCKS;
  if (!Array.isArray(values) || values.length !== width) return undefined;
  if (!values.every((value) => typeof value === 'number')) return undefined;
  const [place = -1, flags = 0, ...rest] = values as readonly number[];
  const row = emptyRow();
  for (const [at, name] of NUMBERS.entries()) row[name] = rest[at] ?? 0;
  row.stillOpen = (flags & 1) !== 0;
  row.needsEngine = (flags & 2) !== 0;
  row.blocks = rest.slice(NUMBERS.length, NUMBERS.length + BLOCKS);
  row.blockTrades = rest.slice(NUMBERS.length + BLOCKS);
  return { place, row };
}

export interface Shard {
  /** From 1. */
  readonly number: number;
  readonly of: number;
}

/** `2/8`; a text is a sentence about what is wrong. */
export function shardOf(text: string): Shard | string {
  const [, number = '0', of = '0'] = /^(\d{1,5})\/(\d{1,5})$/.exec(text) ?? [];
  const shard = { number: Number(number), of: Number(of) };
  if (shard.number >= 1 && shard.number <= shard.of) return shard;
  return `"${text}" is not allowed; a part such as 2/8 is`;
}

/** Places of a shard among all sets: neighbours stay together, because they share their exits. */
export function placesOf({ number, of }: Shard, count: number): readonly number[] {
  const from = Math.floor((count * (number - 1)) / of);
  const to = Math.floor((count * number) / of);
  return Array.from({ length: to - from }, (_, at) => from + at);
}
