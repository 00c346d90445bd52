// What dangerous dialogs say and what they are bound to.
import { expect, it } from 'vitest';
import { positionId, seq, volume } from '../../src/engine/index.ts';
import { commandOf, dangerWords, shownBy, targetOf } from '../../src/ui/dialogs.ts';
import type { Danger } from '../../src/ui/ui-state.ts';
import { SITUATIONS } from '../support/situations-snapshot.ts';

const close: Danger = { type: 'close', positionId: positionId('70012'), volume: volume(800) };

it('names side, volume, instrument, position and mode of what would be closed', () => {
  const text = dangerWords(close, SITUATIONS.tripped()).consequence.join(' ');
  for (const word of ['SELL 8 FCPO', '70012', 'LIVE REAL MONEY']) expect(text).toContain(word);
});

it('counts what flatten would touch, and is bound to exactly that', () => {
  const { long, unknown, quiet } = SITUATIONS;
  expect(dangerWords({ type: 'flatten' }, long()).consequence[0]).toContain(
    '1 position and 0 open orders',
  );
  const shown = [long(), unknown(), quiet()].map((one) => shownBy({ type: 'flatten' }, one));
  expect(new Set(shown).size).toBe(3);
});

it('warns that a tripped breaker still blocks after resuming', () => {
  const text = dangerWords({ type: 'resume' }, SITUATIONS.tripped()).consequence.join(' ');
  expect(text).toContain('DAILY_LOSS, LOSS_STREAK');
});

it('carries what was seen into the command', () => {
  expect(commandOf(close, seq(7))).toEqual({
    type: 'closePosition',
    positionId: '70012',
    seen: { seq: 7, volume: 800 },
  });
  expect(targetOf(close)).toBe('p:70012');
});
