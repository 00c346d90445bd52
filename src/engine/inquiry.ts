/**
 * What is asked of the broker about everything, and how far back: the open ends decide it.
 * Deliberately draws no conclusion from an answer; that is reconcile.ts.
 */
import { bounded } from './bars.ts';
import { DEADLINES, LIMITS } from './config.ts';
import { dayWanted } from './day-opening.ts';
import { orphanSince } from './early.ts';
import { awaitedFill, workingOrders } from './orders.ts';
import type { Core, Order, Position } from './state.ts';
import { owned, type Turn } from './turn.ts';
import { type Mono, type Wall, wall } from './units.ts';

/** History is read from this much earlier than what is looked for (5.3). */
const HISTORY_MARGIN_MS = 60_000;

const NEVER = Number.POSITIVE_INFINITY;

/** Asks for a pass; with history while an outcome, an end or a change of the balance is open. */
export const askReconcile = (turn: Turn): void => ask(turn, historyWanted(turn));

/**
 * A pass came to nothing. When the history was to blame, positions and orders are asked for alone
 * and at once: what executed must be seen and protected, also while nobody answers about the past
 * (F47, P13, I03, I09). The next question in its turn is about the past again.
 */
export function askWithoutPast(turn: Turn): void {
  if (turn.core.askedBack && canAsk(turn.core)) ask(turn, undefined);
}

/**
 * The broker answers questions, also on a link that lost something: what was lost is found by
 * nothing but a look, and only a look makes such a link whole again (F14, I28).
 */
export const canAsk = ({ link }: Core): boolean =>
  link.state === 'READY' || link.state === 'DEGRADED';

function ask(turn: Turn, historyFrom: Wall | undefined): void {
  turn.effects.push({ type: 'query', query: { type: 'reconcile', historyFrom } });
  const { mono: now } = turn.at;
  const core = owned(turn);
  const { passesAsked: open } = core;
  core.reconcileAskedAt = now;
  core.passesAsked = open.length === 0 ? [now] : bounded(open, now, LIMITS.passesAsked);
  core.askedBack = historyFrom !== undefined;
}

/** How far back the history must go to settle what is open; nothing when nothing is. */
function historyWanted(turn: Turn): Wall | undefined {
  const { core } = turn;
  const awaited = awaitedFill(core);
  let since = Math.min(
    core.unexplainedSince ?? NEVER,
    orphanSince(core) ?? NEVER,
    dayWanted(turn) ?? NEVER,
    awaited === undefined ? NEVER : sendTime(awaited),
  );
  for (const order of workingOrders(core.orders)) {
    if (isUnresolved(order)) since = Math.min(since, sendTime(order));
  }
  for (const position of core.positions) {
    if (wantsHistory(position)) since = Math.min(since, position.openedWall);
  }
  if (since === NEVER) return undefined;
  // F66: the broker's records carry the broker's time, which may be behind ours.
  const margin = HISTORY_MARGIN_MS + Math.max(0, turn.core.outside.skewMs ?? 0);
  return wall(Math.max(0, since - margin));
}

/**
 * The oldest question that this may answer. Answers may overtake each other, so the newest question
 * is the one struck off: an older view is never taken for a newer (6 b, P07).
 */
export function takeQuestion(turn: Turn): Mono | undefined {
  const { passesAsked } = turn.core;
  let oldest = 0;
  while (turn.at.mono - (passesAsked[oldest] ?? NEVER) > DEADLINES.passAnswerMs) oldest += 1;
  const isLast = passesAsked.length - oldest <= 1;
  owned(turn).passesAsked = isLast ? NO_QUESTIONS : passesAsked.slice(oldest, -1);
  return passesAsked[oldest];
}

const NO_QUESTIONS: readonly Mono[] = [];

export const isUnresolved = (order: Order): boolean =>
  order.state === 'UNKNOWN' || order.state === 'QUARANTINED';

export const isUnsettled = (position: Position): boolean =>
  position.state === 'CLOSE_UNKNOWN' || position.state === 'UNSETTLED';

/** Its end, or whose it is, can be read from the broker's history only. */
const wantsHistory = (position: Position): boolean =>
  isUnsettled(position) || (position.tagged && !position.ours && !position.searched);

export const sendTime = (order: Order): number => order.sentWall ?? order.decidedWall;
