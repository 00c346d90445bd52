// What each rung of the panic ladder still has to send; what is proven is the engine's word.
import { expect, it } from 'vitest';
import { ladderWishes, rungWords } from '../../src/ui/ladder.ts';
import { position, quiet } from '../support/builders-snapshot.ts';

it('leaves alone what is not ours and what is on its way', () => {
  const theirs = quiet({ positions: [position({ ours: false })] });
  expect(rungWords('flatten', theirs).open).toEqual([]);
  const closing = quiet({ positions: [position({ state: 'CLOSING' })] });
  expect(ladderWishes('flatten', closing).map((one) => one.body.type)).not.toContain('flatten');
});
