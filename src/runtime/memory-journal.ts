/**
 * A journal without a disk, for backtests and tests: the same rows, chain and answers.
 * Deliberately forgets everything with the process: it is no journal for a run that trades.
 */
import { type JournalRecord, type Stamped, untrusted } from '../engine/index.ts';
import type { JournalAnswer, Timer } from '../engine/ports.ts';
import { exactText } from './exact-json.ts';
import type { FileJournal } from './journal.ts';
import { type Entry, entryHash, GENESIS, type Head } from './journal-rows.ts';

export interface MemoryJournalParts {
  readonly onAnswer: (answer: JournalAnswer) => void;
  /**
   * When a barrier is answered: at once, only by `answerAll()`, or after some real time, as a disk
   * would (milliseconds, asked anew for every barrier).
   */
  readonly answers:
    | 'at once'
    | 'on demand'
    | { readonly delayMs: () => number; readonly after: After };
  /** Whether rows are kept and hashed; without, `head()` stays at the start and costs nothing. */
  readonly keeps: boolean;
}

type After = (delayMs: number, callback: () => void) => Timer;

export interface MemoryJournal extends FileJournal {
  /** Rows so far, oldest first. */
  rows(): readonly Entry[];
  /** Answers every barrier that waits, oldest first. */
  answerAll(): void;
  /** From now on nothing is answered any more, as after a failed write (F85). */
  fail(reason: string): void;
}

export function createMemoryJournal(parts: MemoryJournalParts): MemoryJournal {
  const rows: Entry[] = [];
  const waiting: Stamped['seq'][] = [];
  let waiters: (() => void)[] = [];
  let head: Head = GENESIS;
  let at = { mono: 0, wall: 0 };
  let isFaulty = false;

  const push = (entry: Entry): void => {
    rows.push(entry);
    head = { id: head.id + 1, hash: entryHash(head.hash, entry) };
  };
  const release = (): void => {
    const all = waiters;
    waiters = [];
    for (const resolve of all) resolve();
  };
  const answerOne = (): void => {
    const upTo = waiting.shift();
    if (upTo === undefined || isFaulty) return;
    parts.onAnswer({ type: 'durable', upTo });
    if (waiting.length === 0) release();
  };
  const ask = (seq: Stamped['seq']): void => {
    waiting.push(seq);
    if (parts.answers === 'at once') answerOne();
    else if (parts.answers !== 'on demand') {
      parts.answers.after(parts.answers.delayMs(), answerOne);
    }
  };
  return {
    append: ({ seq, mono, wall, event }) => {
      at = { mono, wall };
      if (!parts.keeps || isFaulty) return;
      push({ seq, kind: 'input', mono, wall, payload: exactText(event) });
    },
    record: (seq, record: JournalRecord, barrier) => {
      if (isFaulty) return;
      if (parts.keeps) push({ seq, kind: 'record', ...at, payload: exactText(record) });
      if (barrier) ask(seq);
    },
    pending: () => !isFaulty && waiting.length > 0,
    settled: () =>
      isFaulty || waiting.length === 0
        ? Promise.resolve()
        : new Promise((resolve) => {
            waiters.push(resolve);
          }),
    checkpointIfDue: () => undefined,
    head: () => head,
    waitsFor: () => 0,
    broken: () => isFaulty,
    close: () => Promise.resolve(),
    rows: () => rows,
    answerAll: () => {
      while (waiting.length > 0) answerOne();
    },
    fail: (reason) => {
      if (isFaulty) return;
      isFaulty = true;
      parts.onAnswer({ type: 'fault', reason: untrusted(reason) });
      release();
    },
  };
}
