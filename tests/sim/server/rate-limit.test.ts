// The sliding second of a connection, and blocked types; how refusals travel is tested in
// requests.test.ts.
import { expect, it } from 'vitest';
import { SUGGESTED_SWITCHES } from '../../../src/sim/server/parameters.ts';
import { createRateLimit } from '../../../src/sim/server/rate-limit.ts';

it('slides: each request frees its place a second later, refused ones take none', () => {
  const limit = createRateLimit({ ...SUGGESTED_SWITCHES, historyPerSecond: 2 });
  const take = (now: number) => limit.take('bars', 'history', now) === undefined;
  expect([0, 600, 700, 999].map(take)).toEqual([true, true, false, false]);
  expect([1_000, 1_001, 1_599, 1_600].map(take)).toEqual([true, false, false, true]);
});

it('keeps the two buckets apart', () => {
  const limit = createRateLimit({ ...SUGGESTED_SWITCHES, historyPerSecond: 1 });
  expect(limit.take('bars', 'history', 0)).toBeUndefined();
  expect(limit.take('bars', 'history', 0)).toEqual({ code: 'REQUEST_FREQUENCY_EXCEEDED' });
  expect(limit.take('trader', 'other', 0)).toBeUndefined();
});

it('says how long a blocked type stays blocked', () => {
  const overRate = 'BLOCKED_PAYLOAD_TYPE';
  const limit = createRateLimit({ ...SUGGESTED_SWITCHES, historyPerSecond: 1, overRate });
  limit.take('bars', 'history', 0);
  expect(limit.take('bars', 'history', 1)).toEqual({ code: overRate, retryAfter: 5 });
  expect(limit.take('bars', 'history', 2_500)).toEqual({ code: overRate, retryAfter: 3 });
  expect(limit.take('deals', 'history', 2_500)).toBeUndefined();
  expect(limit.take('bars', 'history', 5_001)).toBeUndefined();
});

it('can be switched off', () => {
  const limit = createRateLimit({ ...SUGGESTED_SWITCHES, overRate: 'never', requestsPerSecond: 0 });
  expect(limit.take('trader', 'other', 0)).toBeUndefined();
});
