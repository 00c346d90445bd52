/**
 * Positions from deals: opening, protection, closing; one booked trade when the last volume is
 * gone.
 * Deliberately closes nothing by itself without naming the position and a confirmed volume (I13).
 */

import { bookClose, netOf } from './accounting.ts';
import { bounded } from './bars.ts';
import { LIMITS } from './config.ts';
import { positionWith } from './copies.ts';
import { keepDeal, keepLevels } from './early.ts';
import type { ProtectionEvent } from './event.ts';
import { moneyText, priceText, volumeText } from './format.ts';
import { byId, placeOf, withOne, without } from './ids.ts';
import { isRemembered } from './membership.ts';
import type { Deal } from './model.ts';
import { findOrder, isShort, orderDealt } from './orders.ts';
import { takeLevels } from './protection.ts';
import { trip, tripIfDue } from './risk/breakers.ts';
import type { Core, Order, Position } from './state.ts';
import { countTrade } from './stats.ts';
import { listOf, newestOf, oldestOf, pushed, sizeOf, trailOf } from './trail.ts';
import { alert, change, owned, record, type Turn, tell } from './turn.ts';
import {
  addMoney,
  addVolume,
  type Money,
  money,
  mulDiv,
  type PositionId,
  type Price,
  price,
  snapPrice,
  subPrice,
  subVolume,
  volume,
  wall,
} from './units.ts';

/** Every deal counts exactly once, by its id, from whatever source it came (I12, F57). */
export function applyDeal(turn: Turn, deal: Deal): void {
  if (isApplied(turn.core, deal)) return;
  rememberDeal(turn, deal);
  const net = deal.close === undefined ? undefined : bookClose(turn, deal.close);
  const reason = net === undefined ? 'opening' : `closing by ${deal.cause}`;
  record(turn, { kind: 'deal', dealId: deal.id, net: net ?? deal.commission, reason });
  addMark(turn, deal, net);
  if (net === undefined) openByDeal(turn, deal);
  else closeByDeal(turn, deal);
}

/**
 * Ids are kept for the newest deals only: whatever is not younger than one that was forgotten
 * counts as applied, for a history may tell any of them again (I12, I27).
 */
const isApplied = ({ deals, dealsForgotten }: Core, { id, time }: Deal): boolean =>
  isRemembered(deals, id) || (dealsForgotten !== undefined && time <= dealsForgotten);

function rememberDeal(turn: Turn, { id, time }: Deal): void {
  const { deals, dealsForgotten } = turn.core;
  const last = newestOf(deals);
  const isLate = last !== undefined && time < last.time;
  const all = isLate ? [...listOf(deals), { id, time }].toSorted((a, b) => a.time - b.time) : [];
  const oldest = isLate ? all[0] : oldestOf(deals);
  const forgotten = sizeOf(deals) >= LIMITS.deals ? (oldest?.time ?? 0) : 0;
  const core = owned(turn);
  core.deals = isLate ? trailOf(all, LIMITS.deals) : pushed(deals, { id, time });
  core.dealsForgotten = wall(Math.max(forgotten, dealsForgotten ?? 0));
}

/** Opens or grows the position of an opening deal; without a known order it is not ours yet. */
export function openByDeal(turn: Turn, deal: Deal): void {
  const order = findOrder(turn, deal.brokerOrderId, undefined);
  const known = findPosition(turn, deal.positionId);
  const isGone = byId(turn.core.gone, deal.positionId) !== undefined;
  const isTold = order === undefined || order.executed >= order.dealt + deal.filled;
  if (known === undefined && isGone && isTold) {
    // Adopted from a pass and closed since: its opening is only told now (F32).
    if (order !== undefined) orderDealt(turn, order, deal);
    return;
  }
  putPosition(
    turn,
    known === undefined ? openPosition(turn, deal, order) : grow(turn, known, deal),
  );
  tell(turn, 'deal', 'plain', `${dealWords(turn, deal)} opened`);
  if (order === undefined) keepDeal(turn, deal);
  else orderDealt(turn, order, deal);
  const { early } = turn.core;
  const levels =
    early.levels.length === 0
      ? undefined
      : early.levels.find((one) => one.positionId === deal.positionId);
  if (levels !== undefined) {
    const others = early.levels.filter((one) => one !== levels);
    change(turn, { early: { ...early, levels: others } });
    applyProtection(turn, levels);
  }
  closeAsToldEarly(turn, deal.positionId);
}

/** Closings that came before what they close (F32). */
function closeAsToldEarly(turn: Turn, id: PositionId): void {
  const { early } = turn.core;
  if (early.deals.length === 0) return;
  const closings = early.deals.filter((one) => one.positionId === id && one.close !== undefined);
  if (closings.length === 0) return;
  const deals = early.deals.filter((one) => !closings.includes(one));
  change(turn, { early: { ...early, deals } });
  for (const closing of closings) closeByDeal(turn, closing);
}

function openPosition(turn: Turn, deal: Deal, order: Order | undefined): Position {
  return {
    id: deal.positionId,
    orderId: order?.id,
    ours: order !== undefined,
    instrumentId: deal.instrumentId,
    side: deal.side,
    volume: deal.filled,
    entry: deal.price,
    stop: undefined,
    target: undefined,
    openedAt: turn.at.mono,
    openedWall: deal.time,
    state: 'OPENING',
    commission: deal.commission,
    swap: money(0),
    usedMargin: money(0),
    realised: money(0),
    nakedSince: turn.at.mono,
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
    tagged: false,
    searched: false,
    unexplained: 0,
    changedAt: turn.at.mono,
  };
}

/** What a snapshot showed before is explained by the deal, not added to it (I12, 6 b). */
function grow(turn: Turn, position: Position, deal: Deal): Position {
  const shown = Math.min(deal.filled, Math.max(0, position.unexplained));
  const unexplained = position.unexplained - shown;
  const more = subVolume(deal.filled, volume(shown));
  if (more === 0) return positionWith(position, { unexplained });
  const total = addVolume(position.volume, more);
  const added = mulDiv(subPrice(deal.price, position.entry), more, total, 'away');
  return positionWith(position, {
    unexplained,
    volume: total,
    entry: price(position.entry + added),
    commission: addMoney(position.commission, deal.commission),
    openedWall: deal.time < position.openedWall ? deal.time : position.openedWall,
    changedAt: turn.at.mono,
  });
}

/**
 * Takes the volume of a closing deal away; more than is open waits for what it closes (I13, F32).
 */
export function closeByDeal(turn: Turn, deal: Deal): void {
  if (deal.close === undefined) return;
  const position = findPosition(turn, deal.positionId);
  const shown = Math.min(deal.close.closedVolume, Math.max(0, -(position?.unexplained ?? 0)));
  const closed = subVolume(deal.close.closedVolume, volume(shown));
  if (position === undefined || closed > position.volume || !position.ours) keepDeal(turn, deal);
  if (position === undefined || closed > position.volume) return;
  // What is known of it is gone, but a deal of its opening is missing: it is not over (F31).
  const order = byId(turn.core.orders, position.orderId);
  if (closed === position.volume && order !== undefined && isShort(order, position)) {
    keepDeal(turn, deal);
    return;
  }
  const left = subVolume(position.volume, closed);
  const realised = addMoney(position.realised, netOf(deal.close));
  if (left === 0) {
    removePosition(turn, position.id);
    bookTrade(turn, position, deal, realised);
    return;
  }
  const rest = positionWith(position, {
    volume: left,
    realised,
    unexplained: position.unexplained + shown,
    commission: money(mulDiv(position.commission, left, position.volume, 'away')),
    state: position.stop === undefined ? 'NAKED' : 'PROTECTED',
    closing: undefined,
    changedAt: turn.at.mono,
  });
  putPosition(turn, rest);
  tell(turn, 'deal', 'plain', `${dealWords(turn, deal)} closed a part`);
}

/** Books a position whose closings were applied before it was known here, once (I11). */
export function bookTold(turn: Turn, position: Position, closings: readonly Deal[]): void {
  let net = money(0);
  for (const { close } of closings) if (close !== undefined) net = addMoney(net, netOf(close));
  const last = closings.at(-1);
  if (last !== undefined) bookTrade(turn, position, last, net);
}

/** The unit of win, loss and streak: one of our positions, fully closed, net of costs (F61). */
function bookTrade(turn: Turn, position: Position, deal: Deal, net: Money): void {
  const { account, stats, lossStreak } = turn.core;
  const exponent = account?.exponent ?? deal.exponent;
  const words = `${dealWords(turn, deal)} closed by ${deal.cause}: ${signed(net, exponent)}`;
  tell(turn, 'deal', net > 0 ? 'good' : net < 0 ? 'bad' : 'plain', words);
  record(turn, { kind: 'position', positionId: position.id, state: 'CLOSED', reason: deal.cause });
  if (!position.ours) return;
  const core = owned(turn);
  core.stats = countTrade(stats, net, account?.balance ?? net);
  core.lossStreak = net < 0 ? lossStreak + 1 : net > 0 ? 0 : lossStreak;
  tripIfDue(turn, 'LOSS_STREAK'); // at the third loss, not after the last deal of a long list
  if (deal.cause === 'stop-out') trip(turn, 'INTEGRITY', 'the broker closed by stop-out');
}

/** The broker shows these levels now; an absent stop on an open position is an alarm (F37, F38). */
export function applyProtection(turn: Turn, event: ProtectionEvent): void {
  const { positionId: id, stop, target } = event;
  const position = findPosition(turn, id);
  if (position === undefined) {
    keepLevels(turn, event);
    return;
  }
  const naked = stop === undefined;
  const state =
    position.closing !== undefined || position.state === 'CLOSE_UNKNOWN'
      ? position.state
      : naked
        ? 'NAKED'
        : 'PROTECTED';
  const next = takeLevels(turn, position, { stop, target });
  next.state = state;
  next.nakedSince = naked ? (position.nakedSince ?? turn.at.mono) : undefined;
  next.amendsSent = naked ? position.amendsSent : 0;
  next.changedAt = turn.at.mono;
  putPosition(turn, next);
  if (position.state === state && position.stop === stop) return;
  const digits = turn.core.instrument?.digits ?? 5;
  const words = naked ? 'has NO stop at the broker' : `stop ${priceText(stop, digits)} confirmed`;
  tell(turn, 'position', naked ? 'bad' : 'good', `position ${id} ${words}`);
  if (naked) alert(turn, 'critical', `position ${id} has no stop at the broker`);
}

/**
 * The stop an unprotected position should carry, from the plan of its order or the configuration.
 */
export function plannedStop(turn: Turn, position: Position): Price | undefined {
  const { config, instrument } = turn.core;
  if (config === undefined || instrument === undefined) return undefined;
  const order = byId(turn.core.orders, position.orderId);
  const planned = order?.stopDistance ?? mulDiv(position.entry, config.stopLossBps, 10_000, 'ceil');
  const raw = position.side === 'buy' ? position.entry - planned : position.entry + planned;
  const rounding = position.side === 'buy' ? 'floor' : 'ceil';
  return snapPrice(price(raw), instrument.digits, rounding);
}

export const findPosition = (turn: Turn, id: PositionId): Position | undefined =>
  byId(turn.core.positions, id);

export function putPosition(turn: Turn, position: Position): void {
  const { positions } = turn.core;
  const isNew = placeOf(positions, position.id) < 0;
  owned(turn).positions = isNew
    ? bounded(positions, position, LIMITS.positions)
    : withOne(positions, position);
}

export function removePosition(turn: Turn, id: PositionId): void {
  const core = owned(turn);
  core.positions = without(core.positions, id);
  core.gone = bounded(core.gone, { id, at: turn.at.mono }, LIMITS.early);
}

function addMark(turn: Turn, deal: Deal, net: Money | undefined): void {
  const kind = deal.close === undefined ? 'entry' : 'exit';
  const mark = { wall: deal.time, price: deal.price, side: deal.side, kind, net } as const;
  owned(turn).marks = bounded(turn.core.marks, mark, LIMITS.chartMarks);
}

function dealWords(turn: Turn, deal: Deal): string {
  const digits = turn.core.instrument?.digits ?? 5;
  return `${deal.side} ${volumeText(deal.filled)} at ${priceText(deal.price, digits)}`;
}

const signed = (value: Money, exponent: number): string =>
  `${value > 0 ? '+' : ''}${moneyText(value, exponent)}`;
