/**
 * One step in the making: the parts of the next state and the effects so far, inside one call of
 * `step`.
 * Deliberately the only mutable thing in the engine; it is born and dies within a step.
 */

import { assert } from './assert.ts';
import type { EngineConfig } from './config.ts';
import { LIMITS } from './config.ts';
import { copyOfCore } from './copies.ts';
import type { AlertLevel, Effect, JournalRecord } from './effect.ts';
import type { MarketState } from './market.ts';
import type { ActivityView, Tone } from './snapshot-shape.ts';
import type { At, Core, EngineState } from './state.ts';
import { pushed } from './trail.ts';
import type { Untrusted } from './units.ts';

export interface Turn {
  at: At;
  market: MarketState;
  core: Core;
  /** True once `core` is this turn's own copy, which nobody else has seen. */
  ownsCore: boolean;
  readonly effects: Effect[];
}

export const beginTurn = (state: EngineState, at: At): Turn => ({
  at,
  market: state.market,
  core: state.core,
  ownsCore: false,
  effects: [],
});

export function endTurn(turn: Turn): readonly [EngineState, readonly Effect[]] {
  return [{ at: turn.at, market: turn.market, core: turn.core }, turn.effects];
}

/**
 * Changes some fields of the core: of a copy, made once a turn. Who needs a field as it was before
 * must have read that field, not kept the core.
 */
export function change(turn: Turn, fields: Partial<Core>): void {
  Object.assign(owned(turn), fields);
}

/** The same for single fields of what every input changes: a store costs a sixth of the above. */
export function owned(turn: Turn): { -readonly [K in keyof Core]: Core[K] } {
  if (!turn.ownsCore) {
    turn.core = copyOfCore(turn.core);
    turn.ownsCore = true;
  }
  return turn.core;
}

/** All that a decision reads of the core: one that is made late holds nothing else of it. */
export type CoreToRead = Pick<
  Core,
  | 'config'
  | 'instrument'
  | 'account'
  | 'sentiment'
  | 'schedule'
  | 'memory'
  | 'positions'
  | 'signals'
  | 'outside'
>;

export const coreToRead = (core: Core): CoreToRead => ({
  config: core.config,
  instrument: core.instrument,
  account: core.account,
  sentiment: core.sentiment,
  schedule: core.schedule,
  memory: core.memory,
  positions: core.positions,
  signals: core.signals,
  outside: core.outside,
});

/** The configuration; every input but `started` comes after it. */
export function configOf(turn: Turn): EngineConfig {
  const { config } = turn.core;
  assert(config !== undefined, 'no input may be handled before the run has started');
  return config;
}

/** Writes a journal record; with a barrier the engine waits for its `durable` event. */
export function record(turn: Turn, entry: JournalRecord, barrier = false): void {
  turn.effects.push({ type: 'record', record: entry, barrier });
}

export function alert(turn: Turn, level: AlertLevel, text: string): void {
  turn.effects.push({ type: 'alert', level, text });
}

/** Asks for the closed bars up to now, and for the forming one. */
export function askBars(turn: Turn): void {
  const { instrument } = turn.core;
  if (instrument === undefined) return;
  const { timeframeMs } = configOf(turn);
  const count = Math.floor(LIMITS.bars / 2);
  const query = { type: 'bars', instrumentId: instrument.id, timeframeMs, count } as const;
  turn.effects.push({ type: 'query', query });
}

/** A line in the ledger of what happened. */
export function tell(
  turn: Turn,
  kind: ActivityView['kind'],
  tone: Tone,
  text: string,
  outside?: Untrusted,
): void {
  const line: ActivityView = {
    seq: turn.at.seq,
    wall: turn.at.wall,
    kind,
    tone,
    text,
    outside,
  };
  owned(turn).activity = pushed(turn.core.activity, line);
}
