/** Changes of contract by hand: what came before one is moved, what came after is as traded. */
import { describe, expect, it } from 'vitest';
import { barsOf as barsIn, columnsOf } from '../../src/sim/bar-columns.ts';
import { type Roll, rolled } from '../../src/sim/bar-rolls.ts';
import { barsOf, MINUTES_5, MONDAY, type Prices } from './backtest-history.ts';

const M = 100_000;
const at = (bar: number, step?: number): Roll => ({
  at: MONDAY + bar * MINUTES_5,
  step: step === undefined ? undefined : step * M,
});
/** Three contracts: 100, then 140 from bar 2 on, then 130 from bar 4 on. */
const PRICES: readonly Prices[] = [
  [100, 102, 99, 101],
  [101, 103, 100, 102],
  [142, 144, 141, 143],
  [143, 145, 140, 141],
  [131, 133, 130, 132],
];
const bars = columnsOf(barsOf(PRICES));

function moved(rolls: readonly Roll[]) {
  const found = rolled(bars, rolls);
  if (!found.ok) throw new Error(found.reason);
  const prices = barsIn(found.columns).map(({ open, high, low, close }) =>
    [open, high, low, close].map((price) => price / M),
  );
  return { prices, steps: found.steps.map((step) => step / M) };
}

describe('rolls', () => {
  it('move what came before by the step from close to open, and never the last contract', () => {
    // 142 - 102 = 40 and 131 - 141 = -10: the first contract by 30, the second by -10.
    expect(moved([at(2), at(4)])).toEqual({
      steps: [40, -10],
      prices: [
        [130, 132, 129, 131],
        [131, 133, 130, 132],
        [132, 134, 131, 133],
        [133, 135, 130, 131],
        [131, 133, 130, 132],
      ],
    });
    expect(bars.open[0]).toBe(100 * M);
  });

  it('keep the move of the pause when the step is known', () => {
    // 35 of the 40 are the other contract: 5 were a rise.
    const { prices, steps } = moved([at(2, 35)]);
    expect(steps).toEqual([35]);
    expect(prices.slice(1, 3)).toEqual([
      [136, 138, 135, 137],
      [142, 144, 141, 143],
    ]);
  });

  it('begin with the first bar at or after their instant', () => {
    const late = { ...at(2), at: MONDAY + MINUTES_5 + 1 };
    expect(moved([late])).toEqual(moved([at(2)]));
  });

  it.each([
    ['before the first bar', [at(0)], 'there is no bar before the roll 2025-01-06T00:00:00.000Z'],
    ['behind the last bar', [at(5)], 'there is no bar after the roll'],
    ['twice at one bar', [at(2), at(2)], 'no bar lies between the roll'],
    ['below nothing', [at(2, -99)], 'a price would not be above 0'],
  ])('%s are refused', (_name, rolls, words) => {
    const found = rolled(bars, rolls);
    expect(found.ok ? '' : found.reason).toContain(words);
  });
});
