/**
 * Other people's backtesters over the bars of bench-backtest-runs.ts: one in this language and one
 * in Python. Both are given the RSI and the gates that look at no position for nothing, and their
 * own time is theirs alone: loading is not counted.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SweepIndex } from '../src/sim/sweep-index.ts';
import { best, ROUNDS } from './bench-backtest-rounds.ts';
import { distances, type Fact, TICK } from './bench-backtest-rules.ts';
import { SHIPPED } from './bench-walk.ts';

const CONFIG = SHIPPED.config;
/** Seconds each on a busy machine; three of them say enough. */
const PYTHON_ROUNDS = 3;
const PYTHON_MS = 300_000;
const OUTPUT_BYTES = 64_000_000;

export interface PeerRun {
  readonly millis: number;
  readonly cold: number;
  readonly trades: readonly Fact[];
}

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
export function runGrademark(folder: string, index: SweepIndex): PeerRun {
  const load = createRequire(join(folder, 'package.json'));
  const { backtest } = load('grademark') as Grademark;
  const { DataFrame } = load('data-forge') as { DataFrame: new (rows: PeerBar[]) => object };
  const { market, rsi, allowed } = index;
  const { time, open, high, low, close } = market;
  const at = (column: ArrayLike<number>, bar: number): number => column[bar] ?? 0;
  // Field by field: objects of one form, as fast as they come.
  const bars = Array.from({ length: market.count }, (_, bar) => ({
    time: at(time, bar),
    open: at(open, bar),
    high: at(high, bar),
    low: at(low, bar),
    close: at(close, bar),
    rsi: at(rsi, bar),
    allowed: allowed[bar] !== 0,
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

/** Of its trades it tells the numbers of the bars instead of their times. */
interface PythonRun extends PeerRun {
  readonly version: string;
}

/** `program` is bench-backtest-peer.py; its columns are doubles, one after another. */
export function runPython(
  { python, program }: { readonly python: string; readonly program: string },
  { market, rsi, allowed }: SweepIndex,
): PythonRun {
  const { time, open, high, low, close } = market;
  const given = rsi.map((value, bar) => (allowed[bar] === 0 ? Number.NaN : value));
  const columns = [time, open, high, low, close, given];
  const place = mkdtempSync(join(tmpdir(), 'bench-python-'));
  try {
    const file = join(place, 'bars');
    writeFileSync(
      file,
      Buffer.concat(columns.map((one) => new Uint8Array(Float64Array.from(one).buffer))),
    );
    const words = {
      ...{ oversold: CONFIG.rsiOversold, overbought: CONFIG.rsiOverbought, tick: TICK },
      ...{ stopBps: CONFIG.stopLossBps, targetBps: CONFIG.takeProfitBps, rounds: PYTHON_ROUNDS },
    };
    const limits = { timeout: PYTHON_MS, maxBuffer: OUTPUT_BYTES } as const;
    const args = [program, file, JSON.stringify(words)];
    const done = spawnSync(python, args, { encoding: 'utf8', ...limits });
    if (done.status !== 0) throw new Error(`${python} ${program}: ${done.error ?? done.stderr}`);
    const told = JSON.parse(done.stdout) as PythonRun;
    const at = (bar: number): number => time[bar] as number;
    const trades = told.trades.map(
      ([from, entry, to, exit]): Fact => [at(from), entry, at(to), exit],
    );
    return { ...told, trades };
  } finally {
    rmSync(place, { recursive: true });
  }
}
