/**
 * A journal's inputs one after the other through the engine, in the time that somebody who watches
 * has for them: paused, bar by bar, faster or slower.
 * Deliberately sends and writes nothing, and compares nothing (that is `journal-replay.ts`).
 */
import type { EngineState } from '../engine/state.ts';
import { step } from '../engine/step.ts';
import { beginningOf } from './journal-replay.ts';
import type { StoredEntry } from './journal-rows.ts';
import type { JournalView } from './journal-view.ts';
import { stampedOf } from './recovery.ts';

/** Nothing happens for longer: the watcher does not sit through it. */
const DULL_MS = 120_000;
/** At most so many inputs a turn, so that keys are heard. */
const TURN_INPUTS = 2_000;
export const SPEED_MAX = 100_000;

export class Player {
  state: EngineState;
  /** What the journal's clock says now; milliseconds since 1970. */
  now: number;
  speed: number;
  isPaused = false;
  /** All of them at once: prices are only kept for the last thousands of rows. */
  readonly #inputs: readonly StoredEntry[];
  #taken = 0;

  private constructor(state: EngineState, inputs: readonly StoredEntry[], speed: number) {
    this.state = state;
    this.speed = speed;
    this.#inputs = inputs;
    this.now = inputs[0]?.wall ?? 0;
  }

  /** From the first row, or from the oldest checkpoint; a text says why neither can be. */
  static of(view: JournalView, speed: number): Player | string {
    const begin = beginningOf(view);
    if (typeof begin === 'string') return begin;
    const inputs = [...view.rows(begin.id)].filter(({ kind }) => kind === 'input');
    return inputs.length === 0
      ? 'it holds nothing that can be shown'
      : new Player(begin.state, inputs, speed);
  }

  get isOver(): boolean {
    return this.#due === undefined;
  }

  get #due(): StoredEntry | undefined {
    return this.#inputs[this.#taken];
  }

  /** Lets so much of the watcher's time pass. */
  advance(realMs: number): void {
    if (this.isPaused || this.#due === undefined) return;
    this.now += realMs * this.speed;
    const wait = this.#due.wall - this.now;
    // The clock of a machine may be put back, and a night is not watched.
    if (wait > DULL_MS || wait < -DULL_MS * this.speed) this.now = this.#due.wall;
    for (let taken = 0; taken < TURN_INPUTS && this.#isDue(); taken += 1) this.#take();
    // Too fast for this machine: time waits for it.
    if (this.#isDue()) this.now = this.#due?.wall ?? this.now;
    // Behind the end nothing is known: it is shown as it was, not as if it had grown old.
    if (this.isOver) this.now = this.state.at.wall;
  }

  /** As far as the next closed bar, and paused there. */
  nextBar(): void {
    this.isPaused = true;
    const { barCount } = this.state.market;
    while (this.#due !== undefined && this.state.market.barCount === barCount) {
      this.now = this.#due.wall;
      this.#take();
    }
  }

  faster(factor: number): void {
    this.speed = Math.min(SPEED_MAX, Math.max(1, Math.round(this.speed * factor)));
  }

  #isDue(): boolean {
    return this.#due !== undefined && this.#due.wall <= this.now;
  }

  #take(): void {
    const entry = this.#due;
    if (entry === undefined) return;
    const stamped = stampedOf(entry);
    try {
      this.state = step(this.state, stamped)[0];
    } catch {
      // The step of a defect changed nothing then either: a restart follows it.
      const { seq, mono, wall } = stamped;
      this.state = { ...this.state, at: { seq, mono, wall } };
    }
    this.#taken += 1;
  }
}
