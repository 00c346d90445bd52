// Which rule of a fault script meets which frame. What a fault does to a connection is tested
// through the server.
import { expect, it } from 'vitest';
import { faultScript, piecesOf } from '../../../src/sim/server/faults.ts';

const name = 'ProtoOASpotEvent';
const drop = { type: 'drop' } as const;
const close = { type: 'close' } as const;

it('the first rule that fits decides, by direction, name and number', () => {
  const faults = faultScript([
    { direction: 'out', name, nth: 2, action: drop },
    { direction: 'out', nth: 9, action: close },
    { direction: 'in', action: drop },
  ])(1);
  const frame = { direction: 'out', name, count: 5, countOfName: 1 } as const;
  expect(faults?.(frame)).toBeUndefined();
  expect(faults?.({ ...frame, countOfName: 2 })).toBe(drop);
  expect(faults?.({ ...frame, name: 'ProtoOATraderRes', countOfName: 2 })).toBeUndefined();
  expect(faults?.({ ...frame, count: 9, countOfName: 3 })).toBe(close);
  expect(faults?.({ ...frame, direction: 'in', name: undefined })).toBe(drop);
});

it('a connection without rules is honest', () => {
  const script = faultScript([{ connection: 3, direction: 'out', action: drop }]);
  expect(script(2)).toBeUndefined();
  expect(script(3)).toBeDefined();
});

it('83 single bytes: pieces, a flipped byte from either end, a cut that ends the line', () => {
  const frame = Uint8Array.of(0, 0, 0, 2, 8, 51);
  const list = (action: Parameters<typeof piecesOf>[1]) => {
    const { pieces, ends } = piecesOf(frame, action);
    return [pieces.map((piece) => [...piece]), ends];
  };
  expect(list({ type: 'split', size: 4 })).toEqual([
    [
      [0, 0, 0, 2],
      [8, 51],
    ],
    false,
  ]);
  expect(list({ type: 'corrupt', at: -1, mask: 1 })).toEqual([[[0, 0, 0, 2, 8, 50]], false]);
  expect(list({ type: 'corrupt', at: 0, mask: 255 })).toEqual([[[255, 0, 0, 2, 8, 51]], false]);
  expect(list({ type: 'truncate', bytes: 5 })).toEqual([[[0, 0, 0, 2, 8]], true]);
  const bytes = Uint8Array.of(1, 2);
  expect(list({ type: 'say', bytes, instead: true })).toEqual([[[1, 2]], false]);
  expect(list({ type: 'say', bytes, instead: false })).toEqual([[[1, 2], [...frame]], false]);
  expect(list({ type: 'drop' })).toEqual([[[...frame]], false]);
});
