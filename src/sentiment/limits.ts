/**
 * How often and for how much may be asked: a sliding minute, a rest after failures, a daily cap.
 * Deliberately plain state with the time handed in; jitter is a number from outside.
 */
import { assert, type Mono, type Wall } from '../engine/index.ts';
import type { RandomSource } from './opinion.ts';

export interface RateWindow {
  /** Takes one place if there is one. */
  take(now: Mono): boolean;
}

/** At most `limit` in any 60 s, not merely on average (I29). */
export function createRateWindow(limit: number): RateWindow {
  assert(Number.isInteger(limit) && limit > 0, `a rate limit must be positive: ${limit}`);
  const taken: number[] = [];
  return {
    take: (now) => {
      while ((taken[0] ?? now) <= now - 60_000) taken.shift();
      if (taken.length >= limit) return false;
      taken.push(now);
      return true;
    },
  };
}

/** Failures are remembered between these two (faults section 2). */
export const REST = { minMs: 30_000, maxMs: 300_000 } as const;

export interface RestLadder {
  /** Milliseconds until asking makes sense again; 0 when it does. */
  remaining(now: Mono): number;
  /** Remembers a failure; returns the rest. `retryAfterMs` can only lengthen it. */
  failed(now: Mono, retryAfterMs: number | undefined, definitive: boolean): number;
  succeeded(): void;
}

/**
 * Full jitter over an exponentially growing range that starts where the memory starts: after n
 * failures uniform in [30 s, min(300 s, 30 s * 2^n)]. A definitive refusal rests the longest.
 */
export function createRestLadder(random: RandomSource): RestLadder {
  let failures = 0;
  let until = -1;
  return {
    remaining: (now) => Math.max(0, until - now),
    failed: (now, retryAfterMs, definitive) => {
      failures = Math.min(failures + 1, 16);
      const ceiling = Math.min(REST.maxMs, REST.minMs * 2 ** failures);
      const drawn = REST.minMs + Math.floor(random() * (ceiling - REST.minMs));
      const rest = Math.max(definitive ? REST.maxMs : drawn, retryAfterMs ?? 0);
      until = now + rest;
      return rest;
    },
    succeeded: () => {
      failures = 0;
      until = -1;
    },
  };
}

export interface MoneyCap {
  /** Sets the assumed cost aside; false when it does not fit into the day any more. */
  reserve(now: Wall, micros: number): boolean;
  /** Would `reserve` succeed? */
  allows(now: Wall, micros: number): boolean;
  /** Replaces what was reserved by what it cost. */
  settle(reserved: number, actual: number): void;
  spentMicros(now: Wall): number;
}

const DAY_MS = 86_400_000;

/** What was spent on a UTC day, counted in days since 1970; reservations are included. */
export interface Spent {
  readonly day: number;
  readonly micros: number;
}

/** Millionths of a dollar per UTC day. The day only moves forward, whatever the clock does. */
export function createMoneyCap(options: {
  readonly capMicros: number;
  readonly spentTodayMicros: number;
  readonly startedAt: Wall;
  /** Told before the money leaves and after every correction, so that a crash forgets nothing. */
  readonly onSpent?: ((spent: Spent) => void) | undefined;
}): MoneyCap {
  assert(options.capMicros >= 0, 'the daily cap cannot be negative');
  let day = Math.floor(options.startedAt / DAY_MS);
  let spent = options.spentTodayMicros;
  const turn = (now: Wall) => {
    const today = Math.floor(now / DAY_MS);
    if (today <= day) return;
    day = today;
    spent = 0;
  };
  // A free source stays available when the money is gone.
  const allows = (now: Wall, micros: number): boolean => {
    turn(now);
    return micros === 0 || spent + micros <= options.capMicros;
  };
  const change = (by: number): void => {
    spent = Math.max(0, spent + by);
    if (by !== 0) options.onSpent?.({ day, micros: spent });
  };
  return {
    allows,
    reserve: (now, micros) => {
      if (!allows(now, micros)) return false;
      change(micros);
      return true;
    },
    settle: (reserved, actual) => change(actual - reserved),
    spentMicros: (now) => {
      turn(now);
      return spent;
    },
  };
}
