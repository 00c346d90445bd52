// Seeded chance: the same seed for ever, independent sub-streams, and the shapes it promises.
import { describe, expect, it } from 'vitest';
import { createPrng, resumePrng } from '../../src/sim/prng.ts';

const draws = (count: number, draw: () => number): number[] => Array.from({ length: count }, draw);
const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

describe('prng', () => {
  it('draws the same numbers for a seed on every machine and version (A10)', () => {
    const prng = createPrng('42');
    expect(draws(4, prng.next)).toMatchInlineSnapshot(`
      [
        266591985,
        3751957566,
        2133864754,
        1891092890,
      ]
    `);
    expect(createPrng('43').next()).not.toBe(createPrng('42').next());
  });

  it('continues from a saved state', () => {
    const prng = createPrng('7');
    draws(10, prng.next);
    const saved = JSON.parse(JSON.stringify(prng.state()));
    const rest = draws(5, prng.next);
    expect(draws(5, resumePrng(saved, '7').next)).toEqual(rest);
  });

  it('gives sub-streams that do not depend on what else was drawn', () => {
    const fresh = createPrng('1').stream('quotes');
    const busy = createPrng('1');
    draws(100, busy.next);
    busy.stream('another');
    const stream = busy.stream('quotes');
    expect(draws(5, stream.next)).toEqual(draws(5, fresh.next));
    expect(createPrng('1').stream('a').next()).not.toBe(createPrng('1').stream('b').next());
  });

  it('draws integers evenly, both ends included', () => {
    const prng = createPrng('dice');
    const counts = new Map<number, number>();
    for (const value of draws(60_000, () => prng.integer(-2, 3))) {
      counts.set(value, (counts.get(value) ?? 0) + 1);
    }
    expect([...counts.keys()].sort((a, b) => a - b)).toEqual([-2, -1, 0, 1, 2, 3]);
    for (const count of counts.values()) expect(Math.abs(count - 10_000)).toBeLessThan(400);
    expect(prng.integer(5, 5)).toBe(5);
    expect(() => prng.integer(5, 4)).toThrow('range');
  });

  it('draws uniforms inside [0, 1) and normals of variance 1', () => {
    const prng = createPrng('shape');
    const uniforms = draws(50_000, prng.uniform);
    expect(Math.min(...uniforms)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...uniforms)).toBeLessThan(1);
    expect(mean(uniforms)).toBeCloseTo(0.5, 2);
    const normals = draws(100_000, prng.normal);
    expect(mean(normals)).toBeCloseTo(0, 1);
    expect(mean(normals.map((value) => value * value))).toBeCloseTo(1, 1);
  });

  it('draws Student-t of variance 1 with fatter tails than a normal', () => {
    const prng = createPrng('tails');
    const wild = draws(100_000, () => prng.studentT(5));
    expect(Math.abs(mean(wild.map((value) => value * value)) - 1)).toBeLessThan(0.08);
    const beyond = (values: readonly number[]): number =>
      values.filter((value) => Math.abs(value) > 4).length;
    expect(beyond(wild)).toBeGreaterThan(10 * beyond(draws(100_000, prng.normal)));
  });
});
