/**
 * The shape of one "why / why not": the gates of a closed bar in order, with the first that
 * blocked.
 * Deliberately only the shape; `decision.ts` runs the gates and fills it.
 */
import type { Side } from './model.ts';
import type { SignalId, Wall } from './units.ts';

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
