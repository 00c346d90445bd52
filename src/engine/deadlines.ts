/**
 * Everything that expires, compared on the clock event: no timer handles, nothing to cancel.
 * Deliberately only looks at ages in the state; the clock itself is in the stamp.
 */
import { expireArming } from './arming.ts';
import { DEADLINES } from './config.ts';
import { positionWith } from './copies.ts';
import { dayWanted, openDay } from './day-opening.ts';
import { orphanSince } from './early.ts';
import { askReconcile, canAsk, isUnresolved, isUnsettled } from './inquiry.ts';
import { awaitedFill, moveOrder, workingOrders } from './orders.ts';
import { plannedStop, putPosition } from './positions.ts';
import { plannedTarget, tendProtection } from './protection.ts';
import { amendKey, mayAct, mayCloseAgain, requestAmend, requestClose } from './requests.ts';
import { trip } from './risk/breakers.ts';
import { closeRefusal } from './risk/egress.ts';
import type { Order, Position } from './state.ts';
import { alert, type Turn, tell } from './turn.ts';

/** How often an amend of a missing stop may be tried. */
const AMEND_TRIES = 3;

export function checkDeadlines(turn: Turn): void {
  openDay(turn);
  expireArming(turn);
  for (const order of workingOrders(turn.core.orders)) checkOrder(turn, order);
  for (const position of turn.core.positions) checkPosition(turn, position);
  checkReconcile(turn);
}

function checkOrder(turn: Turn, order: Order): void {
  const now = turn.at.mono;
  const waits = order.state === 'INTENT' || order.barrier !== undefined;
  if (waits && now - order.decidedAt > DEADLINES.decisionToBytesMs) {
    const reason = 'the journal did not answer within 2 s';
    moveOrder(turn, order, 'ABORTED', reason, { barrier: undefined });
  } else if (order.state === 'SEND_BEGINS' && order.barrier === undefined) {
    const silent = now - order.decidedAt > 2 * DEADLINES.decisionToBytesMs;
    if (silent) moveOrder(turn, order, 'UNKNOWN', 'no word that the bytes left');
  } else if (order.state === 'SENT' && order.sentAt !== undefined) {
    const silent = now - order.sentAt > DEADLINES.bytesToEvidenceMs;
    if (silent) moveOrder(turn, order, 'UNKNOWN', 'no evidence within 5 s (F28)');
  } else if (order.state === 'UNKNOWN' && order.unknownSince !== undefined) {
    // The five minutes are a chance to prove it, so they pass only while the broker can be asked.
    const since = Math.max(order.unknownSince, turn.core.link.since);
    const asking = canAsk(turn.core);
    const hopeless = asking && now - since > DEADLINES.quarantineAfterMs;
    if (hopeless) moveOrder(turn, order, 'QUARANTINED', 'not provable for 5 min (T13)');
  }
}

function checkPosition(turn: Turn, position: Position): void {
  const now = turn.at.mono;
  const { closing } = position;
  if (closing !== undefined && position.state === 'CLOSING') {
    const silent = now - (closing.sentAt ?? closing.askedAt) > DEADLINES.bytesToEvidenceMs;
    if (!silent) return;
    putPosition(turn, positionWith(position, { state: 'CLOSE_UNKNOWN' }));
    tell(turn, 'position', 'bad', `no word about the close of position ${position.id} (F42)`);
    if (canAsk(turn.core)) askReconcile(turn);
    return;
  }
  if (position.state === 'UNSETTLED') checkUnsettled(turn, position);
  if (position.nakedSince === undefined) tendProtection(turn, position);
  if (!position.ours || closing !== undefined) return;
  if (position.wanted !== undefined && pursue(turn, position)) return;
  if (position.nakedSince === undefined) return;
  if (position.state === 'UNSETTLED' || closeRefusal(turn) !== undefined) return; // F44
  const nakedMs = now - position.nakedSince;
  if (nakedMs > DEADLINES.unprotectedHardMs) {
    if (!mayCloseAgain(turn, position)) return;
    alert(turn, 'critical', `position ${position.id} cannot be protected and is closed`);
    requestClose(turn, position, 'no stop within 5 s (F37)');
  } else if (nakedMs > DEADLINES.unprotectedTargetMs || turn.core.stoppingSince !== undefined) {
    restoreStop(turn, position, nakedMs);
  }
}

/**
 * A close that is still wanted is asked for again, when the volume was confirmed after the last
 * change: nobody closes twice what one order closes in parts (F44, I13).
 */
function pursue(turn: Turn, position: Position): boolean {
  if (position.state === 'UNSETTLED' || position.state === 'CLOSE_UNKNOWN') return false;
  if (closeRefusal(turn) !== undefined || !mayCloseAgain(turn, position)) return false;
  const { reconciledAt, reconcileAskedAt } = turn.core;
  if ((reconciledAt ?? 0) >= position.changedAt) {
    requestClose(turn, position, position.wanted ?? 'asked before');
    return true;
  }
  if (turn.at.mono - (reconcileAskedAt ?? 0) >= DEADLINES.youngDifferenceMs) {
    askReconcile(turn);
  }
  return false;
}

/** R12: gone at the broker for 5 min and still no deal that says how. */
function checkUnsettled(turn: Turn, position: Position): void {
  if (turn.at.mono - position.changedAt <= DEADLINES.quarantineAfterMs) return;
  trip(turn, 'INTEGRITY', `no deal explains the end of position ${position.id} (R12)`);
}

/** Tries at 2, 3 and 4 seconds, when stopping at once; then the emergency close above. */
function restoreStop(turn: Turn, position: Position, nakedMs: number): void {
  const patience = turn.core.stoppingSince === undefined ? DEADLINES.unprotectedTargetMs : 0;
  const due = patience + position.amendsSent * 1_000;
  if (position.amendsSent >= AMEND_TRIES || nakedMs < due) return;
  const stop = plannedStop(turn, position);
  if (stop === undefined || !mayAct(turn.core, turn.at.mono, amendKey(position.id))) return;
  const target = position.target ?? plannedTarget(turn, position);
  const next = positionWith(position, { amendsSent: position.amendsSent + 1 });
  requestAmend(turn, next, { stop, target }, 'restore the stop');
}

function checkReconcile(turn: Turn): void {
  const { reconciledAt, reconcileAskedAt, orders } = turn.core;
  if (!canAsk(turn.core)) return;
  const last = Math.max(reconciledAt ?? 0, reconcileAskedAt ?? 0);
  const passed = turn.at.mono - last;
  const isDue =
    passed >= DEADLINES.reconcileEveryMs ||
    (passed >= DEADLINES.absenceApartMs && isOpenEnded(turn)) ||
    // Doubt that is newer than the last look does not wait for its turn.
    workingOrders(orders).some((one) => isUnresolved(one) && (one.unknownSince ?? 0) > last);
  if (isDue) askReconcile(turn);
}

/** Something waits for a look at the broker. */
function isOpenEnded(turn: Turn): boolean {
  const { core } = turn;
  return (
    !core.reconciled ||
    core.unexplainedSince !== undefined ||
    dayWanted(turn) !== undefined ||
    awaitedFill(core) !== undefined ||
    orphanSince(core) !== undefined ||
    workingOrders(core.orders).some(isUnresolved) ||
    core.positions.some(isUnsettled)
  );
}
