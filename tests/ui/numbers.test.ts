// No number is ever cut: whatever the layout promises is on the screen, whole, at every size.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PANELS } from '../../src/ui/layout.ts';
import { check, DIALOGS, type DialogName, isWhole, world } from '../support/promises.ts';

const CORNERS = [
  [60, 16],
  [60, 70],
  [240, 16],
  [240, 70],
  [80, 24],
  [120, 40],
] as const;
const anySize = {
  columns: fc.integer({ min: 60, max: 240 }),
  rows: fc.integer({ min: 16, max: 70 }),
};
const anyPanel = { focus: fc.constantFrom(...PANELS), zoom: fc.boolean() };
const NAMES = Object.keys(DIALOGS) as DialogName[];

describe('numbers (F113)', () => {
  it.each(CORNERS)('all promised numbers are whole at %i x %i', (columns, rows) => {
    fc.assert(
      fc.property(world, fc.record(anyPanel), (one, panel) =>
        check(one, { columns, rows, ...panel }),
      ),
      { numRuns: 50 },
    );
  });

  it('all promised numbers are whole at any size from 60x16 to 240x70', () => {
    fc.assert(
      fc.property(world, fc.record({ ...anySize, ...anyPanel }), (one, at) => check(one, at)),
      { numRuns: 400 },
    );
  });

  it.each(NAMES)('all promised numbers are whole in the dialog %s', (name) => {
    const low = fc.constant({ columns: 60, rows: 16 });
    const narrow = fc.record({ ...anySize, columns: fc.integer({ min: 60, max: 76 }) });
    const size = fc.oneof(low, narrow, fc.record(anySize));
    fc.assert(
      fc.property(world, size, (one, at) =>
        check(one, { ...at, focus: 'blotter', zoom: false }, name),
      ),
      { numRuns: 40 },
    );
  });

  it('the check itself finds a number that is cut', () => {
    expect(isWhole('P&L 1,234.5', '1,234.50')).toBe(false);
    expect(isWhole('P&L 11,234.50', '1,234.50')).toBe(false);
    expect(isWhole('P&L -1,234.50 t', '-1,234.50')).toBe(true);
  });
});
