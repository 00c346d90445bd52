/**
 * Bounds of the way down: the whole ladder, and one step that waits in vain.
 * Deliberately with short real budgets.
 */
import { describe, expect, it } from 'vitest';
import { walkLadder } from '../../src/runtime/process.ts';

const never = () => new Promise<void>(() => undefined);

describe('the ladder', () => {
  it('keeps its whole budget and still tries every step (I28)', async () => {
    const tried: string[] = [];
    const trouble: string[] = [];
    const began = performance.now();
    await walkLadder({
      hurried: () => false,
      onTrouble: (step) => trouble.push(step),
      totalMs: 300,
      steps: [
        { name: 'orders', budgetMs: 8_000, run: never },
        { name: 'stops', budgetMs: 6_000, run: never },
        { name: 'terminal', budgetMs: 1_000, run: () => void tried.push('terminal') },
      ],
    });
    expect(performance.now() - began).toBeLessThan(2_000);
    expect(trouble).toEqual(['orders', 'stops']);
    expect(tried).toEqual(['terminal']);
  });

  it('cuts a wait short as soon as the person is in a hurry', async () => {
    let isHurried = false;
    const trouble: string[] = [];
    const walk = walkLadder({
      hurried: () => isHurried,
      onTrouble: (step) => trouble.push(step),
      steps: [{ name: 'orders', budgetMs: 60_000, run: never }],
    });
    isHurried = true;
    await walk;
    expect(trouble).toEqual(['orders']);
  });
});
