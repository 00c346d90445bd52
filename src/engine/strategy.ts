/**
 * What a strategy is: a few pure functions and no more, and the table of those that exist.
 * Deliberately cannot name a volume, see the broker, or remember anything outside its memory.
 */
import type { EngineConfig } from './config.ts';
import type { GateName, GateResult, StrategyView } from './decision-record.ts';
import type { Intent } from './model.ts';
import { rsiSentiment } from './strategies/rsi-sentiment.ts';

export type { StrategyView } from './decision-record.ts';

export interface StrategyVerdict<M> {
  readonly memory: M;
  /** Present exactly when none of its gates is unmet. */
  readonly intent: Intent | undefined;
  /** The first of its own gates that is not met. */
  readonly unmet: GateName | undefined;
}

/** A range of the RSI, its ends included, in which one gate is always unmet. */
export interface Idle {
  readonly from: number;
  readonly to: number;
  readonly unmet: GateName;
}

export interface Strategy<M> {
  readonly name: EngineConfig['strategy'];
  init(config: EngineConfig): M;
  onBar(view: StrategyView, memory: M, config: EngineConfig): StrategyVerdict<M>;
  /**
   * What `onBar` would say of a bar with these measures whatever the news and its memory are, which
   * stays as it is: the first of its own gates that is unmet, or `met`, with a signal that no other
   * bar gives. Nothing: it must be asked.
   * Only spares work over history: a strategy need not have it.
   */
  foresee?(
    rsi: number,
    trend: StrategyView['trend'],
    config: EngineConfig,
  ): GateName | 'met' | undefined;
  /** From which RSI to which `foresee` says the same of any trend; only spares the asking. */
  idle?(config: EngineConfig): Idle;
  /** Its own gates in order and in words, as it saw them. */
  gates(view: StrategyView, config: EngineConfig): readonly GateResult[];
}

export type StrategyMemory = Readonly<Record<string, number | string>>;

export const STRATEGIES: Readonly<Record<EngineConfig['strategy'], Strategy<StrategyMemory>>> = {
  'rsi-sentiment': rsiSentiment,
};
