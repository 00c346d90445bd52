/**
 * What is done to the journal's tables: chained rows and checkpoints, each in one transaction.
 * Deliberately knows no thread, no file and no time: who calls decides when a row must be safe.
 */
import { giveUp, KEEP_CHECKPOINTS } from './journal-retention.ts';
import { type Entry, entryHash, type Head, textHash } from './journal-rows.ts';
import { type Database, rollBack } from './sqlite.ts';

/** Appends rows behind `head`; the new head, or a throw and no row at all. */
export function writeEntries(database: Database, head: Head, entries: readonly Entry[]): Head {
  const insert = database.prepare(
    'INSERT INTO entries (id, seq, kind, mono, wall, payload, prev, hash) VALUES (?,?,?,?,?,?,?,?)',
  );
  let next = head;
  transact(database, () => {
    for (const entry of entries) {
      const hash = entryHash(next.hash, entry);
      const id = next.id + 1;
      const { seq, kind, mono, wall, payload } = entry;
      insert.run(id, seq, kind, mono, wall, payload, next.hash, hash);
      next = { id, hash };
    }
  });
  return next;
}

/** Keeps a whole state, as text, as it was after the row at `head`; what is too old goes. */
export function writeCheckpoint(
  database: Database,
  head: Head,
  checkpoint: { readonly seq: number; readonly state: string; readonly keepDays: number },
): void {
  const { seq, state, keepDays } = checkpoint;
  transact(database, () => {
    database
      .prepare(
        'INSERT OR REPLACE INTO checkpoints (id, seq, hash, state, state_hash) VALUES (?,?,?,?,?)',
      )
      .run(head.id, seq, head.hash, state, textHash(state));
    database
      .prepare(
        `DELETE FROM checkpoints
         WHERE id NOT IN (SELECT id FROM checkpoints ORDER BY id DESC LIMIT ?)`,
      )
      .run(KEEP_CHECKPOINTS);
    giveUp(database, keepDays);
  });
}

function transact(database: Database, work: () => void): void {
  database.exec('BEGIN IMMEDIATE');
  try {
    work();
    database.exec('COMMIT');
  } catch (error) {
    rollBack(database);
    throw error;
  }
}
