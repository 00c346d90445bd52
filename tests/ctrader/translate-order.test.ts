// Orders, deals and positions in our words: recorded flows, and the traps that money hides in.
import { describe, expect, it } from 'vitest';
import {
  causeOf,
  dealOf,
  executionOf,
  isHeld,
  orderUpdateOf,
  positionOf,
} from '../../src/ctrader/translate-order.ts';
import { generation, price, wall } from '../../src/engine/index.ts';
import { ACCOUNT_ID, ORDER, POSITION, PROTECTIVE, SYMBOL_ID } from './broker-words.ts';

const SCALES = { symbolId: SYMBOL_ID, digits: 2, exponent: 2 };
const HEARD = { generation: generation(3), at: wall(1_700_000_001_000) };
const DEAL = {
  dealId: '3001',
  orderId: '1001',
  positionId: '2001',
  volume: 1,
  filledVolume: 1,
  symbolId: SYMBOL_ID,
  createTimestamp: 1,
  executionTimestamp: 2,
  executionPrice: 85_219.06,
  tradeSide: 2,
  dealStatus: 2,
  commission: -3,
  moneyDigits: 2,
};
const DETAIL = {
  entryPrice: 85_287.21,
  grossProfit: -68,
  swap: 0,
  commission: -6,
  balance: 99_932,
  closedVolume: 1,
  balanceVersion: 12,
  moneyDigits: 2,
  pnlConversionFee: 0,
};

describe('orders', () => {
  it('the executed volume is the broker’s statement, and only a fill must state it', () => {
    const of = (order: object) => orderUpdateOf({ ...ORDER, ...order }, SCALES, HEARD, []);
    expect(of({})).toMatchObject({
      brokerOrderId: '1001',
      clientOrderId: 'c-1',
      label: 'palm:c-1',
      positionId: '2001',
      side: 'buy',
      volume: 2_500,
      executed: 2_500,
      status: 'filled',
      closing: false,
      protective: false,
      time: 1_700_000_000_150,
    });
    expect(of({ executedVolume: undefined })).toBeUndefined();
    expect(of({ executedVolume: undefined, orderStatus: 1 })?.executed).toBe(0);
  });

  it('F15 unknown status or side is a complaint, not a guess', () => {
    for (const part of [{ orderStatus: 9 }, { tradeData: { ...ORDER.tradeData, tradeSide: 3 } }]) {
      const complaints: string[] = [];
      expect(orderUpdateOf({ ...ORDER, ...part }, SCALES, HEARD, complaints)).toBeUndefined();
      expect(complaints).toHaveLength(1);
    }
  });

  it('the protective order keeps its levels in stopPrice and limitPrice', () => {
    expect(orderUpdateOf(PROTECTIVE, SCALES, HEARD, [])).toMatchObject({
      closing: true,
      protective: true,
      stop: 394_000_000,
      target: 408_000_000,
    });
  });

  it('F18 ids that collide as doubles stay two', () => {
    const ids = ['9007199254740992', '9007199254740993'].map(
      (orderId) => orderUpdateOf({ ...ORDER, orderId }, SCALES, HEARD, [])?.brokerOrderId,
    );
    expect(new Set(ids).size).toBe(2);
  });
});

describe('deals', () => {
  it('the recorded closing deal: (85219.06 − 85287.21) × 0.01 = −0.68', () => {
    const complaints: string[] = [];
    const deal = dealOf({ ...DEAL, closePositionDetail: DETAIL }, undefined, SCALES, complaints);
    expect(complaints).toEqual([]);
    expect(deal).toMatchObject({
      price: 8_521_906_000,
      commission: -3,
      cause: 'request',
      close: {
        entryPrice: 8_528_721_000,
        grossProfit: -68,
        swap: 0,
        commission: -6,
        conversionFee: 0,
        balance: 99_932,
        closedVolume: 1,
        balanceVersion: 12,
      },
    });
  });

  it('F55 F56 each part of the message has its own exponent', () => {
    const detail = { ...DETAIL, grossProfit: -262_100, balance: 99_932_00, moneyDigits: 4 };
    const deal = dealOf({ ...DEAL, closePositionDetail: detail }, undefined, SCALES, []);
    expect(deal?.close?.grossProfit).toBe(-2_621);
    expect(deal?.close?.balance).toBe(99_932);
    expect(deal?.commission).toBe(-3);
    const { moneyDigits: _, ...without } = DETAIL;
    const complaints: string[] = [];
    const closing = { ...DEAL, closePositionDetail: without };
    expect(dealOf(closing, undefined, SCALES, complaints)).toBeUndefined();
    expect(complaints).toHaveLength(1);
  });

  it('F16 price, commission and exponent must be stated', () => {
    for (const field of ['executionPrice', 'commission', 'moneyDigits']) {
      const complaints: string[] = [];
      const deal = { ...DEAL, [field]: undefined } as never;
      expect(dealOf(deal, undefined, SCALES, complaints), field).toBeUndefined();
      expect(complaints).toHaveLength(1);
    }
  });

  it('a refused deal is no execution, an unknown status is a complaint', () => {
    const complaints: string[] = [];
    expect(dealOf({ ...DEAL, dealStatus: 4 }, undefined, SCALES, complaints)).toBeUndefined();
    expect(complaints).toEqual([]);
    dealOf({ ...DEAL, dealStatus: 40 }, undefined, SCALES, complaints);
    expect(complaints).toHaveLength(1);
  });

  it('5.3 the cause is read off the levels of the protective order, for both directions', () => {
    const cause = (order: object, fill: number) =>
      causeOf({ ...PROTECTIVE, ...order }, price(fill * 100_000), 2);
    expect(cause({}, 3_939)).toBe('stop');
    // A stop moved into profit still is a stop; a target filled better still is a target.
    expect(cause({ stopPrice: 4_050 }, 4_049)).toBe('stop');
    expect(cause({}, 4_080)).toBe('target');
    expect(cause({}, 4_085)).toBe('target');
    const short = {
      tradeData: { ...PROTECTIVE.tradeData, tradeSide: 1 },
      stopPrice: 4_060,
      limitPrice: 3_920,
    };
    expect(cause(short, 3_915)).toBe('target');
    expect(cause(short, 4_061)).toBe('stop');
    expect(cause({ limitPrice: undefined }, 9_999)).toBe('stop');
    expect(cause({ stopPrice: undefined }, 1)).toBe('target');
    expect(causeOf({ ...ORDER, isStopOut: true }, price(1), 2)).toBe('stop-out');
    expect(causeOf(ORDER, price(1), 2)).toBe('request');
  });
});

describe('positions', () => {
  it('the average entry keeps five decimals; levels are on the grid', () => {
    const position = positionOf({ ...POSITION, price: 4_000.33333 }, SCALES, []);
    expect(position).toMatchObject({
      entry: 400_033_333,
      stop: 394_000_000,
      target: 408_000_000,
      usedMargin: 500_000,
    });
  });

  it('F37 an absent stop stays absent', () => {
    const { stopLoss: _, ...naked } = POSITION;
    expect(positionOf(naked, SCALES, [])).not.toHaveProperty('stop');
  });

  it('F16 missing facts void the position', () => {
    for (const field of ['price', 'commission', 'usedMargin', 'moneyDigits']) {
      const complaints: string[] = [];
      const position = { ...POSITION, [field]: undefined } as never;
      expect(positionOf(position, SCALES, complaints), field).toBeUndefined();
      expect(complaints).toHaveLength(1);
    }
  });

  it('5.4 a position without volume is gone, whatever its status says', () => {
    const gone = { ...POSITION, tradeData: { ...POSITION.tradeData, volume: 0 } };
    expect(isHeld({ ...gone, positionStatus: 3 })).toBe(false);
    expect(isHeld({ ...POSITION, positionStatus: 3 })).toBe(true);
    expect(isHeld({ ...POSITION, positionStatus: 2 })).toBe(false);
  });
});

describe('execution events', () => {
  const event = (part: object) =>
    executionOf(
      { ctidTraderAccountId: ACCOUNT_ID, executionType: 3, order: ORDER, ...part },
      SCALES,
      HEARD,
      [],
    ).events.map((each) => each.type);

  it('the fill of a market order shows no levels yet, and says nothing about them', () => {
    const { stopLoss: _, takeProfit: __, ...bare } = POSITION;
    expect(event({ position: bare, deal: DEAL })).toEqual(['orderUpdate', 'deal']);
  });

  it('the protective order tells the levels, also when it is removed', () => {
    const { stopLoss: _, takeProfit: __, ...bare } = POSITION;
    expect(event({ order: PROTECTIVE, position: POSITION })).toEqual(['orderUpdate', 'protection']);
    const cancelled = { ...PROTECTIVE, orderStatus: 5 };
    expect(event({ executionType: 5, order: cancelled, position: bare })).toEqual([
      'orderUpdate',
      'protection',
    ]);
  });

  it('the closing fill shows CREATED with levels still listed: no protection is told', () => {
    const closing = {
      ...POSITION,
      positionStatus: 3,
      tradeData: { ...POSITION.tradeData, volume: 0 },
    };
    const deal = { ...DEAL, closePositionDetail: DETAIL };
    expect(event({ position: closing, deal })).toEqual(['orderUpdate', 'deal']);
    expect(event({ position: { ...POSITION, positionStatus: 3 } })).toEqual(['orderUpdate']);
  });

  it('swaps and deposits concern the account only', () => {
    const result = executionOf(
      { ctidTraderAccountId: ACCOUNT_ID, executionType: 9 },
      SCALES,
      HEARD,
      [],
    );
    expect(result).toEqual({ events: [], accountChanged: true });
  });
});
