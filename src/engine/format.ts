/**
 * Exact decimal text of branded integers, the same on every machine and in every locale.
 * Deliberately no grouping, colour or width: how things look on a screen is `ui/text.ts`.
 */
import { type Money, type Price, tickSize, VOLUME_SCALE, type Volume, type Wall } from './units.ts';

/** A scaled integer as decimal text: `decimalText(-123, 2)` is `-1.23`. */
export function decimalText(value: number, decimals: number): string {
  const sign = value < 0 ? '-' : '';
  const written = String(Math.abs(value));
  const digits = written.length > decimals ? written : written.padStart(decimals + 1, '0');
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

const MINUTE_MS = 60_000;

/** A stretch of time in its two largest units, never less than it is: `3 d 4 h`, `2 h 5 min`. */
export function spanText(ms: number): string {
  const minutes = Math.max(1, Math.ceil(ms / MINUTE_MS));
  const [days, hours] = [Math.floor(minutes / 1_440), Math.floor((minutes % 1_440) / 60)];
  if (days > 0) return `${days} d ${hours} h`;
  return hours > 0 ? `${hours} h ${minutes % 60} min` : `${minutes} min`;
}

/** Time of day in UTC, to the minute: `05:30 UTC`. */
export const utcClockText = (at: Wall): string => `${new Date(at).toISOString().slice(11, 16)} UTC`;

/** Milliseconds as seconds with one decimal: 5040 is `5.0 s`. */
export const secondsText = (ms: number): string => `${decimalText(Math.round(ms / 100), 1)} s`;
