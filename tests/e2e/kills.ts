/**
 * SIGKILL against the real program: an undisturbed run in this process says what every instant
 * must look like, and a killed one is started again and compared with it, to the digest.
 * Deliberately with settings that trade often, so that kills fall between decision and fill.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { begin, compose } from '../../src/cli/compose.ts';
import { resolveConfig } from '../../src/cli/config.ts';
import { createReporter } from '../../src/cli/report.ts';
import { simMarket } from '../../src/cli/sim-market.ts';
import { type JournalRecord, wall } from '../../src/engine/index.ts';
import { type EngineState, initialState } from '../../src/engine/state.ts';
import { exactValue } from '../../src/runtime/exact-json.ts';
import { prepareJournal } from '../../src/runtime/journal.ts';
import type { StoredEntry } from '../../src/runtime/journal-rows.ts';
import { createLog } from '../../src/runtime/log.ts';
import { replay, verifyJournal } from '../../src/runtime/recovery.ts';
import { openReadOnly } from '../../src/runtime/sqlite.ts';
import { Headless } from './headless.ts';
import { freshHome } from './terminal-session.ts';

const SEED = 12;
const HOURS = 3;
/** Lines that run prints in its hours; kills fall after any of them. */
export const LINES = 140;
/** The second process lives for so many lines more. */
const AFTERLIFE = 12;
/** A position may be without a confirmed stop for so long, in simulated time (I09). */
const NAKED_MS = 5_000;

/** One-minute bars, quick indicators and near levels: five trades in three hours. */
const BUSY: Readonly<Record<string, string>> = {
  RSI_TIMEFRAME: '1m',
  RSI_PERIOD: '5',
  RSI_OVERSOLD: '40',
  RSI_OVERBOUGHT: '60',
  TREND_FILTER: 'false',
  EMA_PERIOD: '20',
  SENTIMENT_MODE: 'off',
  TAKE_PROFIT_PERCENT: '0.4',
  STOP_LOSS_PERCENT: '0.3',
  LOSS_STREAK_MAX: '10',
  MAX_DAILY_LOSS_PERCENT: '10',
};
const ARGS = ['--seed', String(SEED), '--speed', '100000', '--duration', `${HOURS}h`];

const quiet = () => createLog({ level: 'error', to: 2, secrets: [], now: () => 0 });
const { facts } = createReporter(quiet());

export type States = ReadonlyMap<number, EngineState>;

/** Every state the undisturbed run was in at the end of a turn, by input number. */
export async function undisturbed(directory: string): Promise<States> {
  const resolved = resolveConfig({
    options: { seed: String(SEED), speed: '100000' },
    env: BUSY,
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
      log: quiet(),
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

export interface KillTally {
  kills: number;
  /** Kills while a position was open, an order was flying, a breaker was tripped. */
  positions: number;
  flying: number;
  breakers: number;
  trades: number;
  /** Longest simulated time any position was without a confirmed stop, in milliseconds. */
  nakedMs: number;
}

export const noKills = (): KillTally => ({
  kills: 0,
  positions: 0,
  flying: 0,
  breakers: 0,
  trades: 0,
  nakedMs: 0,
});

/** Sentences about what one kill lost, doubled or left bare; empty when nothing. */
export async function killOnce(
  states: States,
  lines: number,
  tally: KillTally,
): Promise<readonly string[]> {
  const home = freshHome();
  const first = new Headless(home.path, ARGS, BUSY);
  let second: Headless | undefined;
  try {
    await first.line(`line ${lines}`, () => first.lines.length >= lines);
    first.kill('SIGKILL');
    await first.ended;
    second = new Headless(home.path, ARGS, BUSY);
    const again = second;
    const recovered = await again.line('recovery', (line) => line.message === 'recovered');
    await again.line('some afterlife', ({ message }) => {
      return again.lines.length >= AFTERLIFE || message === 'stopped';
    });
    again.kill('SIGKILL');
    await again.ended;
    const state = states.get(Number(recovered['seq']));
    if (state === undefined) return [`no undisturbed turn ended at ${recovered['seq']}`];
    count(tally, state);
    const shown = Math.max(...first.lines.map((line) => Number(line['seq'] ?? 0)));
    return [
      ...different(recovered, state),
      ...(Number(recovered['seq']) >= shown ? [] : [`input ${shown} was shown and is lost`]),
      ...(await journalFaults(join(home.path, 'data'), tally)),
    ];
  } finally {
    first.kill('SIGKILL');
    second?.kill('SIGKILL');
    home.remove();
  }
}

function count(tally: KillTally, { core }: EngineState): void {
  tally.kills += 1;
  tally.trades += core.stats.trades;
  if (core.positions.length > 0) tally.positions += 1;
  if (core.orders.some(({ state }) => FLYING.has(state))) tally.flying += 1;
  if (Object.values(core.breakers).some((one) => one.tripped)) tally.breakers += 1;
}

const FLYING = new Set(['INTENT', 'SEND_BEGINS', 'SENT', 'ACCEPTED', 'PARTIAL', 'UNKNOWN']);

/** The facts carry balance, trades, positions with stops and the digest of the whole state. */
function different(recovered: Headless['lines'][number], state: EngineState): string[] {
  const { level: _level, time: _time, message: _message, replayed: _replayed, ...rest } = recovered;
  const [found, expected] = [JSON.stringify(rest), JSON.stringify(facts(state))];
  return found === expected ? [] : [`recovered ${found}, undisturbed ${expected}`];
}

/** What the journal of both lives says: chain, replay, one send an order, stops in time. */
async function journalFaults(data: string, tally: KillTally): Promise<string[]> {
  const names = readdirSync(data, { recursive: true }).map(String);
  const file = join(data, names.find((name) => name.endsWith('journal.db')) ?? '');
  const faults = [...(await verifyJournal(file))];
  const database = await openReadOnly(file);
  const rows = database.prepare('SELECT * FROM entries ORDER BY id').all();
  database.close();
  const sends = new Map<string, number>();
  const bareSince = new Map<string, number>();
  let state = initialState();
  for (const row of rows as unknown as readonly StoredEntry[]) {
    if (row.kind === 'record') countSend(sends, exactValue(row.payload) as JournalRecord);
    else {
      state = replay(state, row);
      const open = state.core.positions.filter(({ ours }) => ours);
      for (const { id, stop } of open) {
        if (stop !== undefined) bareSince.delete(id);
        else if (!bareSince.has(id)) bareSince.set(id, row.wall);
        tally.nakedMs = Math.max(tally.nakedMs, row.wall - (bareSince.get(id) ?? row.wall));
      }
    }
  }
  for (const [id, times] of sends) if (times > 1) faults.push(`${id} was sent ${times} times`);
  if (tally.nakedMs > NAKED_MS) faults.push(`a position had no stop for ${tally.nakedMs} ms`);
  return faults;
}

function countSend(sends: Map<string, number>, record: JournalRecord): void {
  if (record.kind !== 'order' || record.to !== 'SEND_BEGINS') return;
  sends.set(record.clientOrderId, (sends.get(record.clientOrderId) ?? 0) + 1);
}
