/**
 * The last look before anything that can move money leaves, in the same turn as its bytes (A3).
 * The only place that makes a Permitted and, beside the snapshot, the only one that reads the mode
 * (A2).
 */

import { type Arming, isArmed, NOT_POSSIBLE, UNARMED } from '../arming.ts';
import { sessionAt } from '../calendar.ts';
import type { EngineConfig } from '../config.ts';
import type { BrokerRequest } from '../effect.ts';
import type { LinkState } from '../event.ts';
import { byId } from '../ids.ts';
import type { Permitted } from '../permitted.ts';
import { isLooser } from '../protection.ts';
import { capReached, keyOf } from '../requests.ts';
import type { Core } from '../state.ts';
import { capRefusal } from './breaker-rows.ts';
import type { View } from './breaker-rule.ts';
import { entryRefusal, slotRefusal } from './gate.ts';

/** Closing and protecting need an authorised account, not READY (5.6). */
const CAN_CLOSE: ReadonlySet<LinkState> = new Set<LinkState>(['SYNCING', 'READY', 'DEGRADED']);

export type Verdict =
  | { readonly ok: true; readonly permitted: Permitted<BrokerRequest> }
  | { readonly ok: false; readonly reason: string };

/** May this request leave now, and where to? A refusal names its reason. */
export function permit(view: View, request: BrokerRequest): Verdict {
  const reason = refusalOf(view, request);
  if (reason !== undefined) return { ok: false, reason };
  const destination = view.core.config?.mode === 'live' ? 'broker' : 'paper';
  const isPlain = request.type === 'submitOrder' && request.range === undefined;
  const permitted = isPlain ? plainTo(request, destination) : { ...request, destination };
  return { ok: true, permitted: permitted as Permitted<BrokerRequest> };
}

type Entry = Extract<BrokerRequest, { type: 'submitOrder' }>;

/** An entry without a range, field by field: a field that is added costs ten times as much. */
const plainTo = (entry: Entry, destination: 'broker' | 'paper') => ({
  type: entry.type,
  requestId: entry.requestId,
  clientOrderId: entry.clientOrderId,
  label: entry.label,
  instrumentId: entry.instrumentId,
  side: entry.side,
  volume: entry.volume,
  stopDistance: entry.stopDistance,
  targetDistance: entry.targetDistance,
  destination,
});

function refusalOf(view: View, request: BrokerRequest): string | undefined {
  if (request.type === 'submitOrder') return refuseEntry(view, request);
  // Nothing here asks for an order that waits; whoever does is wrong (A2).
  const waits = request.type === 'placeOrder' || request.type === 'amendOrder';
  return waits ? 'orders that wait are not entered' : refuseAct(view, request);
}

/** A run begins unarmed, whatever its journal says of the one before (I19). */
export const armingAtStart = (config: EngineConfig): Arming =>
  config.mode === 'live' ? UNARMED : NOT_POSSIBLE;

/** What takes risk leaves to a broker only while a person armed it; closing never waits for it. */
const armingRefusal = (view: View): string | undefined =>
  view.core.config?.mode === 'live' && !isArmed(view) ? 'live trading is not armed' : undefined;

/** Closing and protecting need no knowledge of the market, but caps and direction hold (I10). */
function refuseAct(view: View, request: BrokerRequest): string | undefined {
  const { core, at } = view;
  const acts = core.acts.filter((act) => act.requestId !== request.requestId);
  const key = keyOf(request);
  const levels = request.type === 'amendProtection' ? refuseLevels(core, request) : undefined;
  const cap = key === undefined ? undefined : capReached(acts, at.mono, key);
  return closeRefusal(view) ?? levels ?? cap;
}

/** Automation never moves a stop away from the market, nor touches what is not ours (I10, I33). */
function refuseLevels(
  { positions }: Core,
  request: Extract<BrokerRequest, { type: 'amendProtection' }>,
): string | undefined {
  const position = byId(positions, request.positionId);
  if (position === undefined) return 'the position is gone';
  if (!position.ours) return 'the position is not ours';
  if (!(request.stop > 0)) return 'the stop is no price';
  const { side, stop } = position;
  const isBack = stop !== undefined && isLooser(side, request.stop, stop);
  return isBack ? 'it would loosen the stop' : undefined;
}

function refuseEntry(view: View, request: Entry): string | undefined {
  const order = byId(view.core.orders, request.clientOrderId);
  if (order === undefined || order.state !== 'SEND_BEGINS' || order.barrier !== undefined) {
    return 'the order was not announced';
  }
  if (order.volume !== request.volume || order.side !== request.side) {
    return 'the request differs from the approved order';
  }
  const isLimited = view.core.config?.entrySlippageTicks !== undefined;
  if (isLimited && request.range?.base !== order.decidedPrice) return 'the entry has no range';
  return (
    armingRefusal(view) ?? entryRefusal(view, order.side) ?? slotRefusal(view) ?? capRefusal(view)
  );
}

/** Why closing or protecting cannot leave now; nobody should ask for it in vain (F44). */
export function closeRefusal(view: View): string | undefined {
  const { link, instrument } = view.core;
  if (!CAN_CLOSE.has(link.state)) return `link ${link.state}`;
  if (instrument === undefined) return 'the instrument is not known';
  const closed = sessionAt(instrument.sessions, view.at.wall).state === 'closed';
  return closed ? 'the session is closed' : undefined;
}
