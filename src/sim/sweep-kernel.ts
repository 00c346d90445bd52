/**
 * One parameter set of a sweep without visiting bars: from signal to signal, from entry to exit.
 * The model is the backtest's own: same gates, sizes, fills, costs, loss streak and order cap. What
 * it
 * does not model, the day's loss reaching its limit, it recognises and leaves to the engine.
 */
import type { Trade } from './backtest.ts';
import { DAY_MS } from './fcpo.ts';
import { type Closed, type DayBook, nearDailyLimit } from './sweep-day.ts';
import { firstBeyond, nextBit, type SweepIndex } from './sweep-index.ts';
import { away, commissionOf, type KernelTerms } from './sweep-terms.ts';

/** What a sweep may vary without a new index. Thresholds 0 to 100, distances in basis points. */
export interface SweepSet {
  readonly rsiBuy: number;
  readonly rsiSell: number;
  readonly tpBps: number;
  readonly slBps: number;
}

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
  /** True when the day's loss came near its limit: the engine must run this set. */
  needsEngine: boolean;
}

/** Entries in any 24 hours, as the engine's last look counts them (F50). */
const ENTRIES_PER_DAY = 20;

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
  needsEngine: false,
});

/** Which bars may decide, and where the run ends: for out-of-sample runs on one index. */
export interface BarRange {
  readonly from: number;
  readonly to: number;
}

/** Where each entry of one target and stop would end: shared by all sets that have both. */
export interface ExitMemo {
  readonly buy: Int32Array;
  readonly sell: Int32Array;
}

export const exitMemo = (count: number): ExitMemo => ({
  buy: new Int32Array(count),
  sell: new Int32Array(count),
});

export interface Signals {
  readonly buy: Uint32Array;
  readonly either: Uint32Array;
}

interface Plan {
  stopDistance: number;
  targetDistance: number;
  size: number;
}

/** The engine's sizing in plain numbers; false when it would refuse. */
function plan(terms: KernelTerms, set: SweepSet, at: number, balance: number, out: Plan): boolean {
  const { tick } = terms;
  const stop = Math.ceil(Math.ceil((at * set.slBps) / 10_000) / tick) * tick;
  const target = Math.floor(Math.floor((at * set.tpBps) / 10_000) / tick) * tick;
  if (stop < tick || target < tick) return false;
  const budget = Math.floor((balance * terms.riskBps) / 10_000);
  const perStep = Math.ceil((stop * terms.step) / terms.divisor);
  if (budget <= 0 || perStep <= 0) return false;
  const size = Math.min(Math.floor(budget / perStep) * terms.step, terms.max);
  if (size < terms.min) return false;
  const notional = Math.ceil((at * size) / terms.divisor);
  if (Math.ceil((notional * 100) / terms.leverageCents) > balance) return false;
  out.stopDistance = stop;
  out.targetDistance = target;
  out.size = size;
  return true;
}

/** Runs one set over a range of bars. */
export function runSet(
  index: SweepIndex,
  terms: KernelTerms,
  set: SweepSet,
  signals: Signals,
  memo: ExitMemo,
  range: BarRange,
): SweepRow {
  const row = emptyRow();
  const { start, open } = index.market;
  const { spread, slippage } = terms;
  const planned: Plan = { stopDistance: 0, targetDistance: 0, size: 0 };
  const entries = new Float64Array(ENTRIES_PER_DAY).fill(Number.NEGATIVE_INFINITY);
  const day: DayBook = { first: -1, opening: terms.balance, last: undefined };
  let [balance, peak, streak, entered] = [terms.balance, terms.balance, 0, 0];
  let bar = nextBit(signals.either, range.from, range.to - 1);
  while (bar >= 0) {
    const entry = bar + 1;
    const time = start[entry] as number;
    const isCapped = time - (entries[entered] as number) < DAY_MS;
    const isBuy = ((signals.buy[bar >> 5] as number) & (1 << (bar & 31))) !== 0;
    const at = isBuy ? (open[entry] as number) + spread : (open[entry] as number);
    if (isCapped || !plan(terms, set, at, balance, planned)) {
      bar = nextBit(signals.either, bar + 1, range.to - 1);
      continue;
    }
    entries[entered] = time;
    entered = entered + 1 === ENTRIES_PER_DAY ? 0 : entered + 1;
    const fill = isBuy ? at + slippage : at - slippage;
    const exit = exitBar(index, memo, isBuy, entry, fill, planned, spread, range.to);
    if (exit < 0) {
      row.stillOpen = true;
      break;
    }
    const exitPrice = exitFill(index, terms, isBuy, exit, fill, planned);
    const distance = isBuy ? exitPrice - fill : fill - exitPrice;
    const gross = away(distance * planned.size, terms.divisor);
    const net = gross - commissionOf(terms, planned.size);
    const { size, stopDistance, targetDistance } = planned;
    const trade: Closed = {
      isBuy,
      entry,
      exit,
      fill,
      size,
      stopDistance,
      targetDistance,
      net,
      balance,
    };
    if (nearDailyLimit(index, terms, day, trade)) {
      row.needsEngine = true;
      return row;
    }
    const share = net / balance;
    balance += net;
    note(row, net, share, time, exitPrice);
    if (balance > peak) peak = balance;
    else row.drawdown = Math.max(row.drawdown, (peak - balance) / peak);
    streak = net < 0 ? streak + 1 : net > 0 ? 0 : streak;
    let next = exit;
    if (streak >= terms.streakMax) {
      // No entry for the rest of the day; the first bar of a day never enters.
      streak = 0;
      next = index.dayEnd[exit] as number;
    }
    bar = nextBit(signals.either, next, range.to - 1);
  }
  row.net = balance - terms.balance;
  return row;
}

/** Adds a closed trade; the same function serves the engine's own trades. */
function note(row: SweepRow, net: number, share: number, time: number, exitPrice: number): void {
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
  const mixed = Math.imul(row.checksum ^ (time / 1_000), 0x01000193);
  row.checksum = Math.imul(Math.imul(mixed ^ exitPrice, 0x85ebca6b) ^ net, 0x01000193) >>> 0;
}

/** The row that the engine's trades make. */
export function rowOfTrades(trades: readonly Trade[], stillOpen: boolean): SweepRow {
  const row = emptyRow();
  let peak = trades[0]?.balanceBefore ?? 0;
  for (const { net, balanceBefore, entryTime, exitPrice } of trades) {
    note(row, net, net / balanceBefore, entryTime, exitPrice);
    row.net += net;
    const after = balanceBefore + net;
    if (after > peak) peak = after;
    else row.drawdown = Math.max(row.drawdown, (peak - after) / peak);
  }
  row.stillOpen = stillOpen;
  return row;
}

function exitBar(
  index: SweepIndex,
  memo: ExitMemo,
  isBuy: boolean,
  entry: number,
  fill: number,
  { stopDistance, targetDistance }: Plan,
  spread: number,
  to: number,
): number {
  const known = isBuy ? memo.buy : memo.sell;
  const found = known[entry] as number;
  if (found !== 0 && found <= to) return found - 1;
  if (found !== 0) return -1;
  // A short is closed at the ask: its levels are met by a bid lower by the spread.
  const floor = isBuy ? fill - stopDistance : fill - targetDistance - spread;
  const ceiling = isBuy ? fill + targetDistance : fill + stopDistance - spread;
  const exit = firstBeyond(index, entry, index.market.count, floor, ceiling);
  known[entry] = exit < 0 ? 0x7fffffff : exit + 1;
  return exit < to ? exit : -1;
}

/** Opened beyond a level: at the open. Else the stop before the target, each at its level. */
function exitFill(
  index: SweepIndex,
  { spread, slippage }: KernelTerms,
  isBuy: boolean,
  exit: number,
  fill: number,
  { stopDistance, targetDistance }: Plan,
): number {
  const { open, high, low } = index.market;
  if (isBuy) {
    const [stop, target, first] = [
      fill - stopDistance,
      fill + targetDistance,
      open[exit] as number,
    ];
    if (first <= stop) return first - slippage;
    if (first >= target) return first;
    return (low[exit] as number) <= stop ? stop - slippage : target;
  }
  const [stop, target] = [fill + stopDistance, fill - targetDistance];
  const first = (open[exit] as number) + spread;
  if (first >= stop) return first + slippage;
  if (first <= target) return first;
  return (high[exit] as number) + spread >= stop ? stop + slippage : target;
}
