/**
 * Bars and ticks as the lines of our own files, which `bar-text.ts` and `recording.ts` read.
 * Deliberately exact: prices as decimals without needless zeros, times in UTC.
 */
import { type Bar, decimalText, type Price, type Wall } from '../engine/index.ts';
import { BAR_COLUMNS } from './bar-forms.ts';
import { TICK_COLUMNS } from './recording.ts';

export const BAR_HEADER = `${BAR_COLUMNS.join(',')}\n`;
export const TICK_HEADER = `${TICK_COLUMNS.join(',')}\n`;

const plain = (price: number): string => {
  const text = decimalText(price, 5);
  const end = text.search(/\.?0+$/);
  return end < 0 ? text : text.slice(0, end);
};

const stamp = (time: Wall): string => `${new Date(time).toISOString().slice(0, 19)}Z`;

/** The last field is the number of quotes the bar was made of; empty when that is unknown. */
export function barLine(bar: Bar): string {
  const { openTime, open, high, low, close, ticks } = bar;
  const prices = [open, high, low, close].map(plain).join(',');
  return `${stamp(openTime)},${prices},${ticks === 0 ? '' : ticks}\n`;
}

export const tickLine = (tick: {
  readonly time: Wall;
  readonly bid: Price;
  readonly ask: Price;
}): string => `${tick.time},${plain(tick.bid)},${plain(tick.ask)}\n`;
