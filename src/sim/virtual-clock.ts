/**
 * Time moved by hand: the Clock of every simulated world and of everybody's tests.
 * Deliberately never looks at the machine's time and never runs a callback unless told to.
 */
import {
  assert,
  type Clock,
  type Mono,
  mono,
  type Timer,
  type Wall,
  wall,
} from '../engine/index.ts';

export interface VirtualClock extends Clock {
  /** When the earliest pending callback is due; undefined when nothing waits. */
  nextDue(): Mono | undefined;
  /** Moves to the earliest due time and runs exactly one callback; among equals the first asked. */
  runNext(): void;
  /** Runs everything due up to that instant, also what is asked meanwhile, then stands there. */
  advanceTo(instant: Mono): void;
  /** `advanceTo` relative to now. */
  advanceBy(milliseconds: number): void;
}

interface Entry {
  readonly due: number;
  readonly order: number;
  readonly callback: () => void;
  cancelled: boolean;
}

/** Starts at mono 0, which is `startWall`. */
export function createVirtualClock(startWall: Wall): VirtualClock {
  const heap: Entry[] = [];
  let now = 0;
  let asked = 0;

  const peek = (): Entry | undefined => {
    while (heap[0]?.cancelled) pop(heap);
    return heap[0];
  };
  const runNext = (): void => {
    const entry = peek();
    assert(entry !== undefined, 'nothing is due on the virtual clock');
    pop(heap);
    now = entry.due;
    // Cancelling what already ran stays harmless.
    entry.cancelled = true;
    entry.callback();
  };
  const advanceTo = (instant: Mono): void => {
    assert(instant >= now, `the virtual clock cannot go back from ${now} to ${instant}`);
    for (let entry = peek(); entry !== undefined && entry.due <= instant; entry = peek()) runNext();
    now = instant;
  };
  const after = (delayMs: number, callback: () => void): Timer => {
    assert(Number.isFinite(delayMs), `delay must be a finite number, got ${delayMs}`);
    const due = now + Math.max(0, Math.ceil(delayMs));
    const entry: Entry = { due, order: asked++, callback, cancelled: false };
    push(heap, entry);
    return {
      cancel: () => {
        entry.cancelled = true;
      },
    };
  };
  return {
    mono: () => mono(now),
    wall: () => wall(startWall + now),
    after,
    nextDue: () => {
      const entry = peek();
      return entry === undefined ? undefined : mono(entry.due);
    },
    runNext,
    advanceTo,
    advanceBy: (milliseconds) => advanceTo(mono(now + milliseconds)),
  };
}

const before = (a: Entry, b: Entry): boolean =>
  a.due < b.due || (a.due === b.due && a.order < b.order);

function push(heap: Entry[], entry: Entry): void {
  let at = heap.length;
  heap.push(entry);
  while (at > 0) {
    const parent = (at - 1) >> 1;
    const above = heap[parent];
    if (above === undefined || !before(entry, above)) break;
    heap[at] = above;
    at = parent;
  }
  heap[at] = entry;
}

function pop(heap: Entry[]): void {
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return;
  let at = 0;
  for (;;) {
    const left = at * 2 + 1;
    const a = heap[left];
    if (a === undefined) break;
    const b = heap[left + 1];
    const child = b !== undefined && before(b, a) ? left + 1 : left;
    const below = heap[child];
    if (below === undefined || !before(below, last)) break;
    heap[at] = below;
    at = child;
  }
  heap[at] = last;
}
