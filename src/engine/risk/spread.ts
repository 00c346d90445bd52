/**
 * The spread of the present quote and the widest one an entry accepts: the configured cap, and
 * three times the median of the last quotes, whichever is less.
 * Deliberately decides nothing: the gate and the breaker SPREAD ask the same question here.
 */
import { type EngineConfig, LIMITS } from '../config.ts';
import { freshQuote } from '../market.ts';
import { usualSpread } from '../spreads.ts';
import { mulDiv, type Price } from '../units.ts';
import type { View } from './breaker-rule.ts';

export function widest(bid: Price, usual: number | undefined, config: EngineConfig): number {
  const cap = mulDiv(bid, config.spreadMaxBps, 10_000, 'floor');
  return usual === undefined || usual === 0 ? cap : Math.min(cap, usual * LIMITS.spreadMedians);
}

/** Nothing without a fresh two-sided quote of this generation (I15). */
function isWithin({ core, market, at }: View): boolean | undefined {
  const { config, link } = core;
  if (config === undefined) return undefined;
  const quote = freshQuote(market, link.generation, at.mono, config.quoteAgeMaxMs);
  if (quote === undefined) return undefined;
  return quote.ask - quote.bid <= widest(quote.bid, usualSpread(market.spreads), config);
}

export const spreadFits = (view: View): boolean => isWithin(view) === true;

/** Known and over the limit: not the same as not known. */
export const isTooWide = (view: View): boolean => isWithin(view) === false;
