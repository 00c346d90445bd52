/**
 * What a complete look at the broker shows otherwise than we believed: both sides, the row of the
 * reconciliation table, and what is done about it (section 6 f).
 * Deliberately only compares; acting on it is in `reconcile.ts`, `strays.ts` and `protection.ts`.
 */
import { byId } from './ids.ts';
import { isRemembered } from './membership.ts';
import type { BrokerPosition, BrokerSnapshot, OrderUpdate } from './model.ts';
import { isTerminal } from './order-moves.ts';
import { LABEL_TAG, labelOf } from './orders.ts';
import { isLooser } from './protection.ts';
import type { DifferenceView, ReconcileRow, SideView } from './snapshot-shape.ts';
import type { Core, Order, Position } from './state.ts';

/** What each row proposes, in the words of the screen. */
export const ROW_ACTIONS: Readonly<Record<ReconcileRow, string>> = {
  R03: 'the order was executed: take the position as ours and verify its stop',
  R04: 'the order waits at the broker: cancel it after 10 s',
  R05: 'the order ended without execution: free its slot',
  R06: 'the order was executed and closed meanwhile: book it from its deals',
  R07: 'our label without an order here: look for its order in the history; a verdict may adopt it',
  R08: 'our label, and its order opened another position: show it, never touch it, INTEGRITY',
  R09: 'somebody else’s: show and count it, never change it',
  R10: 'closed by deals: book it',
  R11: 'closed in part, the rest is gone: ask for the deals until they explain it',
  R12: 'gone without deals: ask for the deals until they explain it',
  R14: 'closed in part by deals: book the part',
  R15: 'smaller without a deal: take the broker’s volume, INTEGRITY',
  R16: 'larger than ours: take the broker’s volume, INTEGRITY',
  R17: 'the other side: take the broker’s, INTEGRITY',
  R18: 'no stop: restore it at once',
  R19: 'a tighter stop: accept it',
  R20: 'a looser stop: keep it within the plan, restore it beyond',
  R21: 'another target: accept it',
  R22: 'another price: take the broker’s',
  R23: 'another instrument than ours: trading is halted, INTEGRITY',
  R24: 'the close did not happen: close again with the confirmed volume',
  R25: 'closed as asked: book it from its deals',
  R26: 'open again after its end: take it back, INTEGRITY',
  R27: 'an order with our label waits unwanted: cancel it, or on command if unknown here',
};

/** The differences between what we believe before the pass and what it shows; bounded by both. */
export function differencesOf(core: Core, snapshot: BrokerSnapshot): readonly DifferenceView[] {
  const found: DifferenceView[] = [];
  for (const ours of core.positions) {
    const theirs = byId(snapshot.positions, ours.id);
    const row = rowOf(core, ours, theirs, snapshot);
    if (row === undefined) continue;
    const broker = theirs === undefined ? undefined : brokerSide(theirs);
    found.push(difference(row, ours.id, ourSide(ours), broker));
  }
  for (const theirs of snapshot.positions) {
    if (byId(core.positions, theirs.id) !== undefined) continue;
    found.push(difference(strangerRow(core, theirs), theirs.id, undefined, brokerSide(theirs)));
  }
  for (const orders of [snapshot.orders, snapshot.endedOrders]) {
    for (const shown of orders) {
      const difference = orderDifference(core, shown, snapshot);
      if (difference !== undefined) found.push(difference);
    }
  }
  return found;
}

const difference = (
  row: ReconcileRow,
  subject: string,
  ours: SideView | undefined,
  broker: SideView | undefined,
): DifferenceView => ({ row, subject, ours, broker, action: ROW_ACTIONS[row] });

const ourSide = ({ side, volume, stop, target, state }: Position): SideView => ({
  side,
  volume,
  stop,
  target,
  state,
});

const brokerSide = ({ side, volume, stop, target }: BrokerPosition): SideView => ({
  side,
  volume,
  stop,
  target,
  state: 'OPEN',
});

function rowOf(
  core: Core,
  ours: Position,
  theirs: BrokerPosition | undefined,
  { deals }: BrokerSnapshot,
): ReconcileRow | undefined {
  let closed = 0;
  for (const deal of deals) {
    const isFresh = deal.positionId === ours.id && !isRemembered(core.deals, deal.id);
    if (isFresh) closed += deal.close?.closedVolume ?? 0;
  }
  const isClosing = ours.state === 'CLOSING' || ours.state === 'CLOSE_UNKNOWN';
  if (theirs === undefined) {
    if (closed >= ours.volume) return isClosing ? 'R25' : 'R10';
    return closed > 0 ? 'R11' : 'R12';
  }
  const known = core.instrument?.id ?? theirs.instrumentId;
  if (ours.ours && theirs.instrumentId !== known) return 'R23';
  if (theirs.side !== ours.side) return 'R17';
  if (theirs.volume < ours.volume) {
    return closed === ours.volume - theirs.volume ? 'R14' : 'R15';
  }
  if (theirs.volume > ours.volume) return 'R16';
  if (ours.state === 'CLOSE_UNKNOWN') return 'R24';
  return levelRow(ours, theirs);
}

function levelRow(ours: Position, theirs: BrokerPosition): ReconcileRow | undefined {
  if (theirs.stop === undefined) return ours.ours ? 'R18' : undefined;
  if (ours.stop !== undefined && theirs.stop !== ours.stop) {
    return isLooser(ours.side, theirs.stop, ours.stop) ? 'R20' : 'R19';
  }
  if (theirs.target !== ours.target) return 'R21';
  return theirs.entry === ours.entry ? undefined : 'R22';
}

function strangerRow(core: Core, theirs: BrokerPosition): ReconcileRow {
  const { id, label } = theirs;
  if (core.gone.some((one) => one.id === id)) return 'R26';
  if (orderBehind(core, theirs) !== undefined) return 'R03';
  if (core.orders.some((order) => labelOf(order.id) === label)) return 'R08';
  return label?.startsWith(LABEL_TAG) ? 'R07' : 'R09';
}

/** One order opens one position: a label that came true elsewhere explains no other (R08). */
export const isFreeFor = (order: Order, { id }: BrokerPosition): boolean =>
  order.positionId === undefined || order.positionId === id;

/** The order of ours that this position came from, by its label. */
export const orderBehind = (core: Core, shown: BrokerPosition): Order | undefined =>
  core.orders.findLast((one) => shown.label === labelOf(one.id) && isFreeFor(one, shown));

function orderDifference(
  core: Core,
  shown: OrderUpdate,
  snapshot: BrokerSnapshot,
): DifferenceView | undefined {
  if (shown.closing || shown.protective) return undefined;
  const order = core.orders.findLast(
    (one) => one.id === shown.clientOrderId || labelOf(one.id) === shown.label,
  );
  const row = orderRow(order, shown, snapshot);
  if (row === undefined) return undefined;
  const theirs = { ...shown, state: shown.status };
  const { side, volume, state } = theirs;
  const levels = { stop: undefined, target: undefined };
  const ours = order && { side: order.side, volume: order.volume, ...levels, state: order.state };
  return difference(row, shown.brokerOrderId, ours, { side, volume, ...levels, state });
}

function orderRow(
  order: Order | undefined,
  shown: OrderUpdate,
  { positions }: BrokerSnapshot,
): ReconcileRow | undefined {
  const isPending = shown.status === 'working';
  if (order === undefined) return isPending && isTagged(shown) ? 'R27' : undefined;
  if (isTerminal(order.state)) return isPending ? 'R27' : undefined;
  if (isPending) return order.state === 'ACCEPTED' || order.state === 'PARTIAL' ? undefined : 'R04';
  if (shown.executed === 0) return 'R05';
  return positions.some((one) => one.id === shown.positionId) ? undefined : 'R06';
}

const isTagged = ({ label }: OrderUpdate): boolean => label?.startsWith(LABEL_TAG) ?? false;
