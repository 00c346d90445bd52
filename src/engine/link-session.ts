/**
 * The link session as the engine sees it: a run begins, the link changes its state, or it is lost.
 * Deliberately opens nothing itself: connecting and retrying belong to the broker behind the port.
 */
import { positionWith } from './copies.ts';
import type { Event, LinkEvent } from './event.ts';
import { askReconcile, canAsk } from './inquiry.ts';
import { withoutQuote } from './market.ts';
import { ordersAfterStart, ordersLostLink } from './orders.ts';
import { putPosition } from './positions.ts';
import { armingAtStart } from './risk/egress.ts';
import { forgetOutside, noteLogin } from './risk/outside.ts';
import { noteLinkLost } from './risk/tallies.ts';
import type { Position } from './state.ts';
import { STRATEGIES } from './strategy.ts';
import { change, record, type Turn, tell } from './turn.ts';
import { generation } from './units.ts';

/** A run begins: nothing of the old link holds, and what was in flight has no proof (5.2). */
export function onStarted(turn: Turn, event: Extract<Event, { type: 'started' }>): void {
  const { mono } = turn.at;
  const memory = STRATEGIES[event.config.strategy].init(event.config);
  turn.market = withoutQuote(turn.market);
  change(turn, {
    runId: event.runId,
    version: event.version,
    config: event.config,
    startedAt: mono,
    stoppingSince: undefined,
    arming: armingAtStart(event.config),
    memory: turn.core.config === undefined ? memory : turn.core.memory,
    link: {
      state: 'DISCONNECTED',
      generation: generation(0),
      since: mono,
      roundTripMs: undefined,
      reason: undefined,
    },
    reconciled: false,
    reconcileAskedAt: undefined,
    passesAsked: [],
    askedBack: false,
    reconciledAt: undefined,
    dayRead: undefined,
    outbox: [],
  });
  forgetOutside(turn);
  ordersAfterStart(turn);
  positionsLostLink(turn);
  tell(turn, 'system', 'plain', `run ${event.runId} started`);
}

/** Section 8, steps 1 and 4: the gate shuts for good, and the broker is asked what it shows. */
export function onStopping(turn: Turn, reason: string): void {
  if (turn.core.stoppingSince !== undefined) return;
  change(turn, { stoppingSince: turn.at.mono });
  record(turn, { kind: 'note', text: `stopping: ${reason}` });
  tell(turn, 'system', 'warn', `the engine is stopping (${reason}): nothing enters any more`);
  if (canAsk(turn.core)) askReconcile(turn);
}

export function onLink(turn: Turn, event: LinkEvent): void {
  const old = turn.core.link;
  const lost = old.generation !== event.generation || event.state === 'DISCONNECTED';
  const since = old.state === event.state && !lost ? old.since : turn.at.mono;
  const { state, reason } = event;
  const roundTripMs = event.roundTripMs ?? (lost ? undefined : old.roundTripMs);
  change(turn, { link: { state, generation: event.generation, since, roundTripMs, reason } });
  if (lost && old.generation > 0) {
    turn.market = withoutQuote(turn.market);
    ordersLostLink(turn, 'the link was lost');
    positionsLostLink(turn);
    change(turn, {
      reconciled: false,
      reconcileAskedAt: undefined,
      passesAsked: [],
      askedBack: false,
      outbox: [],
    });
    if (event.state === 'DISCONNECTED') change(turn, { reconnects: turn.core.reconnects + 1 });
    noteLinkLost(turn, old.state);
  }
  noteLogin(turn, event.authRefusals);
  if (state === old.state) return;
  const tone = state === 'READY' ? 'good' : state === 'DISCONNECTED' ? 'warn' : 'plain';
  tell(turn, 'link', tone, `link ${state}`, reason);
}

function positionsLostLink(turn: Turn): void {
  for (const position of turn.core.positions) putPosition(turn, withoutLink(position));
}

/**
 * A close in flight has no proof any more; and the seconds in which a stop must be restored begin
 * again when the broker can be reached and shows none (R18): nothing could be done meanwhile.
 */
const withoutLink = (position: Position): Position =>
  positionWith(position, {
    state: position.closing === undefined ? position.state : 'CLOSE_UNKNOWN',
    nakedSince: undefined,
    amending: undefined,
    amendsSent: 0,
  });
