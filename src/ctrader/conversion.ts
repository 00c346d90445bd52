/**
 * The rate between two currencies through a chain of symbols, as the broker names it (2119).
 * Deliberately pure: prices are handed in, and a missing one makes no rate rather than an old one.
 */
import type { ConversionStep, Price } from '../engine/index.ts';

/** One symbol of the chain, in the order the broker gave it. */
export interface ChainLink {
  readonly symbolId: string;
  readonly baseAssetId: string;
  readonly quoteAssetId: string;
}

interface Way {
  readonly from: string;
  readonly to: string;
}

/** What is known of a symbol's quote; an absent side was never quoted (F71). */
export interface Sides {
  readonly bid: Price | undefined;
  readonly ask: Price | undefined;
}

/** Raw prices, x 100 000; absent while a side was never quoted (F71). */
export type PriceOf = (symbolId: string) => number | undefined;

const PRICE_SCALE = 100_000;
/** Longer chains are not a way between currencies but a mistake. */
const CHAIN_MAX = 8;

/** The symbols of a chain with the way each is taken; nothing when it leads elsewhere. */
function walk(
  chain: readonly ChainLink[],
  way: Way,
): readonly { readonly symbolId: string; readonly inverted: boolean }[] | undefined {
  if (chain.length > CHAIN_MAX) return undefined;
  let asset = way.from;
  const steps: { symbolId: string; inverted: boolean }[] = [];
  for (const { symbolId, baseAssetId, quoteAssetId } of chain) {
    const inverted = asset !== baseAssetId;
    if (inverted && asset !== quoteAssetId) return undefined;
    asset = inverted ? baseAssetId : quoteAssetId;
    steps.push({ symbolId, inverted });
  }
  return asset === way.to ? steps : undefined;
}

/**
 * Units of the last asset for one unit of the first: multiplied where the asset at hand is the
 * base, divided where it is the quote. `undefined` when a price is missing or not positive, or when
 * the chain does not lead from the one to the other. An empty chain is the rate 1, and only right
 * when both assets are the same. Sources: fact sheet of the wire, section on profit and loss.
 */
export function rateThrough(
  chain: readonly ChainLink[],
  way: Way,
  priceOf: PriceOf,
): number | undefined {
  const steps = walk(chain, way);
  if (steps === undefined) return undefined;
  let rate = 1;
  for (const { symbolId, inverted } of steps) {
    const raw = priceOf(symbolId);
    if (raw === undefined || !(raw > 0)) return undefined;
    rate = inverted ? rate / (raw / PRICE_SCALE) : rate * (raw / PRICE_SCALE);
  }
  return rate;
}

/** The same chain with both sides of every quote; `undefined` also where a side is missing. */
export function stepsThrough(
  chain: readonly ChainLink[],
  way: Way,
  quoteOf: (symbolId: string) => Sides | undefined,
): readonly ConversionStep[] | undefined {
  const steps: ConversionStep[] = [];
  for (const { symbolId, inverted } of walk(chain, way) ?? []) {
    const sides = quoteOf(symbolId);
    if (sides?.bid === undefined || sides.ask === undefined) return undefined;
    steps.push({ bid: sides.bid, ask: sides.ask, inverted });
  }
  return steps.length === 0 ? undefined : steps;
}
