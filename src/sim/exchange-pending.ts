/**
 * Orders that wait for their price: placed, replaced, triggered, expired.
 * Deliberately no check of margin when they are placed: money is asked for when they execute, and
 * an order that finds none is cancelled.
 */
import {
  brokerOrderId,
  type Instrument,
  type Price,
  positionId,
  tickSize,
  type Wall,
} from '../engine/index.ts';
import { marginOf, slipped } from './costs.ts';
import { positionMissing, type Refusal, refuseOrder } from './exchange-checks.ts';
import { fillOpening } from './exchange-fills.ts';
import { freeMarginOf, listingOf, quotedAt, scaleOf, tradedAt } from './exchange-money.ts';
import {
  acceptedOrder,
  closedPosition,
  copyOfOrder,
  type Draft,
  emptyPosition,
  endedOrder,
  execution,
  orderOf,
  positionOf,
  type Stepped,
  withAccepted,
  withEnded,
  withOrder,
  withPosition,
} from './exchange-records.ts';
import type {
  ExchangeOutput,
  ExchangeState,
  ExecutionOutput,
  OrderFacts,
  PlaceInput,
  RefusedOutput,
  ReplaceInput,
} from './exchange-types.ts';

/** Which orders wait for a price. */
export const isPending = ({ type }: OrderFacts): boolean =>
  type === 'LIMIT' || type === 'STOP' || type === 'STOP_LIMIT';

export function hasPending(orders: readonly OrderFacts[]): boolean {
  for (const order of orders) if (isPending(order)) return true;
  return false;
}

const refusedOutput = (
  input: { readonly ref: string; readonly time: Wall },
  { code, description }: Refusal,
  orderId?: OrderFacts['id'],
): RefusedOutput => ({
  type: 'refused',
  ref: input.ref,
  code,
  description,
  orderId,
  positionId: undefined,
  time: input.time,
});

const expiryDue = (order: OrderFacts): ExecutionOutput['due'] =>
  order.expiresAt === undefined
    ? undefined
    : { type: 'expire', orderId: order.id, at: order.expiresAt };

/** What both forms of a pending order may carry: what is not stated is absent. */
function writeTerms(order: Draft<OrderFacts>, input: PlaceInput | ReplaceInput): void {
  order.timeInForce = input.expiresAt === undefined ? 'GTC' : 'GTD';
  order.volume = input.volume;
  order.limitPrice = input.limitPrice;
  order.stopPrice = input.stopPrice;
  order.slippageMax = input.slippageMax;
  order.expiresAt = input.expiresAt;
  order.stopDistance = input.stopDistance;
  order.targetDistance = input.targetDistance;
  order.stopLevel = input.stopLevel;
  order.targetLevel = input.targetLevel;
}

/** Row 7: accepted, with an empty CREATED position, and nothing else until its price comes. */
export function place(state: ExchangeState, input: PlaceInput): Stepped {
  const refusal = refusePending(state, input);
  if (refusal !== undefined) return [state, [refusedOutput(input, refusal)]];
  const { time } = input;
  const { label, comment } = input;
  const position = emptyPosition({
    id: positionId(String(state.ids.position)),
    instrumentId: input.instrumentId,
    side: input.side,
    updatedAt: time,
  });
  position.label = label;
  position.comment = comment;
  const order = acceptedOrder({
    id: brokerOrderId(String(state.ids.order)),
    positionId: position.id,
    instrumentId: input.instrumentId,
    type: input.kind,
    timeInForce: 'GTC',
    side: input.side,
    volume: input.volume,
    closing: false,
    label,
    comment,
    time,
  });
  writeTerms(order, input);
  order.clientOrderId = input.clientOrderId;
  const next = withAccepted(state, order, position);
  const event = execution('ACCEPTED', order, position, time);
  event.ref = input.ref;
  event.due = expiryDue(order);
  const outputs: ExchangeOutput[] = [event];
  return [triggerPending(next, input.instrumentId, time, outputs), outputs];
}

/** Row 10: everything is sent again; what is left out is gone. Same order id, position CREATED. */
export function replace(state: ExchangeState, input: ReplaceInput): Stepped {
  const order = orderOf(state, input.orderId);
  if (order === undefined || !isPending(order)) {
    const description = `Order not found with id ${input.orderId}`;
    const refusal: Refusal = { code: 'ORDER_NOT_FOUND', description };
    return [state, [refusedOutput(input, refusal, input.orderId)]];
  }
  const asked = { ...input, instrumentId: order.instrumentId, side: order.side, kind: order.type };
  const refusal = refusePending(state, asked);
  if (refusal !== undefined) return [state, [refusedOutput(input, refusal, input.orderId)]];
  const replaced = copyOfOrder(order);
  writeTerms(replaced, input);
  replaced.updatedAt = input.time;
  const position = positionOf(state, order.positionId);
  if (position === undefined) {
    return [state, [refusedOutput(input, positionMissing(order.positionId), input.orderId)]];
  }
  const { ref, time } = input;
  const event = execution('REPLACED', replaced, position, time);
  event.ref = ref;
  event.due = expiryDue(replaced);
  const outputs: ExchangeOutput[] = [event];
  const next = withOrder(state, replaced);
  return [triggerPending(next, order.instrumentId, time, outputs), outputs];
}

/** Row 12: its time has come. An order that was given another time meanwhile is left alone. */
export function expire(
  state: ExchangeState,
  input: { readonly orderId: OrderFacts['id']; readonly time: Wall },
): Stepped {
  const order = orderOf(state, input.orderId);
  if (order?.expiresAt === undefined || order.expiresAt > input.time) return [state, []];
  return end(state, order, 'EXPIRED', input.time);
}

function end(
  state: ExchangeState,
  order: OrderFacts,
  status: 'EXPIRED' | 'CANCELLED',
  time: Wall,
): Stepped {
  const position = positionOf(state, order.positionId);
  if (position === undefined) return [state, []];
  const ended = endedOrder(order, status, time);
  const kept = position.volume > 0;
  const shown = kept ? position : closedPosition(position, time);
  const next = withPosition(withEnded(state, ended), shown);
  const event = execution(status, ended, shown, time);
  event.serverEvent = true;
  return [next, [event]];
}

type Reach = 'no' | 'yes' | 'beyond';

/** Entries: a buyer pays the ask, a seller receives the bid; gaps fill at the market (4.9). */
function reach(order: OrderFacts, now: Price): Reach {
  const { limitPrice, stopPrice, slippageMax } = order;
  const buys = order.side === 'buy';
  if (order.type === 'LIMIT') {
    if (limitPrice === undefined) return 'no';
    return (buys ? now <= limitPrice : now >= limitPrice) ? 'yes' : 'no';
  }
  if (stopPrice === undefined) return 'no';
  const past = buys ? now - stopPrice : stopPrice - now;
  if (past < 0) return 'no';
  return order.type === 'STOP_LIMIT' && past > (slippageMax ?? 0) ? 'beyond' : 'yes';
}

/**
 * Row 8 and 9: executes what the quote reaches, oldest first; no request, so no message id. What
 * comes of it goes behind the outputs.
 */
export function triggerPending(
  state: ExchangeState,
  instrument: string,
  time: Wall,
  outputs: ExchangeOutput[],
): ExchangeState {
  let next = state;
  for (const order of state.orders) {
    if (order.instrumentId !== instrument || !isPending(order)) continue;
    const now = tradedAt(quotedAt(next, instrument), order.side);
    const reached = now === undefined ? 'no' : reach(order, now);
    if (now === undefined || reached === 'no') continue;
    const [after, more] =
      reached === 'beyond' ? end(next, order, 'CANCELLED', time) : fillPending(next, order, time);
    next = after;
    outputs.push(...more);
  }
  return next;
}

function fillPending(state: ExchangeState, order: OrderFacts, time: Wall): Stepped {
  const position = positionOf(state, order.positionId);
  const now = tradedAt(quotedAt(state, order.instrumentId), order.side);
  if (position === undefined || now === undefined) return [state, []];
  const listing = listingOf(state, order.instrumentId);
  const { leverageCents } = state.account;
  const margin = marginOf(now, order.volume, leverageCents, scaleOf(state, listing));
  if (margin > freeMarginOf(state)) return end(state, order, 'CANCELLED', time);
  const isLimit = order.type === 'LIMIT';
  const at = isLimit ? now : slipped(now, order.side, listing.costs.slippage);
  return fillOpening(state, order, position, { size: order.volume, at, time, ref: undefined });
}

type Asked = Pick<
  PlaceInput,
  | 'instrumentId'
  | 'volume'
  | 'time'
  | 'limitPrice'
  | 'stopPrice'
  | 'stopDistance'
  | 'targetDistance'
  | 'stopLevel'
  | 'targetLevel'
  | 'expiresAt'
> & {
  readonly kind: OrderFacts['type'];
  readonly side: OrderFacts['side'];
  readonly clientOrderId?: string | undefined;
  readonly label?: string | undefined;
  readonly comment?: string | undefined;
};

function refusePending(state: ExchangeState, input: Asked): Refusal | undefined {
  const common = refuseOrder(state, input);
  if (common !== undefined) return common;
  const { instrument } = listingOf(state, input.instrumentId);
  const main = input.kind === 'LIMIT' ? input.limitPrice : input.stopPrice;
  if (main === undefined || main <= 0 || main % tickSize(instrument.digits) !== 0) {
    return { code: 'TRADING_BAD_PRICES', description: 'Order price is invalid' };
  }
  if (input.expiresAt !== undefined && input.expiresAt <= input.time) {
    const description = 'Expiration time is in the past';
    return { code: 'TRADING_BAD_EXPIRATION_DATE', description };
  }
  return refuseSides(instrument, input, main);
}

/** Absolute levels belong on their sides of the order's own price. */
function refuseSides(instrument: Instrument, input: Asked, main: Price): Refusal | undefined {
  const buys = input.side === 'buy';
  const { stopLevel, targetLevel } = input;
  const gain = targetLevel === undefined ? undefined : (targetLevel - main) * (buys ? 1 : -1);
  const loss = stopLevel === undefined ? undefined : (main - stopLevel) * (buys ? 1 : -1);
  const bad = (gain !== undefined && gain <= 0) || (loss !== undefined && loss <= 0);
  if (!bad) return undefined;
  const description = `Protection of ${instrument.name} is on the wrong side of the order price`;
  return { code: 'TRADING_BAD_STOPS', description };
}
