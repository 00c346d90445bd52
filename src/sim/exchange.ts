/**
 * The simulated exchange: one pure function from state and input to state and outputs. Used by the
 * wire simulator, the paper broker and worlds by seed. Integers only.
 * Deliberately keeps no time and no delay: see `exchange-types.ts` for who does.
 */
import { byId } from '../engine/ids.ts';
import {
  assert,
  assertNever,
  brokerOrderId,
  positionId,
  volume,
  type Wall,
} from '../engine/index.ts';
import { emptyTrail, findNewest } from '../engine/trail.ts';
import { slipped } from './costs.ts';
import { cash, swap } from './exchange-bookings.ts';
import { cancel, cancelRest, isMarket, refused } from './exchange-cancel.ts';
import { isOpen, openPosition, refuseAmend, refuseClose, refuseSubmit } from './exchange-checks.ts';
import {
  createProtective,
  fillClosing,
  fillOpening,
  levelsFromFill,
  protectiveOf,
  triggerLevels,
  withLevels,
} from './exchange-fills.ts';
import { listingOf, opposite, tradedAt } from './exchange-money.ts';
import { fillNetted, netted } from './exchange-netting.ts';
import { expire, place, replace, triggerPending } from './exchange-pending.ts';
import {
  changed,
  EXCHANGE_LIMITS,
  emptyPosition,
  execution,
  optional,
  orderFacts,
  orderWith,
  positionWith,
  type Stepped,
  withEnded,
  withOrder,
  withPosition,
} from './exchange-records.ts';
import { trail, trailingDistance } from './exchange-trailing.ts';
import type {
  AmendInput,
  ExchangeIds,
  ExchangeInput,
  ExchangeSeed,
  ExchangeState,
  FillInput,
  LastQuote,
  OrderFacts,
  PositionFacts,
  SubmitInput,
} from './exchange-types.ts';

type InputOf<T extends ExchangeInput['type']> = Extract<ExchangeInput, { type: T }>;

/** Where the numbers of a fresh exchange start. */
export const FIRST_IDS: ExchangeIds = { order: 5_000_001, position: 7_000_001, deal: 9_000_001 };

/** A fresh or restored exchange; restored positions get their protective orders back. */
export function seedExchange(seed: ExchangeSeed): ExchangeState {
  let state: ExchangeState = {
    account: seed.account,
    listings: {},
    quotes: {},
    positions: [],
    orders: [],
    endedOrders: emptyTrail(EXCHANGE_LIMITS.endedOrders),
    deals: emptyTrail(EXCHANGE_LIMITS.deals),
    ids: seed.ids,
    ...optional('netting', seed.netting),
  };
  for (const held of seed.positions) {
    assert(Number(held.id) < seed.ids.position, `position id ${held.id} would be given out again`);
    const { stop, target, ...rest } = held;
    const restored = { ...rest, status: 'OPEN', updatedAt: seed.time } as const;
    state = withPosition(state, restored);
    if (stop === undefined && target === undefined) continue;
    const event = { ref: undefined, serverEvent: true, time: seed.time };
    [state] = createProtective(state, restored, { stop, target }, event);
  }
  return state;
}

/** One input. Never throws for anything a client can ask; refusals are outputs. */
export function stepExchange(state: ExchangeState, input: ExchangeInput): Stepped {
  switch (input.type) {
    case 'list':
      return [list(state, input), []];
    case 'quote':
      return quote(state, input);
    case 'quotesLost':
      return [changed(state, { quotes: {} }), []];
    case 'submit':
      return submit(state, input);
    case 'place':
      return place(state, input);
    case 'replace':
      return replace(state, input);
    case 'expire':
      return expire(state, input);
    case 'fill':
      return fill(state, input);
    case 'protect':
      return protect(state, input);
    case 'cancelRest':
      return cancelRest(state, input);
    case 'close':
      return close(state, input);
    case 'amend':
      return amend(state, input);
    case 'cancel':
      return cancel(state, input);
    case 'swap':
      return swap(state, input);
    case 'cash':
      return cash(state, input);
    default:
      return assertNever(input, 'exchange input');
  }
}

function list(state: ExchangeState, input: InputOf<'list'>): ExchangeState {
  const { listing } = input;
  return changed(state, { listings: { ...state.listings, [listing.instrument.id]: listing } });
}

function quote(state: ExchangeState, input: InputOf<'quote'>): Stepped {
  const before = state.quotes[input.instrumentId];
  const now: LastQuote = {
    bid: input.bid ?? before?.bid,
    ask: input.ask ?? before?.ask,
    time: input.time,
  };
  const next = changed(state, { quotes: { ...state.quotes, [input.instrumentId]: now } });
  if (input.initial) return [next, []];
  return trigger(next, input.instrumentId, input.time);
}

/** Prices outside the trading session are shown and execute nothing. */
function trigger(state: ExchangeState, instrument: string, time: Wall): Stepped {
  const listing = state.listings[instrument];
  if (listing === undefined || !isOpen(listing.instrument, time)) return [state, []];
  const [closed, hits] = triggerLevels(state, instrument, time);
  const [entered, fills] = triggerPending(closed, instrument, time);
  const [moved, moves] = trail(entered, instrument, time);
  return [moved, [...hits, ...fills, ...moves]];
}

/** The position exists from the acceptance on, CREATED and empty. */
function submit(state: ExchangeState, input: SubmitInput): Stepped {
  const refusal = refuseSubmit(state, input);
  if (refusal !== undefined) return [state, [refused(input, refusal, {})]];
  const { time } = input;
  const position = emptyPosition({
    id: positionId(String(state.ids.position)),
    instrumentId: input.instrumentId,
    side: input.side,
    updatedAt: time,
    label: input.label,
    comment: input.comment,
  });
  const { worstPrice } = input;
  const order = orderWith(marketOrder(state, input, position), {
    type: worstPrice === undefined ? 'MARKET' : 'MARKET_RANGE',
    worstPrice,
    trails: input.trails,
    closing: false,
    stopDistance: input.stopDistance,
    targetDistance: input.targetDistance,
    clientOrderId: input.clientOrderId,
  });
  const { ids } = state;
  const given = { ...ids, order: ids.order + 1, position: ids.position + 1 };
  const held = netted(state, input.instrumentId);
  if (held !== undefined) {
    const one = { ...ids, order: ids.order + 1 };
    const own = orderWith(order, { positionId: held.id });
    return [withOrder(changed(state, { ids: one }), own), [accepted(input.ref, own, held)]];
  }
  const next = withOrder(withPosition(changed(state, { ids: given }), position), order);
  return [next, [accepted(input.ref, order, position)]];
}

const accepted = (ref: string, order: OrderFacts, position: PositionFacts) =>
  execution({
    execution: 'ACCEPTED',
    ref,
    order,
    position,
    due: { type: 'fill', orderId: order.id },
    time: order.createdAt,
  });

function marketOrder(
  state: ExchangeState,
  input: Pick<SubmitInput, 'instrumentId' | 'side' | 'volume' | 'time'>,
  position: PositionFacts,
): OrderFacts {
  return orderFacts({
    id: brokerOrderId(String(state.ids.order)),
    positionId: position.id,
    instrumentId: input.instrumentId,
    type: 'MARKET',
    status: 'ACCEPTED',
    timeInForce: 'IOC',
    side: input.side,
    volume: input.volume,
    executed: volume(0),
    closing: true,
    stopOut: false,
    label: position.label,
    comment: position.comment,
    createdAt: input.time,
    updatedAt: input.time,
  });
}

function close(state: ExchangeState, input: InputOf<'close'>): Stepped {
  const refusal = refuseClose(state, input);
  const position = openPosition(state, input.positionId);
  if (refusal !== undefined || position === undefined) {
    assert(refusal !== undefined, 'a close without position must be refused');
    return [state, [refused(input, refusal, { positionId: input.positionId })]];
  }
  const { instrumentId } = position;
  const side = opposite(position.side);
  const order = marketOrder(state, { ...input, instrumentId, side }, position);
  const ids = { ...state.ids, order: state.ids.order + 1 };
  return [withOrder(changed(state, { ids }), order), [accepted(input.ref, order, position)]];
}

const isBeyond = ({ side, worstPrice }: OrderFacts, at: number): boolean =>
  worstPrice !== undefined && (side === 'buy' ? at > worstPrice : at < worstPrice);

/** Executes at the quote of this moment. An order that ended meanwhile is left alone. */
function fill(state: ExchangeState, input: FillInput): Stepped {
  const order = byId(state.orders, input.orderId);
  if (order === undefined || !isMarket(order)) return [state, []];
  const position = byId(state.positions, order.positionId);
  const { instrument, costs } = listingOf(state, order.instrumentId);
  const at = tradedAt(state.quotes[order.instrumentId], order.side);
  const rest = order.volume - order.executed;
  const held = order.closing ? (position?.volume ?? 0) : rest;
  const size = volume(Math.min(input.volume ?? rest, rest, held));
  const nets = state.netting !== undefined && !order.closing;
  const { ref, time, orderId } = input;
  const lost = position === undefined && !nets;
  // The session ended, the price vanished, or a stop was faster than our close (F43).
  if (lost || at === undefined || size <= 0 || !isOpen(instrument, time)) {
    return cancelRest(state, { type: 'cancelRest', ref, time, orderId });
  }
  const slippage = input.slippage ?? costs.slippage;
  const execute = { size, at: slipped(at, order.side, slippage), ref, time };
  // Row 6: outside the range it is accepted and cancelled.
  if (isBeyond(order, execute.at)) {
    return cancelRest(state, { type: 'cancelRest', ref, time, orderId });
  }
  if (nets || position === undefined) return fillNetted(state, order, execute);
  return order.closing
    ? fillClosing(state, order, position, execute)
    : fillOpening(state, order, position, execute);
}

/** The protective order from the fill price; nothing when an amend was faster or all is closed. */
function protect(state: ExchangeState, input: InputOf<'protect'>): Stepped {
  const position = openPosition(state, input.positionId);
  if (position === undefined || position.protectiveOrderId !== undefined) return [state, []];
  const opening = findNewest(
    state.endedOrders,
    (order) => order.positionId === position.id && !order.closing,
  );
  if (opening === undefined) return [state, []];
  const { digits } = listingOf(state, position.instrumentId).instrument;
  const levels = levelsFromFill(position, opening, digits);
  if (levels.stop === undefined && levels.target === undefined) return [state, []];
  const event = { ref: undefined, serverEvent: true, time: input.time };
  const [made, output] = createProtective(state, position, levels, event);
  const next = opening.trails === true ? trailing(made, position.id, true) : made;
  const [after, more] = trigger(next, position.instrumentId, input.time);
  return [after, [output, ...more]];
}

/** Switches the following of the stop on, from the present distance, or off. */
function trailing(state: ExchangeState, id: string, on: boolean | undefined): ExchangeState {
  const position = openPosition(state, id);
  if (position === undefined || on === undefined) return state;
  const distance = on ? trailingDistance(state, position) : undefined;
  return withPosition(state, positionWith(position, { trailing: distance }));
}

/** Rows 13 to 15: replaced, created or cancelled under the rule of full replacement (F39). */
function amend(state: ExchangeState, input: AmendInput): Stepped {
  const refusal = refuseAmend(state, input);
  const position = openPosition(state, input.positionId);
  if (refusal !== undefined || position === undefined) {
    assert(refusal !== undefined, 'an amend without position must be refused');
    return [state, [refused(input, refusal, { positionId: input.positionId })]];
  }
  const { ref, time } = input;
  const levels = { stop: input.stop, target: input.target };
  const protective = protectiveOf(state, position);
  if (protective === undefined) {
    const [next, output] = createProtective(state, position, levels, {
      ref,
      serverEvent: false,
      time,
    });
    return [trailing(next, position.id, input.trailing), [output]];
  }
  if (levels.stop !== undefined || levels.target !== undefined) {
    const { stop: stopPrice, target: limitPrice } = levels;
    const order = orderWith(protective, { stopPrice, limitPrice, updatedAt: time });
    const shown = withLevels(position, levels, time, protective.id);
    const next = trailing(withPosition(withOrder(state, order), shown), shown.id, input.trailing);
    return [next, [execution({ execution: 'REPLACED', ref, order, position: shown, time })]];
  }
  const naked = withLevels(position, levels, time, undefined);
  const ended = orderWith(protective, { status: 'CANCELLED', updatedAt: time, closedAt: time });
  const next = withPosition(withEnded(state, ended), naked);
  return [next, [execution({ execution: 'CANCELLED', ref, order: ended, position: naked, time })]];
}
