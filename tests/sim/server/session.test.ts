// The rules of a connection: frames, silence, sizes, fields nobody knows. Numbers in the names are
// the rows of the conformance checklist. What requests mean is tested beside their own files.
import { describe, expect, it } from 'vitest';
import { encodeEnvelope } from '../../../src/ctrader/wire/codec.ts';
import { bench } from './bench.ts';
import { ACCOUNT, connect, loggedIn, refusal, subscribe, until } from './wire-client.ts';

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'));
const VERSION_A1 = '00000009' + '08b8101200' + '1a026131';

describe('a connection of the simulator', () => {
  it('1 takes frames cut at any byte, and several in one piece', () => {
    const { clock, server } = bench();
    const cut = connect(server, clock);
    for (const byte of bytes(VERSION_A1)) cut.write(Uint8Array.of(byte));
    const joined = connect(server, clock);
    joined.write(bytes(VERSION_A1 + VERSION_A1));
    clock.advanceBy(200);
    expect(cut.all('ProtoOAVersionRes')).toHaveLength(1);
    expect(joined.all('ProtoOAVersionRes')).toHaveLength(2);
  });

  it('2 answers under the same message id; pushes have none', () => {
    const { clock, server } = bench();
    const client = loggedIn(server, clock);
    subscribe(client);
    expect(client.all('ProtoOAAccountAuthRes')[0]?.clientMsgId).toBe('m2');
    until(clock, () => client.all('ProtoOASpotEvent').length > 0);
    expect(client.all('ProtoOASpotEvent')[0]).not.toHaveProperty('clientMsgId');
  });

  it('3 leaves field 1 out of payloads: the answer to 2100 has an empty one', () => {
    const { clock, server } = bench();
    const client = loggedIn(server, clock);
    const [auth, account] = client.frames.filter(({ direction }) => direction === '<');
    expect(auth?.hex).toBe('08b51012001a026d31');
    // 2103, payload begins with field 2.
    expect(account?.hex.slice(0, 12)).toBe('08b710120410');
  });

  it('4 accepts payloads with field 1, without it, and no payload at all', () => {
    const { clock, server } = bench();
    const client = connect(server, clock);
    client.write(bytes(`0000000c${'08b81012030 8b8101a026231'.replace(' ', '')}`));
    client.write(bytes('0000000708b8101a026232'));
    clock.advanceBy(200);
    expect(client.all('ProtoOAVersionRes').map((one) => one.clientMsgId)).toEqual(['b1', 'b2']);
  });

  it('5 accepts packed and unpacked lists of ids', () => {
    const { clock, server } = bench();
    const client = loggedIn(server, clock);
    // 2116 for the account and the ids 2001 and 2003, once tag by tag, once packed.
    const account = '10c1843d';
    for (const ids of ['18d10f18d30f', '1a04d10fd30f']) {
      const payload = account + ids;
      const size = (payload.length / 2).toString(16).padStart(2, '0');
      const body = `08c41012${size}${payload}1a0170`;
      client.write(bytes((body.length / 2).toString(16).padStart(8, '0') + body));
    }
    clock.advanceBy(200);
    const answers = client.all('ProtoOASymbolByIdRes');
    expect(answers).toHaveLength(2);
    for (const { fields } of answers) {
      expect(fields.symbol?.map(({ symbolId }) => symbolId)).toEqual(['2001', '2003']);
    }
  });

  it('6 closes on a frame above the limit, with or without a word', () => {
    for (const longFrame of ['close', 'FRAME_TOO_LONG'] as const) {
      const { clock, server } = bench({ switches: { frameBytesMax: 1_000, longFrame } });
      const [client, within] = [connect(server, clock), connect(server, clock)];
      client.write(bytes('000003e9'));
      within.write(bytes('000003e8'));
      clock.advanceBy(100);
      expect(client.closedBecause()).toBeDefined();
      expect(within.closedBecause()).toBeUndefined();
      const words = client.all('ProtoOAErrorRes').map(({ fields }) => fields.errorCode);
      expect(words).toEqual(longFrame === 'close' ? [] : ['FRAME_TOO_LONG']);
    }
  });

  it('9 speaks after 25 s of its own silence, on an authorised connection only', () => {
    const { clock, server } = bench();
    const client = loggedIn(server, clock);
    const stranger = connect(server, clock);
    clock.advanceBy(24_900);
    expect(client.all('ProtoHeartbeatEvent')).toHaveLength(0);
    clock.advanceBy(200);
    expect(client.all('ProtoHeartbeatEvent')).toHaveLength(1);
    expect(stranger.all('ProtoHeartbeatEvent')).toHaveLength(0);
  });

  it('10 closes after 30 s without a frame; any frame begins the time anew', () => {
    const { clock, server } = bench();
    const client = loggedIn(server, clock);
    clock.advanceBy(29_000);
    client.tell('ProtoHeartbeatEvent', {});
    clock.advanceBy(29_500);
    expect(client.closedBecause()).toBeUndefined();
    clock.advanceBy(1_000);
    expect(client.closedBecause()).toBeDefined();
  });

  it('11 closes a connection without application after 30 s in spite of heartbeats', () => {
    const { clock, server } = bench();
    const client = connect(server, clock);
    for (let second = 0; second < 30; second += 5) {
      client.write(encodeEnvelope({ name: 'ProtoHeartbeatEvent', fields: {} }));
      clock.advanceBy(4_990);
    }
    expect(client.closedBecause()).toBeUndefined();
    clock.advanceBy(200);
    expect(client.closedBecause()).toBeDefined();
  });

  it('12 does not answer heartbeats', () => {
    const { clock, server } = bench();
    const client = loggedIn(server, clock);
    const before = client.frames.length;
    for (let count = 0; count < 5; count += 1) {
      client.write(encodeEnvelope({ name: 'ProtoHeartbeatEvent', fields: {} }));
    }
    clock.advanceBy(1_000);
    expect(client.frames).toHaveLength(before);
  });

  it('13 sends fields and error names nobody knows, in a test mode', () => {
    const errorNames = { ORDER_NOT_FOUND: 'ORDER_LOST_IN_TRANSLATION' };
    const { clock, server } = bench({ switches: { unknownFields: true, errorNames } });
    const client = loggedIn(server, clock);
    const own = { ctidTraderAccountId: ACCOUNT };
    const trader = client.get('ProtoOATraderReq', own, 'ProtoOATraderRes').trader;
    expect(trader.balance).toBe(5_000_000);
    // Tag of field 23 as an integer, at the end of the trader's record.
    expect(client.frames.at(-1)?.hex).toContain('b80102');
    const answer = client.ask('ProtoOACancelOrderReq', { ...own, orderId: '77' });
    expect(refusal(answer)).toEqual([2132, 'ORDER_LOST_IN_TRANSLATION', expect.any(String)]);
  });

  it('keeps answers in the order of the requests, whatever each takes', () => {
    const { clock, server } = bench();
    const client = connect(server, clock);
    client.tell('ProtoOAApplicationAuthReq', { clientId: 'simulator', clientSecret: 'x' }, 'slow');
    client.tell('ProtoOAVersionReq', {}, 'fast');
    clock.advanceBy(500);
    const ids = client.frames
      .filter(({ direction }) => direction === '<')
      .map(({ message }) => message.clientMsgId);
    expect(ids).toEqual(['slow', 'fast']);
  });
});
