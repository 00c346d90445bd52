/**
 * Whether a bounded story holds something, without looking through it each time: the keys of the
 * one story that was asked about last are remembered.
 * Deliberately only a memory of what the story itself says, and of a little more: whatever it knows
 * is looked for in the story, whatever it does not know is not there.
 */
import { emptyTrail, findNewest, isOneMore, listOf, newestOf, type Trail } from './trail.ts';
import type { DealId, SignalId } from './units.ts';

export function createMembership<T, K>(
  keyOf: (item: T) => K,
): (trail: Trail<T>, key: K) => boolean {
  let of: Trail<T> = emptyTrail(0);
  let keys = new Set<K>();
  return (trail, key) => {
    if (trail !== of) {
      if (keys.size < 2 * trail.limit && isOneMore(of, trail)) {
        keys.add(keyOf(newestOf(trail) as T));
      } else keys = new Set(listOf(trail).map(keyOf));
      of = trail;
    }
    return keys.has(key) && findNewest(trail, (item) => keyOf(item) === key) !== undefined;
  };
}

/** True when an entry was begun for that signal already (I02). */
export const isSpent = createMembership((signal: SignalId) => signal);

/** True when that deal was applied and is still remembered (I12). */
export const isRemembered = createMembership((deal: { readonly id: DealId }) => deal.id);
