/**
 * The `sweep` verb (alias `optimize`): every set of a grid, as CSV, with ranking and verdict beside
 * it.
 * Deliberately no trading: rows come from `sim/sweep`, and their worth from `sim/sweep-honesty`.
 */
import { availableParallelism } from 'node:os';
import { configFaults } from '../../engine/index.ts';
import type { BacktestSetup } from '../../sim/backtest.ts';
import { sweepText } from '../../sim/report-sweep.ts';
import { createSweeper, type SweptRow, sweepCsv } from '../../sim/sweep.ts';
import {
  axisOf,
  DEFAULT_AXES,
  gridOf,
  gridSize,
  SETS_MAX,
  type SweepAxes,
  setupOfSet,
} from '../../sim/sweep-grid.ts';
import { FOLDS_MAX, judge } from '../../sim/sweep-honesty.ts';
import type { SweepSet } from '../../sim/sweep-kernel.ts';
import { placesOf, type Shard, shardOf } from '../../sim/sweep-ledger.ts';
import { detectAscii } from '../../ui/look.ts';
import { EXIT } from '../exit.ts';
import type { Io } from '../io.ts';
import { doubtsAbout } from './backtest-doubts.ts';
import { readInput, UnusableInput, type Values } from './backtest-input.ts';
import { writeWhole } from './result-files.ts';
import { ledgerText, mergedRows, openSidecar, sweepKey } from './sweep-files.ts';
import { type Job, runRows } from './sweep-rows.ts';

const NAME = 'palm-oil-tui';
const THREADS_MAX = 64;
const WHOLE: Shard = { number: 1, of: 1 };

/** Answers with the exit code; the CSV goes to standard output, everything else beside it. */
export async function sweepCommand(values: Values, io: Io): Promise<number> {
  try {
    await sweep(values, io);
    return EXIT.ok;
  } catch (error) {
    if (!(error instanceof UnusableInput)) throw error;
    io.stderr.write(`${NAME}: ${error.message}\n`);
    return EXIT.usage;
  }
}

async function sweep(values: Values, io: Io): Promise<void> {
  const axes = axesOf((values['param'] ?? []) as readonly string[]);
  const minTrades = whole(values, 'minTrades', '--min-trades', 1_000_000);
  const folds = whole(values, 'walkForward', '--walk-forward', FOLDS_MAX);
  const shard = values['shard'] === undefined ? WHOLE : shardOf(String(values['shard']));
  if (typeof shard === 'string') throw new UnusableInput(`--shard: ${shard}.`);
  const merge = values['merge'] as readonly string[] | undefined;
  if (merge !== undefined && shard !== WHOLE) {
    throw new UnusableInput('--merge joins shards and cannot be one itself.');
  }
  const threads = values['workers'] === undefined ? availableParallelism() : threadsOf(values);
  const input = readInput(values, io);
  const { market, setup, facts, warnings } = input;
  const isQuiet = values['quiet'] === true;
  for (const text of [...warnings, ...doubtsAbout(market, setup.sentiment)]) {
    io.stderr.write(`${NAME}: ${text}\n`);
  }
  const sets = setsOf(axes, setup);
  const { out } = { out: values['out'] };
  const job: Job = {
    input,
    axes,
    sets,
    places: placesOf(shard, sets.length),
    shard,
    sweeper: createSweeper(market, setup),
    out: typeof out === 'string' ? out : undefined,
    isQuiet,
    threads,
    key: once(() => sweepKey(market, setup, axes)),
  };
  const beside = job.out === undefined || merge !== undefined ? undefined : job.out;
  const sidecar = beside === undefined ? undefined : openSidecar(beside, () => headOf(job), sets);
  const found =
    merge === undefined ? await runRows(job, io, sidecar) : mergedRows(merge, job.key(), sets);
  const rows = report(job, found, io);
  // Only now, so that nothing is lost when the result cannot be written.
  sidecar?.remove();
  if (rows === undefined || isQuiet) return;
  const { sweeper } = job;
  const honesty = judge({ market, setup, sweeper, axes, rows, minTrades, folds });
  const { exponent, currency } = facts;
  const ascii = detectAscii(io.env);
  const words = { rows, axes, minTrades, exponent, currency, honesty, ascii };
  io.stderr.write(`\n${sweepText(words)}`);
}

/** Writes the CSV, or the rows of a shard; answers with the rows of a whole sweep. */
function report(
  job: Job,
  found: ReadonlyMap<number, SweptRow>,
  io: Io,
): readonly SweptRow[] | undefined {
  const { out, sets, axes, input } = job;
  const isWhole = job.shard === WHOLE;
  const rows = isWhole ? sets.map((_, place) => found.get(place) as SweptRow) : undefined;
  const text =
    rows === undefined
      ? ledgerText(headOf(job), found)
      : sweepCsv(rows, input.facts.exponent, axes);
  if (out === undefined) io.stdout.write(text);
  else writeWhole(out, text);
  return rows;
}

const headOf = ({ key, sets, shard }: Job) => ({
  key: key(),
  sets: sets.length,
  shard: `${shard.number}/${shard.of}`,
});

/** Reading a million bars for their hash is only worth it when somebody needs the key. */
function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** Without the sets that no configuration could hold. */
function setsOf(axes: SweepAxes, setup: BacktestSetup): readonly SweepSet[] {
  const all = gridOf(axes);
  if (all.length === 0) throw new UnusableInput('No set is left: rsi_buy must be below rsi_sell.');
  const sets = all.filter((set) => configFaults(setupOfSet(setup, set).config).length === 0);
  const [first] = all;
  if (sets.length > 0 || first === undefined) return sets;
  throw new UnusableInput(
    `No set is left: ${configFaults(setupOfSet(setup, first).config).join('; ')}.`,
  );
}

function axesOf(texts: readonly string[]): SweepAxes {
  const axes: { -readonly [K in keyof SweepAxes]: SweepAxes[K] } = { ...DEFAULT_AXES };
  for (const text of texts) {
    const axis = axisOf(text);
    if (typeof axis === 'string') throw new UnusableInput(`--param: ${axis}.`);
    axes[axis.name] = axis.values;
  }
  if (gridSize(axes) > SETS_MAX) {
    throw new UnusableInput(
      `${gridSize(axes)} sets are too many; at most ${SETS_MAX} are allowed.`,
    );
  }
  return axes;
}

const threadsOf = (values: Values): number => whole(values, 'workers', '--workers', THREADS_MAX);

function whole(values: Values, name: string, flag: string, most: number): number {
  const text = String(values[name] ?? '');
  if (/^\d{1,7}$/.test(text) && Number(text) <= most) return Number(text);
  throw new UnusableInput(`${flag}: "${text}" is not allowed; a whole number up to ${most} is.`);
}
