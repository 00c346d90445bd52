/**
 * What the frame before was made of: a part whose inputs are the same is not made again.
 * Deliberately compares what is in the inputs, not who made them: a picture that came over a socket
 * is new every time, and says the same.
 */

interface Kept<T> {
  readonly inputs: readonly unknown[];
  readonly value: T;
}

/**
 * One value a place, made again only when its inputs are others. What changes most comes first in
 * them.
 */
export class Keeper<T> {
  readonly #kept = new Map<number, Kept<T>>();

  keep(place: number, inputs: readonly unknown[], make: () => T): T {
    const before = this.#kept.get(place);
    if (before !== undefined && isSame(before.inputs, inputs)) return before.value;
    const value = make();
    this.#kept.set(place, { inputs, value });
    return value;
  }

  clear(): void {
    this.#kept.clear();
  }
}

/** Equal data: primitives by value, arrays and plain objects by what they hold. */
export function isSame(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    return Array.isArray(a) && Array.isArray(b) && isSameList(a, b);
  }
  const [left, right] = [a as Record<string, unknown>, b as Record<string, unknown>];
  for (const key in left) if (!isSame(left[key], right[key])) return false;
  // What only the other side has; a field left out is one that is undefined.
  for (const key in right) if (!(key in left) && right[key] !== undefined) return false;
  return true;
}

function isSameList(a: readonly unknown[], b: readonly unknown[]): boolean {
  if (a.length !== b.length) return false;
  for (let index = 0; index < a.length; index += 1) {
    if (a[index] !== b[index] && !isSame(a[index], b[index])) return false;
  }
  return true;
}
