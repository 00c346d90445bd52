/** Suggestions for mistyped names: near ones, and none that is far. */
import { describe, expect, it } from 'vitest';
import { distance, nearest } from '../../src/cli/nearest.ts';

describe('nearest', () => {
  it.each([
    ['abc', 'abc', 0],
    ['abc', 'acb', 1],
    ['abc', 'ab', 1],
    ['', 'ab', 2],
    ['kitten', 'sitting', 3],
  ])('%j and %j are %i edits apart', (a, b, edits) => expect(distance(a, b)).toBe(edits));

  it('suggests what is near and nothing that is not', () => {
    const known = ['run', 'config', 'version'];
    expect(nearest('confg', known)).toBe('config');
    expect(nearest('rnu', known)).toBe('run');
    expect(nearest('backtest', known)).toBeUndefined();
  });
});
