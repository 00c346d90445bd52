/** Exact arithmetic: every product and quotient against BigInt, and the edges of the brands. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addMoney,
  addPrice,
  addVolume,
  generation,
  money,
  mono,
  mulDiv,
  price,
  priceBps,
  productAtMost,
  type Rounding,
  seq,
  snapPrice,
  subMoney,
  subPrice,
  subVolume,
  tickSize,
  volume,
  wall,
  worth,
} from '../../src/engine/units.ts';

const anyInteger = fc.maxSafeInteger();
const rounding = fc.constantFrom<Rounding>('floor', 'ceil', 'away');

/** The schoolbook definition, in integers of any size. */
function exactly(a: bigint, b: bigint, divisor: bigint, how: Rounding): bigint {
  const product = a * b;
  const down = product / divisor - (product % divisor < 0n ? 1n : 0n);
  const rest = product - down * divisor;
  if (rest === 0n || how === 'floor') return down;
  if (how === 'ceil') return down + 1n;
  const twice = rest * 2n;
  if (twice === divisor) return product < 0n ? down : down + 1n;
  return twice > divisor ? down + 1n : down;
}

describe('brands', () => {
  const makers = { price, volume, money, mono, wall, seq, generation };
  for (const [name, make] of Object.entries(makers)) {
    it(`${name} refuses NaN, infinity, fractions and unsafe integers (F59 I14)`, () => {
      for (const wrong of [Number.NaN, Number.POSITIVE_INFINITY, -1 / 0, 0.5, 2 ** 53]) {
        expect(() => make(wrong)).toThrow('safe integer');
      }
      expect(Object.is(make(-0), 0)).toBe(true);
    });
  }

  it('sums stay checked integers (F59)', () => {
    expect(addMoney(money(1), money(2))).toBe(3);
    expect(subMoney(money(1), money(2))).toBe(-1);
    expect(addPrice(price(5), price(6))).toBe(11);
    expect(subPrice(price(5), price(6))).toBe(-1);
    expect(addVolume(volume(5), volume(6))).toBe(11);
    expect(subVolume(volume(5), volume(5))).toBe(0);
    const edge = money(Number.MAX_SAFE_INTEGER);
    expect(() => addMoney(edge, money(1))).toThrow('safe integer');
  });
});

describe('mulDiv', () => {
  it('is exact next to every whole quotient up to the largest safe product', () => {
    const top = Number.MAX_SAFE_INTEGER;
    for (const divisor of [1, 2, 3, 7, 97, 10_000, 100_000, 99_999_989, 2 ** 31, 2 ** 52]) {
      for (const last of [top - (top % divisor), divisor * Math.trunc(2 ** 40 / divisor)]) {
        for (const product of [last - 1, last, last + 1].filter((each) => each <= top)) {
          for (const how of ['floor', 'ceil', 'away'] as const) {
            for (const sign of [1, -1]) {
              const exact = exactly(BigInt(sign * product), 1n, BigInt(divisor), how);
              expect(mulDiv(sign * product, 1, divisor, how)).toBe(Number(exact));
            }
          }
        }
      }
    }
  });

  it('equals BigInt for any factors and rounding, or says it is not safe (F59 F56)', () => {
    fc.assert(
      fc.property(
        anyInteger,
        anyInteger,
        fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
        rounding,
        (a, b, divisor, how) => {
          const exact = exactly(BigInt(a), BigInt(b), BigInt(divisor), how);
          if (Number.isSafeInteger(Number(exact))) {
            expect(mulDiv(a, b, divisor, how)).toBe(Number(exact));
          } else {
            expect(() => mulDiv(a, b, divisor, how)).toThrow('safe integer');
          }
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('equals BigInt where halves and signs matter (F59)', () => {
    const small = fc.integer({ min: -1_000, max: 1_000 });
    fc.assert(
      fc.property(small, small, fc.integer({ min: 1, max: 24 }), rounding, (a, b, d, how) => {
        const result = mulDiv(a, b, d, how);
        expect(BigInt(result)).toBe(exactly(BigInt(a), BigInt(b), BigInt(d), how));
        expect(Object.is(result, -0)).toBe(false);
      }),
      { numRuns: 5_000 },
    );
  });

  it('refuses a divisor that is zero, negative or not whole (I14)', () => {
    for (const divisor of [0, -1, 0.5, Number.NaN]) {
      expect(() => mulDiv(1, 1, divisor, 'floor')).toThrow('divisor');
    }
  });
});

describe('productAtMost', () => {
  it('compares products of any size exactly (F59)', () => {
    const side = fc.oneof(anyInteger, fc.integer({ min: -3, max: 3 }));
    fc.assert(
      fc.property(side, side, side, side, (a, b, c, d) => {
        const wanted = BigInt(a) * BigInt(b) <= BigInt(c) * BigInt(d);
        expect(productAtMost(a, b, c, d)).toBe(wanted);
        expect(productAtMost(a, b, b, a)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('worth', () => {
  it('is distance times volume at every exponent, exactly (F56 F41)', () => {
    const scale = 10n ** 7n;
    fc.assert(
      fc.property(
        fc.integer({ min: -1_000_000_000, max: 1_000_000_000 }),
        fc.integer({ min: 0, max: 250_000 }),
        fc.integer({ min: 0, max: 8 }),
        rounding,
        (distance, size, exponent, how) => {
          const scaled = BigInt(distance) * 10n ** BigInt(exponent);
          const exact = exactly(scaled, BigInt(size), scale, how);
          if (!Number.isSafeInteger(Number(exact))) return;
          expect(BigInt(worth(price(distance), volume(size), exponent, how))).toBe(exact);
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it('refuses an exponent that is absent, fractional or beyond 8 (F56)', () => {
    for (const exponent of [-1, 9, 1.5, Number.NaN]) {
      expect(() => worth(price(1), volume(1), exponent, 'away')).toThrow('exponent');
    }
  });
});

describe('the price grid', () => {
  it('snaps any price at 0 to 5 digits to the tick on the asked side (F40)', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 10 ** 12 }),
        fc.integer({ min: 0, max: 5 }),
        (raw, digits) => {
          const tick = tickSize(digits);
          const low = snapPrice(price(raw), digits, 'floor');
          const high = snapPrice(price(raw), digits, 'ceil');
          expect(low % tick).toBe(0);
          expect(high % tick).toBe(0);
          expect(low <= raw && raw <= high && high - low <= tick).toBe(true);
        },
      ),
    );
  });

  it('knows ticks for 0 to 5 digits only (F16 F40)', () => {
    expect([0, 1, 2, 3, 4, 5].map(tickSize)).toEqual([100_000, 10_000, 1_000, 100, 10, 1]);
    for (const digits of [-1, 6, 1.5, Number.NaN]) expect(() => tickSize(digits)).toThrow('digits');
  });

  it('takes basis points with the named rounding', () => {
    expect(priceBps(price(460_200_000), 150, 'ceil')).toBe(6_903_000);
    expect(priceBps(price(1), 1, 'ceil')).toBe(1);
    expect(priceBps(price(1), 1, 'floor')).toBe(0);
  });
});
