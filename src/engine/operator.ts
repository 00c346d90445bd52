/**
 * Commands of the person: each becomes a change or a refusal with its reason, and both are
 * journaled.
 * Deliberately checks what the person saw: a command about a changed position is refused (F114).
 */

import { bounded } from './bars.ts';
import { dayKeyOf } from './calendar.ts';
import { LIMITS } from './config.ts';
import type { BreakerName, Command, CommandBody } from './event.ts';
import { findPosition, requestClose } from './positions.ts';
import { isUnresolved, isUnsettled } from './reconcile.ts';
import { BREAKER_RULES, clear, trip } from './risk/breakers.ts';
import { TRADING_WORDS } from './risk/gate.ts';
import type { CommandView } from './snapshot-shape.ts';
import { change, record, type Turn, tell } from './turn.ts';

type Outcome = { readonly status: 'done' | 'accepted' | 'refused'; readonly reason: string };

const done = (reason: string): Outcome => ({ status: 'done', reason });
const accepted = (reason: string): Outcome => ({ status: 'accepted', reason });
const refused = (reason: string): Outcome => ({ status: 'refused', reason });

type Handlers = {
  readonly [T in CommandBody['type']]: (
    turn: Turn,
    body: Extract<CommandBody, { type: T }>,
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
    return accepted(`closing position ${position.id}`);
  },
  flatten: (turn) => closeAll(turn, 'flatten by the operator'),
  kill: (turn, body) => {
    trip(turn, 'KILL', 'operator');
    const blocked = 'entries are blocked until the breaker is reset';
    if (!body.flatten) return done(blocked);
    const closing = closeAll(turn, 'kill switch with flatten');
    return closing.status === 'refused' ? done(`${blocked}; ${closing.reason}`) : closing;
  },
  resetBreaker: (turn, body) => {
    const breaker = turn.core.breakers[body.breaker];
    if (!breaker.tripped) return refused(`breaker ${body.breaker} is not tripped`);
    if (body.reason.trim().length < 3)
      return refused('a reset needs a reason of 3 letters or more');
    const refusal = resetRefusal(turn, body.breaker);
    if (refusal !== undefined) return refused(refusal);
    if (body.breaker === 'DAILY_LOSS') {
      change(turn, { lossResetDay: dayKeyOf(turn.at.wall) });
    }
    clear(turn, body.breaker, `reset by the operator, was: ${breaker.reason}`);
    return done(`breaker ${body.breaker} reset`);
  },
  refreshSentiment: (_turn, { answer }) => {
    if (answer === undefined) return refused('this run has no news source to ask');
    return answer.asked ? done(answer.reason) : refused(answer.reason);
  },
};

/** A reset never hides a reason that is still there (breaker rule 6). */
function resetRefusal(turn: Turn, name: BreakerName): string | undefined {
  const { core, at } = turn;
  const rule = BREAKER_RULES[name];
  if (name === 'PERSISTENCE') {
    // A run that could open and verify the journal has proven that it writes again.
    const since = core.breakers.PERSISTENCE.sinceMono ?? at.mono;
    return since >= core.startedAt ? 'writes must be proven: restart first' : undefined;
  }
  if (name === 'FEED' || name === 'VOLATILITY') return `it clears by itself: ${rule.clearedBy}`;
  if (name === 'INTEGRITY') {
    const open = core.orders.some(isUnresolved) || core.positions.some(isUnsettled);
    return open || !core.reconciled ? 'the difference is not resolved yet' : undefined;
  }
  if (name !== 'DAILY_LOSS') return undefined;
  if (core.lossResetDay === dayKeyOf(at.wall)) return 'it was reset today already';
  return rule.trips(turn) === undefined ? undefined : 'the loss still stands at the limit';
}

function closeAll(turn: Turn, reason: string): Outcome {
  const open = turn.core.positions.filter(
    (one) => one.ours && one.closing === undefined && one.state !== 'UNSETTLED',
  );
  if (open.length === 0) return refused('there is nothing of ours to close');
  for (const position of open) requestClose(turn, position, reason);
  return accepted(`closing ${open.length} position(s)`);
}

/** Handles one command once; the same id again changes nothing. */
export function applyCommand(turn: Turn, command: Command): void {
  if (turn.core.commands.some((known) => known.id === command.id)) return;
  const { body } = command;
  const outcome =
    command.role === 'operator' ? run(turn, body) : refused('observers may look, not command');
  const view: CommandView = { id: command.id, type: body.type, ...outcome };
  change(turn, { commands: bounded(turn.core.commands, view, LIMITS.commands) });
  const { status, reason } = outcome;
  record(turn, { kind: 'command', commandId: command.id, outcome: status, reason });
  if (status === 'refused') tell(turn, 'operator', 'warn', `${body.type} refused: ${reason}`);
}

function run<T extends CommandBody['type']>(
  turn: Turn,
  body: Extract<CommandBody, { type: T }>,
): Outcome {
  const handler = HANDLERS[body.type as T] as Handlers[T];
  return handler(turn, body);
}
