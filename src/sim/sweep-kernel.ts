/**
 * Parameter sets of a sweep without visiting bars: from signal to signal, from entry to exit.
 * The model is the backtest's own: same gates, sizes, fills, costs, loss streak, daily loss limit
 * and order cap.
 */
import { nextBit } from './sweep-bits.ts';
import { type Closed, type DayBook, emptyClosed, nearDailyLimit } from './sweep-day.ts';
import { firstAt, firstBeyond, type SweepIndex } from './sweep-index.ts';
import { haltAfter } from './sweep-limit.ts';
import type { OtherName } from './sweep-parameters.ts';
import { blockOf, emptyRow, note, type SweepRow } from './sweep-row.ts';
import { away, commissionOf, type KernelTerms } from './sweep-terms.ts';

/** What a sweep may vary without a new index. Thresholds 0 to 100, distances in basis points. */
export interface SweepSet {
  readonly rsiBuy: number;
  readonly rsiSell: number;
  readonly tpBps: number;
  readonly slBps: number;
  /** Everything else that varies, in the units of the command line; these need their own index. */
  readonly others?: Readonly<Partial<Record<OtherName, number>>>;
}

/** Bars that all sets pass before the first goes on: their columns stay in the cache together. */
const TILE = 16_384;

/** Which bars may decide, and where the run ends: for out-of-sample runs on one index. */
export interface BarRange {
  readonly from: number;
  readonly to: number;
}

/** One bit a bar of each side; a bar may have one of them at most. */
export interface Signals {
  readonly buy: Uint32Array;
  readonly sell: Uint32Array;
}

/** A trade of the kernel, for tests of luck that need them one by one. */
export interface KernelTrade {
  readonly isBuy: boolean;
  readonly entry: number;
  readonly exit: number;
  /** Result on the balance before it. */
  readonly share: number;
}

/** Where a set stands between two tiles. */
interface Runner {
  readonly set: SweepSet;
  readonly signals: Signals;
  readonly row: SweepRow;
  readonly day: DayBook;
  readonly trades: KernelTrade[] | undefined;
  /** The newest closed trade and the one before it, in turn. */
  spare: Closed;
  /** Entries of the day that begins with bar `countedDay` (F50). */
  entered: number;
  countedDay: number;
  balance: number;
  peak: number;
  streak: number;
  /** First bar not looked at; beyond every bar when it is over. */
  next: number;
}

/** Where each entry of one tile, target and stop would end: shared by all sets that have both. */
interface ExitMemo {
  readonly first: number;
  readonly buy: Int32Array;
  readonly sell: Int32Array;
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

/**
 * Where to look on after a refused entry. A poor account refuses until the price has fallen: dearer
 * than this bound even the smallest size would risk, or pledge, too much. Never too late a bar.
 */
function affordable(
  index: SweepIndex,
  terms: KernelTerms,
  { slBps }: SweepSet,
  balance: number,
  at: number,
  entry: number,
): number {
  const budget = Math.floor((balance * terms.riskBps) / 10_000);
  const byRisk = (budget * terms.divisor * 10_000) / (terms.min * slBps);
  const byMargin = (balance * terms.leverageCents * terms.divisor) / (100 * terms.min);
  // Rounding may be off in the last bits, never by a whole unit of a price.
  const bound = Math.min(byRisk, byMargin) + 1;
  if (at <= bound) return entry;
  const cheap = firstBeyond(index, entry + 1, bound, Number.POSITIVE_INFINITY);
  return cheap < 0 ? index.market.count : Math.max(entry, cheap - 1);
}

/** Sets that share target and stop, with their signals; rows in their order. */
export interface Group {
  readonly sets: readonly SweepSet[];
  readonly signals: readonly Signals[];
  /** Filled with the trades of the only set, when somebody asks. */
  readonly trades?: KernelTrade[];
}

/** Runs groups of sets over a range of bars, tile by tile. */
export function runGroups(
  index: SweepIndex,
  terms: KernelTerms,
  groups: readonly Group[],
  range: BarRange,
): SweepRow[][] {
  const teams = groups.map(({ sets, signals, trades }) =>
    sets.map((set, at) => runnerOf(set, signals[at] as Signals, terms, range, trades)),
  );
  const [buy, sell] = [new Int32Array(TILE + 1), new Int32Array(TILE + 1)];
  for (let first = range.from; first < range.to; first += TILE) {
    const end = Math.min(first + TILE, range.to - 1);
    for (const team of teams) {
      buy.fill(0);
      sell.fill(0);
      for (const runner of team) advance(index, terms, runner, { first, buy, sell }, end, range.to);
    }
  }
  return teams.map((team) => team.map((runner) => finished(runner, terms)));
}

function runnerOf(
  set: SweepSet,
  signals: Signals,
  { balance }: KernelTerms,
  { from }: BarRange,
  trades: KernelTrade[] | undefined,
): Runner {
  return {
    set,
    signals,
    row: emptyRow(),
    day: { first: -1, opening: balance, last: undefined },
    trades,
    spare: emptyClosed(),
    entered: 0,
    countedDay: -1,
    balance,
    peak: balance,
    streak: 0,
    next: from,
  };
}

function finished({ row, balance }: Runner, terms: KernelTerms): SweepRow {
  row.net = balance - terms.balance;
  return row;
}

/** Lets one set act on all signals before `end`; its exits may lie behind, but before `to`. */
function advance(
  index: SweepIndex,
  terms: KernelTerms,
  runner: Runner,
  memo: ExitMemo,
  end: number,
  to: number,
): void {
  const { set, signals, row, day } = runner;
  const { start, open, count } = index.market;
  const { spread, slippage } = terms;
  const planned: Plan = { stopDistance: 0, targetDistance: 0, size: 0 };
  let { balance, peak, streak, entered, countedDay } = runner;
  let bar = nextBit(signals.buy, signals.sell, runner.next, end);
  while (bar >= 0) {
    const entry = bar + 1;
    const time = start[entry] as number;
    const today = index.dayStart[entry] as number;
    const isCapped = today === countedDay && entered >= terms.entriesPerDay;
    const isBuy = ((signals.buy[bar >> 5] as number) & (1 << (bar & 31))) !== 0;
    const at = isBuy ? (open[entry] as number) + spread : (open[entry] as number);
    if (isCapped || !plan(terms, set, at, balance, planned)) {
      const rest = index.dayEnd[entry] as number;
      const open = isCapped ? rest : affordable(index, terms, set, balance, at, entry);
      if (open >= end) runner.next = open;
      bar = nextBit(signals.buy, signals.sell, open, end);
      continue;
    }
    entered = today === countedDay ? entered + 1 : 1;
    countedDay = today;
    const fill = isBuy ? at + slippage : at - slippage;
    const { size, stopDistance, targetDistance } = planned;
    const exit = exitBar(index, memo, isBuy, entry, fill, stopDistance, targetDistance, spread);
    if (exit < 0 || exit >= to) {
      row.stillOpen = true;
      runner.next = count;
      break;
    }
    const exitPrice = exitFill(index, terms, isBuy, exit, fill, stopDistance, targetDistance);
    const distance = isBuy ? exitPrice - fill : fill - exitPrice;
    const net = away(distance * size, terms.divisor) - commissionOf(terms, size);
    const trade = closed(runner, isBuy, entry, exit, fill, planned, net, balance);
    const isNear = nearDailyLimit(index, terms, day, trade);
    const halt = isNear ? haltAfter(index, terms, day.opening, trade) : 0;
    const share = net / balance;
    balance += net;
    note(row, net, share, time, exitPrice, blockOf(exit, count));
    if (runner.trades !== undefined) runner.trades.push({ isBuy, entry, exit, share });
    if (balance > peak) peak = balance;
    else row.drawdown = Math.max(row.drawdown, (peak - balance) / peak);
    streak = net < 0 ? streak + 1 : net > 0 ? 0 : streak;
    let next = exit;
    if (streak >= terms.streakMax) {
      // No entry for the rest of the day; the first bar of a day never enters.
      streak = 0;
      next = index.dayEnd[exit] as number;
    }
    // What is decided at the close of a bar is entered at the open of the next one.
    if (halt > 0) next = Math.max(next, firstAt(index.market, halt) - 1);
    runner.next = next;
    bar = nextBit(signals.buy, signals.sell, next, end);
  }
  runner.balance = balance;
  runner.peak = peak;
  runner.streak = streak;
  runner.entered = entered;
  runner.countedDay = countedDay;
  if (runner.next < end) runner.next = end;
}

/** The record of a trade, in the one of two that the day's book does not hold. */
function closed(
  runner: Runner,
  isBuy: boolean,
  entry: number,
  exit: number,
  fill: number,
  { size, stopDistance, targetDistance }: Plan,
  net: number,
  balance: number,
): Closed {
  const trade = runner.spare;
  runner.spare = runner.day.last ?? emptyClosed();
  trade.isBuy = isBuy;
  trade.entry = entry;
  trade.exit = exit;
  trade.fill = fill;
  trade.size = size;
  trade.stopDistance = stopDistance;
  trade.targetDistance = targetDistance;
  trade.net = net;
  trade.balance = balance;
  return trade;
}

function exitBar(
  index: SweepIndex,
  memo: ExitMemo,
  isBuy: boolean,
  entry: number,
  fill: number,
  stopDistance: number,
  targetDistance: number,
  spread: number,
): number {
  const known = isBuy ? memo.buy : memo.sell;
  const place = entry - memo.first;
  const found = known[place] as number;
  if (found !== 0) return found - 2;
  // A short is closed at the ask: its levels are met by a bid lower by the spread.
  const floor = isBuy ? fill - stopDistance : fill - targetDistance - spread;
  const ceiling = isBuy ? fill + targetDistance : fill + stopDistance - spread;
  const exit = firstBeyond(index, entry, floor, ceiling);
  // One more than "no exit", so that zero stays "not looked for".
  known[place] = exit + 2;
  return exit;
}

/** Opened beyond a level: at the open. Else the stop before the target, each at its level. */
function exitFill(
  index: SweepIndex,
  { spread, slippage }: KernelTerms,
  isBuy: boolean,
  exit: number,
  fill: number,
  stopDistance: number,
  targetDistance: number,
): number {
  const { open, high, low } = index.market;
  if (isBuy) {
    const stop = fill - stopDistance;
    const target = fill + targetDistance;
    const first = open[exit] as number;
    if (first <= stop) return first - slippage;
    if (first >= target) return first;
    return (low[exit] as number) <= stop ? stop - slippage : target;
  }
  const stop = fill + stopDistance;
  const target = fill - targetDistance;
  const first = (open[exit] as number) + spread;
  if (first >= stop) return first + slippage;
  if (first <= target) return first;
  return (high[exit] as number) + spread >= stop ? stop + slippage : target;
}
