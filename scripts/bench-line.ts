/**
 * The shape of one measured figure, and the median every bench uses.
 * Deliberately apart from bench.ts, which runs everything when it is imported.
 */

export interface BenchLine {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** Upper bound in the same unit; absent for a figure without one. */
  readonly target?: number | undefined;
  /** Lower bound instead, for figures that should be large. */
  readonly atLeast?: number | undefined;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}
