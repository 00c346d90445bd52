/**
 * Netted accounts: one position for each instrument. The same side adds to it, the other side
 * reduces it; what is left over turns it around, or is given up if the account may not flip.
 * Deliberately only decides which position an execution belongs to; booking is `exchange-fills.ts`.
 */
import { positionId, type Volume, volume, type Wall } from '../engine/index.ts';
import { type Fill, fillClosing, fillOpening } from './exchange-fills.ts';
import {
  closedPosition,
  copyOfOrder,
  copyOfState,
  emptyPosition,
  endedOrder,
  execution,
  positionOf,
  type Stepped,
  withEnded,
  withOrder,
  withPosition,
} from './exchange-records.ts';
import type { ExchangeState, OrderFacts, PositionFacts } from './exchange-types.ts';

/** The one position of the instrument, if the account nets and has one. */
export function netted(state: ExchangeState, instrument: string): PositionFacts | undefined {
  if (state.netting === undefined) return undefined;
  return state.positions.find(
    (position) => position.instrumentId === instrument && position.status === 'OPEN',
  );
}

interface Execute extends Omit<Fill, 'size'> {
  readonly size: Volume;
}

/** An entry on a netted account: adds, reduces, or turns around in a second part. */
export function fillNetted(state: ExchangeState, order: OrderFacts, execute: Execute): Stepped {
  const held = positionOf(state, order.positionId);
  const other = netted(state, order.instrumentId);
  if (other !== undefined && other.side !== order.side) {
    const size = volume(Math.min(execute.size, other.volume));
    return fillClosing(state, order, other, { ...execute, size });
  }
  if (other !== undefined) return fillOpening(state, order, other, execute);
  if (order.executed > 0 && state.netting === 'reduce') return giveUp(state, order, execute.time);
  if (held !== undefined) return fillOpening(state, order, held, execute);
  const fresh = freshPosition(state, order, execute.time);
  const moved = copyOfOrder(order);
  moved.positionId = fresh.id;
  const given = copyOfState(state);
  given.ids = { ...state.ids, position: state.ids.position + 1 };
  const next = withOrder(withPosition(given, fresh), moved);
  return fillOpening(next, moved, fresh, execute);
}

const freshPosition = (state: ExchangeState, order: OrderFacts, time: Wall): PositionFacts =>
  emptyPosition({
    id: positionId(String(state.ids.position)),
    instrumentId: order.instrumentId,
    side: order.side,
    updatedAt: time,
  });

function giveUp(state: ExchangeState, order: OrderFacts, time: Wall): Stepped {
  const ended = endedOrder(order, 'CANCELLED', time);
  const gone = closedPosition(freshPosition(state, order, time), time);
  gone.id = order.positionId;
  return [withEnded(state, ended), [execution('CANCELLED', ended, gone, time)]];
}
