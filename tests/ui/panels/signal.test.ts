// RSI, trend, news and gates: simulated, expired and not asked are words.
import { expect, it } from 'vitest';
import { judgedBar, signalPanel } from '../../../src/ui/panels/signal.ts';
import { quiet } from '../../support/builders-snapshot.ts';
import { panelText } from '../../support/panel-text.ts';
import { SITUATIONS } from '../../support/situations-snapshot.ts';

const panel = (snapshot = quiet(), width = 43, height = 13) =>
  panelText((area) => signalPanel(snapshot, 0, area), { width, height });

it('gives the gates a row with value and threshold where there is room', () => {
  const rows = panel();
  expect(rows[1]).toBe(' trend up      EMA 50 4003');
  expect(rows[2]).toBe(' news   +42 needs 30  42 s simulated 72 %');
  expect(rows[5]).toBe(' ✗ signal    41.2 (below 30 or above 70)');
  expect(rows[12]).toBe(' · state     not asked');
});

it('puts them in columns with the verdict where there is not', () => {
  const rows = panel(quiet(), 29, 10);
  expect(rows[4]).toBe(' last bar  stopped at signal');
  expect(rows[5]).toBe(' ✓ data        · spread');
});

it('says expired, off, absent and warming up in words (F105)', () => {
  expect(panel(SITUATIONS.stale()).join(' ')).toContain('EXPIRED 5 m 40 s');
  const off = quiet({ sentiment: { ...quiet().sentiment, mode: 'off' } });
  expect(panel(off).join(' ')).toContain('gate is OFF');
  expect(panel(SITUATIONS.warming()).join(' ')).toMatch(
    /warming up.*no reading.*no bar has closed/,
  );
});

it('names the side that RSI is beyond', () => {
  const at = (rsi: number) => panel(quiet({ indicators: { ...quiet().indicators, rsi } }))[0] ?? '';
  expect(at(12)).toMatch(/low$/);
  expect(at(88)).toMatch(/high$/);
});

it('says of the news what its numbers are where there is room', () => {
  const rows = (width: number) =>
    panelText((area) => signalPanel(quiet(), 0, area), { width, height: 14 });
  expect(rows(60)[2]).toBe(' news   +42 needs 30  42 s old simulated 72 % sure');
  expect(rows(43)[2]).toBe(' news   +42 needs 30  42 s simulated 72 %');
});

it('names the bar it judges, and with room shows how those before were judged', () => {
  expect(judgedBar(quiet())).toBe('bar 06:30');
  expect(judgedBar(SITUATIONS.warming())).toBeUndefined();
  const rows = panelText((area) => signalPanel(quiet(), 0, area), { width: 78, height: 20 });
  expect(rows.slice(15)).toEqual([
    ' Bars before',
    ' 06:25 · no buy: sentiment +12 not above +30',
    ' 06:20 · no entry: RSI 41.2 neither below 30 nor above 70',
    ' 06:15 · no entry: RSI 41.2 neither below 30 nor above 70',
    ' 06:10 · no entry: RSI 41.2 neither below 30 nor above 70',
  ]);
});

it('says the verdict where the gates have too few rows to be all there', () => {
  const rows = panel(quiet(), 58, 4);
  expect(rows[3]).toBe(' 06:30 · no entry: RSI 41.2 neither below 30 nor above 70');
});

it('leaves the source of the news out rather than cut its name', () => {
  const row = panel(SITUATIONS.stale())[2] ?? '';
  expect(row).toBe(' news   -12 needs 30  EXPIRED 5 m 40 s');
  expect(panel(SITUATIONS.stale(), 60)[2]).toContain('perplexity 40 %');
});
