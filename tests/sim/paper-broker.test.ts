// The dry-run broker: prices pass through, orders stay on paper, events as a broker has them.
import { describe, expect, it } from 'vitest';
import {
  type BrokerEvent,
  type BrokerPosition,
  type BrokerQuery,
  type BrokerRequest,
  clientOrderId,
  generation,
  type LinkState,
  money,
  type Permitted,
  positionId,
  untrusted,
  volume,
  wall,
} from '../../src/engine/index.ts';
import { FIRST_IDS } from '../../src/sim/exchange.ts';
import type { ExchangeIds } from '../../src/sim/exchange-types.ts';
import {
  FCPO_ID,
  fcpoInstrument,
  fcpoListing,
  SIMULATED_ACCOUNT,
  sessionsBetween,
} from '../../src/sim/fcpo.ts';
import { createPaperBroker, type Feed, PAPER_DELAYS } from '../../src/sim/paper-broker.ts';
import { createVirtualClock } from '../../src/sim/virtual-clock.ts';
import { NOW, ringgit, tonnes } from './exchange-desk.ts';

interface Start {
  readonly ids?: ExchangeIds;
  readonly positions?: readonly BrokerPosition[];
  readonly adoptFeedAccount?: boolean;
}

function paper(start: Start = {}) {
  const clock = createVirtualClock(NOW);
  const asked: string[] = [];
  let say: (event: BrokerEvent) => void = () => undefined;
  const feed: Feed = {
    start: (emit) => {
      say = emit;
    },
    query: (query: BrokerQuery) => asked.push(query.type),
    subscribe: (id) => asked.push(`subscribe ${id}`),
    stop: () => Promise.resolve(),
  };
  const seen: { at: number; event: BrokerEvent }[] = [];
  const broker = createPaperBroker({
    feed,
    clock,
    account: SIMULATED_ACCOUNT,
    ids: start.ids ?? FIRST_IDS,
    positions: start.positions ?? [],
    adoptFeedAccount: start.adoptFeedAccount ?? false,
    list: (instrument) => fcpoListing(instrument.sessions),
  });
  broker.start((event) => seen.push({ at: clock.mono(), event }));
  const link = (state: LinkState, number = 1) =>
    say({ type: 'link', state, generation: generation(number) });
  const sessions = sessionsBetween(NOW, wall(NOW + 86_400_000));
  const instrument = fcpoInstrument(sessions);
  const connect = (number = 1): void => {
    link('SYNCING', number);
    say({ type: 'instrument', instrument, generation: generation(number) });
  };
  const quote = (bid: number | undefined, ask: number | undefined, initial = false): void =>
    say({
      type: 'quote',
      instrumentId: FCPO_ID,
      generation: generation(1),
      bid: bid === undefined ? undefined : ringgit(bid),
      ask: ask === undefined ? undefined : ringgit(ask),
      time: clock.wall(),
      initial,
    });
  const send = (request: BrokerRequest) => broker.send(request as Permitted<BrokerRequest>);
  const submit = (requestId: string) =>
    send({
      type: 'submitOrder',
      requestId,
      clientOrderId: clientOrderId('c-1'),
      label: 'pot c-1',
      instrumentId: FCPO_ID,
      side: 'buy',
      volume: tonnes(25),
      stopDistance: ringgit(60),
      targetDistance: ringgit(90),
    });
  const take = () => seen.splice(0);
  const types = () => take().map(({ at, event }) => `${at} ${name(event)}`);
  return { clock, broker, say, asked, link, connect, quote, send, submit, take, types };
}

function name(event: BrokerEvent): string {
  switch (event.type) {
    case 'orderUpdate': {
      const { protective, closing, status } = event.update;
      return `${protective ? 'protective' : closing ? 'closing' : 'order'} ${status}`;
    }
    case 'deal':
      return `deal ${event.deal.cause}${event.deal.close === undefined ? '' : ' close'}`;
    case 'requestFailed':
      return `failed ${event.code}`;
    default:
      return event.type;
  }
}

describe('paper broker', () => {
  it("starts from the balance of the feed's own account once, and never follows it (R30)", () => {
    const desk = paper({ adoptFeedAccount: true });
    desk.link('SYNCING');
    const account = { ...SIMULATED_ACCOUNT, currency: 'USD', balance: money(123_456) };
    desk.say({ type: 'account', account });
    desk.say({ type: 'account', account: { ...account, balance: money(1) } });
    const balances = desk
      .take()
      .flatMap(({ event }) => (event.type === 'account' ? [event.account.balance] : []));
    expect(balances).toEqual([123_456, 123_456]);
  });

  it('answers an order as a broker does: sent at once, 80, 140, 155 ms', () => {
    const desk = paper();
    desk.connect();
    desk.quote(4600, 4603);
    desk.take();
    desk.submit('q-1');
    expect(desk.types()).toEqual(['0 sent']);
    desk.clock.advanceBy(1_000);
    expect(desk.types()).toEqual([
      '80 order working',
      '140 order filled',
      '140 deal request',
      '155 protective working',
      '155 protection',
    ]);
    expect(PAPER_DELAYS).toMatchObject({ answer: 80, fill: 140, protect: 15 });
  });

  it('fills at the quote of the moment of the fill, levels from the fill price (F54)', () => {
    const desk = paper();
    desk.connect();
    desk.quote(4600, 4603);
    desk.submit('q-1');
    desk.clock.advanceBy(100);
    desk.quote(4610, 4613);
    desk.take();
    desk.clock.advanceBy(100);
    const events = desk.take().map(({ event }) => event);
    expect(events).toMatchObject([
      { update: { clientOrderId: 'c-1', executed: 2_500, closing: false } },
      { deal: { price: ringgit(4613), commission: -1_500 } },
      { update: { protective: true, stop: ringgit(4553), target: ringgit(4703) } },
      { type: 'protection', stop: ringgit(4553), target: ringgit(4703) },
    ]);
  });

  it('lets its stop fire on the feed’s prices, and says the new balance', () => {
    const desk = paper();
    desk.connect();
    desk.quote(4600, 4603);
    desk.submit('q-1');
    desk.clock.advanceBy(200);
    desk.take();
    desk.quote(4540, undefined);
    const events = desk.take().map(({ event }) => event);
    expect(events.map(name)).toEqual(['quote', 'protective filled', 'deal stop close', 'account']);
    const balance = 5_000_000 - 63 * 25 * 100 - 3_000;
    expect(events.at(-1)).toMatchObject({ account: { balance, balanceVersion: 2 } });
  });

  it('closes on request and refuses with the broker’s words, definitively', () => {
    const desk = paper();
    desk.connect();
    desk.quote(4600, 4603);
    desk.submit('q-1');
    desk.clock.advanceBy(200);
    desk.take();
    const close = { type: 'closePosition', positionId: positionId('7000001') } as const;
    desk.send({ ...close, requestId: 'q-2', volume: tonnes(25) });
    desk.clock.advanceBy(200);
    desk.send({ ...close, requestId: 'q-3', volume: tonnes(25) });
    desk.clock.advanceBy(200);
    expect(desk.types()).toEqual([
      '200 sent',
      '280 closing working',
      '340 closing filled',
      '340 deal request close',
      '340 account',
      '340 protective cancelled',
      '400 sent',
      '480 failed POSITION_NOT_FOUND',
    ]);
  });

  it('amends both levels, and answers a cancel of nothing', () => {
    const desk = paper();
    desk.connect();
    desk.quote(4600, 4603);
    desk.submit('q-1');
    desk.clock.advanceBy(200);
    desk.take();
    const amend = { type: 'amendProtection', positionId: positionId('7000001') } as const;
    desk.send({ ...amend, requestId: 'q-2', stop: ringgit(4580), target: undefined });
    desk.clock.advanceBy(100);
    const protection = desk.take().find(({ event }) => event.type === 'protection');
    expect(protection?.event).toMatchObject({ stop: ringgit(4580), target: undefined });
  });

  it('replaces the feed’s account and hides its orders and deals (R30)', () => {
    const desk = paper();
    desk.connect();
    desk.take();
    const rich = { ...SIMULATED_ACCOUNT, isLive: true, balance: money(99) };
    desk.say({ type: 'account', account: rich });
    const nothing = { positions: [], orders: [], deals: [], endedOrders: [] };
    const snapshot = { account: rich, ...nothing };
    const pass = { complete: true, snapshot } as const;
    desk.say({ type: 'brokerSnapshot', generation: generation(1), pass });
    desk.say({ type: 'sent', generation: generation(1), requestId: 'x' });
    const gone = { positionId: positionId('1'), stop: undefined, target: undefined };
    desk.say({ type: 'protection', generation: generation(1), ...gone });
    const events = desk.take().map(({ event }) => event);
    expect(events).toMatchObject([
      { type: 'account', account: { balance: 5_000_000, isLive: false } },
      {
        type: 'brokerSnapshot',
        pass: { complete: true, snapshot: { account: { balance: 5_000_000 } } },
      },
    ]);
    expect(events).toHaveLength(2);
  });

  it('asks the feed for prices only; a reconcile is answered from paper', () => {
    const desk = paper();
    desk.connect();
    desk.quote(4600, 4603);
    desk.submit('q-1');
    desk.clock.advanceBy(200);
    desk.take();
    desk.broker.subscribe(FCPO_ID);
    desk.broker.query({ type: 'bars', instrumentId: FCPO_ID, timeframeMs: 300_000, count: 320 });
    desk.broker.query({ type: 'reconcile', historyFrom: NOW });
    desk.clock.advanceBy(50);
    expect(desk.asked).toEqual([`subscribe ${FCPO_ID}`, 'bars']);
    const [answer] = desk.take();
    expect(answer?.at).toBe(220);
    expect(answer?.event).toMatchObject({
      type: 'brokerSnapshot',
      pass: {
        complete: true,
        snapshot: {
          historyFrom: NOW,
          historyTo: NOW + 220,
          positions: [{ id: '7000001', volume: 2_500, stop: ringgit(4543), label: 'pot c-1' }],
          orders: [{ protective: true }],
          deals: [{ id: '9000001' }],
          endedOrders: [{ clientOrderId: 'c-1', status: 'filled' }],
        },
      },
    });
    desk.broker.query({ type: 'reconcile', historyFrom: undefined });
    desk.clock.advanceBy(50);
    const later = desk.take()[0]?.event;
    const pass = later?.type === 'brokerSnapshot' ? later.pass : undefined;
    expect(pass).toMatchObject({ snapshot: { deals: [], endedOrders: [] } });
    expect(pass?.complete === true ? pass.snapshot.historyFrom : 'void').toBeUndefined();
  });

  it('sends nothing without a feed, and knows no price after a reconnect (F71)', () => {
    const desk = paper();
    desk.submit('q-0');
    expect(desk.take()).toMatchObject([{ event: { code: 'NOT_CONNECTED', definitive: true } }]);
    desk.connect();
    desk.quote(4600, 4603);
    desk.link('DISCONNECTED', 1);
    desk.connect(2);
    desk.take();
    desk.submit('q-1');
    desk.clock.advanceBy(200);
    expect(desk.types()).toEqual(['0 sent', '80 failed NO_QUOTES']);
  });

  it('starts with the positions of a former run, protected again', () => {
    const held: BrokerPosition = {
      id: positionId('7000004'),
      instrumentId: FCPO_ID,
      side: 'sell',
      volume: volume(2_500),
      entry: ringgit(4650),
      stop: ringgit(4700),
      openedAt: wall(NOW - 3_600_000),
      label: untrusted('pot c-0'),
      swap: money(0),
      commission: money(-1_500),
      usedMargin: money(581_250),
    };
    const ids = { order: 5_000_100, position: 7_000_100, deal: 9_000_100 };
    const desk = paper({ ids, positions: [held] });
    desk.connect();
    desk.quote(4600, 4603);
    desk.broker.query({ type: 'reconcile', historyFrom: undefined });
    desk.clock.advanceBy(50);
    const answer = desk.take().at(-1)?.event;
    expect(answer).toMatchObject({ pass: { snapshot: { positions: [held] } } });
    desk.quote(undefined, 4701);
    expect(desk.take().map(({ event }) => name(event))).toContain('deal stop close');
  });

  it('has no way to trade with its feed, and stops what it scheduled (F119)', async () => {
    const desk = paper();
    desk.connect();
    desk.quote(4600, 4603);
    desk.submit('q-1');
    desk.take();
    await desk.broker.stop();
    desk.clock.advanceBy(1_000);
    expect(desk.take()).toEqual([]);
    expect(desk.asked).toEqual([]);
  });
});
