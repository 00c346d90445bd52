// Where long bars begin. Dates and offsets of New York come from the platform's own calendar, which
// the code under test does not use.
import { describe, expect, it } from 'vitest';
import { type Bar, price, type Wall, wall } from '../../../src/engine/index.ts';
import { DAY_MS, HOUR_MS } from '../../../src/sim/fcpo.ts';
import type { Market } from '../../../src/sim/market-types.ts';
import { barsUpTo, isPeriod, tradingDayOpen } from '../../../src/sim/server/bar-periods.ts';

const clockInNewYork = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'America/New_York',
  hour: '2-digit',
  minute: '2-digit',
});

/** One bar an hour, its number as its price. */
const hourly = (from: Wall, hours: number): Market => ({
  description: 'hours',
  liveFrom: from,
  next: () => undefined,
  history: (timeframeMs, count, to): Bar[] => {
    expect(timeframeMs).toBe(HOUR_MS);
    return Array.from({ length: hours }, (_, index) => ({
      openTime: wall(from + index * HOUR_MS),
      open: price(index),
      high: price(index + 1),
      low: price(index),
      close: price(index + 1),
      ticks: 1,
    }))
      .filter((bar) => bar.openTime <= to)
      .slice(-count);
  },
  quoteAt: () => undefined,
  sessions: () => [],
  fastForward: () => undefined,
});

const iso = (bars: readonly Bar[]): string[] =>
  bars.map(({ openTime }) => new Date(openTime).toISOString().slice(0, 16));

describe('long bars', () => {
  it('48 a trading day opens at 17:00 in New York on every day of 2020 to 2030', () => {
    for (let date = 18_262; date < 22_280; date += 1) {
      expect(clockInNewYork.format(tradingDayOpen(date))).toBe('17:00');
      const before = date * DAY_MS - tradingDayOpen(date);
      expect(before === 3 * HOUR_MS || before === 2 * HOUR_MS).toBe(true);
    }
  });

  it('48 four and twelve hours lie on that grid', () => {
    const monday = wall(Date.UTC(2025, 6, 7));
    const market = hourly(monday, 24);
    const end = wall(monday + DAY_MS);
    // Summer: the day opened at 21:00 UTC on Sunday.
    expect(iso(barsUpTo(market, 10, 3, end))).toEqual([
      '2025-07-07T13:00',
      '2025-07-07T17:00',
      '2025-07-07T21:00',
    ]);
    expect(iso(barsUpTo(market, 11, 2, end))).toEqual(['2025-07-07T09:00', '2025-07-07T21:00']);
  });

  it('48 weeks and months open with the first trading day in them', () => {
    const start = wall(Date.UTC(2025, 0, 1));
    const market = hourly(start, 24 * 40);
    const end = wall(start + 40 * DAY_MS);
    expect(iso(barsUpTo(market, 13, 2, end))).toEqual(['2025-02-02T22:00', '2025-02-09T22:00']);
    expect(iso(barsUpTo(market, 14, 2, end))).toEqual(['2024-12-31T22:00', '2025-01-31T22:00']);
  });

  it('joins open, high, low, close and count of its hours', () => {
    const start = wall(Date.UTC(2025, 0, 1, 22));
    const [bar] = barsUpTo(hourly(start, 4), 10, 1, wall(start + DAY_MS));
    expect(bar).toEqual({ openTime: start, open: 0, high: 4, low: 0, close: 4, ticks: 4 });
  });

  it('knows the fourteen periods and no other', () => {
    const known = Array.from({ length: 20 }, (_, period) => period).filter(isPeriod);
    expect(known).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14]);
    expect(barsUpTo(hourly(wall(0), 4), 15, 1, wall(DAY_MS))).toEqual([]);
  });
});
