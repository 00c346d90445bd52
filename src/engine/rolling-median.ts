/**
 * The median of a trail that grows by one: the sorted values are remembered from call to call.
 * Deliberately only a memory of what the trail itself says: forgetting it costs a sort, no answer.
 */
import { median } from './indicators.ts';
import { listOf, oldestOf, sizeOf, type Trail } from './trail.ts';

/** The sorted values of the one trail that was measured last. */
const memory: { of: Trail<number> | undefined; sorted: Float64Array } = {
  of: undefined,
  sorted: new Float64Array(0),
};

/** The median of `next`, which is `before` with `added` at its end. */
export function nextMedian(
  before: Trail<number>,
  next: Trail<number>,
  added: number,
): number | undefined {
  const isFull = sizeOf(before) === before.limit;
  const gone = isFull && memory.of === before ? oldestOf(before) : undefined;
  if (gone === undefined) {
    const values = listOf(next);
    remember(next, Float64Array.from(values).sort());
    return median(values);
  }
  const { sorted } = memory;
  slide(sorted, gone, added);
  memory.of = next;
  return middleOf(sorted);
}

/** The values of a trail in their order, to be looked at only. */
export function sortedOf(trail: Trail<number>): Float64Array {
  if (memory.of !== trail) remember(trail, Float64Array.from(listOf(trail)).sort());
  return memory.sorted;
}

/** From so many new values on it is quicker to sort them all. */
const MANY = 8;

/**
 * The median of `next`, which is the full trail `before` with the values of a column from one place
 * up to another at its end; in front of them the column holds what was there before.
 */
export function afterwards(
  before: Trail<number>,
  next: Trail<number>,
  column: Float64Array,
  from: number,
  to: number,
): number {
  const { limit } = before;
  if (to - from < MANY) {
    const sorted = sortedOf(before);
    for (let at = from; at < to; at += 1) {
      slide(sorted, column[at - limit] as number, column[at] as number);
    }
    memory.of = next;
  } else {
    const sorted = memory.sorted.length === limit ? memory.sorted : new Float64Array(limit);
    sortInto(sorted, column, to - limit);
    remember(next, sorted);
  }
  return middleOf(memory.sorted);
}

/** Room for a sort; nothing in it outlives one. */
const BUCKETS = 32;
const room = { bucketOf: new Int32Array(0), ends: new Int32Array(BUCKETS + 1) };

/**
 * Fills a column with values of another from one place on, in their order. First by buckets of
 * equal width: mostly a handful are in one, and the sort of the platform costs three times as much.
 */
function sortInto(sorted: Float64Array, column: Float64Array, from: number): void {
  const count = sorted.length;
  if (room.bucketOf.length < count) room.bucketOf = new Int32Array(count);
  const { bucketOf, ends } = room;
  let [least, most] = [column[from] as number, column[from] as number];
  for (let nth = 1; nth < count; nth += 1) {
    const value = column[from + nth] as number;
    if (value < least) least = value;
    if (value > most) most = value;
  }
  const ratio = (BUCKETS - 1) / (most - least);
  // Values that are all but equal are one bucket.
  const width = Number.isFinite(ratio) ? ratio : 0;
  ends.fill(0);
  for (let nth = 0; nth < count; nth += 1) {
    const bucket = Math.floor(((column[from + nth] as number) - least) * width);
    bucketOf[nth] = bucket;
    ends[bucket + 1] = (ends[bucket + 1] as number) + 1;
  }
  for (let bucket = 1; bucket <= BUCKETS; bucket += 1) {
    ends[bucket] = (ends[bucket] as number) + (ends[bucket - 1] as number);
  }
  for (let nth = 0; nth < count; nth += 1) {
    const bucket = bucketOf[nth] as number;
    const place = ends[bucket] as number;
    sorted[place] = column[from + nth] as number;
    ends[bucket] = place + 1;
  }
  for (let nth = 1; nth < count; nth += 1) {
    const value = sorted[nth] as number;
    let place = nth;
    while (place > 0 && (sorted[place - 1] as number) > value) {
      sorted[place] = sorted[place - 1] as number;
      place -= 1;
    }
    sorted[place] = value;
  }
}

/** These are the values of that trail, in their order. */
function remember(trail: Trail<number>, sorted: Float64Array): void {
  memory.sorted = sorted;
  memory.of = trail;
}

/** The median of sorted values, of which there is at least one. */
function middleOf(sorted: Float64Array): number {
  const half = sorted.length >> 1;
  const upper = sorted[half] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] ?? 0) + upper) / 2;
}

/** Takes one value out of sorted ones and puts another in. */
function slide(sorted: Float64Array, gone: number, added: number): void {
  let at = placeOf(sorted, gone);
  while (at > 0 && (sorted[at - 1] as number) > added) {
    sorted[at] = sorted[at - 1] as number;
    at -= 1;
  }
  while (at + 1 < sorted.length && (sorted[at + 1] as number) < added) {
    sorted[at] = sorted[at + 1] as number;
    at += 1;
  }
  sorted[at] = added;
}

/** Any place of a value that is there. */
function placeOf(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length - 1;
  while (low < high) {
    const mid = (low + high) >> 1;
    if ((sorted[mid] as number) < value) low = mid + 1;
    else high = mid;
  }
  return low;
}
