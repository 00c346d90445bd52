/**
 * How much of a sweep's winner is luck: out-of-sample folds, overfitting, neighbours, dearer costs,
 * chance. Deliberately one verdict in one sentence with its reasons, and never a ratio that rewards
 * two losses.
 */
import { type Price, price, tickSize } from '../engine/index.ts';
import type { BacktestSetup } from './backtest.ts';
import type { BacktestMarket } from './backtest-market.ts';
import type { SwapRule } from './backtest-swap.ts';
import { profitFactorOf, type Sweeper, type SweptRow, wholeRange } from './sweep.ts';
import { bootstrapDrawdown, type RandomEntries, randomEntries } from './sweep-chance.ts';
import { namesOf, type SweepAxes, valueOn, valuesOf, withOthers } from './sweep-grid.ts';
import type { KernelTrade, SweepSet } from './sweep-kernel.ts';
import { deflatedSharpe, momentsOf, sharpePerTrade, varianceOf } from './sweep-luck.ts';
import { type Overfitting, overfittingOf } from './sweep-overfit.ts';
import type { SweepName } from './sweep-parameters.ts';
import { BLOCKS, blockStart, type SweepRow } from './sweep-row.ts';

/** What a result needs to be believed. */
export const BELIEF = {
  deflated: 0.95,
  overfit: 0.5,
  chance: 0.05,
  plateau: 0.6,
  factor: 1.5,
  costFactors: [1.5, 2],
} as const;

/** Most folds: one stretch of the history for each beginning. */
export const FOLDS_MAX = BLOCKS - 1;

export interface Fold {
  readonly train: readonly [number, number];
  readonly test: readonly [number, number];
  /** Best set of the training bars; absent when none had enough trades. */
  readonly set: SweepSet | undefined;
  /** What that set did on the bars it had never seen. */
  readonly row: SweepRow | undefined;
}

/** What is asked of a winner; the first four are fatal when they do not hold. */
export type Check =
  | 'trades'
  | 'profit'
  | 'unseen'
  | 'costs'
  | 'deflated'
  | 'overfitting'
  | 'chance'
  | 'plateau'
  | 'edge'
  | 'dearest'
  | 'folds'
  | 'factor';

export interface Honesty {
  readonly best: SweptRow;
  readonly trials: number;
  /** Fewer are not enough, in sample and out of it. */
  readonly minTrades: number;
  readonly folds: readonly Fold[];
  /** Over all folds, absolute: money and profit factor on unseen bars. */
  readonly outOfSample: { readonly net: number; readonly trades: number; readonly factor?: number };
  /** Probability that the winner's Sharpe a trade is not the best of so many without skill. */
  readonly deflated: number | undefined;
  readonly overfitting: Overfitting | undefined;
  readonly chance: RandomEntries | undefined;
  /** 95th percentile of the largest drawdown in another order of the trades. */
  readonly drawdown: number | undefined;
  readonly neighbours: { readonly count: number; readonly profitable: number };
  readonly edges: readonly SweepName[];
  readonly dearer: readonly { readonly factor: number; readonly net: number }[];
  readonly verdict: 'PASS' | 'WEAK' | 'FAIL';
  readonly sentence: string;
  /** What does not hold. */
  readonly failed: readonly Check[];
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
  const { market, sweeper, rows, axes, minTrades } = parts;
  const [best] = ranked(rows, minTrades);
  if (best === undefined) return undefined;
  const folds = walkForward(parts);
  const outOfSample = total(folds.flatMap(({ row }) => (row === undefined ? [] : [row])));
  const whole = wholeRange(market);
  const trades = sweeper.trades(best.set, whole);
  const facts: Facts = {
    best,
    trials: rows.length,
    minTrades,
    folds,
    outOfSample,
    deflated: deflatedOf(best, trades, rows, minTrades),
    overfitting: overfittingOf(rows.map(({ blocks }) => blocks)),
    chance:
      trades === undefined ? undefined : randomEntries(sweeper, best.set, trades, best.net, whole),
    drawdown:
      trades === undefined ? undefined : bootstrapDrawdown(trades.map(({ share }) => share)),
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

/**
 * Anchored: each fold is chosen on all bars before it and tested on the next piece. What a set
 * earned before a cut is the beginning of its whole run, so nothing is run again for training.
 */
function walkForward({ market, sweeper, rows, minTrades, folds }: HonestyParts): Fold[] {
  const cutOf = (piece: number): number => Math.round((BLOCKS * piece) / (folds + 1));
  return Array.from({ length: folds }, (_, fold): Fold => {
    const [block, next] = [cutOf(fold + 1), cutOf(fold + 2)];
    const [cut, end] = [blockStart(block, market.count), blockStart(next, market.count)];
    const needed = Math.max(1, Math.floor((minTrades * cut) / market.count));
    const chosen = bestBefore(rows, block, needed);
    const bounds = { train: [0, cut] as const, test: [cut, end] as const };
    if (chosen === undefined) return { ...bounds, set: undefined, row: undefined };
    const [row] = sweeper.run([chosen.set], { from: cut, to: end });
    return { ...bounds, set: chosen.set, row };
  });
}

/** Most net profit in the first stretches, among rows with enough trades there. */
function bestBefore(
  rows: readonly SweptRow[],
  blocks: number,
  needed: number,
): SweptRow | undefined {
  let best: SweptRow | undefined;
  let most = Number.NEGATIVE_INFINITY;
  for (const row of rows) {
    let [net, trades] = [0, 0];
    for (let block = 0; block < blocks; block += 1) {
      net += row.blocks[block] as number;
      trades += row.blockTrades[block] as number;
    }
    if (trades < needed || net <= most) continue;
    best = row;
    most = net;
  }
  return best;
}

/** All rows count as trials: neighbours are alike, so this is strict. */
function deflatedOf(
  best: SweepRow,
  trades: readonly KernelTrade[] | undefined,
  rows: readonly SweepRow[],
  minTrades: number,
): number | undefined {
  const sharpe = sharpePerTrade(best);
  const all = rows.filter((row) => row.trades >= minTrades);
  // A single trial chose nothing.
  const variance =
    rows.length === 1 ? 0 : varianceOf(all.flatMap((row) => sharpePerTrade(row) ?? []));
  if (sharpe === undefined || variance === undefined) return undefined;
  // Where only the engine ran the set, its trades are taken as normal.
  const { skew, kurtosis } = momentsOf((trades ?? []).map(({ share }) => share)) ?? {
    skew: 0,
    kurtosis: 3,
  };
  const estimate = { sharpe, count: best.trades, skew, kurtosis };
  return deflatedSharpe(estimate, rows.length, variance);
}

/** Rows one step away in one parameter. */
export function neighboursOf(
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
export function edgesOf(set: SweepSet, axes: SweepAxes): SweepName[] {
  return namesOf(axes).filter((name) => {
    const values = valuesOf(axes, name);
    const at = values.indexOf(valueOn(set, name));
    return values.length > 2 && (at === 0 || at === values.length - 1);
  });
}

/** Spread, slippage and commission times a factor, distances rounded up to the grid. */
function dearer(parts: HonestyParts, set: SweepSet, factor: number): number {
  const { market, sweeper } = parts;
  const setup = withOthers(parts.setup, set.others);
  const tick = tickSize(market.digits);
  const more = (distance: Price): Price => price(Math.ceil((distance * factor) / tick) * tick);
  const { commission, spread, slippage, swap } = setup.costs;
  const costs = {
    spread: more(spread),
    slippage: more(slippage),
    commission:
      commission.type === 'perLot'
        ? { ...commission, minorPerLot: Math.ceil(commission.minorPerLot * factor) }
        : commission,
    ...(swap === undefined ? {} : { swap: dearerSwap(swap, factor) }),
  };
  return sweeper.dearer(set, costs).net;
}

/** What is paid a night grows, what is earned stays. */
export function dearerSwap(swap: SwapRule, factor: number): SwapRule {
  const more = (rate: number): number => (rate < 0 ? Math.floor(rate * factor) : rate);
  return { ...swap, long: more(swap.long), short: more(swap.short) };
}

export type Facts = Omit<Honesty, 'verdict' | 'sentence' | 'failed'>;
/** What was asked of a sweep, as far as the verdict depends on it. */
type Asked = Pick<HonestyParts, 'minTrades' | 'folds'>;
/** A check, whether it holds, and what to say when it does not. */
type Finding = readonly [check: Check, holds: boolean, why: string];

export function verdictOf(
  facts: Facts,
  parts: Asked,
): Pick<Honesty, 'verdict' | 'sentence' | 'failed'> {
  const fatal = fatalFindings(facts, parts).filter(([, holds]) => !holds);
  const doubts = doubtfulFindings(facts, parts).filter(([, holds]) => !holds);
  const failed = [...fatal, ...doubts].map(([check]) => check);
  const said = (findings: readonly Finding[]) => findings.map(([, , why]) => why).join('; ');
  if (fatal.length > 0) return { verdict: 'FAIL', sentence: `FAIL: ${said(fatal)}.`, failed };
  if (doubts.length > 0) return { verdict: 'WEAK', sentence: `WEAK: ${said(doubts)}.`, failed };
  const factor = facts.outOfSample.factor?.toFixed(2) ?? 'n/a';
  const sentence =
    `PASS: the winner earned on bars it had never seen (profit factor ${factor}), at twice the ` +
    'costs, with profitable neighbours, and beyond the luck of so many trials.';
  return { verdict: 'PASS', sentence, failed };
}

function fatalFindings(
  { best, outOfSample, dearer: costs }: Facts,
  parts: Asked,
): readonly Finding[] {
  return [
    [
      'trades',
      best.trades >= parts.minTrades,
      `only ${best.trades} trades, ${parts.minTrades} are needed`,
    ],
    [
      'profit',
      best.net > 0,
      best.net < 0 ? 'the best of all sets lost money' : 'the best of all sets earned nothing',
    ],
    [
      'unseen',
      parts.folds === 0 || outOfSample.net > 0,
      outOfSample.trades === 0
        ? 'it made no trade on bars it had never seen'
        : `it ${outOfSample.net < 0 ? 'lost money' : 'earned nothing'} on bars it had never seen`,
    ],
    [
      'costs',
      (costs[0]?.net ?? 0) > 0,
      `it does not earn at ${BELIEF.costFactors[0]} times the costs`,
    ],
  ];
}

function doubtfulFindings(facts: Facts, parts: Asked): readonly Finding[] {
  const { deflated, overfitting, chance, neighbours, edges, dearer: costs } = facts;
  const share = neighbours.count === 0 ? 1 : neighbours.profitable / neighbours.count;
  const luck = deflated === undefined ? 'not computable' : `${(deflated * 100).toFixed(0)} %`;
  return [
    [
      'deflated',
      (deflated ?? 0) >= BELIEF.deflated,
      `the best of ${facts.trials} trials by luck alone cannot be excluded (${luck}, 95 % needed)`,
    ],
    [
      'overfitting',
      (overfitting?.probability ?? 0) <= BELIEF.overfit,
      'the best of one half of the history is mostly below the middle of the other half',
    ],
    [
      'chance',
      chance !== undefined && chance.p <= BELIEF.chance,
      chance === undefined
        ? 'random entries were not tried, because only the engine runs such a set'
        : `random entries do as well in ${(chance.p * 100).toFixed(0)} of 100 cases`,
    ],
    [
      'plateau',
      share >= BELIEF.plateau,
      `only ${neighbours.profitable} of ${neighbours.count} neighbours earn`,
    ],
    [
      'edge',
      edges.length === 0,
      `the best value is at the edge of the range of ${edges.join(', ')}`,
    ],
    [
      'dearest',
      (costs[1]?.net ?? 0) > 0,
      `it does not earn at ${BELIEF.costFactors[1]} times the costs`,
    ],
    ['folds', parts.folds > 0, 'no out-of-sample test was made'],
    [
      'factor',
      factorFinding(facts) !== 'lost',
      `the profit factor above ${BELIEF.factor} does not hold out of sample`,
    ],
  ];
}

/** A profit factor above 1.5 is found only when enough trades on bars never seen show it too. */
export function factorFinding({
  best,
  outOfSample,
  minTrades,
}: Pick<Honesty, 'best' | 'outOfSample' | 'minTrades'>): 'none' | 'lost' | 'found' {
  // Without a single loss the factor has no number, and is above any.
  const isAbove =
    best.grossLoss === 0 ? best.wins > 0 : (profitFactorOf(best) ?? 0) > BELIEF.factor;
  if (!isAbove) return 'none';
  const isHeld = outOfSample.trades >= minTrades && (outOfSample.factor ?? 0) > BELIEF.factor;
  return isHeld ? 'found' : 'lost';
}
