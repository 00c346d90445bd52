/** Turns of the event loop looked at one by one, before the machine is left to others. */
const SPINS = 100;
const REST_MS = 5;

/** Waits until a condition holds; the only way a test may wait. Fails with what was waited for. */
export async function waitFor<T>(
  what: string,
  probe: () => T | undefined | false,
  limitMs = 20_000,
): Promise<T> {
  const began = performance.now();
  for (let looks = 0; ; looks += 1) {
    const found = probe();
    if (found !== undefined && found !== false) return found;
    if (performance.now() - began > limitMs) throw new Error(`waited ${limitMs} ms for ${what}`);
    // What happens in this process needs turns; what happens in another needs the processor.
    if (looks < SPINS) await new Promise((resolve) => setImmediate(resolve));
    else await new Promise((resolve) => setTimeout(resolve, REST_MS));
  }
}
