/**
 * Exact crossings between the wire's plain decimals and our integers: prices and amounts of money.
 * Deliberately no default for digits or exponents: whoever converts must know them.
 */
import {
  decimalText,
  type Money,
  money,
  mulDiv,
  type Price,
  price,
  tickSize,
} from '../engine/index.ts';

/** Far above any price, and small enough that the scaled integer stays exact. */
const DECIMAL_MAX = 1e10;

/**
 * A plain decimal of the wire as a Price, rounded to `digits` decimals (0 to 5), half away from
 * zero for positive values. `toFixed` rounds the exact value of the double, so 14.359200000000001
 * is 14.3592. `undefined` for what is no price at all.
 */
export function priceFromDecimal(value: number | undefined, digits: number): Price | undefined {
  if (value === undefined || !Number.isFinite(value) || Math.abs(value) >= DECIMAL_MAX) {
    return undefined;
  }
  return price(Number(value.toFixed(digits).replace('.', '')) * tickSize(digits));
}

/** A stop or target: a level of zero or less is no level at all. */
export function levelFromDecimal(value: number | undefined, digits: number): Price | undefined {
  const level = priceFromDecimal(value, digits);
  return level !== undefined && level > 0 ? level : undefined;
}

/** A Price as the double with at most `digits` decimals; `undefined` when it is off the grid. */
export function decimalFromPrice(value: Price, digits: number): number | undefined {
  const tick = tickSize(digits);
  return value % tick === 0 ? Number(decimalText(value / tick, digits)) : undefined;
}

/**
 * An amount with the exponent of its own message as Money with the account's exponent (both 0 to
 * 8). Rounds half away from zero where digits are lost, the broker's rule for money. `undefined`
 * when the exponent is absent or no exponent: an amount without its scale is unknown (F56).
 */
export function moneyFromWire(
  value: number,
  moneyDigits: number | undefined,
  exponent: number,
): Money | undefined {
  if (moneyDigits === undefined || !isExponent(moneyDigits)) return undefined;
  if (!Number.isSafeInteger(value)) return undefined;
  if (moneyDigits >= exponent) {
    return money(mulDiv(value, 1, 10 ** (moneyDigits - exponent), 'away'));
  }
  const scaled = value * 10 ** (exponent - moneyDigits);
  return Number.isSafeInteger(scaled) ? money(scaled) : undefined;
}

/** Decimals an amount may have. */
export const isExponent = (value: number): boolean =>
  Number.isInteger(value) && value >= 0 && value <= 8;
