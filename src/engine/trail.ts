/**
 * The newest items of a long story, bounded: adding one is two small records, however long it is.
 * Deliberately plain data that is never changed once made: older states keep what they had. Items
 * that nobody may ever read can be promised instead of made; who looks sees the same plain data.
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
  if (trail instanceof LateTrail) return trail.with(value);
  const { limit, full, open } = trail;
  const count = open === undefined ? 1 : open.count + 1;
  const link: Link<T> = { value, before: open, count };
  if (count < CHUNK) return { limit, full, open: link };
  return { limit, full: withChunk(limit, full, itemsOf(link)), open: undefined };
}

/**
 * The trail with so many more at its end, each made when somebody reads it, if ever. To whoever
 * looks it is the trail that would be if they had been pushed one after the other.
 */
export const promised = <T>(
  trail: Trail<T>,
  count: number,
  itemAt: (nth: number) => T,
): Trail<T> =>
  trail instanceof LateTrail ? trail.grown(count, itemAt) : LateTrail.from(trail, count, itemAt);

/** A trail of the newest of these, oldest first. */
export const trailOf = <T>(items: readonly T[], limit: number): Trail<T> =>
  items.reduce<Trail<T>>((trail, item) => pushed(trail, item), emptyTrail(limit));

/** True when `after` is `before` with one more at its end; false also where that is hard to say. */
export function isOneMore<T>(before: Trail<T>, after: Trail<T>): boolean {
  const { open } = after;
  if (open !== undefined) return open.before === before.open && after.full === before.full;
  const { full } = after;
  const last = full.length - 1;
  if (before.open?.count !== CHUNK - 1 || full[last - 1] !== before.full.at(-1)) return false;
  return itemsOf(before.open).every((item, at) => item === full[last]?.[at]);
}

/** The newest item that is meant, or nothing. */
export function findNewest<T>(trail: Trail<T>, isMeant: (item: T) => boolean): T | undefined {
  for (let back = 0; back < sizeOf(trail); back += 1) {
    const item = itemBefore(trail, back) as T;
    if (isMeant(item)) return item;
  }
  return undefined;
}

/** The trail with the numbers of a column from one place up to another at its end. */
export function pushedColumn(
  trail: Trail<number>,
  column: Float64Array,
  from: number,
  to: number,
): Trail<number> {
  const { limit } = trail;
  let { full, open } = trail;
  const begun = open === undefined ? 0 : open.count;
  const chunks = Math.floor((begun + to - from) / CHUNK);
  let at = from;
  if (chunks > 0) {
    const most = Math.ceil(limit / CHUNK);
    // What other chunks would push out again is not made.
    const made = Math.min(chunks, most);
    const next: (readonly number[])[] = [];
    for (let nth = Math.max(0, full.length + made - most); nth < full.length; nth += 1) {
      next.push(full[nth] ?? NO_CHUNKS);
    }
    at = from - begun + chunks * CHUNK;
    for (let left = made; left > 0; left -= 1) {
      next.push(chunkOf(open, column, from, at - left * CHUNK));
    }
    full = next;
    open = undefined;
  }
  for (; at < to; at += 1) {
    const count: number = open === undefined ? 1 : open.count + 1;
    open = { value: column[at] as number, before: open, count };
  }
  return { limit, full, open };
}

/** Numbers of a column from `first` on; what would be in front of `from` is in the open items. */
function chunkOf(
  open: Link<number> | undefined,
  column: Float64Array,
  from: number,
  first: number,
): readonly number[] {
  const chunk = new Array<number>(CHUNK);
  for (let place = Math.max(0, from - first); place < CHUNK; place += 1) {
    chunk[place] = column[first + place] as number;
  }
  let link = first < from ? open : undefined;
  for (; link !== undefined; link = link.before) chunk[link.count - 1] = link.value;
  return chunk;
}

/** Puts the newest numbers, oldest first, into a column so that they end before that place. */
export function copyNewest(trail: Trail<number>, count: number, into: Float64Array, end: number) {
  const first = end - count;
  let at = end;
  for (let link = trail.open; link !== undefined && at > first; link = link.before) {
    at -= 1;
    into[at] = link.value;
  }
  for (let nth = trail.full.length - 1; nth >= 0 && at > first; nth -= 1) {
    const chunk = trail.full[nth] ?? NO_CHUNKS;
    for (let place = chunk.length - 1; place >= 0 && at > first; place -= 1) {
      at -= 1;
      into[at] = chunk[place] as number;
    }
  }
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
  if (trail instanceof LateTrail) return trail.size();
  const held = trail.full.length * CHUNK + (trail.open?.count ?? 0);
  return held < trail.limit ? held : trail.limit;
}

/** The item that many before the newest, or nothing. */
export function itemBefore<T>(trail: Trail<T>, back: number): T | undefined {
  if (back >= trail.limit) return undefined;
  if (trail instanceof LateTrail) return trail.before(back);
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

export function newestOf<T>(trail: Trail<T>): T | undefined {
  if (trail instanceof LateTrail) return trail.before(0);
  return trail.open === undefined ? trail.full.at(-1)?.[CHUNK - 1] : trail.open.value;
}

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

/** Items that were promised together, from one place of a story on; or the one that is known. */
interface Promised<T> {
  readonly from: number;
  readonly itemAt: ((nth: number) => T) | undefined;
  readonly known: T | undefined;
}

/** A story from the beginning of some chunk on; trails end at different places of it. */
interface Story<T> {
  readonly begin: number;
  /** Oldest first. */
  readonly promises: Promised<T>[];
  /** By place, promised items that somebody has read. */
  readonly made: Map<number, T>;
  /** The place behind its last item. */
  end: number;
}

/**
 * A trail that ends somewhere in a story. The story only grows behind the ends of all trails in it,
 * so that a trail, once made, stays as it is.
 */
class LateTrail<T> implements Trail<T> {
  readonly limit: number;
  readonly #story: Story<T>;
  readonly #end: number;
  #plain: Trail<T> | undefined;

  private constructor(limit: number, story: Story<T>, end: number) {
    this.limit = limit;
    this.#story = story;
    this.#end = end;
  }

  // Not fields of its own, which would cost more than all the rest: JSON is told what it holds.
  get full(): Trail<T>['full'] {
    return this.#read().full;
  }

  get open(): Trail<T>['open'] {
    return this.#read().open;
  }

  toJSON(): Trail<T> {
    return this.#read();
  }

  static from<T>(trail: Trail<T>, count: number, itemAt: (nth: number) => T): LateTrail<T> {
    const items = [...trail.full.flat(), ...itemsOf(trail.open)];
    const itemAtFirst = (nth: number) => items[nth] as T;
    const promises = [{ from: 0, itemAt: itemAtFirst, known: undefined }];
    const story = { begin: 0, promises, made: new Map<number, T>(), end: items.length };
    return new LateTrail<T>(trail.limit, story, items.length).grown(count, itemAt);
  }

  with(value: T): LateTrail<T> {
    const story = this.#own();
    story.promises.push({ from: this.#end, itemAt: undefined, known: value });
    story.end += 1;
    return new LateTrail(this.limit, story, story.end);
  }

  grown(count: number, itemAt: (nth: number) => T): LateTrail<T> {
    const story = this.#own();
    story.promises.push({ from: this.#end, itemAt, known: undefined });
    story.end += count;
    return new LateTrail(this.limit, story, story.end);
  }

  size(): number {
    return Math.min(this.#end, this.limit);
  }

  before(back: number): T | undefined {
    const place = this.#end - 1 - back;
    return place < 0 ? undefined : itemOf(this.#story, place);
  }

  /** Where the chunks begin that a trail of this length still holds. */
  #begin(): number {
    const chunks = Math.floor(this.#end / CHUNK);
    return (chunks - Math.min(chunks, Math.ceil(this.limit / CHUNK))) * CHUNK;
  }

  /**
   * A story that may grow from here: a new one if another trail went on from here already, or if
   * much of it counts no longer.
   */
  #own(): Story<T> {
    const story = this.#story;
    const end = this.#end;
    if (story.end === end && end - story.begin < 4 * (this.limit + CHUNK)) return story;
    const begin = this.#begin();
    let first = story.promises.length - 1;
    while (first > 0 && (story.promises[first] as Promised<T>).from > begin) first -= 1;
    const promises = story.promises.slice(first);
    const made = new Map<number, T>();
    for (const [at, item] of story.made) if (at >= begin && at < end) made.set(at, item);
    return { begin, promises, made, end };
  }

  #read(): Trail<T> {
    this.#plain ??= this.#made();
    return this.#plain;
  }

  #made(): Trail<T> {
    const { limit } = this;
    let trail = emptyTrail<T>(limit);
    for (let place = this.#begin(); place < this.#end; place += 1) {
      trail = pushed(trail, itemOf(this.#story, place));
    }
    return trail;
  }
}

function itemOf<T>({ made, promises }: Story<T>, place: number): T {
  let nth = promises.length - 1;
  while (nth > 0 && (promises[nth] as Promised<T>).from > place) nth -= 1;
  const { from, itemAt, known } = promises[nth] as Promised<T>;
  if (itemAt === undefined) return known as T;
  const read = made.get(place);
  if (read !== undefined) return read;
  const item = itemAt(place - from);
  made.set(place, item);
  return item;
}
