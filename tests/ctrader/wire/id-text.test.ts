// Ids keep every digit between bits and text (F18).
// Which fields are ids is tested with the schema.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bitsOfIdText,
  idText,
  idTextOfBits,
  safeNumberOfBits,
} from '../../../src/ctrader/wire/id-text.ts';

const roundTrip = (text: string, unsigned: boolean): string | undefined => {
  const bits = bitsOfIdText(text, unsigned);
  return bits === undefined ? undefined : idTextOfBits(bits);
};

describe('id text', () => {
  it('survives the trip for every signed 64-bit integer (F18)', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (id) => {
        expect(roundTrip(String(id), false)).toBe(String(id));
      }),
    );
  });

  it('survives the trip for every unsigned 64-bit integer (F18)', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), (id) => {
        expect(roundTrip(String(id), true)).toBe(String(id));
      }),
    );
  });

  it.each([
    ['9223372036854775808', false],
    ['-9223372036854775809', false],
    ['18446744073709551616', true],
    ['-1', true],
    ['01', false],
    ['-0', false],
    ['+1', false],
    ['1.0', false],
    ['1e3', false],
    [' 1', false],
    ['', false],
    ['0x10', false],
  ])('refuses %j (unsigned: %s)', (text, unsigned) => {
    expect(bitsOfIdText(text, unsigned)).toBeUndefined();
  });

  it('stays right when the memory of texts is full', () => {
    for (let id = 0; id < 10_000; id += 1) expect(idText(id)).toBe(String(id));
    expect(idText(3)).toBe('3');
  });

  it('gives a number only when it is exact', () => {
    const number = (id: bigint, unsigned: boolean) => {
      const bits = bitsOfIdText(String(id), unsigned);
      return bits && safeNumberOfBits(bits);
    };
    expect(number(2n ** 53n - 1n, true)).toBe(Number.MAX_SAFE_INTEGER);
    expect(number(2n ** 53n, true)).toBeUndefined();
    expect(number(-(2n ** 53n) + 1n, false)).toBe(Number.MIN_SAFE_INTEGER);
    expect(number(-(2n ** 53n), false)).toBeUndefined();
    expect(number(2n ** 64n - 1n, true)).toBeUndefined();
  });
});
