/**
 * Probability of backtest overfitting: how often the best set of one half of the history is below
 * the middle of all sets in the other half.
 * Deliberately judges the choice this sweep makes, by net profit; it says nothing about one set.
 *
 * Source: D. H. Bailey, J. M. Borwein, M. Lopez de Prado, Q. J. Zhu, "The Probability of Backtest
 * Overfitting", Journal of Computational Finance 20 (2017): combinatorially symmetric
 * cross-validation (CSCV). Their number of sub-matrices S is 10 here: 252 halves.
 */

const SPLITS = 10;
/** Splits whose choices are summed beforehand, apart from the others. */
const CUT = 5;

export interface Overfitting {
  /** Share of the halves where the best one in sample ranks at or below the median outside. */
  readonly probability: number;
  readonly halves: number;
}

/**
 * `results[set][block]`: what each set earned in each stretch of the history, stretches in pairs or
 * more when there are more than ten. Absent below two sets.
 */
export function overfittingOf(
  results: readonly (readonly number[])[],
  splits = SPLITS,
): Overfitting | undefined {
  if (results.length < 2) return undefined;
  const count = results.length;
  const columns = splitSums(results, splits);
  // Sums of all choices among the first splits, and among the others: a half is one of each.
  const [low, high] = [sumsOf(columns.slice(0, CUT), count), sumsOf(columns.slice(CUT), count)];
  const total = sumOf(low.at(-1), high.at(-1), new Float64Array(count));
  let [halves, failed] = [0, 0];
  for (let half = 0; half < 1 << splits; half += 1) {
    if (bitsIn(half) * 2 !== splits) continue;
    const [a, b] = [low[half & (low.length - 1)], high[half >> CUT]];
    halves += 1;
    if (rankOfBest(a as Float64Array, b as Float64Array, total) <= 0.5) failed += 1;
  }
  return { probability: failed / halves, halves };
}

/**
 * The best one of a half, the two parts of which are `a` and `b`: its rank among all in the other
 * half, relative, 0 to 1: rank / (N + 1), equal values share their mean rank.
 */
function rankOfBest(a: Float64Array, b: Float64Array, total: Float64Array): number {
  let [best, most] = [0, Number.NEGATIVE_INFINITY];
  // By index: this is asked for every half, and an iterator costs more than the comparison.
  for (let set = 0; set < total.length; set += 1) {
    const inside = (a[set] as number) + (b[set] as number);
    if (inside > most) [best, most] = [set, inside];
  }
  const own = (total[best] as number) - most;
  let [below, equal] = [0, 0];
  for (let set = 0; set < total.length; set += 1) {
    const outside = (total[set] as number) - ((a[set] as number) + (b[set] as number));
    if (outside < own) below += 1;
    else if (outside === own) equal += 1;
  }
  return (below + (equal + 1) / 2) / (total.length + 1);
}

/** Per split, the result of every set in it. */
function splitSums(results: readonly (readonly number[])[], splits: number): Float64Array[] {
  const columns = Array.from({ length: splits }, () => new Float64Array(results.length));
  for (let set = 0; set < results.length; set += 1) {
    const blocks = results[set] as readonly number[];
    for (let block = 0; block < blocks.length; block += 1) {
      const column = columns[Math.floor((block * splits) / blocks.length)] as Float64Array;
      column[set] = (column[set] as number) + (blocks[block] as number);
    }
  }
  return columns;
}

/** Results of every set for every choice of columns; bit by bit, each from one with a bit less. */
function sumsOf(columns: readonly Float64Array[], count: number): Float64Array[] {
  const sums: Float64Array[] = [new Float64Array(count)];
  for (const column of columns) {
    for (const before of [...sums]) sums.push(sumOf(before, column, new Float64Array(count)));
  }
  return sums;
}

function sumOf(
  a: Float64Array | undefined,
  b: Float64Array | undefined,
  into: Float64Array,
): Float64Array {
  for (let set = 0; set < into.length; set += 1) into[set] = (a?.[set] ?? 0) + (b?.[set] ?? 0);
  return into;
}

function bitsIn(value: number): number {
  let count = 0;
  for (let rest = value; rest !== 0; rest &= rest - 1) count += 1;
  return count;
}
