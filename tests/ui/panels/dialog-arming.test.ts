// The arming dialog: every item with its colour and remedy, and what a dry run says.
import { expect, it } from 'vitest';
import type { ArmingView } from '../../../src/engine/index.ts';
import { armingBox } from '../../../src/ui/panels/dialog-arming.ts';
import { quiet } from '../../support/builders-snapshot.ts';
import { panelText, uiAt } from '../../support/panel-text.ts';

const ARMING: ArmingView = {
  state: 'unarmed',
  checklist: [
    { name: 'token', ok: true, reason: 'the session is authorised and ready', remedy: undefined },
    { name: 'breakers', ok: false, reason: 'tripped: KILL', remedy: 'key b says what clears each' },
  ],
  armedUntil: undefined,
  why: 'nobody armed this run yet',
};
const live = (arming: ArmingView) => quiet({ environment: 'live', mode: 'live', arming });
const drawn = (snapshot = live(ARMING), ui = uiAt(), height = 20) =>
  panelText(
    (area) => armingBox({ type: 'arming', typed: '12', typedAt: 0 }, snapshot, ui, area).lines,
    { width: 70, height },
  );

it('shows each item green or red with its remedy, and what was typed (F114)', () => {
  const text = drawn().join('\n');
  expect(text).toContain('LIVE REAL MONEY: entries go to the broker once this run is armed.');
  expect(text).toContain('✓ token          the session is authorised and ready');
  expect(text).toContain('✗ breakers       tripped: KILL: key b says what clears each');
  expect(text).toContain('account number in full: 12_');
});

it('keeps the checklist and the number where there is little room', () => {
  const text = drawn(undefined, undefined, 8).join('\n');
  expect(text).not.toContain('entries go to the broker');
  expect(text).toContain('✗ breakers');
  expect(text).toContain('12_');
});

it('an observer sees the checklist and no field', () => {
  expect(drawn(undefined, uiAt({ role: 'observer' })).join()).toContain('only watches');
});

it('in a dry run explains it, and offers a live run only where one can begin', () => {
  const alone = drawn(quiet()).join('\n');
  expect(alone).toContain('SIM: no order of this run can reach the broker.');
  expect(alone).toContain('Start one with --mode live');
  const offered = drawn(quiet(), uiAt({ canGoLive: true })).join('\n');
  expect(offered).toContain('begin again as SIM LIVE, unarmed');
  expect(offered).toContain('type live: 12_');
});
