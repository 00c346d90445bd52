/**
 * Small changes of the exchange's state that every transition is made of, and the event record.
 * Deliberately without rules: who may do what, and at which price, is decided elsewhere.
 */
import { withOne } from '../engine/ids.ts';
import { money, price, volume } from '../engine/index.ts';
import { pushed } from '../engine/trail.ts';
import type {
  DealFacts,
  ExchangeOutput,
  ExchangeState,
  ExecutionOutput,
  OrderFacts,
  PositionFacts,
} from './exchange-types.ts';

export type Stepped = readonly [ExchangeState, readonly ExchangeOutput[]];

/** Bounds of what the exchange remembers of the past (A11). */
export const EXCHANGE_LIMITS = { endedOrders: 1_000, deals: 1_000 } as const;

/** Optional fields that are absent, not undefined, so that a state survives JSON unchanged. */
export const optional = <K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } =>
  (value === undefined ? {} : { [key]: value }) as { [P in K]?: V };

/**
 * An order of the one shape that all orders have, what is absent included: whoever reads orders
 * meets a single form, which costs a fraction of what many do.
 */
export const orderFacts = (parts: OrderFacts): OrderFacts => ({
  id: parts.id,
  positionId: parts.positionId,
  instrumentId: parts.instrumentId,
  type: parts.type,
  status: parts.status,
  timeInForce: parts.timeInForce,
  side: parts.side,
  volume: parts.volume,
  executed: parts.executed,
  closing: parts.closing,
  stopOut: parts.stopOut,
  limitPrice: parts.limitPrice,
  stopPrice: parts.stopPrice,
  stopDistance: parts.stopDistance,
  targetDistance: parts.targetDistance,
  stopLevel: parts.stopLevel,
  targetLevel: parts.targetLevel,
  worstPrice: parts.worstPrice,
  slippageMax: parts.slippageMax,
  expiresAt: parts.expiresAt,
  trails: parts.trails,
  executionPrice: parts.executionPrice,
  clientOrderId: parts.clientOrderId,
  label: parts.label,
  comment: parts.comment,
  createdAt: parts.createdAt,
  updatedAt: parts.updatedAt,
  closedAt: parts.closedAt,
});

/** The order with some fields changed. */
export const orderWith = (order: OrderFacts, fields: Partial<OrderFacts>): OrderFacts =>
  Object.assign(orderFacts(order), fields);

/** A position of the one shape that all positions have. */
export const positionFacts = (parts: PositionFacts): PositionFacts => ({
  id: parts.id,
  instrumentId: parts.instrumentId,
  side: parts.side,
  status: parts.status,
  volume: parts.volume,
  entry: parts.entry,
  stop: parts.stop,
  target: parts.target,
  trailing: parts.trailing,
  commission: parts.commission,
  swap: parts.swap,
  usedMargin: parts.usedMargin,
  openedAt: parts.openedAt,
  updatedAt: parts.updatedAt,
  closedAt: parts.closedAt,
  label: parts.label,
  comment: parts.comment,
  protectiveOrderId: parts.protectiveOrderId,
});

/** The position with some fields changed. */
export const positionWith = (
  position: PositionFacts,
  fields: Partial<PositionFacts>,
): PositionFacts => Object.assign(positionFacts(position), fields);

/** A position that an order has been accepted for, and nothing has filled yet. */
export const emptyPosition = (
  parts: Pick<PositionFacts, 'id' | 'instrumentId' | 'side' | 'updatedAt'> &
    Partial<Pick<PositionFacts, 'label' | 'comment'>>,
): PositionFacts => ({
  id: parts.id,
  instrumentId: parts.instrumentId,
  side: parts.side,
  status: 'CREATED',
  volume: volume(0),
  entry: price(0),
  stop: undefined,
  target: undefined,
  trailing: undefined,
  commission: money(0),
  swap: money(0),
  usedMargin: money(0),
  openedAt: undefined,
  updatedAt: parts.updatedAt,
  closedAt: undefined,
  label: parts.label,
  comment: parts.comment,
  protectiveOrderId: undefined,
});

type Named = 'account' | 'listings' | 'quotes' | 'positions' | 'orders' | 'endedOrders';
/** A field that `changed` does not name would be lost: then nobody can call it any more. */
type Forgotten = Exclude<keyof ExchangeState, Named | 'deals' | 'ids' | 'netting'>;

/**
 * The state with some fields changed; named one by one, because a spread costs many times as much.
 */
export function changed(
  state: ExchangeState,
  fields: Partial<ExchangeState> & Record<Forgotten, never>,
): ExchangeState {
  const { account, listings, quotes, positions, orders, endedOrders, deals, ids } = state;
  const next = { account, listings, quotes, positions, orders, endedOrders, deals, ids };
  const { netting } = state;
  return netting === undefined
    ? Object.assign(next, fields)
    : Object.assign(next, { netting }, fields);
}

export const withOrder = (state: ExchangeState, order: OrderFacts): ExchangeState =>
  changed(state, { orders: withOne(state.orders, order) });

export function withEnded(state: ExchangeState, order: OrderFacts): ExchangeState {
  return changed(state, {
    orders: state.orders.filter((other) => other.id !== order.id),
    endedOrders: pushed(state.endedOrders, order),
  });
}

export function withPosition(state: ExchangeState, position: PositionFacts): ExchangeState {
  if (position.status === 'CLOSED') {
    const positions = state.positions.filter((other) => other.id !== position.id);
    return changed(state, { positions });
  }
  return changed(state, { positions: withOne(state.positions, position) });
}

export function withDeal(state: ExchangeState, deal: DealFacts): ExchangeState {
  const { order, position, deal: last } = state.ids;
  const ids = { order, position, deal: last + 1 };
  return changed(state, { deals: pushed(state.deals, deal), ids });
}

type EventParts = Pick<ExecutionOutput, 'execution' | 'order' | 'position' | 'time'> &
  Partial<Pick<ExecutionOutput, 'ref' | 'serverEvent' | 'deal' | 'due'>>;

export const execution = (parts: EventParts): ExecutionOutput => ({
  type: 'execution',
  execution: parts.execution,
  ref: parts.ref,
  serverEvent: parts.serverEvent ?? false,
  order: parts.order,
  position: parts.position,
  deal: parts.deal,
  due: parts.due,
  time: parts.time,
});
