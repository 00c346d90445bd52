/**
 * Is the process itself well: does the loop turn, does the disk answer? And for how long has the
 * whole not been: what a service manager is to act on.
 * Deliberately apart from readiness, which is about trading (telemetry.ts).
 */

/** Longer than this without a turn or an answer is a fault; health is red well within 15 s. */
const QUIET_MAX_MS = 10_000;
const WAIT_MAX_MS = 8_000;

export interface HealthParts {
  /** Milliseconds since the loop turned. */
  readonly quietFor: () => number;
  /** Milliseconds since the disk owes an answer; 0 when it owes none. */
  readonly journalWaitsFor: () => number;
  /** True once the journal takes nothing any more. */
  readonly journalBroken: () => boolean;
}

const since = (ms: number): string => `${Math.round(ms / 1_000)} s`;

/** Sentences without ids; empty when all is well (F122). */
export function illsOf(parts: HealthParts): readonly string[] {
  const quiet = parts.quietFor();
  const waits = parts.journalWaitsFor();
  return [
    ...(quiet > QUIET_MAX_MS ? [`the loop has not turned for ${since(quiet)}`] : []),
    ...(parts.journalBroken() ? ['the journal does not write'] : []),
    ...(waits > WAIT_MAX_MS ? [`the disk has not answered for ${since(waits)}`] : []),
  ];
}
