/**
 * What is tried in a world, and what comes out of it.
 * Deliberately handed in: the engine itself, or a variant that was broken on purpose.
 */
import type { Snapshot, Stamped, Wall } from '../engine/index.ts';
import { snapshot } from '../engine/snapshot.ts';
import type { EngineState } from '../engine/state.ts';
import { drive, type Hands, step } from '../engine/step.ts';
import type { Violation } from './checkers.ts';
import type { ExchangeState } from './exchange-types.ts';
import type { FaultName } from './faults.ts';

export interface Subject {
  drive(state: EngineState, input: Stamped, hands: Hands): EngineState;
  /** The same step without its effects, for a restart. */
  replay(state: EngineState, input: Stamped): EngineState;
  picture(state: EngineState): Snapshot;
}

export const ENGINE: Subject = {
  drive,
  replay: (state, input) => step(state, input)[0],
  picture: (state) => snapshot(state, state.at),
};

export interface WorldResult {
  readonly seed: number;
  /** `broken`: an invariant; `crashed`: a step threw; `stuck`: no convergence. */
  readonly outcome: 'held' | 'broken' | 'crashed' | 'stuck';
  readonly violation: Violation | undefined;
  readonly steps: number;
  readonly simulatedMs: number;
  readonly entries: number;
  readonly trades: number;
  readonly counts: Readonly<Record<FaultName, number>>;
  /** Hash of where it ended: equal for equal seeds (I30). */
  readonly fingerprint: string;
  readonly transcript: readonly string[];
}

/** A world that is over, with what its engine and its exchange were in the end. */
export interface PlayedWorld {
  readonly result: WorldResult;
  readonly state: EngineState;
  readonly exchange: ExchangeState;
  /** Effects handed out, restarts included. */
  readonly effects: number;
  /** When the process last died. */
  readonly diedAt: Wall | undefined;
}
