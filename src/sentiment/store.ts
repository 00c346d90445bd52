/**
 * What was known when: rows of the point-in-time store, their text form, and the strict way back.
 * Deliberately no file access: whoever owns storage hands in a port and passes text.
 */
import { type Untrusted, untrusted, type Wall, wall } from '../engine/index.ts';
import { readCsv } from './csv-text.ts';

/** One row per opinion of a source and one (`used`) per reading that went to the engine. */
export interface StoredSentiment {
  readonly role: 'used' | 'source';
  /** Age counts from here. */
  readonly askedAt: Wall;
  /** Nobody could know it earlier: a backtest shows it from here on. */
  readonly knownAt: Wall;
  readonly source: string;
  /** -100 to 100. */
  readonly score: number;
  /** 0 to 100 %. */
  readonly confidence: number;
  readonly asOf: Wall | undefined;
  readonly citations: readonly Untrusted[];
  readonly costMicros: number | undefined;
  /** Of the raw answer; undefined for imported rows. */
  readonly sha256: string | undefined;
}

/** Append only; must not throw: a full disk loses history, not the reading. */
export interface SentimentStore {
  append(row: StoredSentiment): void;
}

const COLUMNS = [
  ...(['role', 'asked_at', 'known_at', 'source', 'score', 'confidence'] as const),
  ...(['as_of', 'citations', 'cost_micros', 'sha256'] as const),
];

export function exportSentimentCsv(rows: readonly StoredSentiment[]): string {
  const lines = rows.map((row) =>
    [
      row.role,
      iso(row.askedAt),
      iso(row.knownAt),
      row.source,
      String(row.score),
      String(row.confidence),
      row.asOf === undefined ? '' : iso(row.asOf),
      row.citations.join(' '),
      row.costMicros === undefined ? '' : String(row.costMicros),
      row.sha256 ?? '',
    ]
      .map(quoted)
      .join(','),
  );
  return `${[COLUMNS.join(','), ...lines].join('\n')}\n`;
}

const iso = (at: Wall): string => new Date(at).toISOString();

const quoted = (cell: string): string =>
  /[",\r\n]/.test(cell) ? `"${cell.replace(/"/g, '""')}"` : cell;

export interface SentimentImport {
  /** In the order of `knownAt`. */
  readonly rows: readonly StoredSentiment[];
  /** One sentence per refused line; nothing of a refused line is used. */
  readonly faults: readonly string[];
}

/**
 * Reads our own export or a plain table with the columns `time,score,confidence` (`source` and
 * `citations` if there are any). Times need their zone. Without `role` every row counts as used;
 * without `known_at` a row is known when it was asked.
 */
export function importSentimentCsv(text: string): SentimentImport {
  const table = readCsv(text);
  if (table.status === 'broken') return { rows: [], faults: [table.reason] };
  const timeColumn = table.header.includes('asked_at') ? 'asked_at' : 'time';
  const missing = [timeColumn, 'score', 'confidence'].filter(
    (name) => !table.header.includes(name),
  );
  if (missing.length > 0) return { rows: [], faults: [`missing columns: ${missing.join(', ')}`] };
  const strangers = table.header.filter((name) => ![...COLUMNS, 'time'].includes(name));
  if (strangers.length > 0) {
    return { rows: [], faults: [`unknown columns: ${strangers.join(', ')}`] };
  }
  const rows: StoredSentiment[] = [];
  const faults: string[] = [];
  for (const { line, cells } of table.rows) {
    const row = readRow(cells, timeColumn);
    if (typeof row === 'string') faults.push(`line ${line}: ${row}`);
    else rows.push(row);
  }
  rows.sort((a, b) => a.knownAt - b.knownAt || a.askedAt - b.askedAt);
  return { rows, faults };
}

function readRow(cells: ReadonlyMap<string, string>, timeColumn: string): StoredSentiment | string {
  const cell = (name: string): string => cells.get(name) ?? '';
  const askedAt = instant(cell(timeColumn));
  if (askedAt === undefined) return `"${cell(timeColumn)}" is no time with a zone`;
  const knownAt = cell('known_at') === '' ? askedAt : instant(cell('known_at'));
  if (knownAt === undefined) return `"${cell('known_at')}" is no time with a zone`;
  if (knownAt < askedAt) return 'it was known before it was asked';
  const score = integer(cell('score'), -100, 100);
  if (score === undefined) return `score "${cell('score')}" is no whole number -100 to 100`;
  const confidence = integer(cell('confidence'), 0, 100);
  if (confidence === undefined) return `confidence "${cell('confidence')}" is not 0 to 100`;
  const asOf = cell('as_of') === '' ? undefined : instant(cell('as_of'));
  if (asOf === undefined && cell('as_of') !== '') return `"${cell('as_of')}" is no time`;
  const role = cell('role') === '' ? 'used' : cell('role');
  if (role !== 'used' && role !== 'source') return `role "${role}" is unknown`;
  const cost = cell('cost_micros');
  const costMicros = cost === '' ? undefined : integer(cost, 0, 1_000_000_000);
  if (costMicros === undefined && cost !== '') return `cost "${cost}" is no whole number`;
  const hash = cell('sha256');
  if (hash !== '' && !/^[0-9a-f]{64}$/.test(hash)) return 'the hash is not 64 hexadecimal digits';
  const source = cell('source') === '' ? 'import' : cell('source');
  if (!/^[\x20-\x7e]{1,64}$/.test(source)) return 'the source is not 1 to 64 plain characters';
  const citations = cell('citations').split(' ').filter(Boolean).slice(0, 10).map(untrusted);
  const sha256 = hash === '' ? undefined : hash;
  return {
    ...{ role, askedAt, knownAt, source, score, confidence, asOf, citations, costMicros, sha256 },
  };
}

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)$/;

function instant(text: string): Wall | undefined {
  if (!INSTANT.test(text)) return undefined;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : wall(at);
}

function integer(text: string, low: number, high: number): number | undefined {
  if (!/^[-+]?\d{1,10}$/.test(text)) return undefined;
  const value = Number(text) + 0;
  return value >= low && value <= high ? value : undefined;
}
