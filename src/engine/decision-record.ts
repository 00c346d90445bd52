/**
 * The shape of one "why / why not": what the gates of a closed bar measured, and the same in words.
 * Deliberately only the shapes; `decision.ts` measures, `decision-words.ts` finds the words.
 */
import type { EngineConfig } from './config.ts';
import type { BreakerName, ConversionStep } from './event.ts';
import type { Account, Bar, Instrument, SentimentReading, Side } from './model.ts';
import type { InstrumentId, Money, Price, SignalId, Wall } from './units.ts';

/** In the order in which they are asked. */
export const GATES = [
  'data',
  'calendar',
  'event',
  'signal',
  'trend',
  'sentiment',
  'spread',
  'breakers',
  'slot',
  'size',
  'state',
] as const;
export type GateName = (typeof GATES)[number];

export interface GateResult {
  readonly gate: GateName;
  readonly pass: boolean;
  /** What was measured and what was required, ready to show: digits, units and words. */
  readonly value: string;
  readonly threshold: string;
}

/** A decision in words, as it is shown. */
export interface Decision {
  /** Open time of the bar that closed. */
  readonly barTime: Wall;
  readonly decidedAt: Wall;
  readonly side: Side | undefined;
  readonly signalId: SignalId | undefined;
  readonly gates: readonly GateResult[];
  readonly blockedBy: GateName | undefined;
  /** One sentence: "no entry: RSI 41.2 not below 30". */
  readonly sentence: string;
}

/** What every decision is measured against; many decisions share one. */
export interface DecisionTerms {
  readonly config: EngineConfig;
  readonly instrument: Omit<Instrument, 'sessions' | 'description'>;
  readonly account: Pick<Account, 'currency' | 'exponent' | 'leverageCents'> | undefined;
}

/** All that a strategy may see of a closed bar. */
export interface StrategyView {
  readonly instrumentId: InstrumentId;
  readonly bar: Bar;
  readonly rsi: number | undefined;
  readonly trend: 'up' | 'down' | 'flat' | 'unknown';
  /** Absent when there is none or its lifetime is over: never neutral permission (F105). */
  readonly sentiment: SentimentReading | undefined;
  readonly sentimentAgeMs: number | undefined;
}

/** What the gates of risk measured. */
export interface RiskFacts {
  /** Why the data cannot be relied on, or nothing. */
  readonly data: string | undefined;
  readonly session: 'open' | 'closed' | 'unknown' | 'none';
  /** Until the session ends. */
  readonly leftMs: number | undefined;
  /** What the schedule of events says; absent without a schedule. */
  readonly event: GateResult | undefined;
  /** A fresh quote; both sides or none. */
  readonly bid: Price | undefined;
  readonly ask: Price | undefined;
  readonly usualSpread: number | undefined;
  readonly tripped: readonly BreakerName[];
  /** What takes the slot beside a position: the signal was used, or an order is under way. */
  readonly slot: 'signal' | 'order' | undefined;
  readonly used: number;
  readonly equity: Money | undefined;
  readonly usedMargin: Money;
  /** From the quote currency to the account's, fresh enough to size with (F60). */
  readonly chain: readonly ConversionStep[] | undefined;
  readonly state: string | undefined;
}

/** A decision as data: what was measured, against what, and the first gate that blocked. */
export interface DecisionRecord {
  readonly barTime: Wall;
  readonly decidedAt: Wall;
  readonly side: Side | undefined;
  readonly signalId: SignalId | undefined;
  readonly reason: string | undefined;
  readonly blockedBy: GateName | undefined;
  readonly terms: DecisionTerms;
  readonly view: StrategyView;
  readonly risk: RiskFacts;
}

export interface GateCount {
  readonly gate: GateName | 'none';
  readonly count: number;
}

/** The decisions of bars that followed each other: counted, and each made when it is asked for. */
export interface DecisionRun {
  readonly count: number;
  /** How many had which gate as the first to block; each gate once. */
  readonly blockedBy: readonly GateCount[];
  /** From 0, oldest first. */
  at(nth: number): DecisionRecord;
}
