/** Doubts about recorded bars: each kind planted once into a clean file. */
import { describe, expect, it } from 'vitest';
import { type Bar, price, wall } from '../../src/engine/index.ts';
import { checkBars, minutesOf, withoutMisplaced } from '../../src/sim/bar-check.ts';
import { columnsOf } from '../../src/sim/bar-columns.ts';
import { sessionsBetween } from '../../src/sim/fcpo.ts';

const MINUTE = 60_000;
/** Monday. */
const FROM = Date.UTC(2024, 9, 14);

function bars(days = 21): Bar[] {
  const sessions = sessionsBetween(wall(FROM), wall(FROM + days * 1_440 * MINUTE));
  return sessions.flatMap(({ open, close }) => {
    const count = (close - open) / (5 * MINUTE);
    return Array.from({ length: count }, (_, nth): Bar => {
      const at = price(400_000_000 + (nth % 7) * 100_000);
      const openTime = wall(open + nth * 5 * MINUTE);
      return { openTime, open: at, high: at, low: at, close: at, ticks: 1 };
    });
  });
}

const TERMS = { sessions: 'fcpo', allowedMissing: 3, outlierShare: 0.05 } as const;
const check = (all: readonly Bar[], terms: Partial<Parameters<typeof checkBars>[1]> = {}) =>
  checkBars(columnsOf(all), { ...TERMS, ...terms });

describe.each(['fcpo', 'bars'] as const)('hours by %s', (sessions) => {
  it('nights and weekends are no gaps', () => {
    expect(check(bars(), { sessions })).toMatchObject({ stepMs: 5 * MINUTE, holes: [] });
  });

  it('missing bars inside trading hours are one gap, more than allowed only', () => {
    const all = bars();
    const begin = all.findIndex(
      ({ openTime }) => openTime === FROM + 9 * 1_440 * MINUTE + 180 * MINUTE,
    );
    const without = (count: number) => all.filter((_, at) => at < begin || at >= begin + count);
    expect(check(without(3), { sessions }).holes).toEqual([]);
    const at = all[begin]?.openTime ?? 0;
    expect(check(without(4), { sessions }).holes).toEqual([
      { from: at, to: at + 20 * MINUTE, missing: 4 },
    ]);
  });
});

it('a whole session without a bar is named apart: it may be a holiday', () => {
  const all = bars();
  const [empty] = sessionsBetween(wall(FROM + 1_440 * MINUTE), wall(FROM + 2 * 1_440 * MINUTE));
  const left = all.filter(
    (bar) => bar.openTime < (empty?.open ?? 0) || bar.openTime >= (empty?.close ?? 0),
  );
  expect(check(left)).toMatchObject({ holes: [], emptySessions: [empty] });
});

it('a price far from its neighbours is an outlier; a level that stays is not', () => {
  const all = bars();
  const spike = all.map((bar, at) => (at === 50 ? { ...bar, high: price(500_000_000) } : bar));
  expect(check(spike).outliers).toEqual([
    { at: all[50]?.openTime, price: 500_000_000, usual: expect.any(Number) },
  ]);
  expect(check(all).outliers).toEqual([]);
});

it('lines that repeat, contradict or go back are taken out and named', () => {
  const line = (minute: number, close = 1) => `2024-10-16T02:${minute}:00Z,1,1,1,${close},`;
  const text = ['head', line(30), line(30), line(31), line(31, 2), line(30), line(32), ''].join(
    '\n',
  );
  const found = withoutMisplaced(text);
  expect(found.misplaced.map((one) => [one.line, one.type])).toEqual([
    [3, 'duplicate'],
    [5, 'conflict'],
    [6, 'backwards'],
  ]);
  expect(found.text).toBe(['head', line(30), line(31), line(32), ''].join('\n'));
});

it('ticks are checked as minutes of the bid', () => {
  const tick = (time: number, bid: number) => ({
    time: wall(time),
    bid: price(bid),
    ask: price(99),
  });
  const made = minutesOf([tick(1, 5), tick(2, 7), tick(3, 4), tick(60_001, 6)]);
  expect([made.count, made.high[0], made.low[0], made.close[0], made.openTime[1]]).toEqual([
    2, 7, 4, 4, 60_000,
  ]);
});
