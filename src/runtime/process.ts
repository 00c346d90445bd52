/**
 * What holds a running engine together as a process: one instance, signals, the shutdown ladder.
 * Deliberately stops nothing by itself: it calls the steps it is given, in order, within a budget.
 */
import { closeSync, fstatSync, lstatSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Database, NoSqliteDriver, openBare } from './sqlite.ts';

/** Somebody else runs for the same environment, account and mode. Exit code 75. */
export class AlreadyRunning extends Error {
  override readonly name = 'AlreadyRunning';
}

/** The lock cannot be taken for another reason; the sentence says which. Exit code 12. */
export class LockUnusable extends Error {
  override readonly name = 'LockUnusable';
}

export interface InstanceLock {
  release(): void;
}

/**
 * An operating-system lock on an open file for the life of the process: SQLite's exclusive lock.
 * It dies with the process however that ends, so a stale file never blocks a start (F90).
 */
export async function lockInstance(file: string): Promise<InstanceLock> {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  if (lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink()) {
    throw new LockUnusable(`The lock ${file} is a link: remove it, a lock must be a file (F121).`);
  }
  let database: Database | undefined;
  try {
    database = await openBare(file);
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database?.close();
    throw lockFault(file, error);
  }
  const held = database;
  return {
    release: () => {
      held.exec('ROLLBACK');
      held.close();
    },
  };
}

/** SQLite's word for "somebody holds it"; nothing else is a reason to believe in another engine. */
const BUSY = 5;

function lockFault(file: string, error: unknown): Error {
  if (error instanceof NoSqliteDriver) return error;
  const isBusy = error instanceof Error && 'errcode' in error && error.errcode === BUSY;
  if (isBusy) {
    return new AlreadyRunning(
      `Another instance runs for this account (lock ${file}): use that one, or stop it first.`,
    );
  }
  const why = error instanceof Error ? error.message : String(error);
  return new LockUnusable(
    `The lock ${file} cannot be used (${why}): check the directory's permissions and space; if ` +
      'the file is not a lock of this program, remove it.',
  );
}

export type StopReason = 'operator' | 'SIGINT' | 'SIGTERM' | 'SIGHUP' | 'end' | 'defect' | 'unwell';

export interface SignalParts {
  /** The process, or what stands for it in a test. */
  readonly source: {
    on(signal: NodeJS.Signals, listener: () => void): unknown;
    off(signal: NodeJS.Signals, listener: () => void): unknown;
  };
  /** First request: graceful. */
  readonly onStop: (reason: StopReason) => void;
  /** Second SIGINT within 5 s: skip the waiting. */
  readonly onHurry: () => void;
  readonly now: () => number;
}

const HURRY_MS = 5_000;
/** A terminal's Ctrl-C reaches us directly and again through npm: one press, not two. */
const ECHO_MS = 300;

/** Listens to SIGINT, SIGTERM and SIGHUP; returns how to stop listening. */
export function listenToSignals(parts: SignalParts): () => void {
  let interruptedAt: number | undefined;
  const onInterrupt = (): void => {
    const now = parts.now();
    const since = interruptedAt === undefined ? Number.POSITIVE_INFINITY : now - interruptedAt;
    if (since < ECHO_MS) return;
    const isSecond = since <= HURRY_MS;
    interruptedAt = now;
    if (isSecond) parts.onHurry();
    else parts.onStop('SIGINT');
  };
  const listeners = [
    ['SIGINT', onInterrupt],
    ['SIGTERM', () => parts.onStop('SIGTERM')],
    ['SIGHUP', () => parts.onStop('SIGHUP')],
  ] as const;
  for (const [signal, listener] of listeners) parts.source.on(signal, listener);
  return () => {
    for (const [signal, listener] of listeners) parts.source.off(signal, listener);
  };
}

/** One step of the shutdown ladder; a step that throws or overruns does not stop the next. */
export interface ShutdownStep {
  readonly name: string;
  readonly budgetMs: number;
  run(): Promise<void> | void;
}

export interface LadderParts {
  readonly steps: readonly ShutdownStep[];
  /** True once the person is in a hurry: waiting steps get no time. */
  readonly hurried: () => boolean;
  readonly onTrouble: (step: string, why: string) => void;
  /** Bound of the whole, from the first step on; 20 s unless told otherwise. */
  readonly totalMs?: number;
}

const TOTAL_MS = 20_000;
/** What a step gets when the whole is used up: enough to restore a terminal, not to wait. */
const LEAST_MS = 200;

/** Walks the ladder in order; every step is tried, and the whole cannot take for ever (I28). */
export async function walkLadder(parts: LadderParts): Promise<void> {
  const ends = performance.now() + (parts.totalMs ?? TOTAL_MS);
  for (const step of parts.steps) {
    const left = Math.max(LEAST_MS, ends - performance.now());
    const budgetMs = Math.min(step.budgetMs, left);
    try {
      await within({ name: step.name, budgetMs, run: () => step.run() }, parts.hurried);
    } catch (error) {
      parts.onTrouble(step.name, error instanceof Error ? error.message : String(error));
    }
  }
}

async function within(step: ShutdownStep, hurried: () => boolean): Promise<void> {
  const work = Promise.resolve(step.run());
  const began = performance.now();
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_resolve, reject) => {
    const look = (): void => {
      const spent = performance.now() - began;
      const budget = hurried() ? Math.min(step.budgetMs, 500) : step.budgetMs;
      if (spent >= budget) reject(new Error(`took longer than ${Math.round(budget)} ms`));
      else timer = setTimeout(look, Math.min(100, budget - spent));
    };
    look();
  });
  try {
    await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * After a hang-up the three standard descriptors point nowhere, and Node aborts at its exit when it
 * cannot restore their modes. They become the empty device, in order, so that each keeps its
 * number.
 */
export function letGoOfTerminal(): void {
  for (const descriptor of [0, 1, 2]) {
    try {
      // A file or pipe that one of them was sent to is not the terminal.
      if (!fstatSync(descriptor).isCharacterDevice()) continue;
      closeSync(descriptor);
      openSync('/dev/null', descriptor === 0 ? 'r' : 'w');
    } catch {
      // Closed already: there is nothing to let go of.
    }
  }
}
