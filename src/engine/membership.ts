/**
 * Whether a bounded story holds something, without looking through it each time: of the one story
 * that was asked about last, the greatest keys are remembered, and what is beyond them is new.
 * Deliberately only a memory of what the story itself says: whatever is not beyond is looked for.
 */
import { emptyTrail, findNewest, isOneMore, listOf, newestOf, type Trail } from './trail.ts';
import type { DealId, SignalId } from './units.ts';

/**
 * Keys of a kind mostly grow from one to the next, as numbers and times in them do, and keep their
 * length, which the two sides of a signal do not share: so there is a greatest one of each length.
 */
export function createMembership<T, K extends string>(
  keyOf: (item: T) => K,
): (trail: Trail<T>, key: K) => boolean {
  let of: Trail<T> = emptyTrail(0);
  let greatest = new Map<number, K>();
  const isBeyond = (key: K): boolean => {
    const known = greatest.get(key.length);
    return known === undefined || key > known;
  };
  const learn = (key: K): void => {
    if (isBeyond(key)) greatest.set(key.length, key);
  };
  const follow = (trail: Trail<T>): void => {
    if (isOneMore(of, trail)) learn(keyOf(newestOf(trail) as T));
    else {
      greatest = new Map();
      for (const item of listOf(trail)) learn(keyOf(item));
    }
    of = trail;
  };
  return (trail, key) => {
    if (trail !== of) follow(trail);
    return !isBeyond(key) && findNewest(trail, (item) => keyOf(item) === key) !== undefined;
  };
}

/** True when an entry was begun for that signal already (I02). */
export const isSpent = createMembership((signal: SignalId) => signal);

/** True when that deal was applied and is still remembered (I12). */
export const isRemembered = createMembership((deal: { readonly id: DealId }) => deal.id);
