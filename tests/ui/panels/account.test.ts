// The account: figures whole, unknown a word, nothing yet is not zero.
import { expect, it } from 'vitest';
import { money } from '../../../src/engine/index.ts';
import { accountPanel } from '../../../src/ui/panels/account.ts';
import { quiet } from '../../support/builders-snapshot.ts';
import { panelText, uiAt } from '../../support/panel-text.ts';
import { SITUATIONS } from '../../support/situations-snapshot.ts';

it('shows balance, equity, day, margin and what the run earned', () => {
  expect(
    panelText((area) => accountPanel(SITUATIONS.long(), uiAt(), area), { width: 43, height: 7 }),
  ).toEqual([
    ' balance       50,000.00 MYR',
    ' equity        50,112.00 MYR',
    ' day P&L       +752.00  +1.50 %',
    ' margin used   1,599.20  free 48,512.80',
    ' this run      +1,520.50, 4 trades',
    ' win rate      75.00 %, profit factor 2.41',
    ' max drawdown  610.00  1.21 %',
  ]);
});

it('goes into two columns where rows are few', () => {
  const text = panelText((area) => accountPanel(quiet(), uiAt(), area), { width: 80, height: 4 });
  expect(text[0]).toContain('balance');
  expect(text[0]).toContain('this run');
});

it('says unknown and none yet instead of a zero (I18)', () => {
  const stale = panelText((area) => accountPanel(SITUATIONS.stale(), uiAt(), area), {
    width: 43,
    height: 7,
  });
  expect(stale.join(' ')).toMatch(/equity +unknown +day P&L +unknown/);
  const early = panelText((area) => accountPanel(SITUATIONS.warming(), uiAt(), area), {
    width: 43,
    height: 7,
  });
  expect(early.join(' ')).toMatch(/not known yet.*none yet/);
});

it('replaces figures that do not fit (F113)', () => {
  const text = panelText((area) => accountPanel(SITUATIONS.huge(), uiAt(), area), {
    width: 24,
    height: 7,
  });
  expect(text[0]).toBe(' balance       ########');
});

it('draws equity over time where there is room, with its highest and lowest value', () => {
  const text = panelText((area) => accountPanel(SITUATIONS.long(), uiAt(), area), {
    width: 60,
    height: 16,
  });
  expect(text[8]).toMatch(/^ Equity since 11-20 04:40 {2}\+752.00$/);
  expect(text[9]).toMatch(/50,112.00$/);
  expect(text[15]).toMatch(/49,360.00$/);
});

it('a live run shows the broker beside paper, a dry run has no such line (F119)', () => {
  const shadow = {
    pairs: [],
    ...{ entryTicks: 3, exitTicks: -1, compared: 2, missing: 0, extra: 0 },
    slippage: money(5_000),
    divergence: money(-7_550),
  };
  const shown = (view: Parameters<typeof quiet>[0]) =>
    panelText((area) => accountPanel(quiet(view), uiAt(), area), { width: 60, height: 9 }).join(
      ' ',
    );
  expect(shown({ shadow })).toMatch(/vs paper +-75\.50, 2 ticks worse/);
  expect(shown({ shadow: { ...shadow, missing: 1 } })).toContain('1 missing, 0 extra');
  // Paper counts ringgit as dollars: no sum of money is better than a wrong one (I18).
  expect(shown({ shadow: { ...shadow, divergence: undefined } })).toContain('money unknown');
  expect(shown({})).not.toContain('paper');
});
