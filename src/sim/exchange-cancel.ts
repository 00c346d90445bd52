/**
 * The ways an order ends without executing: given up, cancelled on request, refused.
 * Deliberately keeps no time: who gives up a market order's rest, and when, is the caller's.
 */
import { byId } from '../engine/ids.ts';
import type { Wall } from '../engine/index.ts';
import type { Refusal } from './exchange-checks.ts';
import { protectionDue } from './exchange-fills.ts';
import { opposite } from './exchange-money.ts';
import {
  closedPosition,
  emptyPosition,
  endedOrder,
  execution,
  type Stepped,
  withEnded,
  withPosition,
} from './exchange-records.ts';
import type {
  ExchangeInput,
  ExchangeState,
  OrderFacts,
  PositionFacts,
  RefusedOutput,
} from './exchange-types.ts';

type InputOf<T extends ExchangeInput['type']> = Extract<ExchangeInput, { type: T }>;

export function refused(
  input: { readonly ref: string; readonly time: Wall },
  refusal: Refusal,
  about: Partial<Pick<RefusedOutput, 'orderId' | 'positionId'>>,
): RefusedOutput {
  return {
    type: 'refused',
    ref: input.ref,
    code: refusal.code,
    description: refusal.description,
    orderId: about.orderId,
    positionId: about.positionId,
    time: input.time,
  };
}

export const isMarket = ({ type }: OrderFacts): boolean =>
  type === 'MARKET' || type === 'MARKET_RANGE';

export function cancelRest(state: ExchangeState, input: InputOf<'cancelRest'>): Stepped {
  const order = byId(state.orders, input.orderId);
  if (order === undefined || !isMarket(order)) return [state, []];
  const { time, ref } = input;
  const ended = endedOrder(order, 'CANCELLED', time);
  const position = byId(state.positions, order.positionId);
  const shown = afterCancel(order, position, time);
  const next = withPosition(withEnded(state, ended), shown);
  const due = order.closing ? undefined : protectionDue(order);
  return [
    next,
    [execution({ execution: 'CANCELLED', ref, order: ended, position: shown, due, time })],
  ];
}

/** A position that never opened ends with its order; one already gone is shown as closed. */
function afterCancel(
  order: OrderFacts,
  position: PositionFacts | undefined,
  time: Wall,
): PositionFacts {
  if (position !== undefined && position.volume > 0) return position;
  const { positionId: id, instrumentId } = order;
  const side = opposite(order.side);
  const gone = position ?? emptyPosition({ id, instrumentId, side, updatedAt: time });
  return closedPosition(gone, time);
}

/** Pending orders only; a market order in flight cannot be called back. */
export function cancel(state: ExchangeState, input: InputOf<'cancel'>): Stepped {
  const order = byId(state.orders, input.orderId);
  if (order === undefined || isMarket(order) || order.type === 'PROTECTIVE') {
    const description = `Order not found with id ${input.orderId}`;
    const refusal: Refusal = { code: 'ORDER_NOT_FOUND', description };
    return [state, [refused(input, refusal, { orderId: input.orderId })]];
  }
  const { time, ref } = input;
  const ended = endedOrder(order, 'CANCELLED', time);
  const position = byId(state.positions, order.positionId);
  const shown = afterCancel(order, position, time);
  const next = withPosition(withEnded(state, ended), shown);
  return [next, [execution({ execution: 'CANCELLED', ref, order: ended, position: shown, time })]];
}
