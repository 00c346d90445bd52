/** Exact decimal text: no rounding, no locale, no lost sign. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bpsText, decimalText, moneyText, priceText, volumeText } from '../../src/engine/format.ts';
import { money, price, volume } from '../../src/engine/units.ts';

describe('format', () => {
  const cases: readonly (readonly [string, string])[] = [
    [decimalText(-123, 2), '-1.23'],
    [decimalText(-3, 2), '-0.03'],
    [decimalText(0, 2), '0.00'],
    [decimalText(5, 0), '5'],
    [decimalText(-5, 0), '-5'],
    [decimalText(12_345_678, 5), '123.45678'],
    [priceText(price(460_200_000), 0), '4602'],
    [priceText(price(460_250_000), 1), '4602.5'],
    [priceText(price(460_250_000), 0), '4602.50000'],
    [moneyText(money(-5), 2), '-0.05'],
    [moneyText(money(1_234), 0), '1234'],
    [volumeText(volume(2_500)), '25'],
    [volumeText(volume(250)), '2.50'],
    [bpsText(150), '1.50 %'],
    [bpsText(-500), '-5.00 %'],
  ];
  it.each(cases)('writes %s as %s', (text, wanted) => expect(text).toBe(wanted));

  it('can be read back without a loss, whatever the value and scale (F113 I14)', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.integer({ min: 0, max: 8 }), (value, decimals) => {
        const text = decimalText(value, decimals);
        expect(BigInt(text.replace('.', ''))).toBe(BigInt(value));
        expect(text.split('.')[1]?.length ?? 0).toBe(decimals);
      }),
    );
  });
});
