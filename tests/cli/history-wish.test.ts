/** What a person asks of the past, in words and in numbers. */
import { expect, it } from 'vitest';
import { periodWish, spanWish } from '../../src/cli/history-wish.ts';
import { wall } from '../../src/engine/index.ts';

const NOW = wall(Date.UTC(2024, 9, 16, 12, 30, 5));
const HOUR = 3_600_000;

it.each([
  ['M5', 300_000],
  ['5m', 300_000],
  ['h1', HOUR],
  ['1d', 24 * HOUR],
  ['ticks', undefined],
])('the period %s', (text, timeframeMs) => {
  expect(periodWish(text)).toMatchObject({ timeframeMs });
});

it('an unknown period names those that are, and the nearest', () => {
  expect(periodWish('M7')).toMatch(/^--period: "M7" is not allowed; allowed is M1, .*ticks\. Did/);
  expect(periodWish('tick')).toContain('Did you mean ticks?');
});

it.each([
  ['2024-10-01', '2024-10-02T03:04Z', Date.UTC(2024, 9, 1), Date.UTC(2024, 9, 2, 3, 4)],
  ['12h', undefined, Date.UTC(2024, 9, 16, 0, 30), NOW],
  ['2d', '1d', Date.UTC(2024, 9, 14), Date.UTC(2024, 9, 15)],
])('the span %s to %s', (from, to, begin, end) => {
  expect(spanWish({ from, to }, NOW)).toEqual({ from: begin, to: end });
});

it.each([
  ['yesterday', undefined, '--from: "yesterday" is not allowed; allowed is a day'],
  ['2024-02-31', undefined, '--from: "2024-02-31" is not allowed'],
  ['2024-10-01', '2024-13-01', '--to: "2024-13-01" is not allowed'],
  ['2024-10-17', undefined, '--from: 2024-10-17 00:00 UTC is in the future; now it is'],
  ['2024-10-01', '2024-10-17', '--to: 2024-10-17 00:00 UTC is in the future'],
  ['2024-10-02', '2024-10-01', 'The span is empty'],
  ['1970-01-01', undefined, 'before 1990'],
])('the span %s to %s is refused in a sentence', (from, to, words) => {
  expect(spanWish({ from, to }, NOW)).toContain(words);
});
