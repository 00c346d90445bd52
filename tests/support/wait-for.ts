/** Waits until a condition holds; the only way a test may wait. Fails with what was waited for. */
export async function waitFor<T>(
  what: string,
  probe: () => T | undefined | false,
  limitMs = 10_000,
): Promise<T> {
  const began = performance.now();
  for (;;) {
    const found = probe();
    if (found !== undefined && found !== false) return found;
    if (performance.now() - began > limitMs) throw new Error(`waited ${limitMs} ms for ${what}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
