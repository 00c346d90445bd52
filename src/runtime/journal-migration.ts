/**
 * Brings a journal of an older format to the one of this program: a backup first, then one
 * transaction a step (F89). Deliberately goes forward only: newer data is refused, never touched.
 */
import { chmodSync, existsSync, renameSync, rmSync } from 'node:fs';
import { SCHEMA_VERSION } from './journal-rows.ts';
import { JournalDamaged } from './recovery.ts';
import { openBare, openReadOnly, rollBack } from './sqlite.ts';

/** One step: from the format before to `to`. */
export interface Migration {
  readonly to: number;
  readonly sql: string;
}

/** Oldest first; empty while there has been one format only. */
const MIGRATIONS: readonly Migration[] = [];

/** Does nothing when there is no journal or it is current. Throws {@link JournalDamaged}. */
export async function migrateJournal(
  file: string,
  migrations: readonly Migration[] = MIGRATIONS,
  current: number = SCHEMA_VERSION,
): Promise<void> {
  const found = await formatOf(file);
  if (found === undefined || found === current) return;
  const database = await openBare(file);
  try {
    if (found > current) {
      throw new JournalDamaged(
        `The journal ${file} was written by a newer version (format ${found}, this one knows ` +
          `${current}): start that version, or move the journal away. Nothing was changed.`,
      );
    }
    const backup = `${file}.format-${found}`;
    if (!existsSync(backup)) {
      rmSync(`${backup}.new`, { force: true });
      database.prepare('VACUUM INTO ?').run(`${backup}.new`);
      chmodSync(`${backup}.new`, 0o600);
      renameSync(`${backup}.new`, backup);
    }
    for (const { to, sql } of migrations.filter((step) => step.to > found)) {
      database.exec('BEGIN IMMEDIATE');
      try {
        database.exec(sql);
        database.prepare(`UPDATE meta SET value = ? WHERE key = 'schema'`).run(String(to));
        database.exec('COMMIT');
      } catch (error) {
        rollBack(database);
        throw error;
      }
    }
  } catch (error) {
    if (error instanceof JournalDamaged) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new JournalDamaged(
      `The journal ${file} could not be brought to the format of this version (${why}): it is ` +
        'as it was.',
    );
  } finally {
    database.close();
  }
}

/** Nothing when there is no file, or none that could be asked: recovery names what is wrong. */
async function formatOf(file: string): Promise<number | undefined> {
  if (!existsSync(file)) return undefined;
  try {
    const database = await openReadOnly(file);
    try {
      const row = database.prepare(`SELECT value FROM meta WHERE key = 'schema'`).get();
      const format = Number(row?.['value']);
      return Number.isSafeInteger(format) ? format : undefined;
    } finally {
      database.close();
    }
  } catch {
    return undefined;
  }
}
