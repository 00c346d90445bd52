/**
 * One reconciliation pass: the broker's complete view against ours, deals first, then orders,
 * positions.
 * Deliberately changes nothing on a void pass: a failed query is never evidence of absence (I08,
 * R28).
 */

import { applyAccount, settleDoubt } from './accounting.ts';
import { DEADLINES } from './config.ts';
import { orderWith, positionWith } from './copies.ts';
import { dayWanted, readDay } from './day-opening.ts';
import { differencesOf, isFreeFor, orderBehind } from './differences.ts';
import { applyEvidence, dropOrphans, takeClosings } from './early.ts';
import type { BrokerSnapshotEvent } from './event.ts';
import { byId } from './ids.ts';
import {
  askReconcile,
  askWithoutPast,
  isUnresolved,
  isUnsettled,
  sendTime,
  takeQuestion,
} from './inquiry.ts';
import type { BrokerPosition, BrokerSnapshot, Deal } from './model.ts';
import { LABEL_TAG, labelOf, moveOrder, replaceOrder, workingOrders } from './orders.ts';
import { applyDeal, bookTold, findPosition, putPosition, removePosition } from './positions.ts';
import { takeLevels } from './protection.ts';
import { mayCloseAgain, requestClose } from './requests.ts';
import { trip } from './risk/breakers.ts';
import { closeRefusal } from './risk/egress.ts';
import type { DifferenceView } from './snapshot-shape.ts';
import type { Order, Position } from './state.ts';
import { matchPending } from './strays.ts';
import { alert, change, owned, record, type Turn, tell } from './turn.ts';
import { type Mono, money, type PositionId } from './units.ts';

/** Applies one pass of the current generation (section 6 rules a to g). */
export function applyPass(turn: Turn, event: BrokerSnapshotEvent): void {
  if (event.generation !== turn.core.link.generation) return;
  const askedAt = takeQuestion(turn);
  if (!event.pass.complete) {
    tell(turn, 'system', 'warn', 'reconciliation void, nothing changed', event.pass.reason);
    askWithoutPast(turn);
    return;
  }
  const { snapshot } = event.pass;
  const { positions: before, unexplainedSince: doubtBefore } = turn.core;
  const pass: Pass = { snapshot, askedAt, before, strangers: [] };
  noteDifferences(turn, pass);
  // Orders first: they say whose the deals are (R03, R06). Deals before the account: they say why
  // its balance changed.
  for (const update of snapshot.endedOrders) applyEvidence(turn, update);
  for (const update of snapshot.orders) applyEvidence(turn, update);
  for (const deal of snapshot.deals) applyDeal(turn, deal);
  applyAccount(turn, snapshot.account, 'pass');
  for (const shown of snapshot.positions) matchPosition(turn, shown, pass);
  for (const position of turn.core.positions) {
    if (!settleAsTold(turn, position, pass)) missPosition(turn, position, pass);
  }
  matchPending(turn, snapshot);
  for (const order of workingOrders(turn.core.orders)) missOrder(turn, order, pass);
  for (const order of workingOrders(turn.core.orders)) resolveOrder(turn, order, snapshot);
  settleDoubt(turn, snapshot.historyFrom, askedAt);
  dropOrphans(turn, snapshot);
  const core = owned(turn);
  core.reconciled = true;
  core.reconciledAt = turn.at.mono;
  readDay(turn, snapshot);
  // A doubt that this very look left or raised; an older one is asked about in its turn.
  const isFirst = askedAt === undefined;
  const isFresh =
    turn.core.unexplainedSince !== undefined && (doubtBefore === undefined || isFirst);
  const isUnread = isFirst && dayWanted(turn) !== undefined;
  const isBlind = snapshot.historyFrom === undefined && (isFresh || isUnread);
  if (isBlind || pass.strangers.length > 0) askReconcile(turn);
}

/** Section 6 f: both sides of every new difference are journaled before anything is done. */
function noteDifferences(turn: Turn, pass: Pass): void {
  const { differences: known, gone } = turn.core;
  const all = differencesOf(turn.core, pass.snapshot);
  if (all.length === 0 && known.length === 0) return;
  const isNewer = (id: string): boolean =>
    outlived(pass, id) || gone.some((one) => one.id === id && overtaken(pass, one.at));
  const differences = all.filter(({ subject }) => !isNewer(subject));
  if (differences.length === 0 && known.length === 0) return;
  change(turn, { differences });
  for (const one of differences) {
    if (known.some(({ row, subject }) => row === one.row && subject === one.subject)) continue;
    const sides = `ours ${sideText(one.ours)}, broker ${sideText(one.broker)}`;
    const { row, subject, action } = one;
    record(turn, { kind: 'difference', row, subject, text: `${sides}: ${action}` });
  }
}

function sideText(side: DifferenceView['ours']): string {
  if (side === undefined) return 'nothing';
  const levels = `stop ${side.stop ?? '-'} target ${side.target ?? '-'}`;
  return `${side.side} ${side.volume} ${levels} ${side.state}`;
}

interface Pass {
  readonly snapshot: BrokerSnapshot;
  /**
   * When we asked for it; the broker's view is not older than that. Absent when it came unasked.
   */
  readonly askedAt: Mono | undefined;
  /** As they were before the deals of this very pass: those do not make it an older view. */
  readonly before: readonly Position[];
  /** Positions with our label whose order must be looked for in the history (R07). */
  readonly strangers: PositionId[];
}

/** True when an event told something after the pass was asked: the event is newer (6 b, P07). */
const overtaken = (pass: Pass, toldAt: Mono): boolean =>
  pass.askedAt !== undefined && toldAt > pass.askedAt;

/** True when we heard something of a position after the pass was asked. */
const outlived = (pass: Pass, id: string): boolean => {
  const known = byId(pass.before, id as PositionId);
  return known !== undefined && overtaken(pass, known.changedAt);
};

const isYoung = (turn: Turn, toldAt: Mono): boolean =>
  turn.at.mono - toldAt < DEADLINES.youngDifferenceMs;

/** R03, R07, R09 for a stranger; R13 to R22 for one that we know. */
function matchPosition(turn: Turn, shown: BrokerPosition, pass: Pass): void {
  const known = findPosition(turn, shown.id);
  if (known === undefined) {
    const gone = byId(turn.core.gone, shown.id);
    if (gone === undefined) adoptPosition(turn, shown, pass);
    else if (!overtaken(pass, gone.at) && !isYoung(turn, gone.at)) reopen(turn, shown, pass);
    return;
  }
  const { instrument } = turn.core;
  if (known.ours && instrument !== undefined && shown.instrumentId !== instrument.id) {
    const where = `on instrument ${shown.instrumentId}, not ${instrument.id}`;
    trip(turn, 'INTEGRITY', `position ${shown.id} is shown ${where} (R23)`);
    change(turn, { tradingState: 'halted' });
    return;
  }
  if (isAsKnown(known, shown)) return;
  if (outlived(pass, shown.id)) {
    const naked = known.stop === undefined;
    const nakedSince = naked ? (known.nakedSince ?? turn.at.mono) : undefined;
    putPosition(turn, positionWith(known, { nakedSince }));
    return;
  }
  const differs = known.side !== shown.side || known.volume !== shown.volume;
  if (differs && !isYoung(turn, known.changedAt)) {
    trip(turn, 'INTEGRITY', `position ${shown.id} differs from the broker's without a deal`);
  }
  const closing = known.closing !== undefined;
  const isOver = isUnsettled(known) && !closesNow(pass, shown.id);
  const lost = closing && isOver && mayCloseAgain(turn, known);
  const naked = shown.stop === undefined;
  const owner = ownerOf(turn, known, shown, pass);
  const next = positionWith(takeLevels(turn, known, shown), {
    ...owner,
    side: shown.side,
    volume: shown.volume,
    unexplained: known.unexplained + shown.volume - known.volume,
    ...(owner.ours === true ? takeClosings(turn, shown) : {}),
    entry: shown.entry,
    swap: shown.swap,
    commission: shown.commission,
    usedMargin: shown.usedMargin,
    state: closing && !lost ? known.state : protectedState(shown),
    closing: lost ? undefined : known.closing,
    nakedSince: naked ? (known.nakedSince ?? turn.at.mono) : undefined,
    amendsSent: naked ? known.amendsSent : 0,
  });
  putPosition(turn, next);
  if (lost) closeAgain(turn, shown.id, known.closing?.reason ?? 'R24');
}

/** Ours, at rest, and shown in every way as we know it: there is nothing to take over. */
const isAsKnown = (known: Position, shown: BrokerPosition): boolean =>
  known.ours &&
  known.state === 'PROTECTED' &&
  known.closing === undefined &&
  known.amending === undefined &&
  known.nakedSince === undefined &&
  known.amendsSent === 0 &&
  known.side === shown.side &&
  known.volume === shown.volume &&
  known.entry === shown.entry &&
  known.stop !== undefined &&
  known.stop === shown.stop &&
  known.target === shown.target &&
  known.swap === shown.swap &&
  known.commission === shown.commission &&
  known.usedMargin === shown.usedMargin;

/** An order of ours that the history shows under the same label makes a stranger ours (R07). */
function ownerOf(
  turn: Turn,
  known: Position,
  shown: BrokerPosition,
  pass: Pass,
): Partial<Position> {
  if (known.ours) return {};
  // Its deal came before anybody knew the order, and word of the order was lost (F32, R03).
  const mine = orderBehind(turn.core, shown);
  if (mine !== undefined) return { ours: true, orderId: mine.id, tagged: false };
  if (!isTagged(shown) || known.searched) return {};
  if (!known.tagged) {
    // Its deal was heard before any pass showed its label.
    noteStranger(turn, shown, pass);
    return { tagged: true };
  }
  const { id } = shown;
  const { snapshot } = pass;
  const order = [...snapshot.endedOrders, ...snapshot.orders].find(
    ({ clientOrderId, positionId }) =>
      clientOrderId !== undefined && labelOf(clientOrderId) === shown.label && positionId === id,
  );
  const found = order !== undefined;
  if (!found && !covers(snapshot, known.openedWall)) return {};
  const reason = found ? "ours by the broker's history (R07)" : 'no order in the history (R08)';
  record(turn, { kind: 'position', positionId: id, state: known.state, reason });
  if (!found) return { searched: true };
  tell(turn, 'position', 'warn', `position ${id} is ${reason}`);
  return { ours: true, orderId: order.clientOrderId, nakedSince: turn.at.mono };
}

const isTagged = ({ label }: BrokerPosition): boolean => label?.startsWith(LABEL_TAG) ?? false;

/** R07, R08: our label, and no order here that explains it; the history is asked next. */
function noteStranger(turn: Turn, { id }: BrokerPosition, pass: Pass): void {
  trip(turn, 'INTEGRITY', `position ${id} carries our label but no order of ours (R08)`);
  pass.strangers.push(id);
}

const closesNow = ({ snapshot }: Pass, id: PositionId): boolean =>
  snapshot.orders.some((order) => order.closing && !order.protective && order.positionId === id);

/** R24: the close did not happen; the same wish again, with the volume that was just confirmed. */
function closeAgain(turn: Turn, id: PositionId, reason: string): void {
  tell(turn, 'position', 'warn', `position ${id} is still open at the broker (R24)`);
  const position = findPosition(turn, id);
  if (position !== undefined && closeRefusal(turn) === undefined) {
    requestClose(turn, position, reason);
  }
}

/** R26: closed by deals, yet open at the broker. */
function reopen(turn: Turn, shown: BrokerPosition, pass: Pass): void {
  trip(turn, 'INTEGRITY', `position ${shown.id} was closed and is open again (R26)`);
  adoptPosition(turn, shown, pass);
}

const protectedState = (shown: BrokerPosition): Position['state'] =>
  shown.stop === undefined ? 'NAKED' : 'PROTECTED';

function adoptPosition(turn: Turn, shown: BrokerPosition, pass: Pass): void {
  const order = orderBehind(turn.core, shown);
  const tagged = isTagged(shown);
  putPosition(turn, {
    id: shown.id,
    orderId: order?.id,
    ours: order !== undefined,
    instrumentId: shown.instrumentId,
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
    amendsAsked: 0,
    amending: undefined,
    repair: undefined,
    improvedAt: undefined,
    closing: undefined,
    closesAsked: 0,
    closeAskedAt: undefined,
    wanted: undefined,
    closeRefused: undefined,
    tagged: tagged && order === undefined,
    searched: false,
    unexplained: shown.volume,
    ...(order === undefined ? {} : takeClosings(turn, shown)),
    changedAt: turn.at.mono,
  });
  if (order !== undefined) {
    tell(turn, 'position', 'warn', `position ${shown.id} found at the broker (R03)`);
  } else if (tagged) {
    noteStranger(turn, shown, pass);
  } else {
    tell(turn, 'position', 'plain', `position ${shown.id} is not ours; it is shown only (R09)`);
  }
}

/**
 * R10 to R12: open here, gone at the broker. Deals were applied already: nothing explains it yet.
 */
function missPosition(turn: Turn, position: Position, pass: Pass): void {
  if (byId(pass.snapshot.positions, position.id) !== undefined) return;
  if (position.state === 'UNSETTLED' || isYoung(turn, position.changedAt)) return;
  if (outlived(pass, position.id)) return;
  putPosition(turn, positionWith(position, { state: 'UNSETTLED', changedAt: turn.at.mono }));
  const words = `position ${position.id} is gone at the broker, its deals are not known yet (R12)`;
  tell(turn, 'position', 'bad', words);
  if (position.ours) alert(turn, 'critical', words);
}

/**
 * Gone at the broker, and its whole story is in the history although each of its deals counted
 * before: an older view had brought it back (R26), or its deals came before it was known (I12).
 */
function settleAsTold(turn: Turn, position: Position, { snapshot }: Pass): boolean {
  if (position.state !== 'UNSETTLED' || !covers(snapshot, position.openedWall)) return false;
  if (snapshot.positions.some((shown) => shown.id === position.id)) return false;
  const story = snapshot.deals.filter((deal) => deal.positionId === position.id);
  const closings = story.filter((deal) => deal.close !== undefined);
  const sum = (deals: readonly Deal[]) => deals.reduce((total, deal) => total + deal.filled, 0);
  const last = closings.at(-1);
  if (last === undefined || sum(story) !== 2 * sum(closings)) return false;
  const isBooked = turn.core.gone.some((one) => one.id === position.id);
  removePosition(turn, position.id);
  if (!isBooked) bookTold(turn, position, closings);
  else tell(turn, 'position', 'warn', `position ${position.id} is over, as its deals had told`);
  return true;
}

/** T10: it was accepted, and a later pass does not show it working: its end was not heard. */
function missOrder(turn: Turn, order: Order, { snapshot, askedAt }: Pass): void {
  if (order.state !== 'ACCEPTED' && order.state !== 'PARTIAL') return;
  if (order.sentAt === undefined || askedAt === undefined) return;
  if (askedAt - order.sentAt < DEADLINES.youngDifferenceMs) return;
  if (snapshot.orders.some((one) => one.brokerOrderId === order.brokerOrderId)) return;
  moveOrder(turn, order, 'UNKNOWN', 'no longer works at the broker, its end is not known');
}

/** Evidence for an open-ended order, or one more clean pass without any (5.3). */
function resolveOrder(turn: Turn, order: Order, snapshot: BrokerSnapshot): void {
  if (!isUnresolved(order)) return;
  const label = labelOf(order.id);
  const shown = snapshot.positions.find((one) => one.label === label && isFreeFor(order, one));
  const executed =
    shown !== undefined && shown.volume > order.executed ? shown.volume : order.executed;
  if (executed > 0) {
    // It ended, for it is not pending; and what executed is known: absence is out of the question.
    const fields = { executed, positionId: shown?.id ?? order.positionId };
    const to = executed >= order.volume ? 'FILLED' : 'DONE_PARTIAL';
    moveOrder(turn, order, to, 'found at the broker (R03)', fields);
    return;
  }
  if (order.state !== 'UNKNOWN' || !covers(snapshot, sendTime(order))) return;
  countAbsence(turn, order, order.sentAt ?? order.decidedAt);
}

/** A window that begins after the send, or ends before it, proves nothing (5.3). */
const covers = ({ historyFrom, historyTo }: BrokerSnapshot, at: number): boolean =>
  historyFrom !== undefined && historyFrom <= at && (historyTo === undefined || historyTo > at);

function countAbsence(turn: Turn, order: Order, sentAt: Order['decidedAt']): void {
  const now = turn.at.mono;
  if (now - sentAt < DEADLINES.absenceAfterMs) return;
  const last = order.lastAbsenceAt;
  if (last !== undefined && now - last < DEADLINES.absenceApartMs) return;
  if (order.absences >= 1) {
    moveOrder(turn, order, 'ABSENT', 'two clean passes did not find it (T12)');
    return;
  }
  replaceOrder(turn, orderWith(order, { absences: order.absences + 1, lastAbsenceAt: now }));
}
