// RSI, trend, news and gates: simulated, expired and not asked are words.
import { expect, it } from 'vitest';
import { signalPanel } from '../../../src/ui/panels/signal.ts';
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
  expect(rows[4]).toBe(' bar 06:30  stopped at signal');
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
