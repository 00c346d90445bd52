/**
 * Answers to what the engine let out: sent, refused by gate or broker, durable in the journal.
 * Deliberately matches by our own request id; who else could mean us is decided in `orders.ts`.
 */
import { positionWith } from './copies.ts';
import type { BrokerRequest } from './effect.ts';
import type { Event } from './event.ts';
import { askReconcile } from './inquiry.ts';
import { findOrder, orderDurable, orderFailed, orderSent } from './orders.ts';
import { putPosition } from './positions.ts';
import { countAct } from './requests.ts';
import { entryRefusal, slotRefusal } from './risk/gate.ts';
import { isTooWide } from './risk/spread.ts';
import { noteSpreadRefusal } from './risk/tallies.ts';
import type { Position } from './state.ts';
import { change, type Turn, tell } from './turn.ts';
import type { ClientOrderId, Seq } from './units.ts';

export function onFailed(turn: Turn, event: Extract<Event, { type: 'requestFailed' }>): void {
  const why = `${event.code}${event.definitive ? '' : ' (ambiguous)'}`;
  const order = findOrder(turn, undefined, event.requestId as ClientOrderId);
  if (order !== undefined) {
    orderFailed(turn, order, event.definitive, why);
    return;
  }
  if (cancelFailed(turn, event.requestId, why) || amendFailed(turn, event.requestId, why)) return;
  const position = turn.core.positions.find((one) => one.closing?.requestId === event.requestId);
  if (position === undefined) return;
  tell(turn, 'position', 'bad', `close refused: ${why}`, event.description);
  const isFinal = event.definitive && FINAL.has(event.code);
  const state = event.definitive ? reopened(position) : 'CLOSE_UNKNOWN';
  const next = positionWith(position, {
    state,
    closing: event.definitive ? undefined : position.closing,
    wanted: isFinal ? undefined : position.wanted,
    closeRefused: why,
  });
  putPosition(turn, next);
  askReconcile(turn); // F43: the deals know whether the stop was faster
}

/** Refusals that asking again cannot change; every other wish to close stays (F44). */
const FINAL: ReadonlySet<string> = new Set([
  'POSITION_NOT_FOUND',
  'TRADING_BAD_VOLUME',
  'INVALID_REQUEST',
  'UNSUPPORTED_MESSAGE',
]);

/** The broker would not give it up: the next look says what became of it. */
function cancelFailed(turn: Turn, requestId: string, why: string): boolean {
  const cancel = turn.core.cancels.find((one) => `cancel-${one.id}-${one.count}` === requestId);
  if (cancel === undefined) return false;
  const cancels = turn.core.cancels.map((one) =>
    one.id === cancel.id ? { ...one, refused: why } : one,
  );
  change(turn, { cancels });
  tell(turn, 'order', 'bad', `cancel of order ${cancel.id} refused: ${why}`);
  askReconcile(turn);
  return true;
}

/** The levels are as they were; who needs other ones asks again. */
function amendFailed(turn: Turn, requestId: string, why: string): boolean {
  const position = turn.core.positions.find((one) => one.amending?.requestId === requestId);
  if (position === undefined) return false;
  putPosition(turn, positionWith(position, { amending: undefined }));
  tell(turn, 'position', 'bad', `levels of position ${position.id} refused: ${why}`);
  return true;
}

const reopened = (position: Position): Position['state'] =>
  position.stop === undefined ? 'NAKED' : 'PROTECTED';

export function onSent(turn: Turn, event: Extract<Event, { type: 'sent' }>): void {
  const order = findOrder(turn, undefined, event.requestId as ClientOrderId);
  if (order !== undefined) {
    orderSent(turn, order, event.generation);
    return;
  }
  const position = turn.core.positions.find((one) => one.closing?.requestId === event.requestId);
  if (position?.closing === undefined) return;
  const closing = { ...position.closing, sentAt: turn.at.mono };
  putPosition(turn, positionWith(position, { closing }));
}

/** The journal holds everything up to here: announced acts may now leave (A5). */
export function onDurable(turn: Turn, upTo: Seq): void {
  orderDurable(turn, upTo, () => {
    const refusal = entryRefusal(turn) ?? slotRefusal(turn);
    if (refusal !== undefined && isTooWide(turn)) noteSpreadRefusal(turn);
    return refusal;
  });
  if (turn.core.outbox.length === 0) return;
  const ready = turn.core.outbox.filter((waiting) => waiting.barrier <= upTo);
  if (ready.length === 0) return;
  change(turn, { outbox: turn.core.outbox.filter((waiting) => waiting.barrier > upTo) });
  for (const { request } of ready) {
    if (!isWanted(turn, request)) continue;
    countAct(turn, request);
    turn.effects.push({ type: 'transmit', request });
  }
}

/** A close whose volume a deal has changed while its record was written is not confirmed (I13). */
function isWanted({ core }: Turn, request: BrokerRequest): boolean {
  if (request.type !== 'closePosition') return true;
  return core.positions.some((one) => one.closing?.requestId === request.requestId);
}

export function onRefused(turn: Turn, requestId: string, reason: string): void {
  const why = `refused at the last look: ${reason}`;
  const order = findOrder(turn, undefined, requestId as ClientOrderId);
  if (order !== undefined) {
    if (isTooWide(turn)) noteSpreadRefusal(turn);
    orderFailed(turn, order, true, why);
    return;
  }
  if (cancelFailed(turn, requestId, why) || amendFailed(turn, requestId, why)) return;
  const position = turn.core.positions.find((one) => one.closing?.requestId === requestId);
  if (position === undefined) return;
  const next = positionWith(position, {
    state: reopened(position),
    closing: undefined,
    closeRefused: why,
  });
  putPosition(turn, next);
  tell(turn, 'position', 'warn', `close ${why}`);
}
