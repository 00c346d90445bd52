/**
 * Everything that can enter the engine: facts from the broker, the clock, the journal, the news and
 * the person.
 * Deliberately a closed union: a new kind of fact is a compile error everywhere it must be handled.
 */
import type { EngineConfig } from './config.ts';
import type {
  Account,
  Bar,
  BrokerSnapshot,
  Deal,
  Instrument,
  OrderUpdate,
  ScheduledEvent,
  SentimentReading,
  Side,
  TradingState,
} from './model.ts';
import type {
  BrokerOrderId,
  ClientOrderId,
  CommandId,
  Generation,
  InstrumentId,
  Money,
  Mono,
  PositionId,
  Price,
  Seq,
  Untrusted,
  Volume,
  Wall,
} from './units.ts';

/** States of the link session (safety rules 5.6). Entries need READY. */
export type LinkState =
  | 'DISCONNECTED'
  | 'CONNECTING'
  | 'APP_AUTH'
  | 'ACCOUNT_AUTH'
  | 'SYNCING'
  | 'READY'
  | 'DEGRADED'
  | 'MAINTENANCE'
  | 'NO_PRICES'
  | 'AUTH_HALT'
  | 'HALTED';

export interface LinkEvent {
  readonly type: 'link';
  readonly state: LinkState;
  readonly generation: Generation;
  readonly reason?: Untrusted;
  readonly roundTripMs?: number;
  /** Logins in a row that were refused for good; absent when none was. */
  readonly authRefusals?: number;
  /** The link is out, or not yet in, because the broker does not take the access token. */
  readonly tokenRefused?: true;
}

/** An update of one or both sides; an absent side did not change (F71). */
export interface QuoteEvent {
  readonly type: 'quote';
  readonly instrumentId: InstrumentId;
  readonly generation: Generation;
  readonly bid: Price | undefined;
  readonly ask: Price | undefined;
  /** The broker's time of the update. */
  readonly time: Wall;
  /** First event after subscribing: the last known price, possibly old (F72). */
  readonly initial: boolean;
}

/**
 * What is left of a bar after its first quote, as up to three quotes, and the first quote after it:
 * the same as these quotes one by one, for a history in which nobody can act in between. The times
 * are `from` plus one, two and three times `stepMs`; the last quote has the time of the input.
 */
export interface BarEvent {
  readonly type: 'bar';
  readonly instrumentId: InstrumentId;
  readonly generation: Generation;
  /** Ask minus bid of them all. */
  readonly spread: Price;
  readonly from: Wall;
  readonly stepMs: number;
  /** Bids: the one before, and those that follow; one that does not move is no quote. */
  readonly open: Price;
  readonly first: Price;
  readonly second: Price;
  readonly last: Price;
  /** The first quote of the next bar; absent when the session ends with this one. */
  readonly next: Price | undefined;
}

/**
 * Many of the former in one go, one a bar of `from` (included) to `to` (not): a stretch of history.
 * The input's time is that of the first quote after bar `from`, and its number that bar's; every
 * further bar counts as one more input at its own time. The engine takes bars until one of them
 * makes it act, and says by the number in its state how many it took. Made by a backtest alone and
 * never written to a journal.
 */
export interface BarsEvent {
  readonly type: 'bars';
  readonly instrumentId: InstrumentId;
  readonly generation: Generation;
  readonly spread: Price;
  readonly from: number;
  readonly to: number;
  /** The extreme that every bar of the stretch reaches first. */
  readonly first: 'low' | 'high';
  readonly columns: BarRunColumns;
}

/** Prices of the bid; `start` and `end` in milliseconds of UTC, the end not included. */
export interface BarRunColumns {
  readonly start: Float64Array;
  readonly end: Float64Array;
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
}

export interface BarsLoadedEvent {
  readonly type: 'barsLoaded';
  readonly instrumentId: InstrumentId;
  readonly timeframeMs: number;
  /** Oldest first; may contain the forming bar as the last one. */
  readonly bars: readonly Bar[];
  /**
   * The instant the history was asked for, broker time: what opened within a timeframe is forming.
   */
  readonly asOf: Wall;
}

export interface InstrumentEvent {
  readonly type: 'instrument';
  readonly instrument: Instrument;
  readonly generation: Generation;
}

export interface AccountEvent {
  readonly type: 'account';
  readonly account: Account;
}

export interface OrderUpdateEvent {
  readonly type: 'orderUpdate';
  readonly generation: Generation;
  readonly update: OrderUpdate;
}

export interface DealEvent {
  readonly type: 'deal';
  readonly generation: Generation;
  readonly deal: Deal;
}

/** The levels the broker now shows on a position; absent means removed (F38). */
export interface ProtectionEvent {
  readonly type: 'protection';
  readonly generation: Generation;
  readonly positionId: PositionId;
  readonly stop: Price | undefined;
  readonly target: Price | undefined;
}

/** A complete pass of one generation, or a void one: a failed query is never evidence (I08). */
export interface BrokerSnapshotEvent {
  readonly type: 'brokerSnapshot';
  readonly generation: Generation;
  readonly pass:
    | { readonly complete: true; readonly snapshot: BrokerSnapshot }
    | { readonly complete: false; readonly reason: Untrusted };
}

/** The broker or the link refused a request of ours. */
export interface RequestFailedEvent {
  readonly type: 'requestFailed';
  readonly generation: Generation;
  readonly requestId: string;
  /** True only when correlated and the code proves that nothing was executed (5.4). */
  readonly definitive: boolean;
  readonly code: string;
  readonly description: Untrusted;
}

/** The bytes of a request were handed to the socket, once (I06). */
export interface SentEvent {
  readonly type: 'sent';
  readonly generation: Generation;
  readonly requestId: string;
}

/** What our clock shows minus what the broker's did, estimated from the stamps it sends (F66). */
export interface ClockSkewEvent {
  readonly type: 'clockSkew';
  readonly generation: Generation;
  readonly skewMs: number;
}

/**
 * One quote of a chain of conversions. Units of the chain's currency so far times the rate, or
 * divided by it when `inverted`, are units of the next currency.
 */
export interface ConversionStep {
  readonly bid: Price;
  readonly ask: Price;
  readonly inverted: boolean;
}

/** How money of one currency becomes money of another, from quotes of this moment (F60). */
export interface ConversionEvent {
  readonly type: 'conversion';
  readonly generation: Generation;
  readonly from: string;
  readonly to: string;
  readonly steps: readonly ConversionStep[];
}

/** Open profit of positions as the broker states it, costs included, in the deposit currency. */
export interface BrokerPnlEvent {
  readonly type: 'brokerPnl';
  readonly generation: Generation;
  readonly positions: readonly { readonly id: PositionId; readonly net: Money }[];
}

/** What the machine under the engine is like; an absent figure was not measured. */
export interface HostEvent {
  readonly type: 'host';
  /** How late the loop's own timer came. Told from 200 ms on, and once when it is quick again. */
  readonly loopDelayMs?: number;
  /** Free space where the journal is. */
  readonly freeMib?: number;
}

/** One side of a comparison: the broker, or the paper exchange beside it. */
export interface ShadowLeg {
  /** `none`: it is proven that this side never filled the order. */
  readonly state: 'waiting' | 'open' | 'closed' | 'none';
  readonly filled: Volume;
  /** Averages over the fills. */
  readonly entry?: Price;
  readonly exit?: Price;
  readonly exitAt?: Wall;
  /** What the closing deals brought so far, all costs included. */
  readonly net: Money;
}

/** The same order at the broker and on paper, as far as it has come. For the eye alone. */
export interface ShadowEvent {
  readonly type: 'shadow';
  readonly id: ClientOrderId;
  readonly side: Side;
  readonly real: ShadowLeg;
  readonly paper: ShadowLeg;
}

/** What a Broker may tell the engine. */
export type BrokerEvent =
  | LinkEvent
  | QuoteEvent
  | BarsLoadedEvent
  | InstrumentEvent
  | AccountEvent
  | OrderUpdateEvent
  | DealEvent
  | ProtectionEvent
  | BrokerSnapshotEvent
  | RequestFailedEvent
  | SentEvent
  | ClockSkewEvent
  | ConversionEvent
  | BrokerPnlEvent
  | ShadowEvent;

export const BREAKERS = [
  'DAILY_LOSS',
  'LOSS_STREAK',
  'VOLATILITY',
  'FEED',
  'KILL',
  'INTEGRITY',
  'PERSISTENCE',
  'SPREAD',
  'SLIPPAGE',
  'REJECTS',
  'ORDER_RATE',
  'CONNECTIVITY',
  'CLOCK',
  'AUTH',
  'LOOP',
] as const;
export type BreakerName = (typeof BREAKERS)[number];

/** A reading, or an abstention with its reason in words of ours. */
export interface SentimentEvent {
  readonly type: 'sentiment';
  readonly reading: SentimentReading | undefined;
  readonly abstained?: string;
}

/** The scheduled events from about now on; each list replaces the one before. */
export interface ScheduleEvent {
  readonly type: 'schedule';
  /** Whether entries wait inside the windows, or the events are only shown. */
  readonly windows: 'on' | 'off';
  /** In the order of their instants. */
  readonly events: readonly ScheduledEvent[];
  /** Nothing is known about events from here on. */
  readonly until: Wall;
}

/** What the person saw when confirming: a command about something else is refused (F114). */
export interface Seen {
  readonly seq: Seq;
  readonly volume: Volume;
}

export type Ruling =
  | { readonly type: 'absent'; readonly orderId: ClientOrderId }
  | { readonly type: 'adopt'; readonly positionId: PositionId };

export type CommandBody =
  | { readonly type: 'setTradingState'; readonly state: TradingState }
  | { readonly type: 'closePosition'; readonly positionId: PositionId; readonly seen: Seen }
  /** Gives up an order that waits at the broker, ours or one with our label (R04, R27). */
  | { readonly type: 'cancelOrder'; readonly brokerOrderId: BrokerOrderId }
  /**
   * The person's ruling where nothing can be proven: an order never executed (T14), or a position
   * with our label is ours after all (R07, R08).
   */
  | {
      readonly type: 'verdict';
      readonly ruling: Ruling;
      readonly reason: Untrusted;
    }
  | { readonly type: 'flatten' }
  | { readonly type: 'kill'; readonly flatten: boolean }
  | { readonly type: 'resetBreaker'; readonly breaker: BreakerName; readonly reason: Untrusted }
  /** `answer` is what the news source said; it is filled in where the command meets the source. */
  | { readonly type: 'refreshSentiment'; readonly answer?: RefreshAnswer }
  /** Lets entries of this run reach the broker; the account's number as the person typed it. */
  | { readonly type: 'arm'; readonly account: string }
  | { readonly type: 'disarm' }
  /** Only for the audit: another screen is the operator now; `from` says who was before. */
  | { readonly type: 'takeOver'; readonly from: Untrusted };

/** Will the news be asked now, and why not? */
export interface RefreshAnswer {
  readonly asked: boolean;
  readonly reason: string;
}

/** A wish of the person at the keyboard. Observers may look; only operators command. */
export interface Command {
  readonly id: CommandId;
  readonly role: 'operator' | 'observer';
  /** Operating-system user, for the audit. */
  readonly by: Untrusted;
  readonly body: CommandBody;
}

export type Event =
  | {
      readonly type: 'started';
      readonly runId: string;
      readonly config: EngineConfig;
      readonly version: string;
    }
  | { readonly type: 'clock' }
  /** The run is being stopped: nothing enters any more, every stop is looked at (section 8). */
  | { readonly type: 'stopping'; readonly reason: string }
  | BarEvent
  | BarsEvent
  | BrokerEvent
  | { readonly type: 'durable'; readonly upTo: Seq }
  | { readonly type: 'journalFault'; readonly reason: Untrusted }
  | HostEvent
  | SentimentEvent
  | ScheduleEvent
  | { readonly type: 'command'; readonly command: Command }
  | { readonly type: 'egressRefused'; readonly requestId: string; readonly reason: string };

/** An event with its place in the one order of things; time is read here and nowhere else. */
export interface Stamped {
  readonly seq: Seq;
  readonly mono: Mono;
  readonly wall: Wall;
  readonly event: Event;
}
