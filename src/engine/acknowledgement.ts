/**
 * The end of an accepted command: done when it happened, failed with its reason when it cannot.
 * Deliberately looks at the state only: what the broker did decides, never that it was asked.
 */

import type { Awaited } from './asked.ts';
import { bounded } from './bars.ts';
import { LIMITS } from './config.ts';
import { isTerminal } from './order-moves.ts';
import type { CommandView } from './snapshot-shape.ts';
import type { Core } from './state.ts';
import { change, record, type Turn, tell } from './turn.ts';

/** Remembers what an accepted command waits for; the oldest is given up when there are too many. */
export function awaitEnd(turn: Turn, awaited: Awaited): void {
  change(turn, { awaited: bounded(turn.core.awaited, awaited, LIMITS.awaited) });
}

/** After every input: which of them have come to an end. */
export function settleCommands(turn: Turn): void {
  if (turn.core.awaited.length === 0) return;
  for (const awaited of turn.core.awaited) {
    const end = endOf(turn.core, awaited);
    if (end !== undefined) acknowledge(turn, awaited, end);
  }
}

type End = Pick<CommandView, 'reason'> & { readonly status: 'done' | 'failed' };

function endOf(core: Core, { positions, order }: Awaited): End | undefined {
  if (order !== undefined) return endOfCancel(core, order);
  const left = core.positions.filter((position) => positions.includes(position.id));
  if (left.length === 0) {
    const words = positions.length === 1 ? `position ${positions[0]} is` : 'the positions are';
    return { status: 'done', reason: `${words} closed` };
  }
  if (left.some((one) => one.closing !== undefined || one.wanted !== undefined)) return undefined;
  // What the broker shows as gone is waiting for its deals, not for us.
  if (left.some((one) => one.state === 'UNSETTLED')) return undefined;
  const why = left.map((one) => `position ${one.id}: ${one.closeRefused ?? 'still open'}`);
  return { status: 'failed', reason: why.join('; ') };
}

function endOfCancel(core: Core, id: NonNullable<Awaited['order']>): End | undefined {
  const asked = core.cancels.find((one) => one.id === id);
  const known = core.orders.find((order) => order.brokerOrderId === id);
  const waits = core.strays.some((one) => one.id === id);
  if (!waits && (known === undefined || isTerminal(known.state))) {
    const words = known === undefined ? 'is gone at the broker' : `is ${known.state}`;
    return { status: 'done', reason: `order ${id} ${words}` };
  }
  if (asked?.refused === undefined) return undefined;
  return { status: 'failed', reason: `the cancel was refused: ${asked.refused}` };
}

function acknowledge(turn: Turn, { id }: Awaited, end: End): void {
  const { status, reason } = end;
  const commands = turn.core.commands.map((view) =>
    view.id === id ? { ...view, status, reason } : view,
  );
  change(turn, { commands, awaited: turn.core.awaited.filter((one) => one.id !== id) });
  record(turn, { kind: 'command', commandId: id, outcome: status, reason });
  if (status === 'failed') tell(turn, 'operator', 'bad', `not done: ${reason}`);
}
