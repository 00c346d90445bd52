/**
 * The only encoders of requests that can move money, as a table that a feed connection is not
 * given. Deliberately never sends absolute levels with a market order, and refuses rather than
 * rounds (I16).
 */
import {
  type BrokerRequest,
  type Instrument,
  type OrderRange,
  type OrderTerms,
  tickSize,
} from '../engine/index.ts';
import { decimalFromPrice } from './decimal.ts';
import type { OutgoingMessage } from './wire/codec.ts';
import {
  ProtoOAOrderType,
  ProtoOATimeInForce,
  ProtoOATradeSide,
  type WireName,
} from './wire/schema.gen.ts';

export interface TradingContext {
  readonly accountId: string;
  readonly instrument: Instrument;
}

/** Why a request was not even written: nothing left this machine. */
export interface Refusal {
  readonly code: string;
  readonly description: string;
}

export type Encoded =
  | { readonly ok: true; readonly message: OutgoingMessage }
  | { readonly ok: false; readonly refusal: Refusal };

type Encoder<K extends BrokerRequest['type']> = (
  request: Extract<BrokerRequest, { type: K }>,
  context: TradingContext,
) => Encoded;

/** One encoder for each kind of request. */
export type TradingEncoders = { readonly [K in BrokerRequest['type']]: Encoder<K> };

/** Messages that can move money; a feed connection writes none of them, whoever asks (I19). */
export const TRADING_MESSAGES: ReadonlySet<WireName> = new Set<WireName>([
  'ProtoOANewOrderReq',
  'ProtoOACancelOrderReq',
  'ProtoOAAmendOrderReq',
  'ProtoOAAmendPositionSLTPReq',
  'ProtoOAClosePositionReq',
]);

const CLIENT_ORDER_ID_MAX = 50;
const LABEL_MAX = 100;

const refuse = (code: string, description: string): Encoded => ({
  ok: false,
  refusal: { code, description },
});

/** What every new order must fit, whatever its kind. */
function misfit(
  order: {
    readonly volume: number;
    readonly stopDistance: number;
    readonly targetDistance: number;
    readonly clientOrderId?: string;
    readonly label?: string;
  },
  { instrument }: TradingContext,
): Encoded | undefined {
  const { volume, stopDistance, targetDistance, clientOrderId = '', label = '' } = order;
  const onGrid = volume >= instrument.minVolume && volume <= instrument.maxVolume;
  if (!onGrid || volume % instrument.stepVolume !== 0) {
    return refuse('TRADING_BAD_VOLUME', `volume ${volume} does not fit the instrument`);
  }
  const tick = tickSize(instrument.digits);
  // Off the grid the broker kills the whole order (fact sheet 8, pitfall 8).
  if (stopDistance <= 0 || stopDistance % tick !== 0) {
    return refuse('TRADING_BAD_STOPS', `stop distance ${stopDistance} is not on the price grid`);
  }
  if (targetDistance <= 0 || targetDistance % tick !== 0) {
    return refuse('TRADING_BAD_STOPS', `target distance ${targetDistance} is not on the grid`);
  }
  if (clientOrderId.length > CLIENT_ORDER_ID_MAX || label.length > LABEL_MAX) {
    return refuse('INVALID_REQUEST', 'the client order id or the label is too long');
  }
  return undefined;
}

const WRONG_INSTRUMENT = refuse(
  'WRONG_INSTRUMENT',
  'the order names another instrument than the session',
);

/** Points of 10^-digits, as the wire counts a slippage; nothing when it is not a whole number. */
function pointsOf(slippage: number, { instrument }: TradingContext): number | undefined {
  const tick = tickSize(instrument.digits);
  return slippage >= 0 && slippage % tick === 0 ? slippage / tick : undefined;
}

const sideOf = (side: 'buy' | 'sell') =>
  side === 'buy' ? ProtoOATradeSide.BUY : ProtoOATradeSide.SELL;

/** The kind of a market order, and how far it may go if it is one with a range. */
function marketKind(range: OrderRange | undefined, context: TradingContext) {
  if (range === undefined) return { orderType: ProtoOAOrderType.MARKET };
  const baseSlippagePrice = decimalFromPrice(range.base, context.instrument.digits);
  const slippageInPoints = pointsOf(range.slippage, context);
  if (range.base <= 0 || baseSlippagePrice === undefined || slippageInPoints === undefined) {
    return undefined;
  }
  return { orderType: ProtoOAOrderType.MARKET_RANGE, baseSlippagePrice, slippageInPoints };
}

const encodeSubmit: Encoder<'submitOrder'> = (request, context) => {
  const { volume, stopDistance, targetDistance, label, clientOrderId } = request;
  if (request.instrumentId !== context.instrument.id) return WRONG_INSTRUMENT;
  const wrong = misfit(request, context);
  if (wrong !== undefined) return wrong;
  const kind = marketKind(request.range, context);
  if (kind === undefined) return refuse('TRADING_BAD_PRICES', 'the range is not on the price grid');
  return {
    ok: true,
    message: {
      name: 'ProtoOANewOrderReq',
      fields: {
        ctidTraderAccountId: context.accountId,
        symbolId: request.instrumentId,
        ...kind,
        tradeSide: sideOf(request.side),
        volume,
        label,
        clientOrderId,
        relativeStopLoss: stopDistance,
        relativeTakeProfit: targetDistance,
      },
    },
  };
};

/** What an order waits for, as the wire states it; nothing when it is off the grid. */
function waitingFields(terms: OrderTerms, context: TradingContext) {
  const { digits } = context.instrument;
  const at = terms.price > 0 ? decimalFromPrice(terms.price, digits) : undefined;
  const points = terms.kind === 'stop-limit' ? pointsOf(terms.slippage, context) : 0;
  if (at === undefined || points === undefined) return undefined;
  return {
    volume: terms.volume,
    relativeStopLoss: terms.stopDistance,
    relativeTakeProfit: terms.targetDistance,
    ...(terms.kind === 'limit' ? { limitPrice: at } : { stopPrice: at }),
    ...(terms.kind === 'stop-limit' ? { slippageInPoints: points } : {}),
    ...(terms.expiresAt === undefined ? {} : { expirationTimestamp: terms.expiresAt }),
  };
}

const WAITING_TYPES = {
  limit: ProtoOAOrderType.LIMIT,
  stop: ProtoOAOrderType.STOP,
  'stop-limit': ProtoOAOrderType.STOP_LIMIT,
} as const;

const OFF_GRID = refuse('TRADING_BAD_PRICES', 'the price of the order is not on the price grid');

const encodePlace: Encoder<'placeOrder'> = (request, context) => {
  const { terms, label, clientOrderId } = request;
  if (request.instrumentId !== context.instrument.id) return WRONG_INSTRUMENT;
  const wrong = misfit({ ...terms, label, clientOrderId }, context);
  if (wrong !== undefined) return wrong;
  const waiting = waitingFields(terms, context);
  if (waiting === undefined) return OFF_GRID;
  const expires = terms.expiresAt !== undefined;
  return {
    ok: true,
    message: {
      name: 'ProtoOANewOrderReq',
      fields: {
        ctidTraderAccountId: context.accountId,
        symbolId: request.instrumentId,
        orderType: WAITING_TYPES[terms.kind],
        tradeSide: sideOf(request.side),
        timeInForce: expires
          ? ProtoOATimeInForce.GOOD_TILL_DATE
          : ProtoOATimeInForce.GOOD_TILL_CANCEL,
        label,
        clientOrderId,
        ...waiting,
      },
    },
  };
};

const encodeAmendOrder: Encoder<'amendOrder'> = (request, context) => {
  const wrong = misfit(request.terms, context);
  if (wrong !== undefined) return wrong;
  const waiting = waitingFields(request.terms, context);
  if (waiting === undefined) return OFF_GRID;
  const { accountId: ctidTraderAccountId } = context;
  const fields = { ctidTraderAccountId, orderId: request.brokerOrderId, ...waiting };
  return { ok: true, message: { name: 'ProtoOAAmendOrderReq', fields } };
};

const encodeCancel: Encoder<'cancelOrder'> = (request, { accountId }) => ({
  ok: true,
  message: {
    name: 'ProtoOACancelOrderReq',
    fields: { ctidTraderAccountId: accountId, orderId: request.brokerOrderId },
  },
});

/** Both levels, always: what is omitted the broker removes (F39). */
const encodeAmend: Encoder<'amendProtection'> = (request, { accountId, instrument }) => {
  const stopLoss = decimalFromPrice(request.stop, instrument.digits);
  const target = request.target;
  const takeProfit = target === undefined ? undefined : decimalFromPrice(target, instrument.digits);
  if (stopLoss === undefined || (target !== undefined && takeProfit === undefined)) {
    return refuse('TRADING_BAD_STOPS', 'a level is not on the price grid of the instrument');
  }
  return {
    ok: true,
    message: {
      name: 'ProtoOAAmendPositionSLTPReq',
      fields: {
        ctidTraderAccountId: accountId,
        positionId: request.positionId,
        stopLoss,
        ...(takeProfit === undefined ? {} : { takeProfit }),
      },
    },
  };
};

const encodeClose: Encoder<'closePosition'> = (request, { accountId }) => {
  if (request.volume <= 0) {
    return refuse('TRADING_BAD_VOLUME', `closing volume ${request.volume} is not positive`);
  }
  return {
    ok: true,
    message: {
      name: 'ProtoOAClosePositionReq',
      fields: {
        ctidTraderAccountId: accountId,
        positionId: request.positionId,
        volume: request.volume,
      },
    },
  };
};

/** Handed only to a connection that may trade. */
export const TRADING_ENCODERS: TradingEncoders = {
  submitOrder: encodeSubmit,
  placeOrder: encodePlace,
  amendOrder: encodeAmendOrder,
  cancelOrder: encodeCancel,
  amendProtection: encodeAmend,
  closePosition: encodeClose,
};

/** Builds the message of a request; the table pairs every kind with its own encoder. */
export function encodeTrading(
  encoders: TradingEncoders,
  request: BrokerRequest,
  context: TradingContext,
): Encoded {
  switch (request.type) {
    case 'submitOrder':
      return encoders.submitOrder(request, context);
    case 'placeOrder':
      return encoders.placeOrder(request, context);
    case 'amendOrder':
      return encoders.amendOrder(request, context);
    case 'cancelOrder':
      return encoders.cancelOrder(request, context);
    case 'amendProtection':
      return encoders.amendProtection(request, context);
    case 'closePosition':
      return encoders.closePosition(request, context);
  }
}
