// A whole day of a trading connection over the simulated broker, with a fault of the link every few
// minutes and tokens that are replaced: what the engine may rely on afterwards. Virtual time.
import { describe, expect, it } from 'vitest';
import { createCtraderBroker } from '../../src/ctrader/broker.ts';
import { type Credentials, secret } from '../../src/ctrader/secret.ts';
import { LADDER } from '../../src/ctrader/session/requests.ts';
import type { WireName } from '../../src/ctrader/wire/schema.gen.ts';
import {
  type BrokerEvent,
  type BrokerRequest,
  clientOrderId,
  mono,
  type Permitted,
  price,
  volume,
} from '../../src/engine/index.ts';
import { DEFAULT_START, FCPO_ID, SIMULATED_ACCOUNT } from '../../src/sim/fcpo.ts';
import { createSyntheticMarket, DEFAULT_LEVEL } from '../../src/sim/market.ts';
import { createPrng } from '../../src/sim/prng.ts';
import type { FaultAction, PassingFrame } from '../../src/sim/server/faults.ts';
import { memoryDial } from '../../src/sim/server/memory-dial.ts';
import { createSimulatorServer } from '../../src/sim/server/server.ts';
import { STANDARD_CREDENTIALS, standardBroker } from '../../src/sim/server/standard-broker.ts';
import { createVirtualClock } from '../../src/sim/virtual-clock.ts';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
/** The longest wait of the ladder, the login, and a subscription that has to be asked twice. */
const READY_WITHIN_MS = LADDER.maxMs + 45_000;

/** Every kind of trouble a line can have; each strikes the frames that are due next. */
const TROUBLES: readonly (readonly [string, FaultAction, number])[] = [
  ['closed', { type: 'close' }, 1],
  ['cut inside a frame', { type: 'truncate', bytes: 9 }, 1],
  ['a flipped byte', { type: 'corrupt', at: 5, mask: 0x41 }, 1],
  ['a lying length', { type: 'corrupt', at: 0, mask: 0x7f }, 1],
  ['in single bytes', { type: 'split', size: 1 }, 400],
  ['lost', { type: 'drop' }, 1],
  ['silent', { type: 'drop' }, Number.POSITIVE_INFINITY],
  ['twice', { type: 'duplicate' }, 20],
];

function day(seed: string) {
  const clock = createVirtualClock(DEFAULT_START);
  const prng = createPrng(seed);
  let trouble: { readonly action: FaultAction; left: number } | undefined;
  /** Live subscriptions the server has acknowledged, by connection. */
  const subscriptions = new Map<number, number>();
  const faults = (connection: number) => (frame: PassingFrame) => {
    count(subscriptions, connection, frame);
    if (trouble === undefined || frame.direction === 'in') return undefined;
    trouble.left -= 1;
    const { action, left } = trouble;
    if (left <= 0) trouble = undefined;
    return action;
  };
  const market = createSyntheticMarket({
    seed,
    liveFrom: DEFAULT_START,
    startLevel: DEFAULT_LEVEL,
    historyMinutes: 60,
  });
  const server = createSimulatorServer(standardBroker({ clock, seed, market, faults }));
  let credentials: Credentials = {
    clientId: STANDARD_CREDENTIALS.clientId,
    clientSecret: secret(STANDARD_CREDENTIALS.clientSecret),
    accessToken: secret(STANDARD_CREDENTIALS.accessToken),
  };
  const events: BrokerEvent[] = [];
  let since = 0;
  let slowest = 0;
  let pauses = 0;
  const broker = createCtraderBroker({
    dial: memoryDial(server, clock, 20),
    clock,
    get credentials() {
      return credentials;
    },
    environment: 'demo',
    accountId: SIMULATED_ACCOUNT.id,
    instrumentName: 'FCPO',
    instrumentAliases: [],
    trading: true,
    random: () => prng.stream('ladder').integer(0, 999) / 1_000,
  });
  broker.start((event) => {
    if (event.type !== 'quote') events.push(event);
    if (event.type === 'instrument') broker.subscribe(event.instrument.id);
    if (event.type !== 'link') return;
    const now = clock.mono();
    if (event.state === 'READY') {
      slowest = Math.max(slowest, now - since);
      pauses += since === now ? 0 : 1;
      since = now;
    }
    if (event.state === 'DISCONNECTED') since = now;
  });
  return {
    clock,
    server,
    prng,
    events,
    broker,
    subscriptions,
    slowest: () => slowest,
    pauses: () => pauses,
    isReady: () => events.findLast((event) => event.type === 'link')?.state === 'READY',
    strike: (action: FaultAction, frames: number) => {
      trouble = { action, left: frames };
    },
    heal: () => {
      trouble = undefined;
    },
    giveToken: (accessToken: string) => {
      credentials = { ...credentials, accessToken: secret(accessToken) };
    },
    send: (request: BrokerRequest) => {
      const marked: unknown = { ...request, destination: 'broker' };
      broker.send(marked as Permitted<BrokerRequest>);
    },
  };
}

function count(seen: Map<number, number>, connection: number, frame: PassingFrame): void {
  const name: WireName | undefined = frame.name;
  if (frame.direction === 'in' && name === 'ProtoOASubscribeSpotsReq') {
    seen.set(connection, (seen.get(connection) ?? 0) + 1);
  }
}

/** Deals the engine was told of, live or in a snapshot of the history. */
const dealsTold = (events: readonly BrokerEvent[]): Set<string> =>
  new Set(
    events.flatMap((event) => {
      if (event.type === 'deal') return [String(event.deal.id)];
      if (event.type !== 'brokerSnapshot' || !event.pass.complete) return [];
      return event.pass.snapshot.deals.map(({ id }) => String(id));
    }),
  );

const entry = (name: number): BrokerRequest => ({
  type: 'submitOrder',
  requestId: `r-${name}`,
  clientOrderId: clientOrderId(`c-${name}`),
  label: `palm:c-${name}`,
  instrumentId: FCPO_ID,
  side: 'buy',
  volume: volume(100),
  stopDistance: price(3_000_000),
  targetDistance: price(3_000_000),
});

describe('24 hours with a fault of the link every few minutes', () => {
  it('READY within the ladder, no subscription twice, no execution lost (F01-F08 F26)', () => {
    const world = day('link-day');
    const { clock, prng, server, broker, events } = world;
    const dice = prng.stream('troubles');
    let orders = 0;
    let struck = 0;
    while (clock.mono() < 24 * HOUR_MS) {
      clock.advanceBy(dice.integer(30_000, 4 * MINUTE_MS));
      // An order in the air when the line breaks, every other time.
      if (world.isReady() && orders < 60 && dice.integer(0, 1) === 1) {
        orders += 1;
        world.send(entry(orders));
        clock.advanceBy(dice.integer(0, 250));
      }
      const [, action, frames] =
        TROUBLES[dice.integer(0, TROUBLES.length - 1)] ?? TROUBLES[0] ?? [];
      if (action === undefined) continue;
      world.strike(action, frames ?? 1);
      struck += 1;
      clock.advanceBy(MINUTE_MS);
      world.heal();
      const until = clock.mono() + READY_WITHIN_MS;
      while (!world.isReady() && clock.mono() < until) clock.advanceBy(100);
      expect(world.isReady(), `fault ${struck}: ${JSON.stringify(action)}`).toBe(true);
    }
    expect(struck).toBeGreaterThan(200);
    expect(world.pauses()).toBeGreaterThan(80);
    for (const [connection, times] of world.subscriptions) {
      expect(times, `subscriptions of connection ${connection}`).toBeLessThanOrEqual(1);
    }
    // What the engine does after a doubt: one complete look at the history.
    broker.query({ type: 'reconcile', historyFrom: DEFAULT_START });
    clock.advanceBy(60_000);
    const executed = server.exchange(SIMULATED_ACCOUNT.id)?.deals.map(({ id }) => String(id)) ?? [];
    expect(executed.length).toBeGreaterThan(20);
    const told = dealsTold(events);
    expect(executed.filter((id) => !told.has(id))).toEqual([]);
  });
});

describe('a token replaced in the middle of a trade', () => {
  it.each([0, 40, 100, 160, 230, 400])(
    '%d ms after the order: the same line, authorised anew, nothing lost (F21 F22)',
    (after) => {
      const world = day('token');
      const { clock, server, broker, events } = world;
      clock.advanceBy(10_000);
      expect(world.isReady()).toBe(true);
      const dials = broker.counts().dials;
      world.send(entry(1));
      clock.advanceBy(after);
      const pair = server.tokens.renew(STANDARD_CREDENTIALS.refreshToken);
      if (pair === undefined) throw new Error('the token was not replaced');
      world.giveToken(pair.accessToken);
      clock.advanceBy(5_000);
      expect(world.isReady()).toBe(true);
      expect(broker.counts().dials).toBe(dials);
      broker.query({ type: 'reconcile', historyFrom: DEFAULT_START });
      clock.advanceBy(2_000);
      const executed = server.exchange(SIMULATED_ACCOUNT.id)?.deals ?? [];
      const told = dealsTold(events);
      expect(executed.filter(({ id }) => !told.has(String(id)))).toEqual([]);
      const last = events.findLast((event) => event.type === 'brokerSnapshot');
      const held = last?.pass.complete === true ? last.pass.snapshot.positions : undefined;
      expect(held).toHaveLength(executed.length);
      // Whatever the answer to the order was, it was not told as certain unless it is.
      const failed = events.filter((event) => event.type === 'requestFailed');
      if (executed.length > 0) expect(failed.every(({ definitive }) => !definitive)).toBe(true);
    },
  );

  it('twenty times in a day: never halts, and never dials again (F21)', () => {
    const world = day('tokens');
    const { clock, server, broker } = world;
    clock.advanceTo(mono(10_000));
    let refresh: string = STANDARD_CREDENTIALS.refreshToken;
    for (let turn = 0; turn < 20; turn += 1) {
      const pair = server.tokens.renew(refresh);
      if (pair === undefined) throw new Error('the token was not replaced');
      refresh = pair.refreshToken;
      world.giveToken(pair.accessToken);
      clock.advanceBy(72 * MINUTE_MS);
      expect(world.isReady(), `after token ${turn}`).toBe(true);
    }
    expect(broker.counts().dials).toBe(1);
  });
});
