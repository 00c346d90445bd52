// The only messages that can move money: exactly what leaves, and what is refused before it leaves.
import { describe, expect, it } from 'vitest';
import { encodeTrading, TRADING_ENCODERS } from '../../src/ctrader/trading.ts';
import { instrumentOf } from '../../src/ctrader/translate.ts';
import {
  type BrokerRequest,
  brokerOrderId,
  instrumentId,
  type OrderTerms,
  positionId,
  price,
  volume,
  wall,
} from '../../src/engine/index.ts';
import { ACCOUNT_ID, LIGHT, SYMBOL } from './broker-words.ts';
import { CLOSE, ENTRY } from './session/stage.ts';

const instrument = instrumentOf(
  {
    light: LIGHT,
    symbol: SYMBOL,
    assets: [{ assetId: '9', name: 'MYR' }],
    now: wall(0),
    reference: undefined,
  },
  [],
);
const encode = (request: BrokerRequest) => {
  if (instrument === undefined) throw new Error('the instrument of this test is wrong');
  const context = { accountId: ACCOUNT_ID, instrument };
  const encoded = encodeTrading(TRADING_ENCODERS, request, context);
  return encoded.ok ? encoded.message : encoded.refusal.code;
};

const TERMS = {
  volume: volume(2_500),
  price: price(400_000_000),
  stopDistance: price(6_000_000),
  targetDistance: price(8_000_000),
} as const;
const place = (terms: OrderTerms): BrokerRequest =>
  ({ ...ENTRY, type: 'placeOrder', terms }) as unknown as BrokerRequest;

describe('what leaves', () => {
  it('an entry is a market order with relative levels and never absolute ones', () => {
    expect(encode(ENTRY)).toEqual({
      name: 'ProtoOANewOrderReq',
      fields: {
        ctidTraderAccountId: ACCOUNT_ID,
        symbolId: '42',
        orderType: 1,
        tradeSide: 1,
        volume: 2_500,
        label: 'palm:c-1',
        clientOrderId: 'c-1',
        relativeStopLoss: 6_000_000,
        relativeTakeProfit: 8_000_000,
      },
    });
    expect(encode({ ...ENTRY, side: 'sell' } as BrokerRequest)).toMatchObject({
      fields: { tradeSide: 2 },
    });
  });

  it('an entry with a range names its base and how many points it may be worse', () => {
    const range = { base: price(400_000_000), slippage: price(300_000) };
    expect(encode({ ...ENTRY, range } as BrokerRequest)).toMatchObject({
      fields: { orderType: 5, baseSlippagePrice: 4_000, slippageInPoints: 3 },
    });
  });

  it.each([
    ['limit', { limitPrice: 4_000, orderType: 2 }],
    ['stop', { stopPrice: 4_000, orderType: 3 }],
    ['stop-limit', { stopPrice: 4_000, slippageInPoints: 2, orderType: 6 }],
  ] as const)('an order that waits for its %s, until it is cancelled or a time', (kind, fields) => {
    const placed = place({ ...TERMS, kind, slippage: price(200_000) } as OrderTerms);
    const common = { tradeSide: 1, volume: 2_500, clientOrderId: 'c-1', label: 'palm:c-1' };
    const levels = { relativeStopLoss: 6_000_000, relativeTakeProfit: 8_000_000 };
    const named = { ctidTraderAccountId: ACCOUNT_ID, symbolId: '42', timeInForce: 2 };
    expect(encode(placed)).toEqual({
      name: 'ProtoOANewOrderReq',
      fields: { ...named, ...common, ...levels, ...fields },
    });
    const ending = { ...TERMS, kind, slippage: price(0), expiresAt: wall(5) } as OrderTerms;
    expect(encode(place(ending))).toMatchObject({
      fields: { timeInForce: 1, expirationTimestamp: 5 },
    });
  });

  it('F39 an amended order carries all of its terms again', () => {
    const terms: OrderTerms = { ...TERMS, kind: 'limit' };
    const amend = { type: 'amendOrder', requestId: 'r', terms } as const;
    expect(encode({ ...amend, brokerOrderId: brokerOrderId('77') })).toEqual({
      name: 'ProtoOAAmendOrderReq',
      fields: {
        ctidTraderAccountId: ACCOUNT_ID,
        orderId: '77',
        volume: 2_500,
        limitPrice: 4_000,
        relativeStopLoss: 6_000_000,
        relativeTakeProfit: 8_000_000,
      },
    });
  });

  it('I16 what waits off the grid, or ranges off it, does not leave', () => {
    const limit = (more: object) => place({ ...TERMS, kind: 'limit', ...more } as OrderTerms);
    expect(encode(limit({ price: price(400_050_000) }))).toBe('TRADING_BAD_PRICES');
    expect(encode(limit({ price: price(0) }))).toBe('TRADING_BAD_PRICES');
    expect(encode(limit({ volume: volume(2_550) }))).toBe('TRADING_BAD_VOLUME');
    expect(encode(limit({ stopDistance: price(1) }))).toBe('TRADING_BAD_STOPS');
    const elsewhere = { ...limit({}), instrumentId: instrumentId('43') };
    expect(encode(elsewhere as BrokerRequest)).toBe('WRONG_INSTRUMENT');
    const beyond = { kind: 'stop-limit', slippage: price(50_000) };
    expect(encode(limit(beyond))).toBe('TRADING_BAD_PRICES');
    const range = { base: price(400_050_000), slippage: price(0) };
    expect(encode({ ...ENTRY, range } as BrokerRequest)).toBe('TRADING_BAD_PRICES');
  });

  it('a close names position and volume, a cancel the order', () => {
    expect(encode(CLOSE)).toMatchObject({ fields: { positionId: '2001', volume: 2_500 } });
    expect(
      encode({ type: 'cancelOrder', requestId: 'r', brokerOrderId: brokerOrderId('77') }),
    ).toMatchObject({ name: 'ProtoOACancelOrderReq', fields: { orderId: '77' } });
  });

  it('F39 an amend always carries both levels, as plain decimals', () => {
    const amend = {
      type: 'amendProtection',
      requestId: 'r',
      positionId: positionId('2001'),
      stop: price(394_000_000),
      target: price(408_000_000),
    } as const;
    expect(encode(amend)).toMatchObject({ fields: { stopLoss: 3_940, takeProfit: 4_080 } });
    expect(encode({ ...amend, stop: price(394_050_000) })).toBe('TRADING_BAD_STOPS');
    expect(encode({ ...amend, target: undefined })).toMatchObject({ fields: { stopLoss: 3_940 } });
  });
});

describe('what is refused', () => {
  it('I16 volumes and distances off the grid of the instrument', () => {
    const of = (part: object) => encode({ ...ENTRY, ...part } as BrokerRequest);
    expect(of({ volume: volume(2_550) })).toBe('TRADING_BAD_VOLUME');
    expect(of({ volume: volume(0) })).toBe('TRADING_BAD_VOLUME');
    expect(of({ volume: volume(250_100) })).toBe('TRADING_BAD_VOLUME');
    expect(of({ stopDistance: price(50_000) })).toBe('TRADING_BAD_STOPS');
    expect(of({ stopDistance: price(0) })).toBe('TRADING_BAD_STOPS');
    expect(of({ targetDistance: price(-100_000) })).toBe('TRADING_BAD_STOPS');
    expect(of({ label: 'x'.repeat(101) })).toBe('INVALID_REQUEST');
    expect(of({ clientOrderId: 'x'.repeat(51) })).toBe('INVALID_REQUEST');
    expect(of({ instrumentId: instrumentId('43') })).toBe('WRONG_INSTRUMENT');
    expect(encode({ ...CLOSE, volume: volume(0) } as BrokerRequest)).toBe('TRADING_BAD_VOLUME');
  });
});
