// Rates through chains of symbols; the numbers are worked out by hand.
import { describe, expect, it } from 'vitest';
import { type ChainLink, rateThrough } from '../../src/ctrader/conversion.ts';

const [MYR, USD, EUR] = ['1', '2', '3'];
const EURUSD: ChainLink = { symbolId: '11', baseAssetId: EUR, quoteAssetId: USD };
const USDMYR: ChainLink = { symbolId: '12', baseAssetId: USD, quoteAssetId: MYR };
const PRICES: Readonly<Record<string, number>> = { '11': 113_666, '12': 440_000 };
const priceOf = (symbolId: string) => PRICES[symbolId];

describe('the rate through a chain', () => {
  it('multiplies where the currency at hand is the base', () => {
    const way = { from: EUR, to: MYR };
    expect(rateThrough([EURUSD, USDMYR], way, priceOf)).toBeCloseTo(1.13666 * 4.4, 10);
  });

  it('divides where it is the quote', () => {
    const way = { from: MYR, to: EUR };
    expect(rateThrough([USDMYR, EURUSD], way, priceOf)).toBeCloseTo(1 / 4.4 / 1.13666, 10);
  });

  it('the recorded conversion: -23.06 euro of profit are -26.21 dollars', () => {
    const rate = rateThrough([EURUSD], { from: EUR, to: USD }, priceOf) ?? 0;
    expect(Math.round((25_471.24 - 25_494.3) * rate * 100)).toBe(-2_621);
  });

  it('is 1 for the same currency, and nothing else without a chain', () => {
    expect(rateThrough([], { from: MYR, to: MYR }, priceOf)).toBe(1);
    expect(rateThrough([], { from: MYR, to: USD }, priceOf)).toBeUndefined();
  });

  it('F71 is unknown while a price is missing or is none', () => {
    const way = { from: EUR, to: MYR };
    expect(rateThrough([EURUSD, USDMYR], way, () => undefined)).toBeUndefined();
    for (const raw of [0, -1, Number.NaN]) {
      expect(rateThrough([EURUSD, USDMYR], way, () => raw)).toBeUndefined();
    }
  });

  it('F16 is unknown when the chain leads nowhere or has no end', () => {
    expect(rateThrough([USDMYR], { from: EUR, to: MYR }, priceOf)).toBeUndefined();
    expect(rateThrough([EURUSD], { from: EUR, to: MYR }, priceOf)).toBeUndefined();
    const endless = Array.from({ length: 9 }, () => EURUSD);
    expect(rateThrough(endless, { from: EUR, to: USD }, priceOf)).toBeUndefined();
  });
});
