/**
 * Orders that wait at the broker: in doubt for too long, no longer wanted, or unknown here (R04,
 * R27, F53).
 * Deliberately cancels only what the journal knows; what it does not know is shown to the person.
 */

import type { Stray } from './asked.ts';
import { DEADLINES, LIMITS } from './config.ts';
import type { BrokerSnapshot, OrderUpdate } from './model.ts';
import { isTerminal } from './order-moves.ts';
import { LABEL_TAG, labelOf } from './orders.ts';
import { mayCancel, requestCancel } from './requests.ts';
import { trip } from './risk/breakers.ts';
import type { Order } from './state.ts';
import { change, type Turn } from './turn.ts';
import { type BrokerOrderId, untrusted } from './units.ts';

/** Looks at what a complete pass shows as waiting. */
export function matchPending(turn: Turn, { orders }: BrokerSnapshot): void {
  if (orders.length === 0 && turn.core.strays.length === 0) return;
  const pending = orders.filter((one) => !one.closing && !one.protective);
  if (pending.length === 0 && turn.core.strays.length === 0) return;
  for (const shown of pending) {
    const order = ownerOf(turn, shown);
    if (order !== undefined && isStale(turn, order)) {
      cancel(
        turn,
        shown.brokerOrderId,
        'pending for more than 10 s after an unknown outcome (R04)',
      );
    }
  }
  const strays = pending.flatMap((shown) => strayOf(turn, shown)).slice(0, LIMITS.strays);
  if (strays.length > 0 || turn.core.strays.length > 0) change(turn, { strays });
  for (const stray of strays) judge(turn, stray);
}

const ownerOf = ({ core }: Turn, shown: OrderUpdate): Order | undefined =>
  core.orders.findLast(
    (order) =>
      order.brokerOrderId === shown.brokerOrderId ||
      order.id === shown.clientOrderId ||
      shown.label === labelOf(order.id),
  );

/** Found again after its outcome was unknown: nobody waits for such a fill (R04). */
function isStale({ at }: Turn, order: Order): boolean {
  const isOpen = order.state === 'ACCEPTED' || order.state === 'PARTIAL';
  if (!isOpen || order.unknownSince === undefined) return false;
  return at.mono - (order.sentAt ?? order.decidedAt) >= DEADLINES.staleOrderMs;
}

function strayOf(turn: Turn, shown: OrderUpdate): Stray[] {
  const order = ownerOf(turn, shown);
  const isTagged = shown.label?.startsWith(LABEL_TAG) ?? false;
  if (order === undefined ? !isTagged : !isTerminal(order.state)) return [];
  const { brokerOrderId: id, side, volume } = shown;
  const since = turn.core.strays.find((one) => one.id === id)?.since ?? turn.at.mono;
  const label = shown.label ?? untrusted('');
  return [{ id, label, side, volume, since, orderId: order?.id }];
}

function judge(turn: Turn, stray: Stray): void {
  if (stray.orderId === undefined) {
    trip(
      turn,
      'INTEGRITY',
      `order ${stray.id} at the broker carries our label, unknown here (R27)`,
    );
    return;
  }
  // A younger difference is looked at again first (6 d): its end may be on its way.
  if (turn.at.mono - stray.since < DEADLINES.youngDifferenceMs) return;
  cancel(turn, stray.id, `${stray.orderId} has ended here and still waits there (R27)`);
}

function cancel(turn: Turn, id: BrokerOrderId, reason: string): void {
  if (mayCancel(turn, id)) requestCancel(turn, id, reason);
}
