/**
 * How the simulated exchange executes: opening and closing fills, protective orders, stops and
 * targets.
 * Deliberately decides nothing about permission (`exchange-checks.ts`) and keeps no time of its
 * own.
 */
import {
  addVolume,
  assert,
  brokerOrderId,
  dealId,
  type Money,
  money,
  mulDiv,
  type Price,
  price,
  snapPrice,
  subVolume,
  type Volume,
  type Wall,
} from '../engine/index.ts';
import {
  commissionOf,
  conversionFee,
  marginOf,
  meanPrice,
  openingShare,
  slipped,
  worthInDeposit,
} from './costs.ts';
import { closingPrice, favour, listingOf, opposite, scaleOf } from './exchange-money.ts';
import {
  acceptedOrder,
  type Booked,
  copyOfOrder,
  copyOfPosition,
  type Draft,
  endedOrder,
  execution,
  orderOf,
  type Stepped,
  withAccepted,
  withBalance,
  withBooked,
  withEnded,
  withOrder,
  withPosition,
} from './exchange-records.ts';
import type {
  DealFacts,
  ExchangeOutput,
  ExchangeState,
  ExecutionOutput,
  OrderFacts,
  PositionFacts,
  Ref,
} from './exchange-types.ts';

const ZERO_PRICE = price(0);

export interface Fill {
  readonly size: Volume;
  /** The quote, slippage included. */
  readonly at: Price;
  readonly time: Wall;
  readonly ref: Ref | undefined;
}

function executed(order: OrderFacts, fill: Fill): OrderFacts {
  const before = order.executionPrice ?? ZERO_PRICE;
  const total = addVolume(order.executed, fill.size);
  const done = total === order.volume;
  const next = copyOfOrder(order);
  next.executed = total;
  next.executionPrice = meanPrice(before, order.executed, fill.at, fill.size);
  next.status = done ? 'FILLED' : 'ACCEPTED';
  next.updatedAt = fill.time;
  if (done) next.closedAt = fill.time;
  return next;
}

/** An entry, whole or a part of it. The balance does not change (recorded fact). */
export function fillOpening(
  state: ExchangeState,
  order: OrderFacts,
  position: PositionFacts,
  fill: Fill,
): Stepped {
  const listing = listingOf(state, order.instrumentId);
  const scale = scaleOf(state, listing);
  const { lotSize } = listing.instrument;
  const sized = { price: fill.at, volume: fill.size, lotSize };
  const commission = commissionOf(listing.costs.commission, sized, scale);
  const held = addVolume(position.volume, fill.size);
  const entry = meanPrice(position.entry, position.volume, fill.at, fill.size);
  const opened = copyOfPosition(position);
  opened.status = 'OPEN';
  opened.volume = held;
  opened.entry = entry;
  opened.commission = money(position.commission + commission);
  opened.usedMargin = marginOf(entry, held, state.account.leverageCents, scale);
  opened.openedAt = position.openedAt ?? fill.time;
  opened.updatedAt = fill.time;
  const filled = executed(order, fill);
  const deal = dealOf(state, filled, fill, { commission, cause: 'request', close: undefined });
  const { account } = state;
  const next = withBooked(state, { order: filled, position: opened, deal, account });
  const done = filled.status === 'FILLED';
  const event = execution(done ? 'FILLED' : 'PARTIAL_FILL', filled, opened, fill.time);
  event.ref = fill.ref;
  event.deal = deal;
  event.due = done ? protectionDue(filled) : { type: 'fill', orderId: filled.id };
  // Levels set by an amend between two parts of an entry must cover the later part as well.
  const protective = protectiveOf(next, opened);
  if (protective === undefined) return [next, [event]];
  const [after, resized] = resizeProtective(next, protective, opened, fill.time);
  return [after, [event, resized]];
}

const hasLevels = (order: OrderFacts): boolean =>
  order.stopDistance !== undefined ||
  order.targetDistance !== undefined ||
  order.stopLevel !== undefined ||
  order.targetLevel !== undefined;

export const protectionDue = (order: OrderFacts): ExecutionOutput['due'] =>
  order.executed > 0 && hasLevels(order)
    ? { type: 'protect', positionId: order.positionId }
    : undefined;

interface DealRest extends Pick<DealFacts, 'commission' | 'cause'> {
  readonly close: DealFacts['close'];
}

const dealOf = (
  state: ExchangeState,
  order: OrderFacts,
  fill: Fill,
  rest: DealRest,
): DealFacts => ({
  id: dealId(String(state.ids.deal)),
  brokerOrderId: order.id,
  positionId: order.positionId,
  instrumentId: order.instrumentId,
  side: order.side,
  filled: fill.size,
  price: fill.at,
  time: fill.time,
  commission: rest.commission,
  exponent: state.account.exponent,
  cause: rest.cause,
  orderVolume: order.volume,
  createdAt: order.createdAt,
  close: rest.close,
});

interface BookedClose extends Booked {
  /** What is left of the position, for the caller to write on; volume 0 when nothing is. */
  readonly position: Draft<PositionFacts>;
}

/**
 * A closing execution: the only place besides `cash` where the balance changes.
 * balance after = before + gross + swap + commission + conversion fee, checked by the caller's
 * tests.
 */
function bookClose(
  state: ExchangeState,
  order: OrderFacts,
  position: PositionFacts,
  fill: Fill,
  cause: DealFacts['cause'],
): BookedClose {
  assert(fill.size > 0 && fill.size <= position.volume, `cannot close ${fill.size}`);
  const listing = listingOf(state, position.instrumentId);
  const scale = scaleOf(state, listing);
  const sized = { price: fill.at, volume: fill.size, lotSize: listing.instrument.lotSize };
  const closing = commissionOf(listing.costs.commission, sized, scale);
  const share = openingShare(position.commission, fill.size, position.volume);
  const swap: Money = money(mulDiv(position.swap, fill.size, position.volume, 'away'));
  const distance = favour(position.side, position.entry, fill.at);
  const grossProfit = worthInDeposit(distance, fill.size, scale);
  const { conversionFeeBps, conversionFeeRounding } = listing.costs;
  const fee = conversionFee(grossProfit, conversionFeeBps, conversionFeeRounding);
  const commission = money(share + closing);
  const balance = money(state.account.balance + grossProfit + swap + commission + fee);
  const account = withBalance(state.account, balance);
  const left = subVolume(position.volume, fill.size);
  const filled = executed(order, fill);
  const deal = dealOf(state, filled, fill, {
    commission: closing,
    cause,
    close: {
      entryPrice: position.entry,
      closedVolume: fill.size,
      grossProfit,
      swap,
      commission,
      conversionFee: fee,
      balance,
      balanceVersion: account.balanceVersion,
    },
  });
  const rest = copyOfPosition(position);
  rest.status = left > 0 ? 'OPEN' : 'CREATED';
  rest.volume = left;
  rest.entry = left > 0 ? position.entry : ZERO_PRICE;
  rest.commission = money(position.commission - share);
  rest.swap = money(position.swap - swap);
  rest.usedMargin = marginOf(position.entry, left, state.account.leverageCents, scale);
  rest.updatedAt = fill.time;
  return { order: filled, position: rest, deal, account };
}

function end(position: Draft<PositionFacts>, time: Wall): void {
  position.status = 'CLOSED';
  position.updatedAt = time;
  position.closedAt = time;
  position.protectiveOrderId = undefined;
}

export function protectiveOf(
  state: ExchangeState,
  position: PositionFacts,
): OrderFacts | undefined {
  return orderOf(state, position.protectiveOrderId);
}

/** A close on request; the protective order follows by the server's own event (rows 16 to 18). */
export function fillClosing(
  state: ExchangeState,
  order: OrderFacts,
  position: PositionFacts,
  fill: Fill,
): Stepped {
  const booked = bookClose(state, order, position, fill, 'request');
  const rest = booked.position;
  const protective = protectiveOf(state, position);
  if (rest.volume === 0 && protective === undefined) end(rest, fill.time);
  const whole = booked.order.status === 'FILLED';
  const event = execution(whole ? 'FILLED' : 'PARTIAL_FILL', booked.order, rest, fill.time);
  event.ref = fill.ref;
  event.deal = booked.deal;
  if (!whole) event.due = { type: 'fill', orderId: order.id };
  const next = withBooked(state, booked);
  if (protective === undefined) return [next, [event]];
  const [after, resized] = resizeProtective(next, protective, rest, fill.time);
  return [after, [event, resized]];
}

function resizeProtective(
  state: ExchangeState,
  protective: OrderFacts,
  position: PositionFacts,
  time: Wall,
): readonly [ExchangeState, ExecutionOutput] {
  if (position.volume > 0) {
    const order = copyOfOrder(protective);
    order.volume = position.volume;
    order.updatedAt = time;
    const event = execution('REPLACED', order, position, time);
    event.serverEvent = true;
    return [withOrder(state, order), event];
  }
  const order = endedOrder(protective, 'CANCELLED', time);
  const gone = copyOfPosition(position);
  end(gone, time);
  const event = execution('CANCELLED', order, gone, time);
  event.serverEvent = true;
  return [withPosition(withEnded(state, order), gone), event];
}

export interface Levels {
  readonly stop: Price | undefined;
  readonly target: Price | undefined;
}

/** ONE protective order holds both levels (recorded fact). */
export function createProtective(
  state: ExchangeState,
  position: PositionFacts,
  levels: Levels,
  cause: { readonly ref: Ref | undefined; readonly serverEvent: boolean; readonly time: Wall },
): readonly [ExchangeState, ExecutionOutput] {
  const { time } = cause;
  const order = acceptedOrder({
    id: brokerOrderId(String(state.ids.order)),
    positionId: position.id,
    instrumentId: position.instrumentId,
    type: 'PROTECTIVE',
    timeInForce: 'GTC',
    side: opposite(position.side),
    volume: position.volume,
    closing: true,
    label: position.label,
    comment: position.comment,
    time,
  });
  order.stopPrice = levels.stop;
  order.limitPrice = levels.target;
  const shown = withLevels(position, levels, time, order.id);
  const event = execution('ACCEPTED', order, shown, time);
  event.ref = cause.ref;
  event.serverEvent = cause.serverEvent;
  return [withAccepted(state, order, shown), event];
}

/** Both levels of a position, and the order that holds them, if any still does. */
export function withLevels(
  position: PositionFacts,
  levels: Levels,
  time: Wall,
  protectiveOrderId: PositionFacts['protectiveOrderId'],
): PositionFacts {
  const next = copyOfPosition(position);
  next.stop = levels.stop;
  next.target = levels.target;
  // A stop that follows goes on doing so, unless it is taken away.
  if (levels.stop === undefined) next.trailing = undefined;
  next.updatedAt = time;
  next.protectiveOrderId = protectiveOrderId;
  return next;
}

/** Distances from the fill price; off-grid means are snapped to the nearer level: tighter. */
export function levelsFromFill(position: PositionFacts, order: OrderFacts, digits: number): Levels {
  const long = position.side === 'buy';
  const { entry } = position;
  return {
    stop: order.stopLevel ?? levelAt(entry, order.stopDistance, digits, !long),
    target: order.targetLevel ?? levelAt(entry, order.targetDistance, digits, long),
  };
}

function levelAt(
  entry: Price,
  distance: Price | undefined,
  digits: number,
  isAbove: boolean,
): Price | undefined {
  if (distance === undefined) return undefined;
  const raw = price(isAbove ? entry + distance : entry - distance);
  return snapPrice(raw, digits, isAbove ? 'floor' : 'ceil');
}

/** Which level the closing side has reached; the stop first if both (the cautious reading). */
function reached(position: PositionFacts, now: Price): 'stop' | 'target' | undefined {
  const long = position.side === 'buy';
  const { stop, target } = position;
  if (stop !== undefined && (long ? now <= stop : now >= stop)) return 'stop';
  if (target !== undefined && (long ? now >= target : now <= target)) return 'target';
  return undefined;
}

/** Executes every protective order whose level the quote has reached: one server event each. */
export function triggerLevels(
  state: ExchangeState,
  instrument: string,
  time: Wall,
  outputs: ExchangeOutput[],
): ExchangeState {
  let next = state;
  for (const position of state.positions) {
    if (position.instrumentId !== instrument || position.status !== 'OPEN') continue;
    const protective = protectiveOf(next, position);
    const now = closingPrice(next, position);
    const cause = now === undefined ? undefined : reached(position, now);
    if (protective === undefined || now === undefined || cause === undefined) continue;
    // A triggered stop is a market order: a gap fills beyond its level. A target is at level or
    // better.
    const slippage = cause === 'stop' ? listingOf(next, instrument).costs.slippage : ZERO_PRICE;
    const at = slipped(now, protective.side, slippage);
    const fill: Fill = { size: position.volume, at, time, ref: undefined };
    const booked = bookClose(next, protective, position, fill, cause);
    end(booked.position, time);
    next = withBooked(next, booked);
    const event = execution('FILLED', booked.order, booked.position, time);
    event.serverEvent = true;
    event.deal = booked.deal;
    outputs.push(event);
  }
  return next;
}
