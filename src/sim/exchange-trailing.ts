/**
 * Stops that follow the price: the distance is fixed when trailing is switched on, the server moves
 * the stop in the favourable direction only.
 * Deliberately leaves the position's time stamp alone, as the real server does (fact 74).
 */
import { type Price, price, snapPrice, type Wall } from '../engine/index.ts';
import { protectiveOf } from './exchange-fills.ts';
import { closingPrice, listingOf } from './exchange-money.ts';
import { copyOfOrder, copyOfPosition, withOrder, withPosition } from './exchange-records.ts';
import type { ExchangeOutput, ExchangeState, PositionFacts } from './exchange-types.ts';

/** Distance of the stop from the price a close would get now. */
export function trailingDistance(state: ExchangeState, position: PositionFacts): Price | undefined {
  const now = closingPrice(state, position);
  if (now === undefined || position.stop === undefined) return undefined;
  return price(Math.abs(now - position.stop));
}

/** Moves every trailing stop of the instrument; one output for each move, no execution event. */
export function trail(
  state: ExchangeState,
  instrument: string,
  time: Wall,
  outputs: ExchangeOutput[],
): ExchangeState {
  let next = state;
  for (const position of state.positions) {
    const { stop, trailing } = position;
    if (position.instrumentId !== instrument || position.status !== 'OPEN') continue;
    if (trailing === undefined || stop === undefined) continue;
    const now = closingPrice(next, position);
    const protective = protectiveOf(next, position);
    if (now === undefined || protective === undefined) continue;
    const long = position.side === 'buy';
    const { digits } = listingOf(next, instrument).instrument;
    const raw = price(long ? now - trailing : now + trailing);
    const level = snapPrice(raw, digits, long ? 'floor' : 'ceil');
    if (long ? level <= stop : level >= stop) continue;
    const moved = copyOfPosition(position);
    moved.stop = level;
    const order = copyOfOrder(protective);
    order.stopPrice = level;
    next = withPosition(withOrder(next, order), moved);
    outputs.push({ type: 'trailing', position: moved, order, time });
  }
  return next;
}
