/**
 * The journal of a world: in memory, durable late or never, and a crash loses what was not synced.
 * Deliberately keeps inputs and numbers only; what a record says is for the checkers to remember.
 */
import {
  type Event,
  type JournalRecord,
  type Mono,
  type Stamped,
  untrusted,
} from '../engine/index.ts';
import { digest, type EngineState, initialState } from '../engine/state.ts';
import type { Dice } from './faults.ts';
import type { Prng } from './prng.ts';
import type { VirtualClock } from './virtual-clock.ts';

export interface WorldJournalParts {
  readonly clock: VirtualClock;
  readonly dice: Dice;
  readonly chance: Prng;
  readonly syncMs: number;
  readonly post: (event: Event) => void;
}

/** Applies one input to a state; the effects happened before the crash. */
export type Replay = (state: EngineState, input: Stamped) => EngineState;

interface Row {
  readonly number: number;
  readonly input: Stamped;
  /** What the live engine was after it: a replay must come to the same (I17). */
  after: EngineState | undefined;
}

/** Rows older than this are folded into a checkpoint. */
const CHECKPOINT_ROWS = 3_000;
/** Without any barrier the writer syncs this often. */
const BACKGROUND_MS = 1_000;

export interface WorldJournal {
  append(input: Stamped): void;
  record(seq: Stamped['seq'], record: JournalRecord, barrier: boolean): void;
  /** The state after the newest input, for the comparison after a restart. */
  settled(state: EngineState): void;
  /** True when the announcement of a request is on the disk. */
  announced(requestId: string): boolean;
  /** Syncs are slow until then. */
  slowUntil(instant: Mono): void;
  /** Nothing is written any more. */
  fail(): void;
  failed(): boolean;
  /**
   * The process died: a part of what was not synced is lost, all of it or nothing when that is
   * asked for. Answers with the last seq kept.
   */
  crash(keeps?: 'all' | 'synced'): number;
  /** The state after a restart, and a sentence when the replay came to something else. */
  recover(replay: Replay): { readonly state: EngineState; readonly differs: string | undefined };
}

export function createWorldJournal(parts: WorldJournalParts): WorldJournal {
  return new MemoryJournal(parts);
}

class MemoryJournal implements WorldJournal {
  readonly #parts: WorldJournalParts;
  readonly #announced = new Map<string, number>();
  #rows: Row[] = [];
  #checkpoint: EngineState = initialState();
  #written = 0;
  #durable = 0;
  #mark: { at: number; written: number } = { at: 0, written: 0 };
  #answerAt = 0;
  #slowUntil = 0;
  #hasFailed = false;
  /** The newest sync that was asked for, and the last row it covers. */
  #open: { readonly seq: number; upTo: number } | undefined;
  readonly #reserve = new Set<string>();
  /** Answers of a former process reach nobody. */
  #process = 0;

  constructor(parts: WorldJournalParts) {
    this.#parts = parts;
  }

  append(input: Stamped): void {
    if (this.#hasFailed) return;
    this.#written += 1;
    this.#rows.push({ number: this.#written, input, after: undefined });
    this.#background();
    if (this.#rows.length > 2 * CHECKPOINT_ROWS) this.#fold();
  }

  record(seq: Stamped['seq'], record: JournalRecord, barrier: boolean): void {
    const { clock, post } = this.#parts;
    const process = this.#process;
    if (this.#hasFailed) {
      // Closing and protecting go on through the reserve beside the journal (I05).
      if (!barrier || record.kind !== 'request') return;
      this.#reserve.add(record.request.requestId);
      clock.after(this.#syncTime(), () => {
        if (process === this.#process) post({ type: 'durable', upTo: seq });
      });
      return;
    }
    this.#written += 1;
    if (this.#open?.seq === seq) this.#open.upTo = this.#written;
    const key = announcementOf(record);
    if (key !== undefined) this.#announced.set(key, this.#written);
    if (!barrier) return;
    this.#answerAt = Math.max(this.#answerAt, clock.mono() + this.#syncTime());
    // The rows of one step share a sync, those after the barrier too.
    const sync = this.#open?.seq === seq ? this.#open : { seq, upTo: this.#written };
    this.#open = sync;
    clock.after(this.#answerAt - clock.mono(), () => {
      if (process !== this.#process || this.#hasFailed) return;
      this.#durable = Math.max(this.#durable, sync.upTo);
      post({ type: 'durable', upTo: seq });
    });
  }

  settled(state: EngineState): void {
    const row = this.#rows.at(-1);
    if (row !== undefined && row.input.seq === state.at.seq) row.after = state;
  }

  announced(requestId: string): boolean {
    if (this.#reserve.has(requestId)) return true;
    const number = this.#announced.get(requestId);
    return number !== undefined && number <= this.#durable;
  }

  slowUntil(instant: Mono): void {
    this.#slowUntil = instant;
  }

  fail(): void {
    if (this.#hasFailed) return;
    this.#hasFailed = true;
    this.#parts.post({ type: 'journalFault', reason: untrusted('EIO: the sync failed') });
  }

  failed(): boolean {
    return this.#hasFailed;
  }

  crash(keeps?: 'all' | 'synced'): number {
    const { chance } = this.#parts;
    const least = keeps === 'all' ? this.#written : this.#durable;
    const most = keeps === 'synced' ? this.#durable : this.#written;
    const kept = chance.integer(least, most);
    this.#rows = this.#rows.filter((row) => row.number <= kept);
    for (const [key, number] of this.#announced) {
      if (number > kept) this.#announced.delete(key);
    }
    this.#written = kept;
    this.#durable = kept;
    this.#process += 1;
    this.#answerAt = 0;
    this.#hasFailed = false;
    this.#slowUntil = 0;
    return this.#rows.at(-1)?.input.seq ?? this.#checkpoint.at.seq;
  }

  recover(replay: Replay): { state: EngineState; differs: string | undefined } {
    let state = throughText(this.#checkpoint);
    for (const { input } of this.#rows) {
      // A price is five numbers and two texts: going through a file cannot change it.
      const read = input.event.type === 'quote' ? input : throughText(input);
      state = replay(state, read);
    }
    const live = this.#rows.at(-1)?.after;
    const same = live === undefined || digest(live) === digest(state);
    const words = `the replay of ${this.#rows.length} inputs is not the state that was left`;
    return { state, differs: same ? undefined : words };
  }

  #syncTime(): number {
    const { clock, dice, chance, syncMs } = this.#parts;
    if (clock.mono() < this.#slowUntil) return dice.of('journalSlow').integer(300, 5_000);
    return chance.integer(1, syncMs);
  }

  #background(): void {
    const now = this.#parts.clock.mono();
    if (now < this.#slowUntil || now - this.#mark.at < BACKGROUND_MS) return;
    this.#durable = Math.max(this.#durable, this.#mark.written);
    this.#mark = { at: now, written: this.#written };
  }

  #fold(): void {
    const last = this.#rows.findLastIndex((row, index) => {
      return index < CHECKPOINT_ROWS && row.number <= this.#durable && row.after !== undefined;
    });
    const state = this.#rows[last]?.after;
    if (state === undefined) return;
    this.#checkpoint = state;
    this.#rows = this.#rows.slice(last + 1);
  }
}

/** Which request a record announces (A5). */
function announcementOf(record: JournalRecord): string | undefined {
  if (record.kind === 'request') return record.request.requestId;
  if (record.kind === 'order' && record.to === 'SEND_BEGINS') return record.clientOrderId;
  return undefined;
}

/** As it would come back from a file. */
const throughText = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;
