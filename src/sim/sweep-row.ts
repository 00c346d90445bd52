/**
 * One row of a sweep: what a parameter set earned, summed trade by trade, whoever made the trades.
 * Deliberately the same sums for kernel and engine, so that equal rows are equal trade by trade.
 */
import type { Trade } from './backtest.ts';
import type { BacktestMarket } from './backtest-market.ts';

/** Equal stretches of the history whose results a row keeps apart, for all out-of-sample tests. */
export const BLOCKS = 20;

/** Result of one set; money in minor units. */
export interface SweepRow {
  trades: number;
  wins: number;
  losses: number;
  grossProfit: number;
  grossLoss: number;
  net: number;
  /** Of the balance after closed trades, as a share of its peak. */
  drawdown: number;
  /** Of the trades' returns on the balance before each. */
  sumReturn: number;
  sumSquares: number;
  stillOpen: boolean;
  /** Of entry times, exit prices and results: equal rows are equal trade by trade. */
  checksum: number;
  /** Net result of the trades that ended in each of the {@link BLOCKS} stretches, and how many. */
  blocks: number[];
  blockTrades: number[];
  /** True when the kernel could not screen this set: the engine itself ran it. */
  needsEngine: boolean;
}

export const emptyRow = (): SweepRow => rowOfTally(emptyTally(), 0, false);

/** The stretch of a history of `count` bars that a bar lies in. */
export const blockOf = (bar: number, count: number): number => Math.floor((bar * BLOCKS) / count);

/** Its first bar; `count` behind the last. */
export const blockStart = (block: number, count: number): number =>
  Math.ceil((block * count) / BLOCKS);

/** Sums of a run in one piece of memory: a sweep notes millions of trades. */
export type Tally = Float64Array;

const [TRADES, WINS, LOSSES, PROFIT, LOSS, RETURN, SQUARES, DRAWDOWN, CHECKSUM] = [
  0, 1, 2, 3, 4, 5, 6, 7, 8,
] as const;
const NETS = 9;
const COUNTS = NETS + BLOCKS;

export const emptyTally = (): Tally => new Float64Array(COUNTS + BLOCKS);

/** Adds a closed trade: its result, the balance before it, the second of its entry. */
export function note(
  tally: Tally,
  net: number,
  before: number,
  second: number,
  exitPrice: number,
  block: number,
): void {
  const share = net / before;
  add(tally, TRADES, 1);
  if (net > 0) {
    add(tally, WINS, 1);
    add(tally, PROFIT, net);
  } else if (net < 0) {
    add(tally, LOSSES, 1);
    add(tally, LOSS, net);
  }
  add(tally, RETURN, share);
  add(tally, SQUARES, share * share);
  add(tally, NETS + block, net);
  add(tally, COUNTS + block, 1);
  const mixed = Math.imul((tally[CHECKSUM] as number) ^ second, 0x01000193);
  const sum = Math.imul(Math.imul(mixed ^ exitPrice, 0x85ebca6b) ^ net, 0x01000193);
  tally[CHECKSUM] = sum >>> 0;
}

/** A balance that is not a new peak. */
export function noteDrawdown(tally: Tally, peak: number, balance: number): void {
  const before = tally[DRAWDOWN] as number;
  const fall = peak - balance;
  // Divided only where it may be the largest.
  if (fall < before * peak * 0.999_999) return;
  const share = fall / peak;
  if (share > before) tally[DRAWDOWN] = share;
}

function add(tally: Tally, place: number, value: number): void {
  tally[place] = (tally[place] as number) + value;
}

export function rowOfTally(tally: Tally, net: number, stillOpen: boolean): SweepRow {
  const at = (place: number): number => tally[place] as number;
  return {
    trades: at(TRADES),
    wins: at(WINS),
    losses: at(LOSSES),
    grossProfit: at(PROFIT),
    grossLoss: at(LOSS),
    net,
    drawdown: at(DRAWDOWN),
    sumReturn: at(RETURN),
    sumSquares: at(SQUARES),
    stillOpen,
    checksum: at(CHECKSUM),
    blocks: Array.from(tally.subarray(NETS, COUNTS)),
    blockTrades: Array.from(tally.subarray(COUNTS)),
    needsEngine: false,
  };
}

/** The row that the engine's trades make; blocks are those of the whole market. */
export function rowOfTrades(
  trades: readonly Trade[],
  stillOpen: boolean,
  { start, count }: BacktestMarket,
): SweepRow {
  const tally = emptyTally();
  const begin = trades[0]?.balanceBefore ?? 0;
  let [peak, bar, all] = [begin, 0, 0];
  for (const { net, balanceBefore, entryTime, exitTime, exitPrice } of trades) {
    while (bar + 1 < count && (start[bar + 1] as number) <= exitTime) bar += 1;
    note(tally, net, balanceBefore, entryTime / 1_000, exitPrice, blockOf(bar, count));
    all += net;
    // Not its own balance before: of several positions, others were closed meanwhile.
    const after = begin + all;
    if (after > peak) peak = after;
    else noteDrawdown(tally, peak, after);
  }
  return rowOfTally(tally, all, stillOpen);
}
