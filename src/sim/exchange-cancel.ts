/**
 * The ways an order ends without executing: given up, cancelled on request, refused.
 * Deliberately keeps no time: who gives up a market order's rest, and when, is the caller's.
 */
import type { Wall } from '../engine/index.ts';
import type { Refusal } from './exchange-checks.ts';
import { protectionDue } from './exchange-fills.ts';
import { opposite } from './exchange-money.ts';
import {
  closedPosition,
  emptyPosition,
  endedOrder,
  execution,
  orderOf,
  positionOf,
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
  const order = orderOf(state, input.orderId);
  if (order === undefined || !isMarket(order)) return [state, []];
  const { time, ref } = input;
  const ended = endedOrder(order, 'CANCELLED', time);
  const position = positionOf(state, order.positionId);
  const shown = afterCancel(order, position, time);
  const next = withPosition(withEnded(state, ended), shown);
  const event = execution('CANCELLED', ended, shown, time);
  event.ref = ref;
  if (!order.closing) event.due = protectionDue(order);
  return [next, [event]];
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
  const order = orderOf(state, input.orderId);
  if (order === undefined || isMarket(order) || order.type === 'PROTECTIVE') {
    const description = `Order not found with id ${input.orderId}`;
    const refusal: Refusal = { code: 'ORDER_NOT_FOUND', description };
    return [state, [refused(input, refusal, { orderId: input.orderId })]];
  }
  const { time, ref } = input;
  const ended = endedOrder(order, 'CANCELLED', time);
  const position = positionOf(state, order.positionId);
  const shown = afterCancel(order, position, time);
  const next = withPosition(withEnded(state, ended), shown);
  const event = execution('CANCELLED', ended, shown, time);
  event.ref = ref;
  return [next, [event]];
}
