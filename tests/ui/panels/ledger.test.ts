// The two ledgers: newest first, anchored while reading, never a cut number.
import { expect, it } from 'vitest';
import { untrusted } from '../../../src/engine/index.ts';
import { activityPanel, whyPanel } from '../../../src/ui/panels/ledger.ts';
import { quiet } from '../../support/builders-snapshot.ts';
import { panelText, uiAt } from '../../support/panel-text.ts';
import { SITUATIONS } from '../../support/situations-snapshot.ts';

const why = (ui = uiAt(), width = 60, snapshot = quiet()) =>
  panelText((area) => whyPanel(snapshot, ui, area), { width, height: 4 });
const activity = (ui = uiAt(), width = 80, snapshot = quiet()) =>
  panelText((area) => activityPanel(snapshot, ui, area), { width, height: 4 });

it('says per bar why or why not', () => {
  expect(why()[1]).toBe(' 06:25 · no buy: sentiment +12 not above +30');
});

it('begins at the anchor', () => {
  const { decisions } = quiet();
  const anchor = { why: decisions.at(-3)?.barTime, activity: undefined };
  expect(why(uiAt({ anchor }))[0]).toContain('06:20');
});

it('ends a long sentence at a word', () => {
  expect(why(uiAt(), 30)[1]).toBe(' 06:25 · no buy: sentiment …');
});

it('quotes words of the broker, made harmless (F109)', () => {
  const first = quiet().activity[0];
  const outside = untrusted('no\x1b[2J money');
  const snapshot = quiet({ activity: first === undefined ? [] : [{ ...first, outside }] });
  expect(activity(uiAt(), 120, snapshot)[0]).toContain('“no money”');
});

it('says when nothing matches and when nothing happened', () => {
  expect(activity(uiAt({ filter: 'zz' }))[0]).toContain('nothing matches the filter “zz”');
  expect(activity(uiAt(), 80, SITUATIONS.warming())[0]).toContain('nothing happened yet');
});
