/**
 * The loop's turn of a world: events wait for each other, and all of them while the process stands
 * still. Deliberately knows no engine; whoever handles an event is handed in.
 */
import type { Event } from '../engine/index.ts';
import type { VirtualClock } from './virtual-clock.ts';

export interface InboxParts {
  readonly clock: VirtualClock;
  readonly handle: (event: Event) => void;
}

/** The loop looks at its own delay this often. */
const LOOK_MS = 1_000;
const QUICK_MS = 2;

export class WorldInbox {
  readonly #parts: InboxParts;
  #queue: Event[] = [];
  #isDraining = false;
  /** The long task that holds everything up, while there is one. */
  #task: object | undefined;

  constructor(parts: InboxParts) {
    this.#parts = parts;
  }

  post(event: Event): void {
    this.#queue.push(event);
    if (this.#task === undefined) this.#drain();
  }

  /** Nothing is handled for so long; then the loop tells its delay, before all that waited. */
  stall(milliseconds: number): boolean {
    const { clock } = this.#parts;
    if (this.#task !== undefined) return false;
    const task = {};
    this.#task = task;
    clock.after(milliseconds, () => {
      if (this.#task !== task) return;
      this.#task = undefined;
      this.#queue.unshift({ type: 'host', loopDelayMs: milliseconds });
      this.#drain();
      clock.after(LOOK_MS, () => this.post({ type: 'host', loopDelayMs: QUICK_MS }));
    });
    return true;
  }

  /** The process died: what waited reaches nobody. */
  clear(): void {
    this.#queue = [];
    this.#task = undefined;
  }

  #drain(): void {
    if (this.#isDraining) return;
    this.#isDraining = true;
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
      this.#parts.handle(next);
    }
    this.#isDraining = false;
  }
}
