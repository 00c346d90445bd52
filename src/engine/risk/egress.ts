/**
 * The last look before anything that can move money leaves, in the same turn as its bytes (A3).
 * The only place that makes a Permitted and, beside the snapshot, the only one that reads the mode
 * (A2).
 */
import { sessionAt } from '../calendar.ts';
import type { BrokerRequest } from '../effect.ts';
import type { LinkState } from '../event.ts';
import type { Permitted } from '../permitted.ts';
import type { Core } from '../state.ts';
import type { View } from './breakers.ts';
import { entryRefusal, slotRefusal } from './gate.ts';

/** Own order caps: entries in a minute and in a day, independent of any strategy (F50). */
const ENTRIES_PER_MINUTE = 2;
const ENTRIES_PER_DAY = 20;
const MINUTE = 60_000;
const DAY = 86_400_000;

/** Closing and protecting need an authorised account, not READY (5.6). */
const CAN_CLOSE: ReadonlySet<LinkState> = new Set<LinkState>(['SYNCING', 'READY', 'DEGRADED']);

export type Verdict =
  | { readonly ok: true; readonly permitted: Permitted<BrokerRequest> }
  | { readonly ok: false; readonly reason: string };

/** May this request leave now, and where to? A refusal names its reason. */
export function permit(view: View, request: BrokerRequest): Verdict {
  const reason = request.type === 'submitOrder' ? refuseEntry(view, request) : closeRefusal(view);
  if (reason !== undefined) return { ok: false, reason };
  const destination = view.core.config?.mode === 'live' ? 'broker' : 'paper';
  return { ok: true, permitted: { ...request, destination } as Permitted<BrokerRequest> };
}

function refuseEntry(
  view: View,
  request: Extract<BrokerRequest, { type: 'submitOrder' }>,
): string | undefined {
  const order = view.core.orders.findLast((one) => one.id === request.clientOrderId);
  if (order === undefined || order.state !== 'SEND_BEGINS' || order.barrier !== undefined) {
    return 'the order was not announced';
  }
  if (order.volume !== request.volume || order.side !== request.side) {
    return 'the request differs from the approved order';
  }
  return entryRefusal(view, order.side) ?? slotRefusal(view) ?? capRefusal(view.core, view);
}

function capRefusal(core: Core, view: View): string | undefined {
  const within = (ms: number) =>
    core.entriesSent.filter((sentAt) => view.at.mono - sentAt < ms).length;
  if (within(MINUTE) >= ENTRIES_PER_MINUTE) return `${ENTRIES_PER_MINUTE} entries in a minute`;
  return within(DAY) >= ENTRIES_PER_DAY ? `${ENTRIES_PER_DAY} entries in a day` : undefined;
}

/** Why closing or protecting cannot leave now; nobody should ask for it in vain (F44). */
export function closeRefusal(view: View): string | undefined {
  const { link, instrument } = view.core;
  if (!CAN_CLOSE.has(link.state)) return `link ${link.state}`;
  if (instrument === undefined) return 'the instrument is not known';
  const closed = sessionAt(instrument.sessions, view.at.wall).state === 'closed';
  return closed ? 'the session is closed' : undefined;
}
