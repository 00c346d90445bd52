/**
 * Requests that move money: leave now or are refused with proof that nothing left; never queued,
 * never repeated (I06, F05). Deliberately does not judge risk: that was done before.
 */
import type { BrokerRequest } from '../../engine/index.ts';
import { encodeTrading } from '../trading.ts';
import { blockedUntil, hasBudget, nextId, noteSent, settle } from './requests.ts';
import type { Purpose } from './state.ts';
import { change, hasAccount, type Turn, tellFailed } from './turn.ts';

const ENTRIES: ReadonlySet<BrokerRequest['type']> = new Set<BrokerRequest['type']>([
  'submitOrder',
  'placeOrder',
  'amendOrder',
]);

/** Why a request may not leave now, in the order of asking; each proves that nothing was sent. */
function hindrance(turn: Turn, request: BrokerRequest, backlog: number): string | undefined {
  const { state, config } = turn;
  if (config.encoders === undefined) return 'FEED_ONLY';
  if (!hasAccount(state) || state.facts.instrument === undefined) return 'NO_SESSION';
  // Closing and protecting need the account only; entries need READY (5.6, I15).
  if (ENTRIES.has(request.type) && state.link !== 'READY') return 'NOT_READY';
  if (backlog > 0 && state.health.backlogSince !== undefined) return 'LINK_CONGESTED';
  if (!hasBudget(state.requests, 'trading', turn.at.mono)) return 'PACED';
  return undefined;
}

const WORDS: Readonly<Record<string, string>> = {
  FEED_ONLY: 'this connection only receives prices; nothing was sent',
  NO_SESSION: 'there is no account session; nothing was sent',
  NOT_READY: 'the link is not ready for entries; nothing was sent',
  LINK_CONGESTED: 'the connection does not take data; nothing was sent',
  PACED: 'too many requests within a second; nothing was sent',
};

function targetOf(request: BrokerRequest): string | undefined {
  if ('brokerOrderId' in request) return request.brokerOrderId;
  return 'positionId' in request ? request.positionId : undefined;
}

/** Sends a trading request, once. `backlog`: bytes the socket has not taken yet. */
export function onSend(turn: Turn, request: BrokerRequest, backlog: number): void {
  const { requestId } = request;
  const { encoders, accountId } = turn.config;
  const { instrument } = turn.state.facts;
  const refuse = (code: string, description: string) =>
    tellFailed(turn, requestId, true, { code, description });
  const why = hindrance(turn, request, backlog);
  if (why !== undefined || encoders === undefined || instrument === undefined) {
    const code = why ?? 'NO_SESSION';
    refuse(code, WORDS[code] ?? code);
    return;
  }
  const encoded = encodeTrading(encoders, request, { accountId, instrument });
  if (!encoded.ok) {
    refuse(encoded.refusal.code, encoded.refusal.description);
    return;
  }
  const { message } = encoded;
  const now = turn.at.mono;
  if (blockedUntil(turn.state.requests, message.name, now) !== undefined) {
    refuse('BLOCKED_PAYLOAD_TYPE', 'the broker blocks this kind of request; nothing was sent');
    return;
  }
  const [numbered, id] = nextId(turn.state.requests, requestId);
  const purpose: Purpose = { type: 'trade', requestId, target: targetOf(request) };
  const entry = { id, name: message.name, lane: 'trading', purpose } as const;
  change(turn, {
    requests: noteSent(numbered, entry, now),
    health: { ...turn.state.health, sentAt: now },
  });
  turn.out.push({ type: 'transmit', message, id, requestId });
}

/** The bytes of a request could not be made: it is as if it had never been asked. */
export function onUnwritten(turn: Turn, requestId: string, reason: string): void {
  const pending = turn.state.requests.pending.find(
    ({ purpose }) => purpose.type === 'trade' && purpose.requestId === requestId,
  );
  if (pending === undefined) return;
  change(turn, { requests: settle(turn.state.requests, pending.id, false) });
  tellFailed(turn, requestId, true, { code: 'NOT_WRITTEN', description: reason });
}
