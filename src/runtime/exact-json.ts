/**
 * JSON that comes back as it went in: the order of keys, and keys whose value is `undefined`.
 * Deliberately so picky: a state read from a checkpoint goes on to the same digest as one that was
 * never written only when a key that is filled later stands where it always stood (I17).
 */

/** Stands for `undefined`; a text that begins with it is written with one more in front. */
const ABSENT = '\u0000';

/** Text of a plain value: objects, arrays, texts, finite numbers, booleans. */
export function exactText(value: unknown): string {
  return JSON.stringify(value, mark);
}

/** The value again; the caller vouches for its type, the hash chain for its bytes. */
export function exactValue(text: string): unknown {
  const value: unknown = JSON.parse(text);
  return text.includes('\\u0000') ? unmark(value) : value;
}

function mark(_key: string, value: unknown): unknown {
  if (value === undefined) return ABSENT;
  return typeof value === 'string' && value.startsWith(ABSENT) ? ABSENT + value : value;
}

function unmark(value: unknown): unknown {
  if (typeof value === 'string') return unmarkText(value);
  if (value === null || typeof value !== 'object') return value;
  const holder = value as Record<string, unknown>;
  for (const key of Object.keys(holder)) holder[key] = unmark(holder[key]);
  return holder;
}

function unmarkText(text: string): string | undefined {
  if (!text.startsWith(ABSENT)) return text;
  return text === ABSENT ? undefined : text.slice(1);
}
