/**
 * The contract of the catalogue: an S1 id of the money path without a test fails the build.
 * Deliberately about names only; that a test can fail is for its reader to see.
 */
import { describe, expect, it } from 'vitest';
import { catalogue, coverage, isMoneyPath } from './support/coverage.ts';

const rows = coverage();

describe('the catalogue', () => {
  it('holds every number once, without a gap', () => {
    const ids = catalogue().map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const most = { F: 124, I: 34, R: 30, T: 15, P: 15 };
    for (const [letter, last] of Object.entries(most)) {
      const width = last > 99 ? 2 : String(last).length;
      const expected = Array.from(
        { length: last },
        (_, index) => letter + String(index + 1).padStart(width, '0'),
      );
      expect(ids.filter((id) => new RegExp(`^${letter}\\d+$`).test(id))).toEqual(expected);
    }
  });

  it('has a test for every S1 id of the money path', () => {
    const missing = rows.filter((row) => isMoneyPath(row) && row.tests.length === 0);
    const words = missing.map(({ id, title }) => `${id} has no test that names it: ${title}`);
    if (words.length > 0) expect.fail(`\n${words.join('\n')}\n`);
  });

  it('reads names, not mentions: an id in a range or an expectation is none', () => {
    const own = rows.flatMap(({ id, tests }) =>
      tests.filter(({ file }) => file === 'tests/coverage.test.ts').map(() => id),
    );
    expect(own).toEqual([]);
    const total = rows.find(({ id }) => id === 'F99')?.tests.map(({ file }) => file) ?? [];
    expect(total.length).toBeGreaterThan(0);
  });
});
