/**
 * One step in the making: the parts of the next state and the effects so far, inside one call of
 * `step`.
 * Deliberately the only mutable thing in the engine; it is born and dies within a step.
 */

import { assert } from './assert.ts';
import { bounded } from './bars.ts';
import type { EngineConfig } from './config.ts';
import { LIMITS } from './config.ts';
import type { AlertLevel, Effect, JournalRecord } from './effect.ts';
import type { MarketState } from './market.ts';
import type { ActivityView, Tone } from './snapshot-shape.ts';
import type { At, Core, EngineState } from './state.ts';
import type { Untrusted } from './units.ts';

export interface Turn {
  readonly at: At;
  market: MarketState;
  core: Core;
  readonly effects: Effect[];
}

export const beginTurn = (state: EngineState, at: At): Turn => ({
  at,
  market: state.market,
  core: state.core,
  effects: [],
});

export function endTurn(turn: Turn): readonly [EngineState, readonly Effect[]] {
  return [{ at: turn.at, market: turn.market, core: turn.core }, turn.effects];
}

/** Changes some fields of the core. */
export function change(turn: Turn, fields: Partial<Core>): void {
  turn.core = { ...turn.core, ...fields };
}

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
  change(turn, { activity: bounded(turn.core.activity, line, LIMITS.activity) });
}
