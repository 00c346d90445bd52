// Ids: 64-bit integers on the wire, decimal text everywhere else: no digit is ever lost (F18).
// It does not know which fields are ids: the schema says so.

/** A 64-bit integer in two halves, as protobufjs reads and writes it. */
export interface Bits64 {
  readonly low: number;
  readonly high: number;
  readonly unsigned: boolean;
}

const TWO_32 = 2 ** 32;
const SIGNED_MIN = -(2n ** 63n);
const SIGNED_MAX = 2n ** 63n - 1n;
const UNSIGNED_MAX = 2n ** 64n - 1n;
const CANONICAL = /^(?:0|-?[1-9][0-9]{0,19})$/;

/** Ids repeat with every message, text is dear to make: remembered, bounded, emptied when full. */
const REMEMBERED = 4096;
const texts = new Map<number, string>();

/** Text of an id that is a safe integer. */
export function idText(id: number): string {
  const known = texts.get(id);
  if (known !== undefined) return known;
  if (texts.size >= REMEMBERED) texts.clear();
  const text = String(id);
  texts.set(id, text);
  return text;
}

/** Text of any 64-bit id. */
export function idTextOfBits(bits: Bits64): string {
  const small = safeNumberOfBits(bits);
  if (small !== undefined) return idText(small);
  const value = (BigInt(bits.high) << 32n) | BigInt(bits.low >>> 0);
  return String(bits.unsigned ? BigInt.asUintN(64, value) : BigInt.asIntN(64, value));
}

/** The integer if a number can hold it exactly, else `undefined`. */
export function safeNumberOfBits(bits: Bits64): number | undefined {
  const high = bits.unsigned ? bits.high >>> 0 : bits.high | 0;
  const value = high * TWO_32 + (bits.low >>> 0);
  return Number.isSafeInteger(value) ? value : undefined;
}

/** Bits of an id written as decimal text without leading zeros; `undefined` if it is not one. */
export function bitsOfIdText(text: string, unsigned: boolean): Bits64 | undefined {
  if (!CANONICAL.test(text)) return undefined;
  const value = BigInt(text);
  if (value < (unsigned ? 0n : SIGNED_MIN) || value > (unsigned ? UNSIGNED_MAX : SIGNED_MAX)) {
    return undefined;
  }
  const bits = BigInt.asUintN(64, value);
  return {
    low: Number(bits & 0xffffffffn) | 0,
    high: Number(bits >> 32n) | 0,
    unsigned,
  };
}
