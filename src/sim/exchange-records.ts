/**
 * Small changes of the exchange's state that every transition is made of, and the event record.
 * Deliberately without rules: who may do what, and at which price, is decided elsewhere.
 */
import { type Account, type Money, money, price, volume, type Wall } from '../engine/index.ts';
import { pushed } from '../engine/trail.ts';
import type {
  DealFacts,
  ExchangeOutput,
  ExchangeState,
  ExecutionOutput,
  OrderFacts,
  PositionFacts,
  QuotedInstrument,
} from './exchange-types.ts';

export type Stepped = readonly [ExchangeState, readonly ExchangeOutput[]];

/** Bounds of what the exchange remembers of the past (A11). */
export const EXCHANGE_LIMITS = { endedOrders: 1_000, deals: 1_000 } as const;

/** Optional fields that are absent, not undefined, so that a state survives JSON unchanged. */
export const optional = <K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } =>
  (value === undefined ? {} : { [key]: value }) as { [P in K]?: V };

const NO_VOLUME = volume(0);

/** What a transition may still write on: a copy that nobody has seen yet. */
export type Draft<T> = { -readonly [K in keyof T]: T[K] };

/** What an order is accepted with; everything else is absent, for the caller to write. */
type AcceptedOrder = Pick<
  OrderFacts,
  'id' | 'positionId' | 'instrumentId' | 'type' | 'timeInForce' | 'side' | 'volume' | 'closing'
> & {
  readonly label: string | undefined;
  readonly comment: string | undefined;
  readonly time: Wall;
};

/**
 * An order of the one shape that all orders have, what is absent included: whoever reads orders
 * meets a single form, which costs a fraction of what many do.
 */
export const acceptedOrder = (parts: AcceptedOrder): Draft<OrderFacts> => ({
  id: parts.id,
  positionId: parts.positionId,
  instrumentId: parts.instrumentId,
  type: parts.type,
  status: 'ACCEPTED',
  timeInForce: parts.timeInForce,
  side: parts.side,
  volume: parts.volume,
  executed: NO_VOLUME,
  closing: parts.closing,
  stopOut: false,
  limitPrice: undefined,
  stopPrice: undefined,
  stopDistance: undefined,
  targetDistance: undefined,
  stopLevel: undefined,
  targetLevel: undefined,
  worstPrice: undefined,
  slippageMax: undefined,
  expiresAt: undefined,
  trails: undefined,
  executionPrice: undefined,
  clientOrderId: undefined,
  label: parts.label,
  comment: parts.comment,
  createdAt: parts.time,
  updatedAt: parts.time,
  closedAt: undefined,
});

/** The same order once more, to write on. */
export const copyOfOrder = (order: OrderFacts): Draft<OrderFacts> => ({
  id: order.id,
  positionId: order.positionId,
  instrumentId: order.instrumentId,
  type: order.type,
  status: order.status,
  timeInForce: order.timeInForce,
  side: order.side,
  volume: order.volume,
  executed: order.executed,
  closing: order.closing,
  stopOut: order.stopOut,
  limitPrice: order.limitPrice,
  stopPrice: order.stopPrice,
  stopDistance: order.stopDistance,
  targetDistance: order.targetDistance,
  stopLevel: order.stopLevel,
  targetLevel: order.targetLevel,
  worstPrice: order.worstPrice,
  slippageMax: order.slippageMax,
  expiresAt: order.expiresAt,
  trails: order.trails,
  executionPrice: order.executionPrice,
  clientOrderId: order.clientOrderId,
  label: order.label,
  comment: order.comment,
  createdAt: order.createdAt,
  updatedAt: order.updatedAt,
  closedAt: order.closedAt,
});

/** The order as it ends without executing what is left of it. */
export function endedOrder(
  order: OrderFacts,
  status: 'CANCELLED' | 'EXPIRED',
  time: Wall,
): OrderFacts {
  const ended = copyOfOrder(order);
  ended.status = status;
  ended.updatedAt = time;
  ended.closedAt = time;
  return ended;
}

/** The same position once more, to write on; all positions have this one shape. */
export const copyOfPosition = (position: PositionFacts): Draft<PositionFacts> => ({
  id: position.id,
  instrumentId: position.instrumentId,
  side: position.side,
  status: position.status,
  volume: position.volume,
  entry: position.entry,
  stop: position.stop,
  target: position.target,
  trailing: position.trailing,
  commission: position.commission,
  swap: position.swap,
  usedMargin: position.usedMargin,
  openedAt: position.openedAt,
  updatedAt: position.updatedAt,
  closedAt: position.closedAt,
  label: position.label,
  comment: position.comment,
  protectiveOrderId: position.protectiveOrderId,
});

/** The position as it ends; who holds its protective order is for the caller to say. */
export function closedPosition(position: PositionFacts, time: Wall): Draft<PositionFacts> {
  const closed = copyOfPosition(position);
  closed.status = 'CLOSED';
  closed.updatedAt = time;
  closed.closedAt = time;
  return closed;
}

/** A position that an order has been accepted for, and nothing has filled yet. */
export const emptyPosition = (
  parts: Pick<PositionFacts, 'id' | 'instrumentId' | 'side' | 'updatedAt'>,
): Draft<PositionFacts> => ({
  id: parts.id,
  instrumentId: parts.instrumentId,
  side: parts.side,
  status: 'CREATED',
  volume: NO_VOLUME,
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
  label: undefined,
  comment: undefined,
  protectiveOrderId: undefined,
});

/** The same state once more, to write on; field by field, as a spread costs many times as much. */
export const copyOfState = (state: ExchangeState): Draft<ExchangeState> => ({
  account: state.account,
  listings: state.listings,
  quotes: state.quotes,
  positions: state.positions,
  orders: state.orders,
  endedOrders: state.endedOrders,
  deals: state.deals,
  ids: state.ids,
  netting: state.netting,
});

interface Named {
  readonly id: string;
}

/**
 * The place of the newest one of that id, or -1; as the engine's, which meets so many other kinds
 * of records that each look costs several times as much.
 */
function placeOf(list: readonly Named[], id: string | undefined): number {
  let at = list.length - 1;
  while (at >= 0 && list[at]?.id !== id) at -= 1;
  return at;
}

function byId<T extends Named>(list: readonly T[], id: string | undefined): T | undefined {
  const at = placeOf(list, id);
  return at < 0 ? undefined : list[at];
}

/** An order that works. */
export const orderOf = (state: ExchangeState, id: string | undefined): OrderFacts | undefined =>
  byId(state.orders, id);

/** A position that is not closed. */
export const positionOf = (state: ExchangeState, id: string): PositionFacts | undefined =>
  byId(state.positions, id);

/** The list with this in the place of the one of its id, or at its end. */
function withOne<T extends Named>(list: readonly T[], one: T): readonly T[] {
  if (list.length === 0) return [one];
  const next = list.slice();
  const at = placeOf(list, one.id);
  next[at < 0 ? list.length : at] = one;
  return next;
}

function without<T extends Named>(list: readonly T[], id: string): readonly T[] {
  const next: T[] = [];
  for (const one of list) if (one.id !== id) next.push(one);
  return next;
}

export function withQuote(state: ExchangeState, quote: QuotedInstrument): ExchangeState {
  const next = copyOfState(state);
  next.quotes = withOne(state.quotes, quote);
  return next;
}

/**
 * The state with an order that was just accepted, under the next number, and with the position that
 * it is about: one that is not there yet has the next number as well.
 */
export function withAccepted(
  state: ExchangeState,
  order: OrderFacts,
  about: PositionFacts,
): ExchangeState {
  const { order: number, position, deal } = state.ids;
  const isNew = placeOf(state.positions, about.id) < 0;
  const next = copyOfState(state);
  next.orders = withOne(state.orders, order);
  next.positions = withOne(state.positions, about);
  next.ids = { order: number + 1, position: isNew ? position + 1 : position, deal };
  return next;
}

/** What one execution leaves behind. */
export interface Booked {
  /** Ended, unless a part of it is still to be filled. */
  readonly order: OrderFacts;
  readonly position: PositionFacts;
  readonly deal: DealFacts;
  readonly account: Account;
}

export function withBooked(state: ExchangeState, booked: Booked): ExchangeState {
  const { order, position, deal, account } = booked;
  const { ids, orders, positions } = state;
  const isGone = position.status === 'CLOSED';
  const next = copyOfState(state);
  if (order.status === 'ACCEPTED') next.orders = withOne(orders, order);
  else {
    next.orders = without(orders, order.id);
    next.endedOrders = pushed(state.endedOrders, order);
  }
  next.positions = isGone ? without(positions, position.id) : withOne(positions, position);
  next.account = account;
  next.deals = pushed(state.deals, deal);
  next.ids = { order: ids.order, position: ids.position, deal: ids.deal + 1 };
  return next;
}

export function withOrder(state: ExchangeState, order: OrderFacts): ExchangeState {
  const next = copyOfState(state);
  next.orders = withOne(state.orders, order);
  return next;
}

export function withEnded(state: ExchangeState, order: OrderFacts): ExchangeState {
  const next = copyOfState(state);
  next.orders = without(state.orders, order.id);
  next.endedOrders = pushed(state.endedOrders, order);
  return next;
}

export function withPosition(state: ExchangeState, position: PositionFacts): ExchangeState {
  const { positions } = state;
  const next = copyOfState(state);
  next.positions =
    position.status === 'CLOSED' ? without(positions, position.id) : withOne(positions, position);
  return next;
}

/** The account after a change of its balance, which is one version more. */
export const withBalance = (account: Account, balance: Money): Account => ({
  id: account.id,
  login: account.login,
  brokerName: account.brokerName,
  isLive: account.isLive,
  currency: account.currency,
  exponent: account.exponent,
  balance,
  balanceVersion: account.balanceVersion + 1,
  leverageCents: account.leverageCents,
  access: account.access,
});

/** An event of the exchange on its own; for a request or with a deal, the caller writes it. */
export const execution = (
  execution: ExecutionOutput['execution'],
  order: OrderFacts,
  position: PositionFacts,
  time: Wall,
): Draft<ExecutionOutput> => ({
  type: 'execution',
  execution,
  ref: undefined,
  serverEvent: false,
  order,
  position,
  deal: undefined,
  due: undefined,
  time,
});
