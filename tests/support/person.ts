// A person at the keyboard of the screen, for tests: presses, pastes, waits, and sees snapshots.
// Deliberately goes through `update` alone: no terminal, no clock.
import type { Command, Snapshot } from '../../src/engine/index.ts';
import type { LoginStep } from '../../src/ui/login.ts';
import { initialUi, type UiState } from '../../src/ui/ui-state.ts';
import { update } from '../../src/ui/update.ts';

export const start = (extra: Partial<UiState> = {}): UiState => ({
  ...initialUi({
    columns: 80,
    rows: 24,
    theme: 'dark',
    commandPrefix: 'ui',
    role: 'operator',
    operator: 'ann',
    now: 0,
  }),
  ...extra,
});

/** A person at the keyboard: state, snapshot, everything sent. */
export class Person {
  ui: UiState;
  snapshot: Snapshot | undefined;
  readonly sent: Command[] = [];
  now = 0;

  constructor(snapshot: Snapshot | undefined, ui = start()) {
    this.ui = ui;
    this.snapshot = snapshot;
  }

  #take([ui, commands]: readonly [UiState, readonly Command[]]): this {
    this.ui = ui;
    this.sent.push(...commands);
    return this;
  }

  press(...keys: readonly string[]): this {
    for (const key of keys) {
      this.#take(update(this.ui, { type: 'key', key, alone: true, now: this.now }, this.snapshot));
    }
    return this;
  }

  /** All in one packet, as a paste without brackets or a slow link delivers it. */
  burst(...keys: readonly string[]): this {
    for (const key of keys) {
      this.#take(update(this.ui, { type: 'key', key, alone: false, now: this.now }, this.snapshot));
    }
    return this;
  }

  paste(text: string): this {
    return this.#take(update(this.ui, { type: 'paste', text, now: this.now }, this.snapshot));
  }

  hears(step: LoginStep): this {
    return this.#take(update(this.ui, { type: 'login', step, now: this.now }, this.snapshot));
  }

  sees(snapshot: Snapshot): this {
    this.snapshot = snapshot;
    return this.#take(update(this.ui, { type: 'snapshot', now: this.now }, snapshot));
  }

  waits(ms: number): this {
    this.now += ms;
    return this.#take(update(this.ui, { type: 'tick', now: this.now }, this.snapshot));
  }

  type(word: string): this {
    return this.press(...word);
  }
}

export const bodies = (person: Person) => person.sent.map((command) => command.body);
