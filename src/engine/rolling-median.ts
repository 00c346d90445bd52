/**
 * The median of a trail that grows by one or by many: the values of the trail that was measured
 * last are kept in buckets, few of which need a look.
 * Deliberately only a memory of what the trail itself says: forgetting it costs time, no answer.
 */
import { copyNewest, sizeOf, type Trail } from './trail.ts';

const BUCKETS = 64;
/** With more values in the bucket of the median the buckets stand wrong. */
const CROWD = 12;

/** The numbers of the one trail that was measured last, in any order, each in its bucket. */
const memory: {
  of: Trail<number> | undefined;
  count: number;
  /** Where the oldest stands. */
  oldest: number;
  values: Float64Array;
  bucketOf: Uint8Array;
  readonly counts: Int32Array;
  perUnit: number;
  shift: number;
  /** Room for the values of one bucket in their order. */
  few: Float64Array;
} = {
  of: undefined,
  count: 0,
  oldest: 0,
  values: new Float64Array(0),
  bucketOf: new Uint8Array(0),
  counts: new Int32Array(BUCKETS),
  perUnit: 0,
  shift: 0,
  few: new Float64Array(0),
};

/** The median of `next`, which is `before` with `added` at its end. */
export function nextMedian(before: Trail<number>, next: Trail<number>, added: number): number {
  if (memory.of === before && memory.count === before.limit) put(added);
  else load(next);
  memory.of = next;
  return median();
}

/**
 * The median of `next`, which is the full trail `before` with the values of a column from one place
 * up to another at its end.
 */
export function afterwards(
  before: Trail<number>,
  next: Trail<number>,
  column: Float64Array,
  from: number,
  to: number,
): number {
  if (memory.of === before && to - from < before.limit) {
    for (let at = from; at < to; at += 1) put(column[at] as number);
  } else load(next);
  memory.of = next;
  return median();
}

/** Puts the values of a full trail, oldest first, into a column so that they end before a place. */
export function copySample(trail: Trail<number>, into: Float64Array, end: number): void {
  const { values, count, oldest } = memory;
  if (memory.of !== trail || count !== trail.limit) {
    copyNewest(trail, trail.limit, into, end);
    return;
  }
  for (let at = oldest; at < count; at += 1) into[end - count + at - oldest] = values[at] as number;
  for (let at = 0; at < oldest; at += 1) into[end - oldest + at] = values[at] as number;
}

/** All values of a trail, oldest first. */
function load(trail: Trail<number>): void {
  const count = sizeOf(trail);
  if (memory.values.length < count) {
    memory.values = new Float64Array(count);
    memory.bucketOf = new Uint8Array(count);
    memory.few = new Float64Array(count);
  }
  memory.count = count;
  memory.oldest = 0;
  copyNewest(trail, count, memory.values, count);
  spread(memory.values[count - 1] as number);
}

/** Buckets of equal width from half of a guess to half as much again; the outer ones hold more. */
function spread(near: number): void {
  const { values, bucketOf, counts, count } = memory;
  memory.perUnit = near > 0 ? BUCKETS / near : 0;
  memory.shift = BUCKETS / 2 - near * memory.perUnit;
  counts.fill(0);
  for (let at = 0; at < count; at += 1) {
    const bucket = bucketFor(values[at] as number);
    bucketOf[at] = bucket;
    counts[bucket] = (counts[bucket] as number) + 1;
  }
}

/** A larger value never falls into a lower bucket. */
function bucketFor(value: number): number {
  const place = value * memory.perUnit + memory.shift;
  return place >= BUCKETS - 1 ? BUCKETS - 1 : place > 0 ? place | 0 : 0;
}

/** One more value, and the oldest gone. */
function put(value: number): void {
  const { values, bucketOf, counts, count, oldest } = memory;
  const [from, to] = [bucketOf[oldest] as number, bucketFor(value)];
  counts[from] = (counts[from] as number) - 1;
  counts[to] = (counts[to] as number) + 1;
  values[oldest] = value;
  bucketOf[oldest] = to;
  memory.oldest = oldest + 1 === count ? 0 : oldest + 1;
}

/** The middle of the values, or the mean of the two middles. */
function median(): number {
  const { values, bucketOf, counts, count, few } = memory;
  const half = count >> 1;
  let bucket = 0;
  let before = 0;
  while (before + (counts[bucket] as number) <= half) {
    before += counts[bucket] as number;
    bucket += 1;
  }
  sortBucket(bucket);
  const upper = few[half - before] as number;
  if (count % 2 === 1) return upper;
  let lower = Number.NEGATIVE_INFINITY;
  if (half > before) lower = few[half - before - 1] as number;
  else {
    for (let at = 0; at < count; at += 1) {
      const value = values[at] as number;
      if ((bucketOf[at] as number) < bucket && value > lower) lower = value;
    }
  }
  if ((counts[bucket] as number) > CROWD) spread(upper);
  return (lower + upper) / 2;
}

/** The values of a bucket in their order. */
function sortBucket(bucket: number): void {
  const { values, bucketOf, count, few } = memory;
  let found = 0;
  for (let at = 0; at < count; at += 1) {
    if (bucketOf[at] !== bucket) continue;
    const value = values[at] as number;
    let place = found;
    while (place > 0 && (few[place - 1] as number) > value) {
      few[place] = few[place - 1] as number;
      place -= 1;
    }
    few[place] = value;
    found += 1;
  }
}
