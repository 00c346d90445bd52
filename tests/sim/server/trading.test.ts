// Orders as a client lives through them. Numbers in the names are the rows of the conformance
// checklist, rows of the event table where "row" is said. Money is computed by hand.
import { describe, expect, it } from 'vitest';
import type { Messages } from '../../../src/ctrader/wire/schema.gen.ts';
import { wall } from '../../../src/engine/index.ts';
import { DAY_MS } from '../../../src/sim/fcpo.ts';
import { type BenchOptions, bench, FCPO_ID, START, type Told, toldMarket } from './bench.ts';
import { ACCOUNT, loggedIn, refusal, subscribe, type WireClient } from './wire-client.ts';

const own = { ctidTraderAccountId: ACCOUNT };
const BUY = { ...own, symbolId: FCPO_ID, orderType: 1, tradeSide: 1, volume: 2_500 };
/** 30 below and 60 above the fill, in 1/100 000. */
const LEVELS = { relativeStopLoss: 3_000_000, relativeTakeProfit: 6_000_000 };
const TYPES: Readonly<Record<number, string>> = { 2: 'A', 3: 'F', 4: 'R', 5: 'C', 6: 'X' };

type Execution = Messages['ProtoOAExecutionEvent'];

function desk(told: readonly Told[] = [], options: BenchOptions = {}) {
  const { clock, server } = bench({ market: toldMarket(told), ...options });
  const client = loggedIn(server, clock);
  const events = () => client.all('ProtoOAExecutionEvent');
  const last = (): Execution => events().at(-1)?.fields as Execution;
  return {
    clock,
    client,
    events,
    last,
    exchange: () => server.exchange(ACCOUNT),
    /** Buys and waits until everything about it has arrived. */
    buy: (more: Partial<Messages['ProtoOANewOrderReq']> = {}): string => {
      client.tell('ProtoOANewOrderReq', { ...BUY, ...more });
      clock.advanceBy(400);
      return last().position?.positionId ?? '';
    },
    close: (positionId: string, volume: number): void => {
      client.tell('ProtoOAClosePositionReq', { ...own, positionId, volume });
      clock.advanceBy(400);
    },
    refused: (more: Partial<Messages['ProtoOANewOrderReq']>) =>
      refusal(client.ask('ProtoOANewOrderReq', { ...BUY, ...more })),
  };
}

/** Type, server's own or not, position status, volume of the position. */
const story = (client: WireClient, from = 0): string[] =>
  client
    .all('ProtoOAExecutionEvent')
    .slice(from)
    .map(({ fields, clientMsgId }) => {
      const status = ['', 'OPEN', 'CLOSED', 'CREATED'][fields.position?.positionStatus ?? 0];
      const who = fields.isServerEvent === true ? 'srv' : 'own';
      const type = TYPES[fields.executionType];
      const volume = fields.position?.tradeData.volume;
      return `${type} ${who} ${status} ${volume} ${clientMsgId ?? '-'}`;
    });

describe('a market order', () => {
  it('53 is accepted, then filled 130 to 150 ms later, both under its message id', () => {
    for (const seed of ['a', 'b', 'c', 'd']) {
      const { client, clock } = desk([], { seed });
      const id = client.tell('ProtoOANewOrderReq', BUY);
      clock.advanceBy(400);
      expect(story(client)).toEqual([`A own CREATED 0 ${id}`, `F own OPEN 2500 ${id}`]);
      const [accepted, filled] = client.frames.slice(-2);
      const apart = (filled?.at ?? 0) - (accepted?.at ?? 0);
      expect(apart).toBeGreaterThanOrEqual(130);
      expect(apart).toBeLessThanOrEqual(150);
    }
  });

  it('54 is accepted with an empty CREATED position that has its final number', () => {
    const { buy, events } = desk();
    const positionId = buy(LEVELS);
    const [accepted] = events();
    expect(accepted?.fields.position).toMatchObject({
      positionId,
      positionStatus: 3,
      price: 0,
      commission: 0,
      usedMargin: 0,
      tradeData: { volume: 0 },
    });
    expect(accepted?.fields.position?.tradeData).not.toHaveProperty('openTimestamp');
    expect(accepted?.fields.order).toMatchObject({
      orderType: 1,
      orderStatus: 1,
      timeInForce: 3,
      executedVolume: 0,
      closingOrder: false,
      positionId,
      ...LEVELS,
    });
  });

  it('55 is filled at the ask with one side of commission, and without levels yet', () => {
    const { buy, events } = desk();
    buy(LEVELS);
    const filled = events()[1]?.fields;
    expect(filled?.order).toMatchObject({ orderStatus: 2, executionPrice: 4_603 });
    expect(filled?.position).toMatchObject({
      positionStatus: 1,
      price: 4_603,
      commission: -1_500,
      // 25 t x 4603 / 20
      usedMargin: 575_375,
      moneyDigits: 2,
    });
    expect(filled?.position).not.toHaveProperty('stopLoss');
    expect(filled?.deal).toMatchObject({
      volume: 2_500,
      filledVolume: 2_500,
      executionPrice: 4_603,
      dealStatus: 2,
      commission: -1_500,
      moneyDigits: 2,
    });
    expect(filled?.deal).not.toHaveProperty('closePositionDetail');
  });

  it('56 the protective order carries the id of the opening, if it is that kind of server', () => {
    const { clock, server } = bench({ switches: { protectionEchoesId: true } });
    const client = loggedIn(server, clock);
    const id = client.tell('ProtoOANewOrderReq', { ...BUY, ...LEVELS });
    clock.advanceBy(1_000);
    expect(client.all('ProtoOAExecutionEvent').map(({ clientMsgId }) => clientMsgId)).toEqual([
      id,
      id,
      id,
    ]);
  });

  it('56 gets one protective order with both levels from the fill price, 10 to 20 ms later', () => {
    const { buy, client, events } = desk();
    buy(LEVELS);
    expect(story(client).at(-1)).toBe('A srv OPEN 2500 -');
    expect(events()[2]?.fields).toMatchObject({
      order: {
        orderType: 4,
        orderStatus: 1,
        timeInForce: 2,
        closingOrder: true,
        tradeData: { tradeSide: 2, volume: 2_500 },
        stopPrice: 4_573,
        limitPrice: 4_663,
      },
      position: { stopLoss: 4_573, takeProfit: 4_663 },
    });
    const [filled, shielded] = client.frames.slice(-2);
    const apart = (shielded?.at ?? 0) - (filled?.at ?? 0);
    expect(apart >= 10 && apart <= 20).toBe(true);
  });

  it('57 is refused with absolute levels, and nothing is executed', () => {
    const words =
      'SL/TP in absolute values are allowed only for order types: [LIMIT, STOP, STOP_LIMIT]';
    const { refused, exchange } = desk();
    expect(refused({ stopLoss: 4_500 })).toEqual([2132, 'INVALID_REQUEST', words]);
    expect(exchange()?.positions).toEqual([]);
    const other = desk([], { switches: { invalidOrder: 'errorRes' } });
    expect(other.refused({ takeProfit: 4_700 })).toEqual([2142, 'INVALID_REQUEST', words]);
  });

  it('58 59 is refused with distances or prices off the grid', () => {
    const { refused } = desk();
    const stop = 'Relative stop loss has invalid precision';
    expect(refused({ relativeStopLoss: 3_050_000 })).toEqual([2132, 'INVALID_REQUEST', stop]);
    const target = 'Relative take profit has invalid precision';
    expect(refused({ relativeTakeProfit: 1 })).toEqual([2132, 'INVALID_REQUEST', target]);
    const digits = 'Order price = 4433.959 has more digits than symbol allows. Allowed 0 digits';
    const limit = { orderType: 2, limitPrice: 4433.959 };
    expect(refused(limit)).toEqual([2132, 'INVALID_REQUEST', digits]);
  });

  it('60 is refused below the least, above the most and off the step of volumes', () => {
    const { refused } = desk();
    const small = 'Order volume = 0.50 is smaller than minimum allowed volume = 1.00.';
    expect(refused({ volume: 50 })).toEqual([2132, 'TRADING_BAD_VOLUME', small]);
    const large = 'Order volume = 2501.00 is bigger than maximum allowed volume = 2500.00.';
    expect(refused({ volume: 250_100 })).toEqual([2132, 'TRADING_BAD_VOLUME', large]);
    expect(refused({ volume: 250 })).toEqual([2132, 'TRADING_BAD_VOLUME', expect.any(String)]);
  });

  it('61 is refused when the market is closed, although quotes may flow', () => {
    const saturday = wall(START + 5 * DAY_MS);
    const market = toldMarket([{ after: 5 * DAY_MS + 500, bid: 4_610, ask: 4_613 }]);
    const { client, clock, refused } = desk([], { market, start: saturday });
    subscribe(client);
    clock.advanceBy(1_000);
    const spot = client.all('ProtoOASpotEvent').at(-1)?.fields;
    expect(spot).toMatchObject({ bid: 461_000_000, ask: 461_300_000 });
    const words = 'Trading is not available: Market is closed.';
    expect(refused({})).toEqual([2132, 'MARKET_CLOSED', words]);
  });

  it('62 is refused without enough margin', () => {
    // 9 lots need 9 x 5753.75; the account has 50,000.
    const { refused } = desk();
    expect(refused({ volume: 22_500 })).toEqual([2132, 'NOT_ENOUGH_MONEY', expect.any(String)]);
  });

  it('63 is refused with the ids it named and no others', () => {
    const { client } = desk();
    const order = client.ask('ProtoOANewOrderReq', { ...BUY, volume: 1 });
    expect(Object.keys('fields' in order ? order.fields : {}).sort()).toEqual([
      'ctidTraderAccountId',
      'description',
      'errorCode',
    ]);
    // Type 2132.
    expect(client.frames.at(-1)?.hex.slice(0, 6)).toBe('08d410');
    const cancel = client.ask('ProtoOACancelOrderReq', { ...own, orderId: '77' });
    expect(cancel).toMatchObject({ fields: { orderId: '77' } });
    expect('fields' in cancel && cancel.fields).not.toHaveProperty('positionId');
    const gone = { ...own, positionId: '88', volume: 100 };
    expect(client.ask('ProtoOAClosePositionReq', gone)).toMatchObject({
      fields: {
        positionId: '88',
        errorCode: 'POSITION_NOT_FOUND',
        description: 'Position not found with id 88',
      },
    });
  });

  it('66 cannot be cancelled or amended when nobody knows it', () => {
    const { client } = desk();
    const unknown = [2132, 'ORDER_NOT_FOUND', 'Order not found with id 77'];
    const id = { ...own, orderId: '77' };
    expect(refusal(client.ask('ProtoOACancelOrderReq', id))).toEqual(unknown);
    expect(refusal(client.ask('ProtoOAAmendOrderReq', id))).toEqual(unknown);
  });

  it('79 keeps its texts as they were sent, up to the limits', () => {
    const { buy, events, refused } = desk();
    const texts = { label: 'l'.repeat(100), comment: 'c'.repeat(512) };
    buy({ ...texts, clientOrderId: 'o'.repeat(50) });
    for (const { fields } of events()) {
      expect(fields.order).toMatchObject({ clientOrderId: 'o'.repeat(50), tradeData: texts });
      expect(fields.position).toMatchObject({ tradeData: texts });
    }
    const long = [
      { label: 'l'.repeat(101) },
      { comment: 'c'.repeat(513) },
      { clientOrderId: 'o'.repeat(51) },
    ];
    for (const more of long) expect(refused(more)).toContain('INVALID_REQUEST');
  });
});

describe('levels of a position', () => {
  it('68 are both replaced, created, removed; what is not sent vanishes', () => {
    const { buy, client, last, clock } = desk();
    const positionId = buy(LEVELS);
    const protective = last().order?.orderId;
    const amend = (levels: Partial<Messages['ProtoOAAmendPositionSLTPReq']>): string => {
      const id = client.tell('ProtoOAAmendPositionSLTPReq', { ...own, positionId, ...levels });
      clock.advanceBy(200);
      return id;
    };
    const id = amend({ stopLoss: 4_590 });
    expect(story(client).at(-1)).toBe(`R own OPEN 2500 ${id}`);
    expect(last().order).toMatchObject({ orderId: protective, stopPrice: 4_590 });
    expect(last().order).not.toHaveProperty('limitPrice');
    expect(last().position).not.toHaveProperty('takeProfit');
    amend({});
    expect(story(client).at(-1)).toContain('C own OPEN 2500');
    expect(last().position).not.toHaveProperty('stopLoss');
    amend({ stopLoss: 4_580, takeProfit: 4_700 });
    expect(story(client).at(-1)).toContain('A own OPEN 2500');
    expect(last().order?.orderId).not.toBe(protective);
  });

  it('69 are refused whole: nothing, a trailing stop without stop, a bad level', () => {
    const { buy, client, exchange } = desk();
    const bare = { ...own, positionId: buy() };
    const ask = (levels: Partial<Messages['ProtoOAAmendPositionSLTPReq']>) =>
      refusal(client.ask('ProtoOAAmendPositionSLTPReq', { ...bare, ...levels }));
    expect(ask({})).toEqual([2132, 'INVALID_REQUEST', 'Nothing to amend.']);
    const trailing = "Can't set Trailing Stop Loss parameter without specified Stop Loss";
    expect(ask({ trailingStopLoss: true })).toEqual([2132, 'INVALID_REQUEST', trailing]);
    expect(ask({ trailingStopLoss: false })).toEqual([2132, 'INVALID_REQUEST', trailing]);
    const words =
      'New TP for BUY position should be >= current BID price. current BID: 4600, TP: 4590';
    const bad = ask({ stopLoss: 4_580, takeProfit: 4_590 });
    expect(bad).toEqual([2132, 'TRADING_BAD_STOPS', words]);
    const digits = ask({ stopLoss: 4580.5 });
    const more = 'Order protection = 4580.5 has more digits than symbol allows. Allowed 0 digits';
    expect(digits).toEqual([2132, 'INVALID_REQUEST', more]);
    expect(exchange()?.positions).toHaveLength(1);
    expect(exchange()?.positions[0]?.stop).toBeUndefined();
  });
});

describe('the end of a position', () => {
  it('70 73 (row 16) closes a part: A, F, R(srv), balance and version move', () => {
    const { buy, client, close, events } = desk();
    const positionId = buy(LEVELS);
    close(positionId, 1_000);
    const told = story(client, 3);
    expect(told.map((line) => line.slice(0, 15).trim())).toEqual([
      'A own OPEN 2500',
      'F own OPEN 1500',
      'R srv OPEN 1500',
    ]);
    const [accepted, filled, resized] = events().slice(3);
    expect(accepted?.fields.order).toMatchObject({ closingOrder: true, positionId });
    // Bought at 4603, sold at 4600: 10 t x -3 = -30.00; commission 6.00 opening, 6.00 closing.
    expect(filled?.fields.deal?.closePositionDetail).toMatchObject({
      entryPrice: 4_603,
      grossProfit: -3_000,
      swap: 0,
      commission: -1_200,
      balance: 5_000_000 - 3_000 - 1_200,
      balanceVersion: 2,
      closedVolume: 1_000,
      quoteToDepositConversionRate: 1,
      pnlConversionFee: 0,
      moneyDigits: 2,
    });
    expect(filled?.fields.position).toMatchObject({ price: 4_603, commission: -900 });
    expect(resized?.fields.order).toMatchObject({
      executedVolume: 0,
      tradeData: { volume: 1_500 },
    });
    expect(resized).not.toHaveProperty('clientMsgId');
  });

  it('71 (row 17) closes all with protection: A, F CREATED, C(srv) CLOSED', () => {
    const { buy, client, close, events } = desk();
    close(buy(LEVELS), 2_500);
    expect(story(client, 3).map((line) => line.split(' m')[0])).toEqual([
      'A own OPEN 2500',
      'F own CREATED 0',
      'C srv CLOSED 0 -',
    ]);
    const [, filled, gone] = events().slice(3);
    expect(filled?.fields.position).toMatchObject({ price: 0, stopLoss: 4_573, takeProfit: 4_663 });
    expect(filled?.fields.position?.tradeData).not.toHaveProperty('closeTimestamp');
    expect(gone?.fields.order).toMatchObject({ orderType: 4, orderStatus: 5 });
    expect(gone?.fields.position?.tradeData).toHaveProperty('closeTimestamp');
  });

  it('71 (row 18) closes all of a bare position: A, F', () => {
    const { buy, client, close } = desk();
    close(buy(), 2_500);
    expect(story(client, 2).map((line) => line.split(' m')[0])).toEqual([
      'A own OPEN 2500',
      'F own CLOSED 0',
    ]);
  });

  it('72 (row 19) hits the stop: one F(srv) of the protective order, worse if it gaps', () => {
    const { buy, client, clock, last } = desk([{ after: 1_000, bid: 4_570, ask: 4_573 }]);
    buy(LEVELS);
    clock.advanceBy(1_000);
    expect(story(client, 3)).toEqual(['F srv CLOSED 0 -']);
    expect(last().order).toMatchObject({
      orderType: 4,
      orderStatus: 2,
      stopPrice: 4_573,
      limitPrice: 4_663,
      executionPrice: 4_570,
    });
    // 25 t x -33 = -825.00, commission 15.00 twice.
    expect(last().deal?.closePositionDetail).toMatchObject({
      grossProfit: -82_500,
      commission: -3_000,
      balance: 5_000_000 - 85_500,
      balanceVersion: 2,
    });
  });

  it('73 changes the balance on closing deals only', () => {
    const { buy, close, events } = desk();
    close(buy(), 2_500);
    const balances = events().map(({ fields }) => fields.deal?.closePositionDetail?.balance);
    expect(balances).toEqual([undefined, undefined, undefined, 5_000_000 - 7_500 - 3_000]);
  });

  it('fills an order whose client has gone (close during an order)', () => {
    const { client, clock, exchange } = desk();
    client.tell('ProtoOANewOrderReq', { ...BUY, ...LEVELS });
    clock.advanceBy(80);
    client.close();
    clock.advanceBy(1_000);
    expect(exchange()?.positions[0]).toMatchObject({ status: 'OPEN', stop: 457_300_000 });
  });
});
