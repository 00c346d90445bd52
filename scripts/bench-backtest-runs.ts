/**
 * The backtests of bench-backtest.ts, run as one bundle as the program itself is: the engine over a
 * million bars, and other backtesters over the same bars by the same rules, their trades compared.
 * Deliberately processor time, the best of some rounds, and one line of JSON as its answer.
 */
import { money } from '../src/engine/index.ts';
import { type BacktestSetup, runBacktest, type Trade } from '../src/sim/backtest.ts';
import { distanceOf } from '../src/sim/backtest-market.ts';
import { type BarColumns, emptyColumns } from '../src/sim/bar-columns.ts';
import { SIMULATED_ACCOUNT } from '../src/sim/fcpo.ts';
import { createPrng } from '../src/sim/prng.ts';
import { type SweepIndex, sweepIndex } from '../src/sim/sweep-index.ts';
import { type PeerRun, runGrademark, runPython } from './bench-backtest-peers.ts';
import { best, ROUNDS } from './bench-backtest-rounds.ts';
import { assertSame, type Fact, plainTrades } from './bench-backtest-rules.ts';
import { LONG, marketOf, SHIPPED, TIMEFRAME, walk } from './bench-walk.ts';

const QUOTE_BARS = 20_000;

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

/** A trade ends at the bar that its last quote was in. */
const factOf = ({ entryTime, entryPrice, exitTime, exitPrice }: Trade): Fact => [
  entryTime,
  entryPrice,
  Math.floor(exitTime / TIMEFRAME) * TIMEFRAME,
  exitPrice,
];

/** Where the others are: a folder of packages, a Python that has its own; absent: not to be had. */
export interface Installed {
  readonly grademark?: string | undefined;
  readonly python?: Parameters<typeof runPython>[0] | undefined;
}

/** Nanoseconds a bar. */
export interface Told {
  readonly best: number;
  readonly cold: number;
  readonly trades: number;
  /** Of the engine. */
  readonly quotes?: number;
  readonly megabytes?: number;
  /** Of others: how many of their trades are ours. */
  readonly shared?: number;
  readonly version?: string;
}

const perBar = (millis: number, count = LONG): number => (millis * 1e6) / count;
const timesOf = ({ millis, cold }: Pick<PeerRun, 'millis' | 'cold'>) => ({
  best: perBar(millis),
  cold: perBar(cold),
});

function inSessions(): Told {
  const market = marketOf(walk(LONG), 'fcpo');
  const run = best(ROUNDS, () => runBacktest(market, SHIPPED));
  const megabytes = process.resourceUsage().maxRSS / 1_024;
  const short = marketOf(walk(QUOTE_BARS), 'fcpo');
  const { millis } = best(2, () => runBacktest(short, SHIPPED, 0, 'quotes'));
  const quotes = perBar(millis, QUOTE_BARS);
  return { ...timesOf(run), trades: run.made.trades.length, quotes, megabytes };
}

const clockMarket = () => marketOf(roundTheClock(LONG), 'bars');

function aroundTheClock(): Told {
  const market = clockMarket();
  const run = best(ROUNDS, () => runBacktest(market, BARE));
  const own = run.made.trades.map(factOf);
  assertSame('the engine and the plain loop', own, plainTrades(sweepIndex(market, BARE), 'ours'));
  return { ...timesOf(run), trades: own.length };
}

/** Judged by a plain loop of its own rules first. */
function other(
  name: string,
  run: (index: SweepIndex) => PeerRun & { readonly version?: string },
  rules: Parameters<typeof plainTrades>[1],
): Told {
  const index = sweepIndex(clockMarket(), BARE);
  const { trades, version, ...times } = run(index);
  assertSame(`${name} and the plain loop`, trades, plainTrades(index, rules));
  const known = new Set(plainTrades(index, 'ours').map(String));
  const shared = trades.filter((trade) => known.has(String(trade))).length;
  const told = { ...timesOf(times), trades: trades.length, shared };
  return version === undefined ? told : { ...told, version };
}

const installed = JSON.parse(process.argv[3] ?? '{}') as Installed;
const { grademark = '', python = { python: '', program: '' } } = installed;
/** Each in a process of its own, as a person runs it: nobody else's objects are in its way. */
const RUNS = {
  clock: aroundTheClock,
  sessions: inSessions,
  grademark: () => other('grademark', (index) => runGrademark(grademark, index), 'late'),
  // It looks at its levels in the bar of the entry and enters on the close of an exit: as we do.
  python: () => other('backtesting.py', (index) => runPython(python, index), 'ours'),
} as const;
export type RunName = keyof typeof RUNS;

console.log(JSON.stringify(RUNS[process.argv[2] as RunName]()));
