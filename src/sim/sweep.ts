/**
 * A sweep: every parameter set of a grid over one index, in one thread, with the engine where it
 * must.
 * Deliberately returns rows and nothing else; what they are worth is judged in `sweep-honesty.ts`.
 */
import { type BacktestSetup, runBacktest } from './backtest.ts';
import type { BacktestMarket } from './backtest-market.ts';
import { configOfSet } from './sweep-grid.ts';
import { type SweepIndex, signalBits, sweepIndex } from './sweep-index.ts';
import {
  type BarRange,
  type ExitMemo,
  exitMemo,
  rowOfTrades,
  runSet,
  type Signals,
  type SweepRow,
  type SweepSet,
} from './sweep-kernel.ts';
import { type KernelTerms, kernelTerms } from './sweep-terms.ts';

export interface SweptRow extends SweepRow {
  readonly set: SweepSet;
}

/** An index with everything that sets have in common, made once and used for any number of runs. */
export interface Sweeper {
  readonly index: SweepIndex;
  /** Rows in the order of the sets; `range` limits the bars that decide and close. */
  run(sets: readonly SweepSet[], range: BarRange, progress?: (done: number) => void): SweptRow[];
}

export function createSweeper(market: BacktestMarket, setup: BacktestSetup): Sweeper {
  const index = sweepIndex(market, setup);
  const terms = kernelTerms(index, setup);
  const signals = signalCache(index);
  return {
    index,
    run: (sets, range, progress) => {
      const rows: SweptRow[] = new Array(sets.length);
      let done = 0;
      for (const group of groupsOf(sets)) {
        const memo = exitMemo(market.count);
        for (const at of group) {
          const set = sets[at] as SweepSet;
          rows[at] = { ...rowOf({ index, terms, setup }, set, signals(set), memo, range), set };
          done += 1;
          progress?.(done);
        }
      }
      return rows;
    },
  };
}

/** All bars of a market. */
export const wholeRange = (market: BacktestMarket): BarRange => ({ from: 0, to: market.count });

interface Bench {
  readonly index: SweepIndex;
  readonly terms: KernelTerms;
  readonly setup: BacktestSetup;
}

function rowOf(
  { index, terms, setup }: Bench,
  set: SweepSet,
  signals: Signals,
  memo: ExitMemo,
  range: BarRange,
): SweepRow {
  const row = runSet(index, terms, set, signals, memo, range);
  if (!row.needsEngine) return row;
  // Only a whole run can be left to the engine; a part of the bars keeps the model's mark.
  const isWhole = range.from === 0 && range.to === index.market.count;
  return isWhole ? engineRow(index.market, setup, set) : row;
}

/** The row as the engine itself makes it: what every other row must equal. */
export function engineRow(market: BacktestMarket, setup: BacktestSetup, set: SweepSet): SweepRow {
  const result = runBacktest(market, { ...setup, config: configOfSet(setup.config, set) });
  return { ...rowOfTrades(result.trades, result.stillOpen), needsEngine: true };
}

/** Places of the sets that share target and stop: they share the exits as well. */
function groupsOf(sets: readonly SweepSet[]): Iterable<readonly number[]> {
  const groups = new Map<number, number[]>();
  for (const [at, { tpBps, slBps }] of sets.entries()) {
    const key = tpBps * 100_000 + slBps;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [at]);
    else group.push(at);
  }
  return groups.values();
}

/** Bitmaps by threshold, and their union by pair of thresholds. */
function signalCache(index: SweepIndex): (set: SweepSet) => Signals {
  const sides = new Map<string, Uint32Array>();
  const pairs = new Map<string, Signals>();
  const side = (name: 'buy' | 'sell', threshold: number): Uint32Array => {
    const key = `${name}${threshold}`;
    const known = sides.get(key) ?? signalBits(index, name, threshold);
    sides.set(key, known);
    return known;
  };
  return ({ rsiBuy, rsiSell }) => {
    const key = `${rsiBuy}/${rsiSell}`;
    const known = pairs.get(key);
    if (known !== undefined) return known;
    const [buy, sell] = [side('buy', rsiBuy), side('sell', rsiSell)];
    const either = buy.map((word, at) => word | (sell[at] as number));
    const made = { buy, either };
    pairs.set(key, made);
    return made;
  };
}

export const profitFactorOf = (row: SweepRow): number | undefined =>
  row.grossLoss === 0 ? undefined : row.grossProfit / -row.grossLoss;

export const winRateOf = (row: SweepRow): number | undefined =>
  row.trades === 0 ? undefined : row.wins / row.trades;

const HEADER =
  'rsi_buy,rsi_sell,tp,sl,profit_factor,win_rate,trades,net_profit,max_drawdown_percent,by_engine';

/** One line a row; distances in percent, money in units; an empty cell is not computable. */
export function sweepCsv(rows: readonly SweptRow[], exponent: number): string {
  const cell = (value: number | undefined, decimals: number): string =>
    value === undefined ? '' : value.toFixed(decimals);
  const lines = rows.map((row) =>
    [
      row.set.rsiBuy,
      row.set.rsiSell,
      row.set.tpBps / 100,
      row.set.slBps / 100,
      cell(profitFactorOf(row), 4),
      cell(winRateOf(row), 4),
      row.trades,
      (row.net / 10 ** exponent).toFixed(exponent),
      (row.drawdown * 100).toFixed(2),
      row.needsEngine ? 'yes' : 'no',
    ].join(','),
  );
  return `${[HEADER, ...lines].join('\n')}\n`;
}
