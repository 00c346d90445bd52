/**
 * The statistics of a long run: a robust slope, medians of parts, and what counts as flat.
 * Deliberately no file and no process: `soak.ts` samples, and the figures are tested by numbers.
 */
import { median } from './bench-line.ts';

export interface Sample {
  /** Simulated weeks since the first sample of the run. */
  readonly week: number;
  readonly value: number;
}

/** The median of the slopes of all pairs (Theil-Sen), per week: one sample in four may be wild. */
export function slopePerWeek(samples: readonly Sample[]): number {
  const slopes: number[] = [];
  for (const [at, a] of samples.entries()) {
    for (const b of samples.slice(at + 1)) {
      if (b.week > a.week) slopes.push((b.value - a.value) / (b.week - a.week));
    }
  }
  return median(slopes);
}

/** The median of the samples of these weeks, the first included. */
export const medianOf = (samples: readonly Sample[], from: number, to: number): number =>
  median(samples.filter(({ week }) => week >= from && week < to).map(({ value }) => value));

export interface Flatness {
  /** Of the second half. */
  readonly slope: number;
  /** Of the second week and of the last one. */
  readonly early: number;
  readonly late: number;
}

export function flatness(samples: readonly Sample[]): Flatness {
  const first = samples[0]?.week ?? 0;
  const last = samples.at(-1)?.week ?? 0;
  const middle = (first + last) / 2;
  return {
    slope: slopePerWeek(samples.filter(({ week }) => week >= middle)),
    early: medianOf(samples, first + 1, first + 2),
    late: medianOf(samples, last - 1, Number.POSITIVE_INFINITY),
  };
}
