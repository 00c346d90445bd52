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

export const emptyRow = (): SweepRow => ({
  trades: 0,
  wins: 0,
  losses: 0,
  grossProfit: 0,
  grossLoss: 0,
  net: 0,
  drawdown: 0,
  sumReturn: 0,
  sumSquares: 0,
  stillOpen: false,
  checksum: 0,
  blocks: new Array<number>(BLOCKS).fill(0),
  blockTrades: new Array<number>(BLOCKS).fill(0),
  needsEngine: false,
});

/** The stretch of a history of `count` bars that a bar lies in. */
export const blockOf = (bar: number, count: number): number => Math.floor((bar * BLOCKS) / count);

/** Its first bar; `count` behind the last. */
export const blockStart = (block: number, count: number): number =>
  Math.ceil((block * count) / BLOCKS);

/** Adds a closed trade. */
export function note(
  row: SweepRow,
  net: number,
  share: number,
  time: number,
  exitPrice: number,
  block: number,
): void {
  row.trades += 1;
  if (net > 0) {
    row.wins += 1;
    row.grossProfit += net;
  } else if (net < 0) {
    row.losses += 1;
    row.grossLoss += net;
  }
  row.sumReturn += share;
  row.sumSquares += share * share;
  row.blocks[block] = (row.blocks[block] as number) + net;
  row.blockTrades[block] = (row.blockTrades[block] as number) + 1;
  const mixed = Math.imul(row.checksum ^ (time / 1_000), 0x01000193);
  row.checksum = Math.imul(Math.imul(mixed ^ exitPrice, 0x85ebca6b) ^ net, 0x01000193) >>> 0;
}

/** The row that the engine's trades make; blocks are those of the whole market. */
export function rowOfTrades(
  trades: readonly Trade[],
  stillOpen: boolean,
  { start, count }: BacktestMarket,
): SweepRow {
  const row = emptyRow();
  let peak = trades[0]?.balanceBefore ?? 0;
  let bar = 0;
  for (const { net, balanceBefore, entryTime, exitTime, exitPrice } of trades) {
    while (bar + 1 < count && (start[bar + 1] as number) <= exitTime) bar += 1;
    note(row, net, net / balanceBefore, entryTime, exitPrice, blockOf(bar, count));
    row.net += net;
    const after = balanceBefore + net;
    if (after > peak) peak = after;
    else row.drawdown = Math.max(row.drawdown, (peak - after) / peak);
  }
  row.stillOpen = stillOpen;
  return row;
}
