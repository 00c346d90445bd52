/** Ranges as people write them, and the grid they make. */
import { describe, expect, it } from 'vitest';
import { axisOf, DEFAULT_AXES, gridOf, gridSize } from '../../src/sim/sweep-grid.ts';

describe('the grid', () => {
  it('has 192 sets by default, in the order of its axes', () => {
    const sets = gridOf(DEFAULT_AXES);
    expect(sets).toHaveLength(192);
    expect(gridSize(DEFAULT_AXES)).toBe(192);
    expect(sets[0]).toEqual({ rsiBuy: 20, rsiSell: 65, tpBps: 150, slBps: 100 });
    expect(sets[1]).toEqual({ rsiBuy: 20, rsiSell: 65, tpBps: 150, slBps: 150 });
    expect(sets.at(-1)).toEqual({ rsiBuy: 35, rsiSell: 80, tpBps: 300, slBps: 200 });
  });

  it('leaves out sets whose thresholds cross', () => {
    expect(gridOf({ ...DEFAULT_AXES, rsi_buy: [60, 70], rsi_sell: [65] })).toHaveLength(12);
  });

  it.each([
    ['rsi_buy=20:35:5', [20, 25, 30, 35]],
    ['tp=1.1:1.5:0.1', [1.1, 1.2, 1.3, 1.4, 1.5]],
    ['sl=2', [2]],
  ])('%s is read exactly', (text, values) => {
    expect(axisOf(text)).toMatchObject({ values });
  });

  it.each(['rsi=1:2:1', 'tp=x', 'tp=3:1:1', 'tp=1:2', 'sl=0:1:1', 'rsi_buy=20:35:0', 'tp=', ''])(
    '"%s" is refused with what is allowed',
    (text) => {
      expect(axisOf(text)).toEqual(expect.stringContaining('is not allowed'));
    },
  );
});
