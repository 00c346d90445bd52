/**
 * Is everything resolved? What keeps a world from its end, as a sentence.
 * Deliberately compares with the exchange: an engine that only believes itself resolved is not.
 */

import { isTerminal } from '../engine/order-moves.ts';
import { labelOf } from '../engine/orders.ts';
import type { EngineState } from '../engine/state.ts';
import { listOf } from '../engine/trail.ts';
import type { WorldSide } from './world-side.ts';

/** The first matter that is still open, or nothing. */
export function unresolved(
  { core }: EngineState,
  broker: Pick<WorldSide, 'desk'>,
): string | undefined {
  const { desk } = broker;
  const { positions, orders, endedOrders, account } = desk.state();
  if (core.link.state !== 'READY') return `the link is ${core.link.state}`;
  if (!core.reconciled) return 'there was no reconciliation';
  if (desk.pending() > 0) return 'the exchange has something on its way';
  if (orders.some((order) => order.type === 'MARKET')) return 'an order works at the exchange';
  for (const order of core.orders) {
    if (isTerminal(order.state)) continue;
    const label = labelOf(order.id);
    const known = [...orders, ...listOf(endedOrders)].some((one) => one.label === label);
    // Nothing at the broker proves it either way: waiting for the operator has a name (T13).
    if (order.state !== 'QUARANTINED' || known) return `order ${order.id} is ${order.state}`;
  }
  const open = positions.filter((one) => one.status === 'OPEN');
  for (const truth of open) {
    const local = core.positions.find((one) => one.id === truth.id);
    if (local === undefined) return `position ${truth.id} is open at the broker only`;
    const isSame =
      local.volume === truth.volume && local.stop === truth.stop && local.side === truth.side;
    if (!isSame) return `position ${truth.id} is not what the broker has`;
    if (local.ours && local.state !== 'PROTECTED') return `position ${truth.id} is ${local.state}`;
  }
  const phantom = core.positions.find((one) => !open.some((truth) => truth.id === one.id));
  if (phantom !== undefined) return `position ${phantom.id} is ${phantom.state} here only`;
  if (core.unexplainedSince !== undefined) return 'a change of the balance is not explained';
  if (core.account?.balance !== account.balance) return 'the balance is an old one';
  return undefined;
}
