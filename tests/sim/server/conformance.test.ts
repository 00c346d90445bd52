// The checklist of the simulated broker has a test for every one of its items, by number.
import { expect, it } from 'vitest';
import { conformance, ITEMS } from '../../support/conformance.ts';

it('has a named test for each of the 83 items', () => {
  expect(ITEMS).toHaveLength(83);
  const bare = conformance().filter(({ tests }) => tests.length === 0);
  expect(bare.map(({ number, item }) => `${number} ${item}`)).toEqual([]);
});
