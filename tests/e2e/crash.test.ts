/**
 * The real process is killed with SIGKILL at seeded instants and started again: what it recovered
 * must
 * be, to the digest, the state that an undisturbed run of the same seed had after the same input.
 */
import { join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { begin, compose } from '../../src/cli/compose.ts';
import { resolveConfig } from '../../src/cli/config.ts';
import { createReporter } from '../../src/cli/report.ts';
import { simMarket } from '../../src/cli/sim-market.ts';
import { wall } from '../../src/engine/index.ts';
import { type EngineState, initialState } from '../../src/engine/state.ts';
import { prepareJournal } from '../../src/runtime/journal.ts';
import { createLog } from '../../src/runtime/log.ts';
import { createPrng } from '../../src/sim/prng.ts';
import { tempDir } from '../support/temp-dir.ts';
import { Headless } from './headless.ts';
import { ensureBuilt, freshHome } from './terminal-session.ts';

const TRIALS = 50;
/** Opens a position after ten minutes, with the volatility breaker tripped before. */
const SEED = 12;
const HOURS = 6;

beforeAll(ensureBuilt, 120_000);

/** Every state the undisturbed run was in at the end of a turn, by input number. */
async function undisturbed(directory: string): Promise<ReadonlyMap<number, EngineState>> {
  const resolved = resolveConfig({
    options: { seed: String(SEED), speed: '100000' },
    env: {},
    dotenv: undefined,
    configFile: undefined,
    platform: { os: 'linux', home: directory, cwd: directory },
  });
  if (resolved.status !== 'resolved') throw new Error(resolved.faults.join('\n'));
  const { market, account } = simMarket({ replayFile: undefined, seed: SEED, defaultSeed: SEED });
  const journalFile = join(directory, 'journal.db');
  await prepareJournal(journalFile, { environment: 'sim', account, mode: 'dry-run' });
  // Killed before the first commit, a run recovers to nothing at all.
  const states = new Map<number, EngineState>([[0, initialState()]]);
  await new Promise<void>((resolve, reject) => {
    const parts = {
      config: resolved.config,
      account,
      runId: `${account}-1`,
      recovered: undefined,
      journalFile,
      stateDir: directory,
      market,
      until: wall(market.liveFrom + HOURS * 3_600_000),
      log: createLog({ level: 'error', to: 2, secrets: [], now: () => 0 }),
      onEnd: () => {
        void composed.journal.close(composed.loop.state(), 'end').then(resolve);
      },
      onDefect: reject,
      onChange: () => undefined,
      onTurn: (state: EngineState) => states.set(state.at.seq, state),
    } as const;
    const composed = compose(parts);
    begin(composed, parts);
  });
  return states;
}

describe('kill -9 at any instant', () => {
  it(`loses nothing durable: ${TRIALS} seeded kills of seed ${SEED} (F82 I17 I21)`, async () => {
    const states = await undisturbed(tempDir());
    const { facts } = createReporter(
      createLog({ level: 'error', to: 2, secrets: [], now: () => 0 }),
    );
    const prng = createPrng('kills');
    const held = { positions: 0, trades: 0, breakers: 0 };
    const args = ['--seed', String(SEED), '--speed', '100000'];
    const started: Headless[] = [];
    onTestFinished(() => {
      for (const program of started) program.kill('SIGKILL');
    });
    const start = (home: string): Headless => {
      const program = new Headless(home, args);
      started.push(program);
      return program;
    };
    const trial = async (lines: number): Promise<void> => {
      const home = freshHome();
      const first = start(home.path);
      await first.line(`line ${lines}`, () => first.lines.length >= lines);
      first.kill('SIGKILL');
      await first.ended;
      const second = start(home.path);
      const recovered = await second.line('recovery', (line) => line.message === 'recovered');
      second.kill('SIGKILL');
      await second.ended;
      home.remove();
      const state = states.get(Number(recovered['seq']));
      expect(state, `no turn of the undisturbed run ended at ${recovered['seq']}`).toBeDefined();
      if (state === undefined) return;
      const { level: _level, time: _time, message: _m, replayed: _r, ...rest } = recovered;
      expect(rest).toEqual(JSON.parse(JSON.stringify(facts(state))));
      const shown = Math.max(...first.lines.map((line) => Number(line['seq'] ?? 0)));
      expect(Number(recovered['seq'])).toBeGreaterThanOrEqual(shown);
      if (state.core.positions.length > 0) held.positions += 1;
      if (state.core.stats.trades > 0) held.trades += 1;
      if (Object.values(state.core.breakers).some((one) => one.tripped)) held.breakers += 1;
    };
    const instants = Array.from({ length: TRIALS }, () => prng.integer(1, 45));
    for (let index = 0; index < TRIALS; index += 2) {
      await Promise.all(instants.slice(index, index + 2).map(trial));
    }
    console.log(`of ${TRIALS} kills: ${JSON.stringify(held)}`);
    expect(held.positions).toBeGreaterThan(0);
    expect(held.breakers).toBeGreaterThan(0);
  }, 400_000);
});
