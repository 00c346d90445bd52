/** Bars as values: growing, joining, trend and bounded lists. */
import { describe, expect, it } from 'vitest';
import {
  bounded,
  growBar,
  joinBars,
  NO_INDICATORS,
  newBar,
  nextIndicators,
  restarted,
  TREND_LOOKBACK,
  trendOf,
} from '../../src/engine/bars.ts';
import { price, wall } from '../../src/engine/units.ts';
import { CONFIG, MORNING, quietBars } from '../support/engine.ts';

describe('bars', () => {
  it('grow by every bid and never forget an extreme (F76)', () => {
    const bar = [7, 3, 9, 5].reduce(
      (grown, bid) => growBar(grown, price(bid)),
      newBar(wall(1), price(6)),
    );
    expect(bar).toEqual({ openTime: 1, open: 6, high: 9, low: 3, close: 5, ticks: 5 });
  });

  it('join to the extremes of both, opening with history and closing with live (F76)', () => {
    const history = {
      openTime: wall(1),
      open: price(5),
      high: price(9),
      low: price(4),
      close: price(6),
      ticks: 8,
    };
    const live = {
      openTime: wall(1),
      open: price(6),
      high: price(7),
      low: price(2),
      close: price(3),
      ticks: 2,
    };
    expect(joinBars(history, live)).toEqual({ ...history, low: 2, close: 3 });
  });

  it('lists keep their bound and never change the old list (A11 I27)', () => {
    const old = [1, 2, 3];
    expect(bounded(old, 4, 4)).toEqual([1, 2, 3, 4]);
    expect(bounded(old, 4, 3)).toEqual([2, 3, 4]);
    expect(bounded(old, 4, 2)).toEqual([3, 4]);
    expect(old).toEqual([1, 2, 3]);
  });
});

describe('trend', () => {
  const warmed = (step: number, count: number) =>
    quietBars(count, 4_600, MORNING, CONFIG.timeframeMs)
      .map((bar, index) => {
        const lift = price(index * step);
        const shift = (value: number) => price(value + lift);
        return {
          ...bar,
          open: shift(bar.open),
          high: shift(bar.high),
          low: shift(bar.low),
          close: shift(bar.close),
        };
      })
      .reduce((state, bar) => nextIndicators(state, bar, CONFIG), NO_INDICATORS);

  it('is unknown until the average has a past to look back at (F77 I32)', () => {
    const needed = CONFIG.emaPeriod + TREND_LOOKBACK;
    expect(trendOf(warmed(0, needed - 1))).toBe('unknown');
    expect(trendOf(warmed(0, needed))).toBe('flat');
  });

  it('follows a market that climbs or falls, and calls the rest flat', () => {
    expect(trendOf(warmed(500_000, 150))).toBe('up');
    expect(trendOf(warmed(-500_000, 150))).toBe('down');
    expect(trendOf(warmed(10_000, 150))).toBe('flat');
  });

  it('after a restart only the measure of usual movement is kept (F76)', () => {
    const warm = warmed(0, 150);
    const fresh = restarted(warm);
    expect(fresh.atrSample).toBe(warm.atrSample);
    const { atrSample, atrMedian } = NO_INDICATORS;
    expect(fresh.atrMedian).toBe(warm.atrMedian);
    expect({ ...fresh, atrSample, atrMedian }).toEqual(NO_INDICATORS);
    expect(trendOf(fresh)).toBe('unknown');
  });
});
