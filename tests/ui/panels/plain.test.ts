// The smallest view still says mode, position, P&L and stop state, in whole figures.
import { expect, it } from 'vitest';
import { plainView } from '../../../src/ui/panels/plain.ts';
import { panelText } from '../../support/panel-text.ts';
import { SITUATIONS } from '../../support/situations-snapshot.ts';

const view = (
  name: 'quiet' | 'long' | 'tripped' | 'stale' | 'closed' | 'warming' | 'differing',
  width: number,
) => panelText((area) => plainView(SITUATIONS[name](), 0, area), { width, height: 9 });

it('shows everything that matters in 40 columns', () => {
  expect(view('long', 40).slice(0, 3)).toEqual([
    ' SIM  ACTIVE',
    'BUY 8 +112.00 stop 3938 PROTECTED',
    'day +752.00 MYR',
  ]);
});

it('says above all that it is a recording', () => {
  const first = (width: number) =>
    panelText((area) => plainView(SITUATIONS.long(), 0, area, { state: 'paused', speed: 60 }), {
      width,
      height: 9,
    }).slice(0, 2);
  expect(first(40)).toEqual([' REPLAY x60 paused', ' SIM  ACTIVE']);
  expect(first(8)[0]).toBe('REPLAY');
});

it('prefers the missing stop to everything else when there is hardly room', () => {
  expect(view('tripped', 8)[1]).toBe('NO STOP');
  expect(view('long', 8)[1]).toBe('+112.00');
  expect(view('long', 4)[1]).toBe('####');
});

it('never calls an old price current (F116)', () => {
  expect(view('stale', 40).join(' ')).toMatch(/P&L unknown.*STALE 35 s/);
  expect(view('stale', 12).join(' ')).toContain('STALE');
});

it('says why nothing may be entered, unless an alert says what is wrong', () => {
  expect(view('closed', 40).join(' ')).toContain('no entries: the session is closed');
  expect(view('closed', 24).join(' ')).toContain('the session is closed');
  expect(view('quiet', 40).join(' ')).not.toContain('no entries');
  expect(view('tripped', 40).join(' ')).not.toContain('no entries');
});

it('says once that there is no stop', () => {
  expect(view('tripped', 40)[1]).toBe('SELL 8 -312.50 NO STOP');
});

it('does not call nothing what nobody has shown yet, nor orders nothing (I18)', () => {
  expect(view('warming', 40)[1]).toBe('positions unknown');
  expect(view('differing', 40)[1]).toBe('no position, 2 open orders');
  expect(view('differing', 12)[1]).toBe('no position');
});
