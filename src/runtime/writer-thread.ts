/**
 * The thread of the journal's writer: it takes as long to begin as half of a start, so it may begin
 * before there is a journal. Deliberately owns no file: it waits until it is told to open one.
 */
import { Worker } from 'node:worker_threads';

/** Beside the bundle; run from source, the last build's is taken. */
export const WRITER_URL = new URL(
  import.meta.url.endsWith('.ts') ? '../../dist/journal-writer.cjs' : './journal-writer.cjs',
  import.meta.url,
);

interface Spare {
  readonly href: string;
  readonly thread: Worker;
}

let spare: Spare | undefined;

/** Begins a thread that the next journal of this script will take; keeps no process alive. */
export function beginWriter(url: URL): void {
  if (spare !== undefined) return;
  const thread = new Worker(url);
  thread.unref();
  const drop = (): void => {
    if (spare?.thread === thread) spare = undefined;
  };
  // One that ends before it was taken is nobody's loss: the journal begins its own.
  thread.on('error', drop);
  thread.on('exit', drop);
  spare = { href: url.href, thread };
}

/** The thread that waits, or a new one. */
export function takeWriter(url: URL): Worker {
  const waiting = spare?.href === url.href ? spare.thread : undefined;
  if (waiting === undefined) return new Worker(url);
  spare = undefined;
  waiting.ref();
  return waiting;
}
