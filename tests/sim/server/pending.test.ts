// Orders that wait for a price, stops that follow it, accounts that net. Numbers in the names are
// the rows of the conformance checklist. The market is told tick by tick; it starts at 4600 / 4603.
import { describe, expect, it } from 'vitest';
import type { Messages } from '../../../src/ctrader/wire/schema.gen.ts';
import type { Netting } from '../../../src/sim/exchange-types.ts';
import { bench, FCPO_ID, START, type Told, toldMarket } from './bench.ts';
import { ACCOUNT, loggedIn, refusal } from './wire-client.ts';

const own = { ctidTraderAccountId: ACCOUNT };
const TYPES: Readonly<Record<number, string>> = {
  2: 'A',
  3: 'F',
  4: 'R',
  5: 'C',
  6: 'X',
  11: 'PF',
};
const STATUS: readonly string[] = ['', 'OPEN', 'CLOSED', 'CREATED'];
const [MARKET, LIMIT, STOP, RANGE, STOP_LIMIT] = [1, 2, 3, 5, 6];
const [BUY, SELL] = [1, 2];

function desk(told: readonly Told[], netting?: Netting) {
  const plain = bench({ market: toldMarket(told) });
  const accounts = plain.params.accounts.map((account) => ({
    ...account,
    exchange: { ...account.exchange, ...(netting === undefined ? {} : { netting }) },
  }));
  const { clock, server } =
    netting === undefined ? plain : bench({ market: toldMarket(told), params: { accounts } });
  const client = loggedIn(server, clock);
  const order = (fields: Partial<Messages['ProtoOANewOrderReq']>): string =>
    client.tell('ProtoOANewOrderReq', {
      ...own,
      symbolId: FCPO_ID,
      orderType: MARKET,
      tradeSide: BUY,
      volume: 2_500,
      ...fields,
    });
  const events = () => client.all('ProtoOAExecutionEvent');
  return {
    client,
    clock,
    order,
    events,
    exchange: () => server.exchange(ACCOUNT),
    /** Type, position status and volume, and whether the request's id came with it. */
    story: () =>
      events().map(({ fields, clientMsgId }) => {
        const { executionType, position } = fields;
        const status = STATUS[position?.positionStatus ?? 0];
        const id = clientMsgId === undefined ? '-' : 'id';
        return `${TYPES[executionType]} ${status} ${position?.tradeData.volume} ${id}`;
      }),
    last: () => events().at(-1)?.fields,
    orderId: () => events().at(-1)?.fields.order?.orderId ?? '',
  };
}

describe('a pending order', () => {
  it.each([
    ['LIMIT', 'buys', { orderType: LIMIT, tradeSide: BUY, limitPrice: 4_590 }, 4_588],
    ['LIMIT', 'sells', { orderType: LIMIT, tradeSide: SELL, limitPrice: 4_610 }, 4_612],
    ['STOP', 'buys', { orderType: STOP, tradeSide: BUY, stopPrice: 4_613 }, 4_615],
    ['STOP', 'sells', { orderType: STOP, tradeSide: SELL, stopPrice: 4_587 }, 4_585],
  ])('64 %s that %s: A only, then F at the market without message id', (_, __, fields, at) => {
    const buys = fields.tradeSide === BUY;
    // First one tick short of the trigger on the side that counts, then beyond it.
    const short = fields.orderType === LIMIT ? (buys ? 4_591 : 4_609) : buys ? 4_612 : 4_588;
    const quote = (price: number) =>
      buys ? { bid: price - 3, ask: price } : { bid: price, ask: price + 3 };
    const { order, clock, story, last } = desk([
      { after: 2_000, ...quote(short) },
      { after: 4_000, ...quote(at) },
    ]);
    order(fields);
    clock.advanceBy(3_000);
    expect(story()).toEqual(['A CREATED 0 id']);
    clock.advanceBy(3_000);
    expect(story()).toEqual(['A CREATED 0 id', 'F OPEN 2500 -']);
    expect(last()?.deal?.executionPrice).toBe(at);
  });

  it('64 absolute levels become one protective order after the fill', () => {
    const { order, clock, story, last } = desk([{ after: 2_000, bid: 4_585, ask: 4_588 }]);
    order({ orderType: LIMIT, limitPrice: 4_590, stopLoss: 4_560, takeProfit: 4_650 });
    clock.advanceBy(3_000);
    expect(story()).toEqual(['A CREATED 0 id', 'F OPEN 2500 -', 'A OPEN 2500 -']);
    expect(last()?.position).toMatchObject({ stopLoss: 4_560, takeProfit: 4_650 });
  });

  it('65 is replaced under the same order id, position CREATED; what is left out is gone', () => {
    const { order, client, clock, story, last, orderId } = desk([]);
    order({ orderType: LIMIT, limitPrice: 4_590, stopLoss: 4_560 });
    clock.advanceBy(500);
    const id = orderId();
    client.tell('ProtoOAAmendOrderReq', { ...own, orderId: id, limitPrice: 4_580, volume: 5_000 });
    clock.advanceBy(500);
    expect(story()).toEqual(['A CREATED 0 id', 'R CREATED 0 id']);
    expect(last()?.order).toMatchObject({ orderId: id, limitPrice: 4_580 });
    expect(last()?.order?.tradeData.volume).toBe(5_000);
    expect(last()?.order).not.toHaveProperty('stopLoss');
  });

  it('66 is cancelled: C, position CLOSED with volume 0', () => {
    const { order, client, clock, story, orderId, exchange } = desk([]);
    order({ orderType: STOP, stopPrice: 4_650 });
    clock.advanceBy(500);
    client.tell('ProtoOACancelOrderReq', { ...own, orderId: orderId() });
    clock.advanceBy(500);
    expect(story()).toEqual(['A CREATED 0 id', 'C CLOSED 0 id']);
    expect(exchange()?.orders).toEqual([]);
    expect(exchange()?.positions).toEqual([]);
  });

  it('67 expires at its time: X, order EXPIRED, nothing executes later', () => {
    const { order, clock, story, last } = desk([{ after: 20_000, bid: 4_500, ask: 4_503 }]);
    order({
      orderType: LIMIT,
      limitPrice: 4_590,
      timeInForce: 1,
      expirationTimestamp: START + 9_000,
    });
    clock.advanceBy(25_000);
    expect(story()).toEqual(['A CREATED 0 id', 'X CLOSED 0 -']);
    expect(last()?.order?.orderStatus).toBe(4);
  });

  it('67 an expiry that was moved does not end the order', () => {
    const { order, client, clock, story, orderId } = desk([]);
    order({ orderType: LIMIT, limitPrice: 4_590, expirationTimestamp: START + 9_000 });
    clock.advanceBy(500);
    const moved = { limitPrice: 4_590, volume: 2_500, expirationTimestamp: START + 15_000 };
    client.tell('ProtoOAAmendOrderReq', { ...own, orderId: orderId(), ...moved });
    clock.advanceBy(10_000);
    expect(story()).toHaveLength(2);
    clock.advanceBy(6_000);
    expect(story().at(-1)).toBe('X CLOSED 0 -');
  });

  it('64 STOP_LIMIT executes within its slippage (row 9), and is cancelled beyond it', () => {
    for (const [points, outcome] of [
      [5, 'F OPEN 2500 -'],
      [1, 'C CLOSED 0 -'],
    ] as const) {
      const { order, clock, story } = desk([{ after: 2_000, bid: 4_612, ask: 4_615 }]);
      order({ orderType: STOP_LIMIT, stopPrice: 4_612, slippageInPoints: points });
      clock.advanceBy(3_000);
      expect(story()).toEqual(['A CREATED 0 id', outcome]);
    }
  });

  it('(rows 5 and 6) MARKET_RANGE executes inside its range: A, F; outside: A, C', () => {
    for (const [base, outcome] of [
      [4_602, 'F OPEN 2500 id'],
      [4_598, 'C CLOSED 0 id'],
    ] as const) {
      const { order, clock, story } = desk([]);
      order({ orderType: RANGE, baseSlippagePrice: base, slippageInPoints: 2 });
      clock.advanceBy(1_000);
      expect(story()).toEqual(['A CREATED 0 id', outcome]);
    }
  });

  it('(row 6) MARKET_RANGE outside its range is rejected, if it is that kind of server', () => {
    const { clock, server } = bench({ switches: { rangeMissed: 'ORDER_REJECTED' } });
    const client = loggedIn(server, clock);
    const range = { orderType: RANGE, baseSlippagePrice: 4_598, slippageInPoints: 2 };
    const what = { symbolId: FCPO_ID, tradeSide: BUY, volume: 2_500 };
    client.tell('ProtoOANewOrderReq', { ...own, ...what, ...range });
    clock.advanceBy(1_000);
    const events = client.all('ProtoOAExecutionEvent').map(({ fields }) => fields);
    expect(events.map(({ executionType }) => executionType)).toEqual([2, 7]);
    expect(events[1]?.order).toMatchObject({ orderStatus: 3, executedVolume: 0 });
  });

  it('75 is in reconcile, and is no margin until it executes', () => {
    const { order, client, clock, exchange } = desk([]);
    order({ orderType: LIMIT, limitPrice: 4_590, volume: 250_000 });
    clock.advanceBy(500);
    const { order: shown, position } = client.get(
      'ProtoOAReconcileReq',
      own,
      'ProtoOAReconcileRes',
    );
    expect(shown).toMatchObject([{ orderType: LIMIT, limitPrice: 4_590 }]);
    expect(position ?? []).toEqual([]);
    expect(exchange()?.positions[0]?.usedMargin).toBe(0);
  });

  it('59 is refused off the grid, without price, with levels or expiry that cannot be', () => {
    const { client } = desk([]);
    const ask = (fields: object) =>
      refusal(
        client.ask('ProtoOANewOrderReq', {
          ...own,
          symbolId: FCPO_ID,
          orderType: LIMIT,
          tradeSide: BUY,
          volume: 2_500,
          ...fields,
        }),
      );
    const code = (fields: object): unknown => (ask(fields) as unknown[])[1];
    expect(code({ limitPrice: 4_590.5 })).toBe('INVALID_REQUEST');
    expect(code({})).toBe('TRADING_BAD_PRICES');
    expect(code({ limitPrice: 4_590, stopLoss: 4_600 })).toBe('TRADING_BAD_STOPS');
    const past = { limitPrice: 4_590, expirationTimestamp: START - 1 };
    expect(code(past)).toBe('TRADING_BAD_EXPIRATION_DATE');
  });
});

describe('a trailing stop', () => {
  it('74 moves with 2107 only, in favour only; the stamp of the position stays', () => {
    const { order, client, clock, story, exchange } = desk([
      { after: 2_000, bid: 4_610 },
      { after: 3_000, bid: 4_605 },
      { after: 4_000, bid: 4_620 },
    ]);
    order({ relativeStopLoss: 3_000_000, trailingStopLoss: true });
    clock.advanceBy(1_000);
    const before = exchange()?.positions[0];
    expect(before?.stop).toBe(457_300_000);
    clock.advanceBy(5_000);
    const moves = client.all('ProtoOATrailingSLChangedEvent').map(({ fields }) => fields.stopPrice);
    // The distance is the bid when it was set less the stop: 4600 - 4573 = 27.
    expect(moves).toEqual([4_583, 4_593]);
    expect(story()).toHaveLength(3);
    expect(exchange()?.positions[0]).toMatchObject({
      stop: 459_300_000,
      updatedAt: before?.updatedAt,
    });
  });

  it('74 is kept by an amend that does not name it, and ends with one that says false', () => {
    const { order, client, clock, exchange } = desk([{ after: 5_000, bid: 4_640 }]);
    order({ relativeStopLoss: 3_000_000, trailingStopLoss: true });
    clock.advanceBy(1_000);
    const positionId = exchange()?.positions[0]?.id ?? '';
    const amend = (more: object) =>
      client.tell('ProtoOAAmendPositionSLTPReq', { ...own, positionId, stopLoss: 4_575, ...more });
    amend({});
    clock.advanceBy(500);
    expect(exchange()?.positions[0]?.trailing).toBeDefined();
    amend({ trailingStopLoss: false });
    clock.advanceBy(5_000);
    expect(exchange()?.positions[0]).toMatchObject({ stop: 457_500_000 });
    expect(client.all('ProtoOATrailingSLChangedEvent')).toEqual([]);
  });
});

describe('a netted account', () => {
  it('82 adds to one position, reduces it, and turns it around', () => {
    const { order, clock, client, exchange } = desk([], 'flip');
    const trader = client.get('ProtoOATraderReq', own, 'ProtoOATraderRes').trader;
    expect(trader.accountType).toBe(1);
    order({});
    clock.advanceBy(500);
    const id = exchange()?.positions[0]?.id;
    order({});
    clock.advanceBy(500);
    expect(exchange()?.positions).toMatchObject([{ id, side: 'buy', volume: 5_000 }]);
    order({ tradeSide: SELL, volume: 2_000 });
    clock.advanceBy(500);
    expect(exchange()?.positions).toMatchObject([{ id, side: 'buy', volume: 3_000 }]);
    order({ tradeSide: SELL, volume: 4_000 });
    clock.advanceBy(1_000);
    expect(exchange()?.positions).toMatchObject([{ side: 'sell', volume: 1_000 }]);
    expect(exchange()?.orders).toEqual([]);
  });

  it('82 gives the rest up instead, if it is that kind of account', () => {
    const { order, clock, story, exchange } = desk([], 'reduce');
    order({});
    clock.advanceBy(500);
    order({ tradeSide: SELL, volume: 4_000 });
    clock.advanceBy(1_000);
    expect(story().slice(2)).toEqual(['A OPEN 2500 id', 'PF CLOSED 0 id', 'C CLOSED 0 -']);
    expect(exchange()?.positions).toEqual([]);
  });
});
