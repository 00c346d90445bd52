/**
 * Worlds at full depth: the client as it is shipped, its bytes, the simulated broker, a file.
 * Deliberately few: `npm run simulate -- --depth full --seeds 1..300` is the long hunt.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { openFullWorlds } from '../../src/cli/full-world.ts';
import { drawOptions, optionsText } from '../../src/sim/world-options.ts';

const worlds = openFullWorlds();
afterAll(() => worlds.close());

const file = fileURLToPath(new URL('./full-seeds.txt', import.meta.url));
const failedOnce = readFileSync(file, 'utf8')
  .split('\n')
  .flatMap((line) => {
    const [, seed, why] = /^(\d+)\s+(.*)$/.exec(line) ?? [];
    return seed === undefined ? [] : [{ seed: Number(seed), why: why ?? '' }];
  });

async function played(seed: number, safetyMs = 90 * 60_000) {
  const options = drawOptions(seed, { depth: 'full', safetyMs });
  const result = await worlds.run(options);
  const { outcome, violation, transcript } = result;
  const story = `${optionsText(options)}\n${transcript.join('\n')}\n${violation?.sentence}`;
  expect(outcome, story).toBe('held');
  return result;
}

describe('seeds that failed once', () => {
  expect(failedOnce.length).toBeGreaterThan(0);
  for (const { seed, why } of failedOnce) {
    it(`${seed} holds: ${why}`, async () => {
      await played(seed);
    });
  }
});

it('worlds trade through bytes that are cut, split and lost (F03 F04 F11 F28)', async () => {
  const results = [await played(15, 1_200_000), await played(16, 1_200_000)];
  const sum = (of: (one: (typeof results)[number]) => number) =>
    results.reduce((total, one) => total + of(one), 0);
  expect(sum((one) => one.entries)).toBeGreaterThan(0);
  expect(sum((one) => one.counts.splitFrame)).toBeGreaterThan(0);
  expect(sum((one) => one.counts.cutFrame)).toBeGreaterThan(0);
  expect(sum((one) => one.counts.crash)).toBeGreaterThan(0);
});

it('the same seed is the same world, bytes and file included (I17 I30)', async () => {
  const options = drawOptions(15, { depth: 'full', safetyMs: 300_000 });
  expect(await worlds.run(options)).toEqual(await worlds.run(options));
});
