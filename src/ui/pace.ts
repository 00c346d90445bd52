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
  /** Milliseconds between two pictures at most; larger on a slow line. */
  readonly everyMs: number;
  /** Pictures left out or replaced by a newer one because the terminal was busy. */
  readonly dropped: number;
}

export class Pace {
  #everyMs = PUBLISH_MS;
  #lastAt = Number.NEGATIVE_INFINITY;
  #calm = 0;
  #skipped = 0;
  #marks: (readonly [at: number, bytes: number])[] = [];

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

  /** Bytes a second over the window, given the total so far. */
  rate(now: number, total: number): number {
    const last = this.#marks.at(-1);
    if (last === undefined || now - last[0] >= 1_000) this.#marks.push([now, total]);
    while ((this.#marks[1]?.[0] ?? now) <= now - WINDOW_MS) this.#marks.shift();
    const [first] = this.#marks;
    if (first === undefined || now <= first[0]) return 0;
    return Math.round(((total - first[1]) * 1_000) / (now - first[0]));
  }
}
