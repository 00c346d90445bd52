/**
 * One side of the comparison between broker and paper: events become legs by client order id.
 * Deliberately the same for both sides, so that a difference is never one of reading.
 */
import type {
  BrokerEvent,
  ClientOrderId,
  Deal,
  OrderUpdate,
  PositionId,
  Price,
  ShadowLeg,
  Side,
} from '../engine/index.ts';
import { addVolume, money, mulDiv, price, volume } from '../engine/index.ts';

export const WAITING: ShadowLeg = { state: 'waiting', filled: volume(0), net: money(0) };

/** Deals of positions nobody knows yet, and deals seen; more than a reconnect brings. */
const KEPT = 200;

interface Entry {
  readonly leg: ShadowLeg;
  readonly position: PositionId | undefined;
  readonly closed: number;
}

/** The book of one side; `side` is what the order wanted. */
export function createLegs(side: (id: ClientOrderId) => Side | undefined) {
  const entries = new Map<ClientOrderId, Entry>();
  const owners = new Map<PositionId, ClientOrderId>();
  const requests = new Map<string, ClientOrderId>();
  const seen = new Set<string>();
  let early: readonly Deal[] = [];

  const put = (id: ClientOrderId, leg: ShadowLeg, fields: Partial<Entry> = {}): void => {
    const old = entries.get(id) ?? { leg, position: undefined, closed: 0 };
    entries.set(id, { ...old, ...fields, leg });
  };

  const deal = (one: Deal): ClientOrderId | undefined => {
    const id = owners.get(one.positionId);
    if (id === undefined) {
      early = [...early, one].slice(-KEPT);
      return undefined;
    }
    const entry = entries.get(id);
    if (entry === undefined || seen.has(one.id)) return undefined;
    seen.add(one.id);
    put(id, ...grown(entry, one, one.side === side(id)));
    return id;
  };

  const update = (one: OrderUpdate): ClientOrderId | undefined => {
    const id = one.clientOrderId;
    if (id === undefined || one.closing || !entries.has(id)) return undefined;
    const { leg } = entries.get(id) as Entry;
    if (one.positionId !== undefined) {
      owners.set(one.positionId, id);
      put(id, leg, { position: one.positionId });
      const waited = early.filter(({ positionId }) => positionId === one.positionId);
      early = early.filter(({ positionId }) => positionId !== one.positionId);
      for (const each of waited) deal(each);
    }
    if (isUnfilled(one)) put(id, { ...leg, state: 'none' });
    return id;
  };

  const refuse = (requestId: string): ClientOrderId | undefined => {
    const id = requests.get(requestId);
    if (id !== undefined && entries.has(id)) put(id, { ...WAITING, state: 'none' });
    return id;
  };

  return {
    leg: (id: ClientOrderId): ShadowLeg => entries.get(id)?.leg ?? WAITING,
    /** Its position on this side, as far as known. */
    positionOf: (id: ClientOrderId): PositionId | undefined => entries.get(id)?.position,
    ownerOf: (position: PositionId): ClientOrderId | undefined => owners.get(position),
    expect: (id: ClientOrderId, requestId: string): void => {
      requests.set(requestId, id);
      put(id, WAITING);
    },
    /** Ended on both sides: nothing is kept of it. */
    forget: (id: ClientOrderId): void => {
      const position = entries.get(id)?.position;
      if (position !== undefined) owners.delete(position);
      entries.delete(id);
      if (seen.size > KEPT) seen.clear();
    },
    /** The orders an event says something new about. */
    hear: (event: BrokerEvent): readonly ClientOrderId[] => {
      const ids = heardBy(event, { update, deal, refuse }).filter((id) => id !== undefined);
      return [...new Set(ids)];
    },
  };
}

const isUnfilled = ({ status, executed }: OrderUpdate): boolean =>
  executed === 0 && status !== 'working' && status !== 'filled';

type Said = ClientOrderId | undefined;

interface Ears {
  readonly update: (update: OrderUpdate) => Said;
  readonly deal: (deal: Deal) => Said;
  readonly refuse: (requestId: string) => Said;
}

/** A complete look at the broker brings what a lost link has swallowed. */
function heardBy(event: BrokerEvent, ears: Ears): readonly Said[] {
  if (event.type === 'orderUpdate') return [ears.update(event.update)];
  if (event.type === 'deal') return [ears.deal(event.deal)];
  if (event.type === 'requestFailed') return event.definitive ? [ears.refuse(event.requestId)] : [];
  if (event.type !== 'brokerSnapshot' || !event.pass.complete) return [];
  const { orders, endedOrders, deals } = event.pass.snapshot;
  return [...[...orders, ...endedOrders].map(ears.update), ...deals.map(ears.deal)];
}

/** A leg after one more deal: opening deals average the entry, closing ones the exit. */
function grown({ leg, closed }: Entry, deal: Deal, opens: boolean): [ShadowLeg, Partial<Entry>] {
  if (opens && deal.close === undefined) {
    const filled = addVolume(leg.filled, deal.filled);
    const entry = average(leg.entry, deal, filled);
    return [{ ...leg, state: 'open', filled, entry }, {}];
  }
  const { close } = deal;
  const out = closed + deal.filled;
  const costs = close === undefined ? 0 : close.swap + close.commission + close.conversionFee;
  const net = money(leg.net + (close?.grossProfit ?? 0) + costs);
  const state = out >= leg.filled ? 'closed' : 'open';
  const exit = average(leg.exit, deal, out);
  return [{ ...leg, state, exit, exitAt: deal.time, net }, { closed: out }];
}

const average = (before: Price | undefined, deal: Deal, total: number): Price =>
  before === undefined
    ? deal.price
    : price(before + mulDiv(deal.price - before, deal.filled, total, 'floor'));
