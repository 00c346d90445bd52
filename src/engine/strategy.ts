/**
 * What a strategy is: two pure functions and no more, and the table of those that exist.
 * Deliberately cannot name a volume, see the broker, or remember anything outside its memory.
 */
import type { EngineConfig } from './config.ts';
import type { GateResult } from './decision-record.ts';
import type { Bar, Intent, SentimentReading } from './model.ts';
import { rsiSentiment } from './strategies/rsi-sentiment.ts';
import type { InstrumentId } from './units.ts';

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

export interface StrategyVerdict<M> {
  readonly memory: M;
  readonly intent: Intent | undefined;
  /** Its own gates in order; the first that fails explains a missing intent. */
  readonly gates: readonly GateResult[];
}

export interface Strategy<M> {
  readonly name: EngineConfig['strategy'];
  init(config: EngineConfig): M;
  onBar(view: StrategyView, memory: M, config: EngineConfig): StrategyVerdict<M>;
}

export type StrategyMemory = Readonly<Record<string, number | string>>;

export const STRATEGIES: Readonly<Record<EngineConfig['strategy'], Strategy<StrategyMemory>>> = {
  'rsi-sentiment': rsiSentiment,
};
