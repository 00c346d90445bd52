/**
 * The median of the newest numbers of a story, found without a sort of them all.
 * Deliberately remembers nothing from call to call; + - * / and comparisons only.
 */
import { copyNewest, sizeOf, type Trail } from './trail.ts';

/** Room for one search; nothing in it outlives one. */
const BUCKETS = 64;
const room = {
  values: new Float64Array(0),
  bucketOf: new Uint8Array(0),
  few: new Float64Array(0),
  counts: new Int32Array(BUCKETS),
};

function makeRoom(count: number): void {
  if (room.values.length >= count) return;
  room.values = new Float64Array(count);
  room.bucketOf = new Uint8Array(count);
  room.few = new Float64Array(count);
}

/** The median of a trail that is not empty; near which value it may be is a guess. */
export function medianOf(trail: Trail<number>, near: number): number {
  const count = sizeOf(trail);
  makeRoom(count);
  copyNewest(trail, count, room.values, count);
  return medianIn(room.values, 0, count, near);
}

/**
 * The median of the values of a column from one place up to another: their middle, or the mean of
 * the two middles. Spread over buckets around a guess, few of them share one with the middle; with
 * a bad guess it takes longer.
 */
export function medianIn(column: Float64Array, from: number, to: number, near: number): number {
  const count = to - from;
  makeRoom(count);
  spread(column, from, to, near);
  const { counts, bucketOf, few } = room;
  const half = count >> 1;
  let bucket = 0;
  let before = 0;
  while (before + (counts[bucket] as number) <= half) {
    before += counts[bucket] as number;
    bucket += 1;
  }
  sort(bucket, column, from, to);
  const upper = few[half - before] as number;
  if (count % 2 === 1) return upper;
  if (half > before) return ((few[half - before - 1] as number) + upper) / 2;
  let lower = Number.NEGATIVE_INFINITY;
  for (let at = from; at < to; at += 1) {
    const value = column[at] as number;
    if ((bucketOf[at - from] as number) < bucket && value > lower) lower = value;
  }
  return (lower + upper) / 2;
}

/** Into which bucket each value falls, and how many into each: a larger one into no lower one. */
function spread(column: Float64Array, from: number, to: number, near: number): void {
  const { counts, bucketOf } = room;
  // From half the guess to half as much again; all that is beyond shares the outer ones.
  const perUnit = near > 0 ? BUCKETS / near : 0;
  const shift = BUCKETS / 2 - near * perUnit;
  for (let bucket = 0; bucket < BUCKETS; bucket += 1) counts[bucket] = 0;
  for (let at = from; at < to; at += 1) {
    const place = (column[at] as number) * perUnit + shift;
    const bucket = place >= BUCKETS - 1 ? BUCKETS - 1 : place > 0 ? place | 0 : 0;
    bucketOf[at - from] = bucket;
    counts[bucket] = (counts[bucket] as number) + 1;
  }
}

/** The values of a bucket in their order. */
function sort(bucket: number, column: Float64Array, from: number, to: number): void {
  const { few, bucketOf } = room;
  let count = 0;
  for (let at = from; at < to; at += 1) {
    if (bucketOf[at - from] !== bucket) continue;
    const value = column[at] as number;
    let place = count;
    while (place > 0 && (few[place - 1] as number) > value) {
      few[place] = few[place - 1] as number;
      place -= 1;
    }
    few[place] = value;
    count += 1;
  }
}
