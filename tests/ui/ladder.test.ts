// What each rung of the panic ladder proves: from the picture, never from an answer (I18).
import { expect, it } from 'vitest';
import { generation } from '../../src/engine/index.ts';
import { ladderWishes, rungWords } from '../../src/ui/ladder.ts';
import { position, quiet, tripped } from '../support/builders-snapshot.ts';
import { SITUATIONS } from '../support/situations-snapshot.ts';

it('proves stopped entries only with the latch and without permission', () => {
  expect(rungWords('stop', quiet()).open).toEqual(['breaker KILL is not tripped']);
  const latched = quiet({ breakers: [tripped('KILL', 'operator')], entriesAllowed: false });
  expect(rungWords('stop', latched)).toMatchObject({
    open: [],
    proven: ['breaker KILL is tripped'],
  });
  const claimed = quiet({ breakers: [tripped('KILL', 'operator')], entriesAllowed: true });
  expect(rungWords('stop', claimed).proven).toEqual([]);
});

it('names every position and order that is still open', () => {
  expect(rungWords('flatten', SITUATIONS.tripped()).open).toEqual([
    'position 70012: sell 8, NAKED, NO STOP',
  ]);
  expect(rungWords('cancel', SITUATIONS.unknown()).open).toEqual(['order c-7f3a: buy 8, UNKNOWN']);
});

it('proves nothing about the broker without a current link', () => {
  expect(rungWords('flatten', quiet()).proven).toEqual(['no position of ours is open']);
  const link = { ...quiet().link, state: 'SYNCING', generation: generation(2) } as const;
  const deaf = rungWords('flatten', quiet({ link }));
  expect(deaf.proven).toEqual([]);
  expect(deaf.open[0]).toContain('not known now');
});

it('leaves alone what is not ours and what is on its way', () => {
  const theirs = quiet({ positions: [position({ ours: false })] });
  expect(rungWords('flatten', theirs).open).toEqual([]);
  const closing = quiet({ positions: [position({ state: 'CLOSING' })] });
  expect(ladderWishes('flatten', closing).map((one) => one.body.type)).not.toContain('flatten');
});
