/**
 * Evidence out of order: deals and levels that come before what explains them, and their later
 * story.
 * Deliberately guesses no owner: a deal is ours only when its order is (F19, F32).
 */
import { bounded } from './bars.ts';
import { LIMITS } from './config.ts';
import type { ProtectionEvent } from './event.ts';
import type { Deal, OrderUpdate } from './model.ts';
import { applyOrderUpdate, findOrder } from './orders.ts';
import { closeByDeal, findPosition, openByDeal, putPosition } from './positions.ts';
import type { Position } from './state.ts';
import { change, type Turn } from './turn.ts';
import { volume } from './units.ts';

/** An order update, and then the deals that came before anybody knew whose they were. */
export function applyEvidence(turn: Turn, update: OrderUpdate): void {
  applyOrderUpdate(turn, update);
  if (update.closing || update.protective) return;
  const order = findOrder(turn, update.brokerOrderId, update.clientOrderId);
  if (order?.brokerOrderId === undefined) return;
  const { deals } = turn.core.early;
  const found = deals.find((deal) => opens(deal) && deal.brokerOrderId === order.brokerOrderId);
  if (found !== undefined) retell(turn, deals.filter(sameAs(found)));
}

/** The same deals again, openings first, now that their order is known. */
function retell(turn: Turn, story: readonly Deal[]): void {
  const id = story[0]?.positionId;
  if (id === undefined) return;
  const stranger = findPosition(turn, id);
  const { early, positions, gone } = turn.core;
  change(turn, {
    early: { ...early, deals: early.deals.filter((deal) => deal.positionId !== id) },
    gone: gone.filter((one) => one.id !== id),
    positions: positions.filter((position) => position.id !== id),
  });
  for (const deal of story.filter(opens)) openByDeal(turn, deal);
  const position = findPosition(turn, id);
  if (stranger !== undefined && position !== undefined) {
    putPosition(turn, withView(position, stranger));
  }
  for (const deal of story.filter((one) => !opens(one)).toSorted(byTime)) closeByDeal(turn, deal);
}

/** What the broker showed of it meanwhile stays true; only the owner was missing. */
function withView(position: Position, stranger: Position): Position {
  const { stop, target, state, nakedSince, usedMargin, swap, unexplained } = stranger;
  const levels = stop === undefined ? {} : { stop, target, state, nakedSince };
  const size = volume(position.volume + unexplained);
  return { ...position, ...levels, usedMargin, swap, volume: size, unexplained };
}

export function keepDeal(turn: Turn, deal: Deal): void {
  const { early } = turn.core;
  change(turn, { early: { ...early, deals: bounded(early.deals, deal, LIMITS.early) } });
}

/** Levels of a position that is not open yet; the newest win. */
export function keepLevels(turn: Turn, event: ProtectionEvent): void {
  if (turn.core.gone.some((one) => one.id === event.positionId)) return;
  const { early } = turn.core;
  const others = early.levels.filter((one) => one.positionId !== event.positionId);
  change(turn, { early: { ...early, levels: bounded(others, event, LIMITS.early) } });
}

const opens = (deal: Deal): boolean => deal.close === undefined;
const sameAs = (found: Deal) => (deal: Deal) => deal.positionId === found.positionId;
const byTime = (a: Deal, b: Deal): number => a.time - b.time || (a.id < b.id ? -1 : 1);
