/**
 * How much of a winner's Sharpe ratio the number of trials explains.
 * Deliberately the published formulas and nothing fitted; the verdict is in `sweep-honesty.ts`.
 *
 * Source: D. H. Bailey, M. Lopez de Prado, "The Deflated Sharpe Ratio", Journal of Portfolio
 * Management 40 (2014), and "The Sharpe Ratio Efficient Frontier" (2012) for the error of an
 * estimate from returns that are not normal.
 */

/** Sample moments of a series of returns. */
export interface Moments {
  readonly count: number;
  readonly mean: number;
  /** With divisor n - 1. */
  readonly deviation: number;
  /** 0 and 3 for a normal distribution; plain moments with divisor n. */
  readonly skew: number;
  readonly kurtosis: number;
}

/** Absent below three values, or when all are equal. */
export function momentsOf(values: readonly number[]): Moments | undefined {
  const count = values.length;
  if (count < 3) return undefined;
  let sum = 0;
  for (const value of values) sum += value;
  const mean = sum / count;
  let [second, third, fourth] = [0, 0, 0];
  for (const value of values) {
    const off = value - mean;
    second += off * off;
    third += off * off * off;
    fourth += off * off * off * off;
  }
  const variance = second / count;
  if (!(variance > 0)) return undefined;
  return {
    count,
    mean,
    deviation: Math.sqrt(second / (count - 1)),
    skew: third / count / (variance * Math.sqrt(variance)),
    kurtosis: fourth / count / (variance * variance),
  };
}

/** Mean over sample deviation of the trades' returns; never annualised; absent below three. */
export function sharpePerTrade(row: {
  readonly trades: number;
  readonly sumReturn: number;
  readonly sumSquares: number;
}): number | undefined {
  const { trades, sumReturn, sumSquares } = row;
  if (trades < 3) return undefined;
  const mean = sumReturn / trades;
  const variance = (sumSquares - trades * mean * mean) / (trades - 1);
  return variance > 0 ? mean / Math.sqrt(variance) : undefined;
}

/** Of one return each: Sharpe ratio, how many returns, and their shape. */
export interface Estimate {
  readonly sharpe: number;
  readonly count: number;
  readonly skew: number;
  readonly kurtosis: number;
}

/**
 * Probability that the true Sharpe ratio exceeds `benchmark`:
 * Z((SR - SR0) sqrt(n - 1) / sqrt(1 - skew SR + (kurtosis - 1) / 4 SR^2)).
 */
export function probabilisticSharpe(estimate: Estimate, benchmark: number): number | undefined {
  const { sharpe, count, skew, kurtosis } = estimate;
  const error = 1 - skew * sharpe + ((kurtosis - 1) / 4) * sharpe * sharpe;
  if (count < 2 || !(error > 0)) return undefined;
  return normalBelow(((sharpe - benchmark) * Math.sqrt(count - 1)) / Math.sqrt(error));
}

/**
 * The same against the best that so many trials without skill would show: `variance` is that of the
 * Sharpe ratios of all trials. The paper's example (SR 2.5 a year of 250 days, 1,250 days, 100
 * trials, variance 1/2 a year, skew -3, kurtosis 10) gives 0.9004.
 */
export function deflatedSharpe(
  estimate: Estimate,
  trials: number,
  variance: number,
): number | undefined {
  return probabilisticSharpe(estimate, Math.sqrt(variance) * expectedMaximum(trials));
}

/** Sample variance; absent below two values. */
export function varianceOf(values: readonly number[]): number | undefined {
  if (values.length < 2) return undefined;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
}

const EULER = 0.5772156649015329;

/** Expected largest of K standard normal draws, by extreme value theory; 0 for a single one. */
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
