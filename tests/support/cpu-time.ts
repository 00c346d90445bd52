/**
 * Milliseconds of processor time that a piece of synchronous work took.
 * Deliberately not wall time: a busy machine must not fail a test.
 */
export function cpuMillis(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}
