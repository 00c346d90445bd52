// Looks at what is and what was. Numbers in the names are the rows of the conformance checklist.
// Bars are compared with what the told ticks must make of them.
import { describe, expect, it } from 'vitest';
import type { Messages } from '../../../src/ctrader/wire/schema.gen.ts';
import { bench, FCPO_ID, START, syntheticMarket, type Told, toldMarket } from './bench.ts';
import { ACCOUNT, loggedIn, pass, refusal, type WireClient } from './wire-client.ts';

const own = { ctidTraderAccountId: ACCOUNT };
const MINUTE = START / 60_000;
const BUY = { ...own, symbolId: FCPO_ID, orderType: 1, tradeSide: 1, volume: 2_500 };
const LEVELS = { relativeStopLoss: 3_000_000, relativeTakeProfit: 6_000_000 };

type BarsAsked = Partial<Messages['ProtoOAGetTrendbarsReq']>;

function bars(client: WireClient, asks: BarsAsked): Messages['ProtoOAGetTrendbarsRes'] {
  const all = { ...own, symbolId: FCPO_ID, period: 1, ...asks };
  return client.get('ProtoOAGetTrendbarsReq', all, 'ProtoOAGetTrendbarsRes');
}

const minutes = (answer: Messages['ProtoOAGetTrendbarsRes']): number[] =>
  (answer.trendbar ?? []).map((bar) => (bar.utcTimestampInMinutes ?? 0) - MINUTE);

function table(told: readonly Told[] = [], options: Parameters<typeof bench>[0] = {}) {
  const { clock, server } = bench({ market: toldMarket(told), ...options });
  const client = loggedIn(server, clock);
  const trade = (volume: number, more = {}): string => {
    client.tell('ProtoOANewOrderReq', { ...BUY, volume, ...more });
    clock.advanceBy(400);
    const [latest] = client.all('ProtoOAExecutionEvent').slice(-1);
    return latest?.fields.position?.positionId ?? '';
  };
  const close = (positionId: string, volume: number): void => {
    client.tell('ProtoOAClosePositionReq', { ...own, positionId, volume });
    clock.advanceBy(400);
  };
  return { clock, server, client, trade, close };
}

describe('bars', () => {
  it('44 come oldest first, without period inside, with period and symbol outside', () => {
    const { client } = table();
    const answer = bars(client, { count: 3, toTimestamp: START });
    expect(minutes(answer)).toEqual([-3, -2, -1]);
    expect(answer).toMatchObject({ period: 1, symbolId: FCPO_ID, hasMore: true });
    for (const bar of answer.trendbar ?? []) expect(bar).not.toHaveProperty('period');
    // 4600 - 7 % 3, one two-sided quote.
    expect(answer.trendbar?.[0]).toEqual({
      volume: 2,
      low: 459_900_000,
      deltaOpen: 0,
      deltaClose: 0,
      deltaHigh: 0,
      utcTimestampInMinutes: MINUTE - 3,
    });
  });

  it('44 says whether there is more', () => {
    const { client } = table();
    expect(bars(client, { count: 10 })).toMatchObject({ hasMore: false });
    expect(bars(client, { count: 9 })).toMatchObject({ hasMore: true });
    const cut = table([], { switches: { barsMax: 4 } });
    const from = { fromTimestamp: START - 600_000, toTimestamp: START };
    const answer = bars(cut.client, from);
    expect(minutes(answer)).toEqual([-4, -3, -2, -1]);
    expect(answer.hasMore).toBe(true);
  });

  it('45 count back from the end, a bar that opens there included, never more than asked', () => {
    const { client } = table();
    const to = START - 4 * 60_000;
    expect(minutes(bars(client, { count: 2, toTimestamp: to }))).toEqual([-5, -4]);
    expect(minutes(bars(client, { count: 2, toTimestamp: to - 1 }))).toEqual([-6, -5]);
    const short = table([], { switches: { oneBarLess: true } });
    expect(minutes(bars(short.client, { count: 3, toTimestamp: to }))).toEqual([-5, -4]);
  });

  it('46 are not bounded by the beginning when a count is given, unless so switched', () => {
    const asks = { count: 4, fromTimestamp: START - 2 * 60_000, toTimestamp: START };
    expect(minutes(bars(table().client, asks))).toEqual([-4, -3, -2, -1]);
    const bounded = table([], { switches: { fromBoundsCount: true } });
    expect(minutes(bars(bounded.client, asks))).toEqual([-2, -1]);
  });

  it('47 include the forming one, and a closed one within a second of its end', () => {
    const { client, clock } = table([
      { after: 58_000, bid: 4_620 },
      { after: 59_900, bid: 4_610 },
      { after: 61_000, bid: 4_611 },
    ]);
    pass(clock, 58_500 - clock.mono(), client);
    const forming = bars(client, { count: 1 }).trendbar?.[0];
    expect(forming).toMatchObject({ utcTimestampInMinutes: MINUTE, deltaClose: 0, volume: 1 });
    pass(clock, 60_500 - clock.mono(), client);
    const closed = bars(client, { count: 1 }).trendbar?.[0];
    expect(closed).toMatchObject({ low: 461_000_000, deltaHigh: 1_000_000, deltaClose: 0 });
    expect(minutes(bars(client, { count: 1, toTimestamp: START + 10 ** 9 }))).toEqual([0]);
  });

  it('48 open days at 17:00 in New York and hours on the epoch', () => {
    const { client, clock } = table([], { market: syntheticMarket('grid') });
    const days = bars(client, { period: 12, count: 2 }).trendbar ?? [];
    // January: 22:00 UTC; the last one opened on Sunday evening.
    const opens = days.map((bar) => new Date((bar.utcTimestampInMinutes ?? 0) * 60_000));
    expect(opens.map((one) => one.toISOString())).toEqual([
      '2025-01-02T22:00:00.000Z',
      '2025-01-05T22:00:00.000Z',
    ]);
    clock.advanceBy(1_000);
    const hours = bars(client, { period: 9, count: 3 }).trendbar ?? [];
    for (const bar of hours) expect((bar.utcTimestampInMinutes ?? 1) % 60).toBe(0);
    expect(hours).toHaveLength(3);
  });

  it('refuses windows that make no sense, unknown symbols and periods', () => {
    const { client } = table();
    const ask = (asks: BarsAsked) =>
      refusal(
        client.ask('ProtoOAGetTrendbarsReq', { ...own, symbolId: FCPO_ID, period: 1, ...asks }),
      );
    expect(ask({ fromTimestamp: 2, toTimestamp: 1 })).toContain('INCORRECT_BOUNDARIES');
    expect(ask({ toTimestamp: 2_147_483_646_001 })).toContain('INCORRECT_BOUNDARIES');
    expect(ask({ symbolId: '9' })).toContain('SYMBOL_NOT_FOUND');
  });
});

describe('deals, orders and positions', () => {
  it('50 come newest first, in pages, and by position without a window', () => {
    const { client, close, trade } = table();
    const first = trade(2_500, LEVELS);
    close(first, 2_500);
    const second = trade(1_000);
    const deals = client.get('ProtoOADealListReq', own, 'ProtoOADealListRes');
    expect(deals.deal?.map(({ dealId }) => dealId)).toEqual(['9000003', '9000002', '9000001']);
    expect(deals.hasMore).toBe(false);
    const page = client.get('ProtoOADealListReq', { ...own, maxRows: 1 }, 'ProtoOADealListRes');
    expect(page).toMatchObject({ deal: [{ dealId: '9000003' }], hasMore: true });
    const before = { ...own, toTimestamp: (page.deal?.[0]?.executionTimestamp ?? 0) - 1 };
    const older = client.get('ProtoOADealListReq', before, 'ProtoOADealListRes');
    expect(older.deal?.map(({ dealId }) => dealId)).toEqual(['9000002', '9000001']);
    const byPosition = { ...own, positionId: second };
    const answer = 'ProtoOADealListByPositionIdRes';
    const some = client.get('ProtoOADealListByPositionIdReq', byPosition, answer);
    expect(some.deal?.map(({ dealId }) => dealId)).toEqual(['9000003']);
  });

  it('50 76 show ended orders by their last change, the protective one as cancelled', () => {
    const { client, close, trade } = table();
    close(trade(2_500, LEVELS), 2_500);
    const orders = client.get('ProtoOAOrderListReq', own, 'ProtoOAOrderListRes').order ?? [];
    expect(orders.map(({ orderType, orderStatus }) => [orderType, orderStatus])).toEqual([
      [1, 2],
      [4, 5],
      [1, 2],
    ]);
    const [latest] = orders;
    const position = { ...own, positionId: latest?.positionId ?? '' };
    const answer = 'ProtoOAOrderListByPositionIdRes';
    const same = client.get('ProtoOAOrderListByPositionIdReq', position, answer);
    expect(same.order).toEqual(orders);
  });

  it('75 reconcile shows open positions with levels, protective orders only if asked', () => {
    const { client, close, trade } = table();
    const empty = client.get('ProtoOAReconcileReq', own, 'ProtoOAReconcileRes');
    expect(empty).toEqual(own);
    const kept = trade(1_000, LEVELS);
    close(trade(1_500, LEVELS), 1_500);
    const plain = client.get('ProtoOAReconcileReq', own, 'ProtoOAReconcileRes');
    expect(plain.position).toMatchObject([
      { positionId: kept, positionStatus: 1, stopLoss: 4_573, takeProfit: 4_663 },
    ]);
    expect(plain).not.toHaveProperty('order');
    const asks = { ...own, returnProtectionOrders: true };
    const full = client.get('ProtoOAReconcileReq', asks, 'ProtoOAReconcileRes');
    expect(full.order).toMatchObject([{ orderType: 4, stopPrice: 4_573, positionId: kept }]);
    expect(full.order?.[0]).not.toHaveProperty('stopLoss');
  });

  it('75 reconcile shows nothing of a market order that is still on its way', () => {
    const { client, clock } = table();
    client.tell('ProtoOANewOrderReq', BUY);
    clock.advanceBy(20);
    // Accepted after 70 ms, filled at the earliest 130 ms later; the answer comes in between.
    expect(client.get('ProtoOAReconcileReq', own, 'ProtoOAReconcileRes')).toEqual(own);
    expect(client.all('ProtoOAExecutionEvent')).toHaveLength(1);
  });

  it('77 answers details of ended orders with their deals; refuses unknown ones', () => {
    const { client, close, trade } = table();
    close(trade(2_500), 2_500);
    const [filled] = client.get('ProtoOAOrderListReq', own, 'ProtoOAOrderListRes').order ?? [];
    const asks = { ...own, orderId: filled?.orderId ?? '' };
    const details = client.get('ProtoOAOrderDetailsReq', asks, 'ProtoOAOrderDetailsRes');
    expect(details).toMatchObject({ order: { orderStatus: 2 }, deal: [{ dealId: '9000002' }] });
    const unknown = client.ask('ProtoOAOrderDetailsReq', { ...own, orderId: '77' });
    const words = 'Order 77 not found or not belong to trader 9000001';
    expect(refusal(unknown)).toEqual([2142, 'ORDER_NOT_FOUND', words]);
  });

  it('80 values open positions gross and net, the closing commission not in it', () => {
    const { client, clock, trade } = table([{ after: 2_000, bid: 4_613, ask: 4_616 }]);
    const positionId = trade(2_500);
    clock.advanceBy(2_000);
    const answer = 'ProtoOAGetPositionUnrealizedPnLRes';
    const value = client.get('ProtoOAGetPositionUnrealizedPnLReq', own, answer);
    // 25 t x (4613 - 4603) = 250.00; net less 15.00.
    const row = { positionId, grossUnrealizedPnL: 25_000, netUnrealizedPnL: 23_500 };
    expect(value).toMatchObject({ moneyDigits: 2, positionUnrealizedPnL: [row] });
  });

  it('81 tells the margin of each volume, for buying and for selling', () => {
    const { client } = table();
    const asks = { ...own, symbolId: FCPO_ID, volume: [2_500, 100] };
    const margin = client.get('ProtoOAExpectedMarginReq', asks, 'ProtoOAExpectedMarginRes');
    expect(margin).toMatchObject({
      moneyDigits: 2,
      margin: [
        { volume: 2_500, buyMargin: 575_375, sellMargin: 575_000 },
        { volume: 100, buyMargin: 23_015, sellMargin: 23_000 },
      ],
    });
  });
});
