/**
 * How fast a sweep is: warm, as a whole command, and against a plain loop over every bar that makes
 * the same trades. Deliberately processor time where one process is measured, and wall time where a
 * person waits for a command.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Bar, price, wall } from '../src/engine/index.ts';
import type { BacktestSetup } from '../src/sim/backtest.ts';
import { type BacktestMarket, backtestMarket, distanceOf } from '../src/sim/backtest-market.ts';
import { columnsOf } from '../src/sim/bar-columns.ts';
import { SIMULATED_ACCOUNT, sessionsBetween } from '../src/sim/fcpo.ts';
import { createPrng } from '../src/sim/prng.ts';
import { createSweeper, wholeRange } from '../src/sim/sweep.ts';
import { DEFAULT_AXES, gridOf } from '../src/sim/sweep-grid.ts';
import { BUY, type SweepIndex } from '../src/sim/sweep-index.ts';
import type { SweepSet } from '../src/sim/sweep-kernel.ts';
import { away, type KernelTerms } from '../src/sim/sweep-terms.ts';
import type { BenchLine } from './bench-line.ts';

const TIMEFRAME = 300_000;
const SHORT = 100_000;
const LONG = 1_000_000;

const SETUP: BacktestSetup = {
  config: {
    environment: 'sim',
    mode: 'backtest',
    instrumentName: 'FCPO',
    strategy: 'rsi-sentiment',
    timeframeMs: TIMEFRAME,
    rsiPeriod: 14,
    rsiOversold: 30,
    rsiOverbought: 70,
    emaPeriod: 50,
    trendFilter: true,
    sentimentMode: 'off',
    sentimentThreshold: 30,
    takeProfitBps: 200,
    stopLossBps: 150,
    riskBps: 100,
    maxPositions: 1,
    maxDailyLossBps: 500,
    lossStreakMax: 3,
    spreadMaxBps: 20,
    quoteAgeMaxMs: 5_000,
    feedAgeMaxMs: 15_000,
    slippageMaxBps: 20,
    rejectsMax: 3,
    entriesPerMinute: 2,
    entriesPerDay: 20,
    linkLossesMax: 5,
    clockSkewMaxMs: 5_000,
    loopDelayMaxMs: 5_000,
    diskFreeMinMib: 200,
    trailingStopBps: 0,
    breakEvenBps: 0,
  },
  account: SIMULATED_ACCOUNT,
  costs: {
    spread: distanceOf(3),
    slippage: distanceOf(1),
    commission: { type: 'perLot', minorPerLot: 1_500 },
  },
  sentiment: { type: 'off' },
};

/** A seeded walk in the sessions of the exchange, the same on every machine. */
function walk(count: number): Bar[] {
  const prng = createPrng('bench');
  const bars: Bar[] = [];
  let level = 4_000;
  for (const session of sessionsBetween(wall(Date.UTC(2000, 0, 3)), wall(Date.UTC(2400, 0, 1)))) {
    for (let time: number = session.open; time < session.close; time += TIMEFRAME) {
      const open = level;
      let [high, low] = [level, level];
      for (let step = 0; step < 3; step += 1) {
        level = Math.max(2_000, Math.min(8_000, level + prng.integer(-5, 5)));
        [high, low] = [Math.max(high, level), Math.min(low, level)];
      }
      const at = (value: number) => price(value * 100_000);
      bars.push({
        openTime: wall(time),
        open: at(open),
        high: at(high),
        low: at(low),
        close: at(level),
        ticks: 0,
      });
      if (bars.length === count) return bars;
    }
  }
  return bars;
}

function marketOf(bars: readonly Bar[]): BacktestMarket {
  const made = backtestMarket(columnsOf(bars), { timeframeMs: TIMEFRAME, sessions: 'fcpo' });
  if (!made.ok) throw new Error(made.reason);
  return made.market;
}

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
  { market, rsi, allowed, dayStart, dayEnd }: SweepIndex,
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
        if (streak >= terms.streakMax) [streak, blockedUntil] = [0, dayEnd[bar] as number];
      }
    }
    if (isHeld || bar < blockedUntil || bar + 1 >= count) continue;
    const may = allowed[bar] as number;
    const buys = (may & BUY) !== 0 && (rsi[bar] as number) < set.rsiBuy;
    if (!buys && ((may & 2) === 0 || !((rsi[bar] as number) > set.rsiSell))) continue;
    const today = dayStart[bar + 1] as number;
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
  const sweeper = createSweeper(market, SETUP);
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

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const MEASURE =
  "data:text/javascript,process.on('exit',()=>console.error('KiB '+" +
  'process.resourceUsage().maxRSS))';

/** Wall milliseconds and megabytes of a whole `sweep`, the best of three: bars cached by then. */
function wholeCommand(bars: readonly Bar[]): { readonly millis: number; readonly mega: number } {
  const home = mkdtempSync(join(tmpdir(), 'bench-sweep-'));
  try {
    const file = join(home, 'bars.csv');
    const unit = (value: number) => value / 100_000;
    const lines = bars.map(({ openTime, open, high, low, close }) => {
      const time = `${new Date(openTime).toISOString().slice(0, 19)}Z`;
      return `${time},${unit(open)},${unit(high)},${unit(low)},${unit(close)},`;
    });
    writeFileSync(file, `time_utc_iso,open,high,low,close,volume\n${lines.join('\n')}\n`);
    const args = ['--import', MEASURE, join(ROOT, 'bin/palm-oil-tui.js'), 'sweep'];
    const env = {
      ...process.env,
      XDG_CONFIG_HOME: home,
      XDG_DATA_HOME: home,
      XDG_CACHE_HOME: home,
    };
    let found = { millis: Number.NaN, mega: Number.NaN };
    for (let round = 0; round < 3; round += 1) {
      const began = performance.now();
      const run = spawnSync(
        process.execPath,
        [...args, '--bars', file, '--out', join(home, 'sweep.csv')],
        { env, encoding: 'utf8' },
      );
      const millis = performance.now() - began;
      if (run.status !== 0) throw new Error(run.stderr);
      const mega = (Number(/KiB (\d+)/.exec(run.stderr)?.[1]) * 1_024) / 1e6;
      if (round === 0 || !(millis >= found.millis)) found = { millis, mega };
    }
    return found;
  } finally {
    rmSync(home, { recursive: true });
  }
}

const MANY = {
  rsi_buy: Array.from({ length: 10 }, (_, at) => 18 + 2 * at),
  rsi_sell: Array.from({ length: 10 }, (_, at) => 62 + 2 * at),
  tp: Array.from({ length: 10 }, (_, at) => 1 + at / 4),
  // From 1 % on: narrower stops come near the limit of a day, where the engine runs the set.
  sl: Array.from({ length: 10 }, (_, at) => 1 + at / 10),
};

export function benchBacktestSweep(): BenchLine[] {
  const sets = gridOf(DEFAULT_AXES);
  const sweepMillis = (market: BacktestMarket, all: readonly SweepSet[], rounds: number): number =>
    cpuMillis(rounds, () => {
      createSweeper(market, SETUP).run(all, wholeRange(market));
    });
  const bars = walk(LONG);
  const short = marketOf(bars.slice(0, SHORT));
  const warm = sweepMillis(short, sets, 7);
  const plain = plainMillis(short, sets);
  const many = sweepMillis(short, gridOf(MANY), 1);
  const long = sweepMillis(marketOf(bars), sets, 3);
  const first = wholeCommand(bars.slice(0, SHORT));
  const second = wholeCommand(bars);
  return [
    { name: 'sweep 192 sets x 100,000 bars, warm', value: warm, unit: 'ms', target: 30 },
    { name: '  a plain loop over every bar', value: plain, unit: 'ms' },
    { name: '  sweep as a share of the plain loop', value: warm / plain, unit: '×', target: 0.33 },
    { name: 'sweep 192 sets x 1,000,000 bars, warm', value: long, unit: 'ms', target: 250 },
    { name: '  growth for ten times the bars', value: long / warm, unit: '×', target: 12 },
    { name: 'sweep 10,000 sets x 100,000 bars', value: many, unit: 'ms', target: 2_000 },
    { name: 'sweep command, 100,000 bars', value: first.millis, unit: 'ms', target: 250 },
    { name: 'sweep command, 1,000,000 bars', value: second.millis, unit: 'ms', target: 500 },
    { name: '  memory', value: second.mega, unit: 'MB', target: 250 },
  ];
}
