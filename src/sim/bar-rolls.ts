/**
 * Changes of contract in a series of bars: what came before one is moved by its step, so that no
 * profit and no loss is made of two contracts that were never the same price.
 * Deliberately moves by an amount, not by a factor: distances in money stay what they were, prices
 * of the last contract are as traded, and percentages of earlier ones are not.
 */
import { type BarColumns, emptyColumns } from './bar-columns.ts';

/** From the first bar at or after `at` on, prices are those of another contract. */
export interface Roll {
  readonly at: number;
  /**
   * The new contract's price above the old one's, when somebody knows it; otherwise the step from
   * the last close to the first open is taken for it, and the move of the pause between is lost.
   */
  readonly step: number | undefined;
}

export type RollReading =
  | { readonly ok: true; readonly columns: BarColumns; readonly steps: readonly number[] }
  | { readonly ok: false; readonly reason: string };

/** Rolls in their order; the columns that are given stay as they are. */
export function rolled(bars: BarColumns, rolls: readonly Roll[]): RollReading {
  const refuse = (reason: string): RollReading => ({ ok: false, reason });
  const { count, openTime, open, close } = bars;
  const made = emptyColumns(count, bars.firstLine);
  made.openTime.set(openTime);
  const steps: number[] = [];
  let [shift, end] = [0, count];
  for (const { at, step } of rolls.toReversed()) {
    const when = new Date(at).toISOString();
    const begin = openTime.findIndex((time) => time >= at);
    const side = begin < 0 ? 'after' : 'before';
    if (begin < 1) return refuse(`there is no bar ${side} the roll ${when}`);
    if (begin >= end) return refuse(`no bar lies between the roll ${when} and the next one`);
    move(bars, made, begin, end, shift);
    const found = step ?? (open[begin] as number) - (close[begin - 1] as number);
    steps.unshift(found);
    shift += found;
    end = begin;
  }
  move(bars, made, 0, end, shift);
  const isPositive = made.low.every((price: number) => price > 0);
  return isPositive
    ? { ok: true, columns: made, steps }
    : refuse('moved by its rolls, a price would not be above 0');
}

function move(bars: BarColumns, made: BarColumns, from: number, to: number, by: number): void {
  for (let at = from; at < to; at += 1) {
    made.open[at] = (bars.open[at] as number) + by;
    made.high[at] = (bars.high[at] as number) + by;
    made.low[at] = (bars.low[at] as number) + by;
    made.close[at] = (bars.close[at] as number) + by;
  }
}
