/**
 * Makes a failing world smaller: leaves faults out and ends sooner while it fails the same way.
 * Deliberately keeps the seed: every try is a whole world, so that what is left is a real one.
 */
import { FAULTS, type FaultName } from './faults.ts';
import type { Restriction } from './world-options.ts';
import type { WorldResult } from './world-subject.ts';

/** What shrinking decides; the depth stays. */
type Smaller = Required<Omit<Restriction, 'depth'>>;

export interface Shrunk {
  readonly restriction: Smaller;
  readonly result: WorldResult;
  /** Worlds that were tried. */
  readonly tries: number;
}

/** Runs one world with a restriction; the caller names seed and subject. */
export type Attempt = (restriction: Restriction) => WorldResult | Promise<WorldResult>;

const sameWay = (a: WorldResult, b: WorldResult): boolean =>
  a.outcome === b.outcome && a.violation?.id === b.violation?.id;

/** Greedy: first every fault that is not needed, then the shortest phase with faults. */
export async function shrinkWorld(
  failed: WorldResult,
  safetyMs: number,
  attempt: Attempt,
): Promise<Shrunk> {
  let result = failed;
  let tries = 0;
  let without: readonly FaultName[] = [];
  let length = Math.min(safetyMs, failed.simulatedMs + 1);
  const tryIt = async (restriction: Smaller): Promise<boolean> => {
    tries += 1;
    const next = await attempt(restriction);
    if (!sameWay(failed, next)) return false;
    result = next;
    without = restriction.without;
    length = restriction.safetyMs;
    return true;
  };
  for (const { name } of FAULTS) {
    await tryIt({ without: [...without, name], safetyMs: length });
  }
  for (let step = length / 2; step > 1_000; step /= 2) {
    const shorter = Math.round(length - step);
    if (shorter > 0) await tryIt({ without, safetyMs: shorter });
  }
  return { restriction: { without, safetyMs: length }, result, tries };
}
