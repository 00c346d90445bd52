/**
 * Worlds of faults: every seed that ever failed, a few more, and the same seed twice.
 * Deliberately few: `npm run simulate -- --seeds 1..2000` is the long hunt.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { FAULTS } from '../../src/sim/faults.ts';
import { runWorld } from '../../src/sim/world.ts';
import { drawOptions, optionsText } from '../../src/sim/world-options.ts';

const file = fileURLToPath(new URL('./seeds.txt', import.meta.url));
const failedOnce = readFileSync(file, 'utf8')
  .split('\n')
  .filter((line) => /^\d/.test(line))
  .map((line) => ({ seed: Number(/^\d+/.exec(line)?.[0]), why: line.replace(/^\d+\s*/, '') }));

function played(seed: number) {
  const options = drawOptions(seed);
  const result = runWorld(options);
  const { outcome, violation, transcript } = result;
  const story = `${optionsText(options)}\n${transcript.join('\n')}\n${violation?.sentence}`;
  expect(outcome, story).toBe('held');
  return result;
}

describe('seeds that failed once', () => {
  for (const { seed, why } of failedOnce) {
    it(`${seed} holds: ${why}`, () => {
      played(seed);
    });
  }
});

describe('worlds (I01 to I33 after every step)', () => {
  it('seeds 1001 to 1008 hold, trade and suffer (F01 to F86)', () => {
    const results = Array.from({ length: 8 }, (_, index) => played(1_001 + index));
    const sum = (of: (one: (typeof results)[number]) => number) =>
      results.reduce((total, one) => total + of(one), 0);
    expect(sum((one) => one.entries)).toBeGreaterThan(5);
    expect(sum((one) => one.trades)).toBeGreaterThan(3);
    const struck = FAULTS.filter(({ name }) => sum((one) => one.counts[name]) > 0);
    expect(struck.length).toBeGreaterThan(FAULTS.length / 2);
  });

  it('the same seed is the same world (I30)', () => {
    expect(played(1_003)).toEqual(played(1_003));
  });

  it('other seeds are other worlds', () => {
    expect(played(1_002).fingerprint).not.toBe(played(1_001).fingerprint);
  });
});
