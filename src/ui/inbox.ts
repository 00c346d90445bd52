/**
 * The reconciliation inbox: what the broker shows otherwise than we believe, what nobody can prove,
 * and what a person may do about each.
 * Deliberately proposes nothing of its own: the proposed action is the engine's.
 */
import {
  brokerOrderId,
  type DifferenceView,
  type OrderView,
  positionId,
  type Ruling,
  type Snapshot,
} from '../engine/index.ts';
import type { Danger } from './ui-state.ts';

export type InboxItem =
  | { readonly type: 'order'; readonly id: string; readonly order: OrderView }
  | { readonly type: 'difference'; readonly id: string; readonly difference: DifferenceView };

/** Orders without proof first, then the differences in the order of the look. */
export function inboxItems(snapshot: Snapshot | undefined): readonly InboxItem[] {
  if (snapshot === undefined) return [];
  const unproven = snapshot.orders.filter(
    (one) => one.state === 'UNKNOWN' || one.state === 'QUARANTINED',
  );
  return [
    ...unproven.map((order) => ({ type: 'order', id: `o:${order.id}`, order }) as const),
    ...snapshot.reconciliation.differences.map(
      (difference) =>
        ({
          type: 'difference',
          id: `${difference.row}:${difference.subject}`,
          difference,
        }) as const,
    ),
  ];
}

/** What the person may decide: `v` a verdict, `c` a cancel; a reason in words where neither. */
export interface Options {
  readonly ruling: Ruling | undefined;
  readonly cancel: Extract<Danger, { type: 'cancel' }> | undefined;
  readonly words: string;
}

const CANCELLED_ROWS: ReadonlySet<string> = new Set(['R04', 'R27']);

export function optionsFor(item: InboxItem): Options {
  if (item.type === 'order') return orderOptions(item.order);
  const { row, subject } = item.difference;
  if (row === 'R07') {
    const ruling = { type: 'adopt', positionId: positionId(subject) } as const;
    return { ruling, cancel: undefined, words: 'v adopts it as ours, with your reason' };
  }
  if (CANCELLED_ROWS.has(row)) {
    const cancel = { type: 'cancel', brokerOrderId: brokerOrderId(subject), row: item.id } as const;
    return { ruling: undefined, cancel, words: 'c cancels it at the broker' };
  }
  return { ruling: undefined, cancel: undefined, words: 'the program does this by itself' };
}

function orderOptions(order: OrderView): Options {
  const cancel = cancelOf(order);
  if (order.state !== 'QUARANTINED' || order.executed > 0) {
    const words = 'it may still be proven: a verdict is possible once it is QUARANTINED';
    return { ruling: undefined, cancel, words };
  }
  const ruling = { type: 'absent', orderId: order.id } as const;
  return { ruling, cancel, words: 'v rules that it was never executed, with your reason' };
}

/** An order can be cancelled once the broker has given it a name. */
export const cancelOf = (order: OrderView): Options['cancel'] =>
  order.brokerOrderId === undefined || !order.working
    ? undefined
    : { type: 'cancel', brokerOrderId: order.brokerOrderId, row: `o:${order.id}` };

/** Text form of what a verdict is about: when it differs, the question is void (F114). */
export function ruledOn(ruling: Ruling, snapshot: Snapshot): string {
  if (ruling.type === 'absent') {
    const order = snapshot.orders.find((one) => one.id === ruling.orderId);
    return order === undefined ? 'gone' : `${order.state} ${order.executed}`;
  }
  const found = snapshot.positions.find((one) => one.id === ruling.positionId);
  return found === undefined ? 'gone' : `${found.side} ${found.volume} ${found.ours}`;
}
