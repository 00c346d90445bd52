/**
 * The only encoders of requests that can move money, as a table that a feed connection is not
 * given. Deliberately never sends absolute levels with a market order, and refuses rather than
 * rounds (I16).
 */
import { type BrokerRequest, type Instrument, tickSize } from '../engine/index.ts';
import { decimalFromPrice } from './decimal.ts';
import type { OutgoingMessage } from './wire/codec.ts';
import { ProtoOAOrderType, ProtoOATradeSide, type WireName } from './wire/schema.gen.ts';

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

const encodeSubmit: Encoder<'submitOrder'> = (request, { accountId, instrument }) => {
  const { volume, stopDistance, targetDistance, label, clientOrderId } = request;
  if (request.instrumentId !== instrument.id) {
    return refuse('WRONG_INSTRUMENT', 'the order names another instrument than the session');
  }
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
  return {
    ok: true,
    message: {
      name: 'ProtoOANewOrderReq',
      fields: {
        ctidTraderAccountId: accountId,
        symbolId: request.instrumentId,
        orderType: ProtoOAOrderType.MARKET,
        tradeSide: request.side === 'buy' ? ProtoOATradeSide.BUY : ProtoOATradeSide.SELL,
        volume,
        label,
        clientOrderId,
        relativeStopLoss: stopDistance,
        relativeTakeProfit: targetDistance,
      },
    },
  };
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
    case 'cancelOrder':
      return encoders.cancelOrder(request, context);
    case 'amendProtection':
      return encoders.amendProtection(request, context);
    case 'closePosition':
      return encoders.closePosition(request, context);
  }
}
