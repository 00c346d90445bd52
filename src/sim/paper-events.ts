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
  clientOrderId,
  type Deal,
  type Generation,
  type OrderUpdate,
  untrusted,
  type Wall,
} from '../engine/index.ts';
import { optional } from './exchange-records.ts';
import type {
  DealFacts,
  ExchangeOutput,
  ExchangeState,
  ExecutionOutput,
  OrderFacts,
  PositionFacts,
} from './exchange-types.ts';

/**
 * In the order a real broker's events arrive: order, then deal, then what changed because of it.
 */
export function eventsOf(
  output: ExchangeOutput,
  account: Account,
  generation: Generation,
): readonly BrokerEvent[] {
  switch (output.type) {
    case 'execution':
      return executionEvents(output, account, generation);
    case 'refused':
      return [
        {
          type: 'requestFailed',
          generation,
          requestId: output.ref,
          definitive: true,
          code: output.code,
          description: untrusted(output.description),
        },
      ];
    case 'cash':
      return [{ type: 'account', account }];
    case 'swap':
      return [];
    case 'trailing': {
      const { id, stop, target } = output.position;
      return [{ type: 'protection', generation, positionId: id, stop, target }];
    }
  }
}

function executionEvents(
  output: ExecutionOutput,
  account: Account,
  generation: Generation,
): readonly BrokerEvent[] {
  const events: BrokerEvent[] = [
    { type: 'orderUpdate', generation, update: orderUpdateOf(output.order, output.time) },
  ];
  const { deal, order, position } = output;
  if (deal !== undefined) events.push({ type: 'deal', generation, deal: dealOf(deal) });
  if (deal?.close !== undefined) events.push({ type: 'account', account });
  if (order.type === 'PROTECTIVE' && position.status === 'OPEN') {
    const { stop, target } = position;
    events.push({ type: 'protection', generation, positionId: position.id, stop, target });
  }
  return events;
}

const STATUS = {
  ACCEPTED: 'working',
  FILLED: 'filled',
  CANCELLED: 'cancelled',
  EXPIRED: 'expired',
  REJECTED: 'rejected',
} as const;

/** A protective order keeps its levels where others keep their own prices. */
function levelsOf(order: OrderFacts) {
  if (order.type === 'PROTECTIVE') {
    return { ...optional('stop', order.stopPrice), ...optional('target', order.limitPrice) };
  }
  return {
    ...optional('stop', order.stopLevel),
    ...optional('target', order.targetLevel),
    ...optional('waitsAt', order.type === 'LIMIT' ? order.limitPrice : order.stopPrice),
  };
}

export function orderUpdateOf(order: OrderFacts, time: Wall): OrderUpdate {
  const own = order.clientOrderId === undefined ? undefined : clientOrderId(order.clientOrderId);
  const label = order.label === undefined ? undefined : untrusted(order.label);
  return {
    brokerOrderId: order.id,
    positionId: order.positionId,
    instrumentId: order.instrumentId,
    side: order.side,
    volume: order.volume,
    executed: order.executed,
    status: STATUS[order.status],
    closing: order.closing,
    protective: order.type === 'PROTECTIVE',
    time,
    ...optional('clientOrderId', own),
    ...optional('label', label),
    ...levelsOf(order),
  };
}

function dealOf(facts: DealFacts): Deal {
  const { orderVolume: _volume, createdAt: _created, ...deal } = facts;
  return deal;
}

export function positionOf(facts: PositionFacts): BrokerPosition {
  const { id, instrumentId, side, volume, entry, swap, commission, usedMargin } = facts;
  const label = facts.label === undefined ? undefined : untrusted(facts.label);
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
    ...optional('stop', facts.stop),
    ...optional('target', facts.target),
    ...optional('label', label),
  };
}

/** One complete look; with history from an instant on, when asked. */
export function snapshotOf(
  state: ExchangeState,
  window: { readonly historyFrom: Wall | undefined; readonly now: Wall },
): BrokerSnapshot {
  const { historyFrom, now } = window;
  const isAsked = historyFrom !== undefined;
  const since = (time: Wall): boolean => isAsked && time >= historyFrom;
  return {
    account: state.account,
    positions: state.positions.filter(({ status }) => status === 'OPEN').map(positionOf),
    orders: state.orders.map((order) => orderUpdateOf(order, order.updatedAt)),
    deals: isAsked ? state.deals.filter((deal) => since(deal.time)).map(dealOf) : [],
    endedOrders: isAsked
      ? state.endedOrders
          .filter((order) => since(order.closedAt ?? order.updatedAt))
          .map((order) => orderUpdateOf(order, order.updatedAt))
      : [],
    ...(historyFrom === undefined ? {} : { historyFrom, historyTo: now }),
  };
}
