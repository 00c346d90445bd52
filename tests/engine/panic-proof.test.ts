// What a picture proves of each rung of a panic: from the snapshot, never from an answer (I18).
import { expect, it } from 'vitest';
import { generation, rungProof } from '../../src/engine/index.ts';
import { quiet, tripped } from '../support/builders-snapshot.ts';
import { SITUATIONS } from '../support/situations-snapshot.ts';

it('proves stopped entries only with the latch and without permission', () => {
  expect(rungProof('stop', quiet()).open).toEqual(['breaker KILL is not tripped']);
  const latched = quiet({ breakers: [tripped('KILL', 'operator')], entriesAllowed: false });
  expect(rungProof('stop', latched)).toMatchObject({
    open: [],
    proven: ['entries are blocked: breaker KILL is tripped'],
  });
  const claimed = quiet({ breakers: [tripped('KILL', 'operator')], entriesAllowed: true });
  expect(rungProof('stop', claimed).proven).toEqual([]);
});

it('names every position and order that is still open', () => {
  expect(rungProof('flatten', SITUATIONS.tripped()).open).toEqual([
    'position 70012: sell 8, NAKED, NO STOP',
  ]);
  expect(rungProof('cancel', SITUATIONS.unknown()).open).toEqual([
    'order c-7f3a: buy 8, UNKNOWN',
    'link SYNCING: what the broker holds is not known now',
  ]);
});

it('proves nothing about the broker without a current link', () => {
  expect(rungProof('flatten', quiet()).proven).toEqual(['no position of ours is open']);
  const link = { ...quiet().link, state: 'SYNCING', generation: generation(2) } as const;
  const deaf = rungProof('flatten', quiet({ link }));
  expect(deaf.proven).toEqual([]);
  expect(deaf.open[0]).toContain('not known now');
});
