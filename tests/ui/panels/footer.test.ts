// The last row: keys that work, the notice, and what leaves when it is narrow.
import { expect, it } from 'vitest';
import { commandId } from '../../../src/engine/index.ts';
import { footer } from '../../../src/ui/panels/footer.ts';
import { quiet } from '../../support/builders-snapshot.ts';
import { panelText, uiAt } from '../../support/panel-text.ts';
import { SITUATIONS } from '../../support/situations-snapshot.ts';

const row = (ui = uiAt(), width = 100, snapshot = SITUATIONS.long()) =>
  panelText((area) => footer(snapshot, ui, area), { width, height: 1 })[0] ?? '';

it('brackets keys that do not work now, so that nothing moves', () => {
  expect(row(uiAt(), 100, quiet())).toContain('(c close  f flatten)');
  expect(row()).toContain(' c close  f flatten ');
});

it('shows the key that arms in a live run, and only there', () => {
  expect(row()).not.toContain('m arm');
  const armed = { ...quiet().arming, state: 'armed' } as const;
  expect(row(uiAt(), 100, quiet({ mode: 'live' }))).toContain('m arm');
  expect(row(uiAt(), 100, quiet({ mode: 'live', arming: armed }))).toContain('m disarm');
});

it('shows the keys of a recording instead of those that trade', () => {
  const playback = { state: 'playing', speed: 60 } as const;
  const played = row(uiAt({ playback }));
  expect(played).toContain(' Space pause  . bar  + faster  - slower ');
  expect(played).not.toMatch(/flatten|panic|news/);
  expect(row(uiAt({ playback: { ...playback, state: 'paused' } }))).toContain(' Space play ');
  const ended = row(uiAt({ playback: { ...playback, state: 'ended' } }));
  expect(ended).toContain('(Space pause  . bar  + faster  - slower)');
  expect(row(uiAt({ playback }), 30)).toMatch(/\? help {2}q quit/);
});

it.each([30, 45, 60, 80])('keeps help and quit at width %i', (width) => {
  expect(row(uiAt(), width)).toMatch(/\? help {2}q quit/);
});

it('shows a notice, a filter being typed, and a command nobody answers', () => {
  const notice = { tone: 'bad', text: 'Refused: close position', until: 1 } as const;
  expect(row(uiAt({ notice }))).toContain('Refused: close position');
  expect(row(uiAt({ dialog: { type: 'filter', typed: 'ab' } }))).toContain('filter: ab_');
  const pending = [{ id: commandId('1'), words: 'flatten', target: 'flatten', sentAt: 0 }];
  expect(row(uiAt({ pending, now: 7_000 }))).toContain('no answer yet for 7 s: flatten');
});
