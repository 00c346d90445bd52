/**
 * The `sweep` verb (alias `optimize`): every set of a grid, as CSV, with ranking and verdict beside
 * it.
 * Deliberately no trading: rows come from `sim/sweep`, and their worth from `sim/sweep-honesty`.
 */
import { configFaults } from '../../engine/index.ts';
import { systemClock } from '../../runtime/loop.ts';
import type { BacktestSetup } from '../../sim/backtest.ts';
import { sweepText } from '../../sim/report-sweep.ts';
import { createSweeper, type SweptRow, sweepCsv, wholeRange } from '../../sim/sweep.ts';
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
import { detectAscii } from '../../ui/look.ts';
import { EXIT } from '../exit.ts';
import type { Io } from '../io.ts';
import { readInput, UnusableInput, type Values, writeWhole } from './backtest-input.ts';

const NAME = 'palm-oil-tui';
const PROGRESS_MS = 500;
/** Bars times sets between two looks at the clock: a few tenths of a second. */
const CHUNK = 200_000_000;

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

function sweep(values: Values, io: Io): void {
  const axes = axesOf((values['param'] ?? []) as readonly string[]);
  const minTrades = whole(values, 'minTrades', '--min-trades', 1_000_000);
  const folds = whole(values, 'walkForward', '--walk-forward', FOLDS_MAX);
  const { market, setup, facts, warnings } = readInput(values, io);
  const isQuiet = values['quiet'] === true;
  for (const warning of warnings) io.stderr.write(`${NAME}: ${warning}\n`);
  const sets = setsOf(axes, setup);
  const sweeper = createSweeper(market, setup);
  const progress = isQuiet ? undefined : progressOn(io, sets.length);
  const rows: SweptRow[] = [];
  const chunk = Math.max(1, Math.ceil(CHUNK / market.count));
  for (let at = 0; at < sets.length; at += chunk) {
    rows.push(...sweeper.run(sets.slice(at, at + chunk), wholeRange(market)));
    progress?.(rows.length);
  }
  const csv = sweepCsv(rows, facts.exponent, axes);
  const { out } = { out: values['out'] };
  if (typeof out === 'string') writeWhole(out, csv);
  else io.stdout.write(csv);
  if (isQuiet) return;
  const honesty = judge({ market, setup, sweeper, axes, rows, minTrades, folds });
  const { exponent, currency } = facts;
  const ascii = detectAscii(io.env);
  io.stderr.write(`\n${sweepText({ rows, axes, minTrades, exponent, currency, honesty, ascii })}`);
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

/** A line on standard error twice a second, with the time left at the pace so far. */
function progressOn(io: Io, total: number): (done: number) => void {
  const clock = systemClock();
  const began = clock.mono();
  let shown = began;
  return (done) => {
    const now = clock.mono();
    if (now - shown < PROGRESS_MS) return;
    shown = now;
    const left = (((now - began) / done) * (total - done)) / 1_000;
    io.stderr.write(`${NAME}: ${done} of ${total} sets, ${left.toFixed(0)} s left\n`);
  };
}
