/**
 * One turn of the machine: the state as it becomes, and what leaves, with the few moves all parts
 * use. Deliberately not visible outside: `step` makes a turn and gives back two values.
 */
import {
  type BrokerEvent,
  type LinkState,
  type RequestFailedEvent,
  untrusted,
} from '../../engine/index.ts';
import type { OutgoingMessage } from '../wire/codec.ts';
import { enqueue, type Lane, type Pending, release, settle } from './requests.ts';
import {
  type Draft,
  draftName,
  type Moment,
  type Purpose,
  type SessionConfig,
  type SessionOutput,
  type SessionState,
} from './state.ts';

export interface Turn {
  readonly config: SessionConfig;
  readonly at: Moment;
  state: SessionState;
  readonly out: SessionOutput[];
}

export const emit = (turn: Turn, event: BrokerEvent): void => {
  turn.out.push({ type: 'event', event });
};

export const note = (turn: Turn, text: string): void => {
  turn.out.push({ type: 'note', text });
};

/** Changes cold state; the quote path builds its literals itself. */
export function change(turn: Turn, part: Partial<SessionState>): void {
  turn.state = { ...turn.state, ...part };
}

/** Tells the state of the link, once per change. */
export function tell(turn: Turn, link: LinkState, reason?: string): void {
  const { state } = turn;
  if (state.link === link) return;
  const { roundTripMs } = state.health;
  const { refusals } = state.trouble;
  change(turn, { link });
  const isOut = link === 'DISCONNECTED' || link === 'AUTH_HALT';
  emit(turn, {
    type: 'link',
    state: link,
    generation: state.generation,
    ...(reason === undefined ? {} : { reason: untrusted(reason) }),
    ...(roundTripMs === undefined ? {} : { roundTripMs }),
    ...(refusals === 0 ? {} : { authRefusals: refusals }),
    ...(isOut && state.trouble.tokenRefused ? { tokenRefused: true } : {}),
  });
}

/** The line stays as it is: somebody is asked for another token (F92). */
export function tellTokenRefused(turn: Turn, reason: string): void {
  const { link, generation } = turn.state;
  const why = untrusted(reason);
  emit(turn, { type: 'link', state: link, generation, reason: why, tokenRefused: true });
}

/** Ends the connection; the driver answers with `closed` before anything else happens. */
export function closeLine(turn: Turn, reason: string): void {
  turn.out.push({ type: 'close', reason });
}

export const hasAccount = ({ stage }: SessionState): boolean =>
  stage === 'sync' || stage === 'live';

const LINE_STAGES: ReadonlySet<string> = new Set([
  'application',
  'accounts',
  'account',
  'sync',
  'live',
]);

/** True while an open connection is expected to answer. */
export const hasLine = ({ stage }: SessionState): boolean => LINE_STAGES.has(stage);

/** Puts a question in line; it leaves in this turn if the pacing allows. */
export function ask(turn: Turn, draft: Draft, lane: Exclude<Lane, 'trading'>, purpose: Purpose) {
  const request = { name: draftName(draft), lane, purpose, message: draft };
  const [requests, taken] = enqueue(turn.state.requests, request);
  if (!taken) closeLine(turn, 'too many questions are waiting for an answer');
  change(turn, { requests });
  flush(turn);
}

export const askPlain = (
  turn: Turn,
  message: OutgoingMessage,
  purpose: Purpose,
  lane: Exclude<Lane, 'trading'> = 'ordinary',
): void => ask(turn, { type: 'plain', message }, lane, purpose);

/** Writes whatever may leave now. */
export function flush(turn: Turn): void {
  const [requests, leaving] = release(turn.state.requests, turn.at.mono);
  if (leaving.length === 0) return;
  change(turn, { requests, health: { ...turn.state.health, sentAt: turn.at.mono } });
  for (const { id, message } of leaving) turn.out.push({ type: 'write', draft: message, id });
}

export interface Failure {
  readonly code: string;
  readonly description: string;
}

/** Tells that a request of ours failed; `definitive` only with proof that nothing was executed. */
export function tellFailed(
  turn: Turn,
  requestId: string,
  definitive: boolean,
  { code, description }: Failure,
): void {
  const event: RequestFailedEvent = {
    type: 'requestFailed',
    generation: turn.state.generation,
    requestId,
    definitive,
    code,
    description: untrusted(description),
  };
  emit(turn, event);
}

export const tradesInFlight = (state: SessionState): readonly Pending<Purpose>[] =>
  state.requests.pending.filter((each) => each.lane === 'trading' && !each.answered);

/** Whatever is in flight may or may not have happened (F19): said once for each. */
export function doubtTrades(turn: Turn, failure: Failure): void {
  for (const { id, purpose } of tradesInFlight(turn.state)) {
    change(turn, { requests: settle(turn.state.requests, id, false) });
    if (purpose.type === 'trade') tellFailed(turn, purpose.requestId, false, failure);
  }
}
