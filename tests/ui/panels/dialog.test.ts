// What dialogs say; their pictures are among the golden frames.
import { expect, it } from 'vitest';
import { money } from '../../../src/engine/index.ts';
import { makeLook } from '../../../src/ui/look.ts';
import { dialogBox } from '../../../src/ui/panels/dialog.ts';
import type { Dialog } from '../../../src/ui/ui-state.ts';
import { position } from '../../support/builders-snapshot.ts';
import { panelText, uiAt } from '../../support/panel-text.ts';
import { SITUATIONS } from '../../support/situations-snapshot.ts';

const look = makeLook({ colour: 'none', theme: 'dark', ascii: false });

function said(dialog: Dialog, name: 'quiet' | 'long' | 'tripped' | 'unknown' = 'tripped') {
  const area = { width: 70, height: 40, look };
  const box = dialogBox(dialog, SITUATIONS[name](), uiAt({ role: 'observer' }), area);
  const text = panelText(() => box?.lines ?? [], { width: 70, height: 40 });
  return [box?.title, ...text].join('\n');
}

it('leaving says what stays open, and what nothing protects', () => {
  expect(said({ type: 'quit' })).toMatch(
    /stays open in LIVE REAL MONEY: 1 position, 0 orders[\s\S]*NO STOP/,
  );
  expect(said({ type: 'quit' }, 'quiet')).toContain('Nothing is open in SIM.');
});

it('help explains every key that does not work now', () => {
  expect(said({ type: 'help', top: 0 })).toContain('not now: this screen only watches');
});

it('details tell whose position it is and that a stop is missing', () => {
  expect(said({ type: 'details', row: 'p:70012' })).toMatch(/stop +NONE[\s\S]*this program/);
  expect(said({ type: 'details', row: 'p:1' })).toContain('It is gone.');
  expect(said({ type: 'details', row: 'o:c-7f3a' }, 'unknown')).toContain('no evidence after 5 s');
});

it('details wrap a value that is too long instead of leaving it out (F113)', () => {
  const base = SITUATIONS.long();
  const instrument = base.instrument && { ...base.instrument, digits: 3 };
  const snapshot = { ...base, instrument, positions: [position({ openPnl: money(195_054_483) })] };
  const area = { width: 52, height: 20, look };
  const box = dialogBox({ type: 'details', row: 'p:70012' }, snapshot, uiAt(), area);
  const text = panelText(() => box?.lines ?? [], { width: 52, height: 20 }).join('\n');
  expect(text).toMatch(/target +4078\.000, 66\.000 away, there\s+\S+ MYR/);
  expect(text).toMatch(/stop +3938\.000, 74\.000 away, there\s+\S+ MYR/);
});
