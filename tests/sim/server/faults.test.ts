// Which rule of a fault script meets which frame. What a fault does to a connection is tested
// through the server.
import { expect, it } from 'vitest';
import { faultScript } from '../../../src/sim/server/faults.ts';

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
