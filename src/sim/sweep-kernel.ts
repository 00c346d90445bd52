/**
 * Parameter sets of a sweep without visiting bars: from signal to signal, from entry to exit.
 * The model is the backtest's own: same gates, sizes, fills, costs, loss streak, daily loss limit
 * and order cap.
 */
import { nextBit, type Signals } from './sweep-bits.ts';
import {
  CELL,
  type Cells,
  closedOf,
  type DayBook,
  emptyCells,
  emptyDayBook,
  isFarFromLimit,
  nearDailyLimit,
  openingOf,
} from './sweep-day.ts';
import { dayEndOf, firstAt, firstBeyond, type SweepIndex } from './sweep-index.ts';
import { haltAfter } from './sweep-limit.ts';
import type { OtherName } from './sweep-parameters.ts';
import {
  blockStart,
  emptyTally,
  note,
  noteDrawdown,
  rowOfTally,
  type SweepRow,
  type Tally,
} from './sweep-row.ts';
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
const TILE = 4_096;

/** Which bars may decide, and where the run ends: for out-of-sample runs on one index. */
export interface BarRange {
  readonly from: number;
  readonly to: number;
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
  readonly tally: Tally;
  readonly day: DayBook;
  readonly trades: KernelTrade[] | undefined;
  /** The newest closed trade and the one before it, in turn. */
  last: Cells;
  spare: Cells;
  stillOpen: boolean;
  /** Entries of the day `countedDay` (F50). */
  entered: number;
  countedDay: number;
  balance: number;
  peak: number;
  streak: number;
  /** The block of the newest exit, and the first bar behind it. */
  block: number;
  blockEnd: number;
  /** First bar not looked at; beyond every bar when it is over. */
  next: number;
}

/**
 * What an entry of one tile, side, target and stop leads to whoever makes it: shared by all sets
 * that have both. Two places a bar, first the purchase.
 */
interface Outlook {
  /** First bar of the tile. */
  first: number;
  /** 0: not looked for; 1: too small a distance; 2: no exit; else the exit bar and 3. */
  readonly exit: Int32Array;
  /** Four a place: the price of the exit, both distances, the risk of the smallest step. */
  readonly values: Float64Array;
}

const [PRICE, STOP, TARGET, RISK] = [0, 1, 2, 3] as const;
const REFUSED = 1;
const ENDLESS = 2;
const FOUND = 3;

const emptyOutlook = (): Outlook => ({
  first: 0,
  exit: new Int32Array(2 * (TILE + 1)),
  values: new Float64Array(8 * (TILE + 1)),
});

/** The engine's sizing in plain numbers; 0 when it would refuse. */
function sizeOf(terms: KernelTerms, at: number, perStep: number, balance: number): number {
  const budget = Math.floor((balance * terms.riskBps) / 10_000);
  if (budget <= 0) return 0;
  const size = Math.min(Math.floor(budget / perStep) * terms.step, terms.max);
  if (size < terms.min) return 0;
  // Far below the balance, as mostly: no need to round.
  if (at * size * terms.marginShare < balance - 2) return size;
  const notional = Math.ceil((at * size) / terms.divisor);
  return Math.ceil((notional * 100) / terms.leverageCents) > balance ? 0 : size;
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
  const outlook = emptyOutlook();
  for (let first = range.from; first < range.to; first += TILE) {
    const end = Math.min(first + TILE, range.to - 1);
    outlook.first = first;
    for (const team of teams) {
      outlook.exit.fill(0);
      for (const runner of team) {
        if (runner.next < end) advance(index, terms, runner, outlook, end, range.to);
      }
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
    tally: emptyTally(),
    day: emptyDayBook(balance),
    trades,
    last: emptyCells(),
    spare: emptyCells(),
    stillOpen: false,
    entered: 0,
    countedDay: -1,
    balance,
    peak: balance,
    streak: 0,
    block: -1,
    blockEnd: 0,
    next: from,
  };
}

const finished = ({ tally, balance, stillOpen }: Runner, terms: KernelTerms): SweepRow =>
  rowOfTally(tally, balance - terms.balance, stillOpen);

/** Lets one set act on all signals before `end`; its exits may lie behind, but before `to`. */
function advance(
  index: SweepIndex,
  terms: KernelTerms,
  runner: Runner,
  outlook: Outlook,
  end: number,
  to: number,
): void {
  const { set, signals } = runner;
  const { day, dayFirst, market } = index;
  const { buy, sell } = signals;
  let { balance, entered, countedDay } = runner;
  let bar = nextBit(buy, sell, runner.next, end);
  while (bar >= 0) {
    const entry = bar + 1;
    const today = day[entry] as number;
    const isCapped = today === countedDay && entered >= terms.entriesPerDay;
    const isBuy = ((buy[bar >> 5] as number) & (1 << (bar & 31))) !== 0;
    const first = market.open[entry] as number;
    const at = isBuy ? first + terms.spread : first;
    const slot = 2 * (entry - outlook.first) + (isBuy ? 0 : 1);
    let known = 0;
    let size = 0;
    if (!isCapped) {
      known = outlook.exit[slot] as number;
      if (known === 0) known = look(index, terms, set, outlook, isBuy, entry, at, slot);
      size =
        known === REFUSED
          ? 0
          : sizeOf(terms, at, outlook.values[4 * slot + RISK] as number, balance);
    }
    if (size === 0) {
      const rest = dayFirst[today + 1] as number;
      const open = isCapped ? rest : affordable(index, terms, set, balance, at, entry);
      if (open >= end) runner.next = open;
      bar = nextBit(buy, sell, open, end);
      continue;
    }
    entered = today === countedDay ? entered + 1 : 1;
    countedDay = today;
    const exit = known - FOUND;
    if (known === ENDLESS || exit >= to) {
      runner.stillOpen = true;
      runner.next = market.count;
      break;
    }
    balance = close(index, terms, runner, outlook, slot, isBuy, entry, exit, size, balance);
    bar = nextBit(buy, sell, runner.next, end);
  }
  runner.balance = balance;
  runner.entered = entered;
  runner.countedDay = countedDay;
  if (runner.next < end) runner.next = end;
}

/** Books a trade, says where to look on, and answers with the balance after it. */
function close(
  index: SweepIndex,
  terms: KernelTerms,
  runner: Runner,
  outlook: Outlook,
  slot: number,
  isBuy: boolean,
  entry: number,
  exit: number,
  size: number,
  before: number,
): number {
  const { start, open, count } = index.market;
  const first = open[entry] as number;
  const fill = isBuy ? first + terms.spread + terms.slippage : first - terms.slippage;
  const exitPrice = outlook.values[4 * slot + PRICE] as number;
  const distance = isBuy ? exitPrice - fill : fill - exitPrice;
  const net = away(distance * size, terms.divisor) - commissionOf(terms, size);
  const { last, spare: trade, day, tally, trades } = runner;
  runner.last = trade;
  runner.spare = last;
  trade[CELL.entry] = entry;
  trade[CELL.exit] = exit;
  trade[CELL.fill] = fill;
  trade[CELL.size] = isBuy ? size : -size;
  trade[CELL.stop] = outlook.values[4 * slot + STOP] as number;
  trade[CELL.target] = outlook.values[4 * slot + TARGET] as number;
  trade[CELL.net] = net;
  trade[CELL.balance] = before;
  const isFar = isFarFromLimit(index, terms, day, trade, last);
  const halt = isFar ? 0 : haltOf(index, terms, openingOf(day), trade);
  const balance = before + net;
  while (exit >= runner.blockEnd) {
    runner.block += 1;
    runner.blockEnd = blockStart(runner.block + 1, count);
  }
  note(tally, net, before, (start[entry] as number) / 1_000, exitPrice, runner.block);
  if (trades !== undefined) trades.push({ isBuy, entry, exit, share: net / before });
  if (balance > runner.peak) runner.peak = balance;
  else noteDrawdown(tally, runner.peak, balance);
  if (net !== 0) runner.streak = net < 0 ? runner.streak + 1 : 0;
  let next = exit;
  if (runner.streak >= terms.streakMax) {
    // No entry for the rest of the day; the first bar of a day never enters.
    runner.streak = 0;
    next = dayEndOf(index, exit);
  }
  // What is decided at the close of a bar is entered at the open of the next one.
  if (halt > 0) next = Math.max(next, firstAt(index.market, halt) - 1);
  runner.next = next;
  return balance;
}

/** The instant before which nothing is entered; 0 when the day's result stayed within its limit. */
function haltOf(index: SweepIndex, terms: KernelTerms, opening: number, cells: Cells): number {
  if (!nearDailyLimit(index, terms, opening, cells)) return 0;
  return haltAfter(index, terms, opening, closedOf(cells));
}

/** Fills one place of the outlook and answers with what it says of the exit. */
function look(
  index: SweepIndex,
  terms: KernelTerms,
  { tpBps, slBps }: SweepSet,
  outlook: Outlook,
  isBuy: boolean,
  entry: number,
  at: number,
  slot: number,
): number {
  const { tick, spread, slippage } = terms;
  const stop = Math.ceil(Math.ceil((at * slBps) / 10_000) / tick) * tick;
  const target = Math.floor(Math.floor((at * tpBps) / 10_000) / tick) * tick;
  outlook.values[4 * slot + STOP] = stop;
  outlook.values[4 * slot + TARGET] = target;
  outlook.values[4 * slot + RISK] = Math.ceil((stop * terms.step) / terms.divisor);
  let known = REFUSED;
  if (stop >= tick && target >= tick) {
    const fill = isBuy ? at + slippage : at - slippage;
    // A short is closed at the ask: its levels are met by a bid lower by the spread.
    const floor = isBuy ? fill - stop : fill - target - spread;
    const ceiling = isBuy ? fill + target : fill + stop - spread;
    const exit = firstBeyond(index, entry, floor, ceiling);
    known = exit < 0 ? ENDLESS : exit + FOUND;
    if (exit >= 0) {
      outlook.values[4 * slot + PRICE] = exitFill(index, terms, isBuy, exit, fill, stop, target);
    }
  }
  outlook.exit[slot] = known;
  return known;
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
