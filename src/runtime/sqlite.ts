/**
 * Opens SQLite with whichever driver this machine has: the packaged one, else Node's own.
 * Deliberately nothing but that: both speak the same `DatabaseSync`, which is all others may see.
 */
import { createRequire } from 'node:module';
import type { DatabaseSync } from '@photostructure/sqlite';

export type Database = InstanceType<typeof DatabaseSync>;

interface Driver {
  readonly DatabaseSync: new (
    file: string,
    options: { readonly timeout: number; readonly readOnly?: boolean },
  ) => Database;
}

/** No driver for this platform: nothing can be journaled, so nothing may trade. */
export class NoSqliteDriver extends Error {
  override readonly name = 'NoSqliteDriver';
}

/** How long a lock of somebody else may hold us up (F84). */
const BUSY_MS = 2_000;

const load = createRequire(import.meta.url);

async function loadDriver(): Promise<Driver> {
  // Names in variables: the bundle must not try to resolve what may be absent.
  const names = ['@photostructure/sqlite', 'node:sqlite'];
  for (const name of names) {
    try {
      return load(name) as Driver;
    } catch {
      // The next one may be there.
    }
  }
  throw new NoSqliteDriver(
    'No SQLite driver for this platform: install the optional package @photostructure/sqlite or ' +
      'use Node 22.13 or newer.',
  );
}

/** Opens the file for writing, creating it when absent, with full durability. */
export async function openDatabase(file: string): Promise<Database> {
  const { DatabaseSync } = await loadDriver();
  const database = new DatabaseSync(file, { timeout: BUSY_MS });
  database.exec('PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;');
  // Large transactions must not need a writable /tmp: a container may have none.
  database.exec('PRAGMA temp_store=MEMORY;');
  // What is written is hardly ever read again: half a megabyte of pages is enough to append.
  database.exec('PRAGMA cache_size=-512; PRAGMA journal_size_limit=8388608;');
  return database;
}

/** Opens the file without waiting for anybody and without side files: for locks and new files. */
export async function openBare(file: string): Promise<Database> {
  const { DatabaseSync } = await loadDriver();
  return new DatabaseSync(file, { timeout: 0 });
}

/** Opens an existing file for looking only. */
export async function openReadOnly(file: string): Promise<Database> {
  const { DatabaseSync } = await loadDriver();
  return new DatabaseSync(file, { timeout: BUSY_MS, readOnly: true });
}

/**
 * Ends a transaction that failed. After some faults SQLite has done so by itself, and it is the
 * fault that must be told, not that there was nothing to roll back.
 */
export function rollBack(database: Database): void {
  if (database.isTransaction !== false) database.exec('ROLLBACK');
}
