/**
 * All that the engine knows, as one JSON-serialisable value, and a short hash of what matters.
 * Deliberately no behaviour beyond the empty state and the digest.
 */
import type { Arming } from './arming.ts';
import type { Act, Amending, Awaited, Cancel, Closing, Outgoing, Repair, Stray } from './asked.ts';
import { type EngineConfig, LIMITS } from './config.ts';
import type { DecisionRecord } from './decision-record.ts';
import { BREAKERS, type BreakerName, type LinkState, type ProtectionEvent } from './event.ts';
import { fingerprint } from './fingerprint.ts';
import { EMPTY_MARKET, type MarketState } from './market.ts';
import type {
  Account,
  Deal,
  Instrument,
  OrderState,
  ScheduledEvent,
  SentimentReading,
  Side,
  TradingState,
} from './model.ts';
import { NO_TALLIES, NOTHING_KNOWN, type Outside, type Tallies } from './risk/tallies.ts';
import type {
  ActivityView,
  ChartMark,
  CommandView,
  DifferenceView,
  PositionState,
  ShadowView,
} from './snapshot-shape.ts';
import type { StrategyMemory } from './strategy.ts';
import { emptyTrail, listOf, newestOf, type Trail } from './trail.ts';
import {
  type BrokerOrderId,
  type ClientOrderId,
  type DealId,
  type Generation,
  generation,
  type InstrumentId,
  type Money,
  type Mono,
  money,
  mono,
  type PositionId,
  type Price,
  type Seq,
  type SignalId,
  seq,
  type Untrusted,
  type Volume,
  type Wall,
  wall,
} from './units.ts';

/** The newest input: where we are in time. Not part of the digest. */
export interface At {
  readonly seq: Seq;
  readonly mono: Mono;
  readonly wall: Wall;
}

/** An entry order of ours, from the intent to its end. */
export interface Order {
  readonly id: ClientOrderId;
  readonly signalId: SignalId;
  readonly side: Side;
  readonly volume: Volume;
  readonly executed: Volume;
  /** The part of `executed` that deals have shown so far: each counts once (I12, F32). */
  readonly dealt: Volume;
  readonly stopDistance: Price;
  readonly targetDistance: Price;
  /** What the entry would have paid when it was decided; its fill is measured against it (F49). */
  readonly decidedPrice: Price | undefined;
  readonly state: OrderState;
  readonly reason: string;
  readonly decidedAt: Mono;
  readonly decidedWall: Wall;
  /** Input whose record must be durable before the next move (A5). */
  readonly barrier: Seq | undefined;
  readonly sentAt: Mono | undefined;
  readonly sentWall: Wall | undefined;
  readonly generation: Generation | undefined;
  readonly brokerOrderId: BrokerOrderId | undefined;
  readonly positionId: PositionId | undefined;
  readonly unknownSince: Mono | undefined;
  /** Clean passes that did not find it, and when the last one was (5.3). */
  readonly absences: number;
  readonly lastAbsenceAt: Mono | undefined;
}

export interface Position {
  readonly id: PositionId;
  readonly orderId: ClientOrderId | undefined;
  readonly ours: boolean;
  /** What it is in; a foreign one may be in anything. Absent in a state of an older version. */
  readonly instrumentId: InstrumentId | undefined;
  readonly side: Side;
  readonly volume: Volume;
  readonly entry: Price;
  readonly stop: Price | undefined;
  readonly target: Price | undefined;
  readonly openedAt: Mono;
  readonly openedWall: Wall;
  readonly state: PositionState;
  readonly commission: Money;
  readonly swap: Money;
  readonly usedMargin: Money;
  /** Net of partial closes so far. */
  readonly realised: Money;
  readonly nakedSince: Mono | undefined;
  /** Tries to restore a stop that is missing. */
  readonly amendsSent: number;
  readonly amendsAsked: number;
  readonly amending: Amending | undefined;
  /** Levels that must be restored, and how often that was tried (R20, F39). */
  readonly repair: Repair | undefined;
  /** When the stop was last moved towards the market. */
  readonly improvedAt: Mono | undefined;
  readonly closing: Closing | undefined;
  readonly closesAsked: number;
  readonly closeAskedAt: Mono | undefined;
  /** Why somebody wants it closed: stays until it is, or is refused for good (F44). */
  readonly wanted: string | undefined;
  readonly closeRefused: string | undefined;
  /** Carries our label although no order of ours explains it (R07, R08). */
  readonly tagged: boolean;
  /** The whole history since its opening knows no order of ours behind it (R08). */
  readonly searched: boolean;
  /**
   * Volume taken from the broker's view that no deal has shown yet; negative when a close is due.
   */
  readonly unexplained: number;
  /** When an event of the broker last changed it: a pass asked before that is older (6 b, 6 d). */
  readonly changedAt: Mono;
}

export interface Breaker {
  readonly tripped: boolean;
  readonly since: Wall | undefined;
  readonly sinceMono: Mono | undefined;
  readonly sinceDay: number | undefined;
  readonly reason: string;
  /** Since when the clearing condition holds without a break, or how many bars it has held. */
  readonly calmSince: Mono | undefined;
  readonly calmBars: number;
}

/** The trading day: opened once, its key only grows (I22). */
export interface TradingDay {
  readonly key: number;
  readonly openingEquity: Money;
  /** Version of the balance at the opening: what came before it is not of this day. */
  readonly openingVersion: number;
  readonly cashFlow: Money;
}

export interface Stats {
  readonly trades: number;
  readonly wins: number;
  readonly losses: number;
  readonly grossProfit: Money;
  readonly grossLoss: Money;
  readonly netProfit: Money;
  readonly peakBalance: Money | undefined;
  readonly maxDrawdown: Money;
  readonly maxDrawdownBps: number;
}

/** Evidence that came before what explains it: kept so that any order gives the same end (F32). */
export interface Early {
  readonly deals: readonly Deal[];
  readonly levels: readonly ProtectionEvent[];
}

/** Everything that changes rarely; a quote shares it by reference. */
export interface Core {
  readonly runId: string;
  readonly version: string;
  readonly config: EngineConfig | undefined;
  readonly startedAt: Mono;
  readonly link: {
    readonly state: LinkState;
    readonly generation: Generation;
    readonly since: Mono;
    readonly roundTripMs: number | undefined;
    readonly reason: Untrusted | undefined;
  };
  /** Since when this run is being stopped; a new run begins without it. */
  readonly stoppingSince: Mono | undefined;
  readonly reconnects: number;
  readonly rejects: number;
  readonly instrument: Instrument | undefined;
  readonly account: Account | undefined;
  /**
   * When the account was last confirmed, and since when a change of the balance lacks its deals.
   */
  readonly accountAt: Wall | undefined;
  readonly unexplainedSince: Wall | undefined;
  /** When a message about trades could not be believed: only a look asked later settles it. */
  readonly doubtedAt: Mono | undefined;
  /** True after a complete broker snapshot of the current generation. */
  readonly reconciled: boolean;
  /** When a pass was last asked, for the pace. */
  readonly reconcileAskedAt: Mono | undefined;
  /** Questions without an answer, oldest first: no answer is older than the oldest (P07). */
  readonly passesAsked: readonly Mono[];
  /** The newest question was about the past too. */
  readonly askedBack: boolean;
  readonly reconciledAt: Mono | undefined;
  readonly tradingState: TradingState;
  readonly arming: Arming;
  readonly sentiment: { readonly reading: SentimentReading; readonly at: Mono } | undefined;
  /** Why the news gave nothing last time; undefined after a reading. */
  readonly abstained: string | undefined;
  readonly schedule:
    | {
        readonly windows: 'on' | 'off';
        readonly events: readonly ScheduledEvent[];
        readonly until: Wall;
      }
    | undefined;
  readonly memory: StrategyMemory;
  readonly orders: readonly Order[];
  readonly positions: readonly Position[];
  readonly early: Early;
  /** Positions that were closed, so that an older view does not bring them back (R26). */
  readonly gone: readonly { readonly id: PositionId; readonly at: Mono }[];
  readonly outbox: readonly Outgoing[];
  readonly signals: Trail<SignalId>;
  /** Deals that were applied, oldest first, and up to when older ones were forgotten (I12). */
  readonly deals: Trail<{ readonly id: DealId; readonly time: Wall }>;
  readonly dealsForgotten: Wall | undefined;
  /** Closes, levels and cancels handed to the broker, for their own caps (F50, I29). */
  readonly acts: readonly Act[];
  /** Orders with our label that wait at the broker although nothing here wants them (R27, F53). */
  readonly strays: readonly Stray[];
  readonly cancels: readonly Cancel[];
  /** What the newest complete pass showed otherwise than we believed. */
  readonly differences: readonly DifferenceView[];
  /** Accepted commands whose end is not seen yet. */
  readonly awaited: readonly Awaited[];
  /** When the entries of the last minute were handed to the broker, for the cap of a minute. */
  readonly entriesSent: readonly Mono[];
  readonly tallies: Tallies;
  readonly outside: Outside;
  readonly day: TradingDay | undefined;
  /** The day whose history this run has read, or watched from its beginning. */
  readonly dayRead: number | undefined;
  /** The day on which DAILY_LOSS was reset by hand: once a day only. */
  readonly lossResetDay: number | undefined;
  readonly lossStreak: number;
  readonly breakers: Readonly<Record<BreakerName, Breaker>>;
  readonly decisions: Trail<DecisionRecord>;
  readonly activity: Trail<ActivityView>;
  readonly commands: readonly CommandView[];
  readonly marks: readonly ChartMark[];
  readonly stats: Stats;
  /** For the eye alone: no decision reads it. */
  readonly shadow: ShadowView | undefined;
}

/**
 * Number of the shape below. A change of any field in it needs the next one: recovery never
 * reads a checkpoint of another shape as if it were of this one; earlier-state.ts needs a step.
 */
export const STATE_SHAPE = 7;

export interface EngineState {
  readonly at: At;
  readonly market: MarketState;
  readonly core: Core;
}

const CLEAR: Breaker = {
  tripped: false,
  since: undefined,
  sinceMono: undefined,
  sinceDay: undefined,
  reason: '',
  calmSince: undefined,
  calmBars: 0,
};

const NO_STATS: Stats = {
  trades: 0,
  wins: 0,
  losses: 0,
  grossProfit: money(0),
  grossLoss: money(0),
  netProfit: money(0),
  peakBalance: undefined,
  maxDrawdown: money(0),
  maxDrawdownBps: 0,
};

/** Nothing known yet: no configuration, no link, no account, every breaker clear. */
export function initialState(): EngineState {
  const breakers = Object.fromEntries(BREAKERS.map((name) => [name, CLEAR]));
  return {
    at: { seq: seq(0), mono: mono(0), wall: wall(0) },
    market: EMPTY_MARKET,
    core: {
      runId: '',
      version: '',
      config: undefined,
      startedAt: mono(0),
      link: {
        state: 'DISCONNECTED',
        generation: generation(0),
        since: mono(0),
        roundTripMs: undefined,
        reason: undefined,
      },
      stoppingSince: undefined,
      reconnects: 0,
      rejects: 0,
      instrument: undefined,
      account: undefined,
      accountAt: undefined,
      unexplainedSince: undefined,
      doubtedAt: undefined,
      reconciled: false,
      reconcileAskedAt: undefined,
      passesAsked: [],
      askedBack: false,
      reconciledAt: undefined,
      tradingState: 'active',
      arming: { state: 'not-possible' },
      sentiment: undefined,
      abstained: undefined,
      schedule: undefined,
      memory: {},
      orders: [],
      positions: [],
      early: { deals: [], levels: [] },
      gone: [],
      outbox: [],
      signals: emptyTrail(LIMITS.signals),
      deals: emptyTrail(LIMITS.deals),
      dealsForgotten: undefined,
      acts: [],
      strays: [],
      cancels: [],
      differences: [],
      awaited: [],
      entriesSent: [],
      tallies: NO_TALLIES,
      outside: NOTHING_KNOWN,
      day: undefined,
      dayRead: undefined,
      lossResetDay: undefined,
      lossStreak: 0,
      breakers: breakers as Record<BreakerName, Breaker>,
      decisions: emptyTrail(LIMITS.decisions),
      activity: emptyTrail(LIMITS.activity),
      commands: [],
      marks: [],
      stats: NO_STATS,
      shadow: undefined,
    },
  };
}

export const CLEAR_BREAKER = CLEAR;

/** What must be equal after a replay: money, orders, positions, breakers, day, bars; not "now". */
export function digest(state: EngineState): string {
  const { core, market } = state;
  return fingerprint([
    core.orders,
    core.positions,
    listOf(core.signals),
    listOf(core.deals),
    core.day,
    core.lossStreak,
    core.breakers,
    core.tallies,
    core.account,
    core.stats,
    core.tradingState,
    market.barCount,
    newestOf(market.closed),
    market.forming,
    market.indicators.rsi,
  ]);
}
