/**
 * Readings of the snapshot that several panels and keys share: table rows, ledgers, alerts.
 * Deliberately no appearance and no state of its own.
 */
import {
  type ActivityView,
  type Decision,
  type OrderView,
  type PositionView,
  type Snapshot,
  spanText,
  type Tone,
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
  /** The same for a narrow place. */
  readonly short: string;
}

/** Renewed about three days before its end: with less than one, something keeps it from that. */
const LOGIN_NEAR_MS = 86_400_000;

/** When the stored login ends, in words; absent where nobody knows or none is needed. */
export function loginEnd({ login, wall }: Snapshot) {
  if (login === undefined) return undefined;
  const left = login.expiresAt - wall;
  const words = left <= 0 ? 'has ended' : `ends in ${spanText(left)}`;
  const tone: Tone = left <= 0 ? 'bad' : 'warn';
  return { words, tone, isNear: left < LOGIN_NEAR_MS };
}

/** What needs eyes now, worst first; words only. */
export function alertsOf(snapshot: Snapshot): readonly Alert[] {
  const alerts: Alert[] = [];
  const say = (tone: Tone, short: string, text: string) => alerts.push({ tone, text, short });
  for (const { id, state, ours } of snapshot.positions) {
    if (state === 'NAKED') say('bad', 'NO STOP', `NO STOP on position ${id}`);
    if (state === 'CLOSE_UNKNOWN') say('bad', 'CLOSE UNKNOWN', `CLOSE UNKNOWN of position ${id}`);
    if (state === 'UNSETTLED') say('warn', 'UNSETTLED', `UNSETTLED: position ${id}`);
    if (!ours) say('warn', 'NOT OURS', `NOT OURS: position ${id}`);
  }
  for (const { state } of snapshot.orders) {
    if (state === 'UNKNOWN') say('bad', 'ORDER UNKNOWN', 'UNKNOWN order: no proof either way');
    if (state === 'QUARANTINED') say('bad', 'QUARANTINED', 'QUARANTINED order: not provable');
  }
  for (const { name, tripped, reason } of snapshot.breakers) {
    if (tripped) say('bad', `${name} tripped`, `${name} tripped: ${reason}`);
  }
  const ends = loginEnd(snapshot);
  if (ends?.isNear === true)
    say(ends.tone, 'LOGIN ENDS', `LOGIN ${ends.words}: l says how to renew`);
  const { state } = snapshot.link;
  if (state !== 'READY') say('warn', `link ${state}`, `link ${state}`);
  return alerts.sort((a, b) => Number(b.tone === 'bad') - Number(a.tone === 'bad'));
}

/** What `y` copies: the explanation on top of Why, else the id of the selected row. */
export function copyText(snapshot: Snapshot | undefined, ui: UiState): string | undefined {
  if (ui.focus !== 'why') return selectedRow(snapshot, ui)?.id.slice(2);
  const items = decisionItems(snapshot, ui.filter);
  const decision = items[topIndex(items, ui.anchor.why)]?.item;
  if (decision === undefined) return undefined;
  const gates = decision.gates.map(
    (one) => `${one.pass ? 'pass' : 'FAIL'} ${one.gate}: ${one.value} (${one.threshold})`,
  );
  return [decision.sentence, ...gates].join('; ');
}
