// The last bars in numbers: newest first, whole columns, none of them cut.
import { expect, it } from 'vitest';
import { price } from '../../../src/engine/index.ts';
import { barTable } from '../../../src/ui/panels/bar-table.ts';
import { bars, quiet } from '../../support/builders-snapshot.ts';
import { panelText } from '../../support/panel-text.ts';
import { SITUATIONS } from '../../support/situations-snapshot.ts';

const rows = (snapshot = quiet(), width = 80, height = 8) =>
  panelText((area) => barTable(snapshot, area), { width, height });

it('shows prices, ticks and the RSI at the close, the forming bar first', () => {
  expect(rows().slice(0, 5)).toEqual([
    '',
    ' Last bars',
    ' opened UTC     open   high    low  close  move   RSI  ticks',
    ' 11-20 06:35    4017   4016   4003   4012    -5            9 so far',
    ' 11-20 06:30    4022   4022   4016   4017    -5  41.2     41',
  ]);
});

it('gives up whole columns where it is narrow, the close last', () => {
  expect(rows(quiet(), 46)[2]).toBe(' opened UTC      low  close  move');
  expect(rows(quiet(), 30)[2]).toBe(' opened UTC    close');
});

it('widens for the longest number instead of cutting it', () => {
  const { instrument } = quiet();
  const fine = instrument && { ...instrument, digits: 5 };
  const last = { ...bars(1)[0], open: price(987_654_321_000), close: price(987_654_321_001) };
  const closed = [...bars(5), last as ReturnType<typeof bars>[number]];
  const text = rows(quiet({ instrument: fine, bars: { ...quiet().bars, closed } }), 120).join(' ');
  expect(text).toContain('  9876543.21000 ');
  expect(text).toContain('  9876543.21001 ');
  expect(text).not.toContain('#');
});

it('is not there without bars, without an instrument, or without rows for three', () => {
  expect(rows(SITUATIONS.warming()).join('')).toBe('');
  expect(rows(quiet(), 80, 5).join('')).toBe('');
  const none = { ...quiet().bars, closed: [], forming: undefined };
  expect(rows(quiet({ bars: none })).join('')).toBe('');
});

it('has no RSI for bars before it was warm', () => {
  const { indicators } = quiet();
  const cold = quiet({
    bars: { ...quiet().bars, closed: bars(5) },
    indicators: { ...indicators, rsiSeries: [44.4] },
  });
  const shown = rows(cold, 80, 9).slice(4, 6);
  expect(shown[0]).toContain('44.4');
  expect(shown[1]).toContain('none');
});
