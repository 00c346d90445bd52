/** Assertions that stay on in production, with a name and a sentence. */
import { describe, expect, it } from 'vitest';
import { assert, assertNever, BrokenInvariant } from '../../src/engine/assert.ts';

describe('assert', () => {
  it('throws a named error with its sentence, and only when it must', () => {
    expect(() => assert(true, 'fine')).not.toThrow();
    expect(() => assert(false, 'the sky fell')).toThrow(BrokenInvariant);
    expect(() => assert(false, 'the sky fell')).toThrow('the sky fell');
  });
  it('names the stranger of a closed union', () => {
    expect(() => assertNever({ type: 'new' } as never, 'event')).toThrow(
      'unhandled event: {"type":"new"}',
    );
  });
});
