/**
 * Branded integers for everything that must not be mixed up, and the only exact arithmetic on them.
 * Deliberately knows no currency, instrument or rounding default: whoever multiplies names the
 * rounding.
 */
import { assert } from './assert.ts';

declare const brand: unique symbol;
type Brand<T, B extends string> = T & { readonly [brand]: B };

/**
 * Integer, 1/100 000 of the quote unit, whatever the instrument's digits (the wire's own scale).
 */
export type Price = Brand<number, 'Price'>;
/** Integer, 1/100 of a unit of the base (the wire's own scale). */
export type Volume = Brand<number, 'Volume'>;
/** Integer, minor unit of a currency; the exponent travels beside it and is never assumed. */
export type Money = Brand<number, 'Money'>;
/** Milliseconds since the run began; every duration is a difference of two of these. */
export type Mono = Brand<number, 'Mono'>;
/** UTC milliseconds since 1970; for the calendar and the eye, never for a duration. */
export type Wall = Brand<number, 'Wall'>;
/** Number of a journaled input, from 1, without gaps. */
export type Seq = Brand<number, 'Seq'>;
/** Counter of link sessions; evidence from an old one is worthless (F19). */
export type Generation = Brand<number, 'Generation'>;

export type InstrumentId = Brand<string, 'InstrumentId'>;
export type AccountId = Brand<string, 'AccountId'>;
/** The broker's number of an order, as digits. */
export type BrokerOrderId = Brand<string, 'BrokerOrderId'>;
/**
 * Our number of an order: derived from the signal, one signal one id, for ever; at most 50
 * characters.
 */
export type ClientOrderId = Brand<string, 'ClientOrderId'>;
export type PositionId = Brand<string, 'PositionId'>;
export type DealId = Brand<string, 'DealId'>;
export type SignalId = Brand<string, 'SignalId'>;
export type CommandId = Brand<string, 'CommandId'>;

/**
 * Text from outside, not yet fit for a terminal (I24). `ui/text.printable()` is the only way on.
 */
export type Untrusted = Brand<string, 'Untrusted'>;

export const PRICE_SCALE = 100_000;
export const VOLUME_SCALE = 100;

function integer(value: number, what: string): number {
  // The sentence is made only when it is needed: this runs for every number of every quote.
  if (!Number.isSafeInteger(value)) assert(false, `${what} must be a safe integer, got ${value}`);
  return value === 0 ? 0 : value;
}

export const price = (value: number): Price => integer(value, 'price') as Price;
export const volume = (value: number): Volume => integer(value, 'volume') as Volume;
export const money = (value: number): Money => integer(value, 'money') as Money;
export const mono = (value: number): Mono => integer(value, 'mono') as Mono;
export const wall = (value: number): Wall => integer(value, 'wall') as Wall;
export const seq = (value: number): Seq => integer(value, 'seq') as Seq;
export const generation = (value: number): Generation => integer(value, 'generation') as Generation;
export const instrumentId = (value: string): InstrumentId => value as InstrumentId;
export const accountId = (value: string): AccountId => value as AccountId;
export const brokerOrderId = (value: string): BrokerOrderId => value as BrokerOrderId;
export const clientOrderId = (value: string): ClientOrderId => value as ClientOrderId;
export const positionId = (value: string): PositionId => value as PositionId;
export const dealId = (value: string): DealId => value as DealId;
export const signalId = (value: string): SignalId => value as SignalId;
export const commandId = (value: string): CommandId => value as CommandId;
export const untrusted = (value: string): Untrusted => value as Untrusted;

export const addPrice = (a: Price, b: Price): Price => price(a + b);
export const subPrice = (a: Price, b: Price): Price => price(a - b);
export const addVolume = (a: Volume, b: Volume): Volume => volume(a + b);
export const subVolume = (a: Volume, b: Volume): Volume => volume(a - b);
export const addMoney = (a: Money, b: Money): Money => money(a + b);
export const subMoney = (a: Money, b: Money): Money => money(a - b);

/**
 * How a quotient becomes an integer. `away` is half away from zero, the broker's rule for money.
 */
export type Rounding = 'floor' | 'ceil' | 'away';

/**
 * `a * b / divisor`, exact, for integers of any size; BigInt only where doubles could lose a digit.
 * Throws {@link BrokenInvariant} for a divisor that is not positive or a result that is not safe.
 */
export function mulDiv(a: number, b: number, divisor: number, rounding: Rounding): number {
  if (!Number.isSafeInteger(divisor) || divisor <= 0) {
    assert(false, `divisor must be positive, got ${divisor}`);
  }
  integer(a, 'factor');
  integer(b, 'factor');
  const product = a * b;
  if (Number.isSafeInteger(product)) return divideSmall(product, divisor, rounding);
  return integer(Number(divideBig(BigInt(a) * BigInt(b), BigInt(divisor), rounding)), 'quotient');
}

/**
 * The quotient of two safe integers never rounds up to a whole that is not its own: the error is
 * less than one part in 2^53 of it. So truncating is exact, and several times as fast as `%`.
 */
function divideSmall(product: number, divisor: number, rounding: Rounding): number {
  const whole = Math.trunc(product / divisor);
  const rest = product - whole * divisor;
  if (rest === 0) return whole + 0;
  if (rounding === 'floor') return rest < 0 ? whole - 1 : whole + 0;
  if (rounding === 'ceil') return rest > 0 ? whole + 1 : whole + 0;
  const twice = Math.abs(rest) * 2;
  return (twice >= divisor ? whole + Math.sign(product) : whole) + 0;
}

function divideBig(product: bigint, divisor: bigint, rounding: Rounding): bigint {
  const whole = product / divisor;
  const rest = product % divisor;
  if (rest === 0n) return whole;
  if (rounding === 'floor') return rest < 0n ? whole - 1n : whole;
  if (rounding === 'ceil') return rest > 0n ? whole + 1n : whole;
  const twice = (rest < 0n ? -rest : rest) * 2n;
  return twice >= divisor ? whole + (product < 0n ? -1n : 1n) : whole;
}

/** Twice what a product of two doubles may be off by, as a part of it. */
const ROUNDING = 2 ** -52;

/** Whether `a * b <= c * d`, exactly; BigInt only where doubles could lose a digit. */
export function productAtMost(a: number, b: number, c: number, d: number): boolean {
  const left = a * b;
  const right = c * d;
  if (Number.isSafeInteger(left) && Number.isSafeInteger(right)) return left <= right;
  // Each is off by one part in 2^53 at most: when they are further apart, that does not matter.
  const most = (Math.abs(left) + Math.abs(right)) * ROUNDING;
  if (Math.abs(left - right) > most) return left < right;
  return BigInt(a) * BigInt(b) <= BigInt(c) * BigInt(d);
}

/** Looked up, for a power is a call out of the program that costs more than all else here. */
const POWERS_OF_TEN: readonly number[] = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8];

/**
 * Worth of a price distance on a volume, in minor units of the quote currency.
 * `distance / 1e5 * volume / 100 * 10^exponent`; see the fact sheet on P&L of a position.
 */
export function worth(distance: Price, size: Volume, exponent: number, rounding: Rounding): Money {
  const scale = PRICE_SCALE * VOLUME_SCALE;
  const power = POWERS_OF_TEN[exponent];
  if (power === undefined) assert(false, `exponent ${exponent}`);
  const factor = power >= scale ? power / scale : 1;
  const divisor = power >= scale ? 1 : scale / power;
  return money(mulDiv(distance * factor, size, divisor, rounding));
}

/** Basis points (1/100 %) of a price, e.g. 150 for 1.5 %. */
export const priceBps = (base: Price, bps: number, rounding: Rounding): Price =>
  price(mulDiv(base, bps, 10_000, rounding));

/** Snaps a price to the instrument's grid; `digits` is 0 to 5 because the wire's scale is 10^5. */
export function snapPrice(value: Price, digits: number, rounding: Rounding): Price {
  const step = tickSize(digits);
  return price(mulDiv(value, 1, step, rounding) * step);
}

/** Smallest price step of an instrument with that many digits. */
export function tickSize(digits: number): Price {
  const size = POWERS_OF_TEN[5 - digits];
  if (size === undefined || digits < 0) assert(false, `digits must be 0 to 5: ${digits}`);
  return size as Price;
}
