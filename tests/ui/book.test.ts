// Readings of the snapshot that several panels share.
import { expect, it } from 'vitest';
import { wall } from '../../src/engine/index.ts';
import {
  activityItems,
  alertsOf,
  bookRows,
  decisionItems,
  loginEnd,
  topIndex,
} from '../../src/ui/book.ts';
import { NOON, order, position, quiet } from '../support/builders-snapshot.ts';
import { SITUATIONS } from '../support/situations-snapshot.ts';

it('lists positions first, then only orders whose outcome is open', () => {
  const snapshot = quiet({
    positions: [position()],
    orders: [order(), order({ state: 'FILLED', working: false })],
  });
  expect(bookRows(snapshot).map((row) => row.type)).toEqual(['position', 'order']);
  expect(bookRows(undefined)).toEqual([]);
});

it('puts the newest first and filters without regard to case', () => {
  const items = decisionItems(quiet(), 'SENTIMENT');
  expect(items.length).toBeGreaterThan(2);
  expect(items.every(({ item }) => item.blockedBy === 'sentiment')).toBe(true);
  const [first, second] = activityItems(quiet(), '');
  expect(first?.at).toBeGreaterThan(second?.at ?? Number.POSITIVE_INFINITY);
});

it('finds the place of an anchor that is no longer there', () => {
  const items = [9, 7, 5].map((at) => ({ at, item: at }));
  expect([undefined, 9, 8, 5, 1].map((anchor) => topIndex(items, anchor))).toEqual([0, 0, 1, 2, 2]);
  expect(topIndex([], 5)).toBe(0);
});

it('says the worst first: no stop, unknown, tripped, then the link (F116)', () => {
  const texts = alertsOf(SITUATIONS.tripped()).map((alert) => alert.text);
  expect(texts[0]).toContain('NO STOP');
  expect(texts.join(' ')).toContain('DAILY_LOSS tripped');
  expect(alertsOf(SITUATIONS.unknown())[0]?.text).toContain('UNKNOWN');
  expect(alertsOf(quiet())).toEqual([]);
});

it.each([
  ['three days before, as renewing is due', 3 * 86_400_000, 'ends in 3 d 0 h', 0],
  ['with less than a day, as renewing has failed', 3_600_000 * 5, 'ends in 5 h 0 min', 1],
  ['after its end', -1, 'has ended', 1],
])('tells the end of the login: %s (F94)', (_when, left, words, alerts) => {
  const snapshot = quiet({ login: { expiresAt: wall(NOON + left) } });
  expect(loginEnd(snapshot)?.words).toBe(words);
  expect(alertsOf(snapshot).map(({ short }) => short)).toHaveLength(alerts);
});

it('says nothing about the end of a login nobody knows (I18)', () => {
  expect(loginEnd(quiet())).toBeUndefined();
});
