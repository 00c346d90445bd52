/**
 * The backtests of bench-backtest.ts, run as one bundle as the program itself is: the engine over a
 * million bars, and another backtester over the same bars by the same rules, its trades compared.
 * Deliberately processor time, the best of some rounds, and one line of JSON as its answer.
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { money } from '../src/engine/index.ts';
import { type BacktestSetup, runBacktest, type Trade } from '../src/sim/backtest.ts';
import { distanceOf } from '../src/sim/backtest-market.ts';
import { type BarColumns, emptyColumns } from '../src/sim/bar-columns.ts';
import { SIMULATED_ACCOUNT } from '../src/sim/fcpo.ts';
import { createPrng } from '../src/sim/prng.ts';
import { type SweepIndex, sweepIndex } from '../src/sim/sweep-index.ts';
import { LONG, marketOf, SHIPPED, TIMEFRAME, walk } from './bench-walk.ts';

const QUOTE_BARS = 20_000;
/** V8 compiles and recompiles the engine through the first five or six of them. */
const ROUNDS = 10;

const CONFIG = SHIPPED.config;

/**
 * What a backtester knows that has no risk management: signal, target and stop, no costs. Every
 * gate is still asked; these limits are only never reached, and the account never runs dry.
 */
const BARE: BacktestSetup = {
  ...SHIPPED,
  config: {
    ...CONFIG,
    ...{ trendFilter: false, riskBps: 1, maxDailyLossBps: 10_000, lossStreakMax: 1e9 },
    ...{ entriesPerMinute: 1e9, entriesPerDay: 1e9 },
  },
  account: { ...SIMULATED_ACCOUNT, balance: money(5_000_000_000_000) },
  costs: { spread: distanceOf(0), slippage: distanceOf(0), commission: { type: 'none' } },
};

/** A seeded geometric walk around the clock, in hundredths: 0.11 % a bar, without a hole. */
function roundTheClock(count: number): BarColumns {
  const prng = createPrng('bench-bare');
  const made = emptyColumns(count, 0);
  let level = 4_000;
  const scaled = (value: number) => Math.round(value * 100) * 1_000;
  for (let at = 0; at < count; at += 1) {
    let [high, low] = [level, level];
    made.open[at] = scaled(level);
    for (let step = 0; step < 4; step += 1) {
      level *= 1 + prng.normal() * 0.00055;
      // Far from it the walk is drawn back, so that it neither dies nor runs away.
      level += (4_000 - level) * 1e-6;
      [high, low] = [Math.max(high, level), Math.min(low, level)];
    }
    made.openTime[at] = Date.UTC(2010, 0, 4) + at * TIMEFRAME;
    made.high[at] = scaled(high);
    made.low[at] = scaled(low);
    made.close[at] = scaled(level);
  }
  return made;
}

function cpuMillis(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

interface Measured<T> {
  /** Of the best round and of the first, in which everything is still being compiled. */
  readonly millis: number;
  readonly cold: number;
  /** What the last one made. */
  readonly made: T;
}

function best<T>(rounds: number, work: () => T): Measured<T> {
  let made = undefined as T;
  const spent = Array.from({ length: rounds }, () =>
    cpuMillis(() => {
      made = work();
    }),
  );
  return { millis: Math.min(...spent), cold: spent[0] as number, made };
}

/** A trade as both programs tell it. */
type Fact = readonly [entryTime: number, entryPrice: number, exitTime: number, exitPrice: number];

/** Distances of stop and target from an entry, on the grid as the engine puts them. */
const TICK = 1_000;
const distances = (entry: number) => ({
  stop: Math.ceil(Math.ceil((entry * CONFIG.stopLossBps) / 10_000) / TICK) * TICK,
  target: Math.floor(Math.floor((entry * CONFIG.takeProfitBps) / 10_000) / TICK) * TICK,
});

interface PeerBar {
  readonly time: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly rsi: number;
  readonly allowed: boolean;
}

/** The few words of the other backtester that are used here. */
interface Grademark {
  backtest(
    strategy: object,
    series: object,
  ): readonly {
    readonly entryTime: number;
    readonly entryPrice: number;
    readonly exitTime: number;
    readonly exitPrice: number;
    readonly exitReason: string;
  }[];
}

type Enter = (options: { readonly direction: 'long' | 'short' }) => void;

/** The same bars and rules; RSI and the gates that look at no position are given to it for free. */
function runPeer(folder: string, index: SweepIndex) {
  const load = createRequire(join(folder, 'package.json'));
  const { backtest } = load('grademark') as Grademark;
  const { DataFrame } = load('data-forge') as { DataFrame: new (rows: PeerBar[]) => object };
  const { market, rsi, allowed } = index;
  const { time, open, high, low, close } = market;
  const at = (column: ArrayLike<number>, bar: number): number => column[bar] ?? 0;
  const bars = Array.from({ length: market.count }, (_, bar) => ({
    ...{ time: at(time, bar), open: at(open, bar), high: at(high, bar), low: at(low, bar) },
    ...{ close: at(close, bar), rsi: at(rsi, bar), allowed: allowed[bar] !== 0 },
  }));
  const strategy = {
    lookbackPeriod: 1,
    entryRule: (enter: Enter, { bar }: { readonly bar: PeerBar }) => {
      if (!bar.allowed) return;
      if (bar.rsi < CONFIG.rsiOversold) enter({ direction: 'long' });
      else if (bar.rsi > CONFIG.rsiOverbought) enter({ direction: 'short' });
    },
    stopLoss: ({ entryPrice }: { readonly entryPrice: number }) => distances(entryPrice).stop,
    profitTarget: ({ entryPrice }: { readonly entryPrice: number }) => distances(entryPrice).target,
  };
  const series = new DataFrame(bars);
  const { millis, cold, made } = best(ROUNDS, () => backtest(strategy, series));
  const trades = made
    .filter(({ exitReason }) => exitReason !== 'finalize')
    .map((one): Fact => [one.entryTime, one.entryPrice, one.exitTime, one.exitPrice]);
  return { millis, cold, trades };
}

/** The rules once more as a plain loop; with the two of the other backtester, or without. */
function plainTrades({ market, rsi, allowed }: SweepIndex, isPeer: boolean): Fact[] {
  const { time, open, high, low, count } = market;
  const trades: Fact[] = [];
  let held: { entered: number; price: number; stop: number; target: number } | undefined;
  let wanted = 0;
  for (let bar = 0; bar < count; bar += 1) {
    const [begins, first] = [time[bar] as number, open[bar] as number];
    if (wanted !== 0) {
      const { stop, target } = distances(first);
      const levels = { stop: first - wanted * stop, target: first + wanted * target };
      held = { entered: begins, price: first, ...levels };
      wanted = 0;
      // It looks at no level in the bar of the entry.
      if (isPeer) continue;
    }
    if (held !== undefined) {
      const [top, bottom] = [high[bar] as number, low[bar] as number];
      const isLong = held.target > held.stop;
      const isStopped = isLong ? bottom <= held.stop : top >= held.stop;
      const isReached = isLong ? top >= held.target : bottom <= held.target;
      if (!isStopped && !isReached) continue;
      trades.push([held.entered, held.price, begins, isStopped ? held.stop : held.target]);
      held = undefined;
      // Nor does it enter on the close of the bar of an exit.
      if (isPeer) continue;
    }
    if (allowed[bar] === 0) continue;
    const now = rsi[bar] as number;
    wanted = now < CONFIG.rsiOversold ? 1 : now > CONFIG.rsiOverbought ? -1 : 0;
  }
  return trades;
}

function assertSame(what: string, made: readonly Fact[], wanted: readonly Fact[]): void {
  const at = wanted.findIndex((trade, nth) => String(trade) !== String(made[nth]));
  if (made.length === wanted.length && at < 0) return;
  const where = at < 0 ? wanted.length : at;
  throw new Error(`${what}: ${made.length} trades, not ${wanted.length}; the ${where}th differs`);
}

/** A trade ends at the bar that its last quote was in. */
const factOf = ({ entryTime, entryPrice, exitTime, exitPrice }: Trade): Fact => [
  entryTime,
  entryPrice,
  Math.floor(exitTime / TIMEFRAME) * TIMEFRAME,
  exitPrice,
];

const folder = process.argv[2];
const sessions = marketOf(walk(LONG), 'fcpo');
const shipped = best(ROUNDS, () => runBacktest(sessions, SHIPPED));
const memory = process.resourceUsage().maxRSS / 1_024;
const short = marketOf(walk(QUOTE_BARS), 'fcpo');
const quotes = best(2, () => runBacktest(short, SHIPPED, 0, 'quotes'));
const clock = marketOf(roundTheClock(LONG), 'bars');
const bare = best(ROUNDS, () => runBacktest(clock, BARE));
const index = sweepIndex(clock, BARE);
const own = bare.made.trades.map(factOf);
assertSame('the engine and the plain loop', own, plainTrades(index, false));
const peer = folder === undefined ? undefined : runPeer(folder, index);
if (peer !== undefined) {
  assertSame('grademark and the plain loop', peer.trades, plainTrades(index, true));
}
const perBar = (millis: number, count: number): number => (millis * 1e6) / count;
const known = new Set(own.map(String));
console.log(
  JSON.stringify({
    shipped: perBar(shipped.millis, LONG),
    shippedCold: perBar(shipped.cold, LONG),
    shippedTrades: shipped.made.trades.length,
    bare: perBar(bare.millis, LONG),
    bareCold: perBar(bare.cold, LONG),
    bareTrades: own.length,
    quotes: perBar(quotes.millis, QUOTE_BARS),
    memory,
    ...(peer === undefined
      ? {}
      : {
          peer: perBar(peer.millis, LONG),
          peerCold: perBar(peer.cold, LONG),
          peerTrades: peer.trades.length,
          sharedTrades: peer.trades.filter((trade) => known.has(String(trade))).length,
        }),
  }),
);
