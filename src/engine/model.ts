/**
 * The plain records everyone talks in: Instrument, Quote, Bar, Order, Deal, Position, Account,
 * readings.
 * Deliberately without behaviour; every record is JSON and survives a round trip unchanged.
 */
import type {
  AccountId,
  BrokerOrderId,
  ClientOrderId,
  DealId,
  InstrumentId,
  Money,
  PositionId,
  Price,
  SignalId,
  Untrusted,
  Volume,
  Wall,
} from './units.ts';

export type Environment = 'sim' | 'demo' | 'live';
/** Where orders go. `backtest` has no socket at all. */
export type Mode = 'backtest' | 'dry-run' | 'live';
export type TradingState = 'active' | 'reducing' | 'halted';
export type Side = 'buy' | 'sell';

/** One open interval of the instrument's trading session, UTC, start inclusive, end exclusive. */
export interface SessionInterval {
  readonly open: Wall;
  readonly close: Wall;
}

/** What may be done with an instrument now; anything but `open` blocks entries (F52). */
export type InstrumentStatus = 'open' | 'close-only' | 'disabled';

/** What is traded, with its grid and its trading sessions. */
export interface Instrument {
  readonly id: InstrumentId;
  readonly name: string;
  readonly description: Untrusted;
  /** Decimals of a price, 0 to 5; the tick is 10^-digits. */
  readonly digits: number;
  /** One lot, and the grid of order volumes. */
  readonly lotSize: Volume;
  readonly minVolume: Volume;
  readonly maxVolume: Volume;
  readonly stepVolume: Volume;
  /** Currency of the price, e.g. MYR. */
  readonly quoteCurrency: string;
  readonly status: InstrumentStatus;
  /** Minimum distance of stop and target from the market; 0 when the broker sets none. */
  readonly stopDistanceMin: Price;
  readonly targetDistanceMin: Price;
  /** Known session intervals in time order; beyond the last one the calendar is unknown (F69). */
  readonly sessions: readonly SessionInterval[];
}

/** Bid and ask, both known in this link session, with their ages. */
export interface Quote {
  readonly bid: Price;
  readonly ask: Price;
  /** The broker's own time of the update. */
  readonly time: Wall;
}

/** Open, high, low, close of the bid over a period; identified by its open time. */
export interface Bar {
  readonly openTime: Wall;
  readonly open: Price;
  readonly high: Price;
  readonly low: Price;
  readonly close: Price;
  /** Number of quotes; 0 when the source does not say. */
  readonly ticks: number;
}

/** Account facts as the broker states them. */
export interface Account {
  readonly id: AccountId;
  /** Number the person knows. */
  readonly login: string;
  readonly brokerName: Untrusted;
  readonly isLive: boolean;
  readonly currency: string;
  /** Decimals of every Money of this account. */
  readonly exponent: number;
  readonly balance: Money;
  /**
   * Grows by one at each change of the balance; an older version never overwrites a newer (F62).
   */
  readonly balanceVersion: number;
  /** 100 for 1:1. */
  readonly leverageCents: number;
  readonly access: 'full' | 'close-only' | 'none';
}

export type OrderState =
  | 'INTENT'
  | 'SEND_BEGINS'
  | 'SENT'
  | 'ACCEPTED'
  | 'PARTIAL'
  | 'UNKNOWN'
  | 'QUARANTINED'
  | 'ABORTED'
  | 'FILLED'
  | 'DONE_PARTIAL'
  | 'REJECTED'
  | 'CANCELLED'
  | 'EXPIRED'
  | 'ABSENT';

/** What the broker says about one order; `executed` decides, never the name of the event (F31). */
export interface OrderUpdate {
  readonly brokerOrderId: BrokerOrderId;
  readonly clientOrderId?: ClientOrderId | undefined;
  readonly label?: Untrusted | undefined;
  readonly positionId?: PositionId | undefined;
  readonly instrumentId: InstrumentId;
  readonly side: Side;
  readonly volume: Volume;
  readonly executed: Volume;
  readonly status: 'working' | 'filled' | 'rejected' | 'cancelled' | 'expired';
  /** True for closes and for the protective order of a position. */
  readonly closing: boolean;
  /** True when the protective order itself is meant (it carries both levels). */
  readonly protective: boolean;
  /** Levels; of an order that waits only what was stated as a price. */
  readonly stop?: Price | undefined;
  readonly target?: Price | undefined;
  /** Of an order that waits: its limit, or the price that wakes it. */
  readonly waitsAt?: Price | undefined;
  readonly reason?: Untrusted | undefined;
  readonly time: Wall;
}

/** Money facts of a closing deal, straight from the broker (F54, F55). */
export interface DealClose {
  readonly entryPrice: Price;
  readonly closedVolume: Volume;
  readonly grossProfit: Money;
  readonly swap: Money;
  /** Opening share plus closing side, at most 0. */
  readonly commission: Money;
  readonly conversionFee: Money;
  /** Balance after the deal. */
  readonly balance: Money;
  readonly balanceVersion: number;
}

/** One execution of an order. */
export interface Deal {
  readonly id: DealId;
  readonly brokerOrderId: BrokerOrderId;
  readonly positionId: PositionId;
  readonly instrumentId: InstrumentId;
  readonly side: Side;
  readonly filled: Volume;
  readonly price: Price;
  readonly time: Wall;
  /** Commission of this side only, at most 0. */
  readonly commission: Money;
  readonly exponent: number;
  readonly close?: DealClose | undefined;
  /** Why the broker closed: its own stop or target, a stop-out, or our request. */
  readonly cause: 'request' | 'stop' | 'target' | 'stop-out';
}

/** A position as the broker shows it. Absent `stop` means the broker shows none (F37). */
export interface BrokerPosition {
  readonly id: PositionId;
  readonly instrumentId: InstrumentId;
  readonly side: Side;
  readonly volume: Volume;
  readonly entry: Price;
  readonly stop?: Price | undefined;
  readonly target?: Price | undefined;
  readonly openedAt: Wall;
  readonly label?: Untrusted | undefined;
  readonly swap: Money;
  readonly commission: Money;
  readonly usedMargin: Money;
}

/** One complete look at the broker's side, of one generation (section 6 rule a). */
export interface BrokerSnapshot {
  readonly account: Account;
  readonly positions: readonly BrokerPosition[];
  readonly orders: readonly OrderUpdate[];
  /** Deals of the asked window, oldest first. */
  readonly deals: readonly Deal[];
  /** Ended orders of the asked window, oldest first. */
  readonly endedOrders: readonly OrderUpdate[];
  /** The window the history part covers; absent when no history was asked. */
  readonly historyFrom?: Wall | undefined;
  readonly historyTo?: Wall | undefined;
}

/** A bounded opinion about the news, with the moment of asking (F105). */
export interface SentimentReading {
  /** -100 to +100. */
  readonly score: number;
  /** 0 to 100 %. */
  readonly confidence: number;
  readonly source: string;
  readonly simulated: boolean;
  readonly askedAt: Wall;
  readonly citations: readonly Untrusted[];
}

/** A scheduled event that moves the market, with the time around it in which entries may wait. */
export interface ScheduledEvent {
  /** Plain characters from a file of ours, such as `MPOB monthly data`. */
  readonly name: string;
  readonly at: Wall;
  /** The window: `from` included, `to` excluded. */
  readonly from: Wall;
  readonly to: Wall;
}

/** What the strategy wants; it cannot name a volume. */
export interface Intent {
  readonly signalId: SignalId;
  readonly side: Side;
  readonly reason: string;
}
