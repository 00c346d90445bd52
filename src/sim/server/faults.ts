/**
 * Scripted misbehaviour of one connection, frame by frame: drop, delay, duplicate, close, wrong
 * bytes.
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
  | { readonly type: 'close' }
  /** The frame arrives in pieces of at most so many bytes. */
  | { readonly type: 'split'; readonly size: number }
  /** The bits of `mask` are flipped in one byte; 0 to 3 are the prefix, -1 is the last. */
  | { readonly type: 'corrupt'; readonly at: number; readonly mask: number }
  /** Only the first bytes arrive, then the connection ends. */
  | { readonly type: 'truncate'; readonly bytes: number }
  /** These bytes arrive, whatever they are, prefix included: ahead of the frame, or instead. */
  | { readonly type: 'say'; readonly bytes: Uint8Array; readonly instead: boolean };

/** The pieces in which a frame leaves under a fault of single bytes, and whether the line ends. */
export function piecesOf(
  frame: Uint8Array,
  action: FaultAction | undefined,
): { readonly pieces: readonly Uint8Array[]; readonly ends: boolean } {
  if (action?.type === 'split') {
    const size = Math.max(1, action.size);
    const count = Math.ceil(frame.length / size);
    const cut = (_: unknown, index: number) => frame.subarray(index * size, (index + 1) * size);
    return { pieces: Array.from({ length: count }, cut), ends: false };
  }
  if (action?.type === 'corrupt') {
    const changed = frame.slice();
    const at = action.at < 0 ? frame.length + action.at : action.at;
    changed[at] = (changed[at] ?? 0) ^ action.mask;
    return { pieces: [changed], ends: false };
  }
  if (action?.type === 'say') {
    return { pieces: action.instead ? [action.bytes] : [action.bytes, frame], ends: false };
  }
  if (action?.type === 'truncate') {
    return { pieces: [frame.subarray(0, action.bytes)], ends: true };
  }
  return { pieces: [frame], ends: false };
}

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
