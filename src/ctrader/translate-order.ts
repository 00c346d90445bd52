/**
 * What the broker says about orders, deals and positions, in our words.
 * Deliberately decides nothing: executed volumes and levels go on as stated, in one direction only.
 */
import {
  type BrokerEvent,
  type BrokerPosition,
  brokerOrderId,
  clientOrderId,
  type Deal,
  type DealClose,
  dealId,
  type Generation,
  instrumentId,
  type Money,
  type OrderUpdate,
  type Price,
  positionId,
  type Side,
  untrusted,
  volume,
  type Wall,
  wall,
} from '../engine/index.ts';
import { levelFromDecimal, moneyFromWire, priceFromDecimal } from './decimal.ts';
import type { Complaints } from './translate.ts';
import {
  type ProtoOAClosePositionDetail,
  type ProtoOADeal,
  ProtoOADealStatus,
  type ProtoOAExecutionEvent,
  ProtoOAExecutionType,
  type ProtoOAOrder,
  ProtoOAOrderStatus,
  ProtoOAOrderType,
  type ProtoOAPosition,
  ProtoOAPositionStatus,
  ProtoOATradeSide,
} from './wire/schema.gen.ts';

/** What translation needs to know about the account and its instrument. */
export interface Scales {
  readonly symbolId: string;
  readonly digits: number;
  /** Exponent of the account's money. */
  readonly exponent: number;
}

/** Prices on this wire never have more decimals; other symbols' own digits are not known here. */
const MOST_DIGITS = 5;

const digitsOf = (scales: Scales, symbolId: string): number =>
  symbolId === scales.symbolId ? scales.digits : MOST_DIGITS;

const SIDES: Readonly<Record<number, Side>> = {
  [ProtoOATradeSide.BUY]: 'buy',
  [ProtoOATradeSide.SELL]: 'sell',
};

const STATUSES: Readonly<Record<number, OrderUpdate['status']>> = {
  [ProtoOAOrderStatus.ORDER_STATUS_ACCEPTED]: 'working',
  [ProtoOAOrderStatus.ORDER_STATUS_FILLED]: 'filled',
  [ProtoOAOrderStatus.ORDER_STATUS_REJECTED]: 'rejected',
  [ProtoOAOrderStatus.ORDER_STATUS_EXPIRED]: 'expired',
  [ProtoOAOrderStatus.ORDER_STATUS_CANCELLED]: 'cancelled',
};

const isProtective = (order: ProtoOAOrder): boolean =>
  order.orderType === ProtoOAOrderType.STOP_LOSS_TAKE_PROFIT;

/** The levels of an order: a protective one keeps them where others keep their own prices. */
function levelsOf(order: ProtoOAOrder, digits: number) {
  const protective = isProtective(order);
  const own = protective ? undefined : (order.limitPrice ?? order.stopPrice);
  return {
    stop: levelFromDecimal(protective ? order.stopPrice : order.stopLoss, digits),
    target: levelFromDecimal(protective ? order.limitPrice : order.takeProfit, digits),
    waitsAt: levelFromDecimal(own, digits),
  };
}

/**
 * Executed volume; without a statement it is zero only where the status leaves no other reading.
 */
function executedOf(order: ProtoOAOrder): number | undefined {
  if (order.executedVolume !== undefined) return order.executedVolume;
  return order.orderStatus === ProtoOAOrderStatus.ORDER_STATUS_FILLED ? undefined : 0;
}

/**
 * One order as stated; `undefined` with complaints when status, side or volume is unknown (F15).
 */
export function orderUpdateOf(
  order: ProtoOAOrder,
  scales: Scales,
  heard: { readonly at: Wall; readonly reason?: string },
  complaints: Complaints,
): OrderUpdate | undefined {
  const { tradeData } = order;
  const side = SIDES[tradeData.tradeSide];
  const status = STATUSES[order.orderStatus];
  const executed = executedOf(order);
  if (side === undefined) complaints.push(`order side ${tradeData.tradeSide} is unknown`);
  if (status === undefined) complaints.push(`order status ${order.orderStatus} is unknown`);
  if (executed === undefined) complaints.push('a filled order without its executed volume');
  if (side === undefined || status === undefined || executed === undefined) return undefined;
  const { stop, target, waitsAt } = levelsOf(order, digitsOf(scales, tradeData.symbolId));
  const time = order.utcLastUpdateTimestamp ?? tradeData.openTimestamp;
  return {
    brokerOrderId: brokerOrderId(order.orderId),
    ...(order.clientOrderId === undefined
      ? {}
      : { clientOrderId: clientOrderId(order.clientOrderId) }),
    ...(tradeData.label === undefined ? {} : { label: untrusted(tradeData.label) }),
    ...(order.positionId === undefined || order.positionId === '0'
      ? {}
      : { positionId: positionId(order.positionId) }),
    instrumentId: instrumentId(tradeData.symbolId),
    side,
    volume: volume(tradeData.volume),
    executed: volume(executed),
    status,
    closing: order.closingOrder === true,
    protective: isProtective(order),
    ...(stop === undefined ? {} : { stop }),
    ...(target === undefined ? {} : { target }),
    ...(waitsAt === undefined ? {} : { waitsAt }),
    ...(heard.reason === undefined ? {} : { reason: untrusted(heard.reason) }),
    time: time === undefined ? heard.at : wall(time),
  };
}

/**
 * Why a deal happened. Nothing on the wire says which level was hit: a protective order that sells
 * and filled at its limit or better took the target, otherwise the stop; buying is the mirror.
 */
export function causeOf(order: ProtoOAOrder | undefined, fill: Price, digits: number) {
  if (order === undefined) return 'request';
  if (order.isStopOut === true) return 'stop-out';
  if (!isProtective(order)) return 'request';
  const { stop, target } = levelsOf(order, digits);
  if (target === undefined) return 'stop';
  if (stop === undefined) return 'target';
  const sells = order.tradeData.tradeSide === ProtoOATradeSide.SELL;
  return (sells ? fill >= target : fill <= target) ? 'target' : 'stop';
}

const isExecution = (deal: ProtoOADeal): boolean =>
  deal.dealStatus === ProtoOADealStatus.FILLED ||
  deal.dealStatus === ProtoOADealStatus.PARTIALLY_FILLED;

const KNOWN_DEAL_STATUSES: ReadonlySet<number> = new Set(Object.values(ProtoOADealStatus));

/**
 * One execution. `undefined` without a complaint for deals that executed nothing; `order` is the
 * order of the deal where it is at hand (it alone tells stop, target and stop-out apart).
 */
export function dealOf(
  deal: ProtoOADeal,
  order: ProtoOAOrder | undefined,
  scales: Scales,
  complaints: Complaints,
): Deal | undefined {
  if (!KNOWN_DEAL_STATUSES.has(deal.dealStatus)) {
    complaints.push(`deal status ${deal.dealStatus} is unknown`);
  }
  if (!isExecution(deal) || deal.filledVolume === 0) return undefined;
  const digits = digitsOf(scales, deal.symbolId);
  const side = SIDES[deal.tradeSide];
  const fill = priceFromDecimal(deal.executionPrice, digits);
  const commission = amount(deal.commission, deal.moneyDigits, scales);
  if (side === undefined) complaints.push(`deal side ${deal.tradeSide} is unknown`);
  if (fill === undefined) complaints.push('a deal without its price');
  if (commission === undefined) complaints.push('a deal without its commission or its decimals');
  if (side === undefined || fill === undefined || commission === undefined) return undefined;
  const detail = deal.closePositionDetail;
  const close = detail === undefined ? undefined : closeOf(detail, scales, complaints);
  if (detail !== undefined && close === undefined) return undefined;
  return {
    id: dealId(deal.dealId),
    brokerOrderId: brokerOrderId(deal.orderId),
    positionId: positionId(deal.positionId),
    instrumentId: instrumentId(deal.symbolId),
    side,
    filled: volume(deal.filledVolume),
    price: fill,
    time: wall(deal.executionTimestamp),
    commission,
    exponent: scales.exponent,
    ...(close === undefined ? {} : { close }),
    cause: causeOf(order, fill, digits),
  };
}

/** An amount that was not stated is unknown, never zero (F16 F56). */
const amount = (
  value: number | undefined,
  moneyDigits: number | undefined,
  scales: Scales,
): Money | undefined =>
  value === undefined ? undefined : moneyFromWire(value, moneyDigits, scales.exponent);

/** The money of a closing deal; every amount has the exponent of this part of the message. */
function closeOf(
  detail: ProtoOAClosePositionDetail,
  scales: Scales,
  complaints: Complaints,
): DealClose | undefined {
  const exact = (value: number): Money | undefined => amount(value, detail.moneyDigits, scales);
  // An average of fills: keeps all five decimals.
  const entryPrice = priceFromDecimal(detail.entryPrice, MOST_DIGITS);
  const grossProfit = exact(detail.grossProfit);
  const swap = exact(detail.swap);
  const commission = exact(detail.commission);
  const balance = exact(detail.balance);
  // Servers without the fee do not have the field; the balance identity would show a missing one.
  const conversionFee = exact(detail.pnlConversionFee ?? 0);
  const { closedVolume, balanceVersion } = detail;
  if (
    entryPrice === undefined ||
    grossProfit === undefined ||
    swap === undefined ||
    commission === undefined ||
    balance === undefined ||
    conversionFee === undefined ||
    closedVolume === undefined ||
    balanceVersion === undefined
  ) {
    complaints.push('a closing deal without all of its money facts');
    return undefined;
  }
  return {
    entryPrice,
    closedVolume: volume(closedVolume),
    grossProfit,
    swap,
    commission,
    conversionFee,
    balance,
    balanceVersion,
  };
}

/**
 * True for a position that holds volume: the status alone is not to be trusted (fact sheet 5.4).
 */
export const isHeld = (position: ProtoOAPosition): boolean =>
  position.positionStatus !== ProtoOAPositionStatus.POSITION_STATUS_CLOSED &&
  position.tradeData.volume > 0;

/** A held position; `undefined` with complaints when a fact of it is missing. */
export function positionOf(
  position: ProtoOAPosition,
  scales: Scales,
  complaints: Complaints,
): BrokerPosition | undefined {
  const { tradeData, moneyDigits } = position;
  const digits = digitsOf(scales, tradeData.symbolId);
  const side = SIDES[tradeData.tradeSide];
  // A volume-weighted average: more decimals than the symbol has are real.
  const entry = priceFromDecimal(position.price, MOST_DIGITS);
  const swap = amount(position.swap, moneyDigits, scales);
  const commission = amount(position.commission, moneyDigits, scales);
  const usedMargin = amount(position.usedMargin, moneyDigits, scales);
  const openedAt = tradeData.openTimestamp;
  if (
    side === undefined ||
    entry === undefined ||
    entry <= 0 ||
    swap === undefined ||
    commission === undefined ||
    usedMargin === undefined ||
    openedAt === undefined
  ) {
    complaints.push('a position without all of its facts');
    return undefined;
  }
  const stop = levelFromDecimal(position.stopLoss, digits);
  const target = levelFromDecimal(position.takeProfit, digits);
  return {
    id: positionId(position.positionId),
    instrumentId: instrumentId(tradeData.symbolId),
    side,
    volume: volume(tradeData.volume),
    entry,
    ...(stop === undefined ? {} : { stop }),
    ...(target === undefined ? {} : { target }),
    openedAt: wall(openedAt),
    ...(tradeData.label === undefined ? {} : { label: untrusted(tradeData.label) }),
    swap,
    commission,
    usedMargin,
  };
}

const KNOWN_EXECUTIONS: ReadonlySet<number> = new Set(Object.values(ProtoOAExecutionType));

/** These concern money on the account, not an order. */
const MONEY_EXECUTIONS: ReadonlySet<number> = new Set([
  ProtoOAExecutionType.SWAP,
  ProtoOAExecutionType.DEPOSIT_WITHDRAW,
  ProtoOAExecutionType.BONUS_DEPOSIT_WITHDRAW,
]);

export interface Execution {
  readonly events: readonly BrokerEvent[];
  /** The balance may have changed without a deal: ask for the account. */
  readonly accountChanged: boolean;
}

/**
 * One execution event: the order as it now is, the deal, and the levels the position now shows.
 * Complaints mean that something changed which we could not read: reconcile (F14 F15).
 */
export function executionOf(
  event: ProtoOAExecutionEvent,
  scales: Scales,
  heard: { readonly generation: Generation; readonly at: Wall },
  complaints: Complaints,
): Execution {
  const { order, deal, executionType } = event;
  if (!KNOWN_EXECUTIONS.has(executionType)) {
    complaints.push(`execution type ${executionType} is unknown`);
  }
  const { generation } = heard;
  const events: BrokerEvent[] = [];
  if (order !== undefined) {
    const reason = event.errorCode === undefined ? {} : { reason: event.errorCode };
    const update = orderUpdateOf(order, scales, { at: heard.at, ...reason }, complaints);
    if (update !== undefined) events.push({ type: 'orderUpdate', generation, update });
  } else if (!MONEY_EXECUTIONS.has(executionType)) {
    complaints.push('an execution event without its order');
  }
  if (deal !== undefined) {
    const made = dealOf(deal, order, scales, complaints);
    if (made !== undefined) events.push({ type: 'deal', generation, deal: made });
  }
  const protection = protectionOf(event, scales, generation);
  if (protection !== undefined) events.push(protection);
  return { events, accountChanged: MONEY_EXECUTIONS.has(executionType) };
}

/**
 * The levels of a position that is open after the event. The fill of a market order does not show
 * its levels yet, so their absence counts only when the protective order itself is the subject;
 * and the fill that closes shows CREATED with levels still listed, which are no levels any more.
 */
function protectionOf(
  event: ProtoOAExecutionEvent,
  scales: Scales,
  generation: Generation,
): BrokerEvent | undefined {
  const { position, order } = event;
  if (position === undefined || position.tradeData.volume <= 0) return undefined;
  if (position.positionStatus !== ProtoOAPositionStatus.POSITION_STATUS_OPEN) return undefined;
  const digits = digitsOf(scales, position.tradeData.symbolId);
  const stop = levelFromDecimal(position.stopLoss, digits);
  const target = levelFromDecimal(position.takeProfit, digits);
  const aboutLevels = order !== undefined && isProtective(order);
  if (!aboutLevels && stop === undefined && target === undefined) return undefined;
  const id = positionId(position.positionId);
  return { type: 'protection', generation, positionId: id, stop, target };
}
