/**
 * What the simulated account is worth: open profit, equity, used and free margin.
 * Deliberately only reads; the balance itself changes in one place, where a closing deal is booked.
 */
import { assert, type Money, money, type Price, price, type Side } from '../engine/index.ts';
import { type MoneyScale, marginOf, worthInDeposit } from './costs.ts';
import type { ExchangeState, LastQuote, Listing, PositionFacts } from './exchange-types.ts';

/** How an instrument is traded, if it is listed. */
export function listedAs(state: ExchangeState, instrumentId: string): Listing | undefined {
  const { listings } = state;
  let at = 0;
  while (at < listings.length && listings[at]?.instrument.id !== instrumentId) at += 1;
  return listings[at];
}

export function listingOf(state: ExchangeState, instrumentId: string): Listing {
  const listing = listedAs(state, instrumentId);
  if (listing === undefined) assert(false, `instrument ${instrumentId} is not listed`);
  return listing;
}

/** The last known prices of an instrument, if it was quoted. */
export function quotedAt({ quotes }: ExchangeState, instrumentId: string): LastQuote | undefined {
  let at = 0;
  while (at < quotes.length && quotes[at]?.id !== instrumentId) at += 1;
  return quotes[at];
}

export const scaleOf = (state: ExchangeState, listing: Listing): MoneyScale => ({
  exponent: state.account.exponent,
  numerator: listing.quoteToDeposit.numerator,
  denominator: listing.quoteToDeposit.denominator,
});

/** A buyer pays the ask, a seller receives the bid. */
export const tradedAt = (quote: LastQuote | undefined, side: Side): Price | undefined =>
  side === 'buy' ? quote?.ask : quote?.bid;

export const opposite = (side: Side): Side => (side === 'buy' ? 'sell' : 'buy');

/** The price a close would get now; absent while that side was never quoted. */
export const closingPrice = (state: ExchangeState, position: PositionFacts): Price | undefined =>
  tradedAt(quotedAt(state, position.instrumentId), opposite(position.side));

/** Distance in favour of the position from its entry. */
export const favour = (side: Side, entry: Price, now: Price): Price =>
  price(side === 'buy' ? now - entry : entry - now);

/**
 * Gross, with the opening commission and swap; the closing commission is not in it, as at the
 * broker.
 */
export function openProfit(state: ExchangeState, position: PositionFacts): Money {
  return openProfitAt(state, position, closingPrice(state, position) ?? position.entry);
}

/** The same at a closing price of one's own. */
export function openProfitAt(state: ExchangeState, position: PositionFacts, now: Price): Money {
  if (position.status !== 'OPEN') return money(0);
  const listing = listingOf(state, position.instrumentId);
  const distance = favour(position.side, position.entry, now);
  const gross = worthInDeposit(distance, position.volume, scaleOf(state, listing));
  return money(gross + position.swap + position.commission);
}

export function equityOf(state: ExchangeState): Money {
  let total: number = state.account.balance;
  for (const position of state.positions) total += openProfit(state, position);
  return money(total);
}

/** Of open positions; accepted but unfilled entries hold theirs too. */
export function usedMarginOf(state: ExchangeState): Money {
  let total = 0;
  for (const position of state.positions) total += position.usedMargin;
  for (const order of state.orders) {
    if ((order.type !== 'MARKET' && order.type !== 'MARKET_RANGE') || order.closing) continue;
    const at = tradedAt(quotedAt(state, order.instrumentId), order.side);
    if (at === undefined) continue;
    const scale = scaleOf(state, listingOf(state, order.instrumentId));
    const rest = (order.volume - order.executed) as typeof order.volume;
    total += marginOf(at, rest, state.account.leverageCents, scale);
  }
  return money(total);
}

export const freeMarginOf = (state: ExchangeState): Money =>
  money(equityOf(state) - usedMarginOf(state));
