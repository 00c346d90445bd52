/**
 * The mark of a request that passed the egress gate; only `risk/egress.ts` may make one (A3).
 * Deliberately a type only: there is nothing to call.
 */
declare const permitted: unique symbol;
export type Permitted<T> = T & { readonly [permitted]: true };
