/**
 * Bounds of the way down, and locks that are no locks.
 * Deliberately with short real budgets.
 */
import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LockUnusable, lockInstance, walkLadder } from '../../src/runtime/process.ts';
import { tempDir } from '../support/temp-dir.ts';

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
    expect(performance.now() - began).toBeLessThan(8_000);
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

describe('a lock that is none', () => {
  it('is not taken for another instance; the sentence names the remedy (F90 F121)', async () => {
    const junk = join(tempDir(), 'engine.lock');
    writeFileSync(junk, 'a process number is not a lock: 4711 '.repeat(60));
    const link = join(tempDir(), 'engine.lock');
    symlinkSync(junk, link);
    const folder = tempDir();
    for (const file of [junk, link, folder]) {
      const failure = await lockInstance(file).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(LockUnusable);
      expect((failure as Error).message).toMatch(/remove it/);
    }
  });

  it('left behind by a dead holder blocks nobody (F90)', async () => {
    const file = join(tempDir(), 'engine.lock');
    writeFileSync(file, '');
    const lock = await lockInstance(file);
    lock.release();
  });
});
