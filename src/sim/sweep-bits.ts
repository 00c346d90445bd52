/**
 * Signals as maps of bits, one a bar, and the search for the next one.
 * Deliberately knows no trade: which bars may enter was worked out in `sweep-index.ts`.
 */
import type { SweepIndex } from './sweep-index.ts';
import { BUY, SELL } from './sweep-measure.ts';

/**
 * One bit a bar: set where the RSI is beyond a threshold and no shared gate forbids that side.
 * `within`, when there is one, must hold every bit of the answer: only its bits are looked at.
 */
export function signalBits(
  index: SweepIndex,
  side: 'buy' | 'sell',
  threshold: number,
  within?: Uint32Array,
): Uint32Array {
  const { rsi, allowed, market } = index;
  const { count } = market;
  const bits = new Uint32Array((count + 31) >> 5);
  const mask = side === 'buy' ? BUY : SELL;
  // One comparison for both sides: a sale is a purchase with the sign turned.
  const sign = side === 'buy' ? 1 : -1;
  const limit = sign * threshold;
  if (within !== undefined) {
    for (let word = 0; word < bits.length; word += 1) {
      let made = within[word] as number;
      for (let rest = made; rest !== 0; rest &= rest - 1) {
        const bit = rest & -rest;
        const bar = (word << 5) + 31 - Math.clz32(bit);
        const isSet =
          sign * (rsi[bar] as number) < limit && ((allowed[bar] as number) & mask) !== 0;
        if (!isSet) made &= ~bit;
      }
      bits[word] = made;
    }
    return bits;
  }
  for (let bar = 0; bar < count; bar += 1) {
    if (sign * (rsi[bar] as number) < limit && ((allowed[bar] as number) & mask) !== 0) {
      bits[bar >> 5] = (bits[bar >> 5] as number) | (1 << (bar & 31));
    }
  }
  return bits;
}

/** First bit set in either map at or after `from` and below `to`; or -1. */
export function nextBit(buy: Uint32Array, sell: Uint32Array, from: number, to: number): number {
  if (from >= to) return -1;
  let word = from >> 5;
  let rest = ((buy[word] as number) | (sell[word] as number)) & (-1 << (from & 31));
  const last = (to - 1) >> 5;
  while (rest === 0) {
    word += 1;
    if (word > last) return -1;
    rest = (buy[word] as number) | (sell[word] as number);
  }
  const found = (word << 5) + 31 - Math.clz32(rest & -rest);
  return found < to ? found : -1;
}
