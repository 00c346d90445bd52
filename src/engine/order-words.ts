/**
 * How a move of an order reads: as a record for the journal and as a line for the person.
 * Deliberately only words; which moves there are is in `orders.ts`.
 */
import { volumeText } from './format.ts';
import type { OrderState } from './model.ts';
import type { Order } from './state.ts';

export const sentence = (order: Order): string => `${order.side} ${volumeText(order.volume)}`;

export const moveRecord = (
  order: Order,
  from: OrderState | undefined,
  to: OrderState,
  reason: string,
) =>
  ({
    kind: 'order',
    clientOrderId: order.id,
    from,
    to,
    side: order.side,
    volume: order.volume,
    reason,
  }) as const;

const WORDS: Partial<Record<OrderState, string>> = {
  ACCEPTED: 'accepted',
  PARTIAL: 'filled in part',
  FILLED: 'filled',
  DONE_PARTIAL: 'ended, filled in part',
  REJECTED: 'refused by the broker',
  CANCELLED: 'cancelled',
  EXPIRED: 'expired',
  UNKNOWN: 'has an unknown outcome',
  QUARANTINED: 'is quarantined',
  ABSENT: 'proven never executed',
  ABORTED: 'not sent',
};

export const wordsOf = (state: OrderState): string => WORDS[state] ?? state.toLowerCase();

export function toneOf(state: OrderState): 'plain' | 'good' | 'warn' | 'bad' {
  if (state === 'FILLED') return 'good';
  if (state === 'UNKNOWN' || state === 'QUARANTINED' || state === 'REJECTED') return 'bad';
  return state === 'ABORTED' || state === 'DONE_PARTIAL' ? 'warn' : 'plain';
}
