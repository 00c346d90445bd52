/**
 * Whether a bounded list holds something, without looking through the list each time: the keys of
 * the one list that was asked about last are remembered.
 * Deliberately only a memory of what the list itself says; no key stands in a list twice.
 */
import type { DealId, SignalId } from './units.ts';

export function createMembership<T, K>(
  keyOf: (item: T) => K,
): (list: readonly T[], key: K) => boolean {
  let of: readonly T[] = [];
  let keys = new Set<K>();
  return (list, key) => {
    if (list !== of) {
      if (isOneMore(of, list)) {
        if (list.length === of.length) keys.delete(keyOf(of[0] as T));
        keys.add(keyOf(list[list.length - 1] as T));
      } else keys = new Set(list.map(keyOf));
      of = list;
    }
    return keys.has(key);
  };
}

/** The list with one more at its end, and the oldest gone when it was full. */
function isOneMore(before: readonly unknown[], after: readonly unknown[]): boolean {
  const { length } = before;
  if (length < 2 || after[after.length - 2] !== before[length - 1]) return false;
  if (after.length === length + 1) return after[0] === before[0];
  return after.length === length && after[0] === before[1];
}

/** True when an entry was begun for that signal already (I02). */
export const isSpent = createMembership((signal: SignalId) => signal);

/** True when that deal was applied and is still remembered (I12). */
export const isRemembered = createMembership((deal: { readonly id: DealId }) => deal.id);
