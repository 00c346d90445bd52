/**
 * The invariants of the safety rules, asked after every step of a world: one entry an id.
 * Deliberately independent of the engine's own bookkeeping: what was sent, written and executed is
 * remembered here, so that a wrong belief of the engine cannot excuse itself.
 */
import type { EngineState } from '../engine/state.ts';
import type { Checker, StepFacts, Truth } from './world-checks.ts';
import { breakerCheckers } from './world-checks-breakers.ts';
import { recordCheckers } from './world-checks-records.ts';
import { sendingCheckers } from './world-checks-sending.ts';
import { settlingCheckers } from './world-checks-settling.ts';

export interface Violation {
  readonly id: string;
  readonly sentence: string;
}

export interface Jury {
  /** The first broken invariant of a step, if any. */
  step(facts: StepFacts): Violation | undefined;
  /** The process died and inputs after this one are lost. */
  crash(keptSeq: number): void;
  /** What must hold once everything is resolved. */
  end(state: EngineState): Violation | undefined;
}

export function createJury(truth: Truth): Jury {
  const checkers: readonly Checker[] = [
    ...sendingCheckers(truth),
    ...settlingCheckers(truth),
    ...breakerCheckers(truth),
    ...recordCheckers(),
  ];
  const first = (
    ask: (checker: Checker) => string | undefined,
    among: readonly Checker[],
  ): Violation | undefined => {
    for (const checker of among) {
      const sentence = ask(checker);
      if (sentence !== undefined) return { id: checker.id, sentence };
    }
    return undefined;
  };
  const steppers = checkers.filter((checker) => checker.step !== undefined);
  // A quote that moves nothing but prices is the usual step: few have anything to say about it.
  const eager = steppers.filter((checker) => checker.eager === true);
  return {
    step: (facts) => first((checker) => checker.step?.(facts), isQuiet(facts) ? eager : steppers),
    crash: (keptSeq) => {
      for (const checker of checkers) checker.crash?.(keptSeq);
    },
    end: (state) => first((checker) => checker.end?.(state), checkers),
  };
}

const isQuiet = ({ before, after, sent, records, refusals }: StepFacts): boolean =>
  before.core === after.core && sent.length === 0 && records.length === 0 && refusals.length === 0;

/** Every id that a checker here stands for. */
export const CHECKED_IDS = [
  'I01',
  'I02',
  'I03',
  'I04',
  'I05',
  'I06',
  'I07',
  'I08',
  'I09',
  'I10',
  'I11',
  'I12',
  'I13',
  'I14',
  'I15',
  'I16',
  'I17',
  'I18',
  'I19',
  'I21',
  'I22',
  'I28',
  'I29',
  'I31',
  'I32',
  'I33',
] as const;
