/**
 * Where fetched history is kept: one file a symbol, period and span, and its unfinished `.part`.
 * Deliberately never appends to what it cannot recognise: a note beside the part says what it is.
 */
import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { lockInstance } from '../runtime/process.ts';
import type { Config } from './config.ts';

/** Something about a file that a person can put right. Exit code 64. */
export class HistoryFileFault extends Error {
  override readonly name = 'HistoryFileFault';
}

export const historyDir = (config: Config): string => join(config.paths.dataDir, 'history');

/** Rows kept so far, and what comes next to them. */
export interface PartFile {
  /** Whole lines of data. */
  readonly rows: () => number;
  /** The last of them, as it stands in the file; absent for an empty one. */
  readonly lastLine: string | undefined;
  append(lines: string, rows: number): void;
  /** Makes the file appear under its name. */
  finish(): void;
  /** Leaves the part as it is, for the next time. */
  close(): void;
}

const CHUNK = 1 << 20;
const TAIL = 4_096;
const NEWLINE = 10;

/**
 * Opens the part of `file`, a torn last line taken off. Throws {@link HistoryFileFault}, or
 * `AlreadyRunning` while another process writes to it.
 */
export async function openPart(
  file: string,
  about: { readonly header: string; readonly request: string },
): Promise<PartFile> {
  if (existsSync(file)) {
    throw new HistoryFileFault(
      `${file} is there already: name another file with --out, or remove it.`,
    );
  }
  const part = `${file}.part`;
  const note = `${part}.note`;
  const lockFile = `${part}.lock`;
  trying(file, () => mkdirSync(dirname(file), { recursive: true, mode: 0o700 }));
  const lock = await lockInstance(lockFile);
  let handle = -1;
  let isReleased = false;
  const release = (): void => {
    if (isReleased) return;
    isReleased = true;
    if (handle >= 0) closeSync(handle);
    lock.release();
    rmSync(lockFile, { force: true });
  };
  try {
    const isFresh = !existsSync(part);
    if (!isFresh && readNote(note) !== about.request) {
      throw new HistoryFileFault(
        `${part} was begun for another request: name another file with --out, or remove it.`,
      );
    }
    trying(file, () => {
      // The note first: a part without one is nobody's.
      if (isFresh) writeFileSync(note, about.request, { mode: 0o600 });
      handle = openSync(part, 'a+', 0o600);
    });
    const found = wholeLines(handle);
    ftruncateSync(handle, found.bytes);
    if (found.lines === 0) writeSync(handle, about.header);
    let rows = Math.max(0, found.lines - 1);
    return {
      rows: () => rows,
      lastLine: rows === 0 ? undefined : found.last,
      append: (lines, count) => {
        trying(file, () => writeSync(handle, lines));
        rows += count;
      },
      finish: () => {
        fsyncSync(handle);
        renameSync(part, file);
        rmSync(note, { force: true });
        release();
      },
      close: () => {
        if (rows === 0 && !isReleased) {
          rmSync(part, { force: true });
          rmSync(note, { force: true });
        }
        release();
      },
    };
  } catch (error) {
    release();
    throw error;
  }
}

function readNote(note: string): string | undefined {
  try {
    return readFileSync(note, 'utf8');
  } catch {
    return undefined;
  }
}

function trying<T>(file: string, deed: () => T): T {
  try {
    return deed();
  } catch (error) {
    throw new HistoryFileFault(`${file} cannot be written: ${(error as Error).message}.`);
  }
}

/** How many bytes whole lines take, how many they are, and the last of them. */
function wholeLines(handle: number): { bytes: number; lines: number; last: string } {
  const { size } = fstatSync(handle);
  const chunk = Buffer.allocUnsafe(CHUNK);
  let [lines, bytes] = [0, 0];
  for (let at = 0; at < size; ) {
    const read = readSync(handle, chunk, 0, CHUNK, at);
    for (let nth = chunk.indexOf(NEWLINE); nth >= 0 && nth < read; ) {
      lines += 1;
      bytes = at + nth + 1;
      nth = chunk.indexOf(NEWLINE, nth + 1);
    }
    at += read;
  }
  const begin = Math.max(0, bytes - TAIL);
  const tail = Buffer.alloc(bytes - begin);
  readSync(handle, tail, 0, tail.length, begin);
  const last = tail.toString('utf8').trimEnd().split('\n').at(-1) ?? '';
  return { bytes, lines, last };
}

export interface KeptFile {
  readonly name: string;
  readonly path: string;
  readonly bytes: number;
  readonly isFinished: boolean;
}

/** The files of a history directory, by name; none when there is no such directory. */
export function keptFiles(directory: string): readonly KeptFile[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory)
    .filter((name) => /\.csv(\.part)?$/.test(name))
    .sort()
    .map((name) => {
      const path = join(directory, name);
      return { name, path, bytes: statSync(path).size, isFinished: !name.endsWith('.part') };
    });
}

/** Rows of a file, and its first and last one. */
export function edgesOf(path: string): { rows: number; first: string; last: string } {
  const handle = openSync(path, 'r');
  try {
    const { lines, last } = wholeLines(handle);
    const head = Buffer.alloc(TAIL);
    const read = readSync(handle, head, 0, TAIL, 0);
    const first = head.toString('utf8', 0, read).split('\n')[1] ?? '';
    return { rows: Math.max(0, lines - 1), first, last: lines > 1 ? last : '' };
  } finally {
    closeSync(handle);
  }
}

/** The whole file appears under its name, or nothing does; never over another. */
export function writeNewFile(file: string, text: string): void {
  if (existsSync(file)) {
    throw new HistoryFileFault(
      `${file} is there already: name another file with --out, or remove it.`,
    );
  }
  const draft = `${file}.draft`;
  trying(file, () => {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(draft, text, { mode: 0o600 });
    renameSync(draft, file);
  });
}
