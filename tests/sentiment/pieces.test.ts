/** Work in pieces gives the same result, and others get their turn in between. */
import { expect, it } from 'vitest';
import { atOnce, inPieces, type Pieces } from '../../src/sentiment/pieces.ts';

function* sumTo(most: number): Pieces<number> {
  let sum = 0;
  for (let value = 1; value <= most; value += 1) {
    sum += value;
    yield;
  }
  return sum;
}

it('gives way once a piece and the same result as at once', async () => {
  let pauses = 0;
  const pause = async () => {
    pauses += 1;
  };
  expect(await inPieces(sumTo(10), pause)).toBe(55);
  expect(pauses).toBe(10);
  expect(atOnce(sumTo(10))).toBe(55);
  expect(await inPieces(sumTo(4), undefined)).toBe(10);
});
