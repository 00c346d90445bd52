/**
 * New orders of every kind and changes of those that wait, as the wire asks for them.
 * Deliberately only the form: what a kind may carry, and decimals on the grid. The rest is the
 * exchange's.
 */
import {
  type Messages,
  ProtoOAOrderType,
  ProtoOATradeSide,
} from '../../ctrader/wire/schema.gen.ts';
import {
  brokerOrderId,
  instrumentId,
  type Price,
  price,
  tickSize,
  volume,
  wall,
} from '../../engine/index.ts';
import { optional } from '../exchange-records.ts';
import {
  invalid,
  type OrderRefusal,
  refOf,
  refuseOrder,
  scaledPrice,
  tooManyDigits,
} from './order-refusal.ts';
import type { Asked } from './world.ts';

const OFFERED: {
  readonly [type: number]: 'MARKET' | 'MARKET_RANGE' | 'LIMIT' | 'STOP' | 'STOP_LIMIT';
} = {
  [ProtoOAOrderType.MARKET]: 'MARKET',
  [ProtoOAOrderType.MARKET_RANGE]: 'MARKET_RANGE',
  [ProtoOAOrderType.LIMIT]: 'LIMIT',
  [ProtoOAOrderType.STOP]: 'STOP',
  [ProtoOAOrderType.STOP_LIMIT]: 'STOP_LIMIT',
};

const MARKETS: ReadonlySet<number> = new Set([
  ProtoOAOrderType.MARKET,
  ProtoOAOrderType.MARKET_RANGE,
]);

export const NO_STOP_TO_TRAIL =
  "Can't set Trailing Stop Loss parameter without specified Stop Loss";

/** Beyond any price, and small enough to be added to one. */
const DISTANCE_MAX = 10 ** 13;

/** What the form of a new order alone forbids. */
function refusedForm(asked: Asked<'ProtoOANewOrderReq'>): OrderRefusal | undefined {
  const { fields, world } = asked;
  const symbol = world.symbols.get(fields.symbolId);
  if (symbol === undefined) {
    return { code: 'SYMBOL_NOT_FOUND', description: `Symbol not found: ${fields.symbolId}` };
  }
  for (const decimal of [fields.limitPrice, fields.stopPrice, fields.baseSlippagePrice]) {
    if (decimal === undefined || scaledPrice(decimal, symbol.digits) !== undefined) continue;
    return tooManyDigits('price', decimal, symbol.digits);
  }
  const market = MARKETS.has(fields.orderType);
  if (market && (fields.stopLoss !== undefined || fields.takeProfit !== undefined)) {
    return invalid(
      'SL/TP in absolute values are allowed only for order types: [LIMIT, STOP, STOP_LIMIT]',
    );
  }
  for (const decimal of [fields.stopLoss, fields.takeProfit]) {
    if (decimal === undefined || scaledPrice(decimal, symbol.digits) !== undefined) continue;
    return tooManyDigits('protection', decimal, symbol.digits);
  }
  if (OFFERED[fields.orderType] === undefined) {
    return invalid(`Order type ${fields.orderType} is not offered`);
  }
  if (SIDE_OF[fields.tradeSide] === undefined) return invalid('Unknown trade side');
  for (const distance of [fields.relativeStopLoss, fields.relativeTakeProfit]) {
    if (distance === undefined || distance <= DISTANCE_MAX) continue;
    return { code: 'TRADING_BAD_STOPS', description: 'Protection is out of range' };
  }
  if (fields.positionId !== undefined) return invalid('Positions cannot be increased');
  const stops = fields.stopLoss ?? fields.relativeStopLoss;
  if (fields.trailingStopLoss === true && stops === undefined) return invalid(NO_STOP_TO_TRAIL);
  if (fields.guaranteedStopLoss === true) return invalid('Guaranteed stops are not offered');
  return undefined;
}

const SIDE_OF: { readonly [side: number]: 'buy' | 'sell' } = {
  [ProtoOATradeSide.BUY]: 'buy',
  [ProtoOATradeSide.SELL]: 'sell',
};

export function placesOrder(asked: Asked<'ProtoOANewOrderReq'>): void {
  const { fields, world } = asked;
  const accountId = fields.ctidTraderAccountId;
  const refusal = refusedForm(asked);
  const side = SIDE_OF[fields.tradeSide];
  if (refusal !== undefined || side === undefined) {
    refuseOrder(asked, accountId, refusal ?? invalid('Unknown trade side'));
    return;
  }
  const common = {
    ref: refOf(asked),
    time: world.clock.wall(),
    instrumentId: instrumentId(fields.symbolId),
    side,
    volume: volume(fields.volume),
    ...optional('stopDistance', distance(fields.relativeStopLoss)),
    ...optional('targetDistance', distance(fields.relativeTakeProfit)),
    ...optional('clientOrderId', fields.clientOrderId),
    ...optional('label', fields.label),
    ...optional('comment', fields.comment),
  };
  const digits = world.symbols.get(fields.symbolId)?.digits ?? 0;
  const desk = world.desks.get(accountId);
  const kind = OFFERED[fields.orderType];
  if (kind !== undefined && kind !== 'MARKET' && kind !== 'MARKET_RANGE') {
    desk?.apply({ type: 'place', ...common, kind, ...waiting(fields, digits) });
    return;
  }
  desk?.apply({
    type: 'submit',
    ...common,
    ...(fields.trailingStopLoss === true ? { trails: true } : {}),
    ...optional('worstPrice', kind === 'MARKET_RANGE' ? worst(fields, digits) : undefined),
  });
}

/** Where a MARKET_RANGE ends: so many points from its base price, against the trader. */
function worst(fields: Messages['ProtoOANewOrderReq'], digits: number): Price | undefined {
  const { baseSlippagePrice, slippageInPoints = 0 } = fields;
  if (baseSlippagePrice === undefined) return undefined;
  const base = scaledPrice(baseSlippagePrice, digits);
  if (base === undefined) return undefined;
  const room = slippageInPoints * tickSize(digits);
  return price(fields.tradeSide === ProtoOATradeSide.BUY ? base + room : base - room);
}

type Waiting = Pick<
  Messages['ProtoOAAmendOrderReq'],
  | 'limitPrice'
  | 'stopPrice'
  | 'expirationTimestamp'
  | 'slippageInPoints'
  | 'stopLoss'
  | 'takeProfit'
>;

/** What a pending order waits for; decimals on the grid, which the form has made sure of. */
function waiting(fields: Waiting, digits: number) {
  const level = (decimal: number | undefined): Price | undefined =>
    decimal === undefined ? undefined : scaledPrice(decimal, digits);
  const { expirationTimestamp: expiry, slippageInPoints: points } = fields;
  return {
    ...optional('limitPrice', level(fields.limitPrice)),
    ...optional('stopPrice', level(fields.stopPrice)),
    ...optional('stopLevel', level(fields.stopLoss)),
    ...optional('targetLevel', level(fields.takeProfit)),
    ...optional('expiresAt', expiry === undefined ? undefined : wall(expiry)),
    ...optional('slippageMax', points === undefined ? undefined : price(points * tickSize(digits))),
  };
}

const distance = (sent: number | undefined): Price | undefined =>
  sent === undefined ? undefined : price(sent);

/** Row 10: everything is sent again, and what is not sent is gone (5.6). */
export function amendsOrder(asked: Asked<'ProtoOAAmendOrderReq'>): void {
  const { fields, world } = asked;
  const { ctidTraderAccountId: accountId, orderId } = fields;
  const desk = world.desks.get(accountId);
  const order = desk?.state().orders.find(({ id }) => id === orderId);
  const digits = world.symbols.get(order?.instrumentId ?? '')?.digits ?? 0;
  for (const decimal of [fields.limitPrice, fields.stopPrice, fields.stopLoss, fields.takeProfit]) {
    if (order === undefined || decimal === undefined) continue;
    if (scaledPrice(decimal, digits) !== undefined) continue;
    refuseOrder(asked, accountId, { ...tooManyDigits('price', decimal, digits), orderId });
    return;
  }
  desk?.apply({
    type: 'replace',
    ref: refOf(asked),
    time: world.clock.wall(),
    orderId: brokerOrderId(orderId),
    volume: volume(fields.volume ?? order?.volume ?? 0),
    ...optional('stopDistance', distance(fields.relativeStopLoss)),
    ...optional('targetDistance', distance(fields.relativeTakeProfit)),
    ...waiting(fields, digits),
  });
}
