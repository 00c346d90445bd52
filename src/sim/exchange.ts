/**
 * The simulated exchange: one pure function from state and input to state and outputs. Used by the
 * wire simulator, the paper broker and worlds by seed. Integers only.
 * Deliberately keeps no time and no delay: see `exchange-types.ts` for who does.
 */
import {
  assert,
  assertNever,
  type BrokerPosition,
  brokerOrderId,
  positionId,
  volume,
  type Wall,
} from '../engine/index.ts';
import { emptyTrail, findNewest, newestOf } from '../engine/trail.ts';
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
import { listedAs, listingOf, opposite, quotedAt, tradedAt } from './exchange-money.ts';
import { fillNetted, netted } from './exchange-netting.ts';
import { expire, place, replace, triggerPending } from './exchange-pending.ts';
import {
  acceptedOrder,
  copyOfOrder,
  copyOfPosition,
  copyOfState,
  type Draft,
  EXCHANGE_LIMITS,
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
  withQuote,
} from './exchange-records.ts';
import { trail, trailingDistance } from './exchange-trailing.ts';
import type {
  AmendInput,
  ExchangeIds,
  ExchangeInput,
  ExchangeOutput,
  ExchangeSeed,
  ExchangeState,
  FillInput,
  OrderFacts,
  PositionFacts,
  QuotedInstrument,
  SubmitInput,
} from './exchange-types.ts';

const NO_OUTPUTS: readonly ExchangeOutput[] = [];

type InputOf<T extends ExchangeInput['type']> = Extract<ExchangeInput, { type: T }>;

/** Where the numbers of a fresh exchange start. */
export const FIRST_IDS: ExchangeIds = { order: 5_000_001, position: 7_000_001, deal: 9_000_001 };

/** A fresh or restored exchange; restored positions get their protective orders back. */
export function seedExchange(seed: ExchangeSeed): ExchangeState {
  let state: ExchangeState = {
    account: seed.account,
    listings: [],
    quotes: [],
    positions: [],
    orders: [],
    endedOrders: emptyTrail(EXCHANGE_LIMITS.endedOrders),
    deals: emptyTrail(EXCHANGE_LIMITS.deals),
    ids: seed.ids,
    netting: seed.netting,
  };
  for (const held of seed.positions) {
    assert(Number(held.id) < seed.ids.position, `position id ${held.id} would be given out again`);
    const { stop, target } = held;
    const restored = restoredPosition(held, seed.time);
    state = withPosition(state, restored);
    if (stop === undefined && target === undefined) continue;
    const event = { ref: undefined, serverEvent: true, time: seed.time };
    [state] = createProtective(state, restored, { stop, target }, event);
  }
  return state;
}

function restoredPosition(held: BrokerPosition, time: Wall): PositionFacts {
  const { id, instrumentId, side } = held;
  const position = emptyPosition({ id, instrumentId, side, updatedAt: time });
  position.status = 'OPEN';
  position.volume = held.volume;
  position.entry = held.entry;
  position.commission = held.commission;
  position.swap = held.swap;
  position.usedMargin = held.usedMargin;
  position.openedAt = held.openedAt;
  position.label = held.label;
  return position;
}

/** One input. Never throws for anything a client can ask; refusals are outputs. */
export function stepExchange(state: ExchangeState, input: ExchangeInput): Stepped {
  switch (input.type) {
    case 'list':
      return [list(state, input), NO_OUTPUTS];
    case 'quote':
      return quote(state, input);
    case 'quotesLost':
      return [withoutQuotes(state), NO_OUTPUTS];
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
  const { listings } = state;
  const known = listedAs(state, listing.instrument.id);
  const next = copyOfState(state);
  next.listings =
    known === undefined
      ? [...listings, listing]
      : listings.map((one) => (one === known ? listing : one));
  return next;
}

function withoutQuotes(state: ExchangeState): ExchangeState {
  const next = copyOfState(state);
  next.quotes = [];
  return next;
}

function quote(state: ExchangeState, input: InputOf<'quote'>): Stepped {
  const { instrumentId, time } = input;
  const before = quotedAt(state, instrumentId);
  const now: QuotedInstrument = {
    id: instrumentId,
    bid: input.bid ?? before?.bid,
    ask: input.ask ?? before?.ask,
    time,
  };
  const next = withQuote(state, now);
  if (input.initial) return [next, NO_OUTPUTS];
  const outputs: ExchangeOutput[] = [];
  return [trigger(next, instrumentId, time, outputs), outputs];
}

/** Prices outside the trading session are shown and execute nothing. */
function trigger(
  state: ExchangeState,
  instrument: string,
  time: Wall,
  outputs: ExchangeOutput[],
): ExchangeState {
  const listing = listedAs(state, instrument);
  if (listing === undefined || !isOpen(listing.instrument, time)) return state;
  const closed = triggerLevels(state, instrument, time, outputs);
  const entered = triggerPending(closed, instrument, time, outputs);
  return trail(entered, instrument, time, outputs);
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
  });
  position.label = input.label;
  position.comment = input.comment;
  const { worstPrice } = input;
  const order = marketOrder(state, input, position, false);
  if (worstPrice !== undefined) order.type = 'MARKET_RANGE';
  order.worstPrice = worstPrice;
  order.trails = input.trails;
  order.stopDistance = input.stopDistance;
  order.targetDistance = input.targetDistance;
  order.clientOrderId = input.clientOrderId;
  const held = netted(state, input.instrumentId);
  const about = held ?? position;
  order.positionId = about.id;
  return [withAccepted(state, order, about), [accepted(input.ref, order, about)]];
}

function accepted(ref: string, order: OrderFacts, position: PositionFacts): ExchangeOutput {
  const event = execution('ACCEPTED', order, position, order.createdAt);
  event.ref = ref;
  event.due = { type: 'fill', orderId: order.id };
  return event;
}

function marketOrder(
  state: ExchangeState,
  input: Pick<SubmitInput, 'instrumentId' | 'side' | 'volume' | 'time'>,
  position: PositionFacts,
  closing: boolean,
): Draft<OrderFacts> {
  return acceptedOrder({
    id: brokerOrderId(String(state.ids.order)),
    positionId: position.id,
    instrumentId: input.instrumentId,
    type: 'MARKET',
    timeInForce: 'IOC',
    side: input.side,
    volume: input.volume,
    closing,
    label: position.label,
    comment: position.comment,
    time: input.time,
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
  const { time, volume: size } = input;
  const order = marketOrder(state, { instrumentId, side, volume: size, time }, position, true);
  return [withAccepted(state, order, position), [accepted(input.ref, order, position)]];
}

const isBeyond = ({ side, worstPrice }: OrderFacts, at: number): boolean =>
  worstPrice !== undefined && (side === 'buy' ? at > worstPrice : at < worstPrice);

/** Executes at the quote of this moment. An order that ended meanwhile is left alone. */
function fill(state: ExchangeState, input: FillInput): Stepped {
  const order = orderOf(state, input.orderId);
  if (order === undefined || !isMarket(order)) return [state, []];
  const position = positionOf(state, order.positionId);
  const { instrument, costs } = listingOf(state, order.instrumentId);
  const at = tradedAt(quotedAt(state, order.instrumentId), order.side);
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
  const opening = openingOf(state, position.id);
  if (opening === undefined) return [state, []];
  const { digits } = listingOf(state, position.instrumentId).instrument;
  const levels = levelsFromFill(position, opening, digits);
  if (levels.stop === undefined && levels.target === undefined) return [state, []];
  const event = { ref: undefined, serverEvent: true, time: input.time };
  const [made, output] = createProtective(state, position, levels, event);
  const next = opening.trails === true ? trailing(made, position.id, true) : made;
  const outputs: ExchangeOutput[] = [output];
  return [trigger(next, position.instrumentId, input.time, outputs), outputs];
}

/** The order that opened a position; as a rule it is the one that ended last. */
function openingOf({ endedOrders }: ExchangeState, id: string): OrderFacts | undefined {
  const isMeant = (order: OrderFacts): boolean => order.positionId === id && !order.closing;
  const last = newestOf(endedOrders);
  return last !== undefined && isMeant(last) ? last : findNewest(endedOrders, isMeant);
}

/** Switches the following of the stop on, from the present distance, or off. */
function trailing(state: ExchangeState, id: string, on: boolean | undefined): ExchangeState {
  const position = openPosition(state, id);
  if (position === undefined || on === undefined) return state;
  const next = copyOfPosition(position);
  next.trailing = on ? trailingDistance(state, position) : undefined;
  return withPosition(state, next);
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
    const order = copyOfOrder(protective);
    order.stopPrice = levels.stop;
    order.limitPrice = levels.target;
    order.updatedAt = time;
    const shown = withLevels(position, levels, time, protective.id);
    const next = trailing(withPosition(withOrder(state, order), shown), shown.id, input.trailing);
    const event = execution('REPLACED', order, shown, time);
    event.ref = ref;
    return [next, [event]];
  }
  const naked = withLevels(position, levels, time, undefined);
  const ended = endedOrder(protective, 'CANCELLED', time);
  const next = withPosition(withEnded(state, ended), naked);
  const event = execution('CANCELLED', ended, naked, time);
  event.ref = ref;
  return [next, [event]];
}
