// Candles, levels, marks, axes and the RSI strip; shapes tell what colours repeat.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { price } from '../../../src/engine/index.ts';
import { chartPanel } from '../../../src/ui/panels/chart.ts';
import { bars, position, quiet } from '../../support/builders-snapshot.ts';
import { golden } from '../../support/golden.ts';
import { panelText } from '../../support/panel-text.ts';
import { SITUATIONS } from '../../support/situations-snapshot.ts';

const drawn = (snapshot = SITUATIONS.long(), width = 90, height = 24, ascii = false) =>
  panelText((area) => chartPanel(snapshot, area), { width, height, ascii });

it('draws candles with entry, exit, stop and target', () => {
  golden('ui/frames/chart-90x24.txt', `${drawn().join('\n')}\n`);
  golden('ui/frames/chart-90x24-ascii.txt', `${drawn(undefined, 90, 24, true).join('\n')}\n`);
});

it('marks rising and falling bars by shape, not by colour alone', () => {
  const text = drawn().join('');
  expect(text).toMatch(/[▌▘▖]/);
  expect(text).toMatch(/[█▀▄]/);
});

it('points to a level that is out of the picture instead of flattening the candles', () => {
  const far = quiet({
    positions: [position({ stop: price(100_000_000), target: price(900_000_000) })],
  });
  const text = drawn(far).join('\n');
  expect(text).toContain('target 9000 ▲');
  expect(text).toContain('stop 1000 ▼');
});

it('shows the two thresholds and the value of RSI', () => {
  const text = drawn().join('\n');
  expect(text).toContain('RSI 41.2');
  expect(text).toMatch(/┤70[\s\S]*┤30/);
});

it('becomes a line where candles do not fit, and words before there are bars', () => {
  expect(drawn(undefined, 20, 3).join('')).toMatch(/[╭╮╯╰─]/);
  expect(drawn(SITUATIONS.warming())[0]).toContain('waiting for bars');
});

it('bears any bar a broker may send', () => {
  const value = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }).map(price);
  const odd = fc.array(fc.record({ open: value, high: value, low: value, close: value }), {
    maxLength: 9,
  });
  fc.assert(
    fc.property(
      odd,
      fc.integer({ min: 0, max: 60 }),
      fc.integer({ min: 0, max: 20 }),
      (list, width, height) => {
        const closed = bars(list.length).map((bar, index) => ({ ...bar, ...list[index] }));
        const snapshot = quiet({ bars: { ...quiet().bars, closed, forming: undefined } });
        expect(drawn(snapshot, width, height)).toHaveLength(height);
      },
    ),
    { numRuns: 300 },
  );
});
