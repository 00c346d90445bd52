/**
 * What the account of a backtest is worth at a price: balance and everything that is open.
 * Deliberately reads only; `worthOver` is `worthAt` of one close after the other, and no other sum.
 */
import { mulDiv, PRICE_SCALE, type Price, VOLUME_SCALE } from '../engine/index.ts';
import { listingOf, openProfitAt, scaleOf } from './exchange-money.ts';
import type { ExchangeState, PositionFacts } from './exchange-types.ts';

/** At a bid, in minor units. */
export function worthAt(state: ExchangeState, bid: number, spread: number): number {
  let total: number = state.account.balance;
  for (const held of state.positions) {
    total += openProfitAt(state, held, (held.side === 'buy' ? bid : bid + spread) as Price);
  }
  return total;
}

/** The same at the close of every bar from one up to another, written into a column. */
export function worthOver(
  state: ExchangeState,
  { close, spread }: { readonly close: Float64Array; readonly spread: number },
  bars: { readonly from: number; readonly to: number },
  into: Float64Array,
): void {
  const { from, to } = bars;
  const [held] = state.positions;
  if (held === undefined) {
    // A stretch is short: the built-in fill begins later than this ends.
    const { balance } = state.account;
    for (let bar = from; bar < to; bar += 1) into[bar] = balance;
    return;
  }
  const rate = state.positions.length === 1 ? rateOf(state, held) : undefined;
  const base = state.account.balance + held.swap + held.commission;
  const sign = held.side === 'buy' ? 1 : -1;
  const entry = held.side === 'buy' ? held.entry : held.entry - spread;
  for (let bar = from; bar < to; bar += 1) {
    const bid = close[bar] as number;
    const product = rate === undefined ? Number.NaN : sign * (bid - entry) * rate.times;
    into[bar] = Number.isSafeInteger(product)
      ? base + quotient(product, rate?.by ?? 1)
      : worthAt(state, bid, spread);
  }
}

/** By what a distance is multiplied and divided; nothing when that is no plain number. */
function rateOf(
  state: ExchangeState,
  held: PositionFacts,
): { readonly times: number; readonly by: number } | undefined {
  if (held.status !== 'OPEN') return undefined;
  const { exponent, numerator, denominator } = scaleOf(state, listingOf(state, held.instrumentId));
  const times = held.volume * numerator * 10 ** exponent;
  const by = PRICE_SCALE * VOLUME_SCALE * denominator;
  return Number.isSafeInteger(times) && Number.isSafeInteger(by) ? { times, by } : undefined;
}

/** Half away from zero; a whole quotient of safe integers is one without a rest. */
function quotient(product: number, by: number): number {
  const whole = product / by;
  return Number.isInteger(whole) ? whole : mulDiv(product, 1, by, 'away');
}
