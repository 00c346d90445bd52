/**
 * The `sweep` verb (alias `optimize`): every set of a grid, as CSV, with ranking and verdict beside
 * it.
 * Deliberately no trading: rows come from `sim/sweep`, and their worth from `sim/sweep-honesty`.
 */
import { configFaults } from '../../engine/index.ts';
import { systemClock } from '../../runtime/loop.ts';
import type { BacktestSetup } from '../../sim/backtest.ts';
import { sweepText } from '../../sim/report-sweep.ts';
import {
  createSweeper,
  type Sweeper,
  type SweptRow,
  sweepCsv,
  wholeRange,
} from '../../sim/sweep.ts';
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
import {
  type BacktestInput,
  readInput,
  UnusableInput,
  type Values,
  writeWhole,
} from './backtest-input.ts';
import { ledgerText, mergedRows, openSidecar, type Sidecar, sweepKey } from './sweep-files.ts';

const NAME = 'palm-oil-tui';
const PROGRESS_MS = 250;
const SAVE_MS = 1_000;
/** What a piece of work between two looks at the clock should take. */
const PIECE_MS = 250;
const FIRST_PIECE = 256;
/** Of sets that only the engine can run: the first of them tells how long one takes. */
const FIRST_OF_ENGINE = 1;
const WHOLE: Shard = { number: 1, of: 1 };

/** Answers with the exit code; the CSV goes to standard output, everything else beside it. */
export function sweepCommand(values: Values, io: Io): number {
  try {
    sweep(values, io);
    return EXIT.ok;
  } catch (error) {
    if (!(error instanceof UnusableInput)) throw error;
    io.stderr.write(`${NAME}: ${error.message}\n`);
    return EXIT.usage;
  }
}

interface Job {
  readonly input: BacktestInput;
  readonly axes: SweepAxes;
  /** The whole grid, and the places in it that are to be run. */
  readonly sets: readonly SweepSet[];
  readonly places: readonly number[];
  readonly shard: Shard;
  readonly sweeper: Sweeper;
  readonly out: string | undefined;
  readonly isQuiet: boolean;
  readonly key: () => string;
}

function sweep(values: Values, io: Io): void {
  const axes = axesOf((values['param'] ?? []) as readonly string[]);
  const minTrades = whole(values, 'minTrades', '--min-trades', 1_000_000);
  const folds = whole(values, 'walkForward', '--walk-forward', FOLDS_MAX);
  const shard = values['shard'] === undefined ? WHOLE : shardOf(String(values['shard']));
  if (typeof shard === 'string') throw new UnusableInput(`--shard: ${shard}.`);
  const merge = values['merge'] as readonly string[] | undefined;
  if (merge !== undefined && shard !== WHOLE) {
    throw new UnusableInput('--merge joins shards and cannot be one itself.');
  }
  const input = readInput(values, io);
  const { market, setup, facts, warnings } = input;
  const isQuiet = values['quiet'] === true;
  for (const warning of warnings) io.stderr.write(`${NAME}: ${warning}\n`);
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
    key: once(() => sweepKey(market, setup, axes)),
  };
  const beside = job.out === undefined || merge !== undefined ? undefined : job.out;
  const sidecar = beside === undefined ? undefined : openSidecar(beside, () => headOf(job), sets);
  const found =
    merge === undefined ? runRows(job, io, sidecar) : mergedRows(merge, job.key(), sets);
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

/**
 * Rows of all places of the job by place, in pieces that take a fraction of a second; after the
 * first second what is finished is kept beside `--out`, until the whole file is written.
 */
function runRows(job: Job, io: Io, sidecar: Sidecar | undefined): ReadonlyMap<number, SweptRow> {
  const { sets, places, sweeper } = job;
  const { market } = job.input;
  const clock = systemClock();
  const known = sidecar?.rows ?? new Map<number, SweptRow>();
  const pending = places.filter((place) => !known.has(place));
  if (known.size > 0 && !job.isQuiet) {
    const kept = places.length - pending.length;
    io.stderr.write(`${NAME}: ${kept} of ${places.length} sets were finished before.\n`);
  }
  const rows = new Map<number, SweptRow>();
  const show = progressOn(job, io, pending.length);
  let unsaved: (readonly [number, SweptRow])[] = [];
  const [next = 0] = pending;
  const isSlow = pending.length > 0 && sweeper.bench(sets[next] as SweepSet) === undefined;
  let [size, saved] = [isSlow ? FIRST_OF_ENGINE : FIRST_PIECE, clock.mono()];
  for (let at = 0; at < pending.length; ) {
    const began = clock.mono();
    const piece = pending.slice(at, at + size);
    const made = sweeper.run(
      piece.map((place) => sets[place] as SweepSet),
      wholeRange(market),
    );
    for (const [nth, place] of piece.entries()) {
      const row = made[nth] as SweptRow;
      rows.set(place, row);
      unsaved.push([place, row]);
    }
    at += piece.length;
    const now = clock.mono();
    const pace = (piece.length * PIECE_MS) / Math.max(1, now - began);
    size = Math.max(1, Math.min(size * 8, Math.floor(pace)));
    show(at);
    if (sidecar === undefined || at === pending.length || now - saved < SAVE_MS) continue;
    sidecar.add(unsaved);
    [unsaved, saved] = [[], now];
  }
  show(undefined);
  const all = new Map(places.map((place) => [place, rows.get(place) ?? known.get(place)] as const));
  return all as ReadonlyMap<number, SweptRow>;
}

/** One line of a terminal, written over: done, and the time left at the pace so far. */
function progressOn({ isQuiet }: Job, io: Io, total: number): (done: number | undefined) => void {
  const { isTTY } = io.stderr as { readonly isTTY?: boolean };
  if (isQuiet || isTTY !== true) return () => undefined;
  const clock = systemClock();
  const began = clock.mono();
  let shown = Number.NEGATIVE_INFINITY;
  return (done) => {
    const now = clock.mono();
    if (done === undefined) {
      if (shown > 0) io.stderr.write('\r\u001b[K');
      return;
    }
    if (now - began < PROGRESS_MS || now - shown < PROGRESS_MS) return;
    shown = now;
    const left = Math.ceil((((now - began) / done) * (total - done)) / 1_000);
    io.stderr.write(`\r\u001b[K${NAME}: ${done} of ${total} sets, ${left} s left`);
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

function whole(values: Values, name: string, flag: string, most: number): number {
  const text = String(values[name] ?? '');
  if (/^\d{1,7}$/.test(text) && Number(text) <= most) return Number(text);
  throw new UnusableInput(`${flag}: "${text}" is not allowed; a whole number up to ${most} is.`);
}
