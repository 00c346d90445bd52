/**
 * Processor time of a piece of work, the best of some rounds and the first.
 * Deliberately not wall time: what else runs on the machine is not the work's.
 */

/** V8 compiles and recompiles the engine through the first five or six of them. */
export const ROUNDS = 10;

function cpuMillis(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

export interface Measured<T> {
  /** Of the best round and of the first, in which everything is still being compiled. */
  readonly millis: number;
  readonly cold: number;
  /** What the last one made. */
  readonly made: T;
}

export function best<T>(rounds: number, work: () => T): Measured<T> {
  let made = undefined as T;
  const spent = Array.from({ length: rounds }, () =>
    cpuMillis(() => {
      made = work();
    }),
  );
  return { millis: Math.min(...spent), cold: spent[0] as number, made };
}
