// The market: prices in fixed cells, stale said with its age, gauges that never lie at their ends.
import { expect, it } from 'vitest';
import { makeLook } from '../../../src/ui/look.ts';
import { bargraph, marketPanel, marketStrip, slider } from '../../../src/ui/panels/market.ts';
import { quiet } from '../../support/builders-snapshot.ts';
import { panelText } from '../../support/panel-text.ts';
import { SITUATIONS } from '../../support/situations-snapshot.ts';

const { glyphs } = makeLook({ colour: 'none', theme: 'dark', ascii: false });
const strip = (snapshot = quiet(), late = 0, width = 80) =>
  panelText((area) => marketStrip(snapshot, late, area), { width, height: 2 });

it('shows bid, ask, spread, change, countdown, session and range in two rows', () => {
  expect(strip()).toEqual([
    ' FCPO bid    4012  ask    4014  spread   2     +32   +0.80 %  next bar 4 m 53 s',
    ' session open, closes 10:00 UTC in 3 h 25 m              day low 3968 high 4041',
  ]);
});

it('leaves the spread out rather than cut its word', () => {
  const row = (width: number) =>
    panelText((area) => marketPanel(SITUATIONS.tiny(), 0, area), { width, height: 5 })[0];
  expect(row(43)).not.toContain('sp');
  expect(row(43)).toContain('0.00003');
  expect(row(60)).toContain('spread');
});

it('a stale quote says so with its age, at every width that has panels (F116)', () => {
  for (let width = 60; width <= 120; width += 1) {
    expect(strip(SITUATIONS.stale(), 0, width)[0]).toContain('STALE 35 s');
    expect(strip(quiet(), 9_000, width)[0]).toContain('STALE 9 s');
  }
  const panel = panelText((area) => marketPanel(SITUATIONS.stale(), 0, area), {
    width: 43,
    height: 5,
  });
  expect(panel[0]).toContain('STALE 35 s');
});

it('says closed and unknown in words', () => {
  expect(strip(SITUATIONS.closed())[1]).toContain('session CLOSED, opens');
  expect(strip(SITUATIONS.warming()).join(' ')).toMatch(/no quote yet.*session unknown/);
});

it('gauges show something for something and are full only at the end', () => {
  const bar = (used: number) =>
    bargraph(used, 8, 'accent', glyphs)
      .map((piece) => piece.text)
      .join('');
  expect([0, 0.001, 0.5, 0.999, 1, 9, Number.NaN].map(bar)).toEqual([
    '────────',
    '━───────',
    '━━━━────',
    '━━━━━━━─',
    '━━━━━━━━',
    '━━━━━━━━',
    '────────',
  ]);
  expect(slider(0, 7, glyphs)).toBe('├●────┤');
  expect(slider(5, 7, glyphs, [0.5])).toBe('├──┼─●┤');
  expect(slider(0.5, 2, glyphs)).toBe('');
});
