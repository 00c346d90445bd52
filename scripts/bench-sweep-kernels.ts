/**
 * The sweep's kernels alone, warm: run as one bundle by bench-sweep.ts, as the program itself is.
 * Deliberately processor time, and one line of JSON as its answer.
 */
import type { BacktestMarket } from '../src/sim/backtest-market.ts';
import { firstOf } from '../src/sim/bar-columns.ts';
import { createSweeper, wholeRange } from '../src/sim/sweep.ts';
import { DEFAULT_AXES, gridOf } from '../src/sim/sweep-grid.ts';
import type { SweepIndex } from '../src/sim/sweep-index.ts';
import type { SweepSet } from '../src/sim/sweep-kernel.ts';
import { BUY } from '../src/sim/sweep-measure.ts';
import { away, type KernelTerms } from '../src/sim/sweep-terms.ts';
import { LONG, marketOf, SHIPPED, SHORT, walk } from './bench-walk.ts';

/** Median processor milliseconds of some rounds, after as many to warm up. */
function cpuMillis(rounds: number, work: () => void): number {
  const spent: number[] = [];
  for (let round = 0; round < rounds * 2; round += 1) {
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    if (round >= rounds) spent.push((user + system) / 1_000);
  }
  spent.sort((a, b) => a - b);
  return spent[spent.length >> 1] ?? Number.NaN;
}

/** What a sweep is without a kernel: every bar of every set; indicators once. Trades made. */
function plainLoop(
  { market, rsi, allowed, day, dayFirst }: SweepIndex,
  terms: KernelTerms,
  set: SweepSet,
) {
  const { count, open, high, low } = market;
  const { spread, slippage, tick } = terms;
  let [trades, balance, streak, blockedUntil] = [0, terms.balance, 0, 0];
  let [entered, counted] = [0, -1];
  let [isHeld, isBuy, fill, stop, target, size] = [false, false, 0, 0, 0, 0];
  for (let bar = 0; bar < count; bar += 1) {
    if (isHeld) {
      const shift = isBuy ? 0 : spread;
      const [first, top, bottom] = [
        (open[bar] as number) + shift,
        (high[bar] as number) + shift,
        (low[bar] as number) + shift,
      ];
      const against = isBuy ? bottom <= stop : top >= stop;
      const reached = isBuy ? top >= target : bottom <= target;
      if (against || reached) {
        const slip = isBuy ? -slippage : slippage;
        const gapped = isBuy ? first <= stop : first >= stop;
        const jumped = isBuy ? first >= target : first <= target;
        const exit = gapped ? first + slip : jumped ? first : against ? stop + slip : target;
        const gross = away((isBuy ? exit - fill : fill - exit) * size, terms.divisor);
        const net = gross - 2 * away(terms.minorPerLot * size, terms.lot);
        balance += net;
        trades += 1;
        isHeld = false;
        streak = net < 0 ? streak + 1 : net > 0 ? 0 : streak;
        if (streak >= terms.streakMax)
          [streak, blockedUntil] = [0, dayFirst[(day[bar] as number) + 1] as number];
      }
    }
    if (isHeld || bar < blockedUntil || bar + 1 >= count) continue;
    const may = allowed[bar] as number;
    const buys = (may & BUY) !== 0 && (rsi[bar] as number) < set.rsiBuy;
    if (!buys && ((may & 2) === 0 || !((rsi[bar] as number) > set.rsiSell))) continue;
    const today = day[bar + 1] as number;
    if (today !== counted) [entered, counted] = [0, today];
    if (entered >= terms.entriesPerDay) continue;
    const at = (open[bar + 1] as number) + (buys ? spread : 0);
    const stopAway = Math.ceil(Math.ceil((at * set.slBps) / 10_000) / tick) * tick;
    const targetAway = Math.floor(Math.floor((at * set.tpBps) / 10_000) / tick) * tick;
    const budget = Math.floor((balance * terms.riskBps) / 10_000);
    const lots = Math.floor(budget / Math.ceil((stopAway * terms.step) / terms.divisor));
    size = Math.min(lots * terms.step, terms.max);
    const pledge = (Math.ceil((at * size) / terms.divisor) * 100) / terms.leverageCents;
    if (size < terms.min || Math.ceil(pledge) > balance) continue;
    entered += 1;
    [isHeld, isBuy, fill] = [true, buys, buys ? at + slippage : at - slippage];
    stop = buys ? fill - stopAway : fill + stopAway;
    target = buys ? fill + targetAway : fill - targetAway;
  }
  return trades;
}

/** Milliseconds of the plain loops over all sets; they must make the kernel's trades. */
function plainMillis(market: BacktestMarket, sets: readonly SweepSet[]): number {
  const sweeper = createSweeper(market, SHIPPED);
  const bench = sweeper.bench(sets[0] as SweepSet);
  if (bench === undefined) throw new Error('no index to compare with');
  const rows = sweeper.run(sets, wholeRange(market));
  let trades = 0;
  const spent = cpuMillis(2, () => {
    trades = 0;
    for (const set of sets) trades += plainLoop(bench.index, bench.terms, set);
  });
  const kernel = rows.reduce((sum, row) => sum + row.trades, 0);
  if (trades !== kernel) throw new Error(`the plain loop made ${trades} trades, not ${kernel}`);
  return spent;
}

const MANY = {
  rsi_buy: Array.from({ length: 10 }, (_, at) => 18 + 2 * at),
  rsi_sell: Array.from({ length: 10 }, (_, at) => 62 + 2 * at),
  tp: Array.from({ length: 10 }, (_, at) => 1 + at / 4),
  // Narrow stops mean large positions: their days come near the limit of the day's loss.
  sl: Array.from({ length: 10 }, (_, at) => 0.5 + at / 10),
};

const sweepMillis = (market: BacktestMarket, all: readonly SweepSet[], rounds: number): number =>
  cpuMillis(rounds, () => {
    createSweeper(market, SHIPPED).run(all, wholeRange(market));
  });

const sets = gridOf(DEFAULT_AXES);
const bars = walk(LONG);
const short = marketOf(firstOf(bars, SHORT), 'fcpo');
const warm = sweepMillis(short, sets, 7);
const plain = plainMillis(short, sets);
const many = sweepMillis(short, gridOf(MANY), 1);
const long = sweepMillis(marketOf(bars, 'fcpo'), sets, 3);
console.log(JSON.stringify({ warm, plain, many, long }));
