/**
 * What chance makes of a winner: its trades in another order, and its exits after random entries.
 * Deliberately seeded: the same sweep gives the same figures, on every machine.
 */
import { createPrng, type Prng } from './prng.ts';
import { quantileOf } from './statistics.ts';
import type { Sweeper } from './sweep.ts';
import type { Signals } from './sweep-bits.ts';
import type { SweepIndex } from './sweep-index.ts';
import type { BarRange, KernelTrade, SweepSet } from './sweep-kernel.ts';
import { BUY, SELL } from './sweep-measure.ts';

const SEED = 'sweep';
const ORDERS = 1_000;
/** With these, the least p-value is one in a hundred. */
const ENTRIES = 99;
const AT_ONCE = 33;

/**
 * The 95th percentile of the largest drawdown when blocks of trades come in another order: circular
 * block bootstrap (D. N. Politis, J. P. Romano, 1992), blocks of n^(1/3) trades (P. Hall,
 * J. L. Horowitz, B.-Y. Jing, 1995), 1,000 orders. `shares` are results on the balance before each
 * trade; the answer is a share of the peak. Absent without trades.
 */
export function bootstrapDrawdown(
  shares: readonly number[],
  percentile = 0.95,
): number | undefined {
  const count = shares.length;
  if (count === 0) return undefined;
  let block = 1;
  while ((block + 1) ** 3 <= count) block += 1;
  const prng = createPrng(`${SEED}/orders`);
  const found = Array.from({ length: ORDERS }, () => largestDrawdown(shares, block, prng));
  return quantileOf(found, percentile);
}

function largestDrawdown(shares: readonly number[], block: number, prng: Prng): number {
  const count = shares.length;
  let [worth, peak, deepest, floor] = [1, 1, 0, 1];
  for (let drawn = 0; drawn < count; ) {
    let at = Math.floor(prng.uniform() * count);
    for (const end = Math.min(count, drawn + block); drawn < end; drawn += 1) {
      worth *= 1 + (shares[at] as number);
      at = at + 1 === count ? 0 : at + 1;
      if (worth > peak) {
        peak = worth;
        floor = peak * (1 - deepest);
      } else if (worth < floor) {
        deepest = (peak - worth) / peak;
        floor = worth;
      }
    }
  }
  return deepest;
}

export interface RandomEntries {
  /** Probability of such a result without any signal. */
  readonly p: number;
  readonly draws: number;
  readonly median: number;
}

/**
 * Monte Carlo p-value, (1 + draws at least as good) / (1 + draws): B. Phipson, G. K. Smyth,
 * "Permutation P-values Should Never Be Zero" (2010). Absent without draws.
 */
export function randomEntriesOf(
  result: number,
  draws: readonly number[],
): RandomEntries | undefined {
  const median = quantileOf(draws, 0.5);
  if (median === undefined) return undefined;
  const better = draws.filter((drawn) => drawn >= result).length;
  return { p: (1 + better) / (1 + draws.length), draws: draws.length, median };
}

/**
 * The set's own target, stop, size, costs and gates after entries at random bars: as many trades
 * as it made, about, and as many of them bought.
 */
export function randomEntries(
  sweeper: Sweeper,
  set: SweepSet,
  trades: readonly KernelTrade[],
  net: number,
  range: BarRange,
): RandomEntries | undefined {
  const bench = sweeper.bench(set);
  if (bench === undefined || trades.length === 0) return undefined;
  const { index } = bench;
  const held = trades.reduce((bars, { entry, exit }) => bars + exit - entry, 0);
  const free = Math.max(0.02, 1 - held / (range.to - range.from));
  // Signals that come while a position is held enter nothing.
  const signals = Math.round(trades.length / free);
  const bought = trades.filter(({ isBuy }) => isBuy).length / trades.length;
  const prng = createPrng(`${SEED}/entries`);
  const draws: number[] = [];
  const words = (index.market.count + 31) >> 5;
  const maps = Array.from({ length: AT_ONCE }, () => ({
    buy: new Uint32Array(words),
    sell: new Uint32Array(words),
  }));
  const drawn = maps.map((): number[] => []);
  for (let done = 0; done < ENTRIES; done += AT_ONCE) {
    for (const [nth, map] of maps.entries()) {
      drawSignals(map, drawn[nth] as number[], index, range, { signals, bought }, prng);
    }
    for (const row of sweeper.withSignals(set, maps, range)) draws.push(row.net);
  }
  return randomEntriesOf(net, draws);
}

/** How often a bar is drawn again that may not enter: where next to none may, a signal is lost. */
const TRIES = 64;

/** Anew, in maps that hold those of a draw before, at `bars`. */
function drawSignals(
  made: Signals,
  bars: number[],
  { allowed }: SweepIndex,
  { from, to }: BarRange,
  { signals, bought }: { readonly signals: number; readonly bought: number },
  prng: Prng,
): void {
  for (const bar of bars) {
    made.buy[bar >> 5] = 0;
    made.sell[bar >> 5] = 0;
  }
  bars.length = 0;
  for (let drawn = 0; drawn < signals; drawn += 1) {
    const isBuy = prng.uniform() < bought;
    const side = isBuy ? BUY : SELL;
    const map = isBuy ? made.buy : made.sell;
    for (let tried = 0; tried < TRIES; tried += 1) {
      const bar = from + Math.floor(prng.uniform() * (to - from));
      if (((allowed[bar] as number) & side) === 0) continue;
      map[bar >> 5] = (map[bar >> 5] as number) | (1 << (bar & 31));
      bars.push(bar);
      break;
    }
  }
}
