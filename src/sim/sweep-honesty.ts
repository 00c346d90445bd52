/**
 * How much of a sweep's winner is luck: out-of-sample folds, deflated Sharpe, neighbours, dearer
 * costs.
 * Deliberately one verdict in one sentence with its reasons, and never a ratio that rewards two
 * losses.
 */
import { type Price, price, tickSize } from '../engine/index.ts';
import type { BacktestSetup } from './backtest.ts';
import type { BacktestMarket } from './backtest-market.ts';
import { createSweeper, profitFactorOf, type Sweeper, type SweptRow, wholeRange } from './sweep.ts';
import { namesOf, type SweepAxes, valueOn, valuesOf } from './sweep-grid.ts';
import type { SweepSet } from './sweep-kernel.ts';
import type { SweepName } from './sweep-parameters.ts';
import type { SweepRow } from './sweep-row.ts';

/** What a result needs to be believed. */
export const BELIEF = { deflated: 0.95, plateau: 0.6, costFactors: [1.5, 2] } as const;

export interface Fold {
  readonly train: readonly [number, number];
  readonly test: readonly [number, number];
  /** Best set of the training bars; absent when none had enough trades. */
  readonly set: SweepSet | undefined;
  /** What that set did on the bars it had never seen. */
  readonly row: SweepRow | undefined;
}

export interface Honesty {
  readonly best: SweptRow;
  readonly trials: number;
  readonly folds: readonly Fold[];
  /** Over all folds, absolute: money and profit factor on unseen bars. */
  readonly outOfSample: { readonly net: number; readonly trades: number; readonly factor?: number };
  /** Probability that the winner's Sharpe a trade is not the best of so many without skill. */
  readonly deflated: number | undefined;
  readonly neighbours: { readonly count: number; readonly profitable: number };
  readonly edges: readonly SweepName[];
  readonly dearer: readonly { readonly factor: number; readonly net: number }[];
  readonly verdict: 'PASS' | 'WEAK' | 'FAIL';
  readonly sentence: string;
}

export interface HonestyParts {
  readonly market: BacktestMarket;
  readonly setup: BacktestSetup;
  readonly sweeper: Sweeper;
  readonly axes: SweepAxes;
  readonly rows: readonly SweptRow[];
  readonly minTrades: number;
  readonly folds: number;
}

/** Best first: net profit among rows with enough trades; the others follow by trades. */
export function ranked(rows: readonly SweptRow[], minTrades: number): SweptRow[] {
  const enough = (row: SweptRow): number => (row.trades >= minTrades ? 1 : 0);
  return rows.toSorted((a, b) => enough(b) - enough(a) || b.net - a.net);
}

export function judge(parts: HonestyParts): Honesty | undefined {
  const { rows, axes, minTrades } = parts;
  const [best] = ranked(rows, minTrades);
  if (best === undefined) return undefined;
  const folds = walkForward(parts);
  const tests = folds.flatMap(({ row }) => (row === undefined ? [] : [row]));
  const outOfSample = total(tests);
  const facts = {
    best,
    trials: rows.length,
    folds,
    outOfSample,
    deflated: deflatedSharpe(best, rows, minTrades),
    neighbours: neighboursOf(best, rows, axes),
    edges: edgesOf(best.set, axes),
    dearer: BELIEF.costFactors.map((factor) => ({ factor, net: dearer(parts, best.set, factor) })),
  };
  return { ...facts, ...verdictOf(facts, parts) };
}

function total(rows: readonly SweepRow[]): Honesty['outOfSample'] {
  const sum = (of: (row: SweepRow) => number) => rows.reduce((all, row) => all + of(row), 0);
  const loss = sum((row) => row.grossLoss);
  const factor = loss === 0 ? undefined : sum((row) => row.grossProfit) / -loss;
  const net = sum((row) => row.net);
  const trades = sum((row) => row.trades);
  return factor === undefined ? { net, trades } : { net, trades, factor };
}

/** Anchored: each fold is chosen on all bars before it and tested on the next piece. */
function walkForward({ market, sweeper, rows, minTrades, folds }: HonestyParts): Fold[] {
  const sets = rows.map((row) => row.set);
  const piece = Math.floor(market.count / (folds + 1));
  return Array.from({ length: folds }, (_, fold): Fold => {
    const cut = piece * (fold + 1);
    const end = fold + 1 === folds ? market.count : cut + piece;
    const trained = sweeper.run(sets, { from: 0, to: cut });
    const needed = Math.max(1, Math.floor((minTrades * cut) / market.count));
    const [chosen] = ranked(trained, needed);
    const bounds = { train: [0, cut] as const, test: [cut, end] as const };
    if (chosen === undefined || chosen.trades < needed) {
      return { ...bounds, set: undefined, row: undefined };
    }
    const [row] = sweeper.run([chosen.set], { from: cut, to: end });
    return { ...bounds, set: chosen.set, row };
  });
}

/** Mean over sample deviation of the trades' returns; never annualised. */
export function sharpePerTrade({ trades, sumReturn, sumSquares }: SweepRow): number | undefined {
  if (trades < 3) return undefined;
  const mean = sumReturn / trades;
  const variance = (sumSquares - trades * mean * mean) / (trades - 1);
  return variance > 0 ? mean / Math.sqrt(variance) : undefined;
}

const EULER = 0.5772156649015329;

/**
 * Bailey and Lopez de Prado: the probability that the true Sharpe exceeds what the best of K trials
 * without skill would show, K = all rows (neighbours are alike, so this is strict). Normal returns
 * assumed
 * for the error of the estimate: skew 0, kurtosis 3.
 */
export function deflatedSharpe(
  best: SweepRow,
  rows: readonly SweepRow[],
  minTrades: number,
): number | undefined {
  const own = sharpePerTrade(best);
  const all = rows
    .filter((row) => row.trades >= minTrades)
    .flatMap((row) => sharpePerTrade(row) ?? []);
  if (own === undefined || all.length < 2) return undefined;
  const mean = all.reduce((sum, value) => sum + value, 0) / all.length;
  const variance = all.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (all.length - 1);
  const luck = Math.sqrt(variance) * expectedMaximum(rows.length);
  const error = Math.sqrt(1 + own ** 2 / 2);
  return normalBelow(((own - luck) * Math.sqrt(best.trades - 1)) / error);
}

/** Of K standard normal draws. */
export function expectedMaximum(trials: number): number {
  if (trials < 2) return 0;
  const [a, b] = [normalQuantile(1 - 1 / trials), normalQuantile(1 - 1 / (trials * Math.E))];
  return (1 - EULER) * a + EULER * b;
}

/** Standard normal distribution function; Abramowitz and Stegun 7.1.26, error below 1.5e-7. */
export function normalBelow(at: number): number {
  const x = Math.abs(at) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * x);
  const poly =
    t *
    (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const erf = 1 - poly * Math.exp(-x * x);
  return at >= 0 ? (1 + erf) / 2 : (1 - erf) / 2;
}

/** Its inverse, by bisection: exact to the distribution function above. */
export function normalQuantile(share: number): number {
  let [low, high] = [-9, 9];
  for (let round = 0; round < 80; round += 1) {
    const mid = (low + high) / 2;
    if (normalBelow(mid) < share) low = mid;
    else high = mid;
  }
  return (low + high) / 2;
}

/** Rows one step away in one parameter. */
function neighboursOf(
  best: SweptRow,
  rows: readonly SweptRow[],
  axes: SweepAxes,
): Honesty['neighbours'] {
  const place = (set: SweepSet, name: SweepName) =>
    valuesOf(axes, name).indexOf(valueOn(set, name));
  const near = rows.filter((row) => {
    const steps = namesOf(axes).map((name) =>
      Math.abs(place(row.set, name) - place(best.set, name)),
    );
    return steps.reduce((sum, step) => sum + step, 0) === 1;
  });
  return { count: near.length, profitable: near.filter((row) => row.net > 0).length };
}

/** Parameters whose best value is the first or last of at least three. */
function edgesOf(set: SweepSet, axes: SweepAxes): SweepName[] {
  return namesOf(axes).filter((name) => {
    const values = valuesOf(axes, name);
    const at = values.indexOf(valueOn(set, name));
    return values.length > 2 && (at === 0 || at === values.length - 1);
  });
}

/** Spread, slippage and commission times a factor, distances rounded up to the grid. */
function dearer({ market, setup }: HonestyParts, set: SweepSet, factor: number): number {
  const tick = tickSize(market.digits);
  const more = (distance: Price): Price => price(Math.ceil((distance * factor) / tick) * tick);
  const { commission, spread, slippage } = setup.costs;
  const costs = {
    spread: more(spread),
    slippage: more(slippage),
    commission:
      commission.type === 'perLot'
        ? { ...commission, minorPerLot: Math.ceil(commission.minorPerLot * factor) }
        : commission,
  };
  const [row] = createSweeper(market, { ...setup, costs }).run([set], wholeRange(market));
  return row?.net ?? 0;
}

type Facts = Omit<Honesty, 'verdict' | 'sentence'>;

function verdictOf(facts: Facts, parts: HonestyParts): Pick<Honesty, 'verdict' | 'sentence'> {
  const fatal = fatalDoubts(facts, parts);
  if (fatal.length > 0) return { verdict: 'FAIL', sentence: `FAIL: ${fatal.join('; ')}.` };
  const doubts = doubtsAbout(facts, parts);
  if (doubts.length > 0) return { verdict: 'WEAK', sentence: `WEAK: ${doubts.join('; ')}.` };
  const factor = facts.outOfSample.factor?.toFixed(2) ?? 'n/a';
  const sentence =
    `PASS: the winner earned on bars it had never seen (profit factor ${factor}), at twice the ` +
    'costs, with profitable neighbours, and beyond the luck of so many trials.';
  return { verdict: 'PASS', sentence };
}

function fatalDoubts({ best, outOfSample, dearer: costs }: Facts, parts: HonestyParts): string[] {
  const rows: readonly (readonly [boolean, string])[] = [
    [best.trades >= parts.minTrades, `only ${best.trades} trades, ${parts.minTrades} are needed`],
    [best.net > 0, 'the best of all sets lost money'],
    [parts.folds === 0 || outOfSample.net > 0, 'it lost money on bars it had never seen'],
    [(costs[0]?.net ?? 0) > 0, `it loses at ${BELIEF.costFactors[0]} times the costs`],
  ];
  return rows.flatMap(([holds, why]) => (holds ? [] : [why]));
}

function doubtsAbout(facts: Facts, parts: HonestyParts): string[] {
  const { deflated, neighbours, edges, dearer: costs, outOfSample } = facts;
  const share = neighbours.count === 0 ? 1 : neighbours.profitable / neighbours.count;
  const found = profitFactorOf(facts.best) ?? 0;
  const luck = deflated === undefined ? 'not computable' : `${(deflated * 100).toFixed(0)} %`;
  const rows: readonly (readonly [boolean, string])[] = [
    [
      (deflated ?? 0) >= BELIEF.deflated,
      `the best of ${facts.trials} trials by luck alone cannot be excluded (${luck}, 95 % needed)`,
    ],
    [
      share >= BELIEF.plateau,
      `only ${neighbours.profitable} of ${neighbours.count} neighbours earn`,
    ],
    [edges.length === 0, `the best value is at the edge of the range of ${edges.join(', ')}`],
    [(costs[1]?.net ?? 0) > 0, `it loses at ${BELIEF.costFactors[1]} times the costs`],
    [parts.folds > 0, 'no out-of-sample test was made'],
    [
      found <= 1.5 || (outOfSample.factor ?? 0) > 1.5,
      'the profit factor above 1.5 does not hold out of sample',
    ],
  ];
  return rows.flatMap(([holds, why]) => (holds ? [] : [why]));
}
