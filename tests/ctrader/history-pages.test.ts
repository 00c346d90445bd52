/** The past window by window, from a broker that answers what the test says. */
import { expect, it } from 'vitest';
import type { HistoryLine } from '../../src/ctrader/history-line.ts';
import {
  barsWithin,
  joinSides,
  type PastTick,
  ticksWithin,
  windowMs,
} from '../../src/ctrader/history-pages.ts';
import { price, wall } from '../../src/engine/index.ts';

const MINUTE = 60_000;
type Fields = { readonly fromTimestamp: number; readonly toTimestamp: number };

function line(answer: (fields: Fields, nth: number) => unknown): HistoryLine {
  let nth = -1;
  return {
    accountId: '1',
    instrument: () => Promise.reject(new Error('not asked')),
    ask: (message) => {
      nth += 1;
      // The answers of these tests are written by hand.
      return Promise.resolve(answer(message.fields as Fields, nth) as never);
    },
    close: () => undefined,
  };
}

const raw = (minute: number) => ({
  volume: 1,
  low: 100_000,
  deltaOpen: 0,
  deltaHigh: 0,
  deltaClose: 0,
  utcTimestampInMinutes: minute,
});
const span = (from: number, to: number) => ({ from: wall(from * MINUTE), to: wall(to * MINUTE) });
const minutes = (bars: readonly { openTime: number }[]) => bars.map((bar) => bar.openTime / MINUTE);

it('a short page without "more" is not the end: it is read until a page adds nothing', async () => {
  const pages = [[108, 109], [105, 106], []];
  const bars = await barsWithin(
    line((_fields, nth) => ({ trendbar: (pages[nth] ?? []).map(raw), hasMore: false })),
    '7',
    MINUTE,
    span(100, 110),
  );
  expect(minutes(bars)).toEqual([105, 106, 108, 109]);
});

it('a page that reaches back beyond the window ends it, and nothing outside is told', async () => {
  let asked = 0;
  const bars = await barsWithin(
    line(() => {
      asked += 1;
      return { trendbar: [90, 99, 103, 110].map(raw) };
    }),
    '7',
    MINUTE,
    span(100, 110),
  );
  expect(minutes(bars)).toEqual([103]);
  expect(asked).toBe(1);
});

it.each([
  [[raw(105), raw(104)], 'out of order'],
  [[{ ...raw(105), low: undefined }], 'without all of its prices'],
])('bars that cannot be are refused (%#)', async (trendbar, words) => {
  const asked = barsWithin(
    line(() => ({ trendbar })),
    '7',
    MINUTE,
    span(100, 110),
  );
  await expect(asked).rejects.toThrow(words);
});

it('bars of another instrument are refused', async () => {
  const asked = barsWithin(
    line(() => ({ symbolId: '8' })),
    '7',
    MINUTE,
    span(100, 110),
  );
  await expect(asked).rejects.toThrow('another instrument');
});

it('ticks of one instant that a page cuts apart are all told, once', async () => {
  // 1005, 1003, 1003 | 1003, 1001: the cut lies inside the instant 1003.
  const all = [1_005, 1_003, 1_003, 1_003, 1_001];
  const ticks = await ticksWithin(
    line(({ fromTimestamp, toTimestamp }) => {
      const fit = all.filter((at) => at >= fromTimestamp && at <= toTimestamp);
      const page = fit.slice(0, toTimestamp === 1_003 ? 4 : 3);
      const tickData = page.map((at, nth) =>
        nth === 0
          ? { timestamp: at, tick: 100_000 }
          : { timestamp: at - (page[nth - 1] ?? 0), tick: 1 },
      );
      return { tickData, hasMore: fit.length > page.length };
    }),
    '7',
    'bid',
    { from: wall(1_000), to: wall(1_010) },
  );
  expect(ticks.map(({ time }) => time)).toEqual([...all].reverse());
});

it('ticks that go forward in time, or have no price, are refused', async () => {
  const window = { from: wall(0), to: wall(5_000) };
  const of = (tickData: unknown) =>
    ticksWithin(
      line(() => ({ tickData, hasMore: false })),
      '7',
      'bid',
      window,
    );
  await expect(
    of([
      { timestamp: 1, tick: 5 },
      { timestamp: 1, tick: 0 },
    ]),
  ).rejects.toThrow('order');
  await expect(of([{ timestamp: 1, tick: 0 }])).rejects.toThrow('no price');
});

it('two sides become rows from where both are known; crossed ones are left out', () => {
  const of = (...rows: readonly (readonly [number, number])[]): PastTick[] =>
    rows.map(([time, at]) => ({ time: wall(time), price: price(at) }));
  const joined = joinSides(of([1, 10], [3, 20], [4, 11]), of([2, 12], [4, 13]), {
    bid: undefined,
    ask: undefined,
  });
  expect(joined.rows).toEqual([
    { time: 2, bid: 10, ask: 12 },
    { time: 4, bid: 11, ask: 13 },
  ]);
  expect([joined.crossed, joined.last]).toEqual([1, { bid: 11, ask: 13 }]);
});

it('no window is longer than the broker serves', () => {
  expect(windowMs(MINUTE)).toBe(4_000 * MINUTE);
  expect(windowMs(86_400_000)).toBe(366 * 86_400_000);
  expect(windowMs(undefined)).toBeLessThanOrEqual(604_800_000);
});
