/**
 * Where a run keeps its state, what it trades on, and why it may not start at all.
 * Deliberately before anything is locked, opened or connected; journals that ended are moved aside.
 */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { reserveWords } from '../runtime/journal-reserve.ts';
import type { Head } from '../runtime/journal-rows.ts';
import { missingRows } from '../runtime/journal-witness.ts';
import type { FaultScript } from '../sim/server/faults.ts';
import type { Config, ResolvedConfig } from './config.ts';
import { stateDirName } from './config-paths.ts';
import { EXIT } from './exit.ts';
import { faultsOf } from './fault-script.ts';
import type { Io } from './io.ts';
import { type SimMarket, simMarket, UnplayableRecording } from './sim-market.ts';

/** Journals of simulated runs that ended by themselves are kept, but not for ever. */
const ENDED_KEPT = 5;

export interface Refusal {
  readonly sentence: string;
  readonly code: number;
}

export function refuse(config: Config, io: Io): Refusal | undefined {
  const stdout = io.stdout as NodeJS.WriteStream;
  const stdin = io.stdin as NodeJS.ReadStream;
  // Lines for a screen reader need no terminal that can move its cursor.
  const draws = config.screenReader || io.env['TERM'] !== 'dumb';
  const isTerminal = stdout.isTTY === true && stdin.isTTY === true && draws;
  if (config.ui && !isTerminal) {
    const sentence =
      'There is no terminal to draw on: use --no-ui for structured lines, or start it in a ' +
      'terminal.';
    return { sentence, code: EXIT.usage };
  }
  const hasToken = config.credentials?.accessToken !== undefined || config.login !== undefined;
  if (config.environment !== 'sim' && !hasToken) {
    const name = config.environment;
    const suffix = name === 'live' ? '_LIVE' : '';
    const sentence =
      `The ${name} environment needs a login: run palm-oil-tui login --env ${name}, or set ` +
      `CTRADER_ACCESS_TOKEN${suffix}.`;
    return { sentence, code: EXIT.authorization };
  }
  return undefined;
}

/** Where this run keeps its state, and what it trades on. */
export interface Place {
  readonly stateDir: string;
  readonly journalFile: string;
  readonly account: string;
  readonly sim: SimMarket | undefined;
  /** Of the simulated link; absent for an honest one. */
  readonly faults?: FaultScript | undefined;
}

export function placeOf({ config, origins }: ResolvedConfig): Place {
  if (config.environment !== 'sim') {
    const { stateDir, journal } = config.paths;
    return { stateDir, journalFile: journal, account: config.account ?? '', sim: undefined };
  }
  const faults = faultsOf(config.simFaults);
  if (typeof faults === 'string') throw new UnplayableRecording(`SIM_FAULTS: ${faults}`);
  const sim = simMarket({
    replayFile: config.replayFile,
    seed: origins.seed.source === 'default' ? undefined : config.seed,
    defaultSeed: config.seed,
  });
  const stateDir = join(config.paths.dataDir, stateDirName('sim', sim.account, config.mode));
  const journalFile =
    config.databasePath === undefined ? join(stateDir, 'journal.db') : config.paths.journal;
  return { stateDir, journalFile, account: sim.account, sim, faults };
}

/** The same run in live mode, with the state directory of that. */
export function inLiveMode(resolved: ResolvedConfig): ResolvedConfig {
  const { config } = resolved;
  const { environment, account, paths, databasePath } = config;
  const stateDir = join(paths.dataDir, stateDirName(environment, account ?? '', 'live'));
  const journal = databasePath === undefined ? join(stateDir, 'journal.db') : paths.journal;
  return {
    ...resolved,
    config: { ...config, mode: 'live', paths: { ...paths, stateDir, journal } },
  };
}

/** What is missing of the journal, and what the former run could only write beside it. */
export async function troubleOf(file: string, head: Head): Promise<string | undefined> {
  const words = [await missingRows(file, head), reserveWords(file)];
  const told = words.filter((text) => text !== undefined);
  return told.length === 0 ? undefined : told.join('; ');
}

/** The directory of state cannot be made or used; the message is for a person. Exit code 12. */
export class StateDirUnusable extends Error {
  override readonly name = 'StateDirUnusable';
}

/** Makes the owner-only directory; throws {@link StateDirUnusable}. */
export function makeStateDir(
  directory: string,
  ourselves: number | undefined = process.getuid?.(),
): void {
  try {
    needRealParent(directory);
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const { uid, mode } = statSync(directory);
    if (ourselves !== undefined && uid !== ourselves) {
      throw new StateDirUnusable(
        `The state directory ${directory} belongs to user ${uid}, and this is user ${ourselves}: ` +
          'run as its owner, change its owner, or name another with --data-dir.',
      );
    }
    // Journal, socket and log are for their owner alone, whoever made the directory.
    if ((mode & 0o077) !== 0) chmodSync(directory, 0o700);
  } catch (error) {
    if (error instanceof StateDirUnusable) throw error;
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    throw new StateDirUnusable(
      `The state directory ${directory} cannot be made (${code}): name another with --data-dir, ` +
        'or make the place writable.',
    );
  }
}

const MIB = 1_048_576;
/** Less than this holds no journal of a day. */
const ROOM_MIB = 8;

/**
 * The directory, and room in it for a journal that begins; throws {@link StateDirUnusable}. With a
 * journal of before it starts all the same: what is open must be looked after, without entries.
 */
export function makePlace(
  { stateDir, journalFile }: Pick<Place, 'stateDir' | 'journalFile'>,
  freeMib: (directory: string) => number = freeMibOf,
): void {
  makeStateDir(stateDir);
  const free = freeMib(stateDir);
  if (existsSync(journalFile) || free >= ROOM_MIB) return;
  throw new StateDirUnusable(
    `The disk of ${stateDir} is full (${free.toFixed(1)} MiB free, a journal needs ${ROOM_MIB}): ` +
      'make room, or name another place with --data-dir.',
  );
}

function freeMibOf(directory: string): number {
  const { bavail, bsize } = statfsSync(directory);
  return (bavail * bsize) / MIB;
}

/**
 * Making directories inside the kernel's own file systems never ends on some versions of Node: each
 * level is refused as if its parent were missing.
 */
function needRealParent(directory: string): void {
  let parent = resolve(directory);
  while (!existsSync(parent)) parent = dirname(parent);
  if (parent === resolve(directory) || !/^\/(proc|sys)(\/|$)/.test(realpathSync(parent))) return;
  throw Object.assign(new Error('not a place for files'), { code: 'EROFS' });
}

/** Keeps the journal of an ended simulated run beside the new one, the newest five. */
export function setAside(file: string): void {
  rmSync(`${file}.ended-${ENDED_KEPT}`, { force: true });
  for (let index = ENDED_KEPT - 1; index >= 1; index -= 1) {
    if (existsSync(`${file}.ended-${index}`)) {
      renameSync(`${file}.ended-${index}`, `${file}.ended-${index + 1}`);
    }
  }
  renameSync(file, `${file}.ended-1`);
  for (const side of ['-wal', '-shm', '.head', '.reserve']) rmSync(file + side, { force: true });
}
