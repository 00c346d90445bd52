/**
 * The gap at an opening: how far the first price after a pause is from the last one before (F49).
 * Deliberately known from the closed and forming bars alone, so that a restart forgets none.
 */
import type { MarketState } from './market.ts';
import type { Bar } from './model.ts';
import { itemBefore, newestOf } from './trail.ts';
import type { Wall } from './units.ts';

/**
 * The gap of the forming bar or of the one before it, in multiples of the ATR before it, when it is
 * more than one: the first two bars of such an opening are no market to enter.
 */
export function freshGap(market: MarketState, timeframeMs: number): number | undefined {
  const { closed, forming, indicators } = market;
  const last = newestOf(closed);
  if (last === undefined) return undefined;
  const { atrSample } = indicators;
  if (forming !== undefined && pauses(last.openTime, forming.openTime, timeframeMs)) {
    const now = gapOf(last, forming, newestOf(atrSample));
    if (now !== undefined) return now;
  }
  const before = itemBefore(closed, 1);
  if (before === undefined || !pauses(before.openTime, last.openTime, timeframeMs))
    return undefined;
  return gapOf(before, last, itemBefore(atrSample, 1));
}

/** At least one bar is missing between them. */
export const pauses = (before: Wall, openTime: Wall, timeframeMs: number): boolean =>
  openTime - before > timeframeMs;

/** How many ATR, if more than one, a bar opened away from the one before. */
export function gapOf(before: Bar, bar: Bar, atr: number | undefined): number | undefined {
  if (atr === undefined || atr <= 0) return undefined;
  const moved = Math.abs(bar.open - before.close);
  return moved > atr ? moved / atr : undefined;
}
