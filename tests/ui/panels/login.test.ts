// The login as a dialog: the time that is left, nothing of what is typed, another way where none.
import { expect, it } from 'vitest';
import { makeLook } from '../../../src/ui/look.ts';
import { loginBox } from '../../../src/ui/panels/login.ts';
import type { UiState } from '../../../src/ui/ui-state.ts';
import { LOGINS } from '../../support/frames.ts';
import { panelText, uiAt } from '../../support/panel-text.ts';
import { SITUATIONS } from '../../support/situations-snapshot.ts';

const look = makeLook({ colour: 'none', theme: 'dark', ascii: false });

function said(ui: Partial<UiState>, typed = '', height = 20): string {
  const area = { width: 72, height, look };
  const box = loginBox({ type: 'login', typed }, SITUATIONS.tripped(), uiAt(ui), area);
  return panelText(() => box.lines, { width: 72, height: box.lines.length }).join('\n');
}
const [, waiting = {}] = LOGINS[0] ?? [];

it('counts down, and counts what is typed without showing it', () => {
  expect(said({ ...waiting, now: 60_000 })).toContain('waits 3 m 57 s');
  expect(said({ ...waiting, now: 400_000 })).toContain('waits 0 s');
  const typed = said(waiting, 'canary-code');
  expect(typed).toContain('11 characters typed: Enter sends them');
  expect(typed).not.toContain('canary');
});

it('keeps the address and the keys where rows are few', () => {
  const low = said(waiting, '', 7).split('\n');
  expect(low.length).toBeLessThanOrEqual(8);
  expect(low.join('')).toContain('product=web');
  expect(low.at(-1)).toContain('Esc gives up');
});

it('names the verbs where no login can be made from here', () => {
  expect(said({})).toContain('palm-oil-tui login --env live --no-browser');
  expect(said({ canLogin: true })).not.toContain('--no-browser');
});
