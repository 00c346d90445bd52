/**
 * One reconciliation pass: the broker's complete view against ours, deals first, then orders, positions.
 * Deliberately changes nothing on a void pass: a failed query is never evidence of absence (I08, R28).
 */
import { applyAccount } from './accounting.ts';
import { DEADLINES } from './config.ts';
import type { BrokerSnapshotEvent } from './event.ts';
import type { BrokerPosition, BrokerSnapshot } from './model.ts';
import {
  applyOrderUpdate,
  isTerminal,
  LABEL_TAG,
  labelOf,
  moveOrder,
  replaceOrder,
} from './orders.ts';
import { applyDeal, findPosition, putPosition } from './positions.ts';
import { trip } from './risk/breakers.ts';
import type { Order, Position } from './state.ts';
import { alert, change, type Turn, tell } from './turn.ts';
import { money } from './units.ts';

/** Asks for a pass; with history while any order's outcome or any position's end is open. */
export function askReconcile(turn: Turn): void {
  const { orders, positions } = turn.core;
  const since = [
    ...orders.filter(isUnresolved).map((order) => order.sentWall ?? order.decidedWall),
    ...positions.filter(isUnsettled).map((position) => position.openedWall),
  ];
  const oldest = since.length === 0 ? undefined : Math.min(...since) - 60_000;
  const historyFrom = oldest as Order['sentWall'];
  turn.effects.push({ type: 'query', query: { type: 'reconcile', historyFrom } });
  change(turn, { reconcileAskedAt: turn.at.mono });
}

export const isUnresolved = (order: Order): boolean =>
  order.state === 'UNKNOWN' || order.state === 'QUARANTINED';

export const isUnsettled = (position: Position): boolean =>
  position.state === 'CLOSE_UNKNOWN' || position.state === 'UNSETTLED';

/** Applies one pass of the current generation (section 6 rules a to g). */
export function applyPass(turn: Turn, event: BrokerSnapshotEvent): void {
  if (event.generation !== turn.core.link.generation) return;
  if (!event.pass.complete) {
    tell(turn, 'system', 'warn', 'reconciliation void, nothing changed', event.pass.reason);
    return;
  }
  const { snapshot } = event.pass;
  for (const deal of snapshot.deals) applyDeal(turn, deal);
  applyAccount(turn, snapshot.account);
  for (const update of [...snapshot.endedOrders, ...snapshot.orders])
    applyOrderUpdate(turn, update);
  for (const shown of snapshot.positions) matchPosition(turn, shown);
  for (const position of turn.core.positions) missPosition(turn, position, snapshot);
  for (const order of turn.core.orders) resolveOrder(turn, order, snapshot);
  change(turn, { reconciled: true, reconciledAt: turn.at.mono, reconcileAskedAt: undefined });
}

/** R03, R07, R09 for a stranger; R13 to R22 for one that we know. */
function matchPosition(turn: Turn, shown: BrokerPosition): void {
  const known = findPosition(turn, shown.id);
  if (known === undefined) {
    adoptPosition(turn, shown);
    return;
  }
  if (known.side !== shown.side || known.volume !== shown.volume) {
    trip(turn, 'INTEGRITY', `position ${shown.id} differs from the broker's without a deal`);
  }
  const closing = known.closing !== undefined || known.state === 'CLOSE_UNKNOWN';
  putPosition(turn, {
    ...known,
    side: shown.side,
    volume: shown.volume,
    entry: shown.entry,
    stop: shown.stop,
    target: shown.target,
    swap: shown.swap,
    commission: shown.commission,
    usedMargin: shown.usedMargin,
    state: closing ? stillOpen(turn, known, shown) : protectedState(shown),
    closing: closing && isUnsettled(known) ? undefined : known.closing,
    nakedSince: shown.stop === undefined ? (known.nakedSince ?? turn.at.mono) : undefined,
  });
}

const protectedState = (shown: BrokerPosition): Position['state'] =>
  shown.stop === undefined ? 'NAKED' : 'PROTECTED';

/** R24: a close without proof whose position is still there; it may be asked for again. */
function stillOpen(turn: Turn, known: Position, shown: BrokerPosition): Position['state'] {
  if (!isUnsettled(known)) return known.state;
  tell(turn, 'position', 'warn', `position ${known.id} is still open at the broker (R24)`);
  return protectedState(shown);
}

function adoptPosition(turn: Turn, shown: BrokerPosition): void {
  const order = turn.core.orders.findLast((one) => shown.label === labelOf(one.id));
  const tagged = shown.label?.startsWith(LABEL_TAG) ?? false;
  putPosition(turn, {
    id: shown.id,
    orderId: order?.id,
    ours: order !== undefined,
    side: shown.side,
    volume: shown.volume,
    entry: shown.entry,
    stop: shown.stop,
    target: shown.target,
    openedAt: turn.at.mono,
    openedWall: shown.openedAt,
    state: protectedState(shown),
    commission: shown.commission,
    swap: shown.swap,
    usedMargin: shown.usedMargin,
    realised: money(0),
    nakedSince: shown.stop === undefined ? turn.at.mono : undefined,
    amendsSent: 0,
    closing: undefined,
    closesAsked: 0,
  });
  if (order !== undefined) {
    tell(turn, 'position', 'warn', `position ${shown.id} found at the broker (R03)`);
  } else if (tagged) {
    trip(turn, 'INTEGRITY', `position ${shown.id} carries our label but no order of ours (R08)`);
  } else {
    tell(turn, 'position', 'plain', `position ${shown.id} is not ours; it is shown only (R09)`);
  }
}

/** R10 to R12: ours open, the broker's gone. Deals were applied already, so nothing explains it yet. */
function missPosition(turn: Turn, position: Position, snapshot: BrokerSnapshot): void {
  if (snapshot.positions.some((shown) => shown.id === position.id)) return;
  const recent = turn.at.mono - position.openedAt < 3_000;
  if (recent || position.state === 'UNSETTLED') return;
  putPosition(turn, { ...position, state: 'UNSETTLED' });
  const words = `position ${position.id} is gone at the broker, its deals are not known yet (R12)`;
  tell(turn, 'position', 'bad', words);
  alert(turn, 'critical', words);
}

/** Evidence for an open-ended order, or one more clean pass without any (5.3). */
function resolveOrder(turn: Turn, order: Order, snapshot: BrokerSnapshot): void {
  if (isTerminal(order.state) || !isUnresolved(order)) return;
  const label = labelOf(order.id);
  const shown = snapshot.positions.find((one) => one.label === label);
  if (shown !== undefined) {
    const full = shown.volume >= order.volume;
    const fields = { executed: shown.volume, positionId: shown.id };
    moveOrder(turn, order, full ? 'FILLED' : 'DONE_PARTIAL', 'found at the broker (R03)', fields);
    return;
  }
  const proven = snapshot.historyFrom !== undefined && snapshot.historyFrom <= sendTime(order);
  if (order.state !== 'UNKNOWN' || !proven || order.sentAt === undefined) {
    if (order.state === 'UNKNOWN' && proven) countAbsence(turn, order, order.decidedAt);
    return;
  }
  countAbsence(turn, order, order.sentAt);
}

const sendTime = (order: Order): number => order.sentWall ?? order.decidedWall;

function countAbsence(turn: Turn, order: Order, sentAt: Order['decidedAt']): void {
  const now = turn.at.mono;
  if (now - sentAt < DEADLINES.absenceAfterMs) return;
  const last = order.lastAbsenceAt;
  if (last !== undefined && now - last < DEADLINES.absenceApartMs) return;
  if (order.absences >= 1) {
    moveOrder(turn, order, 'ABSENT', 'two clean passes did not find it (T12)');
    return;
  }
  replaceOrder(turn, { ...order, absences: order.absences + 1, lastAbsenceAt: now });
}
