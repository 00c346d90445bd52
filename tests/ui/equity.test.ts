// Equity over time: closed trades counted back from the balance, then what the screen has seen.
import { expect, it } from 'vitest';
import { money, wall } from '../../src/engine/index.ts';
import { equityCurve, inColumns, NO_TRACE, seen } from '../../src/ui/equity.ts';
import { NOON, quiet } from '../support/builders-snapshot.ts';

it('keeps a value every so often, and half of them when there are many', () => {
  const day = quiet();
  let trace = NO_TRACE;
  for (let second = 0; second < 20_000; second += 5) {
    trace = seen(trace, { ...day, wall: wall(NOON + second * 1_000) });
  }
  expect(trace.points.length).toBeLessThanOrEqual(240);
  expect(trace.everyMs).toBe(120_000);
  const gaps = trace.points.slice(1).map((point, at) => point.at - (trace.points[at]?.at ?? 0));
  expect(Math.min(...gaps.slice(0, -1))).toBeGreaterThanOrEqual(60_000);
});

it('keeps nothing of an account it does not know', () => {
  expect(seen(NO_TRACE, quiet({ account: undefined }))).toBe(NO_TRACE);
  expect(equityCurve(quiet({ account: undefined }), NO_TRACE)).toEqual([]);
});

it('counts closed trades back from the balance, and ends with the equity now', () => {
  const curve = equityCurve(quiet(), NO_TRACE);
  expect(curve.map((point) => point.value)).toEqual([4_936_000, 5_000_000, 5_000_000]);
  const began = { everyMs: 1, points: [{ at: NOON - 60_000, value: 4_999_000 }] };
  expect(equityCurve(quiet(), began).map((point) => point.value)).toEqual([
    4_936_000, 5_000_000, 4_999_000, 5_000_000,
  ]);
});

it('shows in each column what was known then', () => {
  const curve = [
    { at: 0, value: 1 },
    { at: 50, value: 2 },
    { at: 100, value: 3 },
  ];
  expect(inColumns(curve, 5)).toEqual([1, 1, 2, 2, 3]);
  expect(inColumns([{ at: 0, value: money(1) }], 5)).toEqual([]);
  expect(inColumns([], 5)).toEqual([]);
});
