/**
 * A world that trades with nearly every bar and in which only the named faults strike.
 * Deliberately in a dry run without news, so that nothing but the cause under test holds it up.
 */
import { FAULTS, type FaultPlan } from '../../src/sim/faults.ts';
import type { WorldOptions } from '../../src/sim/world-options.ts';

export interface EagerParts {
  readonly plan?: Partial<FaultPlan>;
  readonly config?: Partial<WorldOptions['config']>;
  readonly options?: Partial<WorldOptions>;
}

const EAGER: Partial<WorldOptions['config']> = {
  mode: 'dry-run',
  rsiOversold: 99,
  rsiOverbought: 100,
  trendFilter: false,
  sentimentMode: 'off',
  maxPositions: 12,
  riskBps: 10,
  maxDailyLossBps: 5_000,
  lossStreakMax: 99,
  entriesPerDay: 999,
  entriesPerMinute: 9,
  takeProfitBps: 30,
  stopLossBps: 30,
};

/** From options that were drawn: nobody resets anything, unless the parts say so. */
export const eagerWorld =
  ({ plan, config, options }: EagerParts) =>
  (drawn: WorldOptions): WorldOptions => {
    const none = Object.fromEntries(FAULTS.map((fault) => [fault.name, 0])) as FaultPlan;
    const { entrySlippageTicks: _range, ...plain } = drawn.config;
    return {
      ...drawn,
      operatorMs: 100 * 3_600_000,
      safetyMs: 40 * 60_000,
      ...options,
      plan: { ...none, ...plan },
      config: { ...plain, ...EAGER, ...config },
    };
  };
