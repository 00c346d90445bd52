// Gauges of the breakers: every one keeps its row, tripped is a word with its moment.
import { expect, it } from 'vitest';
import { breakersPanel } from '../../../src/ui/panels/breakers.ts';
import { panelText } from '../../support/panel-text.ts';
import { SITUATIONS } from '../../support/situations-snapshot.ts';

const gauges = (name: 'quiet' | 'tripped', width: number, height = 7) =>
  panelText((area) => breakersPanel(SITUATIONS[name](), area), { width, height });

it('shows how much of the way is used', () => {
  expect(gauges('quiet', 48, 15)[1]).toBe(' ✓ loss streak  ━━────── 1 of 3 losses');
  expect(gauges('quiet', 43, 15)[2]).toBe(' ✓ volatility   ━━─── 1.1 of 2.0 median ATR');
});

it('says tripped, since when, why and what clears it', () => {
  const [daily = ''] = gauges('tripped', 170, 15);
  for (const words of ['✗', 'TRIPPED 11-20 05:53', 'day -5.04 %', 'clears: next trading day']) {
    expect(daily).toContain(words);
  }
  expect(gauges('tripped', 30)[0]).toContain('TRIPPED');
});

it('keeps the order while all fit and puts tripped ones first when not', () => {
  const names = (rows: readonly string[]) => rows.map((row) => row.slice(3, 14).trim());
  expect(names(gauges('tripped', 44, 15))).toEqual(names(gauges('quiet', 44, 15)));
  expect(names(gauges('tripped', 80, 8))).toEqual(names(gauges('quiet', 80, 8)));
  expect(gauges('tripped', 44, 2).every((row) => row.includes('TRIPPED'))).toBe(true);
});

it('leaves a distance out rather than cut its numbers (F113)', () => {
  for (let width = 16; width < 60; width += 1) {
    const [row = ''] = gauges('quiet', width, 15);
    expect(row).toMatch(/-0.30 % of -5.00 %$|clear$|^ ✓ daily loss[ ━─…]*$|^ ✓ daily loss .*…$/);
  }
});

it('shows every breaker where there is room for marks, the nearest with its gauge', () => {
  const rows = gauges('tripped', 43);
  expect(rows[0]).toContain('TRIPPED');
  const text = rows.join('\n');
  for (const name of ['kill', 'slippage', 'order rate', 'connectivity', 'loop']) {
    expect(text).toContain(`✓ ${name}`);
  }
  expect(text).toContain('✗ loss streak');
  // Once each, and where they stand does not follow every reading.
  for (const height of [6, 7, 11]) {
    const shown = gauges('quiet', 43, height).join('\n');
    expect(shown.match(/[✓✗]/g)).toHaveLength(15);
    expect(shown.indexOf('daily loss')).toBeLessThan(shown.indexOf('feed'));
  }
});
