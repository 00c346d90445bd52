// The adapter to asciichart bears what the package does not.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { makeLook } from '../../../src/ui/look.ts';
import { lineChart } from '../../../src/ui/panels/line-chart.ts';
import { displayWidth } from '../../../src/ui/text.ts';

const look = makeLook({ colour: 'none', theme: 'dark', ascii: false });

it('gives nothing for nothing, and for what is no number', () => {
  for (const series of [[], [1], [Number.NaN, Number.NaN], [Number.POSITIVE_INFINITY, 1]]) {
    expect(lineChart(series, { width: 20, height: 4, look })).toEqual([]);
  }
});

it('draws a flat series as a line in the middle', () => {
  const rows = lineChart([5, 5, 5, 5], { width: 20, height: 3, look });
  expect(rows.filter((row) => row.includes('─'))).toHaveLength(1);
});

it('stays within its area for any series', () => {
  const value = fc.double({ min: -1e9, max: 1e9 });
  const series = fc.array(fc.oneof(value, fc.constant(Number.NaN)), { maxLength: 80 });
  const side = fc.integer({ min: 0, max: 30 });
  fc.assert(
    fc.property(series, side, side, (values, width, height) => {
      const rows = lineChart(values, { width, height, look });
      expect(rows.length).toBeLessThanOrEqual(height);
      for (const row of rows) expect(displayWidth(row)).toBeLessThanOrEqual(width);
    }),
  );
});

it('keeps every row in its columns: a step is drawn in one', () => {
  const rows = lineChart([1, 1, 1, 5, 5, 5], { width: 20, height: 4, look });
  expect(rows.map((row) => row.trimEnd())).toEqual(['  ╭──', '  │', '  │', '──╯']);
});
