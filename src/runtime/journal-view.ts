/**
 * A journal opened for looking: its identity and its rows in order, also while an engine writes it.
 * Deliberately believes nothing about the state: what the rows add up to is for its readers.
 */
import type { Event, JournalRecord } from '../engine/index.ts';
import { exactValue } from './exact-json.ts';
import {
  entryHash,
  type Head,
  type JournalIdentity,
  SCHEMA_VERSION,
  type StoredEntry,
} from './journal-rows.ts';
import { JournalDamaged } from './recovery.ts';
import { type Database, openReadOnly } from './sqlite.ts';

/** A row with its meaning instead of its text. */
export type JournalRow =
  | (Place & { readonly kind: 'input'; readonly event: Event })
  | (Place & { readonly kind: 'record'; readonly record: JournalRecord });

interface Place {
  /** Number of the row in the file, from 1. */
  readonly id: number;
  readonly seq: number;
  readonly mono: number;
  readonly wall: number;
}

export interface StoredCheckpoint {
  readonly id: number;
  readonly seq: number;
  readonly state: string;
}

export interface JournalView {
  readonly identity: JournalIdentity;
  /** All rows after one, oldest first, one at a time; a damaged row throws. */
  rows(after?: number): Iterable<StoredEntry>;
  /** The same without prices, the clock and answers of the journal: what trades are made of. */
  facts(after?: number): Iterable<JournalRow>;
  /** Oldest first; the state as text. */
  checkpoints(): readonly StoredCheckpoint[];
  head(): Head | undefined;
  close(): void;
}

const ALL = 'SELECT * FROM entries WHERE id > ? ORDER BY id';
/** Inputs that nothing is told about: most of a journal, skipped before they are parsed. */
const PLAIN = ['quote', 'clock', 'bar', 'barsLoaded', 'durable', 'host', 'sent', 'conversion'];
const FACTS =
  `SELECT * FROM entries WHERE id > ? AND (kind = 'record' OR NOT (` +
  `${PLAIN.map((type) => `payload LIKE '{"type":"${type}",%'`).join(' OR ')})) ORDER BY id`;

/** Throws {@link JournalDamaged} with one sentence when the file is no journal of this version. */
export async function viewJournal(file: string): Promise<JournalView> {
  const refused = (why: string): JournalDamaged =>
    new JournalDamaged(`The journal ${file} ${why}. It was left as it is.`);
  let database: Database | undefined;
  try {
    database = await openReadOnly(file);
    const meta = new Map(
      database
        .prepare('SELECT key, value FROM meta')
        .all()
        .map((row) => [String(row['key']), String(row['value'])] as const),
    );
    const schema = meta.get('schema');
    if (schema !== String(SCHEMA_VERSION)) throw refused(`has the unknown format ${schema}`);
    return new View(database, meta, refused);
  } catch (error) {
    database?.close();
    if (error instanceof JournalDamaged) throw error;
    throw refused(`cannot be read (${error instanceof Error ? error.message : String(error)})`);
  }
}

class View implements JournalView {
  readonly identity: JournalIdentity;
  readonly #database: Database;
  readonly #refused: (why: string) => JournalDamaged;

  constructor(
    database: Database,
    meta: ReadonlyMap<string, string>,
    refused: (why: string) => JournalDamaged,
  ) {
    this.#database = database;
    this.#refused = refused;
    const [environment, account, mode] = ['environment', 'account', 'mode'].map(
      (key) => meta.get(key) ?? '',
    ) as [string, string, string];
    this.identity = { environment, account, mode };
  }

  rows(after = 0): Iterable<StoredEntry> {
    return this.#iterate(ALL, after);
  }

  *facts(after = 0): Iterable<JournalRow> {
    for (const entry of this.#iterate(FACTS, after)) yield rowOf(entry);
  }

  checkpoints(): readonly StoredCheckpoint[] {
    const rows = this.#database.prepare('SELECT id, seq, state FROM checkpoints ORDER BY id').all();
    return rows as unknown as readonly StoredCheckpoint[];
  }

  head(): Head | undefined {
    const last = 'SELECT id, hash FROM entries ORDER BY id DESC LIMIT 1';
    return this.#database.prepare(last).get() as unknown as Head | undefined;
  }

  close(): void {
    this.#database.close();
  }

  *#iterate(sql: string, after: number): Iterable<StoredEntry> {
    let last: StoredEntry | undefined;
    for (const row of this.#database.prepare(sql).iterate(after)) {
      const entry = row as unknown as StoredEntry;
      if (entryHash(entry.prev, entry) !== entry.hash) {
        throw this.#refused(`was altered at entry ${entry.id}`);
      }
      // Between rows that were given up, or left out here, nothing can be compared.
      if (last !== undefined && entry.id === last.id + 1 && entry.prev !== last.hash) {
        throw this.#refused(`breaks its chain at entry ${entry.id}`);
      }
      last = entry;
      yield entry;
    }
  }
}

/** What a row says. */
export function rowOf({ id, seq, mono, wall, kind, payload }: StoredEntry): JournalRow {
  const place = { id, seq, mono, wall };
  return kind === 'input'
    ? { ...place, kind, event: exactValue(payload) as Event }
    : { ...place, kind, record: exactValue(payload) as JournalRecord };
}
