/**
 * The mark of a request that passed the egress gate; only `risk/egress.ts` may make one (A3).
 * Deliberately a type only: there is nothing to call.
 */
declare const permitted: unique symbol;

/** `destination` is where the gate let it go: our paper exchange, or the broker itself (I19). */
export type Permitted<T> = T & {
  readonly destination: 'paper' | 'broker';
  readonly [permitted]: true;
};
