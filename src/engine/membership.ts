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
  // Two sets that take turns instead of one that forgets: to take a key out costs as much as all
  // else here.
  let [young, old] = [new Set<K>(), new Set<K>()];
  const follow = (trail: Trail<T>): void => {
    if (!isOneMore(of, trail)) {
      old = new Set(listOf(trail).map(keyOf));
      young = new Set();
    } else {
      if (young.size >= trail.limit) [young, old] = [new Set(), young];
      young.add(keyOf(newestOf(trail) as T));
    }
    of = trail;
  };
  return (trail, key) => {
    if (trail !== of) follow(trail);
    if (!young.has(key) && !old.has(key)) return false;
    return findNewest(trail, (item) => keyOf(item) === key) !== undefined;
  };
}

/** True when an entry was begun for that signal already (I02). */
export const isSpent = createMembership((signal: SignalId) => signal);

/** True when that deal was applied and is still remembered (I12). */
export const isRemembered = createMembership((deal: { readonly id: DealId }) => deal.id);
