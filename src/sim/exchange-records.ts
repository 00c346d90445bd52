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

export function withOrder(state: ExchangeState, order: OrderFacts): ExchangeState {
  const known = state.orders.some((other) => other.id === order.id);
  const orders = known
    ? state.orders.map((other) => (other.id === order.id ? order : other))
    : [...state.orders, order];
  return { ...state, orders };
}

export function withEnded(state: ExchangeState, order: OrderFacts): ExchangeState {
  return {
    ...state,
    orders: state.orders.filter((other) => other.id !== order.id),
    endedOrders: [...state.endedOrders, order].slice(-EXCHANGE_LIMITS.endedOrders),
  };
}

export function withPosition(state: ExchangeState, position: PositionFacts): ExchangeState {
  if (position.status === 'CLOSED') {
    return { ...state, positions: state.positions.filter((other) => other.id !== position.id) };
  }
  const known = state.positions.some((other) => other.id === position.id);
  const positions = known
    ? state.positions.map((other) => (other.id === position.id ? position : other))
    : [...state.positions, position];
  return { ...state, positions };
}

export const withDeal = (state: ExchangeState, deal: DealFacts): ExchangeState => ({
  ...state,
  deals: [...state.deals, deal].slice(-EXCHANGE_LIMITS.deals),
  ids: { ...state.ids, deal: state.ids.deal + 1 },
});

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
