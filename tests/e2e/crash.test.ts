/**
 * The real process is killed with SIGKILL at seeded instants and started again: what it recovered
 * must be, to the digest, the state an undisturbed run had after the same input, and what it does
 * then must neither repeat an order nor leave a position bare. `npm run kills` kills 200 times.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import { createPrng } from '../../src/sim/prng.ts';
import { tempDir } from '../support/temp-dir.ts';
import { killOnce, LINES, noKills, undisturbed } from './kills.ts';
import { ensureBuilt } from './terminal-session.ts';

const TRIALS = 24;

beforeAll(ensureBuilt);

describe('kill -9 at any instant', () => {
  it(`loses, doubles and bares nothing: ${TRIALS} kills (F82 I01 I09 I11 I17 I21)`, async () => {
    const states = await undisturbed(tempDir());
    const prng = createPrng('kills');
    const tally = noKills();
    const trial = async (lines: number): Promise<void> => {
      const faults = await killOnce(states, lines, tally);
      expect(faults, `killed after line ${lines}`).toEqual([]);
    };
    const instants = Array.from({ length: TRIALS }, () => prng.integer(1, LINES));
    for (let index = 0; index < TRIALS; index += 2) {
      await Promise.all(instants.slice(index, index + 2).map(trial));
    }
    console.log(JSON.stringify(tally));
    expect(tally.positions).toBeGreaterThan(0);
    expect(tally.breakers).toBeGreaterThan(0);
    expect(tally.trades).toBeGreaterThan(0);
  }, 400_000);
});
