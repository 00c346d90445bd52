/**
 * The sliding minute, rests with full jitter, the daily cap (I28, I29).
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mono, wall } from '../../src/engine/index.ts';
import { createMoneyCap, createRateWindow, createRestLadder } from '../../src/sentiment/limits.ts';

describe('the rate window', () => {
  it('never lets more than its limit into any 60 s (I29)', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 9_000 }), { maxLength: 200 }), (steps) => {
        const window = createRateWindow(10);
        const taken: number[] = [];
        let now = 0;
        for (const step of steps) {
          now += step;
          if (window.take(mono(now))) taken.push(now);
          expect(taken.filter((at) => at > now - 60_000).length).toBeLessThanOrEqual(10);
        }
      }),
    );
  });

  it('frees a place after exactly a minute', () => {
    const window = createRateWindow(1);
    expect(window.take(mono(0))).toBe(true);
    expect(window.take(mono(59_999))).toBe(false);
    expect(window.take(mono(60_000))).toBe(true);
  });
});

describe('the rest after failures', () => {
  it('starts at 30 s and its range doubles to 300 s', () => {
    const high = createRestLadder(() => 0.999_999);
    const rests = [1, 2, 3, 4, 5].map(() => high.failed(mono(0), undefined, false));
    expect(rests.map((rest) => Math.round(rest / 1_000))).toEqual([60, 120, 240, 300, 300]);
    const low = createRestLadder(() => 0);
    expect([1, 2, 3, 4].map(() => low.failed(mono(0), undefined, false))).toEqual([
      30_000, 30_000, 30_000, 30_000,
    ]);
  });

  it('obeys retry-after when it is longer, and rests longest after a definitive refusal', () => {
    const ladder = createRestLadder(() => 0);
    expect(ladder.failed(mono(0), 900_000, false)).toBe(900_000);
    expect(ladder.failed(mono(0), 1, false)).toBe(30_000);
    expect(ladder.failed(mono(0), undefined, true)).toBe(300_000);
  });

  it('counts down and is over after a success', () => {
    const ladder = createRestLadder(() => 0);
    ladder.failed(mono(1_000), undefined, false);
    expect(ladder.remaining(mono(11_000))).toBe(20_000);
    expect(ladder.remaining(mono(31_000))).toBe(0);
    ladder.failed(mono(40_000), undefined, false);
    ladder.succeeded();
    expect(ladder.remaining(mono(40_000))).toBe(0);
  });
});

describe('the daily cap', () => {
  const noon = Date.UTC(2025, 0, 15, 12);
  const cap = (spent: number) =>
    createMoneyCap({ capMicros: 100, spentTodayMicros: spent, startedAt: wall(noon) });

  it('reserves before asking and keeps the difference', () => {
    const money = cap(0);
    expect(money.reserve(wall(noon), 60)).toBe(true);
    expect(money.reserve(wall(noon), 60)).toBe(false);
    money.settle(60, 5);
    expect(money.reserve(wall(noon), 60)).toBe(true);
    expect(money.spentMicros(wall(noon))).toBe(65);
  });

  it('remembers what was spent before a restart and opens with the next UTC day only', () => {
    const money = cap(100);
    expect(money.reserve(wall(noon), 1)).toBe(false);
    expect(money.reserve(wall(noon - 86_400_000), 1)).toBe(false);
    expect(money.reserve(wall(noon + 43_200_000), 1)).toBe(true);
    expect(money.reserve(wall(noon), 100)).toBe(false);
  });

  it('never refuses what is free', () => {
    expect(cap(200).reserve(wall(noon), 0)).toBe(true);
  });
});
