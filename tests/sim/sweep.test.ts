/** Every row of a sweep is the engine's own run of that set, trade by trade. */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { type Price, price, wall } from '../../src/engine/index.ts';
import type { BacktestSetup } from '../../src/sim/backtest.ts';
import { backtestMarket, distanceOf } from '../../src/sim/backtest-market.ts';
import { type BarColumns, columnsOf } from '../../src/sim/bar-columns.ts';
import { readBarColumns } from '../../src/sim/bar-text.ts';
import { createSweeper, engineRow, sweepCsv, wholeRange } from '../../src/sim/sweep.ts';
import { DEFAULT_AXES, gridOf } from '../../src/sim/sweep-grid.ts';
import type { SweepSet } from '../../src/sim/sweep-kernel.ts';
import { MINUTES_5, MONDAY, marketOf, SETUP, wandering } from './backtest-history.ts';

const GRID = gridOf(DEFAULT_AXES);
const dear = {
  ...SETUP.costs,
  spread: distanceOf(4),
  slippage: distanceOf(2),
};

function compare(seed: string, setup: BacktestSetup, width: number, sets: readonly SweepSet[]) {
  const market = marketOf(wandering(seed, 600, width));
  const rows = createSweeper(market, setup).run(sets, wholeRange(market));
  let trades = 0;
  for (const [at, set] of sets.entries()) {
    const { needsEngine: _, ...expected } = engineRow(market, setup, set);
    const { needsEngine: _left, set: _set, ...row } = rows[at] ?? {};
    expect(row, `${seed} ${JSON.stringify(set)}`).toEqual(expected);
    trades += expected.trades;
  }
  return { trades, rows, market };
}

describe('the screening kernel and the engine', () => {
  it('agree on all rows of a small grid', () => {
    const axes = { rsi_buy: [25, 35], rsi_sell: [65, 75], tp: [0.8, 2], sl: [0.6, 1.5] };
    const { trades } = compare('grid', SETUP, 3, gridOf(axes));
    expect(trades).toBeGreaterThan(40);
  });

  it.each([
    ['quiet', SETUP, 2],
    ['wild', { ...SETUP, costs: dear }, 6],
    ['trend', { ...SETUP, config: { ...SETUP.config, trendFilter: true } }, 3],
    ['streak', { ...SETUP, config: { ...SETUP.config, lossStreakMax: 1 } }, 4],
    ['neutral', { ...SETUP, sentiment: { type: 'neutral' } }, 3],
  ] as const)('agree on samples of the default grid: %s', (seed, setup, width) => {
    compare(
      seed,
      setup as BacktestSetup,
      width,
      GRID.filter((_, at) => at % 64 === 21),
    );
  });

  it.each([
    ['limit', 4, 300, 310, 20],
    ['far', 6, 100, 200, 20],
    ['close', 9, 100, 100, 20],
    ['overnight', 2, 200, 310, 5],
  ] as const)(
    'agree where days reach their loss limit: %s',
    (seed, width, riskBps, most, streak) => {
      const limits = { riskBps, maxDailyLossBps: most, lossStreakMax: streak };
      const setup = { ...SETUP, config: { ...SETUP.config, ...limits } };
      const sets = [
        { rsiBuy: 40, rsiSell: 60, tpBps: 100, slBps: 60 },
        { rsiBuy: 45, rsiSell: 55, tpBps: 200, slBps: 100 },
        { rsiBuy: 35, rsiSell: 60, tpBps: 60, slBps: 50 },
      ];
      const { rows, market } = compare(seed, setup, width, sets);
      expect(rows.map(({ needsEngine }) => needsEngine)).toEqual([false, false, false]);
      // Without the limit at least one of them trades on: it was reached.
      const config = { ...setup.config, maxDailyLossBps: 2_000 };
      const free = createSweeper(market, { ...setup, config }).run(sets, wholeRange(market));
      expect(free.map((row) => row.checksum)).not.toEqual(rows.map((row) => row.checksum));
    },
  );

  it('agree on the bundled month with stops of 0.5 to 1 %, by minutes and by five minutes', () => {
    const packed = readFileSync(new URL('../../data/fcpo-1m-sample.csv.gz', import.meta.url));
    const reading = readBarColumns(gunzipSync(packed));
    const limits = { riskBps: 200, maxDailyLossBps: 200, lossStreakMax: 10, trendFilter: true };
    for (const timeframeMs of [60_000, MINUTES_5]) {
      const found = backtestMarket((reading.ok && reading.columns) as BarColumns, {
        timeframeMs,
        sessions: 'fcpo',
      });
      if (!found.ok) throw new Error(found.reason);
      const setup = { ...SETUP, config: { ...SETUP.config, ...limits, timeframeMs }, costs: dear };
      const sets = gridOf({ rsi_buy: [35], rsi_sell: [65], tp: [0.5, 1.5], sl: [0.5, 0.7, 1] });
      const rows = createSweeper(found.market, setup).run(sets, wholeRange(found.market));
      for (const [at, set] of sets.entries()) {
        const expected = { ...engineRow(found.market, setup, set), needsEngine: false, set };
        expect(rows[at], JSON.stringify(set)).toEqual(expected);
        expect(expected.trades).toBeGreaterThan(3);
      }
    }
  });

  it('agree on a fold that reaches the limit, with the results of its bars only', () => {
    const config = { ...SETUP.config, riskBps: 300, maxDailyLossBps: 310, lossStreakMax: 20 };
    const setup = { ...SETUP, config };
    const market = marketOf(wandering('limit', 900, 4));
    const set = { rsiBuy: 40, rsiSell: 60, tpBps: 100, slBps: 60 };
    for (const range of [
      { from: 300, to: 900 },
      { from: 0, to: 600 },
    ]) {
      const { needsEngine: _, ...expected } = engineRow(market, setup, set, range);
      expect(createSweeper(market, setup).run([set], range)[0]).toMatchObject(expected);
      expect(expected.trades).toBeGreaterThan(5);
    }
  });

  it('agree on prices that jump, which the engine doubts within a minute only (F74)', () => {
    const jump = wandering('jump', 600, 3).map((bar, at) => {
      const up = (one: Price) => (at < 300 ? one : price(Math.round(one * 1.07e-5) * 100_000));
      const { open, high, low, close } = bar;
      return { ...bar, open: up(open), high: up(high), low: up(low), close: up(close) };
    });
    const sets = GRID.filter((_, at) => at % 64 === 21);
    for (const [timeframeMs, isDoubted] of [
      [MINUTES_5, false],
      [60_000, true],
    ] as const) {
      const bars = jump.map((bar, at) => ({ ...bar, openTime: wall(MONDAY + at * timeframeMs) }));
      const found = backtestMarket(columnsOf(bars), { timeframeMs, sessions: 'bars' });
      if (!found.ok) throw new Error(found.reason);
      const setup = { ...SETUP, config: { ...SETUP.config, timeframeMs } };
      const rows = createSweeper(found.market, setup).run(sets, wholeRange(found.market));
      for (const [at, set] of sets.entries()) {
        const expected = engineRow(found.market, setup, set);
        expect(rows[at]).toEqual({ ...expected, needsEngine: isDoubted, set });
      }
      expect(rows.reduce((sum, { trades }) => sum + trades, 0)).toBeGreaterThan(5);
    }
  });

  it('agree on the most entries of a day (F50)', () => {
    const sets = [{ rsiBuy: 45, rsiSell: 55, tpBps: 30, slBps: 30 }];
    const config = { ...SETUP.config, lossStreakMax: 20 };
    const capped = { ...SETUP, config: { ...config, entriesPerDay: 3 } };
    const few = compare('cap', capped, 6, sets).trades;
    expect(few).toBeGreaterThan(5);
    expect(few).toBeLessThan(compare('cap', { ...SETUP, config }, 6, sets).trades);
  });

  it('leaves a market to the engine whose fills or spreads could trip a breaker (F49)', () => {
    const market = marketOf(wandering('wide', 600, 4));
    const run = (costs: Partial<BacktestSetup['costs']>) =>
      createSweeper(market, { ...SETUP, costs: { ...SETUP.costs, ...costs } }).bench(
        GRID[0] as SweepSet,
      );
    expect(run({})).toBeDefined();
    expect(run({ slippage: distanceOf(40) })).toBeUndefined();
  });

  it.each([
    [100, 600],
    [333, 700],
    [0, 350],
  ])('agree on bars %d to %d alone', (from, to) => {
    const market = marketOf(wandering('folds', 700, 3));
    for (const set of GRID.filter((_, at) => at % 48 === 7)) {
      const range = { from, to };
      const [row] = createSweeper(market, SETUP).run([set], range);
      const expected = { ...engineRow(market, SETUP, set, range), needsEngine: false, set };
      expect(row).toEqual(expected);
    }
  });

  it.each([
    ['rsi_period', [7, 21]],
    ['ema_period', [20]],
    ['trend_filter', [0, 1]],
    ['risk', [0.5, 2]],
    ['loss_streak', [1]],
    ['daily_loss', [8]],
    ['spread_max', [0.04]],
    ['spread', [5]],
    ['slippage', [2]],
    ['commission', [30]],
    ['balance', [20_000]],
    ['max_positions', [1, 2]],
    ['trailing_stop', [0, 0.8]],
    ['break_even', [0, 0.5]],
    ['sentiment_threshold', [10, 60]],
  ] as const)('agree with %s as a range', (name, values) => {
    const market = marketOf(wandering(name, 500, 3));
    const axes = { rsi_buy: [35], rsi_sell: [65], tp: [1], sl: [0.8], [name]: values };
    const sets = gridOf(axes);
    expect(sets).toHaveLength(values.length);
    const rows = createSweeper(market, SETUP).run(sets, wholeRange(market));
    for (const [at, set] of sets.entries()) {
      const { needsEngine } = rows[at] ?? {};
      const { max_positions, trailing_stop = 0, break_even = 0 } = set.others ?? {};
      expect(needsEngine).toBe(max_positions === 2 || trailing_stop > 0 || break_even > 0);
      expect(rows[at]).toEqual({ ...engineRow(market, SETUP, set), needsEngine, set });
      expect(sweepCsv(rows, 2, axes).split('\n')[0]).toMatch(new RegExp(`by_engine,${name}$`));
    }
  });

  it.each([700, 1_500, 4_000])('agree when an account of %d can afford little', (balance) => {
    const axes = { rsi_buy: [40], rsi_sell: [60], tp: [1], sl: [0.6, 1.2], balance: [balance] };
    const market = marketOf(wandering('poor', 1_500, 6));
    const sets = gridOf(axes);
    const rows = createSweeper(market, SETUP).run(sets, wholeRange(market));
    for (const [at, set] of sets.entries()) {
      const { needsEngine = false } = rows[at] ?? {};
      expect(rows[at]).toEqual({ ...engineRow(market, SETUP, set), needsEngine, set });
    }
  });

  it('agree with readings that come and die', () => {
    const market = marketOf(wandering('news', 900, 3));
    const rows = Array.from({ length: 200 }, (_, at) => {
      const askedAt = market.time[at * 4] ?? 0;
      const score = ((at * 37) % 160) - 80;
      const rest = { confidence: 60, source: 'test', simulated: false, citations: [] };
      const knownAt = askedAt + (at % 3) * 40_000;
      return { knownAt, reading: { ...rest, score, askedAt } };
    }) as unknown as Extract<BacktestSetup['sentiment'], { type: 'readings' }>['rows'];
    const setup: BacktestSetup = { ...SETUP, sentiment: { type: 'readings', rows } };
    const set = { rsiBuy: 40, rsiSell: 60, tpBps: 80, slBps: 60 };
    const [row] = createSweeper(market, setup).run([set], wholeRange(market));
    const { needsEngine: _, ...expected } = engineRow(market, setup, set);
    expect(row).toMatchObject(expected);
    expect(expected.trades).toBeGreaterThan(3);
  });

  it('agree with windows around scheduled events, which change the trades', () => {
    const market = marketOf(wandering('events', 900, 3));
    const events = Array.from({ length: 40 }, (_, index) => {
      // Off the bars' grid on purpose, some overlapping.
      const at = wall((market.start[index * 22] ?? 0) + (index % 5) * 61_000);
      const minutes = (count: number) => count * 60_000;
      const window = { from: wall(at - minutes(20)), to: wall(at + minutes(5 + (index % 90))) };
      return { name: `event ${index}`, at, ...window };
    });
    const setup: BacktestSetup = { ...SETUP, events };
    const set = { rsiBuy: 40, rsiSell: 60, tpBps: 80, slBps: 60 };
    const [row] = createSweeper(market, setup).run([set], wholeRange(market));
    const { needsEngine: _, ...expected } = engineRow(market, setup, set);
    expect(row).toMatchObject(expected);
    expect(expected.trades).toBeGreaterThan(3);
    const { trades } = engineRow(market, SETUP, set);
    expect(expected.trades).not.toBe(trades);
  });
});

describe('rows', () => {
  it('do not depend on their order, nor on what else is swept', () => {
    const market = marketOf(wandering('order', 700, 3));
    const sweeper = createSweeper(market, SETUP);
    const rows = sweeper.run(GRID, wholeRange(market));
    const backwards = sweeper.run(GRID.toReversed(), wholeRange(market)).toReversed();
    expect(backwards).toEqual(rows);
    const [alone] = sweeper.run(GRID.slice(77, 78), wholeRange(market));
    expect(alone).toEqual(rows[77]);
  });

  it('of a part of the bars close nothing behind it', () => {
    const market = marketOf(wandering('part', 700, 3));
    const sweeper = createSweeper(market, SETUP);
    const set = { rsiBuy: 40, rsiSell: 60, tpBps: 80, slBps: 60 };
    const [whole] = sweeper.run([set], wholeRange(market));
    const cut = wandering('part', 700, 3).slice(0, 420);
    const short = marketOf(cut);
    const [alone] = createSweeper(short, SETUP).run([set], wholeRange(short));
    const [part] = sweeper.run([set], { from: 0, to: 420 });
    const { blocks, blockTrades } = part ?? {};
    expect({ ...alone, blocks, blockTrades }).toEqual(part);
    expect(part?.trades).toBeLessThan(whole?.trades ?? 0);
    expect(MINUTES_5).toBe(market.timeframeMs);
  });

  it('begin with the six columns of the product', () => {
    const market = marketOf(wandering('csv', 300, 3));
    const csv = sweepCsv(
      createSweeper(market, SETUP).run(GRID, wholeRange(market)),
      2,
      DEFAULT_AXES,
    );
    const [header = '', first = ''] = csv.split('\n');
    expect(header.split(',').slice(0, 6)).toEqual([
      'rsi_buy',
      'rsi_sell',
      'tp',
      'sl',
      'profit_factor',
      'win_rate',
    ]);
    expect(first.startsWith('20,65,1.5,1,')).toBe(true);
    expect(csv.trimEnd().split('\n')).toHaveLength(193);
  });
});
