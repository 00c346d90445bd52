/**
 * What the broker tells without being asked: prices, executions, changes, goodbyes.
 * Deliberately filters by account before anything else (F25), and never reads what it cannot trust.
 */
import { errorRow } from '../errors.ts';
import { quoteOf, sideOf } from '../translate.ts';
import { executionOf } from '../translate-order.ts';
import type { KnownMessage, UndecodableMessage } from '../wire/codec.ts';
import {
  MESSAGE_OF_PAYLOAD_TYPE,
  type Messages,
  type ProtoOAExecutionEvent,
  ProtoOAExecutionType,
  type ProtoOASpotEvent,
  type WireName,
} from '../wire/schema.gen.ts';
import { onError, onUnreadable } from './failure.ts';
import { noteHolding, noteRate, noteStamp } from './gauges.ts';
import { startPass } from './jobs.ts';
import { ASK, becomeReady, degrade, reauthenticate, takeTrader } from './login.ts';
import { find, markAnswered } from './requests.ts';
import { LINK_LIMITS } from './state.ts';
import {
  change,
  closeLine,
  doubtTrades,
  emit,
  hasAccount,
  note,
  type Turn,
  tellFailed,
} from './turn.ts';

/** The hot path: one event out, and state only while the first quotes are awaited. */
export function onSpot(turn: Turn, spot: ProtoOASpotEvent): void {
  const { facts, feed, gauges, generation } = turn.state;
  if (gauges.rates !== undefined) noteRate(turn, spot);
  if (!feed.wanted || spot.symbolId !== facts.scales?.symbolId) return;
  const initial = feed.bid === undefined && feed.ask === undefined;
  emit(turn, quoteOf(spot, generation, turn.at.wall, initial));
  if (!initial && spot.timestamp !== undefined) noteStamp(turn, spot.timestamp);
  if (feed.bid !== undefined && feed.ask !== undefined) {
    if (turn.state.stage === 'sync') becomeReady(turn);
    return;
  }
  const bid = feed.bid ?? sideOf(spot.bid);
  const ask = feed.ask ?? sideOf(spot.ask);
  change(turn, { feed: { ...feed, bid, ask } });
  becomeReady(turn);
}

function onExecution(turn: Turn, event: ProtoOAExecutionEvent, id: string | undefined): void {
  const { facts, generation, requests } = turn.state;
  if (!hasAccount(turn.state)) return;
  noteHolding(turn, true);
  const pending = find(requests, id);
  if (pending !== undefined) change(turn, { requests: markAnswered(requests, pending.id) });
  if (pending?.purpose.type === 'trade') tellRejection(turn, pending.purpose.requestId, event);
  if (!facts.synced || facts.scales === undefined) {
    if (facts.early.length >= LINK_LIMITS.early) closeLine(turn, 'too many executions at once');
    else change(turn, { facts: { ...turn.state.facts, early: [...facts.early, event] } });
    return;
  }
  const complaints: string[] = [];
  const heard = { generation, at: turn.at.wall };
  const { events, accountChanged } = executionOf(event, facts.scales, heard, complaints);
  for (const each of events) emit(turn, each);
  if (accountChanged) ASK.trader(turn);
  if (complaints.length > 0) suspect(turn, complaints.join('; '));
}

/** A refusal dressed as an execution event: no order to show, or a cancel that came too late. */
function tellRejection(turn: Turn, requestId: string, event: ProtoOAExecutionEvent): void {
  const { executionType, order, errorCode } = event;
  const late = executionType === ProtoOAExecutionType.ORDER_CANCEL_REJECTED;
  const bare = executionType === ProtoOAExecutionType.ORDER_REJECTED && order === undefined;
  if (!late && !bare) return;
  const code = errorCode ?? (late ? 'ORDER_CANCEL_REJECTED' : 'ORDER_REJECTED');
  const { definitive, words } = errorRow(code);
  tellFailed(turn, requestId, definitive, { code, description: words });
}

/** Something happened that could not be read: no entries, and a fresh look at once (F14 F15). */
function suspect(turn: Turn, reason: string): void {
  note(turn, `something changed that could not be read: ${reason}`);
  degrade(turn, 'unread', reason);
  if (turn.state.facts.synced) startPass(turn, undefined, false);
}

/** Messages whose loss may hide a fill. */
const MAY_HIDE_A_FILL: ReadonlySet<WireName | undefined> = new Set<WireName | undefined>([
  'ProtoOAExecutionEvent',
  'ProtoOAOrderErrorEvent',
  'ProtoOAErrorRes',
  'ProtoOATrailingSLChangedEvent',
  undefined,
]);

/** Bytes that make no message (F14). The reason names fields, never contents. */
export function onUndecodable(turn: Turn, message: UndecodableMessage): void {
  const { payloadType, clientMsgId, reason } = message;
  const name = payloadType === undefined ? undefined : MESSAGE_OF_PAYLOAD_TYPE[payloadType];
  note(turn, `a message could not be read: ${reason}`);
  const pending = find(turn.state.requests, clientMsgId);
  if (pending !== undefined) onUnreadable(turn, pending, reason);
  if (!MAY_HIDE_A_FILL.has(name)) return;
  doubtTrades(turn, { code: 'UNREADABLE', description: reason });
  if (hasAccount(turn.state)) suspect(turn, reason);
}

/** True for a push that is about another account of the same token (F25). */
export function isForeign(turn: Turn, message: KnownMessage): boolean {
  const fields: object = message.fields;
  const account = 'ctidTraderAccountId' in fields ? fields.ctidTraderAccountId : undefined;
  return typeof account === 'string' && account !== '0' && account !== turn.config.accountId;
}

type Push<N extends WireName> = (
  turn: Turn,
  fields: Messages[N],
  clientMsgId: string | undefined,
) => void;

/** Everything that is not an answer. Names without a row are answers, or news we do not use. */
export const PUSHES: { readonly [N in WireName]?: Push<N> } = {
  ProtoHeartbeatEvent: () => {},
  ProtoOASpotEvent: onSpot,
  ProtoOAExecutionEvent: onExecution,
  ProtoOAOrderErrorEvent: (turn, fields, clientMsgId) => {
    const targets = [fields.orderId, fields.positionId].filter((each) => each !== undefined);
    onError(turn, {
      code: fields.errorCode,
      description: fields.description,
      clientMsgId,
      retryAfterMs: undefined,
      maintenanceEndMs: undefined,
      targets,
    });
  },
  ProtoOAErrorRes: (turn, fields, clientMsgId) => {
    const { errorCode, description, retryAfter, maintenanceEndTimestamp } = fields;
    onError(turn, {
      code: errorCode,
      description,
      clientMsgId,
      retryAfterMs: retryAfter === undefined ? undefined : retryAfter * 1_000,
      // Seconds here, milliseconds in the transport's own error.
      maintenanceEndMs:
        maintenanceEndTimestamp === undefined ? undefined : maintenanceEndTimestamp * 1_000,
      targets: [],
    });
  },
  ProtoErrorRes: (turn, fields, clientMsgId) => {
    onError(turn, {
      code: fields.errorCode,
      description: fields.description,
      clientMsgId,
      retryAfterMs: undefined,
      maintenanceEndMs: fields.maintenanceEndTimestamp,
      targets: [],
    });
  },
  ProtoOATraderUpdatedEvent: (turn, fields) => {
    if (turn.state.facts.account !== undefined) takeTrader(turn, fields.trader);
  },
  ProtoOASymbolChangedEvent: (turn, fields) => {
    const id = turn.state.facts.scales?.symbolId;
    if (id !== undefined && fields.symbolId?.includes(id) === true) ASK.symbol(turn);
  },
  // Only the stop is told and the target is not: look at the whole position instead.
  ProtoOATrailingSLChangedEvent: (turn) => {
    if (turn.state.facts.synced) startPass(turn, undefined, false);
  },
  ProtoOAMarginCallTriggerEvent: (turn) => note(turn, 'the broker reports a margin call'),
  // The three goodbyes are three different things (F22).
  ProtoOAClientDisconnectEvent: (turn, fields) => {
    closeLine(turn, `the broker ended the session: ${fields.reason ?? 'no reason given'}`);
  },
  ProtoOAAccountDisconnectEvent: (turn) => {
    reauthenticate(turn, 'account', 'the broker ended the account session');
  },
  ProtoOAAccountsTokenInvalidatedEvent: (turn, fields) => {
    if (fields.ctidTraderAccountIds?.includes(turn.config.accountId) !== true) return;
    // Never refresh because of this event: refreshing causes it. Authorise with the present token.
    reauthenticate(
      turn,
      'account',
      `the token was replaced: ${fields.reason ?? 'no reason given'}`,
    );
  },
};
