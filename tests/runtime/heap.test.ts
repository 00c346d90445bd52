/** Flags of V8 in a process of its own: here they would slow down every other test. */
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { HEAP_FLAGS } from '../../src/runtime/heap.ts';

/** Allocates far more than a nursery holds, some of it for a while, as a feed of quotes does. */
const CHURN = `
const v8 = require('node:v8');
for (const flag of process.argv.slice(1)) v8.setFlagsFromString(flag);
const kept = [];
for (let n = 0; n < 3e6; n += 1) {
  kept[n % 30000] = { n, text: String(n), list: [n, n + 1] };
}
const space = v8.getHeapSpaceStatistics().find((one) => one.space_name === 'new_space');
process.stdout.write(String(space.space_size));
`;

const nursery = (flags: readonly string[]): number =>
  Number(spawnSync(process.execPath, ['-e', CHURN, '--', ...flags], { encoding: 'utf8' }).stdout);

describe('the heap of a run', () => {
  it('keeps its nursery at a fraction of what V8 would take', () => {
    const [small, usual] = [nursery(HEAP_FLAGS), nursery([])];
    expect(small).toBeGreaterThan(0);
    expect(small).toBeLessThanOrEqual(4 * 1_048_576);
    expect(usual).toBeGreaterThan(2 * small);
  });
});
