/**
 * Counts for the metrics what the engine refused: trips of breakers, and decisions by the gate that
 * blocked them. Deliberately since the start of the process and beside the state: nothing is
 * decided by it, and a restart begins at zero as counters may.
 */
import { BREAKERS, type DecisionRecord } from '../engine/index.ts';
import type { EngineState } from '../engine/state.ts';
import { itemBefore, newestOf, sizeOf } from '../engine/trail.ts';

export interface RiskCounts {
  /** By breaker; one that never tripped is not in it. */
  readonly trips: Readonly<Record<string, number>>;
  /** By gate: closed bars that brought no entry because of it. */
  readonly blocked: Readonly<Record<string, number>>;
}

export interface RiskBook {
  /** Asked after every turn that changed the state. */
  see(state: EngineState): void;
  counts(): RiskCounts;
}

const add = (counts: Record<string, number>, key: string): void => {
  counts[key] = (counts[key] ?? 0) + 1;
};

/** `from` is what was so before the process began: it is not counted again. */
export function createRiskBook(from: EngineState): RiskBook {
  const trips: Record<string, number> = {};
  const blocked: Record<string, number> = {};
  let { breakers } = from.core;
  let seen: DecisionRecord | undefined = newestOf(from.core.decisions);
  return {
    see({ core }) {
      if (core.breakers !== breakers) {
        for (const name of BREAKERS) {
          const { tripped, sinceMono } = core.breakers[name];
          const old = breakers[name];
          if (tripped && !(old.tripped && old.sinceMono === sinceMono)) add(trips, name);
        }
        breakers = core.breakers;
      }
      const newest = newestOf(core.decisions);
      for (let back = 0; back < sizeOf(core.decisions); back += 1) {
        const decision = itemBefore(core.decisions, back);
        if (decision === undefined || decision === seen) break;
        if (seen !== undefined && decision.decidedAt <= seen.decidedAt) break;
        if (decision.blockedBy !== undefined) add(blocked, decision.blockedBy);
      }
      seen = newest;
    },
    counts: () => ({ trips, blocked }),
  };
}
