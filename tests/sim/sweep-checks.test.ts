/** Each check of a winner by itself: what makes it hold, what makes it fail, what is then said. */
import { describe, expect, it } from 'vitest';
import { distanceOf } from '../../src/sim/backtest-market.ts';
import { createPrng } from '../../src/sim/prng.ts';
import { createSweeper, engineRow, type SweptRow, wholeRange } from '../../src/sim/sweep.ts';
import { bootstrapDrawdown } from '../../src/sim/sweep-chance.ts';
import { gridOf, type SweepAxes } from '../../src/sim/sweep-grid.ts';
import {
  type Check,
  edgesOf,
  type Facts,
  judge,
  neighboursOf,
  verdictOf,
} from '../../src/sim/sweep-honesty.ts';
import { emptyRow } from '../../src/sim/sweep-row.ts';
import { marketOf, SETUP, wandering } from './backtest-history.ts';

const AXES: SweepAxes = {
  rsi_buy: [20, 25, 30],
  rsi_sell: [70, 75],
  tp: [1, 2, 3],
  sl: [1, 1.5, 2, 2.5],
};
const MIDDLE = { rsiBuy: 25, rsiSell: 70, tpBps: 200, slBps: 150 };
const EARNED: SweptRow = {
  ...emptyRow(),
  set: MIDDLE,
  trades: 40,
  wins: 25,
  losses: 15,
  grossProfit: 300,
  grossLoss: -150,
  net: 150,
};

/** A winner that nothing can be said against. */
const SOUND: Facts = {
  best: EARNED,
  trials: 72,
  minTrades: 30,
  folds: [],
  outOfSample: { net: 90, trades: 30, factor: 1.6 },
  deflated: 0.95,
  overfitting: { probability: 0.5, halves: 252 },
  chance: { p: 0.05, draws: 99, median: -10 },
  drawdown: 0.1,
  neighbours: { count: 5, profitable: 3 },
  edges: [],
  dearer: [
    { factor: 1.5, net: 1 },
    { factor: 2, net: 1 },
  ],
};
const ASKED = { minTrades: 30, folds: 4 };

describe('the verdict over what was found', () => {
  it('is PASS exactly at every limit', () => {
    expect(verdictOf(SOUND, ASKED)).toMatchObject({ verdict: 'PASS', failed: [] });
  });

  const factors = (one: number, two: number) => [
    { factor: 1.5, net: one },
    { factor: 2, net: two },
  ];
  it.each<readonly [Check, 'FAIL' | 'WEAK', Partial<Facts>, string]>([
    ['trades', 'FAIL', { best: { ...EARNED, trades: 29 } }, 'only 29 trades, 30 are needed'],
    ['profit', 'FAIL', { best: { ...EARNED, net: 0 } }, 'the best of all sets earned nothing'],
    [
      'unseen',
      'FAIL',
      { outOfSample: { net: 0, trades: 30, factor: 1.6 } },
      'it earned nothing on bars it had never seen',
    ],
    ['costs', 'FAIL', { dearer: factors(0, 1) }, 'it does not earn at 1.5 times the costs'],
    ['dearest', 'WEAK', { dearer: factors(1, 0) }, 'it does not earn at 2 times the costs'],
    [
      'deflated',
      'WEAK',
      { deflated: 0.9499 },
      'the best of 72 trials by luck alone cannot be excluded (95 %, 95 % needed)',
    ],
    [
      'overfitting',
      'WEAK',
      { overfitting: { probability: 0.504, halves: 252 } },
      'the best of one half of the history is mostly below the middle of the other half',
    ],
    [
      'chance',
      'WEAK',
      { chance: { p: 0.06, draws: 99, median: 0 } },
      'random entries do as well in 6 of 100 cases',
    ],
    ['plateau', 'WEAK', { neighbours: { count: 5, profitable: 2 } }, 'only 2 of 5 neighbours earn'],
    [
      'edge',
      'WEAK',
      { edges: ['tp', 'sl'] },
      'the best value is at the edge of the range of tp, sl',
    ],
    [
      'factor',
      'WEAK',
      { outOfSample: { net: 90, trades: 30, factor: 1.5 } },
      'the profit factor above 1.5 does not hold out of sample',
    ],
  ])('says no to %s alone: %s', (check, verdict, change, why) => {
    const sentence = `${verdict}: ${why}.`;
    expect(verdictOf({ ...SOUND, ...change }, ASKED)).toEqual({
      verdict,
      sentence,
      failed: [check],
    });
  });

  it('names all that does not hold, and of the fatal ones only those in its sentence', () => {
    const lost = { ...SOUND, best: { ...EARNED, trades: 3, net: -1 }, edges: ['tp' as const] };
    expect(verdictOf(lost, ASKED)).toEqual({
      verdict: 'FAIL',
      sentence: 'FAIL: only 3 trades, 30 are needed; the best of all sets lost money.',
      failed: ['trades', 'profit', 'edge'],
    });
  });

  it('is never better than WEAK without an out-of-sample test', () => {
    const unseen = { ...SOUND, outOfSample: { net: 0, trades: 0 } };
    const { verdict, failed } = verdictOf(unseen, { ...ASKED, folds: 0 });
    expect([verdict, ...failed]).toEqual(['WEAK', 'folds', 'factor']);
    expect(verdictOf(unseen, ASKED).sentence).toContain('no trade on bars it had never seen');
  });

  it('believes nothing that could not be worked out, except of a single set', () => {
    const single = { ...SOUND, overfitting: undefined, drawdown: undefined };
    expect(verdictOf(single, ASKED).verdict).toBe('PASS');
    const bare = { ...single, deflated: undefined, chance: undefined };
    const { failed, sentence } = verdictOf(bare, ASKED);
    expect(failed).toEqual(['deflated', 'chance']);
    expect(sentence).toContain('(not computable, 95 % needed)');
  });
});

describe('the edge of a range', () => {
  it.each([
    [MIDDLE, []],
    [{ ...MIDDLE, rsiBuy: 20 }, ['rsi_buy']],
    [{ ...MIDDLE, rsiBuy: 30, tpBps: 100 }, ['rsi_buy', 'tp']],
    [{ ...MIDDLE, slBps: 250 }, ['sl']],
    // Two values have no middle: neither of them is an edge.
    [{ ...MIDDLE, rsiSell: 75 }, []],
  ])('of %o is met by %o', (set, edges) => {
    expect(edgesOf(set, AXES)).toEqual(edges);
  });

  it('counts for what else is swept', () => {
    const axes = { ...AXES, rsi_period: [7, 14, 21] };
    expect(edgesOf({ ...MIDDLE, others: { rsi_period: 14 } }, axes)).toEqual([]);
    expect(edgesOf({ ...MIDDLE, others: { rsi_period: 21 } }, axes)).toEqual(['rsi_period']);
  });
});

describe('the plateau', () => {
  /** A row for every set; sets of the list earn. */
  const rowsOf = (earning: readonly string[]): SweptRow[] =>
    gridOf(AXES).map((set) => {
      const name = [set.rsiBuy, set.rsiSell, set.tpBps, set.slBps].join(' ');
      return { ...emptyRow(), set, net: earning.includes(name) ? 5 : -5 };
    });
  const bestOf = (set: typeof MIDDLE): SweptRow => ({ ...EARNED, set });

  it('is what lies one step away in one parameter, and nothing else', () => {
    // Of 25 70 2 % 1.5 %: two buys, one sell, two targets, two stops.
    const near = ['20 70 200 150', '25 75 200 150', '25 70 100 150', '25 70 200 200'];
    const far = ['20 75 200 150', '25 70 200 250', '20 70 100 150', '25 70 200 150'];
    expect(neighboursOf(bestOf(MIDDLE), rowsOf([...near, ...far]), AXES)).toEqual({
      count: 7,
      profitable: 4,
    });
  });

  it('is smaller in a corner, and a net profit of nothing is none', () => {
    const corner = { rsiBuy: 20, rsiSell: 75, tpBps: 300, slBps: 100 };
    const rows = rowsOf(['25 75 300 100']).map((row) =>
      row.set.slBps === 150 ? { ...row, net: 0 } : row,
    );
    expect(neighboursOf(bestOf(corner), rows, AXES)).toEqual({ count: 4, profitable: 1 });
  });
});

describe('dearer costs', () => {
  it.each([
    // Spread, slippage, commission; then times 1.5 and times 2, distances up to the next tick.
    [2, 0, 1_500, [3, 0, 2_250], [4, 0, 3_000]],
    [3, 1, 1_001, [5, 2, 1_502], [6, 2, 2_002]],
  ])(
    'of spread %d, slippage %d and commission %d are the engine’s own runs at %o and %o',
    (...row) => {
      const [spread, slippage, minorPerLot, ...dearer] = row;
      const costsOf = (units: number, slip: number, minor: number) => ({
        spread: distanceOf(units),
        slippage: distanceOf(slip),
        commission: { type: 'perLot' as const, minorPerLot: minor },
      });
      const market = marketOf(wandering('costs', 700, 3));
      const setup = { ...SETUP, costs: costsOf(spread, slippage, minorPerLot) };
      const axes = { rsi_buy: [35], rsi_sell: [60, 65], tp: [1], sl: [0.8] };
      const sweeper = createSweeper(market, setup);
      const rows = sweeper.run(gridOf(axes), wholeRange(market));
      const found = judge({ market, setup, sweeper, axes, rows, minTrades: 1, folds: 0 });
      const set = found?.best.set ?? MIDDLE;
      const expected = dearer.map(([units = 0, slip = 0, minor = 0], at) => ({
        factor: [1.5, 2][at],
        net: engineRow(market, { ...setup, costs: costsOf(units, slip, minor) }, set).net,
      }));
      expect(found?.dearer).toEqual(expected);
      expect(new Set([found?.best.net, ...expected.map(({ net }) => net)]).size).toBe(3);
    },
  );
});

describe('the drawdown of other orders', () => {
  it('is that of blocks drawn one after the other, by the seed of every sweep', () => {
    const shares = Array.from({ length: 30 }, (_, at) => ((at * 7) % 11) / 100 - 0.045);
    const prng = createPrng('sweep/orders');
    const found = Array.from({ length: 1_000 }, () => {
      const order: number[] = [];
      // The largest block whose cube is not above 30 trades has 3.
      while (order.length < 30) {
        const first = Math.floor(prng.uniform() * 30);
        order.push(...[0, 1, 2].map((step) => shares[(first + step) % 30] ?? 0));
      }
      let [worth, peak, deepest] = [1, 1, 0];
      for (const share of order) {
        worth *= 1 + share;
        peak = Math.max(peak, worth);
        deepest = Math.max(deepest, 1 - worth / peak);
      }
      return deepest;
    }).sort((a, b) => a - b);
    const below = found[949] ?? 0;
    const above = found[950] ?? 0;
    const drawn = bootstrapDrawdown(shares) ?? 0;
    expect(drawn).toBeGreaterThanOrEqual(below - 1e-12);
    expect(drawn).toBeLessThanOrEqual(above + 1e-12);
    expect(below).toBeGreaterThan(found[500] ?? 1);
  });
});
