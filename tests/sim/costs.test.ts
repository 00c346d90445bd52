// What trading costs, against the amounts recorded at a real broker.
import { describe, expect, it } from 'vitest';
import { money, price, volume } from '../../src/engine/index.ts';
import {
  commissionOf,
  conversionFee,
  marginOf,
  openingShare,
  slipped,
  worthInDeposit,
} from '../../src/sim/costs.ts';

const USD = { exponent: 2, numerator: 1, denominator: 1 };
const EUR_TO_USD = { exponent: 2, numerator: 113_666, denominator: 100_000 };

describe('costs', () => {
  it('rounds commission per lot half away from zero, per deal', () => {
    const rule = { type: 'perLot', minorPerLot: 250 } as const;
    const lotSize = volume(10_000_000);
    const of = (size: number) =>
      commissionOf(rule, { price: price(112_569), volume: volume(size), lotSize }, USD);
    expect(of(100_000)).toBe(-3);
    expect(of(200_000)).toBe(-5);
    expect(of(10_000_000)).toBe(-250);
    expect(
      commissionOf({ type: 'none' }, { price: price(1), volume: volume(1), lotSize }, USD),
    ).toBe(0);
  });

  it('takes a percentage of the value where the broker does', () => {
    const rule = { type: 'percentage', rate: 3_250 } as const;
    const lotSize = volume(100);
    const at = (level: number) =>
      commissionOf(rule, { price: price(level), volume: volume(99), lotSize }, USD);
    expect(at(8_520_558_000)).toBe(-2741);
    expect(at(8_518_789_000)).toBe(-2741);
  });

  it('splits the opening commission so that parts sum to the whole (-5 is -3 and -2)', () => {
    const first = openingShare(money(-5), volume(100), volume(200));
    const second = openingShare(money(-5 - first), volume(100), volume(100));
    expect([first, second]).toEqual([-3, -2]);
  });

  it('values a price distance with one rounding, conversion included', () => {
    expect(worthInDeposit(price(8_521_906_000 - 8_528_721_000), volume(1), USD)).toBe(-68);
    expect(worthInDeposit(price(2_547_124_000 - 2_549_430_000), volume(100), EUR_TO_USD)).toBe(
      -2621,
    );
    expect(worthInDeposit(price(-50_000), volume(1), USD)).toBe(-1);
  });

  it('asks the recorded margins, nearest minor unit', () => {
    expect(marginOf(price(112_569), volume(100_000), 10_000, USD)).toBe(1126);
    expect(marginOf(price(112_568), volume(200_000), 10_000, USD)).toBe(2251);
  });

  it('counts any fraction of a conversion fee, and nothing when there is no rate', () => {
    expect(conversionFee(money(-2621), 70)).toBe(-19);
    expect(conversionFee(money(2621), 70)).toBe(-19);
    expect(conversionFee(money(2621), 0)).toBe(0);
  });

  it('slips against the one who trades', () => {
    expect(slipped(price(100), 'buy', price(7))).toBe(107);
    expect(slipped(price(100), 'sell', price(7))).toBe(93);
  });
});
