/**
 * The table of bad input over TLS: client and engine against a simulated broker that misbehaves.
 * Each row is refused, named, and its connection is handled as the protocol's facts say. Sockets
 * are real, time is moved by hand.
 */
import { afterEach, expect, it } from 'vitest';
import { LOOPBACK_NAMES, makeLocalCertificates } from '../../src/cli/certificate.ts';
import { createCtraderBroker } from '../../src/ctrader/broker.ts';
import { secret } from '../../src/ctrader/secret.ts';
import { tlsDial } from '../../src/ctrader/transport.ts';
import { encodeEnvelope, type OutgoingMessage } from '../../src/ctrader/wire/codec.ts';
import { toFrame } from '../../src/ctrader/wire/frame.ts';
import type { BrokerEvent, EngineConfig, Event } from '../../src/engine/index.ts';
import { seq } from '../../src/engine/index.ts';
import { initialState } from '../../src/engine/state.ts';
import { drive, type Hands } from '../../src/engine/step.ts';
import { FCPO_ID, SIMULATED_ACCOUNT } from '../../src/sim/fcpo.ts';
import { type FaultAction, faultScript } from '../../src/sim/server/faults.ts';
import { listen } from '../../src/sim/server/listener.ts';
import type { ListedSymbol } from '../../src/sim/server/parameters.ts';
import type { SimulatorServer } from '../../src/sim/server/server.ts';
import { STANDARD_CREDENTIALS } from '../../src/sim/server/standard-broker.ts';
import { bench, toldMarket } from '../sim/server/bench.ts';
import { CONFIG } from '../support/engine.ts';

const HOST = '127.0.0.1';
const OTHER = '999';
const SPOT = 2_131;
const EXECUTION = 2_126;
const CERTIFICATES = makeLocalCertificates({ now: Date.now(), days: 1, names: LOOPBACK_NAMES });
const config: EngineConfig = { ...CONFIG, environment: 'demo' };
const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

interface Misdeed {
  /** Ahead of, or instead of, the fifth price. */
  readonly action?: FaultAction;
  /** What the symbol says of itself from the login on. */
  readonly symbol?: Partial<ListedSymbol>;
  /** What it says of itself once the session lives. */
  readonly later?: Partial<ListedSymbol>;
  readonly serverName?: string;
}

/** Prices every two seconds, so that there are good ones before and after. */
const market = () =>
  toldMarket(
    Array.from({ length: 60 }, (_, index) => {
      const bid = 4_600 + (index % 2);
      return { after: 1_000 + index * 2_000, bid, ask: bid + 2 };
    }),
  );

async function play({ action, symbol, later, serverName = 'localhost' }: Misdeed) {
  const rule = { connection: 1, direction: 'out', name: 'ProtoOASpotEvent', nth: 5 } as const;
  const faults = faultScript(action === undefined ? [] : [{ ...rule, action }]);
  const told = market();
  const { params } = bench({ market: told });
  let lie: Partial<ListedSymbol> = symbol ?? {};
  const symbols = params.symbols.map((each) =>
    each.symbolId === FCPO_ID
      ? new Proxy(each, { get: (of, name) => Reflect.get({ ...of, ...lie }, name) })
      : each,
  );
  const { clock, server } = bench({ market: told, params: { symbols, faults } });
  const listener = await listen({ server, host: HOST, port: 0, tls: CERTIFICATES });
  const notes: string[] = [];
  const broker = createCtraderBroker({
    dial: tlsDial({ host: HOST, port: listener.port, serverName, ca: CERTIFICATES.authority }),
    clock,
    credentials: {
      clientId: STANDARD_CREDENTIALS.clientId,
      clientSecret: secret(STANDARD_CREDENTIALS.clientSecret),
      accessToken: secret(STANDARD_CREDENTIALS.accessToken),
    },
    environment: 'demo',
    accountId: SIMULATED_ACCOUNT.id,
    instrumentName: 'FCPO',
    instrumentAliases: [],
    trading: true,
    random: () => 0.5,
    note: (text) => notes.push(text),
  });
  let state = initialState();
  let counter = 0;
  const hands: Hands = {
    record: ({ kind, ...rest }) => {
      if (kind === 'note' && 'text' in rest) notes.push(rest.text);
    },
    transmit: (request) => broker.send(request),
    query: (query) => void clock.after(0, () => broker.query(query)),
    subscribe: (id) => void clock.after(0, () => broker.subscribe(id)),
    alert: (_level, text) => notes.push(text),
    refused: () => undefined,
  };
  const put = (event: Event): void => {
    counter += 1;
    const at = { seq: seq(counter), mono: clock.mono(), wall: clock.wall() };
    state = drive(state, { ...at, event }, hands);
  };
  const events: BrokerEvent[] = [];
  put({ type: 'started', runId: 'bad', config, version: 'test' });
  broker.start((event) => {
    events.push(event);
    put(event);
  });
  closers.push(() => {
    broker.stop();
    return listener.close();
  });
  /** Virtual time in small steps, each with turns of the event loop for the sockets. */
  const pass = async (milliseconds: number): Promise<void> => {
    for (let left = milliseconds; left > 0; left -= 50) {
      clock.advanceBy(50);
      for (let turn = 0; turn < 3; turn += 1) await new Promise((next) => setImmediate(next));
    }
  };
  await pass(22_000);
  if (later !== undefined) {
    lie = later;
    tellChange(server);
    await pass(5_000);
  }
  const links = events.flatMap((event) => (event.type === 'link' ? event : []));
  const reasons = links.map(({ reason }) => reason ?? '');
  return {
    said: [...notes, ...reasons].join('\n'),
    dials: broker.counts().dials,
    link: links.at(-1)?.state,
    bids: new Set(events.flatMap((event) => (event.type === 'quote' ? (event.bid ?? []) : []))),
    tripped: state.core.breakers.INTEGRITY.tripped,
    instrument: state.core.instrument,
    account: state.core.account,
  };
}

const tellChange = (server: SimulatorServer): void => server.changeSymbol(FCPO_ID, 'open');
const say = (message: OutgoingMessage): FaultAction => ({
  type: 'say',
  bytes: encodeEnvelope(message),
  instead: false,
});
const raw = (payloadType: number, payload: readonly number[]): FaultAction => {
  const body = [8, (payloadType & 127) | 128, payloadType >> 7, 18, payload.length, ...payload];
  return { type: 'say', bytes: toFrame(Uint8Array.from(body)), instead: false };
};

/** Records within records, deeper than any message of the schema. */
function nested(levels: number): number[] {
  let bytes: number[] = [];
  for (let level = 0; level < levels; level += 1) bytes = [0x5a, bytes.length, ...bytes];
  return bytes;
}

const spotOf = (ctidTraderAccountId: string): OutgoingMessage => ({
  name: 'ProtoOASpotEvent',
  fields: { ctidTraderAccountId, symbolId: FCPO_ID, bid: 1, ask: 2 },
});
const traderOf = (more: object): OutgoingMessage =>
  ({
    name: 'ProtoOATraderUpdatedEvent',
    fields: {
      ctidTraderAccountId: SIMULATED_ACCOUNT.id,
      trader: {
        ctidTraderAccountId: SIMULATED_ACCOUNT.id,
        balance: 5_000_000,
        balanceVersion: 1,
        depositAssetId: '1',
        leverageInCents: 2_000,
        ...more,
      },
    },
  }) as OutgoingMessage;
const foreign = { ctidTraderAccountId: OTHER, executionType: 3 };
const OVERSIZED = Uint8Array.of(0x00, 0x80, 0x00, 0x01);

/** What | misdeed | named in these words | connections in all | where the link stands. */
it.each<readonly [string, Misdeed, string | RegExp, number, string]>([
  [
    'oversized (F12)',
    { action: { type: 'say', bytes: OVERSIZED, instead: true } },
    'longer than allowed',
    2,
    'READY',
  ],
  [
    'truncated (F03)',
    { action: { type: 'truncate', bytes: 9 } },
    /ended the connection/,
    2,
    'READY',
  ],
  ['nested (F13)', { action: raw(SPOT, nested(40)) }, 'could not be read', 1, 'READY'],
  ['unknown (F15)', { action: raw(9_999, []) }, 'message type 9999 is unknown', 1, 'READY'],
  ['of a wrong type (F14)', { action: raw(SPOT, [18, 1, 65]) }, 'could not be read', 1, 'READY'],
  ['an execution cut off (F14)', { action: raw(EXECUTION, [16]) }, 'could not be read', 1, 'READY'],
  ['a price of a wrong account (F25)', { action: say(spotOf(OTHER)) }, '', 1, 'READY'],
  [
    'an execution of a wrong account (F25)',
    { action: say({ name: 'ProtoOAExecutionEvent', fields: foreign }) },
    'of another account was ignored',
    1,
    'READY',
  ],
  [
    'a step of nothing within a session (F16)',
    { later: { stepVolume: 0 } },
    'has no stepVolume',
    1,
    'HALTED',
  ],
  ['a lot of nothing (F16)', { symbol: { lotSize: 0 } }, 'has no lotSize', 1, 'HALTED'],
  [
    'another money scale within a session (F56)',
    { action: say(traderOf({ moneyDigits: 8 })) },
    'contradicts what is known: account exponent 8',
    1,
    'READY',
  ],
  [
    'no money scale within a session (F56)',
    { action: say(traderOf({})) },
    'does not say how many decimals its money has',
    1,
    'HALTED',
  ],
  [
    'a certificate for another host (F06)',
    { serverName: 'live.ctraderapi.com' },
    /the certificate belongs to another name \(.*localhost.*\), not to live\.ctraderapi\.com/,
    4,
    'DISCONNECTED',
  ],
])('%s: refused, named, and the connection handled', async (_, misdeed, words, dials, link) => {
  const end = await play(misdeed);
  expect(end.said).toMatch(typeof words === 'string' ? new RegExp(escaped(words)) : words);
  expect(end.link).toBe(link);
  if (link === 'DISCONNECTED') expect(end.dials).toBeGreaterThanOrEqual(2);
  else expect(end.dials).toBe(dials);
  for (const bid of end.bids) expect([460_000_000, 460_100_000]).toContain(bid);
  expect(end.account?.exponent ?? 2).toBe(2);
});

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

it.each<readonly [string, Partial<ListedSymbol>, string]>([
  ['decimals', { digits: 2 }, 'instrument digits is 2, it was 0'],
  ['lot', { lotSize: 10_000 }, 'instrument lotSize is 10000, it was 2500'],
])('another %s within a session (F16): a person must look', async (_, later, words) => {
  const end = await play({ later });
  expect(end.said).toContain(`contradicts what is known: ${words}`);
  expect([end.tripped, end.link, end.dials]).toEqual([true, 'READY', 1]);
  expect(end.instrument).toMatchObject({ digits: 0, lotSize: 2_500, quoteCurrency: 'MYR' });
});

it('other hours, status and volumes within a session are believed: they may change', async () => {
  const end = await play({ later: { minVolume: 200, maxVolume: 100_000 } });
  expect([end.tripped, end.link, end.dials]).toEqual([false, 'READY', 1]);
  expect(end.instrument).toMatchObject({ minVolume: 200, maxVolume: 100_000 });
});
