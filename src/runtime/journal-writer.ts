/**
 * The worker thread that owns the journal's file: commits with full sync, then says so.
 * Deliberately never retries: a failed write or sync is a lost one and is reported as such (F86).
 */
import { statSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import { makeReserve } from './journal-reserve.ts';
import { GENESIS, type Head, type WriterAnswer, type WriterCall } from './journal-rows.ts';
import { writeCheckpoint, writeEntries } from './journal-store.ts';
import { openWitness, type Witness } from './journal-witness.ts';
import { guardMainThread } from './main-guard.ts';
import { type Database, openDatabase } from './sqlite.ts';

interface Opened {
  readonly database: Database;
  readonly file: string;
  readonly inode: number;
  readonly witness: Witness;
  /** Bytes of reserve to take once the first rows are safe; the old one speaks until then. */
  reserveBytes: number;
  readonly keepDays: number;
}

const port = parentPort;
let opened: Opened | undefined;
let head: Head = GENESIS;
/** Why nothing is accepted any more: what comes after a lost row would leave a hole (F86). */
let lost: string | undefined;
/** Calls are handled one after the other, also while the first is still opening. */
let queue: Promise<void> = Promise.resolve();

const answer = (message: WriterAnswer): void => port?.postMessage(message);

port?.on('message', (call: WriterCall) => {
  queue = queue.then(() => handle(call)).catch((error: unknown) => fail(error));
});

function fail(error: unknown): void {
  lost ??= error instanceof Error ? error.message : String(error);
  answer({ type: 'fault', reason: lost });
}

async function handle(call: WriterCall): Promise<void> {
  if (lost !== undefined) throw new Error(lost);
  if (call.type === 'open') {
    // The one other thread there is: a main thread that hangs cannot see that it does (F123).
    if (call.beat !== undefined) guardMainThread(call.beat);
    const database = await openDatabase(call.file);
    // From here on the run has not ended; only a close says so again.
    database.prepare('DELETE FROM meta WHERE key = ?').run('ended');
    const { file, reserveBytes, keepDays } = call;
    const inode = statSync(file).ino;
    opened = { database, file, inode, witness: openWitness(file), reserveBytes, keepDays };
    head = call.head;
    return;
  }
  if (opened === undefined) throw new Error('the journal is not open');
  if (call.type === 'write') write(opened, call);
  else if (call.type === 'checkpoint') {
    writeCheckpoint(opened.database, head, { ...call, keepDays: opened.keepDays });
  } else if (call.type === 'check') checkIdentity(opened);
  else close(opened, call.note);
}

function write(db: Opened, call: Extract<WriterCall, { type: 'write' }>): void {
  head = writeEntries(db.database, head, call.entries);
  db.witness.note(head, call.sync);
  answer({ type: 'written', call: call.call, head });
  if (db.reserveBytes > 0) makeReserve(db.file, db.reserveBytes);
  db.reserveBytes = 0;
}

function close(db: Opened, note: string): void {
  const { database } = db;
  database.prepare('INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)').run('ended', note);
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  database.close();
  db.witness.note(head, true);
  db.witness.close();
  opened = undefined;
  answer({ type: 'closed' });
  port?.close();
}

/** Removed or replaced under our feet: what we write would be lost (F87). */
function checkIdentity(db: Opened): void {
  if (statSync(db.file).ino !== db.inode)
    throw new Error('the journal file was replaced while open');
}
