/** Records by their id: the newest of a list, put back in its place. */
import { describe, expect, it } from 'vitest';
import { byId, placeOf, withOne } from '../../src/engine/ids.ts';

const list = ['a', 'b', 'a'].map((id, nth) => ({ id, nth }));

describe('a list of records', () => {
  it('shows the newest of an id, or nothing', () => {
    expect(byId(list, 'a')).toEqual({ id: 'a', nth: 2 });
    expect(byId(list, 'b')).toEqual({ id: 'b', nth: 1 });
    expect([byId(list, 'c'), byId([], 'a'), byId(list, undefined)]).toEqual(
      Array(3).fill(undefined),
    );
    expect([placeOf(list, 'b'), placeOf(list, 'c')]).toEqual([1, -1]);
  });

  it('takes another in its place, or at its end, and stays as it was', () => {
    const before = structuredClone(list);
    expect(withOne(list, { id: 'b', nth: 9 }).map(({ nth }) => nth)).toEqual([0, 9, 2]);
    expect(withOne(list, { id: 'c', nth: 9 }).map(({ nth }) => nth)).toEqual([0, 1, 2, 9]);
    expect(list).toEqual(before);
  });
});
