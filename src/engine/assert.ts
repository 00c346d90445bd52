/**
 * Assertions that stay on in production: a broken belief stops the step instead of steering money.
 * Deliberately does not log or recover; the loop turns the throw into breaker INTEGRITY and exit
 * 70.
 */

export class BrokenInvariant extends Error {
  override readonly name = 'BrokenInvariant';
}

/** Throws {@link BrokenInvariant} with the given sentence unless the condition holds. */
export function assert(condition: boolean, sentence: string): asserts condition {
  if (!condition) throw new BrokenInvariant(sentence);
}

/**
 * The compiler proves that every member of a union was handled; at run time a stranger is a defect.
 */
export function assertNever(value: never, what: string): never {
  throw new BrokenInvariant(`unhandled ${what}: ${JSON.stringify(value)}`);
}
