/**
 * What the journal's file looks like: its tables, its rows and the hash that chains them (I17).
 * Deliberately no file and no thread: both sides of the worker share these definitions.
 */
import { createHash } from 'node:crypto';

export const SCHEMA_VERSION = 1;

export const SCHEMA = `
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS entries (
  id INTEGER PRIMARY KEY,
  seq INTEGER NOT NULL,
  kind TEXT NOT NULL,
  mono INTEGER NOT NULL,
  wall INTEGER NOT NULL,
  payload TEXT NOT NULL,
  prev TEXT NOT NULL,
  hash TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS checkpoints (
  id INTEGER PRIMARY KEY,
  seq INTEGER NOT NULL,
  hash TEXT NOT NULL,
  state TEXT NOT NULL,
  state_hash TEXT NOT NULL
) STRICT;
`;

/** `input` rows are replayed; `record` rows say what their step wrote. */
export type EntryKind = 'input' | 'record';

/** A row on its way to the file; the writer numbers and chains it. */
export interface Entry {
  readonly seq: number;
  readonly kind: EntryKind;
  readonly mono: number;
  readonly wall: number;
  readonly payload: string;
}

export interface StoredEntry extends Entry {
  readonly id: number;
  readonly prev: string;
  readonly hash: string;
}

export interface Head {
  /** Number of the newest row; 0 in an empty journal. */
  readonly id: number;
  readonly hash: string;
}

export const GENESIS: Head = { id: 0, hash: '0'.repeat(64) };

/** SHA-256 over the hash before and every field, in hex. */
export function entryHash(prev: string, entry: Entry): string {
  return createHash('sha256')
    .update(`${prev}\n${entry.seq}\n${entry.kind}\n${entry.mono}\n${entry.wall}\n${entry.payload}`)
    .digest('hex');
}

export const textHash = (text: string): string => createHash('sha256').update(text).digest('hex');

/** What the file belongs to; a mismatch halts (F88, F119). */
export interface JournalIdentity {
  readonly environment: string;
  readonly account: string;
  readonly mode: string;
}

/** Main thread to writer. */
export type WriterCall =
  | {
      readonly type: 'open';
      readonly file: string;
      readonly head: Head;
      readonly reserveBytes: number;
      /** How long reasons for doing nothing are kept, in days of the journal's own time. */
      readonly keepDays: number;
      /** Counted up by the main thread while it lives. */
      readonly beat?: SharedArrayBuffer | undefined;
    }
  | {
      readonly type: 'write';
      readonly call: number;
      readonly entries: readonly Entry[];
      /** Somebody waits for it: the witness must be on the disk as well. */
      readonly sync: boolean;
    }
  | { readonly type: 'checkpoint'; readonly seq: number; readonly state: string }
  | { readonly type: 'check' }
  | { readonly type: 'close'; readonly note: string };

/** Writer to main thread. */
export type WriterAnswer =
  | { readonly type: 'written'; readonly call: number; readonly head: Head }
  | { readonly type: 'fault'; readonly reason: string }
  | { readonly type: 'closed' };
