/** What the engine refused, counted from its states as they follow each other. */
import { describe, expect, it } from 'vitest';
import { createRiskBook } from '../../src/runtime/risk-book.ts';
import { EAGER, readyBench } from '../engine/desk.ts';

describe('the book of refusals', () => {
  it('counts each trip once, and again after a reset', () => {
    const bench = readyBench(EAGER);
    const book = createRiskBook(bench.state);
    const skew = (skewMs: number) => {
      bench.feed({ type: 'clockSkew', generation: bench.state.core.link.generation, skewMs });
      book.see(bench.state);
    };
    for (const skewMs of [0, 4_999, 5_000, 6_000, 5_500]) skew(skewMs);
    expect(book.counts().trips).toEqual({ CLOCK: 1 });
    expect(createRiskBook(bench.state).counts().trips, 'tripped before the start').toEqual({});
  });

  it('counts blocked decisions by their gate, each bar once', () => {
    const bench = readyBench(EAGER);
    bench.command({ type: 'kill', flatten: false });
    const book = createRiskBook(bench.state);
    for (let bars = 1; bars <= 3; bars += 1) {
      bench.bar(4_600);
      book.see(bench.state);
      book.see(bench.state);
    }
    const { blocked } = book.counts();
    expect(Object.values(blocked).reduce((sum, one) => sum + one, 0)).toBe(3);
    expect(blocked['breakers']).toBeGreaterThan(0);
  });
});
