/** Trails: exactly the newest items, whatever came before, and older trails stay as they were. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { median } from '../../src/engine/indicators.ts';
import { nextMedian } from '../../src/engine/rolling-median.ts';
import {
  emptyTrail,
  itemBefore,
  listOf,
  newestItems,
  newestOf,
  oldestOf,
  pushed,
  pushedAll,
  sizeOf,
  type Trail,
} from '../../src/engine/trail.ts';

const grown = (items: readonly number[], limit: number): Trail<number> =>
  items.reduce((trail, item) => pushed(trail, item), emptyTrail<number>(limit));

const lists = fc.tuple(
  fc.array(fc.integer({ min: -50, max: 50 }), { maxLength: 400 }),
  fc.integer({ min: 1, max: 120 }),
);

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
        expect(pushedAll(before, items.slice(cut))).toEqual(grown(items, limit));
        expect(before).toEqual(grown(items.slice(0, cut), limit));
      }),
    );
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
  it('is the median of what it holds, also when two stories take turns', () => {
    fc.assert(
      fc.property(lists, lists, ([a, limitA], [b, limitB]) => {
        let [one, other] = [emptyTrail<number>(limitA), emptyTrail<number>(limitB)];
        for (let at = 0; at < Math.max(a.length, b.length); at += 1) {
          const [x, y] = [a[at], b[at]];
          if (x !== undefined) {
            const next = pushed(one, x);
            expect(nextMedian(one, next, x)).toBe(median(listOf(next)));
            one = next;
          }
          // Every third time only, so that the memory is sometimes right and sometimes not.
          if (y !== undefined && at % 3 === 0) {
            const next = pushed(other, y);
            expect(nextMedian(other, next, y)).toBe(median(listOf(next)));
            other = next;
          }
        }
      }),
    );
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
