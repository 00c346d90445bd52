/** Trails: exactly the newest items, whatever came before, and older trails stay as they were. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { median } from '../../src/engine/indicators.ts';
import { afterwards, copySample, nextMedian } from '../../src/engine/rolling-median.ts';
import {
  copyNewest,
  emptyTrail,
  itemBefore,
  listOf,
  newestItems,
  newestOf,
  oldestOf,
  promised,
  pushed,
  pushedColumn,
  sizeOf,
  type Trail,
} from '../../src/engine/trail.ts';

const grown = (items: readonly number[], limit: number): Trail<number> =>
  items.reduce((trail, item) => pushed(trail, item), emptyTrail<number>(limit));

const lists = fc.tuple(
  fc.array(fc.integer({ min: -50, max: 50 }), { maxLength: 400 }),
  fc.integer({ min: 1, max: 120 }),
);

/** What a trail says of itself, as a record of one's own. */
const told = <T>({ limit, full, open }: Trail<T>): Trail<T> => ({ limit, full, open });

describe('a trail', () => {
  it('is the list of its newest items (A11 I27)', () => {
    fc.assert(
      fc.property(lists, ([items, limit]) => {
        const trail = grown(items, limit);
        const kept = items.slice(-limit);
        expect(listOf(trail)).toEqual(kept);
        expect(sizeOf(trail)).toBe(kept.length);
        expect(newestOf(trail)).toBe(kept.at(-1));
        expect(oldestOf(trail)).toBe(kept[0]);
        for (const back of [0, 1, 23, 24, 25, limit - 1, limit]) {
          expect(itemBefore(trail, back)).toBe(kept.at(-1 - back));
        }
      }),
    );
  });

  it('takes many at once as one after the other', () => {
    fc.assert(
      fc.property(lists, fc.nat(400), ([items, limit], cut) => {
        const before = grown(items.slice(0, cut), limit);
        const column = Float64Array.from(items);
        const from = Math.min(cut, items.length);
        expect(pushedColumn(before, column, from, items.length)).toEqual(grown(items, limit));
        expect(before).toEqual(grown(items.slice(0, cut), limit));
      }),
    );
  });

  it('writes its newest numbers into a column', () => {
    fc.assert(
      fc.property(lists, ([items, limit]) => {
        const trail = grown(items, limit);
        const count = sizeOf(trail);
        const column = new Float64Array(count + 2).fill(-99);
        copyNewest(trail, count, column, count + 1);
        expect([...column]).toEqual([-99, ...items.slice(items.length - count), -99]);
      }),
    );
  });

  it('promises items: the same trail to whoever looks, made when it is read (A11 I27)', () => {
    const pieces = fc.array(fc.integer({ min: 1, max: 70 }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(pieces, fc.integer({ min: 1, max: 120 }), fc.nat(60), (lengths, limit, begun) => {
        let next = begun;
        let plain = grown(
          Array.from({ length: begun }, (_, at) => at),
          limit,
        );
        let late = plain;
        const older: (readonly [Trail<number>, Trail<number>])[] = [];
        for (const [nth, length] of lengths.entries()) {
          const from = next;
          next += length;
          const items = Array.from({ length }, (_, at) => from + at);
          plain = items.reduce((trail, item) => pushed(trail, item), plain);
          late = nth % 3 === 2 ? items.reduce((trail, item) => pushed(trail, item), late) : late;
          if (nth % 3 !== 2) late = promised(late, length, (at) => from + at);
          expect(sizeOf(late)).toBe(sizeOf(plain));
          for (const back of [0, 1, 30, limit - 1, limit]) {
            expect(itemBefore(late, back)).toBe(itemBefore(plain, back));
          }
          older.push([late, plain]);
        }
        // Another story that goes on from an older trail changes no later one.
        const [branch, same] = older[lengths.length >> 1] ?? [late, plain];
        expect(told(promised(branch, 5, (at) => -at))).toEqual(
          [0, 1, 2, 3, 4].reduce((trail, at) => pushed(trail, -at), same),
        );
        for (const [one, other] of older) {
          expect(told(one)).toEqual(other);
          expect(JSON.stringify(one)).toBe(JSON.stringify(other));
          expect(listOf(one)).toEqual(listOf(other));
          expect(newestItems(one, 7)).toEqual(newestItems(other, 7));
          expect(newestOf(one)).toBe(newestOf(other));
        }
      }),
    );
  });

  it('makes no promised item that nobody reads, and each once', () => {
    const made: number[] = [];
    const trail = promised(emptyTrail<number>(10), 50, (at) => {
      made.push(at);
      return at;
    });
    expect(made).toEqual([]);
    expect([newestOf(trail), itemBefore(trail, 2)]).toEqual([49, 47]);
    expect(listOf(trail)).toEqual([40, 41, 42, 43, 44, 45, 46, 47, 48, 49]);
    expect(made.filter((at) => at === 47)).toHaveLength(1);
  });

  it('holds little more than it shows', () => {
    const trail = grown(
      Array.from({ length: 5_000 }, (_, at) => at),
      100,
    );
    expect(trail.full.flat().length).toBeLessThan(100 + 2 * 24);
  });

  it('stays as it was when another grows out of it, and survives JSON', () => {
    const old = grown([1, 2, 3], 3);
    const copy = structuredClone(old);
    expect(listOf(pushed(old, 4))).toEqual([2, 3, 4]);
    expect(listOf(pushed(old, 5))).toEqual([2, 3, 5]);
    expect(old).toEqual(copy);
    expect(listOf(JSON.parse(JSON.stringify(pushed(old, 4))))).toEqual([2, 3, 4]);
  });
});

describe('the median of a growing trail', () => {
  const wide = fc.double({ min: -1e9, max: 1e9, noNaN: true });
  const near = fc.double({ min: 90, max: 110, noNaN: true });
  const whole = fc.integer({ min: -50, max: 50 });
  const story = fc.tuple(
    fc.oneof(...[whole, near, wide].map((value) => fc.array(value, { maxLength: 400 }))),
    fc.integer({ min: 1, max: 120 }),
  );
  /** Exactly, but a zero is a zero. */
  const same = (told: number, trail: Trail<number>) =>
    expect(told - (median(listOf(trail)) ?? Number.NaN)).toBe(0);

  it('is the median of what it holds, also when two stories take turns', () => {
    fc.assert(
      fc.property(story, story, ([a, limitA], [b, limitB]) => {
        let [one, other] = [emptyTrail<number>(limitA), emptyTrail<number>(limitB)];
        for (let at = 0; at < Math.max(a.length, b.length); at += 1) {
          const [x, y] = [a[at], b[at]];
          if (x !== undefined) {
            const next = pushed(one, x);
            same(nextMedian(one, next, x), next);
            one = next;
          }
          // Every ninth time only, so that the memory is sometimes right and sometimes not.
          if (y !== undefined && at % 9 === 0) {
            const next = pushed(other, y);
            same(nextMedian(other, next, y), next);
            other = next;
          }
        }
      }),
    );
  });

  it('is found after many at once, whoever was measured in between', () => {
    const cuts = fc.array(fc.tuple(fc.integer({ min: 1, max: 70 }), fc.boolean()), {
      maxLength: 12,
    });
    fc.assert(
      fc.property(story, cuts, ([items, limit], told) => {
        fc.pre(items.length > limit);
        const column = Float64Array.from(items);
        let at = limit;
        let trail = grown(items.slice(0, at), limit);
        for (const [count, isForgotten] of told) {
          const to = Math.min(items.length, at + count);
          if (to === at) return;
          if (isForgotten) nextMedian(emptyTrail(3), grown([1], 3), 1);
          const next = pushedColumn(trail, column, at, to);
          same(afterwards(trail, next, column, at, to), next);
          const copy = new Float64Array(limit + 2).fill(-99);
          copySample(isForgotten ? trail : next, copy, limit + 1);
          expect([...copy]).toEqual([-99, ...listOf(isForgotten ? trail : next), -99]);
          [trail, at] = [next, to];
        }
      }),
    );
  });

  it('is found among values that are equal, all but one, or hardly more than nothing', () => {
    for (const items of [
      [3, 3, 3, 3],
      [0, 0, 0, 7e300],
      [7e300, 0, 0, 0],
      [1e-320, 2e-320, 3e-320],
      [4, 4, 4, 4, 1e12, -1e12],
    ]) {
      const trail = grown(items, 9);
      same(nextMedian(emptyTrail(9), trail, 0), trail);
    }
  });
});

describe('the newest of a trail', () => {
  it('are the end of the whole list, whatever the length, the limit and the count', () => {
    for (const limit of [1, 5, 24, 30, 60]) {
      let trail = emptyTrail<number>(limit);
      for (let value = 0; value < 130; value += 1) {
        trail = pushed(trail, value);
        for (const count of [1, 4, 24, 25, 100]) {
          expect(newestItems(trail, count)).toEqual(listOf(trail).slice(-count));
        }
      }
    }
  });
});
