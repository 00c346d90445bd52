/**
 * Every request the server knows, by name, and the way of a message to its answer: rate, delay,
 * what was authorised, then its row of the table.
 * Deliberately one table: an unknown request is one that has no row.
 */
import type { KnownMessage, WireMessage } from '../../ctrader/wire/codec.ts';
import type { WireName } from '../../ctrader/wire/schema.gen.ts';
import { AUTHORISATION } from './authorisation.ts';
import { CASH } from './cash-flow.ts';
import { HISTORY } from './history.ts';
import type { Delays } from './parameters.ts';
import { QUOTES } from './quotes.ts';
import type { Bucket } from './rate-limit.ts';
import { REFERENCE } from './reference.ts';
import type { Session } from './session.ts';
import { TICKS } from './tick-history.ts';
import { TRADING } from './trading.ts';
import { type Refusal, type RequestRow, type RequestTable, refuse, type World } from './world.ts';

export const REQUESTS: RequestTable = {
  ...AUTHORISATION,
  ...REFERENCE,
  ...QUOTES,
  ...HISTORY,
  ...TICKS,
  ...CASH,
  ...TRADING,
};

/** Name, row and fields come from one line of the table; the union cannot see that. */
type AnyRow = RequestRow<WireName>;

const rowOf = (message: WireMessage): AnyRow | undefined =>
  message.kind === 'message' ? (REQUESTS[message.name] as AnyRow | undefined) : undefined;

const DELAYS: { readonly [N in WireName]?: keyof Delays } = {
  ProtoOAApplicationAuthReq: 'applicationAuth',
  ProtoOAAccountAuthReq: 'accountAuth',
};

function delayOf(world: World, message: WireMessage): number {
  const { delays } = world.params;
  const key = message.kind === 'message' ? DELAYS[message.name] : undefined;
  if (key === 'applicationAuth' || key === 'accountAuth') return delays[key];
  return delays.other;
}

/** One message of a client: counted when it arrives, carried out in order after its delay. */
export function receive(world: World, session: Session, message: WireMessage): void {
  // A heartbeat has done its work by arriving; it is never answered.
  if (message.kind === 'message' && message.name === 'ProtoHeartbeatEvent') return;
  const row = rowOf(message);
  const type = String(message.payloadType ?? '');
  const over = session.rate.take(type, bucketOf(world, row), world.clock.mono());
  session.later(delayOf(world, message), () => {
    const refusal = over ?? refusalOf(world, session, row, message);
    if (refusal !== undefined) return refuse(about(world, session, message), refusal);
    const { fields, clientMsgId } = message as KnownMessage;
    row?.answer({ world, session, fields, clientMsgId });
  });
}

const about = (world: World, session: Session, message: WireMessage) => ({
  world,
  session,
  clientMsgId: message.clientMsgId,
});

function bucketOf(world: World, row: AnyRow | undefined): Bucket {
  if (row === undefined) return 'other';
  if (row.bucket === 'list') return world.switches.listsAreHistory ? 'history' : 'other';
  return row.bucket;
}

/** Everything that can be wrong before a request is looked at; in the server's order. */
function refusalOf(
  world: World,
  session: Session,
  row: AnyRow | undefined,
  message: WireMessage,
): Refusal | undefined {
  if (world.maintenanceUntil !== undefined) {
    const maintenanceEnd = Math.ceil(world.maintenanceUntil / 1_000);
    return { code: 'SERVER_IS_UNDER_MAINTENANCE', maintenanceEnd };
  }
  if (row?.needs !== 'nothing' && !session.isApplication()) {
    return { code: 'CH_CLIENT_NOT_AUTHENTICATED' };
  }
  if (message.kind === 'undecodable') {
    return { code: 'INVALID_REQUEST', description: 'Message cannot be read' };
  }
  if (message.kind === 'unknown' || row === undefined) {
    return { code: 'UNSUPPORTED_MESSAGE', description: `Payload type ${message.payloadType}` };
  }
  return row.needs === 'account' ? accountRefusal(world, session, row, message) : undefined;
}

function accountRefusal(
  world: World,
  session: Session,
  row: AnyRow,
  message: KnownMessage,
): Refusal | undefined {
  const accountId =
    'ctidTraderAccountId' in message.fields ? message.fields.ctidTraderAccountId : '';
  const token = session.accounts.get(accountId);
  if (token === undefined) {
    const description = 'Trading account is not authorized';
    return { code: 'INVALID_REQUEST', description, accountId };
  }
  if (row.trades !== true) return undefined;
  const grant = world.tokens.find(token, world.clock.wall());
  if (!('invalid' in grant) && grant.scope === 'trade') return undefined;
  return { code: world.switches.viewOnlyTrade, accountId };
}
