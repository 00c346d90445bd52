/**
 * The journal's file behind a world: the same tables, chain, checkpoints and recovery as a run's.
 * Deliberately written in the caller's turn: when a row counts as synced is for the world to say.
 */
import { rmSync } from 'node:fs';
import { STATE_SHAPE } from '../engine/state.ts';
import { exactText } from '../runtime/exact-json.ts';
import { prepareJournal } from '../runtime/journal.ts';
import { type Entry, GENESIS, type Head } from '../runtime/journal-rows.ts';
import { writeCheckpoint, writeEntries } from '../runtime/journal-store.ts';
import { recoverFrom } from '../runtime/recovery.ts';
import { type Database, openDatabase } from '../runtime/sqlite.ts';
import type { DiskRow, WorldDisk } from '../sim/world-journal.ts';

/** A disk, and the end of it. */
export interface FileDisk extends WorldDisk {
  close(): void;
}

const KEEP_DAYS = 30;
const IDENTITY = { environment: 'sim', account: 'world', mode: 'live' } as const;

/** One file a world; whatever was there is gone. */
export async function openWorldDisk(file: string): Promise<FileDisk> {
  for (const part of ['', '-wal', '-shm', '.new']) rmSync(`${file}${part}`, { force: true });
  await prepareJournal(file, IDENTITY);
  const database = await openDatabase(file);
  // The machine under the test stays up: what the world loses it loses by its own dice.
  database.exec('PRAGMA synchronous=OFF');
  return new WorldFile(database, file);
}

class WorldFile implements FileDisk {
  readonly #database: Database;
  readonly #file: string;
  #waiting: { readonly number: number; readonly entry: Entry }[] = [];
  #head: Head = GENESIS;
  #at = { mono: 0, wall: 0 };

  constructor(database: Database, file: string) {
    this.#database = database;
    this.#file = file;
  }

  row(row: DiskRow): void {
    if (row.kind === 'input') this.#at = { mono: row.input.mono, wall: row.input.wall };
    const seq = row.kind === 'input' ? row.input.seq : row.seq;
    const payload = exactText(row.kind === 'input' ? row.input.event : row.record);
    const entry = { seq, kind: row.kind, ...this.#at, payload };
    this.#waiting.push({ number: row.number, entry });
  }

  commit(upTo: number): void {
    const due = this.#waiting.filter(({ number }) => number <= upTo);
    if (due.length === 0) return;
    this.#waiting = this.#waiting.slice(due.length);
    const entries = due.map(({ entry }) => entry);
    this.#head = writeEntries(this.#database, this.#head, entries);
  }

  lose(): void {
    this.#waiting = [];
  }

  checkpoint(state: Parameters<WorldDisk['checkpoint']>[0]): void {
    const text = exactText({ ...state, shape: STATE_SHAPE });
    const about = { seq: state.at.seq, state: text, keepDays: KEEP_DAYS };
    writeCheckpoint(this.#database, this.#head, about);
  }

  recover(): ReturnType<WorldDisk['recover']> {
    const { state, head } = recoverFrom(this.#database, IDENTITY, this.#file);
    this.#head = head;
    return state;
  }

  close(): void {
    this.#database.close();
  }
}
