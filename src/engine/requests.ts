/**
 * What the engine asks of the broker beside entries: closes, levels and cancels, each announced in
 * the journal before its bytes leave, within caps of their own (A5, F50, I29).
 * Deliberately decides nothing: who wants a close or a stop, and why, is said by the caller.
 */

import type { Act } from './asked.ts';
import { bounded } from './bars.ts';
import { ACT_CAPS, DEADLINES, LIMITS } from './config.ts';
import { positionWith } from './copies.ts';
import type { BrokerRequest } from './effect.ts';
import { putPosition } from './positions.ts';
import type { Core, Position } from './state.ts';
import { change, record, type Turn, tell } from './turn.ts';
import type { BrokerOrderId, Mono, PositionId, Price } from './units.ts';

type Postable = Extract<Parameters<typeof record>[1], { kind: 'request' }>['request'];

/** Asks the broker to close; the request leaves once its record is durable (A5). */
export function requestClose(turn: Turn, position: Position, reason: string): void {
  const requestId = `close-${position.id}-${position.closesAsked + 1}`;
  const closing = {
    requestId,
    volume: position.volume,
    askedAt: turn.at.mono,
    sentAt: undefined,
    reason,
  };
  const next = positionWith(position, {
    state: 'CLOSING',
    closesAsked: position.closesAsked + 1,
    closeAskedAt: turn.at.mono,
    closing,
    wanted: reason,
    closeRefused: undefined,
  });
  putPosition(turn, next);
  dropWaiting(turn, position.id, 'closePosition');
  const { id: positionId, volume } = position;
  post(turn, { type: 'closePosition', requestId, positionId, volume }, reason);
  tell(turn, 'position', 'plain', `closing position ${position.id}: ${reason}`);
}

/** A close that came to nothing is tried again after 1, 2, 4, 8, then every 10 s (F44, I29). */
export function mayCloseAgain(turn: Turn, position: Position): boolean {
  if (!mayAct(turn.core, turn.at.mono, closeKey(position.id))) return false;
  if (position.closeAskedAt === undefined) return true;
  const doubled = 1_000 * 2 ** Math.min(position.closesAsked - 1, 4);
  const pause = Math.min(DEADLINES.closeRetryMaxMs, doubled);
  return turn.at.mono - position.closeAskedAt >= pause;
}

/** Asks for both levels of a position: what an amend omits the broker removes (F39). */
export function requestAmend(
  turn: Turn,
  position: Position,
  levels: { readonly stop: Price; readonly target: Price | undefined },
  reason: string,
): void {
  const requestId = `amend-${position.id}-${position.amendsAsked + 1}`;
  const { stop, target } = levels;
  const amending = { requestId, stop, target, askedAt: turn.at.mono, reason };
  const amendsAsked = position.amendsAsked + 1;
  putPosition(turn, positionWith(position, { amendsAsked, amending }));
  const { id: positionId } = position;
  dropWaiting(turn, positionId, 'amendProtection');
  post(turn, { type: 'amendProtection', requestId, positionId, stop, target }, reason);
}

/** Asks the broker to give up an order that still waits there (R04, R27, F53). */
export function requestCancel(turn: Turn, id: BrokerOrderId, reason: string): void {
  const asked = turn.core.cancels.find((one) => one.id === id);
  const count = (asked?.count ?? 0) + 1;
  const others = turn.core.cancels.filter((one) => one.id !== id);
  const cancel = { id, count, at: turn.at.mono, refused: undefined };
  change(turn, { cancels: bounded(others, cancel, LIMITS.strays) });
  const requestId = `cancel-${id}-${count}`;
  post(turn, { type: 'cancelOrder', requestId, brokerOrderId: id }, reason);
  tell(turn, 'order', 'warn', `order ${id} at the broker is cancelled: ${reason}`);
}

/** A cancel is asked again after 10 s at the earliest. */
export const mayCancel = ({ core, at }: Turn, id: BrokerOrderId): boolean => {
  const asked = core.cancels.find((one) => one.id === id);
  const isDue = asked === undefined || at.mono - asked.at >= DEADLINES.closeRetryMaxMs;
  return isDue && mayAct(core, at.mono, `cancel ${id}`);
};

function post(turn: Turn, request: Postable, reason: string): void {
  record(turn, { kind: 'request', request, reason }, true);
  change(turn, { outbox: [...turn.core.outbox, { barrier: turn.at.seq, request }] });
}

/**
 * At most one close and one amend wait per position: an older one is taken back (F42), or a slow
 * journal would let them all go at once (I29).
 */
function dropWaiting(turn: Turn, id: PositionId, type: 'closePosition' | 'amendProtection'): void {
  const outbox = turn.core.outbox.filter(
    ({ request }) => request.type !== type || request.positionId !== id,
  );
  if (outbox.length < turn.core.outbox.length) change(turn, { outbox });
}

const closeKey = (id: PositionId): string => `close ${id}`;
export const amendKey = (id: PositionId): string => `amend ${id}`;

/** What a request counts as: closing and protecting are counted apart from entries (F50). */
export function keyOf(request: BrokerRequest): string | undefined {
  if (request.type === 'submitOrder' || request.type === 'placeOrder') return undefined;
  if (request.type === 'amendOrder') return `order ${request.brokerOrderId}`;
  if (request.type === 'cancelOrder') return `cancel ${request.brokerOrderId}`;
  const { positionId } = request;
  return request.type === 'closePosition' ? closeKey(positionId) : amendKey(positionId);
}

/** The bytes of it leave now. */
export function countAct(turn: Turn, request: BrokerRequest): void {
  const key = keyOf(request);
  if (key === undefined) return;
  const act = { key, requestId: request.requestId, at: turn.at.mono };
  change(turn, { acts: bounded(turn.core.acts, act, LIMITS.acts) });
}

/**
 * True while the caps leave room: one a second for the same thing, 30 a minute for all. What only
 * improves a stop may use half of them, so that it never starves a close (I29).
 */
export function mayAct(core: Core, now: Mono, key: string, isUrgent = true): boolean {
  return capReached(core.acts, now, key, isUrgent) === undefined;
}

/** The cap in the way of one more act, in words. */
export function capReached(
  acts: readonly Act[],
  now: Mono,
  key: string,
  isUrgent = true,
): string | undefined {
  const recent = acts.filter((act) => now - act.at < 60_000);
  const most = isUrgent ? ACT_CAPS.perMinute : ACT_CAPS.improvingPerMinute;
  if (recent.length >= most) return `${most} closes, levels and cancels in a minute`;
  const again = recent.some((act) => act.key === key && now - act.at < ACT_CAPS.apartMs);
  return again ? 'the same was asked less than a second ago' : undefined;
}
