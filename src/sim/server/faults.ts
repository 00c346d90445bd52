/**
 * Scripted misbehaviour of one connection, frame by frame: drop, delay, duplicate, close.
 * Deliberately knows nothing of meaning: a script sees the name and the number of a frame and says
 * what happens to it. Random faults belong to whoever writes the script.
 */
import type { WireName } from '../../ctrader/wire/schema.gen.ts';

/** A frame that is about to pass. Both counts begin with 1. */
export interface PassingFrame {
  readonly direction: 'in' | 'out';
  /** Undefined for incoming bytes that make no known message. */
  readonly name: WireName | undefined;
  /** How many frames passed in this direction, this one included. */
  readonly count: number;
  /** How many of this name. */
  readonly countOfName: number;
}

export type FaultAction =
  | { readonly type: 'drop' }
  | { readonly type: 'duplicate' }
  /** Later frames are not held back, so they overtake. */
  | { readonly type: 'delay'; readonly delayMs: number }
  /** The frame itself does not pass any more. */
  | { readonly type: 'close' };

/** Decides about every frame of one connection; undefined lets it pass. */
export type ConnectionFaults = (frame: PassingFrame) => FaultAction | undefined;

/** Called once for each connection, numbered from 1; undefined for an honest connection. */
export type FaultScript = (connection: number) => ConnectionFaults | undefined;

/** One line of a script: the n-th frame (of that name), on that connection if one is named. */
export interface FaultRule {
  readonly connection?: number;
  readonly direction: 'in' | 'out';
  readonly name?: WireName;
  /** Absent: every one. */
  readonly nth?: number;
  readonly action: FaultAction;
}

/** The first rule that fits a frame decides. */
export const faultScript =
  (rules: readonly FaultRule[]): FaultScript =>
  (connection) => {
    const own = rules.filter((rule) => (rule.connection ?? connection) === connection);
    if (own.length === 0) return undefined;
    return (frame) => own.find((rule) => fits(rule, frame))?.action;
  };

function fits(rule: FaultRule, frame: PassingFrame): boolean {
  if (rule.direction !== frame.direction) return false;
  if (rule.name !== undefined && rule.name !== frame.name) return false;
  const count = rule.name === undefined ? frame.count : frame.countOfName;
  return rule.nth === undefined || rule.nth === count;
}
