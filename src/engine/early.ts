/**
 * Evidence out of order: deals and levels that come before what explains them, and their later
 * story.
 * Deliberately guesses no owner: a deal is ours only when its order is (F19, F32).
 */
import { netOf } from './accounting.ts';
import { bounded } from './bars.ts';
import { LIMITS } from './config.ts';
import { positionWith } from './copies.ts';
import type { ProtectionEvent } from './event.ts';
import type { BrokerSnapshot, Deal, OrderUpdate } from './model.ts';
import { isTerminal } from './order-moves.ts';
import { applyOrderUpdate, findOrder, orderDealt } from './orders.ts';
import { closeByDeal, findPosition, openByDeal, putPosition } from './positions.ts';
import type { Core, Position } from './state.ts';
import { change, type Turn } from './turn.ts';
import { addMoney, money, volume, type Wall, wall } from './units.ts';

/** An order update, and then the deals that came before anybody knew whose they were. */
export function applyEvidence(turn: Turn, update: OrderUpdate): void {
  applyOrderUpdate(turn, update);
  if (update.closing || update.protective) return;
  const { deals } = turn.core.early;
  if (deals.length === 0) return;
  const order = findOrder(turn, update.brokerOrderId, update.clientOrderId);
  if (order?.brokerOrderId === undefined) return;
  const found = deals.find((deal) => opens(deal) && deal.brokerOrderId === order.brokerOrderId);
  if (found !== undefined) retell(turn, deals.filter(sameAs(found)));
}

/** The same deals again, openings first, now that their order is known. */
function retell(turn: Turn, story: readonly Deal[]): void {
  const id = story[0]?.positionId;
  if (id === undefined) return;
  const stranger = findPosition(turn, id);
  const { early, positions, gone } = turn.core;
  if (stranger?.ours === true && story.every(opens)) {
    // Ours by the broker's view already, closings since then included: only the order learns more.
    change(turn, { early: { ...early, deals: early.deals.filter((one) => !story.includes(one)) } });
    for (const deal of story) countDeal(turn, deal);
    return;
  }
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

function countDeal(turn: Turn, deal: Deal): void {
  const order = findOrder(turn, deal.brokerOrderId, undefined);
  if (order !== undefined) orderDealt(turn, order, deal);
}

/** What the broker showed of it meanwhile stays true; only the owner was missing. */
function withView(position: Position, stranger: Position): Position {
  const { stop, target, state, nakedSince, usedMargin, swap, unexplained } = stranger;
  const levels = stop === undefined ? {} : { stop, target, state, nakedSince };
  const size = volume(position.volume + unexplained);
  return positionWith(position, { ...levels, usedMargin, swap, volume: size, unexplained });
}

/**
 * A position becomes ours by the broker's view of it, and parts of it were closed before any word
 * of its opening: what is shown is what they left. Their volume is over, their result is part of
 * this trade (I11, F32). With an opening known the whole story is told again instead.
 */
export function takeClosings(
  turn: Turn,
  { id, volume: shown }: Pick<Position, 'id' | 'volume'>,
): Partial<Pick<Position, 'realised' | 'unexplained'>> {
  const { early } = turn.core;
  const story = early.deals.filter(({ positionId }) => positionId === id);
  if (story.length === 0 || story.some(opens)) return {};
  change(turn, { early: { ...early, deals: early.deals.filter((one) => !story.includes(one)) } });
  let realised = money(0);
  let unexplained: number = shown;
  for (const { close } of story) {
    if (close === undefined) continue;
    realised = addMoney(realised, netOf(close));
    unexplained += close.closedVolume;
  }
  return { realised, unexplained };
}

/**
 * Since when the history must be read because something closed that nobody here saw opening, while
 * an order of ours that could be meant was believed to have come to nothing (F34, T15).
 */
export function orphanSince({ early, orders, positions }: Core): Wall | undefined {
  if (early.deals.length === 0) return undefined;
  const since = early.deals.filter(isOrphan(early.deals, positions)).flatMap((deal) =>
    orders
      .filter((order) => isTerminal(order.state) && order.executed === 0)
      .filter(({ side, sentWall }) => side !== deal.side && (sentWall ?? deal.time) < deal.time)
      .map((order) => order.sentWall ?? order.decidedWall),
  );
  return since.length === 0 ? undefined : wall(Math.min(...since));
}

/** The history was read and does not make them ours: they are somebody else's. */
export function dropOrphans(turn: Turn, { historyFrom, historyTo }: BrokerSnapshot): void {
  const since = orphanSince(turn.core);
  if (since === undefined || historyFrom === undefined || historyFrom > since) return;
  const { early, positions } = turn.core;
  const isOver = isOrphan(early.deals, positions);
  const deals = early.deals.filter(
    (deal) => !isOver(deal) || (historyTo !== undefined && historyTo <= deal.time),
  );
  change(turn, { early: { ...early, deals } });
}

const isOrphan =
  (deals: readonly Deal[], positions: readonly Position[]) =>
  (deal: Deal): boolean =>
    !opens(deal) &&
    !deals.some((other) => opens(other) && other.positionId === deal.positionId) &&
    !positions.some((position) => position.id === deal.positionId);

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
