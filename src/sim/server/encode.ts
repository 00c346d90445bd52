/**
 * The simulated exchange's facts as wire records: orders, positions, deals, symbols, account, bars.
 * Deliberately written from the protocol's published and recorded facts alone, not from the
 * client's translation: two independent readings of one wire check each other (A8).
 */

import type {
  ProtoOAClosePositionDetail,
  ProtoOADeal,
  ProtoOAExecutionEvent,
  ProtoOALightSymbol,
  ProtoOAOrder,
  ProtoOAPosition,
  ProtoOASymbol,
  ProtoOATradeData,
  ProtoOATrader,
  ProtoOATrendbar,
} from '../../ctrader/wire/schema.gen.ts';
import {
  ProtoOAAccessRights as ProtoOAAccess,
  ProtoOAAccountType,
  ProtoOACommissionType,
  ProtoOADayOfWeek,
  ProtoOADealStatus,
  ProtoOAExecutionType,
  ProtoOAOrderStatus,
  ProtoOAOrderTriggerMethod,
  ProtoOAOrderType,
  ProtoOAPositionStatus,
  ProtoOASymbolDistanceType,
  ProtoOATimeInForce,
  ProtoOATotalMarginCalculationType,
  ProtoOATradeSide,
  ProtoOATradingMode,
} from '../../ctrader/wire/schema.gen.ts';
import { type Bar, PRICE_SCALE, type Side, tickSize } from '../../engine/index.ts';
import { listedAs } from '../exchange-money.ts';
import { optional } from '../exchange-records.ts';
import type {
  DealFacts,
  ExchangeState,
  ExecutionOutput,
  ExecutionType,
  Listing,
  OrderFacts,
  PositionFacts,
} from '../exchange-types.ts';
import type { ListedSymbol } from './parameters.ts';

const MINUTE_MS = 60_000;

/** Orders and positions carry prices as plain decimals, market data as integers x 100 000. */
const decimalPrice = (scaled: number): number => scaled / PRICE_SCALE;

const SIDES: { readonly [S in Side]: ProtoOATradeSide } = {
  buy: ProtoOATradeSide.BUY,
  sell: ProtoOATradeSide.SELL,
};

const ORDER_TYPES: { readonly [T in OrderFacts['type']]: ProtoOAOrderType } = {
  MARKET: ProtoOAOrderType.MARKET,
  LIMIT: ProtoOAOrderType.LIMIT,
  STOP: ProtoOAOrderType.STOP,
  MARKET_RANGE: ProtoOAOrderType.MARKET_RANGE,
  STOP_LIMIT: ProtoOAOrderType.STOP_LIMIT,
  PROTECTIVE: ProtoOAOrderType.STOP_LOSS_TAKE_PROFIT,
};

const ORDER_STATUSES: { readonly [T in OrderFacts['status']]: ProtoOAOrderStatus } = {
  ACCEPTED: ProtoOAOrderStatus.ORDER_STATUS_ACCEPTED,
  FILLED: ProtoOAOrderStatus.ORDER_STATUS_FILLED,
  CANCELLED: ProtoOAOrderStatus.ORDER_STATUS_CANCELLED,
  EXPIRED: ProtoOAOrderStatus.ORDER_STATUS_EXPIRED,
  REJECTED: ProtoOAOrderStatus.ORDER_STATUS_REJECTED,
};

const IN_FORCE: { readonly [T in OrderFacts['timeInForce']]: ProtoOATimeInForce } = {
  IOC: ProtoOATimeInForce.IMMEDIATE_OR_CANCEL,
  GTC: ProtoOATimeInForce.GOOD_TILL_CANCEL,
  GTD: ProtoOATimeInForce.GOOD_TILL_DATE,
};

const POSITION_STATUSES: { readonly [T in PositionFacts['status']]: ProtoOAPositionStatus } = {
  CREATED: ProtoOAPositionStatus.POSITION_STATUS_CREATED,
  OPEN: ProtoOAPositionStatus.POSITION_STATUS_OPEN,
  CLOSED: ProtoOAPositionStatus.POSITION_STATUS_CLOSED,
};

const EXECUTIONS: { readonly [T in ExecutionType]: ProtoOAExecutionType } = {
  ACCEPTED: ProtoOAExecutionType.ORDER_ACCEPTED,
  FILLED: ProtoOAExecutionType.ORDER_FILLED,
  PARTIAL_FILL: ProtoOAExecutionType.ORDER_PARTIAL_FILL,
  REPLACED: ProtoOAExecutionType.ORDER_REPLACED,
  CANCELLED: ProtoOAExecutionType.ORDER_CANCELLED,
  EXPIRED: ProtoOAExecutionType.ORDER_EXPIRED,
};

/** What money and margin fields of one instrument and account need. */
export interface Terms {
  readonly moneyDigits: number;
  readonly quoteToDeposit: number;
  readonly units: string;
}

export function termsOf(state: ExchangeState, symbol: ListedSymbol): Terms {
  const rate = listedAs(state, symbol.symbolId)?.quoteToDeposit;
  return {
    moneyDigits: state.account.exponent,
    quoteToDeposit: rate === undefined ? 1 : rate.numerator / rate.denominator,
    units: symbol.measurementUnits,
  };
}

/** Base to deposit; eight decimals, as rates are shown. */
const marginRate = (priceScaled: number, terms: Terms): number =>
  Number((decimalPrice(priceScaled) * terms.quoteToDeposit).toFixed(8));

function tradeData(
  facts: OrderFacts | PositionFacts,
  openTimestamp: number | undefined,
  terms: Terms,
): ProtoOATradeData {
  return {
    symbolId: facts.instrumentId,
    volume: facts.volume,
    tradeSide: SIDES[facts.side],
    ...optional('openTimestamp', openTimestamp),
    ...optional('label', facts.label),
    guaranteedStopLoss: false,
    ...optional('comment', facts.comment),
    measurementUnits: terms.units,
    ...optional('closeTimestamp', facts.closedAt),
  };
}

export function encodeOrder(order: OrderFacts, terms: Terms): ProtoOAOrder {
  const protective = order.type === 'PROTECTIVE';
  const decimal = (scaled: number | undefined): number | undefined =>
    scaled === undefined ? undefined : decimalPrice(scaled);
  return {
    orderId: order.id,
    tradeData: tradeData(order, order.createdAt, terms),
    orderType: ORDER_TYPES[order.type],
    orderStatus: ORDER_STATUSES[order.status],
    ...optional('executionPrice', decimal(order.executionPrice)),
    executedVolume: order.executed,
    utcLastUpdateTimestamp: order.updatedAt,
    closingOrder: order.closing,
    ...optional('limitPrice', decimal(order.limitPrice)),
    ...optional('stopPrice', decimal(order.stopPrice)),
    ...optional('clientOrderId', order.clientOrderId),
    timeInForce: IN_FORCE[order.timeInForce],
    positionId: order.positionId,
    ...optional('relativeStopLoss', order.stopDistance),
    ...optional('relativeTakeProfit', order.targetDistance),
    ...optional('stopLoss', decimal(order.stopLevel)),
    ...optional('takeProfit', decimal(order.targetLevel)),
    ...optional('expirationTimestamp', order.expiresAt),
    isStopOut: order.stopOut,
    trailingStopLoss: order.trails === true,
    ...(protective ? { stopTriggerMethod: ProtoOAOrderTriggerMethod.TRADE } : {}),
  };
}

/** Levels are on the position only once the protective order exists (recorded). */
export function encodePosition(position: PositionFacts, terms: Terms): ProtoOAPosition {
  const { stop, target } = position;
  const shielded = stop !== undefined || target !== undefined;
  return {
    positionId: position.id,
    tradeData: tradeData(position, position.openedAt, terms),
    positionStatus: POSITION_STATUSES[position.status],
    swap: position.swap,
    price: decimalPrice(position.entry),
    ...(stop === undefined ? {} : { stopLoss: decimalPrice(stop) }),
    ...(target === undefined ? {} : { takeProfit: decimalPrice(target) }),
    utcLastUpdateTimestamp: position.updatedAt,
    commission: position.commission,
    marginRate: marginRate(position.entry, terms),
    mirroringCommission: 0,
    guaranteedStopLoss: false,
    usedMargin: position.usedMargin,
    ...(shielded ? { stopLossTriggerMethod: ProtoOAOrderTriggerMethod.TRADE } : {}),
    moneyDigits: terms.moneyDigits,
    trailingStopLoss: position.trailing !== undefined,
  };
}

export function encodeDeal(deal: DealFacts, terms: Terms): ProtoOADeal {
  const whole = deal.filled === deal.orderVolume;
  return {
    dealId: deal.id,
    orderId: deal.brokerOrderId,
    positionId: deal.positionId,
    volume: deal.orderVolume,
    filledVolume: deal.filled,
    symbolId: deal.instrumentId,
    createTimestamp: deal.createdAt,
    executionTimestamp: deal.time,
    utcLastUpdateTimestamp: deal.time,
    executionPrice: decimalPrice(deal.price),
    tradeSide: SIDES[deal.side],
    dealStatus: whole ? ProtoOADealStatus.FILLED : ProtoOADealStatus.PARTIALLY_FILLED,
    marginRate: marginRate(deal.price, terms),
    commission: deal.commission,
    ...(deal.close === undefined ? {} : { closePositionDetail: closeDetail(deal.close, terms) }),
    moneyDigits: deal.exponent,
  };
}

const closeDetail = (
  close: NonNullable<DealFacts['close']>,
  terms: Terms,
): ProtoOAClosePositionDetail => ({
  entryPrice: decimalPrice(close.entryPrice),
  grossProfit: close.grossProfit,
  swap: close.swap,
  commission: close.commission,
  balance: close.balance,
  quoteToDepositConversionRate: terms.quoteToDeposit,
  closedVolume: close.closedVolume,
  balanceVersion: close.balanceVersion,
  moneyDigits: terms.moneyDigits,
  pnlConversionFee: close.conversionFee,
});

export const encodeExecution = (
  accountId: string,
  output: ExecutionOutput,
  terms: Terms,
): ProtoOAExecutionEvent => ({
  ctidTraderAccountId: accountId,
  executionType: EXECUTIONS[output.execution],
  position: encodePosition(output.position, terms),
  order: encodeOrder(output.order, terms),
  ...(output.deal === undefined ? {} : { deal: encodeDeal(output.deal, terms) }),
  isServerEvent: output.serverEvent,
});

const ACCESS: { readonly [A in ExchangeState['account']['access']]: ProtoOAAccess } = {
  full: ProtoOAAccess.FULL_ACCESS,
  'close-only': ProtoOAAccess.CLOSE_ONLY,
  none: ProtoOAAccess.NO_TRADING,
};

export function encodeTrader(
  state: ExchangeState,
  depositAssetId: string,
  registeredAt: number,
): ProtoOATrader {
  const { account } = state;
  return {
    ctidTraderAccountId: account.id,
    balance: account.balance,
    balanceVersion: account.balanceVersion,
    managerBonus: 0,
    ibBonus: 0,
    nonWithdrawableBonus: 0,
    accessRights: ACCESS[account.access],
    depositAssetId,
    swapFree: false,
    leverageInCents: account.leverageCents,
    totalMarginCalculationType: ProtoOATotalMarginCalculationType.SUM,
    maxLeverage: account.leverageCents,
    traderLogin: account.login,
    accountType:
      state.netting === undefined ? ProtoOAAccountType.HEDGED : ProtoOAAccountType.NETTED,
    brokerName: account.brokerName,
    registrationTimestamp: registeredAt,
    isLimitedRisk: false,
    moneyDigits: account.exponent,
  };
}

/** Nothing needed for sizing is in the light form. */
export const encodeLightSymbol = (symbol: ListedSymbol, place: number): ProtoOALightSymbol => ({
  symbolId: symbol.symbolId,
  symbolName: symbol.name,
  enabled: symbol.enabled,
  ...optional('baseAssetId', symbol.baseAssetId),
  quoteAssetId: symbol.quoteAssetId,
  description: symbol.description,
  sortingNumber: place,
});

const MODES: { readonly [S in Listing['instrument']['status']]: ProtoOATradingMode } = {
  open: ProtoOATradingMode.ENABLED,
  'close-only': ProtoOATradingMode.CLOSE_ONLY_MODE,
  disabled: ProtoOATradingMode.DISABLED_WITHOUT_PENDINGS_EXECUTION,
};

export function encodeSymbol(symbol: ListedSymbol, listing: Listing | undefined): ProtoOASymbol {
  const instrument = listing?.instrument;
  const tick = tickSize(symbol.digits);
  const points = (distance: number | undefined): number => Math.ceil((distance ?? 0) / tick);
  return {
    symbolId: symbol.symbolId,
    digits: symbol.digits,
    pipPosition: symbol.pipPosition,
    enableShortSelling: true,
    guaranteedStopLoss: false,
    swapRollover3Days: ProtoOADayOfWeek.WEDNESDAY,
    swapLong: 0,
    swapShort: 0,
    maxVolume: symbol.maxVolume,
    minVolume: symbol.minVolume,
    stepVolume: symbol.stepVolume,
    schedule: symbol.schedule,
    ...commission(listing),
    slDistance: points(instrument?.stopDistanceMin),
    tpDistance: points(instrument?.targetDistanceMin),
    gslDistance: 0,
    gslCharge: 0,
    distanceSetIn: ProtoOASymbolDistanceType.SYMBOL_DISTANCE_IN_POINTS,
    scheduleTimeZone: symbol.scheduleTimeZone,
    tradingMode: MODES[instrument?.status ?? 'disabled'],
    lotSize: symbol.lotSize,
    preciseMinCommission: 0,
    pnlConversionFeeRate: listing?.costs.conversionFeeBps ?? 0,
    measurementUnits: symbol.measurementUnits,
  };
}

/** The rate x 10^8, per lot; or x 10^5, in percent of the value. */
function commission(
  listing: Listing | undefined,
): Pick<ProtoOASymbol, 'commissionType' | 'preciseTradingCommissionRate'> {
  const rule = listing?.costs.commission ?? { type: 'none' };
  if (rule.type === 'percentage') {
    return {
      commissionType: ProtoOACommissionType.PERCENTAGE_OF_VALUE,
      preciseTradingCommissionRate: rule.rate,
    };
  }
  const minor = rule.type === 'perLot' ? rule.minorPerLot : 0;
  return {
    commissionType: ProtoOACommissionType.QUOTE_CCY_PER_LOT,
    preciseTradingCommissionRate: minor * 1_000_000,
  };
}

/** A closed or forming bar of an answer: the period is not repeated inside (recorded). */
export const encodeBar = (bar: Bar): ProtoOATrendbar => ({
  volume: bar.ticks,
  low: bar.low,
  deltaOpen: bar.open - bar.low,
  deltaClose: bar.close - bar.low,
  deltaHigh: bar.high - bar.low,
  utcTimestampInMinutes: bar.openTime / MINUTE_MS,
});

/** A forming bar beside a quote: its close is the bid of the event, so no close is sent. */
export const encodeLiveBar = (bar: Bar, period: number): ProtoOATrendbar => ({
  volume: bar.ticks,
  period,
  low: bar.low,
  deltaOpen: bar.open - bar.low,
  deltaHigh: bar.high - bar.low,
  utcTimestampInMinutes: bar.openTime / MINUTE_MS,
});
