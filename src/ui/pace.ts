/**
 * How often news is drawn, and what it costs the line: slower while the terminal cannot keep up.
 * Deliberately no clock and no output: it is told the time, the bytes and whether all was taken.
 */

/** At most so often does news reach the screen; keys do not wait for it. */
export const PUBLISH_MS = 100;
/** On the slowest line the screen still moves once a second. */
const SLOWEST_MS = 1_000;
/** So many pictures in a row must be taken at once before the pace is doubled again. */
const CALM_COUNT = 8;
const WINDOW_MS = 10_000;

/** What the screen costs, for the diagnostics view. */
export interface OutputCost {
  /** Mean of the last ten seconds. */
  readonly bytesPerSecond: number;
  /** Pictures written, mean of the same time. */
  readonly framesPerSecond: number;
  /** Milliseconds between two pictures at most; larger on a slow line. */
  readonly everyMs: number;
  /** Pictures left out or replaced by a newer one because the terminal was busy. */
  readonly dropped: number;
  /** The longest a regular call of the last ten seconds came too late. */
  readonly delayMs: number;
}

interface Mark {
  readonly at: number;
  readonly bytes: number;
  readonly frames: number;
  /** The worst lateness from this mark to the next. */
  delayMs: number;
}

export class Pace {
  #everyMs = PUBLISH_MS;
  #lastAt = Number.NEGATIVE_INFINITY;
  #calm = 0;
  #skipped = 0;
  #marks: Mark[] = [];
  #calledAt: number | undefined;

  get everyMs(): number {
    return this.#everyMs;
  }

  /** Pictures never made because the terminal was busy. */
  get skipped(): number {
    return this.#skipped;
  }

  /** True when the next picture may be drawn; `busy` while the last one is still on its way. */
  due(now: number, busy: boolean): boolean {
    // Half a publication of tolerance: timers are late by a little, never early.
    if (now - this.#lastAt < this.#everyMs - PUBLISH_MS / 2) return false;
    this.#lastAt = now;
    if (busy) {
      this.#skipped += 1;
      this.#calm = 0;
      this.#everyMs = Math.min(SLOWEST_MS, this.#everyMs * 2);
      return false;
    }
    this.#calm += 1;
    if (this.#calm >= CALM_COUNT && this.#everyMs > PUBLISH_MS) {
      this.#calm = 0;
      this.#everyMs = Math.max(PUBLISH_MS, this.#everyMs / 2);
    }
    return true;
  }

  /** What it costs over the window, given the totals so far; called on every publication. */
  cost(now: number, bytes: number, frames: number): Omit<OutputCost, 'dropped'> {
    const late = this.#calledAt === undefined ? 0 : now - this.#calledAt - PUBLISH_MS;
    this.#calledAt = now;
    let last = this.#marks.at(-1);
    if (last === undefined || now - last.at >= 1_000) {
      last = { at: now, bytes, frames, delayMs: 0 };
      this.#marks.push(last);
    }
    last.delayMs = Math.max(last.delayMs, Math.round(late));
    while ((this.#marks[1]?.at ?? now) <= now - WINDOW_MS) this.#marks.shift();
    const first = this.#marks[0] ?? last;
    const seconds = (now - first.at) / 1_000;
    const rate = (total: number): number => (seconds > 0 ? total / seconds : 0);
    return {
      bytesPerSecond: Math.round(rate(bytes - first.bytes)),
      framesPerSecond: Math.round(rate(frames - first.frames) * 10) / 10,
      everyMs: this.#everyMs,
      delayMs: Math.max(...this.#marks.map((mark) => mark.delayMs)),
    };
  }
}
