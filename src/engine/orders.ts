/**
 * The life of an entry order: what moves it along the table of its states.
 * Deliberately never resends, and never guesses: no proof either way is UNKNOWN (I01, I06, I08).
 */

import { assert } from './assert.ts';
import { bounded } from './bars.ts';
import { DEADLINES, LIMITS } from './config.ts';
import { copyOfOrder, type Mutable, orderWith } from './copies.ts';
import type { BrokerRequest } from './effect.ts';
import { placeOf } from './ids.ts';
import { isSpent } from './membership.ts';
import type { Deal, OrderState, OrderUpdate, Side } from './model.ts';
import { isTerminal, transitionOf } from './order-moves.ts';
import { moveRecord, sentence, toneOf, wordsOf } from './order-words.ts';
import { trip } from './risk/breakers.ts';
import type { Approved } from './risk/gate.ts';
import { noteEntrySent, noteFill, noteReject } from './risk/tallies.ts';
import type { Core, Order, Position } from './state.ts';
import { pushed } from './trail.ts';
import { alert, owned, record, type Turn, tell } from './turn.ts';
import {
  addVolume,
  type BrokerOrderId,
  type ClientOrderId,
  clientOrderId,
  type Generation,
  price,
  type Seq,
  type SignalId,
  tickSize,
  volume,
} from './units.ts';

const isOpen = ({ state }: Order): boolean => !isTerminal(state);

/** The orders whose end is open, remembered for the one list that was asked about last. */
const working: { of: readonly Order[]; open: readonly Order[] } = { of: [], open: [] };

export function workingOrders(orders: readonly Order[]): readonly Order[] {
  if (working.of !== orders) {
    working.open = orders.filter(isOpen);
    working.of = orders;
  }
  return working.open;
}

/** The same of a list in which one order is new or another, without a look at all the others. */
function rememberOne(before: readonly Order[], after: readonly Order[], order: Order): void {
  if (working.of !== before) return;
  const gone = after[0] === before[0] ? undefined : before[0]?.id;
  const open: Order[] = [];
  let isNew = true;
  for (const one of working.open) {
    if (one.id === order.id) {
      if (isOpen(order)) open.push(order);
      isNew = false;
    } else if (one.id !== gone) open.push(one);
  }
  if (isNew && isOpen(order)) open.push(order);
  working.of = after;
  working.open = open;
}

/** Product tag of every label of ours; the rest of the label is the full client order id (5.1). */
export const LABEL_TAG = 'palm-oil-tui:';
export const labelOf = (id: ClientOrderId): string => LABEL_TAG + id;

/** One signal, one id, for ever: `p` side, instrument and bar time, at most 50 characters. */
export function orderIdOf(signal: SignalId, side: Side): ClientOrderId {
  const second = signal.indexOf('/') + 1;
  const third = signal.indexOf('/', second) + 1;
  const fourth = signal.indexOf('/', third) + 1;
  const instrument = signal.slice(second, third - 1);
  const id = `${side === 'buy' ? 'b' : 's'}-${instrument}-${signal.slice(fourth)}`;
  if (id.length > 50) assert(false, `client order id too long: ${id}`);
  return clientOrderId(id);
}

/** T01: the slot is reserved and the signal spent in the same synchronous step (F35, F36). */
export function beginOrder(turn: Turn, approved: Approved): void {
  const id = orderIdOf(approved.signalId, approved.side);
  if (isSpent(turn.core.signals, approved.signalId)) {
    assert(false, `used twice: ${approved.signalId}`);
  }
  const order: Order = {
    id,
    signalId: approved.signalId,
    side: approved.side,
    volume: approved.volume,
    executed: volume(0),
    dealt: volume(0),
    stopDistance: approved.stopDistance,
    targetDistance: approved.targetDistance,
    decidedPrice: approved.decidedPrice,
    state: 'INTENT',
    reason: approved.reason,
    decidedAt: turn.at.mono,
    decidedWall: turn.at.wall,
    barrier: turn.at.seq,
    sentAt: undefined,
    sentWall: undefined,
    generation: undefined,
    brokerOrderId: undefined,
    positionId: undefined,
    unknownSince: undefined,
    absences: 0,
    lastAbsenceAt: undefined,
  };
  const before = turn.core.orders;
  const orders = bounded(before, order, LIMITS.orders);
  rememberOne(before, orders, order);
  const core = owned(turn);
  core.orders = orders;
  core.signals = pushed(core.signals, approved.signalId);
  record(turn, moveRecord(order, undefined, 'INTENT', approved.reason), true);
  tell(turn, 'order', 'plain', `${sentence(order)} intended: ${approved.reason}`);
}

/** Moves an order along the table; the same state again is no move. */
export const moveOrder = (
  turn: Turn,
  order: Order,
  to: OrderState,
  reason: string,
  fields?: Partial<Order>,
): Order => move(turn, fields ? orderWith(order, fields) : copyOfOrder(order), to, reason);

/** The same with a copy that nobody else has seen. */
function move(turn: Turn, order: Mutable<Order>, to: OrderState, reason: string): Order {
  const from = order.state;
  const row = transitionOf(from, to);
  if (row === undefined) assert(false, `order ${order.id} cannot go from ${from} to ${to}`);
  const unknown = to === 'UNKNOWN';
  order.state = to;
  order.reason = reason;
  if (unknown) order.unknownSince = turn.at.mono;
  replaceOrder(turn, order);
  record(turn, moveRecord(order, from, to, reason), to === 'SEND_BEGINS');
  if (to !== 'SEND_BEGINS' && to !== 'SENT') {
    tell(turn, 'order', toneOf(to), `${sentence(order)} ${wordsOf(to)}: ${reason}`);
  }
  if (unknown) alert(turn, 'critical', `${sentence(order)}: outcome unknown, ${reason}`);
  return order;
}

export function replaceOrder(turn: Turn, order: Order): void {
  const before = turn.core.orders;
  const at = placeOf(before, order.id);
  if (at < 0) return;
  const orders = before.slice();
  orders[at] = order;
  rememberOne(before, orders, order);
  owned(turn).orders = orders;
}

/** The journal answered: INTENT may announce its send, SEND_BEGINS may be transmitted. */
export function orderDurable(turn: Turn, upTo: Seq, recheck: () => string | undefined): void {
  for (const order of workingOrders(turn.core.orders)) {
    if (order.barrier === undefined || order.barrier > upTo) continue;
    const late = turn.at.mono - order.decidedAt > DEADLINES.decisionToBytesMs;
    const refusal = late ? 'the decision is older than 2 s' : recheck();
    if (refusal !== undefined) {
      moveOrder(turn, order, 'ABORTED', refusal, { barrier: undefined });
    } else if (order.state === 'INTENT') {
      const next = copyOfOrder(order);
      next.barrier = turn.at.seq;
      move(turn, next, 'SEND_BEGINS', 'announced, about to be sent');
    } else if (order.state === 'SEND_BEGINS') {
      const free = copyOfOrder(order);
      free.barrier = undefined;
      replaceOrder(turn, free);
      transmitOrder(turn, order);
    }
  }
}

/** How far an entry may go, if it is limited at all: what does not fill there is cancelled. */
function rangeOf({ config, instrument }: Core, { decidedPrice: base }: Order) {
  const ticks = config?.entrySlippageTicks;
  if (ticks === undefined || instrument === undefined || base === undefined) return undefined;
  return { base, slippage: price(ticks * tickSize(instrument.digits)) };
}

function transmitOrder(turn: Turn, order: Order): void {
  const { instrument } = turn.core;
  assert(instrument !== undefined, 'an order without an instrument');
  const request: BrokerRequest = {
    type: 'submitOrder',
    requestId: order.id,
    clientOrderId: order.id,
    label: labelOf(order.id),
    instrumentId: instrument.id,
    side: order.side,
    volume: order.volume,
    stopDistance: order.stopDistance,
    targetDistance: order.targetDistance,
  };
  const range = rangeOf(turn.core, order);
  const limited = range === undefined ? request : { ...request, range };
  turn.effects.push({ type: 'transmit', request: limited });
}

/** T03: the bytes are out, once. */
export function orderSent(turn: Turn, order: Order, sentGeneration: Generation): void {
  if (order.sentAt !== undefined) return;
  const { mono, wall } = turn.at;
  noteEntrySent(turn);
  const next = copyOfOrder(order);
  next.sentAt = mono;
  next.sentWall = wall;
  next.generation = sentGeneration;
  if (order.state !== 'SEND_BEGINS') replaceOrder(turn, next);
  else move(turn, next, 'SENT', 'handed to the broker');
}

/** What the broker says decides by volumes, in any order and any number of times (F31, F32). */
export function applyOrderUpdate(turn: Turn, update: OrderUpdate): void {
  if (update.closing || update.protective) return;
  const order = findOrder(turn, update.brokerOrderId, update.clientOrderId);
  if (order === undefined) return;
  const known = copyOfOrder(order);
  known.brokerOrderId = update.brokerOrderId;
  known.positionId = update.positionId ?? order.positionId;
  known.executed = update.executed > order.executed ? update.executed : order.executed;
  settle(turn, known, update.status, update.reason ?? 'by the broker');
}

/**
 * An opening deal counts towards the order it belongs to. An update may have told its volume
 * before:
 * the deals are summed apart from what updates say, so that nothing counts twice (F30, F32).
 */
export function orderDealt(turn: Turn, order: Order, deal: Deal): void {
  const dealt = addVolume(order.dealt, deal.filled);
  const executed = dealt > order.executed ? dealt : order.executed;
  const next = copyOfOrder(order);
  next.dealt = dealt;
  next.executed = executed;
  next.brokerOrderId = deal.brokerOrderId;
  next.positionId = deal.positionId;
  noteFill(turn, order, deal);
  settle(turn, next, 'working', 'deal received');
  if (isTerminal(order.state) && dealt > order.executed) {
    trip(turn, 'INTEGRITY', `a deal arrived for ${order.id}, believed ${order.state} (T15)`);
  }
}

/** Keeps what is known of an order now, and moves it if that is a move. */
function settle(turn: Turn, known: Order, status: OrderUpdate['status'], why: string): void {
  const order = isTerminal(known.state) ? known : provenSent(turn, known);
  const to = stateFor(order, status);
  const late = to !== undefined && transitionOf(order.state, to)?.id === 'T15';
  if (to === undefined || to === order.state || (isTerminal(order.state) && !late)) {
    if (order === known) replaceOrder(turn, known);
    return;
  }
  moveOrder(turn, order, to, why);
  if (to === 'REJECTED') noteReject(turn);
  if (late) trip(turn, 'INTEGRITY', `a fill arrived for ${order.id}, believed ${order.state}`);
}

/**
 * Evidence proves that bytes left, also when word of it is still on its way; or never should have.
 */
function provenSent(turn: Turn, order: Order): Order {
  if (order.state === 'SEND_BEGINS' && order.barrier === undefined) {
    return moveOrder(turn, order, 'SENT', 'the broker answers');
  }
  if (order.state !== 'INTENT' && order.state !== 'SEND_BEGINS') return order;
  trip(turn, 'INTEGRITY', `the broker knows ${order.id}, which was never sent`);
  return moveOrder(turn, order, 'ABORTED', 'never sent, yet known to the broker', {
    barrier: undefined,
  });
}

function stateFor(order: Order, status: OrderUpdate['status']): OrderState | undefined {
  if (order.executed >= order.volume) return 'FILLED';
  const ended = status !== 'working' || isTerminal(order.state); // T15: an ended order never works
  if (order.executed > 0) return ended ? 'DONE_PARTIAL' : 'PARTIAL';
  if (status === 'working') return 'ACCEPTED';
  const bare = { filled: undefined, rejected: 'REJECTED', cancelled: 'CANCELLED' } as const;
  return status === 'expired' ? 'EXPIRED' : bare[status];
}

/** A refusal is a refusal only when it proves that nothing was executed (5.4). */
export function orderFailed(turn: Turn, order: Order, definitive: boolean, why: string): void {
  if (isTerminal(order.state)) return;
  if (order.state === 'INTENT' || (order.state === 'SEND_BEGINS' && definitive)) {
    moveOrder(turn, order, 'ABORTED', why, { barrier: undefined });
  } else if (definitive && order.executed === 0 && order.state !== 'PARTIAL') {
    moveOrder(turn, order, 'REJECTED', why);
    noteReject(turn);
  } else if (order.state !== 'UNKNOWN' && order.state !== 'QUARANTINED') {
    moveOrder(turn, order, 'UNKNOWN', why);
  }
}

/** Everything in flight loses its proof with the link (F02). */
export function ordersLostLink(turn: Turn, why: string): void {
  for (const order of turn.core.orders) {
    const flying =
      order.state === 'SENT' || order.state === 'ACCEPTED' || order.state === 'PARTIAL';
    const announced = order.state === 'SEND_BEGINS' && order.barrier === undefined;
    if (flying || announced) moveOrder(turn, order, 'UNKNOWN', why);
  }
}

/**
 * After a start: an unsent intent is aborted, an announced one is unknown; no other guess (5.2).
 */
export function ordersAfterStart(turn: Turn): void {
  for (const order of turn.core.orders) {
    if (order.state === 'INTENT') {
      moveOrder(turn, order, 'ABORTED', 'restarted before it was sent', { barrier: undefined });
    } else if (!isTerminal(order.state) && transitionOf(order.state, 'UNKNOWN') !== undefined) {
      // Word of its bytes may have died with the process: the caps count them as gone (P14).
      if (order.state === 'SEND_BEGINS') noteEntrySent(turn);
      moveOrder(turn, order, 'UNKNOWN', 'restarted while it was in flight', { barrier: undefined });
    }
  }
}

export const findOrder = (
  turn: Turn,
  brokerId: BrokerOrderId | undefined,
  clientId: ClientOrderId | undefined,
): Order | undefined => orderOf(turn.core.orders, brokerId, clientId);

/** The newest order that one of the ids means. */
export function orderOf(
  orders: readonly Order[],
  brokerId: BrokerOrderId | undefined,
  clientId: ClientOrderId | undefined,
): Order | undefined {
  for (let at = orders.length - 1; at >= 0; at -= 1) {
    const order = orders[at] as Order;
    const isIts = clientId !== undefined && order.id === clientId;
    if (isIts || (brokerId !== undefined && order.brokerOrderId === brokerId)) return order;
  }
  return undefined;
}

/**
 * A fill that was told while its deals and its position are still unseen: its slot is taken (I03).
 * Only the newest order can be one, for nothing is entered as long as there is one.
 */
export function awaitedFill({ orders, positions, gone }: Core): Order | undefined {
  const order = orders.at(-1);
  if (order === undefined || !isTerminal(order.state) || order.dealt >= order.executed) {
    return undefined;
  }
  const isIts = ({ id }: { readonly id: Order['positionId'] }) => id === order.positionId;
  const its = positions.find(isIts);
  if (its !== undefined) return isShort(order, its) ? order : undefined;
  return gone.some(isIts) ? undefined : order;
}

/** The order filled more than its deals and the broker's view of the position have shown (F31). */
export const isShort = (order: Order, { unexplained }: Pick<Position, 'unexplained'>): boolean =>
  order.dealt + Math.max(0, unexplained) < order.executed;
