// Records of the exchange as wire fields, where the scales meet: each number is written by hand
// from the protocol's tables. Whole events are tested in trading.test.ts.
import { describe, expect, it } from 'vitest';
import {
  brokerOrderId,
  dealId,
  money,
  positionId,
  price,
  volume,
  wall,
} from '../../../src/engine/index.ts';
import type { DealFacts, OrderFacts, PositionFacts } from '../../../src/sim/exchange-types.ts';
import { FCPO_ID, fcpoListing } from '../../../src/sim/fcpo.ts';
import {
  encodeBar,
  encodeDeal,
  encodeLiveBar,
  encodeOrder,
  encodePosition,
  encodeSymbol,
} from '../../../src/sim/server/encode.ts';
import { bench } from './bench.ts';

const TERMS = { moneyDigits: 2, quoteToDeposit: 1.13666, units: 'Contracts' };
const at = wall(1_736_131_200_000);

const ORDER: OrderFacts = {
  id: brokerOrderId('11'),
  positionId: positionId('22'),
  instrumentId: FCPO_ID,
  type: 'PROTECTIVE',
  status: 'ACCEPTED',
  timeInForce: 'GTC',
  side: 'sell',
  volume: volume(100),
  executed: volume(0),
  closing: true,
  stopOut: false,
  stopPrice: price(2_549_430_000),
  createdAt: at,
  updatedAt: at,
};

const POSITION: PositionFacts = {
  id: positionId('22'),
  instrumentId: FCPO_ID,
  side: 'buy',
  status: 'OPEN',
  volume: volume(100),
  entry: price(2_549_430_001),
  commission: money(-3),
  swap: money(-7),
  usedMargin: money(28_978),
  openedAt: at,
  updatedAt: at,
};

describe('encoding', () => {
  it('turns prices of orders and positions into decimals, finer than the grid if need be', () => {
    const order = encodeOrder(ORDER, TERMS);
    expect(order).toMatchObject({ orderType: 4, stopPrice: 25494.3, stopTriggerMethod: 1 });
    expect(order).not.toHaveProperty('limitPrice');
    expect(encodePosition(POSITION, TERMS)).toMatchObject({ price: 25494.30001, swap: -7 });
  });

  it('leaves out what a position does not have', () => {
    const position = encodePosition(POSITION, TERMS);
    for (const name of ['stopLoss', 'takeProfit', 'stopLossTriggerMethod']) {
      expect(position).not.toHaveProperty(name);
    }
  });

  it('says what a closing deal did to the balance, with the rate used', () => {
    const deal: DealFacts = {
      id: dealId('33'),
      brokerOrderId: brokerOrderId('11'),
      positionId: positionId('22'),
      instrumentId: FCPO_ID,
      side: 'sell',
      filled: volume(60),
      price: price(2_547_124_000),
      time: at,
      commission: money(0),
      exponent: 2,
      cause: 'stop',
      orderVolume: volume(100),
      createdAt: at,
      close: {
        entryPrice: price(2_549_430_000),
        closedVolume: volume(60),
        grossProfit: money(-2_621),
        swap: money(0),
        commission: money(0),
        conversionFee: money(-19),
        balance: money(9_997_360),
        balanceVersion: 4,
      },
    };
    expect(encodeDeal(deal, TERMS)).toMatchObject({
      volume: 100,
      filledVolume: 60,
      dealStatus: 3,
      executionPrice: 25471.24,
      closePositionDetail: {
        entryPrice: 25494.3,
        grossProfit: -2_621,
        quoteToDepositConversionRate: 1.13666,
        pnlConversionFee: -19,
        balanceVersion: 4,
      },
    });
  });

  it('writes bars as distances from the low; a forming one has a period and no close', () => {
    const bar = {
      openTime: at,
      open: price(460_100_000),
      high: price(460_500_000),
      low: price(459_900_000),
      close: price(460_000_000),
      ticks: 12,
    };
    const common = { volume: 12, low: 459_900_000, deltaOpen: 200_000, deltaHigh: 600_000 };
    const utcTimestampInMinutes = 28_935_520;
    expect(encodeBar(bar)).toEqual({ ...common, deltaClose: 100_000, utcTimestampInMinutes });
    expect(encodeLiveBar(bar, 5)).toEqual({ ...common, period: 5, utcTimestampInMinutes });
  });

  it('states commission rates and minimum distances in the units of their kinds', () => {
    const symbol = bench().params.symbols.find(({ name }) => name === 'FCPO');
    if (symbol === undefined) throw new Error('FCPO is not listed');
    const listing = fcpoListing([]);
    const costs = { ...listing.costs, commission: { type: 'percentage', rate: 70 } as const };
    const instrument = { ...listing.instrument, stopDistanceMin: price(500_000) };
    expect(encodeSymbol(symbol, { ...listing, costs, instrument })).toMatchObject({
      commissionType: 3,
      preciseTradingCommissionRate: 70,
      slDistance: 5,
      tpDistance: 0,
      distanceSetIn: 1,
    });
    expect(encodeSymbol(symbol, undefined)).toMatchObject({ tradingMode: 1 });
  });
});
