/** Sizing: never above the budget, always on the grid, never raised to a minimum. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EngineConfig } from '../../../src/engine/config.ts';
import type { Chain } from '../../../src/engine/conversion.ts';
import type { Account, Instrument } from '../../../src/engine/model.ts';
import {
  isTooSmall,
  marginOf,
  type SizingInput,
  sizeEntry,
} from '../../../src/engine/risk/sizing.ts';
import { money, price, tickSize, volume, worth } from '../../../src/engine/units.ts';
import { ACCOUNT, CONFIG, FCPO, ringgit } from '../../support/engine.ts';

interface Parts {
  readonly config?: Partial<EngineConfig>;
  readonly instrument?: Partial<Instrument>;
  readonly account?: Partial<Account>;
  readonly equity?: number;
  readonly usedMargin?: number;
  readonly at?: number;
  readonly chain?: Chain | undefined;
}

const input = (parts: Parts = {}): SizingInput => ({
  config: { ...CONFIG, ...parts.config },
  instrument: { ...FCPO, ...parts.instrument },
  account: { ...ACCOUNT, ...parts.account },
  equity: money(parts.equity ?? 5_000_000),
  usedMargin: money(parts.usedMargin ?? 0),
  at: price(parts.at ?? ringgit(4_602)),
  chain: 'chain' in parts ? parts.chain : [],
});

describe('sizeEntry', () => {
  it('by hand: 1 % of 50 000 at a stop of 70 ringgit a tonne is 7 tonnes (F41)', () => {
    // 4602 x 1.5 % = 69.03, away from the market: 70; 500.00 / 70.00 = 7.14; target 92.04: 92.
    expect(sizeEntry(input())).toEqual({
      ok: true,
      volume: 700,
      stopDistance: ringgit(70),
      targetDistance: ringgit(92),
      risk: 49_000,
      at: ringgit(4_602),
    });
  });

  it('stays within the budget and on the step through any chain of rates (F41 F60)', () => {
    const rate = fc
      .record({
        bid: fc.integer({ min: 1_000, max: 10 ** 8 }),
        spread: fc.integer({ min: 0, max: 10_000 }),
        inverted: fc.boolean(),
      })
      .map(({ bid, spread, inverted }) => ({
        bid: price(bid),
        ask: price(bid + spread),
        inverted,
      }));
    const chains = fc.array(rate, { minLength: 1, maxLength: 3 });
    const equities = fc.integer({ min: 0, max: 10 ** 9 });
    let sized = 0;
    fc.assert(
      fc.property(chains, equities, fc.integer({ min: 1, max: 500 }), (chain, equity, riskBps) => {
        const sizing = sizeEntry(input({ chain, equity, config: { riskBps } }));
        if (!sizing.ok) return;
        sized += 1;
        // At the worse side of every quote, without the program's own rounding.
        const loss = chain.reduce(
          (sum, { bid, ask, inverted }) => (inverted ? sum / (bid / 1e5) : sum * (ask / 1e5)),
          worth(sizing.stopDistance, sizing.volume, 2, 'ceil') as number,
        );
        expect(loss).toBeLessThanOrEqual(((equity * riskBps) / 10_000) * (1 + 1e-9));
        expect(sizing.volume % FCPO.stepVolume).toBe(0);
      }),
      { seed: 41, numRuns: 2_000 },
    );
    expect(sized).toBeGreaterThan(100);
  });

  it('never risks above the budget, stays on every grid, or does not trade (F40 F41 I16)', () => {
    const arbitrary = fc.record({
      equity: fc.integer({ min: -1_000_000, max: 10 ** 10 }),
      usedMargin: fc.integer({ min: 0, max: 10 ** 9 }),
      at: fc.integer({ min: 1, max: 10 ** 10 }),
      digits: fc.integer({ min: 0, max: 5 }),
      step: fc.integer({ min: 1, max: 5_000 }),
      minSteps: fc.integer({ min: 1, max: 50 }),
      max: fc.integer({ min: 1, max: 10 ** 7 }),
      riskBps: fc.integer({ min: 1, max: 500 }),
      stopLossBps: fc.integer({ min: 1, max: 2_000 }),
      takeProfitBps: fc.integer({ min: 1, max: 5_000 }),
      exponent: fc.integer({ min: 0, max: 4 }),
      leverageCents: fc.integer({ min: 100, max: 50_000 }),
      distanceMin: fc.integer({ min: 0, max: 10 ** 6 }),
    });
    fc.assert(
      fc.property(arbitrary, (one) => {
        const given = input({
          equity: one.equity,
          usedMargin: one.usedMargin,
          at: one.at,
          config: {
            riskBps: one.riskBps,
            stopLossBps: one.stopLossBps,
            takeProfitBps: one.takeProfitBps,
          },
          instrument: {
            digits: one.digits,
            stepVolume: volume(one.step),
            minVolume: volume(one.minSteps * one.step),
            maxVolume: volume(one.max),
            stopDistanceMin: price(one.distanceMin),
            targetDistanceMin: price(one.distanceMin),
          },
          account: { exponent: one.exponent, leverageCents: one.leverageCents },
        });
        const sized = sizeEntry(given);
        if (!sized.ok) {
          expect(sized.reason.length).toBeGreaterThan(5);
          return;
        }
        const tick = tickSize(one.digits);
        expect(worth(sized.stopDistance, sized.volume, one.exponent, 'ceil')).toBe(sized.risk);
        expect(BigInt(sized.risk) * 10_000n <= BigInt(one.equity) * BigInt(one.riskBps)).toBe(true);
        expect([
          sized.volume % one.step,
          sized.stopDistance % tick,
          sized.targetDistance % tick,
        ]).toEqual([0, 0, 0]);
        expect(sized.volume).toBeGreaterThanOrEqual(one.minSteps * one.step);
        expect(sized.volume).toBeLessThanOrEqual(one.max);
        expect(sized.stopDistance * 10_000).toBeGreaterThanOrEqual(one.at * one.stopLossBps);
        expect(sized.targetDistance * 10_000).toBeLessThanOrEqual(one.at * one.takeProfitBps);
        expect(Math.min(sized.stopDistance, sized.targetDistance)).toBeGreaterThanOrEqual(
          Math.max(one.distanceMin, tick),
        );
        expect(marginOf(given, sized.volume, [])).toBeLessThanOrEqual(one.equity - one.usedMargin);
      }),
      { numRuns: 3_000 },
    );
  });

  const refusals: readonly (readonly [string, Parts, string])[] = [
    ['below the minimum is no trade, never raised', { equity: 69_00 * 100 - 1 + 100 }, 'minimum'],
    ['no equity', { equity: 0 }, 'budget'],
    ['a negative equity', { equity: -5 }, 'budget'],
    ['no free margin', { usedMargin: 4_999_999 }, 'margin'],
    ['a currency without a rate', { account: { currency: 'USD' }, chain: undefined }, 'MYR to USD'],
    ['a stop closer than allowed', { instrument: { stopDistanceMin: ringgit(71) } }, 'stop'],
    ['a target closer than allowed', { instrument: { targetDistanceMin: ringgit(93) } }, 'target'],
    ['distances below one tick', { at: 100_000 }, 'tick'],
  ];
  it.each(refusals)('refuses %s (F40 F41 F60 I32)', (_name, parts, words) => {
    const sized = sizeEntry(input(parts));
    expect(sized).toMatchObject({ ok: false, reason: expect.stringContaining(words) });
  });

  it('clips to the maximum, on the grid (F41)', () => {
    const sized = sizeEntry(input({ equity: 10 ** 9, instrument: { maxVolume: volume(1_250) } }));
    expect(sized).toMatchObject({ ok: true, volume: 1_200 });
  });

  it('takes the margin at the leverage, and 1:1 for a leverage it was not told', () => {
    expect(marginOf(input(), volume(700), [])).toBe(161_070);
    expect(marginOf(input({ account: { leverageCents: 0 } }), volume(700), [])).toBe(3_221_400);
  });
});

describe('isTooSmall', () => {
  const accounts = fc.record({
    equity: fc.integer({ min: 0, max: 5_000_000 }),
    usedMargin: fc.constantFrom(0, 100_000),
    riskBps: fc.integer({ min: 1, max: 100 }),
  });
  const prices = fc.integer({ min: 1, max: ringgit(20_000) });

  it('says what is denied at this price and at every higher one (F41)', () => {
    const seen = { small: 0, paid: 0 };
    fc.assert(
      fc.property(accounts, prices, prices, ({ riskBps, ...account }, at, more) => {
        const parts = { ...account, config: { riskBps } };
        const small = isTooSmall(input({ ...parts, at }));
        if (sizeEntry(input({ ...parts, at })).ok) {
          seen.paid += 1;
          expect(small).toBe(false);
        }
        if (!small) return;
        seen.small += 1;
        expect(sizeEntry(input({ ...parts, at })).ok).toBe(false);
        expect(sizeEntry(input({ ...parts, at: at + more })).ok).toBe(false);
        expect(isTooSmall(input({ ...parts, at: at + more }))).toBe(true);
      }),
      { numRuns: 500 },
    );
    expect(Math.min(seen.small, seen.paid)).toBeGreaterThan(20);
  });

  it('leaves to the size what is no question of the budget (I32)', () => {
    expect(isTooSmall(input({ chain: undefined }))).toBe(false);
    expect(isTooSmall(input({ equity: 0 }))).toBe(false);
    expect(isTooSmall(input({ at: 1 }))).toBe(false);
  });
});
