/**
 * Two steps of the ladder down: orders on their way come to an end, and every position that stays
 * is looked at once more for its stop at the broker (safety rules, section 8, steps 2 and 4).
 * Deliberately only waits and reads: restoring a stop, or closing without one, is the engine's.
 */
import type { EngineState, Position } from '../engine/state.ts';
import type { StopReason } from '../runtime/process.ts';

interface Stopping {
  readonly loop: {
    state(): EngineState;
    post(event: { readonly type: 'stopping'; readonly reason: string }): void;
  };
  /** Resolves when it is worth looking at the state again. */
  readonly pause: () => Promise<void>;
}

/** Nothing to wait for: the recording is over, or nobody handles inputs any more. */
const isOver = (reason: StopReason): boolean => reason === 'end' || reason === 'defect';

/** True while an order of ours is between its intent and its end. */
export const isFlying = ({ core }: EngineState): boolean =>
  core.orders.some((order) =>
    ['INTENT', 'SEND_BEGINS', 'SENT', 'ACCEPTED', 'PARTIAL'].includes(order.state),
  );

/** Shuts the gate, and resolves when no order of ours is on its way. */
export async function inFlightDone({ loop, pause }: Stopping, reason: StopReason): Promise<void> {
  if (isOver(reason)) return;
  loop.post({ type: 'stopping', reason });
  while (isFlying(loop.state())) await pause();
}

/** Resolves when the broker has shown, after the gate shut, a stop on all that stays. */
export async function stopsConfirmed({ loop, pause }: Stopping, reason: StopReason): Promise<void> {
  if (isOver(reason)) return;
  while (unconfirmed(loop.state()).length > 0) await pause();
}

/**
 * Positions of ours whose stop the broker does not show; while stopping also those that it was not
 * asked about since: a stop that nobody looked at is not confirmed.
 */
export function unconfirmed({ core }: EngineState): readonly Position[] {
  const { positions, reconciledAt, stoppingSince } = core;
  const isLooked = stoppingSince === undefined || (reconciledAt ?? -1) >= stoppingSince;
  return positions.filter((one) => one.ours && (one.stop === undefined || !isLooked));
}

export function stopAll(...hands: readonly ({ stop(): void } | undefined)[]): void {
  for (const hand of hands) hand?.stop();
}
