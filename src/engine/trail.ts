/**
 * The newest items of a long story, bounded: adding one is two small records, however long it is.
 * Deliberately plain data that is never changed once made: older states keep what they had.
 */

/** The items since the last full chunk, newest first. */
interface Link<T> {
  readonly value: T;
  readonly before: Link<T> | undefined;
  readonly count: number;
}

/** At most `limit` items count; a little more may still be held until a chunk can go. */
export interface Trail<T> {
  readonly limit: number;
  /** Oldest chunk first, each of {@link CHUNK} items, oldest first. */
  readonly full: readonly (readonly T[])[];
  readonly open: Link<T> | undefined;
}

const CHUNK = 24;
const NO_CHUNKS: readonly never[] = [];

export const emptyTrail = <T>(limit: number): Trail<T> => ({
  limit,
  full: NO_CHUNKS,
  open: undefined,
});

/** The trail with one more at its end. */
export function pushed<T>(trail: Trail<T>, value: T): Trail<T> {
  const { limit, full, open } = trail;
  const count = open === undefined ? 1 : open.count + 1;
  const link: Link<T> = { value, before: open, count };
  if (count < CHUNK) return { limit, full, open: link };
  return { limit, full: withChunk(limit, full, itemsOf(link)), open: undefined };
}

/** The trail with all of them at its end, oldest first: the same as one after the other. */
export function pushedAll<T>(trail: Trail<T>, values: readonly T[]): Trail<T> {
  const { limit } = trail;
  let { full, open } = trail;
  for (let at = 0; at < values.length; ) {
    if (open === undefined && values.length - at >= CHUNK) {
      full = withChunk(limit, full, values.slice(at, at + CHUNK));
      at += CHUNK;
      continue;
    }
    const count: number = open === undefined ? 1 : open.count + 1;
    open = { value: values[at] as T, before: open, count };
    at += 1;
    if (count < CHUNK) continue;
    full = withChunk(limit, full, itemsOf(open));
    open = undefined;
  }
  return { limit, full, open };
}

/** One chunk more, and the oldest gone when nothing of it counts any longer. */
function withChunk<T>(
  limit: number,
  full: readonly (readonly T[])[],
  chunk: readonly T[],
): readonly (readonly T[])[] {
  const kept = full.length * CHUNK >= limit ? full.slice(1) : full.slice();
  kept.push(chunk);
  return kept;
}

function itemsOf<T>(newest: Link<T> | undefined): T[] {
  const items: T[] = [];
  for (let link = newest; link !== undefined; link = link.before) items.push(link.value);
  return items.reverse();
}

export function sizeOf(trail: Trail<unknown>): number {
  const held = trail.full.length * CHUNK + (trail.open?.count ?? 0);
  return held < trail.limit ? held : trail.limit;
}

/** The item that many before the newest, or nothing. */
export function itemBefore<T>(trail: Trail<T>, back: number): T | undefined {
  if (back >= trail.limit) return undefined;
  let link = trail.open;
  const open = link === undefined ? 0 : link.count;
  if (back < open) {
    for (let step = back; step > 0; step -= 1) link = link?.before;
    return link?.value;
  }
  const rest = back - open;
  const chunk = trail.full[trail.full.length - 1 - Math.floor(rest / CHUNK)];
  return chunk?.[CHUNK - 1 - (rest % CHUNK)];
}

export const newestOf = <T>(trail: Trail<T>): T | undefined =>
  trail.open === undefined ? trail.full.at(-1)?.[CHUNK - 1] : trail.open.value;

export const oldestOf = <T>(trail: Trail<T>): T | undefined => itemBefore(trail, sizeOf(trail) - 1);

/** The newest so many, oldest first, without a list of all. */
export function newestItems<T>(trail: Trail<T>, count: number): T[] {
  const most = Math.min(count, sizeOf(trail));
  const items = itemsOf(trail.open);
  for (let at = trail.full.length - 1; at >= 0 && items.length < most; at -= 1) {
    items.unshift(...(trail.full[at] ?? NO_CHUNKS));
  }
  return items.slice(Math.max(0, items.length - most));
}

/** All that count, oldest first, as a list of one's own. */
export function listOf<T>(trail: Trail<T>): T[] {
  return [...trail.full.flat(), ...itemsOf(trail.open)].slice(-trail.limit);
}
