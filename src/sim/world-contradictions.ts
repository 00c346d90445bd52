/**
 * A complete look at the broker that contradicts what is: one position of it is not as it is, or
 * one that is over stands there again. Deliberately changes one thing in a truthful look, so that
 * every other check of that look stays valid; the next look tells the truth.
 */
import {
  type BrokerPosition,
  type BrokerSnapshot,
  instrumentId,
  type Mono,
  type Price,
  price,
} from '../engine/index.ts';
import type { Prng } from './prng.ts';

/** Row of the reconciliation table that each contradiction is for. */
const CONTRADICTIONS: readonly ((one: BrokerPosition, chance: Prng) => BrokerPosition)[] = [
  /** R17: levels go to the other side with it, as a broker would show them. */
  (one) => {
    const { side, stop, target, ...rest } = one;
    const levels = {
      ...(target === undefined ? {} : { stop: target }),
      ...(stop === undefined ? {} : { target: stop }),
    };
    return { ...rest, side: side === 'buy' ? 'sell' : 'buy', ...levels };
  },
  /** R22 */
  (one, chance) => ({ ...one, entry: price(one.entry + oneOf(TICKS, chance)) }),
  /** R23 */
  (one) => ({ ...one, instrumentId: instrumentId('9999') }),
];

const TICKS: readonly Price[] = [price(-300_000), price(-100_000), price(100_000), price(300_000)];

/** A position that a look did not show any more, and when. */
export interface Ended {
  readonly position: BrokerPosition;
  readonly at: Mono;
}

/** How long ago a position may have ended to stand there again (R26). */
const RECENT_MS = 1_800_000;

/** One contradiction for a look, or nothing when there is nothing to contradict. */
export function contradicted(
  look: BrokerSnapshot,
  over: readonly Ended[],
  now: Mono,
  chance: Prng,
): BrokerSnapshot | undefined {
  const { positions } = look;
  const back = over.findLast(({ at }) => now - at < RECENT_MS);
  const isBack = back !== undefined && (positions.length === 0 || chance.chance(300));
  if (isBack) return { ...look, positions: [...positions, back.position] };
  if (positions.length === 0) return undefined;
  const at = chance.integer(0, positions.length - 1);
  const change = oneOf(CONTRADICTIONS, chance);
  return { ...look, positions: positions.map((one, i) => (i === at ? change(one, chance) : one)) };
}

function oneOf<T>(values: readonly T[], chance: Prng): T {
  return values[chance.integer(0, values.length - 1)] as T;
}
