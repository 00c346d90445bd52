/**
 * Small changes of the exchange's state that every transition is made of, and the event record.
 * Deliberately without rules: who may do what, and at which price, is decided elsewhere.
 */
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

/** The list with one more at its end, the oldest gone when it is full. */
function bounded<T>(list: readonly T[], item: T, limit: number): readonly T[] {
  const kept = list.length < limit ? list : list.slice(list.length - limit + 1);
  return kept.concat([item]);
}

export function withOrder(state: ExchangeState, order: OrderFacts): ExchangeState {
  const known = state.orders.some((other) => other.id === order.id);
  const orders = known
    ? state.orders.map((other) => (other.id === order.id ? order : other))
    : [...state.orders, order];
  return changed(state, { orders });
}

export function withEnded(state: ExchangeState, order: OrderFacts): ExchangeState {
  return changed(state, {
    orders: state.orders.filter((other) => other.id !== order.id),
    endedOrders: bounded(state.endedOrders, order, EXCHANGE_LIMITS.endedOrders),
  });
}

export function withPosition(state: ExchangeState, position: PositionFacts): ExchangeState {
  if (position.status === 'CLOSED') {
    const positions = state.positions.filter((other) => other.id !== position.id);
    return changed(state, { positions });
  }
  const known = state.positions.some((other) => other.id === position.id);
  const positions = known
    ? state.positions.map((other) => (other.id === position.id ? position : other))
    : [...state.positions, position];
  return changed(state, { positions });
}

export function withDeal(state: ExchangeState, deal: DealFacts): ExchangeState {
  const { order, position, deal: last } = state.ids;
  const deals = bounded(state.deals, deal, EXCHANGE_LIMITS.deals);
  return changed(state, { deals, ids: { order, position, deal: last + 1 } });
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
