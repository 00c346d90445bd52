/**
 * What the simulated exchange did, in the words a Broker uses: events, orders, positions, a whole
 * snapshot.
 * Deliberately a translation only; `paper-broker.ts` decides when it is said.
 */
import {
  type Account,
  type BrokerEvent,
  type BrokerPosition,
  type BrokerSnapshot,
  type Deal,
  type Generation,
  type OrderUpdate,
  clientOrderId as toClientOrderId,
  untrusted,
  type Wall,
} from '../engine/index.ts';
import { listOf } from '../engine/trail.ts';
import type {
  DealFacts,
  ExchangeOutput,
  ExchangeState,
  ExecutionOutput,
  OrderFacts,
  PositionFacts,
} from './exchange-types.ts';

/** Tells it in the words of a broker, with the account as it is now. */
export function tellOutput(
  output: ExchangeOutput,
  account: Account,
  generation: Generation,
  tell: (event: BrokerEvent) => void,
): void {
  switch (output.type) {
    case 'execution':
      tellExecution(output, account, generation, tell);
      break;
    case 'refused':
      tell({
        type: 'requestFailed',
        generation,
        requestId: output.ref,
        definitive: true,
        code: output.code,
        description: untrusted(output.description),
      });
      break;
    case 'cash':
      tell({ type: 'account', account });
      break;
    case 'swap':
      break;
    case 'trailing':
      tell(protectionOf(output.position, generation));
  }
}

/** In the order a real broker's events arrive: order, then deal, then what changed by it. */
function tellExecution(
  output: ExecutionOutput,
  account: Account,
  generation: Generation,
  tell: (event: BrokerEvent) => void,
): void {
  const { deal, order, position, time } = output;
  tell({ type: 'orderUpdate', generation, update: orderUpdateOf(order, time) });
  if (deal !== undefined) {
    tell({ type: 'deal', generation, deal: dealOf(deal) });
    if (deal.close !== undefined) tell({ type: 'account', account });
  }
  if (order.type === 'PROTECTIVE' && position.status === 'OPEN') {
    tell(protectionOf(position, generation));
  }
}

const protectionOf = (position: PositionFacts, generation: Generation): BrokerEvent => ({
  type: 'protection',
  generation,
  positionId: position.id,
  stop: position.stop,
  target: position.target,
});

const STATUS = {
  ACCEPTED: 'working',
  FILLED: 'filled',
  CANCELLED: 'cancelled',
  EXPIRED: 'expired',
  REJECTED: 'rejected',
} as const;

/** A protective order keeps its levels where others keep their own prices. */
export function orderUpdateOf(order: OrderFacts, time: Wall): OrderUpdate {
  const { clientOrderId, label, type, stopPrice, limitPrice } = order;
  const isProtective = type === 'PROTECTIVE';
  const waitsAt = type === 'LIMIT' ? limitPrice : stopPrice;
  return {
    brokerOrderId: order.id,
    positionId: order.positionId,
    instrumentId: order.instrumentId,
    side: order.side,
    volume: order.volume,
    executed: order.executed,
    status: STATUS[order.status],
    closing: order.closing,
    protective: isProtective,
    time,
    clientOrderId: clientOrderId === undefined ? undefined : toClientOrderId(clientOrderId),
    label: label === undefined ? undefined : untrusted(label),
    stop: isProtective ? stopPrice : order.stopLevel,
    target: isProtective ? limitPrice : order.targetLevel,
    waitsAt: isProtective ? undefined : waitsAt,
  };
}

/** What the exchange alone needs to know of a deal stays there. */
const dealOf = (facts: DealFacts): Deal => ({
  id: facts.id,
  brokerOrderId: facts.brokerOrderId,
  positionId: facts.positionId,
  instrumentId: facts.instrumentId,
  side: facts.side,
  filled: facts.filled,
  price: facts.price,
  time: facts.time,
  commission: facts.commission,
  exponent: facts.exponent,
  cause: facts.cause,
  close: facts.close,
});

export function positionOf(facts: PositionFacts): BrokerPosition {
  const { id, instrumentId, side, volume, entry, swap, commission, usedMargin } = facts;
  return {
    id,
    instrumentId,
    side,
    volume,
    entry,
    swap,
    commission,
    usedMargin,
    openedAt: facts.openedAt ?? facts.updatedAt,
    stop: facts.stop,
    target: facts.target,
    label: facts.label === undefined ? undefined : untrusted(facts.label),
  };
}

/** One complete look; with history from an instant on, when asked. */
export function snapshotOf(
  state: ExchangeState,
  window: { readonly historyFrom: Wall | undefined; readonly now: Wall },
): BrokerSnapshot {
  const { historyFrom, now } = window;
  const positions: BrokerPosition[] = [];
  for (const one of state.positions) if (one.status === 'OPEN') positions.push(positionOf(one));
  const orders: OrderUpdate[] = [];
  for (const order of state.orders) orders.push(orderUpdateOf(order, order.updatedAt));
  const isAsked = historyFrom !== undefined;
  return {
    account: state.account,
    positions,
    orders,
    deals: isAsked ? dealsSince(state, historyFrom) : NOTHING,
    endedOrders: isAsked ? endsSince(state, historyFrom) : NOTHING,
    historyFrom,
    historyTo: isAsked ? now : undefined,
  };
}

const NOTHING: readonly never[] = [];

const dealsSince = ({ deals }: ExchangeState, since: Wall): readonly Deal[] =>
  listOf(deals)
    .filter(({ time }) => time >= since)
    .map(dealOf);

const endsSince = ({ endedOrders }: ExchangeState, since: Wall): readonly OrderUpdate[] =>
  listOf(endedOrders)
    .filter(({ closedAt, updatedAt }) => (closedAt ?? updatedAt) >= since)
    .map((order) => orderUpdateOf(order, order.updatedAt));
