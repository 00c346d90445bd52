/**
 * The rate between two currencies through a chain of symbols, as the broker names it (2119).
 * Deliberately pure: prices are handed in, and a missing one makes no rate rather than an old one.
 */

/** One symbol of the chain, in the order the broker gave it. */
export interface ChainLink {
  readonly symbolId: string;
  readonly baseAssetId: string;
  readonly quoteAssetId: string;
}

/** Raw prices, x 100 000; absent while a side was never quoted (F71). */
export type PriceOf = (symbolId: string) => number | undefined;

const PRICE_SCALE = 100_000;
/** Longer chains are not a way between currencies but a mistake. */
const CHAIN_MAX = 8;

/**
 * Units of the last asset for one unit of the first: multiplied where the asset at hand is the
 * base, divided where it is the quote. `undefined` when a price is missing or not positive, or when
 * the chain does not lead from the one to the other. An empty chain is the rate 1, and only right
 * when both assets are the same. Sources: fact sheet of the wire, section on profit and loss.
 */
export function rateThrough(
  chain: readonly ChainLink[],
  way: { readonly from: string; readonly to: string },
  priceOf: PriceOf,
): number | undefined {
  if (chain.length > CHAIN_MAX) return undefined;
  let asset = way.from;
  let rate = 1;
  for (const { symbolId, baseAssetId, quoteAssetId } of chain) {
    const raw = priceOf(symbolId);
    if (raw === undefined || !(raw > 0)) return undefined;
    const price = raw / PRICE_SCALE;
    if (asset === baseAssetId) {
      rate *= price;
      asset = quoteAssetId;
    } else if (asset === quoteAssetId) {
      rate /= price;
      asset = baseAssetId;
    } else return undefined;
  }
  return asset === way.to ? rate : undefined;
}
