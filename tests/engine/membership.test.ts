/** Membership: the same answer as looking through the list, however the list came to be. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bounded } from '../../src/engine/bars.ts';
import { createMembership } from '../../src/engine/membership.ts';

const ids = fc.uniqueArray(fc.integer({ min: 0, max: 60 }).map(String), { maxLength: 40 });

describe('membership in a bounded list', () => {
  it('is what the list says after every item that comes and goes (I12)', () => {
    fc.assert(
      fc.property(ids, fc.integer({ min: 1, max: 12 }), fc.nat(3), (items, limit, every) => {
        const holds = createMembership((item: { readonly id: string }) => item.id);
        let list: readonly { readonly id: string }[] = [];
        for (const [at, id] of items.entries()) {
          list = bounded(list, { id }, limit);
          if (at % (every + 1) !== 0) continue;
          for (const asked of items) {
            expect(holds(list, asked)).toBe(list.some((item) => item.id === asked));
          }
        }
      }),
    );
  });

  it('is asked about any list, also one in another order or much shorter', () => {
    const holds = createMembership((item: number) => item);
    const lists = [[1, 2, 3], [1, 2, 3, 4], [2, 1, 3, 4], [3], [], [2, 3, 4], [3, 4, 9], [1, 5, 9]];
    for (const list of lists) {
      for (const key of [1, 2, 3, 4, 5, 9]) expect(holds(list, key)).toBe(list.includes(key));
    }
  });
});
