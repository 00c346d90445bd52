// The client against the whole simulated broker over a line in memory: login to close, and faults.
// Both sides were written from the protocol's facts apart from each other (A8).
import { describe, expect, it } from 'vitest';
import { createCtraderBroker } from '../../src/ctrader/broker.ts';
import { secret } from '../../src/ctrader/secret.ts';
import type { BrokerEvent, BrokerRequest, Environment, Permitted } from '../../src/engine/index.ts';
import { clientOrderId, price, volume, wall } from '../../src/engine/index.ts';
import { DEFAULT_START, FCPO_ID, SIMULATED_ACCOUNT } from '../../src/sim/fcpo.ts';
import { createSyntheticMarket, DEFAULT_LEVEL } from '../../src/sim/market.ts';
import { memoryDial } from '../../src/sim/server/memory-dial.ts';
import { createSimulatorServer } from '../../src/sim/server/server.ts';
import {
  LIVE_ACCOUNT_ID,
  STANDARD_CREDENTIALS,
  standardBroker,
} from '../../src/sim/server/standard-broker.ts';
import { createVirtualClock } from '../../src/sim/virtual-clock.ts';

interface Choices {
  readonly environment?: Environment;
  readonly accountId?: string;
  readonly token?: string;
  readonly clientSecret?: string;
}

function market(choices: Choices = {}) {
  const clock = createVirtualClock(DEFAULT_START);
  const synthetic = createSyntheticMarket({
    seed: 'client',
    liveFrom: DEFAULT_START,
    startLevel: DEFAULT_LEVEL,
    historyMinutes: 2_400,
  });
  const server = createSimulatorServer(standardBroker({ clock, seed: '1', market: synthetic }));
  const events: BrokerEvent[] = [];
  const notes: string[] = [];
  const broker = createCtraderBroker({
    dial: memoryDial(server, clock, 20),
    clock,
    credentials: {
      clientId: STANDARD_CREDENTIALS.clientId,
      clientSecret: secret(choices.clientSecret ?? STANDARD_CREDENTIALS.clientSecret),
      accessToken: secret(choices.token ?? STANDARD_CREDENTIALS.accessToken),
    },
    environment: choices.environment ?? 'demo',
    accountId: choices.accountId ?? SIMULATED_ACCOUNT.id,
    instrumentName: 'FCPO',
    instrumentAliases: [],
    trading: true,
    random: () => 0.5,
    note: (text) => notes.push(text),
  });
  const of = <T extends BrokerEvent['type']>(type: T) =>
    events.filter((each): each is Extract<BrokerEvent, { type: T }> => each.type === type);
  // As the engine does: an instrument is answered with bars and a subscription.
  broker.start((event) => {
    events.push(event);
    if (event.type !== 'instrument') return;
    const instrumentId = event.instrument.id;
    broker.query({ type: 'bars', instrumentId, timeframeMs: 300_000, count: 100 });
    broker.subscribe(instrumentId);
  });
  /** Time goes on until something is true; a bound instead of a hope. */
  const until = (condition: () => boolean, what: string) => {
    for (let step = 0; step < 4_000 && !condition(); step += 1) clock.advanceBy(50);
    expect(condition(), what).toBe(true);
  };
  const send = (request: BrokerRequest) => {
    const marked: unknown = { ...request, destination: 'broker' };
    broker.send(marked as Permitted<BrokerRequest>);
  };
  const isReady = () => of('link').at(-1)?.state === 'READY';
  return { broker, clock, server, events, notes, of, until, send, isReady };
}

const entry = (name: string, stopTicks: number, targetTicks: number): BrokerRequest => ({
  type: 'submitOrder',
  requestId: `r-${name}`,
  clientOrderId: clientOrderId(`c-${name}`),
  label: `palm:c-${name}`,
  instrumentId: FCPO_ID,
  side: 'buy',
  volume: volume(2_500),
  stopDistance: price(stopTicks * 100_000),
  targetDistance: price(targetTicks * 100_000),
});

describe('login', () => {
  it('reaches READY in the agreed order, with bars of the past', () => {
    const { events, of, until, isReady } = market();
    until(isReady, 'READY');
    until(() => of('barsLoaded').length > 0, 'bars');
    expect(of('link').map(({ state }) => state)).toEqual([
      'CONNECTING',
      'APP_AUTH',
      'ACCOUNT_AUTH',
      'SYNCING',
      'READY',
    ]);
    const order = events.map(({ type }) => type);
    expect(order.indexOf('account')).toBeLessThan(order.indexOf('instrument'));
    expect(order.indexOf('instrument')).toBeLessThan(order.indexOf('brokerSnapshot'));
    expect(of('account')[0]?.account).toMatchObject({
      id: SIMULATED_ACCOUNT.id,
      login: SIMULATED_ACCOUNT.login,
      isLive: false,
      currency: 'MYR',
      exponent: 2,
      balance: 5_000_000,
      leverageCents: 2_000,
      access: 'full',
    });
    expect(of('instrument')[0]?.instrument).toMatchObject({
      id: FCPO_ID,
      name: 'FCPO',
      digits: 0,
      lotSize: 2_500,
      minVolume: 100,
      stepVolume: 100,
      quoteCurrency: 'MYR',
      status: 'open',
    });
    const bars = of('barsLoaded')[0]?.bars ?? [];
    expect(bars).toHaveLength(100);
    expect(of('requestFailed')).toEqual([]);
  });

  it('F69 shows the calendar of the exchange: open now, closed at lunch', () => {
    const { of, until, isReady } = market();
    until(isReady, 'READY');
    const sessions = of('instrument')[0]?.instrument.sessions ?? [];
    const isOpen = (at: number) => sessions.some(({ open, close }) => open <= at && at < close);
    expect(isOpen(DEFAULT_START)).toBe(true);
    expect(isOpen(DEFAULT_START + 7_200_000)).toBe(false);
  });

  it.each([
    ['F10 a live account in a demo run', { accountId: LIVE_ACCOUNT_ID }, 'HALTED'],
    ['F10 a demo account in a live run', { environment: 'live' }, 'HALTED'],
    ['an account that is not there', { accountId: '5' }, 'HALTED'],
    ['a wrong secret, three times', { clientSecret: 'wrong' }, 'AUTH_HALT'],
    ['a wrong token, three times', { token: 'wrong' }, 'AUTH_HALT'],
  ] as const)('stops for %s', (_, choices, state) => {
    const { of, until } = market(choices);
    until(() => of('link').at(-1)?.state === state, state);
  });

  it('F52 a token that may only look shows an account without access', () => {
    const { of, until, isReady } = market({ token: STANDARD_CREDENTIALS.viewAccessToken });
    until(isReady, 'READY');
    expect(of('account')[0]?.account.access).toBe('none');
  });
});

describe('a trade', () => {
  it('entry, protection, amend, close: money adds up to the sen', () => {
    const { of, until, send, isReady, broker } = market();
    until(isReady, 'READY');
    send(entry('1', 200, 300));
    expect(of('sent').at(-1)?.requestId).toBe('r-1');
    until(() => of('deal').length === 1, 'the fill');
    until(() => of('protection').length > 0, 'the protection');
    const opened = of('deal')[0]?.deal;
    const shown = of('protection').at(-1);
    expect(opened).toMatchObject({
      side: 'buy',
      filled: 2_500,
      commission: -1_500,
      cause: 'request',
    });
    if (opened === undefined || shown === undefined) throw new Error('no deal');
    expect(shown.positionId).toBe(opened.positionId);
    expect([shown.stop, shown.target]).toEqual([
      opened.price - 20_000_000,
      opened.price + 30_000_000,
    ]);
    const { positionId } = opened;
    const stop = price(opened.price - 25_000_000);
    send({ type: 'amendProtection', requestId: 'r-2', positionId, stop, target: undefined });
    until(() => of('protection').at(-1)?.stop === stop, 'the moved stop');
    expect(of('protection').at(-1)?.target).toBeUndefined();
    broker.query({ type: 'reconcile', historyFrom: undefined });
    until(() => of('brokerSnapshot').length === 2, 'a look');
    const pass = of('brokerSnapshot').at(-1)?.pass;
    expect(pass?.complete === true && pass.snapshot.positions).toMatchObject([
      { id: positionId, stop, volume: 2_500, entry: opened.price, label: 'palm:c-1' },
    ]);
    send({ type: 'closePosition', requestId: 'r-3', positionId, volume: volume(2_500) });
    until(() => of('deal').length === 2, 'the closing deal');
    const closed = of('deal')[1]?.deal;
    if (closed?.close === undefined) throw new Error('no closing deal');
    const { grossProfit, swap, commission, conversionFee, balance, balanceVersion } = closed.close;
    expect(closed.cause).toBe('request');
    expect(grossProfit).toBe(((closed.price - opened.price) / 100_000) * 25 * 100);
    expect(commission).toBe(-3_000);
    expect(balance).toBe(5_000_000 + grossProfit + swap + commission + conversionFee);
    expect(balanceVersion).toBe(2);
    expect(of('requestFailed')).toEqual([]);
  });

  it('5.3 a stop that is hit is told as a stop, a target as a target', () => {
    // This seed's market falls at first: a buyer is stopped, a seller reaches the target.
    for (const [side, stopTicks, targetTicks, cause] of [
      ['buy', 3, 900, 'stop'],
      ['sell', 900, 3, 'target'],
    ] as const) {
      const { of, until, send, isReady } = market();
      until(isReady, 'READY');
      send({ ...entry(cause, stopTicks, targetTicks), side } as BrokerRequest);
      until(() => of('deal').length === 2, `the ${cause}`);
      expect(of('deal')[1]?.deal.cause).toBe(cause);
    }
  });

  it('5.3 I08 the history tells the same deals as the events did', () => {
    const { of, until, send, isReady, broker, clock } = market();
    until(isReady, 'READY');
    const from = clock.wall();
    send(entry('1', 3, 900));
    until(() => of('deal').length === 2, 'the stop');
    broker.query({ type: 'reconcile', historyFrom: wall(from - 60_000) });
    until(() => of('brokerSnapshot').length === 2, 'a deep look');
    const pass = of('brokerSnapshot').at(-1)?.pass;
    if (pass?.complete !== true) throw new Error('the look is void');
    expect(pass.snapshot.deals).toEqual(of('deal').map(({ deal }) => deal));
    expect(pass.snapshot.endedOrders.map(({ status, protective }) => [status, protective])).toEqual(
      [
        ['filled', false],
        ['filled', true],
      ],
    );
    expect(pass.snapshot.positions).toEqual([]);
  });

  it('5.4 a refusal of the broker is correlated and definitive', () => {
    const { of, until, send, isReady } = market();
    until(isReady, 'READY');
    send({ ...entry('1', 100, 100), volume: volume(250_000) } as BrokerRequest);
    until(() => of('requestFailed').length > 0, 'the refusal');
    expect(of('requestFailed')[0]).toMatchObject({
      requestId: 'r-1',
      definitive: true,
      code: 'NOT_ENOUGH_MONEY',
    });
  });
});

describe('a living link', () => {
  it('F09 stays up for a quiet hour over lunch', () => {
    const { of, until, clock, isReady, broker } = market();
    until(isReady, 'READY');
    clock.advanceBy(3 * 3_600_000);
    expect(
      of('link')
        .map(({ state }) => state)
        .slice(-1),
    ).toEqual(['READY']);
    expect(broker.counts()).toMatchObject({ dials: 1, unreadable: 0, unknown: 0, emptyFrames: 0 });
  });

  it('F22 comes back by itself after the broker says goodbye', () => {
    const { of, until, clock, server, isReady } = market();
    until(isReady, 'READY');
    server.endApplications('maintenance of the simulator');
    until(() => !isReady(), 'the goodbye');
    clock.advanceBy(5_000);
    until(isReady, 'READY again');
    expect(of('link').at(-1)?.generation).toBe(2);
    expect(of('brokerSnapshot').filter(({ pass }) => pass.complete)).toHaveLength(2);
  });

  it('F24 waits out a maintenance in its own named state', () => {
    const { of, until, clock, server, isReady } = market();
    until(isReady, 'READY');
    server.setMaintenance(wall(clock.wall() + 120_000));
    server.endApplications('maintenance');
    until(() => of('link').at(-1)?.state === 'MAINTENANCE', 'MAINTENANCE');
    clock.advanceBy(60_000);
    server.setMaintenance(undefined);
    clock.advanceBy(300_000);
    until(isReady, 'READY again');
  });

  it('F52 a change of the instrument is told', () => {
    const { of, until, server, isReady } = market();
    until(isReady, 'READY');
    server.changeSymbol(FCPO_ID, 'close-only');
    until(() => of('instrument').at(-1)?.instrument.status === 'close-only', 'the change');
  });

  it('I30 the same seed gives the same events', () => {
    const run = () => {
      const { events, until, send, isReady, clock } = market();
      until(isReady, 'READY');
      send(entry('1', 20, 20));
      clock.advanceBy(600_000);
      return JSON.stringify(events);
    };
    expect(run()).toBe(run());
  });
});
