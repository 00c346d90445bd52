/**
 * Signals as maps of bits, one a bar, and the search for the next one.
 * Deliberately knows no trade: which bars may enter was worked out in `sweep-index.ts`.
 */
import { BUY, SELL, type SweepIndex } from './sweep-index.ts';

/** One bit a bar: set where the RSI is beyond a threshold and no shared gate forbids that side. */
export function signalBits(
  index: SweepIndex,
  side: 'buy' | 'sell',
  threshold: number,
): Uint32Array {
  const { rsi, allowed, market } = index;
  const bits = new Uint32Array((market.count + 31) >> 5);
  const mask = side === 'buy' ? BUY : SELL;
  // One comparison for both sides: a sale is a purchase with the sign turned.
  const sign = side === 'buy' ? 1 : -1;
  const limit = sign * threshold;
  for (let word = 0; word < bits.length; word += 1) {
    const first = word << 5;
    const end = Math.min(first + 32, market.count);
    let made = 0;
    for (let bar = first; bar < end; bar += 1) {
      if (((allowed[bar] as number) & mask) === 0) continue;
      if (sign * (rsi[bar] as number) < limit) made |= 1 << (bar & 31);
    }
    bits[word] = made;
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
