/**
 * A sweep: every parameter set of a grid over shared indexes, with the engine where it must.
 * Deliberately returns rows and nothing else; what they are worth is judged in `sweep-honesty.ts`.
 */
import { type BacktestSetup, runBacktest } from './backtest.ts';
import type { BacktestCosts } from './backtest-broker.ts';
import type { BacktestMarket } from './backtest-market.ts';
import { dearBits, narrowBits, type Signals, signalBits, type Thresholds } from './sweep-bits.ts';
import { namesOf, type SweepAxes, setupOfSet, valueOn, withOthers } from './sweep-grid.ts';
import { leastOpen, type SweepIndex, sweepIndex } from './sweep-index.ts';
import {
  type BarRange,
  type Group,
  type KernelTrade,
  runGroups,
  type SweepSet,
} from './sweep-kernel.ts';
import { CORE_NAMES } from './sweep-parameters.ts';
import { rowOfTrades, type SweepRow } from './sweep-row.ts';
import { isCalm, type KernelTerms, kernelTerms, screenable } from './sweep-terms.ts';

export interface SweptRow extends SweepRow {
  readonly set: SweepSet;
}

/** A market with the indexes that sets have in common, used for any number of runs. */
export interface Sweeper {
  /** Rows in the order of the sets; `range` limits the bars that decide and close. */
  run(sets: readonly SweepSet[], range: BarRange): SweptRow[];
  /** The trades of one set; absent where only the engine can run it. */
  trades(set: SweepSet, range: BarRange): readonly KernelTrade[] | undefined;
  /** Rows of a set whose signals are replaced: what chance would have made of its exits. */
  withSignals(set: SweepSet, signals: readonly Signals[], range: BarRange): readonly SweepRow[];
  /** One set at other costs, none of them smaller than those of the sweep. */
  dearer(set: SweepSet, costs: BacktestCosts): SweepRow;
  /** Index and terms that a set is screened with; absent where only the engine can run it. */
  bench(set: SweepSet): Bench | undefined;
}

/** What the kernel needs for all sets that differ in thresholds, target and stop only. */
export interface Bench {
  readonly index: SweepIndex;
  readonly terms: KernelTerms;
  readonly signals: (set: Thresholds) => Signals;
}

/** Indexes kept at a time: 20 bytes a bar each. */
const BENCHES_MAX = 2;

export function createSweeper(market: BacktestMarket, setup: BacktestSetup): Sweeper {
  const benches = benchesOf(market, setup);
  const run = (sets: readonly SweepSet[], range: BarRange): SweptRow[] => {
    const rows: SweptRow[] = new Array(sets.length);
    for (const places of byOthers(sets)) {
      const own = places.map((at) => sets[at] as SweepSet);
      const bench = benches(own[0] as SweepSet);
      const made = bench === undefined ? [] : screened(bench, own, range);
      for (const [nth, at] of places.entries()) {
        const set = own[nth] as SweepSet;
        rows[at] = { ...(made[nth] ?? engineRow(market, setup, set, range)), set };
      }
    }
    return rows;
  };
  return {
    run,
    bench: benches,
    trades: (set, range) => {
      const bench = benches(set);
      if (bench === undefined) return undefined;
      const trades: KernelTrade[] = [];
      const group = { sets: [set], signals: [bench.signals(set)], trades };
      runGroups(bench.index, bench.terms, [group], range);
      return trades;
    },
    dearer: (set, costs) => {
      const bench = benches(set);
      const own = { ...withOthers(setup, set.others), costs };
      const whole = wholeRange(market);
      if (bench !== undefined && screenable(own) && isCalm(bench.index, own)) {
        const [row] = screened(dearerBench(bench, own), [set], whole);
        if (row !== undefined) return row;
      }
      return rowByEngine(market, { ...setupOfSet(setup, set), costs }, whole);
    },
    withSignals: (set, signals, range) => {
      const bench = benches(set);
      if (bench === undefined) return [];
      const group = { sets: signals.map(() => set), signals };
      return runGroups(bench.index, bench.terms, [group], range)[0] ?? [];
    },
  };
}

/** All bars of a market. */
export const wholeRange = (market: BacktestMarket): BarRange => ({ from: 0, to: market.count });

/** The newest few, by everything that sets vary beside thresholds, target and stop. */
function benchesOf(
  market: BacktestMarket,
  setup: BacktestSetup,
): (set: SweepSet) => Bench | undefined {
  const kept = new Map<string, Bench | undefined>();
  return ({ others }) => {
    const key = JSON.stringify(others);
    if (kept.has(key)) return kept.get(key);
    const [oldest] = kept.keys();
    if (kept.size >= BENCHES_MAX && oldest !== undefined) kept.delete(oldest);
    const own = withOthers(setup, others);
    const index = screenable(own) ? sweepIndex(market, own) : undefined;
    const bench = index !== undefined && isCalm(index, own) ? benchOf(own, index) : undefined;
    kept.set(key, bench);
    return bench;
  };
}

function benchOf(setup: BacktestSetup, index: SweepIndex): Bench {
  let widest: (Thresholds & { readonly bits: Signals }) | undefined;
  const wide = ({ rsiBuy, rsiSell }: Thresholds): Signals => {
    if (widest !== undefined && rsiBuy <= widest.rsiBuy && rsiSell >= widest.rsiSell) {
      return widest.bits;
    }
    const both = {
      rsiBuy: Math.max(rsiBuy, widest?.rsiBuy ?? rsiBuy),
      rsiSell: Math.min(rsiSell, widest?.rsiSell ?? rsiSell),
    };
    widest = { ...both, bits: signalBits(index, both) };
    return widest.bits;
  };
  const buys = new Map<number, Uint32Array>();
  const sells = new Map<number, Uint32Array>();
  const signals = (set: Thresholds): Signals => {
    const { buy, sell } = wide(set);
    const [rsiBuy, rsiSell] = [widest?.rsiBuy, widest?.rsiSell];
    return {
      buy: known(buys, set.rsiBuy, () =>
        set.rsiBuy === rsiBuy ? buy : narrowBits(index, 'buy', set.rsiBuy, buy),
      ),
      sell: known(sells, set.rsiSell, () =>
        set.rsiSell === rsiSell ? sell : narrowBits(index, 'sell', set.rsiSell, sell),
      ),
    };
  };
  return { index, terms: kernelTerms(index, setup), signals };
}

function known<K, V>(kept: Map<K, V>, key: K, make: () => V): V {
  const value = kept.get(key) ?? make();
  kept.set(key, value);
  return value;
}

/** The same at costs that are not smaller: what is too cheap for its spread now enters no more. */
function dearerBench(bench: Bench, own: BacktestSetup): Bench {
  const { index } = bench;
  const least = leastOpen(own.config, own.costs.spread);
  const signals = (set: Thresholds): Signals => {
    const { buy, sell } = bench.signals(set);
    return { buy: dearBits(index, buy, least), sell: dearBits(index, sell, least) };
  };
  return { index, terms: kernelTerms(index, own), signals };
}

/** The thresholds that signal wherever one of the sets does: their maps are worked out first. */
const widestOf = (sets: readonly SweepSet[]): Thresholds => ({
  rsiBuy: sets.reduce((most, { rsiBuy }) => Math.max(most, rsiBuy), 0),
  rsiSell: sets.reduce((least, { rsiSell }) => Math.min(least, rsiSell), 100),
});

/** Rows of sets of one bench; those that share target and stop share their exits as well. */
function screened(bench: Bench, sets: readonly SweepSet[], range: BarRange): SweepRow[] {
  const places = groupedBy(sets, ({ tpBps, slBps }) => tpBps * 100_000 + slBps);
  bench.signals(widestOf(sets));
  const groups = places.map((group): Group => {
    const own = group.map((at) => sets[at] as SweepSet);
    return { sets: own, signals: own.map(bench.signals) };
  });
  const rows: SweepRow[] = new Array(sets.length);
  for (const [nth, made] of runGroups(bench.index, bench.terms, groups, range).entries()) {
    for (const [within, row] of made.entries()) rows[places[nth]?.[within] ?? -1] = row;
  }
  return rows;
}

/** The row as the engine itself makes it: what every other row must equal. */
export function engineRow(
  market: BacktestMarket,
  setup: BacktestSetup,
  set: SweepSet,
  range: BarRange = wholeRange(market),
): SweepRow {
  return rowByEngine(market, setupOfSet(setup, set), range);
}

function rowByEngine(market: BacktestMarket, setup: BacktestSetup, range: BarRange): SweepRow {
  const result = runBacktest(firstBars(market, range.to), setup, range.from);
  return { ...rowOfTrades(result.trades, result.stillOpen, market), needsEngine: true };
}

const COLUMNS = ['time', 'start', 'end', 'sessionClose'] as const;
const PRICES = ['open', 'high', 'low', 'close'] as const;

/** A view of the beginning of a market. */
function firstBars(market: BacktestMarket, count: number): BacktestMarket {
  if (count === market.count) return market;
  const cut: { -readonly [K in keyof BacktestMarket]: BacktestMarket[K] } = { ...market, count };
  for (const name of COLUMNS) cut[name] = market[name].subarray(0, count);
  for (const name of PRICES) cut[name] = market[name].subarray(0, count);
  // Whether the last session is over is not known when nothing comes after it.
  cut.closedByClockAt = market.closedByClockAt.slice(0, count);
  cut.closedByClockAt[count - 1] = 0;
  return cut;
}

const byOthers = (sets: readonly SweepSet[]): readonly (readonly number[])[] =>
  groupedBy(sets, ({ others }) => (others === undefined ? '' : JSON.stringify(others)));

/** Places of the sets that are alike. */
function groupedBy(
  sets: readonly SweepSet[],
  keyOf: (set: SweepSet) => string | number,
): readonly (readonly number[])[] {
  const groups = new Map<string | number, number[]>();
  for (const [at, set] of sets.entries()) {
    const key = keyOf(set);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [at]);
    else group.push(at);
  }
  return [...groups.values()];
}

export const profitFactorOf = (row: SweepRow): number | undefined =>
  row.grossLoss === 0 ? undefined : row.grossProfit / -row.grossLoss;

export const winRateOf = (row: SweepRow): number | undefined =>
  row.trades === 0 ? undefined : row.wins / row.trades;

const RESULTS = ['trades', 'net_profit', 'max_drawdown_percent', 'by_engine'];

/**
 * One line a row; distances in percent, money in units; an empty cell is not computable. Parameters
 * beyond the four of every sweep follow at the end.
 */
export function sweepCsv(rows: readonly SweptRow[], exponent: number, axes: SweepAxes): string {
  const others = namesOf(axes).slice(CORE_NAMES.length);
  const header = [...CORE_NAMES, 'profit_factor', 'win_rate', ...RESULTS, ...others];
  const cell = (value: number | undefined, decimals: number): string =>
    value === undefined ? '' : value.toFixed(decimals);
  const lines = rows.map((row) =>
    [
      ...CORE_NAMES.map((name) => valueOn(row.set, name)),
      cell(profitFactorOf(row), 4),
      cell(winRateOf(row), 4),
      row.trades,
      (row.net / 10 ** exponent).toFixed(exponent),
      (row.drawdown * 100).toFixed(2),
      row.needsEngine ? 'yes' : 'no',
      ...others.map((name) => valueOn(row.set, name)),
    ].join(','),
  );
  return `${[header.join(','), ...lines].join('\n')}\n`;
}
