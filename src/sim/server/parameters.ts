/**
 * What a simulated broker is made of: applications, grants, accounts, symbols, delays, and a switch
 * for every question on which the sources about the real server disagree.
 * Deliberately plain data, with the suggested answer of every switch in one table.
 */
import type { Clock, InstrumentId } from '../../engine/index.ts';
import type { ExchangeState, Listing } from '../exchange-types.ts';
import type { Market } from '../market-types.ts';
import type { FaultScript } from './faults.ts';

/** A registered application; one that is not active has credentials that do not work yet. */
export interface Application {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly active: boolean;
}

/** What a person allowed an application: one pair of tokens for some accounts. */
export interface Grant {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly scope: 'view' | 'trade';
  readonly accountIds: readonly string[];
  readonly userId: string;
  /** UTC milliseconds; absent for a token that outlives every run. */
  readonly expiresAt?: number;
}

/** An account lives in its exchange; id, login, environment and money are in its account record. */
export interface SimulatedAccount {
  readonly exchange: ExchangeState;
  /** UTC milliseconds. */
  readonly registeredAt: number;
}

export interface Asset {
  readonly assetId: string;
  readonly name: string;
  readonly digits: number;
}

/** Open from and to, seconds since Sunday 00:00 in the zone of the schedule. */
export interface WeeklyInterval {
  readonly startSecond: number;
  readonly endSecond: number;
}

/** A symbol as it is listed. `listing` and `market` only when it can be traded here. */
export interface ListedSymbol {
  readonly symbolId: InstrumentId;
  readonly name: string;
  readonly description: string;
  readonly enabled: boolean;
  readonly quoteAssetId: string;
  readonly baseAssetId?: string;
  readonly digits: number;
  readonly pipPosition: number;
  /** All in 1/100 of a unit. */
  readonly lotSize: number;
  readonly minVolume: number;
  readonly maxVolume: number;
  readonly stepVolume: number;
  readonly measurementUnits: string;
  readonly scheduleTimeZone: string;
  readonly schedule: readonly WeeklyInterval[];
  readonly listing?: Listing;
  readonly market?: Market;
}

/** Was listed once; shown only to who asks for archived symbols. */
export interface ArchivedSymbol {
  readonly symbolId: string;
  readonly name: string;
  readonly archivedAt: number;
}

/** Milliseconds. A pair is a range, drawn anew each time. */
export interface Delays {
  readonly applicationAuth: number;
  readonly accountAuth: number;
  /** Every other request, until it is carried out and answered. */
  readonly other: number;
  /** From the acceptance of a market order to its execution. */
  readonly fill: readonly [number, number];
  /** From the execution to the protective order. */
  readonly protect: readonly [number, number];
}

/** As recorded at a real server; the travel time of the bytes comes on top. */
export const RECORDED_DELAYS: Delays = {
  applicationAuth: 130,
  accountAuth: 55,
  other: 50,
  fill: [130, 150],
  protect: [10, 20],
};

/** Questions on which the sources disagree or are silent. */
export interface Switches {
  readonly frameBytesMax: number;
  /** What happens to a frame above that size. */
  readonly longFrame: 'close' | 'FRAME_TOO_LONG';
  readonly secondApplicationAuth: 'ALREADY_LOGGED_IN' | 'CH_CLIENT_ALREADY_AUTHENTICATED';
  /** What a trading request with a view-only token gets. */
  readonly viewOnlyTrade: 'ACCOUNT_NOT_AUTHORIZED' | 'TRADING_NOT_ALLOWED' | 'INVALID_REQUEST';
  /** How INVALID_REQUEST on an order travels: 2132 or 2142. */
  readonly invalidOrder: 'orderError' | 'errorRes';
  readonly unknownSymbol: 'SYMBOL_NOT_FOUND' | 'omit';
  readonly secondSubscription: 'ALREADY_SUBSCRIBED' | 'INVALID_REQUEST';
  readonly barsWithoutSpots: 'INVALID_REQUEST' | 'NOT_SUBSCRIBED_TO_SPOTS';
  readonly sessionClose: 'snapshot' | 'never';
  /** Bars in an answer without a count, and the most of any answer. */
  readonly barsMax: number;
  /** Whether `fromTimestamp` also bounds an answer with a count. */
  readonly fromBoundsCount: boolean;
  /** Answers one bar less than asked although there are more, as was seen. */
  readonly oneBarLess: boolean;
  /** Rows of a page of deals, orders. */
  readonly rowsMax: number;
  /** Ticks of a page. */
  readonly ticksMax: number;
  readonly overRate: 'REQUEST_FREQUENCY_EXCEEDED' | 'BLOCKED_PAYLOAD_TYPE' | 'never';
  readonly requestsPerSecond: number;
  readonly historyPerSecond: number;
  /** Seconds a payload type stays blocked. */
  readonly retryAfter: number;
  /** Whether lists of orders and deals by position count as history. */
  readonly listsAreHistory: boolean;
  /** Whether events of another connection's request carry its message id. */
  readonly foreignIds: boolean;
  /** Whether the first event of a protective order carries the message id of the opening. */
  readonly protectionEchoesId: boolean;
  /** How a market-range order outside its range ends, once it was accepted. */
  readonly rangeMissed: 'ORDER_CANCELLED' | 'ORDER_REJECTED';
  /** How the protective order is told when both levels of its position are removed. */
  readonly levelsRemoved: 'ORDER_CANCELLED' | 'ORDER_REPLACED';
  /** Whether a second authorisation ends older tokens for the same accounts. */
  readonly newGrantEndsOlder: boolean;
  /** How the fee for converting a result is rounded to the minor unit. */
  readonly feeRounding: 'away' | 'nearest';
  /** Fields that no published schema has, as the real server sends them. */
  readonly unknownFields: boolean;
  /** Error names to be replaced by other ones, known or not. */
  readonly errorNames: { readonly [name: string]: string };
}

export const SUGGESTED_SWITCHES: Switches = {
  frameBytesMax: 15_000_000,
  longFrame: 'close',
  secondApplicationAuth: 'ALREADY_LOGGED_IN',
  viewOnlyTrade: 'ACCOUNT_NOT_AUTHORIZED',
  invalidOrder: 'orderError',
  unknownSymbol: 'SYMBOL_NOT_FOUND',
  secondSubscription: 'ALREADY_SUBSCRIBED',
  barsWithoutSpots: 'INVALID_REQUEST',
  sessionClose: 'snapshot',
  barsMax: 5_000,
  fromBoundsCount: false,
  oneBarLess: false,
  rowsMax: 1_000,
  ticksMax: 5_000,
  overRate: 'REQUEST_FREQUENCY_EXCEEDED',
  requestsPerSecond: 50,
  historyPerSecond: 5,
  retryAfter: 5,
  listsAreHistory: true,
  foreignIds: false,
  protectionEchoesId: false,
  rangeMissed: 'ORDER_CANCELLED',
  levelsRemoved: 'ORDER_CANCELLED',
  newGrantEndsOlder: false,
  feeRounding: 'away',
  unknownFields: false,
  errorNames: {},
};

export interface SimulatorParams {
  readonly clock: Clock;
  /** Draws the delays; same seed and same inputs, same bytes (I30). */
  readonly seed: string;
  /** Which host this is: accounts of the other kind cannot be reached here. */
  readonly environment: 'demo' | 'live';
  readonly applications: readonly Application[];
  readonly grants: readonly Grant[];
  readonly accounts: readonly SimulatedAccount[];
  readonly assets: readonly Asset[];
  readonly symbols: readonly ListedSymbol[];
  readonly archivedSymbols: readonly ArchivedSymbol[];
  readonly delays: Delays;
  readonly switches: Switches;
  /** Absent for a server that does everything right. */
  readonly faults?: FaultScript;
  /** How long tokens made here live; absent: 30 days, and no session ends by its token's age. */
  readonly tokenLifeSeconds?: number;
}
