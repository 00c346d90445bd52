// Plain decimals of the wire against our integers, by hand and as laws.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decimalFromPrice,
  levelFromDecimal,
  moneyFromWire,
  priceFromDecimal,
} from '../../src/ctrader/decimal.ts';
import { price } from '../../src/engine/index.ts';

describe('prices', () => {
  it('recorded prices become integers of 1/100 000', () => {
    expect(priceFromDecimal(85_287.21, 2)).toBe(8_528_721_000);
    expect(priceFromDecimal(1.14814, 5)).toBe(114_814);
    expect(priceFromDecimal(14.359200000000001, 4)).toBe(1_435_920);
    expect(priceFromDecimal(4_000, 0)).toBe(400_000_000);
  });

  it('an average keeps five decimals although the symbol has none', () => {
    expect(priceFromDecimal(4_000.33333, 5)).toBe(400_033_333);
    expect(priceFromDecimal(4_000.5, 0)).toBe(400_100_000);
  });

  it('what is no price is undefined, and a level of zero is no level', () => {
    for (const value of [undefined, Number.NaN, Number.POSITIVE_INFINITY, 1e10]) {
      expect(priceFromDecimal(value, 2)).toBeUndefined();
    }
    expect(levelFromDecimal(0, 2)).toBeUndefined();
    expect(levelFromDecimal(-1, 2)).toBeUndefined();
    expect(levelFromDecimal(0.01, 2)).toBe(1_000);
  });

  it('a price on the grid goes out with at most its digits and comes back the same', () => {
    fc.assert(
      fc.property(fc.nat(5), fc.integer({ min: 1, max: 99_999_999 }), (digits, ticks) => {
        const value = price(ticks * 10 ** (5 - digits));
        const decimal = decimalFromPrice(value, digits);
        expect(String(decimal).split('.')[1]?.length ?? 0).toBeLessThanOrEqual(digits);
        expect(priceFromDecimal(decimal, digits)).toBe(value);
      }),
    );
    expect(decimalFromPrice(price(123_456), 2)).toBeUndefined();
  });
});

describe('money', () => {
  it('F56 the exponent of the message counts, and without one an amount is unknown', () => {
    expect(moneyFromWire(-2_621, 2, 2)).toBe(-2_621);
    expect(moneyFromWire(-262_149, 4, 2)).toBe(-2_621);
    expect(moneyFromWire(-262_150, 4, 2)).toBe(-2_622);
    expect(moneyFromWire(-26, 0, 2)).toBe(-2_600);
    expect(moneyFromWire(-26, undefined, 2)).toBeUndefined();
    expect(moneyFromWire(-26, 9, 2)).toBeUndefined();
    expect(moneyFromWire(2 ** 52, 0, 8)).toBeUndefined();
  });
});
