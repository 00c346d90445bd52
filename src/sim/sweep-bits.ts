/**
 * Signals as maps of bits, one a bar, and the search for the next one.
 * Deliberately knows no trade: which bars may enter was worked out in `sweep-index.ts`.
 */
import type { SweepIndex } from './sweep-index.ts';
import { BUY, SELL } from './sweep-measure.ts';

/** One bit a bar of each side; a bar may have one of them at most. */
export interface Signals {
  readonly buy: Uint32Array;
  readonly sell: Uint32Array;
}

/** Beyond these a set signals. */
export interface Thresholds {
  readonly rsiBuy: number;
  readonly rsiSell: number;
}

/** Set where the RSI is beyond a threshold and no shared gate forbids that side. */
export function signalBits(
  { rsi, allowed, market }: SweepIndex,
  { rsiBuy, rsiSell }: Thresholds,
): Signals {
  const { count } = market;
  const words = (count + 31) >> 5;
  const [buy, sell] = [new Uint32Array(words), new Uint32Array(words)];
  for (let word = 0; word < words; word += 1) {
    let [bought, sold] = [0, 0];
    const end = Math.min(count, (word + 1) << 5);
    for (let bar = word << 5; bar < end; bar += 1) {
      const value = rsi[bar] as number;
      const may = allowed[bar] as number;
      if (value < rsiBuy) bought |= (may & BUY) << (bar & 31);
      if (value > rsiSell) sold |= ((may & SELL) >> 1) << (bar & 31);
    }
    buy[word] = bought;
    sell[word] = sold;
  }
  return { buy, sell };
}

/** Of one side, those that are beyond a narrower threshold as well. */
export function narrowBits(
  { rsi }: SweepIndex,
  side: 'buy' | 'sell',
  threshold: number,
  within: Uint32Array,
): Uint32Array {
  // One comparison for both sides: a sale is a purchase with the sign turned.
  const sign = side === 'buy' ? 1 : -1;
  const limit = sign * threshold;
  const bits = new Uint32Array(within.length);
  for (let word = 0; word < bits.length; word += 1) {
    let made = within[word] as number;
    for (let rest = made; rest !== 0; rest &= rest - 1) {
      const bit = rest & -rest;
      const bar = (word << 5) + 31 - Math.clz32(bit);
      if (!(sign * (rsi[bar] as number) < limit)) made &= ~bit;
    }
    bits[word] = made;
  }
  return bits;
}

/** Those that enter at `least` or more. */
export function dearBits({ market }: SweepIndex, within: Uint32Array, least: number): Uint32Array {
  const { open, count } = market;
  const bits = within.slice();
  for (let bar = nextBit(bits, bits, 0, count); bar >= 0; ) {
    const place = bar >> 5;
    const isCheap = (open[bar + 1] as number) < least;
    if (isCheap) bits[place] = (bits[place] as number) & ~(1 << (bar & 31));
    bar = nextBit(bits, bits, bar + 1, count);
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
