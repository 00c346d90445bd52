/**
 * What is tried in a world, and what comes out of it.
 * Deliberately handed in: the engine itself, or a variant that was broken on purpose.
 */
import type { JournalRecord, Snapshot, Stamped, Wall } from '../engine/index.ts';
import { TRANSITIONS, transitionOf } from '../engine/order-moves.ts';
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
  /** How often each row of the order's table (5.2) was taken. */
  readonly moves: Readonly<Record<string, number>>;
  /** How often each row of the reconciliation table (6) was met. */
  readonly rows: Readonly<Record<string, number>>;
  /** How often faults of the catalogue came about without a strike. */
  readonly situations: Readonly<Record<string, number>>;
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

/** Rows of the order's table, the first of all included: what a world should have met. */
export const ORDER_ROWS: readonly string[] = ['T01', ...new Set(TRANSITIONS.map(({ id }) => id))];

export function countTransitions(
  counts: Record<string, number>,
  records: readonly JournalRecord[],
): void {
  for (const record of records) {
    if (record.kind !== 'order') continue;
    const { from, to } = record;
    const id = from === undefined ? 'T01' : (transitionOf(from, to)?.id ?? `${from} to ${to}`);
    counts[id] = (counts[id] ?? 0) + 1;
  }
}

/** Thrown through the engine's hands: the process is dead between two effects. */
export class Death extends Error {
  override readonly name = 'Death';
}

export const textOf = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error);
