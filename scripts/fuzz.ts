/**
 * `npm run fuzz -- --count 10000000 --seed 1`: hostile bytes through frame layer, envelope and
 * messages. Prints what came out; ends with 1 when an input was mishandled, hung or kept memory.
 */
import { parseArgs } from 'node:util';
import { fuzz } from '../tests/ctrader/wire/fuzz-inputs.ts';

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: '1' },
  },
});
const count = Number(values.count);
const first = Number(values.seed);
if (!Number.isSafeInteger(count) || count < 1 || !Number.isSafeInteger(first)) {
  console.error('fuzz: --count and --seed are whole numbers');
  process.exit(64);
}
const BATCH = 250_000;
const SLOWEST_MS = 1_000;
const GROWTH_BYTES = 64 * 1024 * 1024;
const totals = new Map<string, number>();
let slowest = 0;
let held = 0;
let before = 0;
let batch = 0;
for (let done = 0; done < count; done += BATCH) {
  const { slowestMs, heldMax, ...counts } = fuzz(Math.min(BATCH, count - done), first + batch);
  for (const [name, value] of Object.entries(counts)) {
    totals.set(name, (totals.get(name) ?? 0) + value);
  }
  slowest = Math.max(slowest, slowestMs);
  held = Math.max(held, heldMax);
  batch += 1;
  if (batch === 1) before = process.memoryUsage.rss();
}
const growth = process.memoryUsage.rss() - before;
const megabytes = (bytes: number): string => `${(bytes / 1_048_576).toFixed(1)} MB`;
console.log(`seeds ${first} to ${first + batch - 1}`);
for (const [name, value] of totals) console.log(`${name.padEnd(12)} ${value}`);
console.log(`slowest input ${slowest.toFixed(1)} ms, most bytes held back ${held}`);
console.log(`memory of the process grew by ${megabytes(Math.max(0, growth))}`);
const ok = slowest < SLOWEST_MS && growth < GROWTH_BYTES;
console.log(
  ok ? 'PASS: every input ended as a value' : 'FAIL: an input was too slow or memory grew',
);
process.exit(ok ? 0 : 1);
