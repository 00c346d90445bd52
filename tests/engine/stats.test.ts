/** A short trading life computed by hand. */
import { describe, expect, it } from 'vitest';
import { initialState } from '../../src/engine/state.ts';
import { countTrade, profitFactor, winRateBps, withCash } from '../../src/engine/stats.ts';
import { money } from '../../src/engine/units.ts';

const NONE = initialState().core.stats;

function live(results: readonly number[], opening: number) {
  let balance = opening;
  return results.reduce((stats, net) => {
    balance += net;
    return countTrade(stats, money(net), money(balance));
  }, NONE);
}

describe('stats', () => {
  it('by hand: +500 -200 -300 0 +1000 -400 from 10 000 (F61)', () => {
    // Balances 10500 10300 10000 10000 11000 10600; deepest fall 10500 to 10000.
    const stats = live([500, -200, -300, 0, 1_000, -400], 10_000);
    expect(stats).toEqual({
      trades: 6,
      wins: 2,
      losses: 3,
      grossProfit: 1_500,
      grossLoss: -900,
      netProfit: 600,
      peakBalance: 11_000,
      maxDrawdown: 500,
      maxDrawdownBps: 476,
    });
    expect(winRateBps(stats)).toBe(3_333);
    expect(profitFactor(stats)).toBeCloseTo(1.6667, 4);
  });

  it('a first trade that loses falls from the opening balance', () => {
    expect(live([-250], 10_000)).toMatchObject({
      peakBalance: 10_000,
      maxDrawdown: 250,
      maxDrawdownBps: 250,
    });
  });

  it('cash between trades moves the peak with it; before the first trade there is none', () => {
    const won = live([500], 10_000);
    const poorer = withCash(won, money(-4_000));
    const lost = countTrade(poorer, money(-100), money(6_400));
    expect(lost).toMatchObject({ peakBalance: 6_500, maxDrawdown: 100 });
    expect(withCash(NONE, money(700))).toBe(NONE);
  });

  it('says nothing it cannot divide by (F59 I18)', () => {
    expect(winRateBps(NONE)).toBeUndefined();
    expect(profitFactor(live([100], 1_000))).toBeUndefined();
    expect(profitFactor(live([-100], 1_000))).toBe(0);
  });
});
