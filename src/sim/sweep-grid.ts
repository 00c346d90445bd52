/**
 * Which parameter sets a sweep tries: ranges as a person writes them, and their product in order.
 * Deliberately bounded, and refuses what a configuration could not hold.
 */
import type { BacktestSetup } from './backtest.ts';
import type { SweepSet } from './sweep-kernel.ts';
import {
  BOUNDS,
  CHANGES,
  CORE_NAMES,
  type CoreName,
  OTHER_NAMES,
  type OtherName,
  SWEEP_NAMES,
  type SweepName,
} from './sweep-parameters.ts';

/** Values of each parameter, ascending, in the units of the command line. */
export type SweepAxes = Readonly<Record<CoreName, readonly number[]>> &
  Readonly<Partial<Record<OtherName, readonly number[]>>>;

/** The 192 combinations of a sweep without options. */
export const DEFAULT_AXES: SweepAxes = {
  rsi_buy: [20, 25, 30, 35],
  rsi_sell: [65, 70, 75, 80],
  tp: [1.5, 2, 2.5, 3],
  sl: [1, 1.5, 2],
};

export const SETS_MAX = 200_000;

/** `rsi_buy=20:35:5`, or `rsi_buy=30` for one value; a text is a sentence about what is wrong. */
export function axisOf(text: string): { name: SweepName; values: number[] } | string {
  const [, name = '', range = ''] = /^([a-z_]+)=(.+)$/.exec(text) ?? [];
  const known = SWEEP_NAMES.find((one) => one === name);
  if (known === undefined) {
    return `"${text}" is not allowed; a parameter is one of ${SWEEP_NAMES.join(', ')}`;
  }
  const { low, high, isWhole } = BOUNDS[known];
  const parts = range.split(':');
  const [from, to = from, step = 1] = parts.map(Number);
  const pattern = isWhole ? /^\d{1,10}$/ : /^\d{1,10}(\.\d{1,2})?$/;
  const numbers = parts.every((part) => pattern.test(part));
  if (!numbers || parts.length > 3 || parts.length === 2 || from === undefined || step <= 0) {
    const kind = isWhole ? 'whole numbers' : 'numbers with at most 2 decimals';
    return `"${text}" is not allowed; write ${name}=from:to:step, or ${name}=value, in ${kind}`;
  }
  if (from < low || (to ?? from) > high || (to ?? from) < from) {
    return `"${text}" is not allowed; ${name} goes upwards between ${low} and ${high}`;
  }
  // Whole hundredths, so that 0.1 added often stays what was written.
  const [first, last, pace] = [from, to ?? from, step].map((one) => Math.round(one * 100));
  const count = Math.floor(((last ?? 0) - (first ?? 0)) / (pace ?? 1)) + 1;
  if (count > SETS_MAX) return `"${text}" is not allowed; it has ${count} values`;
  const values = Array.from({ length: count }, (_, at) => ((first ?? 0) + at * (pace ?? 1)) / 100);
  return { name: known, values };
}

/** The parameters of a grid, in the order of their columns. */
export const namesOf = (axes: SweepAxes): readonly SweepName[] =>
  SWEEP_NAMES.filter((name) => axes[name] !== undefined);

/** Values of a parameter; none when it is not swept. */
export const valuesOf = (axes: SweepAxes, name: SweepName): readonly number[] => axes[name] ?? [];

export const gridSize = (axes: SweepAxes): number =>
  namesOf(axes).reduce((count, name) => count * valuesOf(axes, name).length, 1);

/** Every set, the last core parameter fastest; sets whose thresholds cross are left out. */
export function gridOf(axes: SweepAxes): SweepSet[] {
  const sets: SweepSet[] = [];
  for (const others of othersOf(axes)) {
    for (const rsiBuy of axes.rsi_buy) {
      for (const rsiSell of axes.rsi_sell) {
        if (rsiBuy >= rsiSell) continue;
        for (const tp of axes.tp) {
          for (const sl of axes.sl) {
            const [tpBps, slBps] = [Math.round(tp * 100), Math.round(sl * 100)];
            const set = { rsiBuy, rsiSell, tpBps, slBps };
            sets.push(others === undefined ? set : { ...set, others });
          }
        }
      }
    }
  }
  return sets;
}

type Others = NonNullable<SweepSet['others']>;

/** One record for every combination, shared by all its sets; absent when nothing else varies. */
function othersOf(axes: SweepAxes): readonly (Others | undefined)[] {
  const names = OTHER_NAMES.filter((name) => axes[name] !== undefined);
  if (names.length === 0) return [undefined];
  let records: Others[] = [{}];
  for (const name of names) {
    const values = valuesOf(axes, name);
    records = records.flatMap((one) => values.map((value) => ({ ...one, [name]: value })));
  }
  return records;
}

/** The backtest of one set. */
export function setupOfSet(setup: BacktestSetup, set: SweepSet): BacktestSetup {
  const core = CORE_NAMES.reduce((made, name) => CHANGES[name](made, valueOn(set, name)), setup);
  return withOthers(core, set.others);
}

/** Only what the sets of one index have in common. */
export function withOthers(setup: BacktestSetup, others: SweepSet['others']): BacktestSetup {
  if (others === undefined) return setup;
  return OTHER_NAMES.reduce((made, name) => {
    const value = others[name];
    return value === undefined ? made : CHANGES[name](made, value);
  }, setup);
}

/** The value of a set on an axis, in the units of the axis. */
export function valueOn(set: SweepSet, name: SweepName): number {
  const core: Readonly<Record<CoreName, number>> = {
    rsi_buy: set.rsiBuy,
    rsi_sell: set.rsiSell,
    tp: set.tpBps / 100,
    sl: set.slBps / 100,
  };
  return name in core ? core[name as CoreName] : (set.others?.[name as OtherName] ?? Number.NaN);
}
