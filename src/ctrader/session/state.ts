/**
 * What one link session remembers, what it is told and what it answers: types and the empty state.
 * Deliberately plain data without secrets: credentials are added by the driver as the bytes are
 * made.
 */
import {
  type Account,
  type BrokerEvent,
  type BrokerQuery,
  type BrokerRequest,
  type Environment,
  type Generation,
  generation,
  type Instrument,
  type InstrumentId,
  type LinkState,
  type Mono,
  mono,
  type Price,
  type Wall,
  wall,
} from '../../engine/index.ts';
import type { Job } from '../history.ts';
import type { TradingEncoders } from '../trading.ts';
import type { Scales } from '../translate-order.ts';
import type { OutgoingMessage, WireMessage } from '../wire/codec.ts';
import type {
  ProtoOAAsset,
  ProtoOACtidTraderAccount,
  ProtoOAExecutionEvent,
  ProtoOALightSymbol,
  ProtoOASymbol,
  ProtoOATrader,
  WireName,
} from '../wire/schema.gen.ts';
import { type Gauges, NO_GAUGES } from './gauges.ts';
import { noRequests, type Requests } from './requests.ts';

export interface SessionConfig {
  /** The account's number in this interface, not the login a person knows it by. */
  readonly accountId: string;
  readonly environment: Environment;
  readonly instrumentName: string;
  /** Other names for the same instrument, in order of preference. */
  readonly instrumentAliases: readonly string[];
  /** Absent in a feed-only session: what cannot be encoded cannot be sent (I19). */
  readonly encoders: TradingEncoders | undefined;
  /**
   * True when somebody renews a refused token and tells: then the session waits on its ladder
   * instead of counting refusals, because a token server may be away for a while (F92).
   */
  readonly renewsToken?: boolean | undefined;
}

/** Deadlines of the link itself; milliseconds. */
export const LINK_TIMES = {
  /** How long a line stays open for a renewed token (F92). */
  tokenMs: 10_000,
  connectMs: 10_000,
  /** A heartbeat leaves when nothing else did for this long. */
  heartbeatMs: 8_000,
  silenceMs: 35_000,
  probeMs: 5_000,
  /** Bytes that the socket did not take for this long: late orders are worse than none (F05). */
  backlogMs: 2_000,
  /** Subscribed, but no two-sided quote: ask once more, then start over (F26). */
  firstQuoteMs: 30_000,
  calendarRefreshMs: 21_600_000,
  maintenanceMinMs: 30_000,
  maintenanceMaxMs: 300_000,
  crowdedMs: 60_000,
  /** After the first refusal of a login, doubled for the next. */
  refusedMs: 5_000,
} as const;

export const LINK_LIMITS = {
  /** Consecutive refusals of a login before it stops and asks for a person. */
  refusals: 3,
  /** Sessions lost in a row while connected before the same. */
  reauthorisations: 3,
  /** Executions kept while the session is still being set up. */
  early: 1_000,
  jobs: 8,
} as const;

/** Where the session is. `sync` and `live` have an authorised account, `stopped` stays stopped. */
export type Stage =
  | 'idle'
  | 'waiting'
  | 'connecting'
  | 'application'
  | 'accounts'
  | 'account'
  | 'sync'
  | 'live'
  | 'stopped';

/** What an answer is for. */
export type Purpose =
  | { readonly type: 'application' | 'accounts' | 'account' }
  | { readonly type: 'trader' | 'assets' | 'symbols' | 'symbol' | 'subscribe' | 'probe' }
  | { readonly type: 'conversion' | 'rates' | 'openProfit' }
  | { readonly type: 'job'; readonly job: number }
  | {
      readonly type: 'trade';
      readonly requestId: string;
      /** The broker's number of the order or position it names, if any. */
      readonly target: string | undefined;
    };

export type CredentialName =
  | 'ProtoOAApplicationAuthReq'
  | 'ProtoOAGetAccountListByAccessTokenReq'
  | 'ProtoOAAccountAuthReq';

/** A message to be written; those with credentials are completed outside the state. */
export type Draft =
  | { readonly type: 'plain'; readonly message: OutgoingMessage }
  | { readonly type: 'credentials'; readonly name: CredentialName };

export const draftName = (draft: Draft): WireName =>
  draft.type === 'plain' ? draft.message.name : draft.name;

export interface Health {
  readonly openedAt: Mono;
  readonly heardAt: Mono;
  readonly sentAt: Mono;
  readonly probeAt: Mono | undefined;
  readonly backlogSince: Mono | undefined;
  readonly roundTripMs: number | undefined;
}

/** What survives a connection: how often things went wrong, and when to try again. */
export interface Trouble {
  readonly attempt: number;
  readonly retryAt: Mono;
  /** At least this long before the next attempt, and why it is not an ordinary loss. */
  readonly pause: { readonly ms: number; readonly maintenance: boolean } | undefined;
  readonly refusals: number;
  /** The broker does not take the token; until it takes one. */
  readonly tokenRefused: boolean;
  /** The line stays open for another token until then; `spent` when it did so before. */
  readonly tokenWait: { readonly until: Mono } | 'spent' | undefined;
  readonly reauthorisations: number;
  readonly noPriceRounds: number;
  readonly readySince: Mono | undefined;
  readonly degraded: 'silence' | 'unread' | undefined;
}

/** What this connection has learned. */
export interface Facts {
  readonly entry: ProtoOACtidTraderAccount | undefined;
  readonly scope: number | undefined;
  readonly trader: ProtoOATrader | undefined;
  readonly assets: readonly ProtoOAAsset[] | undefined;
  readonly symbols: readonly ProtoOALightSymbol[] | undefined;
  readonly light: ProtoOALightSymbol | undefined;
  readonly symbol: ProtoOASymbol | undefined;
  readonly account: Account | undefined;
  readonly instrument: Instrument | undefined;
  readonly calendarAt: Wall;
  readonly scales: Scales | undefined;
  /** True once a complete snapshot was told: from then on executions are passed on as they come. */
  readonly synced: boolean;
  readonly early: readonly ProtoOAExecutionEvent[];
}

export interface Feed {
  readonly wanted: boolean;
  readonly acknowledged: boolean;
  readonly askedAt: Mono;
  readonly askedAgain: boolean;
  /** First known price of each side in this session; they are not kept up to date. */
  readonly bid: Price | undefined;
  readonly ask: Price | undefined;
}

export interface SessionState {
  readonly stage: Stage;
  readonly link: LinkState;
  readonly generation: Generation;
  readonly health: Health;
  readonly requests: Requests<Purpose, Draft>;
  readonly trouble: Trouble;
  readonly facts: Facts;
  readonly feed: Feed;
  readonly gauges: Gauges;
  readonly jobs: readonly Job[];
  readonly jobCounter: number;
}

/** When an input happened; the machine has no other time. */
export interface Moment {
  readonly mono: Mono;
  readonly wall: Wall;
}

export type SessionInput = { readonly at: Moment } & (
  | { readonly type: 'start' }
  | { readonly type: 'opened' }
  | { readonly type: 'message'; readonly message: WireMessage }
  /** `random` is 0 inclusive to 1 exclusive: the jitter of the next attempt. */
  | { readonly type: 'closed'; readonly reason: string; readonly random: number }
  /** `backlog`: bytes the socket has not taken yet. */
  | { readonly type: 'tick'; readonly backlog: number }
  | { readonly type: 'send'; readonly request: BrokerRequest; readonly backlog: number }
  /** A trading request could not be turned into bytes: nothing was written. */
  | { readonly type: 'unwritten'; readonly requestId: string; readonly reason: string }
  | { readonly type: 'query'; readonly query: BrokerQuery }
  | { readonly type: 'subscribe'; readonly instrumentId: InstrumentId }
  /** There is another token than the one that was refused: the way out of AUTH_HALT. */
  | { readonly type: 'tokenRenewed' }
  /** Nobody but a person gets another token. */
  | { readonly type: 'tokenForfeited'; readonly reason: string }
  | { readonly type: 'stop' }
);

export type SessionOutput =
  | { readonly type: 'dial' }
  | { readonly type: 'write'; readonly draft: Draft; readonly id: string | undefined }
  /** A trading request: written once, in this turn, or reported as unwritten. */
  | {
      readonly type: 'transmit';
      readonly message: OutgoingMessage;
      readonly id: string;
      readonly requestId: string;
    }
  /** The other side is authenticated: larger frames are welcome (F12). */
  | { readonly type: 'trusted' }
  | { readonly type: 'close'; readonly reason: string }
  | { readonly type: 'event'; readonly event: BrokerEvent }
  | { readonly type: 'note'; readonly text: string };

export const NO_HEALTH: Health = {
  openedAt: mono(0),
  heardAt: mono(0),
  sentAt: mono(0),
  probeAt: undefined,
  backlogSince: undefined,
  roundTripMs: undefined,
};

export const NO_TROUBLE: Trouble = {
  attempt: 0,
  retryAt: mono(0),
  pause: undefined,
  refusals: 0,
  tokenRefused: false,
  tokenWait: undefined,
  reauthorisations: 0,
  noPriceRounds: 0,
  readySince: undefined,
  degraded: undefined,
};

export const NO_FACTS: Facts = {
  entry: undefined,
  scope: undefined,
  trader: undefined,
  assets: undefined,
  symbols: undefined,
  light: undefined,
  symbol: undefined,
  account: undefined,
  instrument: undefined,
  calendarAt: wall(0),
  scales: undefined,
  synced: false,
  early: [],
};

export const NO_FEED: Feed = {
  wanted: false,
  acknowledged: false,
  askedAt: mono(0),
  askedAgain: false,
  bid: undefined,
  ask: undefined,
};

/** Before the start. Generation 0 is no connection at all. */
export const initialSession = (): SessionState => ({
  stage: 'idle',
  link: 'DISCONNECTED',
  generation: generation(0),
  health: NO_HEALTH,
  requests: noRequests('g0.'),
  trouble: NO_TROUBLE,
  facts: NO_FACTS,
  feed: NO_FEED,
  gauges: NO_GAUGES,
  jobs: [],
  jobCounter: 0,
});
