/**
 * The journal's reserve: space taken on the disk beforehand, for the records of closing, protecting
 * and trips when the journal itself cannot write any more (A5, F85).
 * Deliberately plain lines in blocks that exist already: a full disk cannot refuse them.
 */
import {
  closeSync,
  existsSync,
  fdatasyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  writeSync,
} from 'node:fs';
import { type JournalRecord, LIMITS } from '../engine/index.ts';
import { exactValue } from './exact-json.ts';

export const reserveFile = (journal: string): string => `${journal}.reserve`;

const CHUNK_BYTES = 1024 * 1024;

/** Takes the space; a used reserve of a former run is kept aside first, under another name. */
export function makeReserve(journal: string, bytes: number): void {
  const file = reserveFile(journal);
  if (linesOf(file).length > 0) renameSync(file, `${file}-kept`);
  if (existsSync(file) && statSync(file).size >= bytes) return;
  const handle = openSync(file, 'w', 0o600);
  try {
    const chunk = Buffer.alloc(Math.min(bytes, CHUNK_BYTES));
    for (let at = 0; at < bytes; at += chunk.length) writeSync(handle, chunk, 0, undefined, at);
    fdatasyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** Where the next line goes: behind the newest one of this process. */
const ends = new Map<string, number>();

/** True when the line is on the disk. The file is made when there is none. */
export function keepInReserve(journal: string, line: string): boolean {
  const file = reserveFile(journal);
  try {
    const handle = openSync(file, existsSync(file) ? 'r+' : 'w', 0o600);
    try {
      const at =
        ends.get(file) ??
        Buffer.byteLength(
          linesOf(file)
            .map((one) => `${one}\n`)
            .join(''),
        );
      ends.set(file, at + put(handle, `${line}\n`, at));
    } finally {
      closeSync(handle);
    }
    return true;
  } catch {
    return false;
  }
}

function put(handle: number, text: string, at: number): number {
  try {
    return putSynced(handle, text, at);
  } catch {
    // A file system that never overwrites in place needs new blocks: the rest of ours is released.
    ftruncateSync(handle, at);
    return putSynced(handle, text, at);
  }
}

function putSynced(handle: number, text: string, at: number): number {
  const written = writeSync(handle, text, at);
  fdatasyncSync(handle);
  return written;
}

/** Whole lines, oldest first; none when it was never used. */
function linesOf(file: string): readonly string[] {
  if (!existsSync(file)) return [];
  const text = readFileSync(file, 'utf8');
  const used = text.indexOf('\0');
  const lines = (used < 0 ? text : text.slice(0, used)).split('\n').slice(0, -1);
  return lines.slice(0, LIMITS.inbox);
}

/** What stands in the reserve of a former run, as a sentence, or nothing. */
export function reserveWords(journal: string): string | undefined {
  const lines = linesOf(reserveFile(journal));
  if (lines.length === 0) return undefined;
  const words = lines.map((line) =>
    wordsOf((exactValue(line) as { record: JournalRecord }).record),
  );
  const told = [...new Set(words)].slice(0, 12).join(', ');
  return `the former run could not write its journal; its reserve has ${lines.length}: ${told}`;
}

function wordsOf(record: JournalRecord): string {
  if (record.kind === 'breaker') return `${record.breaker} ${record.change}`;
  if (record.kind === 'request') return record.request.type;
  return record.kind;
}
