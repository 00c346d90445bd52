/** Membership: the same answer as looking through the story, however it came to be. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMembership } from '../../src/engine/membership.ts';
import { emptyTrail, listOf, pushed, trailOf } from '../../src/engine/trail.ts';

const ids = fc.uniqueArray(fc.integer({ min: 0, max: 200 }).map(String), { maxLength: 120 });

describe('membership in a bounded story', () => {
  it('is what the story says after every item that comes and goes (I12)', () => {
    fc.assert(
      fc.property(ids, fc.integer({ min: 1, max: 60 }), fc.nat(3), (items, limit, every) => {
        const holds = createMembership((item: { readonly id: string }) => item.id);
        let trail = emptyTrail<{ readonly id: string }>(limit);
        for (const [at, id] of items.entries()) {
          trail = pushed(trail, { id });
          if (at % (every + 1) !== 0) continue;
          const known = new Set(listOf(trail).map((item) => item.id));
          for (const asked of items) expect(holds(trail, asked)).toBe(known.has(asked));
        }
      }),
      { numRuns: 60 },
    );
  });

  it('is asked about any story, also one in another order or much shorter', () => {
    const holds = createMembership((item: string) => item);
    const many = Array.from({ length: 23 }, (_, index) => index + 20);
    const others = [99, ...many.slice(1)];
    const lists = [[1, 2, 3], [1, 2, 3, 4], [2, 1, 3, 4], [3], [], [2, 3, 4], [3, 4, 9], [1, 5, 9]];
    for (const list of [...lists, many, [...many, 1], many, [...others, 1], others]) {
      const trail = trailOf(list.map(String), 40);
      for (const key of [1, 2, 3, 4, 5, 9, 20, 99]) {
        expect(holds(trail, String(key))).toBe(list.includes(key));
      }
    }
  });
});
