/**
 * The journal on the main thread: collects rows, hands them to the writer, tells its answers.
 * Deliberately answers barriers only: other rows are committed too, but nobody waits (A5, A10).
 */
import { chmodSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Worker } from 'node:worker_threads';
import {
  type BrokerRequest,
  type JournalRecord,
  type Seq,
  type Stamped,
  untrusted,
} from '../engine/index.ts';
import type { Journal, JournalAnswer, Timer } from '../engine/ports.ts';
import { type EngineState, STATE_SHAPE } from '../engine/state.ts';
import { exactText } from './exact-json.ts';
import { keepInReserve } from './journal-reserve.ts';
import type { Entry, Head, JournalIdentity, WriterAnswer, WriterCall } from './journal-rows.ts';
import { SCHEMA, SCHEMA_VERSION } from './journal-rows.ts';
import { openBare } from './sqlite.ts';
import { takeWriter } from './writer-thread.ts';

export interface JournalParts {
  readonly file: string;
  /** Where the chain stands; `recover` says it. */
  readonly head: Head;
  /** The writer's script, as JavaScript. */
  readonly writer: { readonly url: URL };
  readonly onAnswer: (answer: JournalAnswer) => void;
  /** Real time, for the flush of rows nobody waits for. */
  readonly after: (delayMs: number, callback: () => void) => Timer;
  /** Space for closing and trips on a full disk, in bytes; none when absent (F85). */
  readonly reserveBytes?: number;
  /** How long reasons for doing nothing are kept (journal-retention.ts). */
  readonly keepDays?: number;
  /** The machine's time in milliseconds; without it nothing is timed and a hang is not seen. */
  readonly now?: () => number;
  /** How long rows took to become durable, in milliseconds. */
  readonly onCommit?: (spentMs: number) => void;
  /** Counted up by the main thread while it lives; the writer's thread watches it. */
  readonly beat?: SharedArrayBuffer;
  /** What is written beside the file once that has failed, and whether it is durable (I05). */
  readonly onReserve?: (line: string) => void;
}

/** The journal file with its hands on it. */
export interface FileJournal extends Journal {
  /** True while a barrier or an act of consequence is not durable yet. */
  pending(): boolean;
  /** Writes what waits; resolves when nothing is pending. */
  settled(): Promise<void>;
  /** Keeps the whole state, so that a start need not replay everything. */
  checkpointIfDue(state: EngineState): void;
  /** How long the oldest rows have waited for the disk, in milliseconds; 0 when none do. */
  waitsFor(): number;
  /** True once nothing can be written any more. */
  broken(): boolean;
  /** Newest durable row; the same inputs give the same hash. */
  head(): Head;
  /** Writes all, keeps a last checkpoint and a note on how the run ended, closes the file. */
  close(state: EngineState, note: string): Promise<void>;
}

/** How long rows wait for others when nobody waits for them; each commit is a sync of the disk. */
const FLUSH_MS = 250;
const KEEP_DAYS = 35;
/** How often the writer compares the open file with its path; noticed within 10 s (F87). */
const CHECK_MS = 5_000;
/** A disk that takes longer than this for one commit is as good as gone (F85). */
const STUCK_MS = 8_000;
/** Inputs between two checkpoints: bounds both replay time and file growth. */
const CHECKPOINT_INPUTS = 5_000;

/**
 * Inputs of which nobody is told; everything else must be durable before it is shown (I18). What
 * one of them changes that matters makes a record, and that is waited for.
 */
const UNSPOKEN: ReadonlySet<Stamped['event']['type']> = new Set<Stamped['event']['type']>([
  'quote',
  'clock',
  'sentiment',
  'account',
  'clockSkew',
  'brokerSnapshot',
]);

/** Closes, cancels and protects: what must be possible whatever the disk does (I32). */
const REDUCING: ReadonlySet<string> = new Set<BrokerRequest['type']>([
  'closePosition',
  'cancelOrder',
  'amendProtection',
]);
const reducesRisk = (record: JournalRecord): boolean =>
  record.kind === 'request' && REDUCING.has(record.request.type);

/** Creates the file with its tables when absent and checks whose it is; owner only (F121). */
export async function prepareJournal(file: string, identity: JournalIdentity): Promise<void> {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  if (existsSync(file)) return;
  // Made aside and renamed: a start killed half-way leaves no file without its tables.
  const fresh = `${file}.new`;
  rmSync(fresh, { force: true });
  const database = await openBare(fresh);
  try {
    chmodSync(fresh, 0o600);
    const rows = { schema: String(SCHEMA_VERSION), ...identity };
    database.exec(`BEGIN; ${SCHEMA}`);
    const insert = database.prepare('INSERT INTO meta (key, value) VALUES (?, ?)');
    for (const [key, value] of Object.entries(rows)) insert.run(key, value);
    database.exec('COMMIT');
  } finally {
    database.close();
  }
  renameSync(fresh, file);
}

export function openJournal(parts: JournalParts): FileJournal {
  return new WorkerJournal(parts);
}

/** A record that somebody waits for. */
interface Barrier {
  readonly seq: Seq;
  readonly record: JournalRecord;
}

/** Rows on their way to the disk. */
interface Call {
  readonly barriers: readonly Barrier[];
  readonly weighty: boolean;
  readonly since: number;
}

class WorkerJournal implements FileJournal {
  readonly #parts: JournalParts;
  readonly #worker: Worker;
  #head: Head;
  #rows: Entry[] = [];
  #barriers: Barrier[] = [];
  readonly #calls = new Map<number, Call>();
  #nextCall = 1;
  #weighty = false;
  #timer: Timer | undefined;
  #check: Timer | undefined;
  #faulty = false;
  #closing = false;
  #inputs = 0;
  #at = { mono: 0, wall: 0 };
  #waiters: (() => void)[] = [];
  #closed: (() => void) | undefined;

  constructor(parts: JournalParts) {
    this.#parts = parts;
    this.#head = parts.head;
    this.#worker = takeWriter(parts.writer.url);
    this.#worker.on('message', (answer: WriterAnswer) => this.#onAnswer(answer));
    this.#worker.on('error', (error) => this.#fault(error.message));
    this.#worker.on('exit', () => {
      if (!this.#closing) this.#fault('the writer thread ended by itself');
    });
    const { file, head, reserveBytes = 0, keepDays = KEEP_DAYS } = parts;
    this.#call({ type: 'open', file, head, reserveBytes, keepDays, beat: parts.beat });
    this.#planCheck();
  }

  append(input: Stamped): void {
    const { seq, mono, wall, event } = input;
    this.#at = { mono, wall };
    this.#inputs += 1;
    this.#push({ seq, kind: 'input', mono, wall, payload: exactText(event) });
    if (!UNSPOKEN.has(event.type)) this.#weighty = true;
  }

  record(seq: Seq, record: JournalRecord, barrier: boolean): void {
    if (this.#faulty) {
      if (barrier || record.kind === 'breaker') this.#reserve({ seq, record });
      return;
    }
    this.#push({ seq, kind: 'record', ...this.#at, payload: exactText(record) });
    this.#weighty = true;
    if (!barrier) return;
    this.#barriers.push({ seq, record });
    // After this turn: the rows of one turn share a commit.
    queueMicrotask(() => this.#flush());
  }

  pending(): boolean {
    if (this.#faulty) return false;
    return this.#weighty || [...this.#calls.values()].some((call) => call.weighty);
  }

  settled(): Promise<void> {
    this.#flush();
    if (!this.pending()) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiters.push(resolve);
    });
  }

  checkpointIfDue(state: EngineState): void {
    if (this.#inputs < CHECKPOINT_INPUTS) return;
    this.#checkpoint(state);
  }

  head(): Head {
    return this.#head;
  }

  waitsFor(): number {
    const [oldest] = this.#calls.values();
    return oldest === undefined ? 0 : this.#now() - oldest.since;
  }

  broken(): boolean {
    return this.#faulty;
  }

  #now(): number {
    return this.#parts.now?.() ?? 0;
  }

  close(state: EngineState, note: string): Promise<void> {
    this.#timer?.cancel();
    this.#check?.cancel();
    this.#closing = true;
    if (this.#faulty) return this.#worker.terminate().then(() => undefined);
    this.#checkpoint(state);
    return new Promise((resolve) => {
      this.#closed = resolve;
      this.#call({ type: 'close', note });
    });
  }

  #checkpoint(state: EngineState): void {
    this.#flush();
    this.#inputs = 0;
    this.#call({
      type: 'checkpoint',
      seq: state.at.seq,
      state: exactText({ ...state, shape: STATE_SHAPE }),
    });
  }

  #push(entry: Entry): void {
    if (this.#faulty) return;
    this.#rows.push(entry);
    this.#timer ??= this.#parts.after(FLUSH_MS, () => this.#flush());
  }

  #flush(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    if (this.#rows.length === 0 || this.#faulty) return;
    const call = this.#nextCall;
    this.#nextCall += 1;
    const since = this.#now();
    this.#calls.set(call, { barriers: this.#barriers, weighty: this.#weighty, since });
    const sync = this.#barriers.length > 0;
    this.#call({ type: 'write', call, entries: this.#rows, sync });
    this.#rows = [];
    this.#barriers = [];
    this.#weighty = false;
  }

  #call(call: WriterCall): void {
    this.#worker.postMessage(call);
  }

  #onAnswer(answer: WriterAnswer): void {
    if (answer.type === 'fault') this.#fault(answer.reason);
    else if (answer.type === 'closed') this.#closed?.();
    else if (!this.#faulty) this.#written(answer);
  }

  #written(answer: Extract<WriterAnswer, { type: 'written' }>): void {
    this.#head = answer.head;
    const call = this.#calls.get(answer.call);
    this.#calls.delete(answer.call);
    if (call !== undefined) this.#parts.onCommit?.(this.#now() - call.since);
    for (const { seq } of call?.barriers ?? []) {
      this.#parts.onAnswer({ type: 'durable', upTo: seq });
    }
    if (!this.pending()) this.#release();
  }

  /** Once and for good: what was not confirmed is lost, and nobody may wait for it (F85). */
  #fault(reason: string): void {
    if (this.#faulty) return;
    this.#faulty = true;
    this.#timer?.cancel();
    this.#check?.cancel();
    const unanswered = [...this.#calls.values()].flatMap((call) => call.barriers);
    unanswered.push(...this.#barriers);
    this.#rows = [];
    this.#barriers = [];
    this.#calls.clear();
    this.#parts.onAnswer({ type: 'fault', reason: untrusted(reason) });
    for (const barrier of unanswered) this.#reserve(barrier);
    this.#release();
    this.#closed?.();
  }

  /**
   * Closing and protecting go on without the journal: written beside it, into space taken before,
   * and said aloud; trips are kept too. Entries are never answered: the engine aborts them after
   * two seconds (I05, I21, I32).
   */
  #reserve({ seq, record }: Barrier): void {
    if (!reducesRisk(record) && record.kind !== 'breaker') return;
    const row = { seq, ...this.#at, record };
    const durable = keepInReserve(this.#parts.file, exactText({ durable: true, ...row }));
    this.#parts.onReserve?.(exactText({ durable, ...row }));
    if (reducesRisk(record)) this.#parts.onAnswer({ type: 'durable', upTo: seq });
  }

  #planCheck(): void {
    this.#check = this.#parts.after(CHECK_MS, () => {
      const waits = this.waitsFor();
      if (waits > STUCK_MS) {
        this.#fault(`the disk has not answered for ${Math.round(waits / 1_000)} s`);
        return;
      }
      this.#call({ type: 'check' });
      this.#planCheck();
    });
  }

  #release(): void {
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const resolve of waiters) resolve();
  }
}
