/**
 * Commands of the person: each becomes a change or a refusal with its reason, and both are
 * journaled.
 * Deliberately checks what the person saw: a command about a changed position is refused (F114).
 */

import { awaitEnd } from './acknowledgement.ts';
import { arm, disarm } from './arming.ts';
import type { Awaited } from './asked.ts';
import { bounded } from './bars.ts';
import { dayKeyOf } from './calendar.ts';
import { DEADLINES, LIMITS } from './config.ts';
import { positionWith } from './copies.ts';
import { takeClosings } from './early.ts';
import type { BreakerName, Command, CommandBody } from './event.ts';
import { isUnresolved, isUnsettled } from './inquiry.ts';
import { isTerminal } from './order-moves.ts';
import { moveOrder } from './orders.ts';
import { findPosition, putPosition } from './positions.ts';
import { requestCancel, requestClose } from './requests.ts';
import { BREAKER_RULES, clear, trip } from './risk/breakers.ts';
import { TRADING_WORDS } from './risk/gate.ts';
import type { CommandView } from './snapshot-shape.ts';
import type { Order } from './state.ts';
import { change, record, type Turn, tell } from './turn.ts';
import type { ClientOrderId, PositionId, Untrusted } from './units.ts';

type Outcome =
  | { readonly status: 'done' | 'refused'; readonly reason: string }
  | { readonly status: 'accepted'; readonly reason: string; readonly end: Omit<Awaited, 'id'> };

const done = (reason: string): Outcome => ({ status: 'done', reason });
const closing = (positions: readonly PositionId[], reason: string): Outcome => ({
  status: 'accepted',
  reason,
  end: { positions, order: undefined },
});
const refused = (reason: string): Outcome => ({ status: 'refused', reason });
const settled = ({ ok, reason }: { readonly ok: boolean; readonly reason: string }): Outcome =>
  ok ? done(reason) : refused(reason);

type Handlers = {
  readonly [T in CommandBody['type']]: (
    turn: Turn,
    body: Extract<CommandBody, { type: T }>,
    by: Untrusted,
  ) => Outcome;
};

const HANDLERS: Handlers = {
  setTradingState: (turn, body) => {
    const words = TRADING_WORDS[body.state];
    if (turn.core.tradingState === body.state) return refused(`${words} already`);
    change(turn, { tradingState: body.state });
    tell(turn, 'operator', 'warn', `${words}, by the operator`);
    return done(words);
  },
  closePosition: (turn, body) => {
    const position = findPosition(turn, body.positionId);
    if (position === undefined) return refused('the position is gone');
    if (position.volume !== body.seen.volume) return refused('the position changed meanwhile');
    if (position.closing !== undefined) return refused('a close is on its way already');
    if (position.state === 'UNSETTLED') return refused('the broker shows it closed already');
    requestClose(turn, position, 'operator');
    return closing([position.id], `closing position ${position.id}`);
  },
  cancelOrder: (turn, { brokerOrderId: id }) => {
    const known = turn.core.orders.findLast((order) => order.brokerOrderId === id);
    const waits = turn.core.strays.some((one) => one.id === id);
    if (!waits && (known === undefined || isTerminal(known.state))) {
      return refused('no order of ours waits at the broker under that id');
    }
    requestCancel(turn, id, 'operator');
    const end = { positions: [], order: id };
    return { status: 'accepted', reason: `cancelling order ${id}`, end };
  },
  verdict: (turn, { ruling, reason }) => {
    if (reason.trim().length < 3) return refused('a verdict needs a reason of 3 letters or more');
    return ruling.type === 'absent'
      ? ruleAbsent(turn, ruling.orderId, reason)
      : ruleAdopted(turn, ruling.positionId, reason);
  },
  flatten: (turn) => closeAll(turn, 'flatten by the operator'),
  kill: (turn, body) => {
    trip(turn, 'KILL', 'operator');
    const blocked = 'entries are blocked until the breaker is reset';
    if (!body.flatten) return done(blocked);
    const all = closeAll(turn, 'kill switch with flatten');
    return all.status === 'refused' ? done(`${blocked}; ${all.reason}`) : all;
  },
  resetBreaker: (turn, body, by) => {
    const breaker = turn.core.breakers[body.breaker];
    if (!breaker.tripped) return refused(`breaker ${body.breaker} is not tripped`);
    if (body.reason.trim().length < 3)
      return refused('a reset needs a reason of 3 letters or more');
    const refusal = resetRefusal(turn, body.breaker);
    if (refusal !== undefined) return refused(refusal);
    if (body.breaker === 'DAILY_LOSS') {
      change(turn, { lossResetDay: dayKeyOf(turn.at.wall) });
    }
    const why = `reset by ${by}: ${body.reason.trim()}; was: ${breaker.reason}`;
    clear(turn, body.breaker, why, 'reset');
    return done(`breaker ${body.breaker} reset`);
  },
  refreshSentiment: (_turn, { answer }) => {
    if (answer === undefined) return refused('this run has no news source to ask');
    return answer.asked ? done(answer.reason) : refused(answer.reason);
  },
  arm: (turn, { account }, by) => settled(arm(turn, account, by)),
  disarm: (turn, _body, by) => settled(disarm(turn, by)),
  takeOver: (turn, { from }, by) => {
    tell(turn, 'operator', 'warn', `another operator: ${by}, in place of ${from}`);
    return done(`${by} is the operator, in place of ${from}`);
  },
};

/**
 * T14: nobody can prove it, the person looked elsewhere; what is found later still wins (T15). The
 * person may err: the slot stays taken until a complete look at positions and orders, younger than
 * the send, does not show it (I03).
 */
function ruleAbsent(turn: Turn, id: ClientOrderId, reason: Untrusted): Outcome {
  const order = turn.core.orders.find((one) => one.id === id);
  if (order === undefined) return refused('there is no such order');
  if (order.state === 'UNKNOWN') {
    return refused('it may still be proven: a verdict is possible once it is quarantined');
  }
  if (order.state !== 'QUARANTINED') return refused(`its outcome is known: ${order.state}`);
  if (order.executed > 0) return refused('a part of it was executed');
  if (!wasLookedFor(turn, order)) {
    return refused(
      'the broker has not shown all its positions for a minute: it may be one of them',
    );
  }
  moveOrder(turn, order, 'ABSENT', `by the operator (T14): ${reason}`);
  return done(`order ${id} counts as never executed`);
}

/** A complete look was taken within the last minute, long enough after the send (5.3). */
function wasLookedFor({ core, at }: Turn, order: Order): boolean {
  const { reconciled, reconciledAt } = core;
  if (!reconciled || reconciledAt === undefined) return false;
  if (at.mono - reconciledAt > DEADLINES.passAnswerMs) return false;
  const since = reconciledAt - (order.sentAt ?? order.decidedAt);
  return since >= DEADLINES.absenceAfterMs + DEADLINES.passAnswerMs;
}

/** R07, R08: a position with our label whose order the journal does not know is taken as ours. */
function ruleAdopted(turn: Turn, id: PositionId, reason: Untrusted): Outcome {
  const position = findPosition(turn, id);
  if (position === undefined) return refused('the position is gone');
  if (position.ours) return refused('the position is ours already');
  if (!position.tagged) return refused('the position does not carry our label');
  const { mono } = turn.at;
  const nakedSince = position.stop === undefined ? mono : undefined;
  const told = takeClosings(turn, position);
  const fields = { ...told, ours: true, tagged: false, nakedSince };
  putPosition(turn, positionWith(position, fields));
  const words = `adopted by the operator: ${reason}`;
  record(turn, { kind: 'position', positionId: id, state: position.state, reason: words });
  tell(turn, 'position', 'warn', `position ${id} is ours by the operator's verdict`);
  return done(`position ${id} is managed from now on`);
}

/** A reset never hides a reason that is still there (breaker rule 6). */
function resetRefusal(turn: Turn, name: BreakerName): string | undefined {
  const { core } = turn;
  if (name !== 'INTEGRITY') return BREAKER_RULES[name].resetRefusal?.(turn);
  const open = core.orders.some(isUnresolved) || core.positions.some(isUnsettled);
  return open || !core.reconciled ? 'the difference is not resolved yet' : undefined;
}

function closeAll(turn: Turn, reason: string): Outcome {
  const open = turn.core.positions.filter(
    (one) => one.ours && one.closing === undefined && one.state !== 'UNSETTLED',
  );
  if (open.length === 0) return refused('there is nothing of ours to close');
  for (const position of open) requestClose(turn, position, reason);
  const ids = open.map((one) => one.id);
  return closing(ids, `closing ${open.length} position(s)`);
}

/** Handles one command once; the same id again changes nothing. */
export function applyCommand(turn: Turn, command: Command): void {
  if (turn.core.commands.some((known) => known.id === command.id)) return;
  const { body } = command;
  const outcome =
    command.role === 'operator' ? run(turn, command) : refused('observers may look, not command');
  const { status, reason } = outcome;
  const view: CommandView = { id: command.id, type: body.type, status, reason };
  change(turn, { commands: bounded(turn.core.commands, view, LIMITS.commands) });
  if (outcome.status === 'accepted') awaitEnd(turn, { id: command.id, ...outcome.end });
  record(turn, { kind: 'command', commandId: command.id, outcome: status, reason });
  if (status === 'refused') tell(turn, 'operator', 'warn', `${body.type} refused: ${reason}`);
}

function run<T extends CommandBody['type']>(
  turn: Turn,
  { body, by }: { readonly body: Extract<CommandBody, { type: T }>; readonly by: Untrusted },
): Outcome {
  const handler = HANDLERS[body.type as T] as Handlers[T];
  return handler(turn, body, by);
}
