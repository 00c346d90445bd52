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
  readonly disk?: WorldDisk | undefined;
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

/** Rows on their way to a file, numbered as they came. */
export type DiskRow =
  | { readonly number: number; readonly kind: 'input'; readonly input: Stamped }
  | {
      readonly number: number;
      readonly kind: 'record';
      readonly seq: Stamped['seq'];
      readonly record: JournalRecord;
    };

/** A file behind the journal: what is durable is in it, and a restart reads nothing else. */
export interface WorldDisk {
  row(row: DiskRow): void;
  /** Rows up to that number are written and synced. */
  commit(upTo: number): void;
  /** The process died: what was not committed is gone. */
  lose(): void;
  checkpoint(state: EngineState): void;
  /** The state that the file proves. */
  recover(): EngineState;
}

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
  /** The last row behind which a whole state was kept. */
  #kept = 0;
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
    this.#parts.disk?.row({ number: this.#written, kind: 'input', input });
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
    this.#parts.disk?.row({ number: this.#written, kind: 'record', seq, record });
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
      this.#commit(sync.upTo);
      post({ type: 'durable', upTo: seq });
    });
  }

  settled(state: EngineState): void {
    const row = this.#rows.at(-1);
    if (row === undefined || row.input.seq !== state.at.seq) return;
    row.after = state;
    this.#keepState(state);
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
    this.#commit(kept);
    this.#parts.disk?.lose();
    this.#written = kept;
    this.#durable = kept;
    // What was on its way to the disk died with the process.
    this.#mark = { at: this.#parts.clock.mono(), written: kept };
    this.#open = undefined;
    this.#kept = Math.min(this.#kept, kept);
    this.#process += 1;
    this.#answerAt = 0;
    this.#hasFailed = false;
    this.#slowUntil = 0;
    return this.#rows.at(-1)?.input.seq ?? this.#checkpoint.at.seq;
  }

  recover(replay: Replay): { state: EngineState; differs: string | undefined } {
    const { disk } = this.#parts;
    let state = disk?.recover() ?? throughText(this.#checkpoint);
    if (disk === undefined) state = this.#replayed(state, replay);
    const live = this.#rows.at(-1)?.after;
    const same = live === undefined || digest(live) === digest(state);
    const words = `the replay of ${this.#rows.length} inputs is not the state that was left`;
    return { state, differs: same ? undefined : words };
  }

  /** A file keeps a whole state now and then, so that a start need not replay everything. */
  #keepState(state: EngineState): void {
    const { clock, disk } = this.#parts;
    const isBusy = this.#hasFailed || clock.mono() < this.#slowUntil;
    if (disk === undefined || isBusy || this.#written - this.#kept < CHECKPOINT_ROWS) return;
    this.#kept = this.#written;
    this.#commit(this.#written);
    disk.checkpoint(state);
  }

  #replayed(from: EngineState, replay: Replay): EngineState {
    let state = from;
    for (const { input } of this.#rows) {
      // A price is five numbers and two texts: going through a file cannot change it.
      const read = input.event.type === 'quote' ? input : throughText(input);
      state = replay(state, read);
    }
    return state;
  }

  #commit(upTo: number): void {
    this.#durable = Math.max(this.#durable, upTo);
    this.#parts.disk?.commit(this.#durable);
  }

  #syncTime(): number {
    const { clock, dice, chance, syncMs } = this.#parts;
    if (clock.mono() < this.#slowUntil) return dice.of('journalSlow').integer(300, 5_000);
    return chance.integer(1, syncMs);
  }

  #background(): void {
    const now = this.#parts.clock.mono();
    if (now < this.#slowUntil || now - this.#mark.at < BACKGROUND_MS) return;
    this.#commit(this.#mark.written);
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
