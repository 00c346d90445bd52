/**
 * Which parameter sets a sweep tries: ranges as a person writes them, and their product in order.
 * Deliberately bounded, and refuses what a configuration could not hold.
 */
import type { EngineConfig } from '../engine/index.ts';
import type { SweepSet } from './sweep-kernel.ts';

/** The parameters that may vary, as they are called on the command line and in the CSV. */
export const SWEEP_NAMES = ['rsi_buy', 'rsi_sell', 'tp', 'sl'] as const;
export type SweepName = (typeof SWEEP_NAMES)[number];

/**
 * Values of each parameter, ascending, in the units of the command line: RSI points and percent.
 */
export type SweepAxes = Readonly<Record<SweepName, readonly number[]>>;

/** The 192 combinations of a sweep without options. */
export const DEFAULT_AXES: SweepAxes = {
  rsi_buy: [20, 25, 30, 35],
  rsi_sell: [65, 70, 75, 80],
  tp: [1.5, 2, 2.5, 3],
  sl: [1, 1.5, 2],
};

export const SETS_MAX = 1_000_000;

const BOUNDS: Readonly<Record<SweepName, readonly [number, number]>> = {
  rsi_buy: [1, 99],
  rsi_sell: [1, 99],
  tp: [0.1, 50],
  sl: [0.1, 20],
};

/** `rsi_buy=20:35:5`, or `rsi_buy=30` for one value; a text is a sentence about what is wrong. */
export function axisOf(text: string): { name: SweepName; values: number[] } | string {
  const [, name = '', range = ''] = /^([a-z_]+)=(.+)$/.exec(text) ?? [];
  const known = SWEEP_NAMES.find((one) => one === name);
  if (known === undefined) {
    return `"${text}" is not allowed; a parameter is one of ${SWEEP_NAMES.join(', ')}`;
  }
  const parts = range.split(':');
  const [from, to = from, step = 1] = parts.map(Number);
  const numbers = parts.every((part) => /^\d{1,3}(\.\d{1,2})?$/.test(part));
  if (!numbers || parts.length > 3 || parts.length === 2 || from === undefined || step <= 0) {
    return `"${text}" is not allowed; write ${name}=from:to:step, or ${name}=value`;
  }
  const [low, high] = BOUNDS[known];
  if (from < low || (to ?? from) > high || (to ?? from) < from) {
    return `"${text}" is not allowed; ${name} goes upwards between ${low} and ${high}`;
  }
  // Whole hundredths, so that 0.1 added often stays what was written.
  const [first, last, pace] = [from, to ?? from, step].map((one) => Math.round(one * 100));
  const values: number[] = [];
  for (let at = first ?? 0; at <= (last ?? 0); at += pace ?? 1) values.push(at / 100);
  return { name: known, values };
}

export const gridSize = (axes: SweepAxes): number =>
  SWEEP_NAMES.reduce((count, name) => count * axes[name].length, 1);

/** Every set, the last parameter fastest; sets whose thresholds cross are left out. */
export function gridOf(axes: SweepAxes): SweepSet[] {
  const sets: SweepSet[] = [];
  for (const rsiBuy of axes.rsi_buy) {
    for (const rsiSell of axes.rsi_sell) {
      if (rsiBuy >= rsiSell) continue;
      for (const tp of axes.tp) {
        for (const sl of axes.sl) {
          const [tpBps, slBps] = [Math.round(tp * 100), Math.round(sl * 100)];
          sets.push({ rsiBuy, rsiSell, tpBps, slBps });
        }
      }
    }
  }
  return sets;
}

/** The engine's configuration for one set. */
export const configOfSet = (config: EngineConfig, set: SweepSet): EngineConfig => ({
  ...config,
  rsiOversold: set.rsiBuy,
  rsiOverbought: set.rsiSell,
  takeProfitBps: set.tpBps,
  stopLossBps: set.slBps,
});

/** The value of a set on an axis, in the units of the axis. */
export function valueOn(set: SweepSet, name: SweepName): number {
  switch (name) {
    case 'rsi_buy':
      return set.rsiBuy;
    case 'rsi_sell':
      return set.rsiSell;
    case 'tp':
      return set.tpBps / 100;
    case 'sl':
      return set.slBps / 100;
  }
}
