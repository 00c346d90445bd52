/**
 * Runs a journal's inputs through the engine again and compares all it writes with what it wrote.
 * Deliberately changes nothing and stops at the first difference: what follows would only echo it.
 */

import { takenOver } from '../engine/earlier-state.ts';
import type { Effect } from '../engine/index.ts';
import { digest, type EngineState, initialState, STATE_SHAPE } from '../engine/state.ts';
import { step } from '../engine/step.ts';
import { exactText, exactValue } from './exact-json.ts';
import { GENESIS, type StoredEntry } from './journal-rows.ts';
import type { JournalView, StoredCheckpoint } from './journal-view.ts';
import { stampedOf } from './recovery.ts';

export interface Verdict {
  /** Inputs that were run again, the records and checkpoints that were compared. */
  readonly inputs: number;
  readonly records: number;
  readonly decisions: number;
  readonly checkpoints: number;
  /** Rows before this one were not run again: their prices are no longer kept. */
  readonly from: number;
  /** Of the state at the end. */
  readonly digest: string;
  /** The first difference in words, with its row; nothing when there is none. */
  readonly difference: string | undefined;
}

interface Begin {
  readonly state: EngineState;
  readonly id: number;
}

/** Where a replay can begin: at the first row, or at the oldest checkpoint of this version. */
export function beginningOf(view: JournalView): Begin | string {
  const checkpoints = view.checkpoints();
  if (isWholeUpTo(view, checkpoints[0])) return { state: initialState(), id: GENESIS.id };
  const [oldest] = checkpoints;
  if (oldest === undefined) return 'its first rows are missing and it has no checkpoint';
  const { shape, ...state } = exactValue(oldest.state) as EngineState & { shape?: number };
  const taken = takenOver(state, shape ?? 1);
  if (taken === undefined) return 'its oldest checkpoint was written by another version';
  return { state: taken, id: oldest.id };
}

/** Prices before the oldest checkpoint are given up in time; then its first rows have holes. */
function isWholeUpTo(view: JournalView, checkpoint: StoredCheckpoint | undefined): boolean {
  let last = GENESIS.id;
  for (const { id } of view.rows()) {
    if (id !== last + 1) return false;
    last = id;
    if (checkpoint === undefined || id > checkpoint.id) return true;
  }
  return true;
}

/** Verifies a whole journal; `each` is told every state, for somebody who watches. */
export function verifyReplay(
  view: JournalView,
  each: (state: EngineState) => void = () => undefined,
): Verdict | string {
  const begin = beginningOf(view);
  if (typeof begin === 'string') return begin;
  const marks = new Map(view.checkpoints().map((one) => [one.id, one] as const));
  const run = new Rerun(begin);
  let last = begin.id;
  for (const entry of view.rows(begin.id)) {
    if (entry.id !== last + 1) run.differs(entry, 'follows a hole');
    last = entry.id;
    run.take(entry);
    if (entry.kind === 'input') each(run.state);
    const mark = marks.get(entry.id);
    if (mark !== undefined) run.checkpoint(mark);
    if (run.difference !== undefined) break;
  }
  run.end();
  return run.verdict(begin.id + 1);
}

/** Written by the loop or the program around the engine, not by a step. */
const NOTE = '{"kind":"note"';
const DECISION = '{"kind":"decision"';
const RESTART = '{"type":"started"';

class Rerun {
  state: EngineState;
  difference: string | undefined;
  #inputs = 0;
  #records = 0;
  #decisions = 0;
  #checkpoints = 0;
  /** What the newest step wrote and the journal has not shown yet. */
  #due: string[] = [];
  #newest: StoredEntry | undefined;
  /** The input whose step threw: only a restart may follow it. */
  #broken: string | undefined;

  constructor({ state }: Begin) {
    this.state = state;
  }

  take(entry: StoredEntry): void {
    if (entry.kind === 'input') this.#input(entry);
    else this.#record(entry);
  }

  #input(entry: StoredEntry): void {
    this.end();
    if (this.#broken !== undefined && !entry.payload.startsWith(RESTART)) {
      this.differs(entry, `cannot be reached: the step before it throws (${this.#broken})`);
    }
    this.#broken = undefined;
    this.#newest = entry;
    this.#inputs += 1;
    const input = stampedOf(entry);
    try {
      const [next, effects] = step(this.state, input);
      this.state = next;
      this.#due = effects.flatMap(recordIn);
    } catch (error) {
      this.#broken = error instanceof Error ? error.message : String(error);
      const { seq, mono, wall } = input;
      this.state = { ...this.state, at: { seq, mono, wall } };
    }
  }

  #record(entry: StoredEntry): void {
    // Rows after the checkpoint that belong to its own step cannot be made again.
    if (this.#newest === undefined) return;
    const [due] = this.#due;
    if (due !== entry.payload) {
      if (entry.payload.startsWith(NOTE)) return;
      const other = due ?? 'nothing';
      this.differs(entry, `says ${brief(entry.payload)}; run again it is ${brief(other)}`);
      return;
    }
    this.#due.shift();
    this.#records += 1;
    if (due.startsWith(DECISION)) this.#decisions += 1;
  }

  checkpoint({ id, state }: StoredCheckpoint): void {
    const { shape, ...kept } = exactValue(state) as EngineState & { shape?: number };
    if (shape !== STATE_SHAPE) return;
    this.#checkpoints += 1;
    if (digest(kept) === digest(this.state)) return;
    this.difference ??= `the state after row ${id} is another one than its checkpoint`;
  }

  /** A step whose records are not all there. */
  end(): void {
    const [due] = this.#due;
    const entry = this.#newest;
    if (due === undefined || entry === undefined) return;
    this.differs(entry, `lacks what follows from it: ${brief(due)}`);
    this.#due = [];
  }

  differs({ id, seq, kind }: StoredEntry, what: string): void {
    this.difference ??= `row ${id} (${kind} of step ${seq}) ${what}`;
  }

  verdict(from: number): Verdict {
    return {
      inputs: this.#inputs,
      records: this.#records,
      decisions: this.#decisions,
      checkpoints: this.#checkpoints,
      from,
      digest: digest(this.state),
      difference: this.difference,
    };
  }
}

const recordIn = (effect: Effect): string[] =>
  effect.type === 'record' ? [exactText(effect.record)] : [];

const SHOWN = 160;
const brief = (text: string): string =>
  text.length <= SHOWN ? text : `${text.slice(0, SHOWN)}... (${text.length} characters)`;
