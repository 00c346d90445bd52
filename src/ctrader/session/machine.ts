/**
 * The link session as a pure function: what happens goes in, what must be done comes out.
 * Deliberately without clock, socket, codec and secrets; time is part of every input.
 */
import { generation, type InstrumentId, type LinkState, mono } from '../../engine/index.ts';
import type { KnownMessage, WireMessage } from '../wire/codec.ts';
import { measure, onExpired } from './failure.ts';
import { GAUGED, isGauge, NO_GAUGES, watchGauges } from './gauges.ts';
import { type AfterPass, onJobAnswer, onQuery, retryJobs, voidJobs } from './jobs.ts';
import { heardAt } from './live-spot.ts';
import {
  ANSWER,
  ASK,
  becomeReady,
  beginApplication,
  degrade,
  halt,
  isClosedNow,
  presentToken,
  recover,
  tellInstrument,
  watchToken,
} from './login.ts';
import { isForeign, onSpot, onUndecodable, PUSHES } from './push.ts';
import { expire, find, LADDER, ladderDelay, noRequests, settle } from './requests.ts';
import {
  initialSession,
  LINK_TIMES,
  NO_FACTS,
  NO_FEED,
  NO_HEALTH,
  NO_TROUBLE,
  type SessionConfig,
  type SessionInput,
  type SessionOutput,
  type SessionState,
} from './state.ts';
import { onSend, onUnwritten } from './trade.ts';
import {
  change,
  closeLine,
  doubtTrades,
  flush,
  hasAccount,
  hasLine,
  note,
  type Turn,
  tell,
} from './turn.ts';

export interface SessionMachine {
  readonly initial: SessionState;
  /** Never throws for anything the other side sends. The same inputs give the same outputs. */
  step(state: SessionState, input: SessionInput): readonly [SessionState, readonly SessionOutput[]];
}

/** The machine of one configured account and instrument. */
export function sessionMachine(config: SessionConfig): SessionMachine {
  return {
    initial: initialSession(),
    step(state, input) {
      const turn: Turn = { config, at: input.at, state, out: [] };
      handle(turn, input);
      return [turn.state, turn.out];
    },
  };
}

function handle(turn: Turn, input: SessionInput): void {
  switch (input.type) {
    case 'message':
      onMessage(turn, input.message);
      return;
    case 'tick':
      onTick(turn, input.backlog);
      return;
    case 'send':
      onSend(turn, input.request, input.backlog);
      return;
    case 'unwritten':
      onUnwritten(turn, input.requestId, input.reason);
      return;
    case 'query':
      onQuery(turn, input.query);
      return;
    case 'subscribe':
      onSubscribe(turn, input.instrumentId);
      return;
    case 'start':
      if (turn.state.stage === 'idle') dial(turn);
      return;
    case 'opened':
      onOpened(turn);
      return;
    case 'closed':
      onClosed(turn, input.reason, input.random);
      return;
    case 'stop':
      onStop(turn);
      return;
    case 'tokenRenewed':
      onTokenRenewed(turn);
      return;
    case 'tokenForfeited':
      onTokenForfeited(turn, input.reason);
      return;
  }
}

/** A new generation: nothing of the last connection is left to be mistaken for this one's (F19). */
function dial(turn: Turn): void {
  const next = generation(turn.state.generation + 1);
  const now = turn.at.mono;
  change(turn, {
    stage: 'connecting',
    generation: next,
    health: { ...NO_HEALTH, openedAt: now, heardAt: now, sentAt: now },
    requests: noRequests(`g${next}.`),
    facts: NO_FACTS,
    feed: NO_FEED,
    gauges: NO_GAUGES,
    jobs: [],
  });
  tell(turn, 'CONNECTING');
  turn.out.push({ type: 'dial' });
}

function onOpened(turn: Turn): void {
  if (turn.state.stage !== 'connecting') return;
  const now = turn.at.mono;
  change(turn, { health: { ...NO_HEALTH, openedAt: now, heardAt: now, sentAt: now } });
  beginApplication(turn);
}

/** The line is gone, whoever ended it: doubts first, then the state, then the next attempt. */
function onClosed(turn: Turn, reason: string, random: number): void {
  const { stage } = turn.state;
  if (stage === 'idle' || stage === 'waiting') return;
  doubtTrades(turn, { code: 'LINK_LOST', description: reason });
  voidJobs(turn, reason);
  change(turn, { requests: noRequests('none.'), feed: NO_FEED, facts: NO_FACTS });
  if (stage === 'stopped') return;
  const { trouble } = turn.state;
  const { attempt, pause } = trouble;
  const delay = Math.max(ladderDelay(attempt, random), pause?.ms ?? 0);
  change(turn, {
    stage: 'waiting',
    trouble: {
      ...trouble,
      attempt: attempt + 1,
      retryAt: mono(turn.at.mono + delay),
      pause: undefined,
      tokenWait: undefined,
      readySince: undefined,
      degraded: undefined,
    },
  });
  const link: LinkState = pause?.maintenance === true ? 'MAINTENANCE' : 'DISCONNECTED';
  tell(turn, link, reason);
}

/**
 * Another token: what the old one cost is forgotten, and nobody waits (F92). A session that lives
 * goes on; the goodbye to the old token that follows begins a new count of lost sessions.
 */
function onTokenRenewed(turn: Turn): void {
  const { stage, link, trouble } = turn.state;
  const isHalted = stage === 'stopped' && link === 'AUTH_HALT';
  const isAwaited = isHalted || trouble.tokenRefused;
  const fresh = { refusals: 0, reauthorisations: 0, tokenRefused: false };
  change(turn, { trouble: isHalted ? NO_TROUBLE : { ...trouble, ...fresh } });
  if (!isAwaited || presentToken(turn)) return;
  note(turn, 'there is another access token: connecting again');
  // What announced maintenance or too many connections still waits its time.
  if (isHalted || (stage === 'waiting' && link === 'DISCONNECTED')) dial(turn);
}

/** Only where the token is the trouble: a session that lives is not ended by a token server. */
function onTokenForfeited(turn: Turn, reason: string): void {
  const { stage, trouble } = turn.state;
  if (!trouble.tokenRefused || stage === 'stopped' || stage === 'idle') return;
  if (stage === 'waiting') {
    change(turn, { stage: 'stopped' });
    tell(turn, 'AUTH_HALT', reason);
  } else halt(turn, 'AUTH_HALT', reason);
}

function onStop(turn: Turn): void {
  const { stage } = turn.state;
  if (stage === 'stopped') return;
  doubtTrades(turn, { code: 'LINK_LOST', description: 'the session was stopped' });
  change(turn, { stage: 'stopped', jobs: [], feed: NO_FEED });
  tell(turn, 'DISCONNECTED', 'stopped');
  if (stage !== 'idle' && stage !== 'waiting') closeLine(turn, 'stopped');
}

/** Asking again within a session changes nothing: one subscription is enough. */
function onSubscribe(turn: Turn, instrumentId: InstrumentId): void {
  const { facts, feed } = turn.state;
  if (instrumentId !== facts.instrument?.id) {
    note(turn, 'a subscription was asked for without a session of that instrument');
    return;
  }
  if (feed.wanted) return;
  change(turn, { feed: { ...NO_FEED, wanted: true, askedAt: turn.at.mono } });
  ASK.subscribe(turn);
}

function onMessage(turn: Turn, message: WireMessage): void {
  if (!hasLine(turn.state)) return;
  heard(turn);
  if (message.kind === 'message') {
    if (message.name === 'ProtoOASpotEvent') {
      if (message.fields.ctidTraderAccountId === turn.config.accountId) {
        onSpot(turn, message.fields);
      }
      return;
    }
    onKnown(turn, message);
  } else if (message.kind === 'unknown') {
    note(turn, `message type ${message.payloadType} is unknown and was ignored`);
  } else {
    onUndecodable(turn, message);
  }
}

function heard(turn: Turn): void {
  const { trouble } = turn.state;
  turn.state = heardAt(turn.state, turn.at.mono);
  if (trouble.degraded === 'silence') recover(turn, 'silence');
}

function onKnown(turn: Turn, message: KnownMessage): void {
  const { clientMsgId, name } = message;
  const pending = find(turn.state.requests, clientMsgId);
  if (pending === undefined && isForeign(turn, message)) {
    note(turn, `${name} of another account was ignored`);
    return;
  }
  // The row belongs to the name; the union cannot see that.
  const push = PUSHES[name] as
    | ((turn: Turn, fields: KnownMessage['fields'], id: string | undefined) => void)
    | undefined;
  if (push !== undefined) {
    push(turn, message.fields, clientMsgId);
    return;
  }
  if (pending === undefined) {
    note(turn, `${name} answers nothing that was asked`);
    return;
  }
  if (isForeign(turn, message)) {
    closeLine(turn, `${name} answers for another account`);
    return;
  }
  measure(turn, pending);
  change(turn, { requests: settle(turn.state.requests, pending.id, true) });
  const { purpose } = pending;
  if (purpose.type === 'job') onJobAnswer(turn, purpose.job, message, AFTER_PASS);
  else if (purpose.type === 'trade') note(turn, `${name} is no answer to a trading request`);
  else if (isGauge(purpose)) {
    if (!GAUGED[purpose.type](turn, message)) note(turn, `${name} tells nothing that was asked`);
  } else if (!ANSWER[purpose.type](turn, message)) {
    closeLine(turn, `${name} is no answer to the ${purpose.type} question`);
  }
}

const AFTER_PASS: AfterPass = {
  synced(turn) {
    recover(turn, 'unread');
    becomeReady(turn);
  },
};

/** Time passes: four times a second, whatever else happens. */
function onTick(turn: Turn, backlog: number): void {
  const { stage, trouble, health } = turn.state;
  const now = turn.at.mono;
  if (stage === 'waiting' && now >= trouble.retryAt) dial(turn);
  if (stage === 'connecting' && now - health.openedAt >= LINK_TIMES.connectMs) {
    closeLine(turn, 'no connection in time');
  }
  if (!hasLine(turn.state)) return;
  const [requests, expired] = expire(turn.state.requests, now);
  if (requests !== turn.state.requests) change(turn, { requests });
  for (const each of expired) onExpired(turn, each);
  if (isClosing(turn)) return;
  retryJobs(turn);
  flush(turn);
  if (watchBacklog(turn, backlog)) return;
  if (watchSilence(turn) || watchToken(turn)) return;
  beat(turn);
  watchFeed(turn);
  watchCalendar(turn);
  if (hasAccount(turn.state)) watchGauges(turn);
  settleDown(turn);
}

const isClosing = (turn: Turn): boolean => turn.out.some((each) => each.type === 'close');

/** Bytes that wait too long are destroyed with the socket: late is worse than never (F05). */
function watchBacklog(turn: Turn, backlog: number): boolean {
  const { health } = turn.state;
  const since = backlog > 0 ? (health.backlogSince ?? turn.at.mono) : undefined;
  if (since !== health.backlogSince) change(turn, { health: { ...health, backlogSince: since } });
  if (since === undefined || turn.at.mono - since < LINK_TIMES.backlogMs) return false;
  closeLine(turn, 'the connection does not take data');
  return true;
}

/** A silent link is suspected, probed, and declared dead within 40 s (F01). */
function watchSilence(turn: Turn): boolean {
  const { health } = turn.state;
  const now = turn.at.mono;
  if (health.probeAt !== undefined) {
    if (now - health.probeAt < LINK_TIMES.probeMs) return false;
    closeLine(turn, 'the connection is silent');
    return true;
  }
  if (now - health.heardAt < LINK_TIMES.silenceMs) return false;
  degrade(turn, 'silence', 'nothing was heard for a while');
  change(turn, { health: { ...turn.state.health, probeAt: now } });
  ASK.probe(turn);
  return false;
}

function beat(turn: Turn): void {
  const { health } = turn.state;
  if (turn.at.mono - health.sentAt < LINK_TIMES.heartbeatMs) return;
  change(turn, { health: { ...health, sentAt: turn.at.mono } });
  const message = { name: 'ProtoHeartbeatEvent', fields: {} } as const;
  turn.out.push({ type: 'write', draft: { type: 'plain', message }, id: undefined });
}

/** A subscription that never delivers: once more, then a new link, then a named state (F26). */
function watchFeed(turn: Turn): void {
  const { feed, stage, trouble } = turn.state;
  const complete = feed.bid !== undefined && feed.ask !== undefined;
  if (stage !== 'sync' || !feed.wanted || complete) return;
  if (turn.at.mono - feed.askedAt < LINK_TIMES.firstQuoteMs) return;
  if (isClosedNow(turn) && feed.acknowledged) {
    becomeReady(turn, true);
  } else if (!feed.askedAgain) {
    change(turn, { feed: { ...feed, askedAgain: true, askedAt: turn.at.mono } });
    ASK.subscribe(turn);
  } else if (trouble.noPriceRounds === 0) {
    change(turn, { trouble: { ...trouble, noPriceRounds: 1 } });
    closeLine(turn, 'the subscription delivers no prices');
  } else {
    tell(turn, 'NO_PRICES', 'the broker accepts the subscription but sends no prices');
  }
}

/** The calendar reaches two weeks ahead; it is told anew long before it ends (F69). */
function watchCalendar(turn: Turn): void {
  const { facts } = turn.state;
  if (facts.instrument === undefined) return;
  if (turn.at.wall - facts.calendarAt < LINK_TIMES.calendarRefreshMs) return;
  tellInstrument(turn);
}

/** After a minute of READY old troubles are forgotten (F08). */
function settleDown(turn: Turn): void {
  const { trouble, stage } = turn.state;
  if (stage !== 'live' || trouble.readySince === undefined) return;
  if (trouble.attempt === 0 && trouble.reauthorisations === 0) return;
  if (turn.at.mono - trouble.readySince < LADDER.resetAfterReadyMs) return;
  change(turn, { trouble: { ...trouble, attempt: 0, reauthorisations: 0, refusals: 0 } });
}
