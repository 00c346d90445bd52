/** The fingerprint: equal for equal values only. */
import { expect, it } from 'vitest';
import { fingerprint } from '../../src/engine/fingerprint.ts';

it('is the same in whatever order the fields came, and without what is absent (F91)', () => {
  const one = fingerprint({ a: 1, b: [{ c: 2, d: 3 }], e: undefined });
  expect(fingerprint({ b: [{ d: 3, c: 2 }], a: 1 })).toBe(one);
  expect(one).toMatch(/^[0-9a-f]{16}$/);
});

it('differs when a value, a place or a name does', () => {
  const values = [{ a: 1 }, { a: 2 }, { b: 1 }, [1, 2], [2, 1], { a: '1' }];
  expect(new Set(values.map(fingerprint)).size).toBe(values.length);
});
