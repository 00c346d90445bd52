// Messages that no honest broker sends, over the real wire: the simulator says other bytes than it
// would. Each is refused, named, and the connection is handled as its kind deserves.
import { describe, expect, it } from 'vitest';
import { createCtraderBroker } from '../../src/ctrader/broker.ts';
import { secret } from '../../src/ctrader/secret.ts';
import { encodeEnvelope, type OutgoingMessage } from '../../src/ctrader/wire/codec.ts';
import { toFrame } from '../../src/ctrader/wire/frame.ts';
import type { WireName } from '../../src/ctrader/wire/schema.gen.ts';
import type { BrokerEvent } from '../../src/engine/index.ts';
import { FCPO_ID, SIMULATED_ACCOUNT } from '../../src/sim/fcpo.ts';
import { type FaultAction, faultScript } from '../../src/sim/server/faults.ts';
import { memoryDial } from '../../src/sim/server/memory-dial.ts';
import { STANDARD_CREDENTIALS } from '../../src/sim/server/standard-broker.ts';
import { bench, START, toldMarket } from '../sim/server/bench.ts';

const OTHER_ACCOUNT = '999';
const account = { ctidTraderAccountId: SIMULATED_ACCOUNT.id };
const MINUTE_MS = 60_000;

/** A client of a broker whose n-th message of a name is something else, on its first connection. */
function client(name: WireName, action: FaultAction, nth = 1) {
  const told = Array.from({ length: 30 }, (_, index) => {
    const bid = 4_600 + (index % 2);
    return { after: 1_000 + index * 2_000, bid, ask: bid + 2 };
  });
  const rule = { connection: 1, direction: 'out', name, nth, action } as const;
  const faults = faultScript([rule]);
  const { clock, server } = bench({ market: toldMarket(told), params: { faults } });
  const events: BrokerEvent[] = [];
  const notes: string[] = [];
  const broker = createCtraderBroker({
    dial: memoryDial(server, clock, 20),
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
  broker.start((event) => {
    events.push(event);
    if (event.type === 'instrument') broker.subscribe(event.instrument.id);
  });
  clock.advanceBy(MINUTE_MS);
  const links = events.flatMap((event) => (event.type === 'link' ? event : []));
  const said = [...notes, ...links.map(({ reason }) => reason ?? '')].join('\n');
  return { broker, events, said, dials: broker.counts().dials, link: links.at(-1)?.state };
}

const say = (message: OutgoingMessage, instead = false): FaultAction => ({
  type: 'say',
  bytes: encodeEnvelope(message),
  instead,
});
const raw = (body: readonly number[]): FaultAction => ({
  type: 'say',
  bytes: toFrame(Uint8Array.from(body)),
  instead: false,
});

/** An envelope with that type and payload, byte by byte. */
function envelope(payloadType: number, payload: readonly number[]): number[] {
  const size = payload.length;
  const length = size < 128 ? [size] : [(size & 127) | 128, size >> 7];
  return [8, (payloadType & 127) | 128, payloadType >> 7, 18, ...length, ...payload];
}
const SPOT = 2_131;
const EXECUTION = 2_126;

describe('one strange message between good ones: named, and the line goes on', () => {
  it.each([
    ['a type nobody knows (F13)', raw(envelope(9_999, [])), 'message type 9999 is unknown'],
    ['a price of another account (F25)', otherSpot(), ''],
    [
      'an answer to nothing (F19)',
      say({ name: 'ProtoOAVersionRes', fields: { version: '1' }, clientMsgId: 'x' }),
      'answers nothing that was asked',
    ],
    ['nested too deeply (F13)', raw(envelope(SPOT, nested(40))), 'could not be read'],
    ['cut inside a field (F14)', raw(envelope(SPOT, [16])), 'could not be read'],
    ['of another type than declared (F14)', raw(envelope(SPOT, [18, 1, 65])), 'could not be read'],
    ['an envelope without a type (F14)', raw([18, 0]), 'could not be read'],
  ] as const)('%s', (_, action, words) => {
    const { said, dials, link, events } = client('ProtoOASpotEvent', action, 5);
    expect(said).toContain(words);
    expect(dials).toBe(1);
    expect(link).toBe('READY');
    const prices = events.flatMap((event) => (event.type === 'quote' ? (event.bid ?? []) : []));
    expect(new Set(prices)).toEqual(new Set([460_000_000, 460_100_000]));
  });

  it('an execution that cannot be read: no entries until a fresh look (F14 F15)', () => {
    const { events, link, dials } = client('ProtoOASpotEvent', raw(envelope(EXECUTION, [16])), 5);
    const states = events.flatMap((event) => (event.type === 'link' ? event.state : []));
    expect(states.slice(-2)).toEqual(['DEGRADED', 'READY']);
    const looks = events.filter(({ type }) => type === 'brokerSnapshot');
    expect(looks.length).toBeGreaterThan(1);
    expect([link, dials]).toEqual(['READY', 1]);
  });

  it('an execution of another account is not ours (F25)', () => {
    const fields = { ctidTraderAccountId: OTHER_ACCOUNT, executionType: 3 };
    const foreign = say({ name: 'ProtoOAExecutionEvent', fields });
    const { said, link, events } = client('ProtoOASpotEvent', foreign, 5);
    expect(said).toContain('ProtoOAExecutionEvent of another account was ignored');
    expect(events.some(({ type }) => type === 'orderUpdate')).toBe(false);
    expect(link).toBe('READY');
  });
});

describe('an answer that lies is refused and named', () => {
  const own = account.ctidTraderAccountId;
  const lies = (name: WireName, fields: object, question: number) => {
    const lie = { name, fields, clientMsgId: `g1.${question}` } as unknown as OutgoingMessage;
    return client(name, say(lie, true));
  };
  const trader = (more: object, id: string = own) => {
    const money = { balance: 5_000_000, depositAssetId: '15', accessRights: 0 };
    const whole = { ctidTraderAccountId: id, ...money, leverageInCents: 2_000, ...more };
    return lies('ProtoOATraderRes', { ctidTraderAccountId: id, trader: whole }, 4);
  };
  const isTold = (events: readonly BrokerEvent[], type: BrokerEvent['type']) =>
    events.some((event) => event.type === type);

  it.each([
    ['none (F16 F56)', {}],
    ['an impossible one (F16)', { moneyDigits: 30 }],
  ])('the scale of money: %s. Nothing is told, and a person must look', (_, more) => {
    const { events, said, dials, link } = trader(more);
    expect(said).toMatch(/decimals|scale|exponent|digits/i);
    expect([link, dials]).toEqual(['HALTED', 1]);
    expect(isTold(events, 'account')).toBe(false);
  });

  it('the decimals of the instrument: it is not told (F16)', () => {
    const symbol = { symbolId: FCPO_ID, digits: 9, pipPosition: 0, lotSize: 2_500 };
    const volumes = { minVolume: 100, maxVolume: 250_000, stepVolume: 100 };
    const fields = { ctidTraderAccountId: own, symbol: [{ ...symbol, ...volumes }] };
    const { events, said, link } = lies('ProtoOASymbolByIdRes', fields, 7);
    expect(said).toContain('the instrument has 9 decimals, 0 to 5 are possible');
    expect(isTold(events, 'instrument')).toBe(false);
    expect(link).not.toBe('READY');
  });

  it('the account of somebody else: a new line is asked again (F25)', () => {
    const { events, said, dials, link } = trader({ moneyDigits: 2 }, OTHER_ACCOUNT);
    expect(said).toContain('answers for another account');
    expect([link, dials]).toEqual(['READY', 2]);
    const told = events.flatMap((event) => (event.type === 'account' ? event.account : []));
    expect(told[0]).toMatchObject({ id: own, balance: 5_000_000, exponent: 2 });
  });
});

describe('a length nobody may send ends the line (F12)', () => {
  it.each([
    ['announced, not sent', [0x7f, 0xff, 0xff, 0xff]],
    ['just above the limit', [0x00, 0x80, 0x00, 0x01]],
  ])('%s', (_, prefix) => {
    const bytes = Uint8Array.from(prefix);
    const { said, dials, link } = client(
      'ProtoOASpotEvent',
      { type: 'say', bytes, instead: true },
      5,
    );
    expect(said).toContain('longer than allowed');
    expect(dials).toBe(2);
    expect(link).toBe('READY');
  });
});

function otherSpot(): FaultAction {
  const fields = { ctidTraderAccountId: OTHER_ACCOUNT, symbolId: FCPO_ID, bid: 1, ask: 2 };
  return say({ name: 'ProtoOASpotEvent', fields: { ...fields, timestamp: START } });
}

/** Records within records; the innermost is empty. */
function nested(levels: number): number[] {
  let bytes: number[] = [];
  for (let level = 0; level < levels; level += 1) bytes = [0x5a, bytes.length, ...bytes];
  return bytes;
}
