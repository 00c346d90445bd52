/**
 * What all requests share: the accounts' desks, the feeds, the tokens and the open connections.
 * Deliberately only shapes and the two ways to answer; `server.ts` puts a world together.
 */
import type { OutgoingMessage } from '../../ctrader/wire/codec.ts';
import type { Messages, WireName } from '../../ctrader/wire/schema.gen.ts';
import type { Clock } from '../../engine/index.ts';
import { optional } from '../exchange-records.ts';
import type { TokenBook } from './authorisation.ts';
import type { ListedSymbol, SimulatorParams, Switches } from './parameters.ts';
import type { Feed } from './quotes.ts';
import type { Bucket } from './rate-limit.ts';
import type { Session } from './session.ts';
import type { Desk } from './trading.ts';

export interface World {
  readonly params: SimulatorParams;
  readonly clock: Clock;
  readonly switches: Switches;
  /** In order of connection. */
  readonly sessions: Set<Session>;
  readonly tokens: TokenBook;
  /** By account id, in the order of the parameters. */
  readonly desks: ReadonlyMap<string, Desk>;
  /** By symbol id; only symbols with a market. */
  readonly feeds: ReadonlyMap<string, Feed>;
  readonly symbols: ReadonlyMap<string, ListedSymbol>;
  /** UTC milliseconds until which every request is refused; undefined in normal service. */
  maintenanceUntil: number | undefined;
}

/** One request on its way through the server. */
export interface Asked<N extends WireName> {
  readonly world: World;
  readonly session: Session;
  readonly fields: Messages[N];
  readonly clientMsgId: string | undefined;
}

/** One row of the request table. */
export interface RequestRow<N extends WireName> {
  /** What must have been authorised on the connection. */
  readonly needs: 'nothing' | 'application' | 'account';
  readonly bucket: Bucket | 'list';
  /** True for requests that a view-only token may not make. */
  readonly trades?: true;
  readonly answer: (asked: Asked<N>) => void;
}

export type RequestTable = { readonly [N in WireName]?: RequestRow<N> };

/** A message by name; name and fields are of one row, which the union cannot see. */
export const outgoing = <N extends WireName>(
  name: N,
  fields: Messages[N],
  clientMsgId?: string,
): OutgoingMessage =>
  ({ name, fields, ...optional('clientMsgId', clientMsgId) }) as OutgoingMessage;

export function reply<N extends WireName>(
  asked: Pick<Asked<WireName>, 'session' | 'clientMsgId'>,
  name: N,
  fields: Messages[N],
): void {
  asked.session.send(outgoing(name, fields, asked.clientMsgId));
}

export interface Refusal {
  readonly code: string;
  readonly description?: string;
  readonly accountId?: string;
  /** Seconds. */
  readonly retryAfter?: number;
  /** Seconds since 1970. */
  readonly maintenanceEnd?: number;
}

/** A 2142 under the request's message id. */
export function refuse(
  asked: Pick<Asked<WireName>, 'world' | 'session' | 'clientMsgId'>,
  refusal: Refusal,
): void {
  reply(asked, 'ProtoOAErrorRes', {
    ...optional('ctidTraderAccountId', refusal.accountId),
    errorCode: errorName(asked.world, refusal.code),
    ...optional('description', refusal.description),
    ...optional('maintenanceEndTimestamp', refusal.maintenanceEnd),
    ...optional('retryAfter', refusal.retryAfter),
  });
}

/** The name as it travels; a test mode may replace it by one nobody knows. */
export const errorName = (world: World, code: string): string =>
  world.switches.errorNames[code] ?? code;

/** A push to everyone who authorised the account, in order of connection. */
export function pushToAccount<N extends WireName>(
  world: World,
  accountId: string,
  name: N,
  fields: Messages[N],
): void {
  for (const session of [...world.sessions]) {
    if (session.accounts.has(accountId)) session.send(outgoing(name, fields));
  }
}
