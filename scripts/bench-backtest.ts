/**
 * How fast history is run: bars a second through the engine's own step.
 * Deliberately processor time, not wall time: what else runs on the machine is not ours to measure.
 */
import type { Bar } from '../src/engine/index.ts';
import { type EngineConfig, price, wall } from '../src/engine/index.ts';
import { type BacktestSetup, runBacktest } from '../src/sim/backtest.ts';
import { type BacktestMarket, backtestMarket, distanceOf } from '../src/sim/backtest-market.ts';
import { columnsOf } from '../src/sim/bar-columns.ts';
import { SIMULATED_ACCOUNT, sessionsBetween } from '../src/sim/fcpo.ts';
import { createPrng } from '../src/sim/prng.ts';

export interface BenchLine {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly target?: number;
}

const TIMEFRAME = 300_000;
const WARM_BARS = 50_000;
const QUOTE_BARS = 20_000;
const ENGINE_BARS = 1_000_000;
/** 2 million bars a second, as time a bar. */
const STEP_NANOS = 500;

const CONFIG: EngineConfig = {
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
  trailingStopBps: 0,
  breakEvenBps: 0,
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
};

const SETUP: BacktestSetup = {
  config: CONFIG,
  account: SIMULATED_ACCOUNT,
  costs: {
    spread: distanceOf(3),
    slippage: distanceOf(1),
    commission: { type: 'perLot', minorPerLot: 1_500 },
  },
  sentiment: { type: 'off' },
};

/** A seeded walk in the sessions of the exchange, the same on every machine. */
function walk(count: number): BacktestMarket {
  const prng = createPrng('bench');
  const bars: Bar[] = [];
  let level = 4_000;
  const end = wall(Date.UTC(2400, 0, 1));
  for (const session of sessionsBetween(wall(Date.UTC(2000, 0, 3)), end)) {
    for (let time: number = session.open; time < session.close; time += TIMEFRAME) {
      const path = [level, 0, 0, 0].map((first) => {
        if (first === 0) level = Math.max(2_000, Math.min(8_000, level + prng.integer(-5, 5)));
        return level * 100_000;
      });
      const [open = 0, , , close = 0] = path.map(price);
      const [high, low] = [price(Math.max(...path)), price(Math.min(...path))];
      const [first, last] = [open as Bar['open'], close as Bar['open']];
      bars.push({ openTime: wall(time), open: first, high, low, close: last, ticks: 0 });
    }
    if (bars.length >= count) break;
  }
  const made = backtestMarket(columnsOf(bars.slice(0, count)), {
    timeframeMs: TIMEFRAME,
    sessions: 'fcpo',
  });
  if (!made.ok) throw new Error(made.reason);
  return made.market;
}

function cpuMillis(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

export function benchBacktest(): BenchLine[] {
  const perBar = (market: BacktestMarket, feed: 'bars' | 'quotes'): number => {
    const millis = cpuMillis(() => {
      runBacktest(market, SETUP, 0, feed);
    });
    return (millis * 1e6) / market.count;
  };
  perBar(walk(WARM_BARS), 'bars');
  const long = perBar(walk(ENGINE_BARS), 'bars');
  const memory = process.memoryUsage().rss / 1e6;
  const quotes = perBar(walk(QUOTE_BARS), 'quotes');
  return [
    { name: 'backtest of 1,000,000 bars, one bar', value: long, unit: 'ns', target: STEP_NANOS },
    { name: 'the same told quote by quote, one bar', value: quotes, unit: 'ns' },
    { name: 'resident memory after 1,000,000 bars', value: memory, unit: 'MB' },
  ];
}
