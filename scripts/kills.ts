/**
 * `npm run kills -- --count 200`: real SIGKILLs of the real program under load, two at a time.
 * Deliberately the trial of tests/e2e/crash.test.ts, only more often; `--seed` moves the instants.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createPrng } from '../src/sim/prng.ts';
import { killOnce, LINES, noKills, undisturbed } from '../tests/e2e/kills.ts';
import { ensureBuilt } from '../tests/e2e/terminal-session.ts';

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '200' },
    seed: { type: 'string', default: 'kills' },
  },
});
const count = Number(values.count);
if (!Number.isSafeInteger(count) || count < 1) {
  console.error('kills: --count must be a whole number of at least 1');
  process.exit(64);
}
ensureBuilt();
const directory = mkdtempSync(join(tmpdir(), 'palm-oil-kills-'));
const states = await undisturbed(directory);
const prng = createPrng(values.seed);
const instants = Array.from({ length: count }, () => prng.integer(1, LINES));
const tally = noKills();
let failed = 0;
async function worker(): Promise<void> {
  for (let lines = instants.pop(); lines !== undefined; lines = instants.pop()) {
    const faults = await killOnce(states, lines, tally);
    for (const fault of faults) console.log(`killed after line ${lines}: ${fault}`);
    if (faults.length > 0) failed += 1;
  }
}
await Promise.all([worker(), worker()]);
rmSync(directory, { recursive: true, force: true });
console.log(
  `${tally.kills} kills (seed ${values.seed}): ${tally.positions} with a position open, ` +
    `${tally.flying} with an order in flight, ${tally.breakers} with a breaker tripped, ` +
    `${tally.trades} trades behind them; longest without a stop ${tally.nakedMs} ms simulated; ` +
    `${failed} lost, doubled or differed`,
);
process.exit(failed === 0 ? 0 : 1);
