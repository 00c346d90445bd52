// Positions and open orders: fixed columns, a word for every state; columns leave, figures stay.
import { expect, it } from 'vitest';
import { blotterPanel } from '../../../src/ui/panels/blotter.ts';
import { order, position, quiet } from '../../support/builders-snapshot.ts';
import { panelText, uiAt } from '../../support/panel-text.ts';
import { SITUATIONS } from '../../support/situations-snapshot.ts';

const table = (snapshot = SITUATIONS.long(), width = 80, height = 5, ui = uiAt()) =>
  panelText((area) => blotterPanel(snapshot, ui, 0, area), { width, height });

it('shows a position with every level', () => {
  expect(table().slice(0, 2)).toEqual([
    '  side volume  entry    now   stop target        P&L        age state',
    '▸ BUY       8   3998   4012   3938   4078    +112.00  37 m 08 s PROTECTED',
  ]);
  // One column less keeps every level: the blank before the age leaves first.
  expect(table(SITUATIONS.long(), 76)[1]).toContain('+112.00 37 m 08 s PROTECTED');
});

it('shows below the table how far the selected position is from its end', () => {
  expect(table()[3]).toContain('to stop   74   -480.00');
  expect(table(SITUATIONS.tripped())[3]).toContain('NO STOP: nothing limits the loss');
  expect(table(SITUATIONS.stale())[3]).toBe('');
});

it('does not call nothing what the broker has not shown yet (I18)', () => {
  expect(table(SITUATIONS.warming()).join(' ')).toContain('not known yet');
});

it('shows what was closed last where Why stands beside it', () => {
  const full = uiAt({ columns: 120, rows: 40 });
  expect(table(quiet(), 76, 5, full)[2]).toBe(' 11-20 05:20 closed at 3986, net +640.00');
});

it.each([40, 50, 60, 70, 80, 100])('at width %i side, volume, P&L and state stay', (width) => {
  const [heading = ''] = table(SITUATIONS.long(), width);
  for (const title of ['side', 'volume', 'P&L', 'state']) expect(heading).toContain(title);
  expect(table(SITUATIONS.long(), 100)[1]).toContain('+0.35 %');
});

it('keeps columns where they are whatever the figures', () => {
  const at = (openPnl: string) => table().join('').indexOf(openPnl);
  expect(at('+112.00')).toBeGreaterThan(0);
  const rows = table(quiet({ positions: [position(), position({ openPnlBps: -98 })] }), 100);
  expect(rows[1]?.length).toBe(rows[2]?.length);
});

it.each([
  [{ state: 'NAKED', stop: undefined }, /NONE.*NO STOP/],
  [{ state: 'CLOSE_UNKNOWN' }, /CLOSE UNKNOWN/],
  [{ state: 'UNSETTLED' }, /UNSETTLED/],
  [{ ours: false }, /NOT OURS/],
  [{ current: undefined, openPnl: undefined }, /stale.*unknown/],
] as const)('says %j in words (F116)', (extra, words) => {
  expect(table(quiet({ positions: [position(extra)] }))[1]).toMatch(words);
});

it('shows an unknown order until it is settled', () => {
  const orders = [order({ state: 'UNKNOWN' }), order({ state: 'FILLED', working: false })];
  const rows = table(quiet({ orders })).join('\n');
  expect(rows).toContain('UNKNOWN');
  expect(rows).not.toContain('FILLED');
});

it('scrolls to the selected row', () => {
  const positions = Array.from({ length: 9 }, (_, index) =>
    position({ id: `p${index}` as ReturnType<typeof position>['id'] }),
  );
  const rows = table(quiet({ positions }), 80, 4, uiAt({ selected: 'p:p7' }));
  expect(rows[3]?.startsWith('▸')).toBe(true);
});

it('answers why nothing is held when there is room', () => {
  expect(table(quiet(), 80, 6).join('\n')).toContain('no entry: RSI 41.2');
  expect(table(quiet(), 80, 2).join('').trim()).toBe('no position, no open order');
});

it('has room for what was closed and for the last bars when it is zoomed', () => {
  const zoomed = uiAt({ zoom: true, focus: 'blotter' });
  const rows = table(SITUATIONS.long(), 80, 20, zoomed);
  expect(rows.slice(5, 10)).toEqual([
    ' Closed trades',
    ' 11-20 05:20 closed at 3986, net +640.00',
    '',
    ' Last bars',
    ' 06:30 · no entry: RSI 41.2 neither below 30 nor above 70',
  ]);
  expect(table(quiet(), 80, 20, zoomed).slice(0, 3)).toEqual([
    ' no position, no open order',
    '',
    ' Closed trades',
  ]);
  // Beside Why nothing is said twice.
  const whole = uiAt({ columns: 120, rows: 40 });
  expect(table(SITUATIONS.long(), 80, 20, whole).join(' ')).not.toContain('Last bars');
});
