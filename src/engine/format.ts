/**
 * Exact decimal text of branded integers, the same on every machine and in every locale.
 * Deliberately no grouping, colour or width: how things look on a screen is `ui/text.ts`.
 */
import { type Money, type Price, tickSize, VOLUME_SCALE, type Volume } from './units.ts';

/** A scaled integer as decimal text: `decimalText(-123, 2)` is `-1.23`. */
export function decimalText(value: number, decimals: number): string {
  const sign = value < 0 ? '-' : '';
  const digits = String(Math.abs(value)).padStart(decimals + 1, '0');
  if (decimals === 0) return sign + digits;
  return `${sign}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}

/** A price with the instrument's digits; a finer value keeps its digits rather than lie. */
export function priceText(value: Price, digits: number): string {
  const tick = tickSize(digits);
  return value % tick === 0 ? decimalText(value / tick, digits) : decimalText(value, 5);
}

/** An amount with the account's exponent. */
export const moneyText = (value: Money, exponent: number): string => decimalText(value, exponent);

/** A volume in units, without needless zeros: 2500 is `25`. */
export function volumeText(value: Volume): string {
  return value % VOLUME_SCALE === 0 ? String(value / VOLUME_SCALE) : decimalText(value, 2);
}

/** Basis points as percent with two decimals: 150 is `1.50 %`. */
export const bpsText = (bps: number): string => `${decimalText(bps, 2)} %`;
