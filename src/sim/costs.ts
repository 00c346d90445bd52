/**
 * What trading costs on the simulated exchange: commission, slippage, conversion fee, margin.
 * Deliberately no defaults: whoever lists an instrument states every rate.
 */
import {
  type Money,
  money,
  mulDiv,
  PRICE_SCALE,
  type Price,
  price,
  type Side,
  VOLUME_SCALE,
  type Volume,
} from '../engine/index.ts';

/** Charged on each side, for each deal. */
export type CommissionRule =
  | { readonly type: 'none' }
  /** Deposit minor units for one lot. */
  | { readonly type: 'perLot'; readonly minorPerLot: number }
  /** 1/100 000 of a percent of the value: 70 is 0.0007 %. */
  | { readonly type: 'percentage'; readonly rate: number };

export interface CostRules {
  readonly commission: CommissionRule;
  /** Adverse distance from the quote on market orders and triggered stops; 0 for none. */
  readonly slippage: Price;
  /** Basis points of the gross profit or loss, when quote and deposit currency differ. */
  readonly conversionFeeBps: number;
  /** Absent: any fraction of a minor unit counts as a whole one. */
  readonly conversionFeeRounding?: 'nearest';
}

/** What a money amount needs besides price and volume. */
export interface MoneyScale {
  readonly exponent: number;
  readonly numerator: number;
  readonly denominator: number;
}

/** Of the exponents that accounts have. */
const POWERS_OF_TEN = [1, 10, 100, 1_000] as const;

/**
 * `distance * size` in deposit minor units, rounded once, half away from zero. One rounding for
 * scale and conversion together: recorded (25471.24 - 25494.30) * 1.13666 = -26.21.
 */
export function worthInDeposit(distance: Price, size: Volume, scale: MoneyScale): Money {
  const { exponent, numerator, denominator } = scale;
  const power = POWERS_OF_TEN[exponent] ?? 10 ** exponent;
  // Minor units are rarely finer than the scales: then the power is taken out of both sides.
  const isCoarse = (PRICE_SCALE * VOLUME_SCALE) % power === 0;
  const small = distance * size * numerator * (isCoarse ? 1 : power);
  const below = ((PRICE_SCALE * VOLUME_SCALE) / (isCoarse ? power : 1)) * denominator;
  // Whole numbers whose product is exact were exact on the way to it.
  if (Number.isSafeInteger(small) && Number.isSafeInteger(below)) {
    return money(mulDiv(small, 1, below, 'away'));
  }
  const product = BigInt(distance) * BigInt(size) * BigInt(numerator);
  const divisor = BigInt(PRICE_SCALE) * BigInt(VOLUME_SCALE) * BigInt(denominator);
  return money(Number(divideAway(product * 10n ** BigInt(exponent), divisor)));
}

/** Integer quotient, half away from zero: the broker's rule for money. */
export function divideAway(product: bigint, divisor: bigint): bigint {
  const size = product < 0n ? -product : product;
  const whole = (size * 2n + divisor) / (divisor * 2n);
  return product < 0n ? -whole : whole;
}

/** Volume-weighted mean, half away from zero; it may have more decimals than the instrument. */
export function meanPrice(a: Price, sizeA: Volume, b: Price, sizeB: Volume): Price {
  if (sizeA === 0) return b;
  const sum = BigInt(a) * BigInt(sizeA) + BigInt(b) * BigInt(sizeB);
  return price(Number(divideAway(sum, BigInt(sizeA) + BigInt(sizeB))));
}

/** Commission of one deal, at most 0. Recorded: 2.50 a lot, 0.01 lot costs -0.025, booked as -3. */
export function commissionOf(
  rule: CommissionRule,
  deal: { readonly price: Price; readonly volume: Volume; readonly lotSize: Volume },
  scale: MoneyScale,
): Money {
  switch (rule.type) {
    case 'none':
      return money(0);
    case 'perLot':
      return money(0 - mulDiv(rule.minorPerLot, deal.volume, deal.lotSize, 'away'));
    case 'percentage': {
      const value = BigInt(deal.price) * BigInt(deal.volume) * BigInt(scale.numerator);
      const divisor = BigInt(PRICE_SCALE) * BigInt(VOLUME_SCALE) * BigInt(scale.denominator);
      const top = value * BigInt(rule.rate) * 10n ** BigInt(scale.exponent);
      return money(0 - Number(divideAway(top, divisor * 10_000_000n)));
    }
  }
}

/** Share of a position's opening commission that a partial close takes with it. */
export const openingShare = (commission: Money, closed: Volume, held: Volume): Money =>
  money(closed === held ? commission : mulDiv(commission, closed, held, 'away'));

/**
 * At most 0; any fraction counts as a whole minor unit, as recorded (0.1835 became 0.19), or only
 * from the half on.
 */
export const conversionFee = (gross: Money, bps: number, rounding?: 'nearest'): Money =>
  money(0 - mulDiv(Math.abs(gross), bps, 10_000, rounding === 'nearest' ? 'away' : 'ceil'));

/** The quote moved against the one who trades. */
export const slipped = (quote: Price, side: Side, distance: Price): Price =>
  price(side === 'buy' ? quote + distance : quote - distance);

/** Value divided by leverage, nearest minor unit. `leverageCents` is 100 for 1:1. */
export function marginOf(
  entry: Price,
  size: Volume,
  leverageCents: number,
  scale: MoneyScale,
): Money {
  const isWhole = leverageCents % 100 === 0;
  const numerator = scale.numerator * (isWhole ? 1 : 100);
  const denominator = scale.denominator * (isWhole ? leverageCents / 100 : leverageCents);
  return worthInDeposit(entry, size, { exponent: scale.exponent, numerator, denominator });
}
