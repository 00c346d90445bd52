/**
 * The synthetic palm-oil market: quotes by seed, calibrated to what FCPO really did.
 * Deliberately without drift, trend or mean reversion: a strategy's profit here is chance.
 */
export type { Market, MarketTick } from './market-types.ts';
