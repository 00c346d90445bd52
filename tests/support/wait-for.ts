/**
 * Waiting for a condition: the only way a test may wait. It fails with what was waited for.
 * Deliberately does not spin: after a moment it leaves the processor to the process it waits for.
 * The limit only ends a test that would hang; no expectation rests on it.
 */
const EAGER_TURNS = 100;
const PAUSE_MS = 4;

export async function waitFor<T>(
  what: string,
  probe: () => T | undefined | false,
  limitMs = 150_000,
): Promise<T> {
  const began = performance.now();
  for (let turn = 0; ; turn += 1) {
    const found = probe();
    if (found !== undefined && found !== false) return found;
    if (performance.now() - began > limitMs) throw new Error(`waited ${limitMs} ms for ${what}`);
    await new Promise<void>((resolve) => {
      if (turn < EAGER_TURNS) setImmediate(resolve);
      else setTimeout(resolve, PAUSE_MS);
    });
  }
}
