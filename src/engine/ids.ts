/**
 * Finds a record by its id in a short list, newest first.
 * Deliberately loops: a function made for each look costs more than the look.
 */

interface Named<K extends string> {
  readonly id: K;
}

/** The place of the newest one of that id, or -1. */
export function placeOf<K extends string>(
  list: readonly Named<K>[],
  id: NoInfer<K> | undefined,
): number {
  let at = list.length - 1;
  while (at >= 0 && list[at]?.id !== id) at -= 1;
  return at;
}

/** The newest one of that id, or nothing. */
export function byId<K extends string, T extends Named<K>>(
  list: readonly T[],
  id: NoInfer<K> | undefined,
): T | undefined {
  const at = placeOf(list, id);
  return at < 0 ? undefined : list[at];
}

/** The list without any of that id. */
export function without<K extends string, T extends Named<K>>(
  list: readonly T[],
  id: NoInfer<K>,
): readonly T[] {
  const rest: T[] = [];
  for (let at = 0; at < list.length; at += 1) {
    const one = list[at] as T;
    if (one.id !== id) rest.push(one);
  }
  return rest;
}

/** The list with this in the place of the one of its id, or at its end. */
export function withOne<K extends string, T extends Named<K>>(
  list: readonly T[],
  one: T,
): readonly T[] {
  const at = placeOf(list, one.id);
  if (at < 0) return [...list, one];
  const next = list.slice();
  next[at] = one;
  return next;
}
