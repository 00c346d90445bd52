/**
 * Readings of the snapshot that several panels and keys share: table rows, ledgers, alerts.
 * Deliberately no appearance and no state of its own.
 */
import type {
  ActivityView,
  Decision,
  OrderView,
  PositionView,
  Snapshot,
  Tone,
} from '../engine/index.ts';
import type { UiState } from './ui-state.ts';

export type BookRow =
  | { readonly type: 'position'; readonly id: string; readonly position: PositionView }
  | { readonly type: 'order'; readonly id: string; readonly order: OrderView };

/** Positions first, then every order whose outcome is open. */
export function bookRows(snapshot: Snapshot | undefined): readonly BookRow[] {
  if (snapshot === undefined) return [];
  return [
    ...snapshot.positions.map(
      (position) => ({ type: 'position', id: `p:${position.id}`, position }) as const,
    ),
    ...openOrders(snapshot).map(
      (order) => ({ type: 'order', id: `o:${order.id}`, order }) as const,
    ),
  ];
}

export const openOrders = (snapshot: Snapshot): readonly OrderView[] =>
  snapshot.orders.filter((order) => order.working);

export function selectedRow(snapshot: Snapshot | undefined, ui: UiState): BookRow | undefined {
  const rows = bookRows(snapshot);
  return rows.find((row) => row.id === ui.selected) ?? rows[0];
}

export interface LedgerItem<T> {
  /** Grows with time; the scroll anchor. */
  readonly at: number;
  readonly item: T;
}

const matches = (filter: string, ...texts: readonly string[]): boolean =>
  filter === '' || texts.some((text) => text.toLowerCase().includes(filter.toLowerCase()));

/** Newest first. */
export function decisionItems(
  snapshot: Snapshot | undefined,
  filter: string,
): readonly LedgerItem<Decision>[] {
  return (snapshot?.decisions ?? [])
    .filter((item) => matches(filter, item.sentence, item.blockedBy ?? ''))
    .map((item) => ({ at: item.barTime as number, item }))
    .reverse();
}

/** Newest first. */
export function activityItems(
  snapshot: Snapshot | undefined,
  filter: string,
): readonly LedgerItem<ActivityView>[] {
  return (snapshot?.activity ?? [])
    .filter((item) => matches(filter, item.text, item.kind, item.outside ?? ''))
    .map((item) => ({ at: item.seq as number, item }))
    .reverse();
}

/** Where the list starts for an anchor: the newest item that is not newer than it. */
export function topIndex(
  items: readonly LedgerItem<unknown>[],
  anchor: number | undefined,
): number {
  if (anchor === undefined) return 0;
  const index = items.findIndex((entry) => entry.at <= anchor);
  return index < 0 ? Math.max(0, items.length - 1) : index;
}

export interface Alert {
  readonly tone: Tone;
  readonly text: string;
}

/** What needs eyes now, worst first; words only. */
export function alertsOf(snapshot: Snapshot): readonly Alert[] {
  const alerts: Alert[] = [];
  const say = (tone: Tone, text: string) => alerts.push({ tone, text });
  for (const position of snapshot.positions) {
    if (position.state === 'NAKED') say('bad', `position ${position.id} has NO STOP`);
    if (position.state === 'CLOSE_UNKNOWN') say('bad', `close of ${position.id} is UNKNOWN`);
    if (position.state === 'UNSETTLED') say('warn', `position ${position.id} is UNSETTLED`);
    if (!position.ours) say('warn', `position ${position.id} is not ours`);
  }
  for (const order of snapshot.orders) {
    if (order.state === 'UNKNOWN') say('bad', 'an order is UNKNOWN: no proof either way');
    if (order.state === 'QUARANTINED') say('bad', 'an order is QUARANTINED');
  }
  for (const breaker of snapshot.breakers) {
    if (breaker.tripped) say('bad', `${breaker.name} tripped: ${breaker.reason}`);
  }
  if (snapshot.link.state !== 'READY') say('warn', `link ${snapshot.link.state}`);
  return alerts.sort((a, b) => Number(b.tone === 'bad') - Number(a.tone === 'bad'));
}
