/**
 * Tokens with a short life over a whole trade: client, simulated broker and its token page in one
 * virtual time; only the disk is in memory.
 */
import { describe, expect, it } from 'vitest';
import { createTokenKeeper } from '../../src/cli/token-keeper.ts';
import { createCtraderBroker } from '../../src/ctrader/broker.ts';
import type { SecretStore, StoredLogin } from '../../src/ctrader/oauth/secret-store.ts';
import { createTokens } from '../../src/ctrader/oauth/tokens.ts';
import { secret } from '../../src/ctrader/secret.ts';
import {
  type BrokerEvent,
  type BrokerRequest,
  clientOrderId,
  type Permitted,
  price,
  volume,
} from '../../src/engine/index.ts';
import { listOf } from '../../src/engine/trail.ts';
import { DEFAULT_START, FCPO_ID, SIMULATED_ACCOUNT } from '../../src/sim/fcpo.ts';
import { createSyntheticMarket, DEFAULT_LEVEL } from '../../src/sim/market.ts';
import { memoryDial } from '../../src/sim/server/memory-dial.ts';
import { createOAuthPages } from '../../src/sim/server/oauth.ts';
import { createSimulatorServer } from '../../src/sim/server/server.ts';
import { STANDARD_CREDENTIALS, standardBroker } from '../../src/sim/server/standard-broker.ts';
import { createVirtualClock } from '../../src/sim/virtual-clock.ts';

const LIFE_S = 600;

/** `answerMs`: how long after the broker replaced the pair its page's answer is read. */
function world(lifeS = LIFE_S, answerMs = 0) {
  const clock = createVirtualClock(DEFAULT_START);
  const market = createSyntheticMarket({
    seed: 'tokens',
    liveFrom: DEFAULT_START,
    startLevel: DEFAULT_LEVEL,
    historyMinutes: 60,
  });
  const params = {
    ...standardBroker({ clock, seed: 'tokens', market }),
    tokenLifeSeconds: lifeS,
  };
  const server = createSimulatorServer(params);
  const allow = () => {
    const accountIds = [SIMULATED_ACCOUNT.id];
    const grant = server.tokens.grant({ userId: `u${clock.mono()}`, scope: 'trade', accountIds });
    const { accessToken, refreshToken } = grant;
    const obtainedAt = clock.wall();
    return {
      accessToken: secret(accessToken),
      refreshToken: secret(refreshToken),
      obtainedAt,
      expiresAt: obtainedAt + lifeS * 1_000,
    };
  };
  const pages = createOAuthPages({
    clock,
    applications: params.applications,
    accountIds: [SIMULATED_ACCOUNT.id],
    tokens: server.tokens,
    returnsState: true,
  });
  const page = { isAway: false, asked: 0 };
  let kept: StoredLogin = { clientId: 'simulator', scope: 'trading', pair: allow() };
  const store: SecretStore = {
    load: async () => kept,
    save: async (login) => {
      kept = login;
    },
    clear: async () => undefined,
    dropKey: async () => undefined,
    probe: async () => undefined,
    describe: () => ({ name: 'keychain', strength: 'strong', sentence: 'test' }),
  };
  const clientSecret = secret(STANDARD_CREDENTIALS.clientSecret);
  const quiet = { now: true };
  const tokens = createTokens({
    store,
    endpoint: {
      tokenUrl: 'http://127.0.0.1/token',
      application: { clientId: 'simulator', clientSecret },
      now: () => clock.wall(),
      ask: async (address) => {
        page.asked += 1;
        if (page.isAway) throw new Error('away');
        const { pathname, search } = new URL(address);
        const answer = pages({ method: 'GET', target: pathname + search });
        if (answerMs > 0) await new Promise<void>((read) => clock.after(answerMs, read));
        return answer;
      },
    },
    login: kept,
    lock: async () => () => undefined,
    clock,
    quiet: () => quiet.now,
    note: () => undefined,
  });
  const alerts: string[] = [];
  const events: BrokerEvent[] = [];
  const broker = createCtraderBroker({
    dial: memoryDial(server, clock, 20),
    clock,
    credentials: {
      clientId: 'simulator',
      clientSecret,
      get accessToken() {
        return keeper.present();
      },
    },
    environment: 'demo',
    accountId: SIMULATED_ACCOUNT.id,
    instrumentName: 'FCPO',
    instrumentAliases: [],
    trading: true,
    renewsToken: true,
    random: () => 0.5,
  });
  const keeper = createTokenKeeper({
    tokens,
    session: broker,
    clock,
    notedEnd: () => kept.pair.expiresAt,
    alert: (sentence) => alerts.push(sentence),
  });
  tokens.start();
  keeper.start();
  broker.start((event) => {
    keeper.heard(event);
    if (event.type !== 'quote') events.push(event);
    if (event.type === 'instrument') broker.subscribe(event.instrument.id);
  });
  /** Time passes in pieces, so that what waits for promises happens in between. */
  const pass = async (seconds: number): Promise<void> => {
    for (let left = seconds * 4; left > 0; left -= 1) {
      clock.advanceBy(250);
      for (let turn = 0; turn < 8; turn += 1) await Promise.resolve();
    }
  };
  const link = () => events.findLast((event) => event.type === 'link')?.state;
  const login = () => {
    kept = { ...kept, pair: allow() };
  };
  return { clock, server, broker, tokens, keeper, page, quiet, alerts, events, pass, link, login };
}

const entry = (number: number): Permitted<BrokerRequest> =>
  ({
    type: 'submitOrder',
    destination: 'broker',
    requestId: `r-${number}`,
    clientOrderId: clientOrderId(`c-${number}`),
    label: `palm:c-${number}`,
    instrumentId: FCPO_ID,
    side: 'buy',
    volume: volume(100),
    stopDistance: price(3_000_000),
    targetDistance: price(3_000_000),
  }) as unknown as Permitted<BrokerRequest>;

describe('a token that ends in the middle of trades', () => {
  it('F92 rotates for an hour on the same line: each order once', async () => {
    const it = world();
    await it.pass(10);
    expect(it.link()).toBe('READY');
    let sent = 0;
    for (let minute = 0; minute < 60; minute += 1) {
      if (it.link() === 'READY') {
        sent += 1;
        it.broker.send(entry(sent));
      }
      await it.pass(60);
    }
    await it.pass(10);
    expect(it.page.asked).toBeGreaterThanOrEqual(6);
    expect([it.link(), it.broker.counts().dials]).toEqual(['READY', 1]);
    expect(it.alerts).toEqual([]);
    expect(sent).toBeGreaterThan(50);
    // Each order once at the broker, and each told: nothing lost, nothing twice.
    const fills = it.events.flatMap((event) => (event.type === 'deal' ? [event.deal.id] : []));
    const exchange = it.server.exchange(SIMULATED_ACCOUNT.id);
    const deals = exchange === undefined ? [] : listOf(exchange.deals);
    const told = new Set(fills);
    expect(deals.filter(({ id }) => !told.has(id))).toEqual([]);
    expect([deals.length, told.size]).toEqual([sent, sent]);
  });

  // A busy machine reads the two in any order: the answer with the new pair, and the goodbye that
  // it causes on the wire. The latest is still within the time that the line is kept.
  it.each([
    ['before the goodbye', 15, 0],
    ['just after it', 15, 50],
    ['seconds after it', 15, 3_000],
    ['when the line is nearly given up', 15, 9_000],
    ['at once, every four seconds', 4, 0],
  ])('F92 reads the new pair %s: twelve times one line, no halt', async (_when, life, late) => {
    const it = world(life, late);
    await it.pass(20);
    while (it.page.asked < 12) await it.pass(life);
    await it.pass(20);
    const links = it.events.flatMap((event) => (event.type === 'link' ? [event.state] : []));
    expect(links).not.toContain('AUTH_HALT');
    expect(it.broker.counts().dials).toBe(1);
    expect(links.filter((state) => state === 'READY').length).toBeGreaterThanOrEqual(10);
  });

  it('F92 pairs that are dead when they are read: on and on, no halt for a person', async () => {
    const it = world(6, 6_500);
    await it.pass(180);
    const links = it.events.flatMap((event) => (event.type === 'link' ? [event.state] : []));
    expect(it.page.asked).toBeGreaterThan(12);
    expect(links).not.toContain('AUTH_HALT');
  });

  it('F92 the token page is away when the token ends: waits, and comes back', async () => {
    const it = world();
    await it.pass(10);
    it.page.isAway = true;
    it.quiet.now = false;
    await it.pass(LIFE_S + 300);
    expect(it.link()).not.toBe('READY');
    expect(it.link()).not.toBe('AUTH_HALT');
    expect(it.alerts.at(-1)).toContain('has ended');
    const asked = it.page.asked;
    expect(asked).toBeLessThan(40);
    it.page.isAway = false;
    await it.pass(70);
    expect(it.link()).toBe('READY');
    it.keeper.stop();
  });

  it('a permission taken back halts; a new login leads out of it', async () => {
    const it = world();
    await it.pass(10);
    // Somebody else used the refresh token: ours opens nothing any more.
    const stolen = it.tokens.current();
    await it.pass(1);
    const other = it.server.tokens.renew(stolen.reveal().replace('access', 'refresh'));
    expect(other).toBeDefined();
    await it.pass(200);
    expect(it.link()).toBe('AUTH_HALT');
    await it.pass(120);
    expect(it.link()).toBe('AUTH_HALT');
    it.login();
    await it.pass(20);
    expect(it.link()).toBe('READY');
  });
});
