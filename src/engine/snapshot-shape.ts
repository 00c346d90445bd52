/**
 * What the screen, the log and the metrics may know: one serialisable picture of the engine.
 * Deliberately only the shape; `snapshot.ts` builds it. Absent means not known, never zero (I18).
 */
import type { Decision, GateName } from './decision-record.ts';
import type { BreakerName, LinkState, ShadowEvent } from './event.ts';
import type {
  Bar,
  Environment,
  InstrumentStatus,
  Mode,
  OrderState,
  Side,
  TradingState,
} from './model.ts';
import type {
  BrokerOrderId,
  ClientOrderId,
  CommandId,
  Generation,
  Money,
  PositionId,
  Price,
  Seq,
  Untrusted,
  Volume,
  Wall,
} from './units.ts';

export type PositionState =
  | 'OPENING'
  | 'PROTECTED'
  | 'NAKED'
  | 'CLOSING'
  | 'CLOSE_UNKNOWN'
  | 'UNSETTLED';

export interface PositionView {
  readonly id: PositionId;
  readonly side: Side;
  readonly volume: Volume;
  readonly entry: Price;
  readonly stop: Price | undefined;
  readonly target: Price | undefined;
  /** The price a close would get now; absent when quotes are not fresh. */
  readonly current: Price | undefined;
  /** Marked at the closing side, commission and swap included; absent without a quote. */
  readonly openPnl: Money | undefined;
  /** Open P&L in basis points of the entry price. */
  readonly openPnlBps: number | undefined;
  readonly ageMs: number;
  readonly openedAt: Wall;
  readonly state: PositionState;
  /** False for positions of somebody else on the same account (I33). */
  readonly ours: boolean;
  /** Why somebody wants it closed: asked again until it is (F44). */
  readonly wanted: string | undefined;
}

export interface OrderView {
  readonly id: ClientOrderId;
  readonly side: Side;
  readonly volume: Volume;
  readonly executed: Volume;
  readonly state: OrderState;
  readonly ageMs: number;
  readonly reason: string;
  /** True while the outcome is open: shown in the positions table. */
  readonly working: boolean;
  /** What the broker calls it; needed to cancel it. */
  readonly brokerOrderId: BrokerOrderId | undefined;
}

/** Rows of the reconciliation table that name a difference. */
export type ReconcileRow =
  | `R0${3 | 4 | 5 | 6 | 7 | 8 | 9}`
  | `R1${0 | 1 | 2 | 4 | 5 | 6 | 7 | 8 | 9}`
  | `R2${0 | 1 | 2 | 3 | 4 | 5 | 6 | 7}`;

/** One side of a difference: what we believed, or what the broker shows. */
export interface SideView {
  readonly side: Side;
  readonly volume: Volume;
  readonly stop: Price | undefined;
  readonly target: Price | undefined;
  readonly state: string;
}

/** A difference the newest complete look at the broker found, and what is done about it. */
export interface DifferenceView {
  readonly row: ReconcileRow;
  /** Id of the position, or of the order at the broker. */
  readonly subject: string;
  /** Absent when only one side knows it. */
  readonly ours: SideView | undefined;
  readonly broker: SideView | undefined;
  readonly action: string;
}

export interface BreakerView {
  readonly name: BreakerName;
  readonly tripped: boolean;
  readonly since: Wall | undefined;
  readonly reason: string;
  /** What clears it, in words. */
  readonly clears: string;
  /** How much of the way to the trip is used, 0 to 1; absent when not computable. */
  readonly used: number | undefined;
  /** The same in words: "-1.20 % of -5.00 %". */
  readonly distance: string;
}

export type Tone = 'plain' | 'good' | 'warn' | 'bad';

export interface ActivityView {
  readonly seq: Seq;
  readonly wall: Wall;
  readonly kind:
    | 'order'
    | 'deal'
    | 'position'
    | 'link'
    | 'breaker'
    | 'operator'
    | 'sentiment'
    | 'system';
  readonly tone: Tone;
  readonly text: string;
  /** Words of the broker, if any; made printable by whoever shows them. */
  readonly outside: Untrusted | undefined;
}

export interface CommandView {
  readonly id: CommandId;
  readonly type: string;
  /** An accepted command becomes `done` when it happened, `failed` when it cannot. */
  readonly status: 'accepted' | 'done' | 'failed' | 'refused';
  readonly reason: string;
}

/** A fill to mark in the chart. */
export interface ChartMark {
  readonly wall: Wall;
  readonly price: Price;
  readonly side: Side;
  readonly kind: 'entry' | 'exit';
  /** Net result of the closed position, on exits. */
  readonly net: Money | undefined;
}

/** Broker minus paper, for the same orders; sums over every trade of this account. */
export interface ShadowView {
  /** Newest last. */
  readonly pairs: readonly Omit<ShadowEvent, 'type'>[];
  /** Ticks lost against paper; above zero the broker was worse. */
  readonly entryTicks: number;
  readonly exitTicks: number;
  /** The same in the account's currency; absent where the price is in another one. */
  readonly slippage: Money | undefined;
  /** Net result at the broker minus on paper, of trades that ended on both sides. */
  readonly divergence: Money | undefined;
  readonly compared: number;
  /** Filled on paper, never at the broker. */
  readonly missing: number;
  /** Filled at the broker, never on paper. */
  readonly extra: number;
}

export interface StatsView {
  readonly trades: number;
  readonly wins: number;
  readonly losses: number;
  readonly netProfit: Money;
  /** Basis points of trades; absent before the first. */
  readonly winRateBps: number | undefined;
  /** Gross profit over gross loss; absent before the first loss. */
  readonly profitFactor: number | undefined;
  readonly maxDrawdown: Money;
  readonly maxDrawdownBps: number;
}

/** What the decisions of the trading day came to. */
export interface DayDecisions {
  readonly bars: number;
  readonly entered: number;
  /** How often each gate was the first to block; gates that never did are left out. */
  readonly blocked: Readonly<Partial<Record<GateName, number>>>;
  /** False when the day has more decisions than are kept. */
  readonly whole: boolean;
}

/** One line of the checklist that has to be green before a run is armed. */
export interface ArmingItem {
  readonly name:
    | 'token'
    | 'account'
    | 'instrument'
    | 'clock'
    | 'breakers'
    | 'stop loss'
    | 'reconciliation'
    | 'journal';
  readonly ok: boolean;
  readonly reason: string;
  /** What to do about it; absent when it is green. */
  readonly remedy: string | undefined;
}

/** May entries leave for the broker? In a dry run they never do, so there is nothing to arm. */
export interface ArmingView {
  readonly state: 'not-possible' | 'unarmed' | 'armed';
  /** Empty where nothing can be armed. */
  readonly checklist: readonly ArmingItem[];
  readonly armedUntil: Wall | undefined;
  /** Why it is not armed, in words; absent while it is, and where it cannot be. */
  readonly why: string | undefined;
}

export interface Snapshot {
  readonly version: 1;
  readonly seq: Seq;
  readonly wall: Wall;
  readonly runId: string;
  readonly runtimeMs: number;
  readonly productVersion: string;
  readonly environment: Environment;
  readonly mode: Mode;
  readonly tradingState: TradingState;
  readonly arming: ArmingView;
  readonly link: {
    readonly state: LinkState;
    readonly generation: Generation;
    readonly ageMs: number;
    readonly roundTripMs: number | undefined;
    readonly reason: Untrusted | undefined;
  };
  readonly instrument:
    | {
        readonly name: string;
        readonly description: Untrusted;
        readonly digits: number;
        readonly lotSize: Volume;
        readonly quoteCurrency: string;
        readonly status: InstrumentStatus;
      }
    | undefined;
  readonly session: {
    readonly state: 'open' | 'closed' | 'unknown';
    readonly changesAt: Wall | undefined;
  };
  readonly quote:
    | {
        readonly bid: Price;
        readonly ask: Price;
        readonly ageMs: number;
        readonly fresh: boolean;
        readonly dayOpen: Price;
        readonly dayHigh: Price;
        readonly dayLow: Price;
      }
    | undefined;
  readonly bars: {
    readonly timeframeMs: number;
    readonly closed: readonly Bar[];
    readonly forming: Bar | undefined;
    /** Milliseconds until the forming bar's period ends. */
    readonly closesInMs: number | undefined;
    /** All closed bars seen by this engine, history included. */
    readonly count: number;
  };
  readonly indicators: {
    readonly rsi: number | undefined;
    /** RSI of the last closed bars, aligned to their end; shorter while warming up. */
    readonly rsiSeries: readonly number[];
    readonly rsiPeriod: number;
    readonly oversold: number;
    readonly overbought: number;
    readonly ema: number | undefined;
    readonly emaPeriod: number;
    readonly trend: 'up' | 'down' | 'flat' | 'unknown';
    readonly trendFilter: boolean;
    /** In price units (1/100 000). */
    readonly atr: number | undefined;
  };
  readonly sentiment: {
    readonly mode: 'required' | 'off';
    readonly threshold: number;
    readonly lifetimeMs: number;
    readonly reading:
      | {
          readonly score: number;
          readonly confidence: number;
          readonly source: string;
          readonly simulated: boolean;
          readonly ageMs: number;
          readonly expired: boolean;
          /** Addresses, at most ten. */
          readonly citations: readonly Untrusted[];
        }
      | undefined;
    /** Why the sources gave nothing last time they were asked; absent after a reading. */
    readonly abstained: string | undefined;
  };
  /** The next scheduled event, or the one whose no-entry window holds now. */
  readonly nextEvent:
    | {
        readonly name: string;
        readonly at: Wall;
        /** End of the window in which entries wait; absent outside of one. */
        readonly waitsUntil: Wall | undefined;
      }
    | undefined;
  readonly positions: readonly PositionView[];
  readonly orders: readonly OrderView[];
  readonly reconciliation: {
    /** Since the newest complete look at the broker; absent before the first. */
    readonly ageMs: number | undefined;
    /** What that look showed otherwise than we believed; empty when both sides agreed. */
    readonly differences: readonly DifferenceView[];
  };
  readonly account:
    | {
        readonly login: string;
        readonly brokerName: Untrusted;
        readonly currency: string;
        readonly exponent: number;
        readonly balance: Money;
        readonly equity: Money | undefined;
        readonly dayPnl: Money | undefined;
        readonly dayPnlBps: number | undefined;
        readonly usedMargin: Money;
        readonly freeMargin: Money | undefined;
      }
    | undefined;
  /** The stored login; absent with a token from outside, whose end nobody knows, and in `sim`. */
  readonly login?: { readonly expiresAt: Wall };
  readonly breakers: readonly BreakerView[];
  readonly entriesAllowed: boolean;
  /** Why not, in words, when entries are not allowed now. */
  readonly entriesBlockedBy: string | undefined;
  /** Newest last. */
  readonly decisions: readonly Decision[];
  readonly dayDecisions: DayDecisions;
  readonly activity: readonly ActivityView[];
  readonly commands: readonly CommandView[];
  readonly marks: readonly ChartMark[];
  readonly stats: StatsView;
  /** Present in a run whose orders reach the broker, once there is something to compare. */
  readonly shadow?: ShadowView;
  readonly counters: {
    readonly quotes: number;
    readonly quotesHeld: number;
    readonly reconnects: number;
    readonly rejects: number;
  };
  /** Short hash of the engine's state, for comparing runs (A10). */
  readonly digest: string;
}
