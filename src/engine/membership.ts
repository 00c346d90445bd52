/**
 * Whether a bounded story holds something, without looking through it each time: the keys of the
 * one story that was asked about last are remembered.
 * Deliberately only a memory of what the story itself says; no key stands in one twice.
 */
import { emptyTrail, isOneMore, listOf, newestOf, oldestOf, sizeOf, type Trail } from './trail.ts';
import type { DealId, SignalId } from './units.ts';

export function createMembership<T, K>(
  keyOf: (item: T) => K,
): (trail: Trail<T>, key: K) => boolean {
  let of: Trail<T> = emptyTrail(0);
  let keys = new Set<K>();
  return (trail, key) => {
    if (trail !== of) {
      if (of.limit === trail.limit && isOneMore(of, trail)) {
        if (sizeOf(trail) === sizeOf(of)) keys.delete(keyOf(oldestOf(of) as T));
        keys.add(keyOf(newestOf(trail) as T));
      } else keys = new Set(listOf(trail).map(keyOf));
      of = trail;
    }
    return keys.has(key);
  };
}

/** True when an entry was begun for that signal already (I02). */
export const isSpent = createMembership((signal: SignalId) => signal);

/** True when that deal was applied and is still remembered (I12). */
export const isRemembered = createMembership((deal: { readonly id: DealId }) => deal.id);
