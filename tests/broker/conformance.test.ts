// One suite for everything that calls itself a Broker: the same questions to the paper broker, the
// backtest broker and the wire client over the simulator. What the engine relies on is here.
import { describe, expect, it } from 'vitest';
import {
  brokerOrderId as asOrderId,
  type BrokerEvent,
  type BrokerRequest,
  clientOrderId,
  type OrderRange,
  type OrderTerms,
  type Permitted,
  type PositionId,
  positionId,
  price,
  volume,
  wall,
} from '../../src/engine/index.ts';
import { STAGES, type Stage } from './stages.ts';

const whole = (ringgit: number) => price(ringgit * 100_000);
const NAME = 'c-1';

type Of<T extends BrokerEvent['type']> = Extract<BrokerEvent, { type: T }>;

/** A stage with hands: requests out, events by kind, the last complete look. */
function desk(make: () => Stage) {
  const stage = make();
  const { broker, events } = stage;
  const of = <T extends BrokerEvent['type']>(type: T, from = 0): Of<T>[] =>
    events.slice(from).filter((event): event is Of<T> => event.type === type);
  const send = (request: BrokerRequest): void => {
    broker.send(request as Permitted<BrokerRequest>);
    stage.settle();
  };
  const destined = (request: BrokerRequest): BrokerRequest => {
    const marked: unknown = { ...request, destination: 'broker' };
    return marked as BrokerRequest;
  };
  return {
    ...stage,
    of,
    send: (request: BrokerRequest) => send(destined(request)),
    buy: (size = 2_500, requestId = 'r-buy', range?: OrderRange): void =>
      send(
        destined({
          type: 'submitOrder',
          requestId,
          clientOrderId: clientOrderId(NAME),
          label: `palm:${NAME}`,
          instrumentId: stage.instrumentId,
          side: 'buy',
          volume: volume(size),
          stopDistance: whole(60),
          targetDistance: whole(90),
          ...(range === undefined ? {} : { range }),
        }),
      ),
    close: (id: PositionId, size: number): void =>
      send(
        destined({
          type: 'closePosition',
          requestId: 'r-close',
          positionId: id,
          volume: volume(size),
        }),
      ),
    /** A fresh complete look at the account, with the history of the run. */
    look: () => {
      const from = events.length;
      broker.query({ type: 'reconcile', historyFrom: stage.began });
      stage.settle();
      const last = of('brokerSnapshot', from).at(-1)?.pass;
      if (last?.complete !== true) throw new Error('the look is not complete');
      return last.snapshot;
    },
  };
}

describe.each(STAGES)('%s', (_, make) => {
  it('begins with SYNCING, instrument, a complete look with the account, then READY', () => {
    const { events, of } = desk(make);
    const kinds: readonly string[] = events.map((event) =>
      event.type === 'link' ? event.state : event.type,
    );
    const places = ['SYNCING', 'instrument', 'brokerSnapshot', 'READY'].map((kind) =>
      kinds.indexOf(kind),
    );
    expect(places.every((place) => place >= 0)).toBe(true);
    expect([...places].sort((a, b) => a - b)).toEqual(places);
    expect(of('brokerSnapshot')[0]?.pass).toMatchObject({
      complete: true,
      snapshot: { positions: [], orders: [], account: { balance: 5_000_000, exponent: 2 } },
    });
  });

  it('tells a market order as sent, working, filled, with its names, and then its levels', () => {
    const { events, buy, of } = desk(make);
    const from = events.length;
    buy();
    const after = events.slice(from).filter(({ type }) => type !== 'quote');
    expect(after[0]).toMatchObject({ type: 'sent', requestId: 'r-buy' });
    const own = of('orderUpdate', from).filter(({ update }) => !update.protective);
    expect(own.map(({ update }) => update.status)).toEqual(['working', 'filled']);
    for (const { update } of own)
      expect(update).toMatchObject({ clientOrderId: NAME, side: 'buy' });
    const [deal] = of('deal', from);
    expect(deal?.deal).toMatchObject({ side: 'buy', filled: 2_500, price: whole(4_602) });
    expect(of('protection', from).at(-1)).toMatchObject({
      positionId: deal?.deal.positionId,
      stop: whole(4_542),
      target: whole(4_692),
    });
  });

  it('tells the order before its deal, and the deal before the levels', () => {
    const { events, buy } = desk(make);
    buy();
    const at = (type: BrokerEvent['type']) => events.findIndex((event) => event.type === type);
    expect(at('sent')).toBeLessThan(at('orderUpdate'));
    expect(at('orderUpdate')).toBeLessThan(at('deal'));
    expect(at('deal')).toBeLessThan(at('protection'));
  });

  it('shows the position with label and levels in the next look, the deal in its history', () => {
    const { buy, look } = desk(make);
    buy();
    const { positions, deals } = look();
    expect(positions).toMatchObject([
      { side: 'buy', volume: 2_500, entry: whole(4_602), label: `palm:${NAME}` },
    ]);
    expect(positions[0]).toMatchObject({ stop: whole(4_542), target: whole(4_692) });
    expect(deals).toHaveLength(1);
  });

  it('the balance changes when a position closes, by what the deal says (I25)', () => {
    const { buy, close, look, of } = desk(make);
    const before = look().account;
    buy();
    expect(look().account).toMatchObject({
      balance: before.balance,
      balanceVersion: before.balanceVersion,
    });
    const id = look().positions[0]?.id ?? positionId('none');
    close(id, 2_500);
    const closing = of('deal').at(-1)?.deal.close;
    if (closing === undefined) throw new Error('the deal closes nothing');
    const { grossProfit, swap, commission, conversionFee, balance } = closing;
    // 25 t bought at 4602 and sold at 4600, and 15.00 for each side.
    expect([grossProfit, swap, commission, conversionFee]).toEqual([-5_000, 0, -3_000, 0]);
    expect(balance).toBe(before.balance + grossProfit + swap + commission + conversionFee);
    const after = look();
    expect(after.account).toMatchObject({ balance, balanceVersion: before.balanceVersion + 1 });
    expect(after.positions).toEqual([]);
  });

  it('closes a part and keeps the rest with its entry and its levels', () => {
    const { buy, close, look } = desk(make);
    buy();
    const id = look().positions[0]?.id ?? positionId('none');
    close(id, 1_000);
    expect(look().positions).toMatchObject([
      { id, volume: 1_500, entry: whole(4_602), stop: whole(4_542), target: whole(4_692) },
    ]);
  });

  it('moves both levels with one request, and takes a target away that is not named (F39)', () => {
    const { buy, look, send, of } = desk(make);
    buy();
    const id = look().positions[0]?.id ?? positionId('none');
    const amend = { type: 'amendProtection', requestId: 'r-amend', positionId: id } as const;
    send({ ...amend, stop: whole(4_550), target: whole(4_700) });
    expect(of('protection').at(-1)).toMatchObject({ stop: whole(4_550), target: whole(4_700) });
    send({ ...amend, requestId: 'r-amend-2', stop: whole(4_555), target: undefined });
    const [held] = look().positions;
    expect(held?.stop).toBe(whole(4_555));
    expect(held?.target).toBeUndefined();
  });

  it('executes the stop on its own: a deal with cause, the position gone, never asked for', () => {
    const { events, buy, fall, look, of } = desk(make);
    buy();
    const from = events.length;
    fall();
    const deals = of('deal', from);
    expect(deals).toHaveLength(1);
    expect(deals[0]?.deal).toMatchObject({ side: 'sell', filled: 2_500, cause: 'stop' });
    expect(deals[0]?.deal.price).toBeLessThanOrEqual(whole(4_542));
    expect(look().positions).toEqual([]);
    expect(of('requestFailed')).toEqual([]);
  });

  it('refuses a volume off the grid with proof, and nothing happens', () => {
    const { buy, look, of } = desk(make);
    buy(2_550, 'r-bad');
    expect(of('requestFailed')).toMatchObject([
      { requestId: 'r-bad', definitive: true, code: 'TRADING_BAD_VOLUME' },
    ]);
    expect(of('deal')).toEqual([]);
    expect(look().positions).toEqual([]);
  });

  describe('an order that waits', () => {
    const levels = { stopDistance: whole(60), targetDistance: whole(90) };
    const at = (ringgit: number) => ({ ...levels, volume: volume(2_500), price: whole(ringgit) });
    const waits = (stage: ReturnType<typeof desk>, side: 'buy' | 'sell', terms: OrderTerms) => {
      const { instrumentId } = stage;
      const names = { requestId: 'r-wait', clientOrderId: clientOrderId(NAME), label: 'palm:w' };
      stage.send({ type: 'placeOrder', ...names, instrumentId, side, terms });
    };
    const own = (stage: ReturnType<typeof desk>) =>
      stage.of('orderUpdate').filter(({ update }) => !update.protective);

    it.each([
      ['LIMIT', 'buy', { kind: 'limit', ...at(4_550) }],
      ['STOP', 'sell', { kind: 'stop', ...at(4_550) }],
      ['STOP_LIMIT', 'sell', { kind: 'stop-limit', ...at(4_550), slippage: whole(100) }],
    ] as const)('%s is shown as working, fills when the price comes', (_, side, terms) => {
      const stage = desk(make);
      waits(stage, side, terms);
      expect(stage.of('sent')).toMatchObject([{ requestId: 'r-wait' }]);
      const working = { clientOrderId: NAME, status: 'working', executed: 0, waitsAt: terms.price };
      expect(stage.look()).toMatchObject({ positions: [], orders: [working] });
      expect(stage.of('deal')).toEqual([]);
      stage.fall();
      expect(own(stage).map(({ update }) => update.status)).toEqual(['working', 'filled']);
      const [deal] = stage.of('deal');
      if (deal === undefined) throw new Error('nothing was executed');
      expect(deal.deal).toMatchObject({ side, filled: 2_500, cause: 'request' });
      const way = side === 'buy' ? 1 : -1;
      expect(deal.deal.price).toBeLessThanOrEqual(whole(4_550));
      expect(stage.look().positions).toMatchObject([
        {
          side,
          stop: deal.deal.price - way * whole(60),
          target: deal.deal.price + way * whole(90),
        },
      ]);
    });

    it('is replaced as a whole under its own number, and may be given up', () => {
      const stage = desk(make);
      waits(stage, 'buy', { kind: 'limit', ...at(4_550) });
      const id = own(stage)[0]?.update.brokerOrderId;
      if (id === undefined) throw new Error('the order has no number');
      const terms: OrderTerms = { kind: 'limit', ...at(4_400), volume: volume(1_000) };
      stage.send({ type: 'amendOrder', requestId: 'r-amend', brokerOrderId: id, terms });
      const moved = { brokerOrderId: id, volume: 1_000, waitsAt: whole(4_400), status: 'working' };
      expect(stage.look().orders).toMatchObject([moved]);
      stage.fall();
      expect(stage.of('deal')).toEqual([]);
      stage.send({ type: 'cancelOrder', requestId: 'r-cancel', brokerOrderId: id });
      expect(own(stage).at(-1)?.update).toMatchObject({ status: 'cancelled', executed: 0 });
      const { orders, endedOrders } = stage.look();
      expect(orders).toEqual([]);
      expect(endedOrders).toMatchObject([{ brokerOrderId: id, status: 'cancelled' }]);
    });

    it('ends at its time, unfilled', () => {
      const stage = desk(make);
      const expiresAt = wall(stage.began + 60_000);
      waits(stage, 'buy', { kind: 'limit', ...at(4_400), expiresAt });
      expect(own(stage).map(({ update }) => update.status)).toEqual(['working']);
      stage.fall();
      expect(own(stage).at(-1)?.update).toMatchObject({ status: 'expired', executed: 0 });
      expect(stage.look()).toMatchObject({ orders: [], positions: [] });
    });

    it('a STOP_LIMIT that the price has left behind is cancelled, not executed', () => {
      const stage = desk(make);
      waits(stage, 'sell', { kind: 'stop-limit', ...at(4_550), slippage: whole(0) });
      stage.fall();
      expect(own(stage).at(-1)?.update).toMatchObject({ status: 'cancelled', executed: 0 });
      expect(stage.of('deal')).toEqual([]);
    });

    it('is refused with proof off the grid, and when it is not known', () => {
      const stage = desk(make);
      const off = { ...at(4_550), price: price(4_550 * 100_000 + 50_000) };
      waits(stage, 'buy', { kind: 'limit', ...off });
      const code = 'TRADING_BAD_PRICES';
      const refused = { requestId: 'r-wait', definitive: true, code };
      expect(stage.of('requestFailed')).toMatchObject([refused]);
      const terms: OrderTerms = { kind: 'limit', ...at(4_550) };
      const brokerOrderId = asOrderId('5999999');
      stage.send({ type: 'amendOrder', requestId: 'r-amend', brokerOrderId, terms });
      const gone = { requestId: 'r-amend', code: 'ORDER_NOT_FOUND' };
      expect(stage.of('requestFailed').at(-1)).toMatchObject(gone);
      expect(stage.look().orders).toEqual([]);
    });
  });

  describe('a market order with a range', () => {
    it('fills inside it like any other', () => {
      const { buy, of, look } = desk(make);
      buy(2_500, 'r-buy', { base: whole(4_602), slippage: whole(0) });
      const own = of('orderUpdate').filter(({ update }) => !update.protective);
      expect(own.map(({ update }) => update.status)).toEqual(['working', 'filled']);
      expect(look().positions).toMatchObject([{ entry: whole(4_602), stop: whole(4_542) }]);
    });

    it('is accepted and ended beyond it: nothing executed, no refusal of the request', () => {
      const { buy, of, look } = desk(make);
      buy(2_500, 'r-buy', { base: whole(4_598), slippage: whole(3) });
      const own = of('orderUpdate').filter(({ update }) => !update.protective);
      expect(own.map(({ update }) => update.status)[0]).toBe('working');
      expect(own.at(-1)?.update).toMatchObject({ executed: 0, clientOrderId: NAME });
      expect(['cancelled', 'rejected']).toContain(own.at(-1)?.update.status);
      expect([of('deal'), of('requestFailed'), look().positions]).toEqual([[], [], []]);
    });
  });

  it('says that a position or an order it does not know is gone', () => {
    const { close, send, of } = desk(make);
    close(positionId('7999999'), 2_500);
    expect(of('requestFailed').at(-1)).toMatchObject({
      requestId: 'r-close',
      code: 'POSITION_NOT_FOUND',
    });
    const brokerOrderId = asOrderId('5999999');
    send({ type: 'cancelOrder', requestId: 'r-cancel', brokerOrderId });
    expect(of('requestFailed').at(-1)).toMatchObject({
      requestId: 'r-cancel',
      code: 'ORDER_NOT_FOUND',
    });
  });

  it('answers every request exactly once with sent or a failure, whatever else it tells', () => {
    const { buy, close, look, of } = desk(make);
    buy();
    const id = look().positions[0]?.id ?? positionId('none');
    close(id, 2_500);
    expect(of('sent').map(({ requestId }) => requestId)).toEqual(['r-buy', 'r-close']);
    expect(of('requestFailed')).toEqual([]);
  });

  it('never gives a number twice, and stays within one generation', () => {
    const { events, buy, close, look, of } = desk(make);
    for (let round = 0; round < 3; round += 1) {
      buy();
      close(look().positions[0]?.id ?? positionId('none'), 2_500);
    }
    const ids = of('deal').map(({ deal }) => deal.id);
    expect(ids).toHaveLength(6);
    expect(new Set(ids).size).toBe(6);
    const generations = events.flatMap((event) => ('generation' in event ? event.generation : []));
    expect(new Set(generations).size).toBe(1);
  });
});
