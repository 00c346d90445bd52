/**
 * `npm run crash-matrix`: the reference day, killed after each of its effects, twice: with all rows
 * written so far kept and with only those synced. Deliberately in one process with a journal in
 * memory; real processes are killed by `npm run kills`.
 */
import { crashedDay, KEEPS, noCounts, referenceDay } from '../tests/support/crash-matrix.ts';

const reference = referenceDay();
console.log(`reference day: ${reference.effects} effects, ${reference.trades} trades`);
const counts = { ...noCounts(), failed: 0 };
for (let effect = 0; effect <= reference.effects; effect += 1) {
  for (const keeps of KEEPS) {
    const verdict = crashedDay(reference, { effect, keeps });
    if (typeof verdict === 'string') {
      counts.failed += 1;
      console.log(`killed after effect ${effect}, ${keeps} kept: ${verdict}`);
    } else counts[verdict.kind] += 1;
  }
}
const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
console.log(
  `${total} kills: ${counts.equal} ended as the undisturbed day, ${counts.unsent} with an entry ` +
    `that never left, ${counts.proven} with its absence proven first, ${counts.cautious} with a ` +
    `breaker held one bar longer, ${counts.unheard} with a person's word lost before it was ` +
    `shown as done, ${counts.failed} failed`,
);
process.exitCode = counts.failed === 0 ? 0 : 1;
