// The driver between machine and line: real bytes over a line in memory, at a hand-moved time.
// The other side is scripted here; the whole simulator stands in broker.test.ts.
import { describe, expect, it } from 'vitest';
import { type Connection, createConnection } from '../../src/ctrader/connection.ts';
import { secret } from '../../src/ctrader/secret.ts';
import { TRADING_ENCODERS } from '../../src/ctrader/trading.ts';
import type { Dial, LineEvents } from '../../src/ctrader/transport.ts';
import {
  decodeEnvelope,
  encodeEnvelope,
  type KnownMessage,
  type OutgoingMessage,
} from '../../src/ctrader/wire/codec.ts';
import { frameReader } from '../../src/ctrader/wire/frame.ts';
import type { BrokerEvent } from '../../src/engine/index.ts';
import { wall } from '../../src/engine/index.ts';
import { createVirtualClock } from '../../src/sim/virtual-clock.ts';
import { spot, USUAL } from './broker-words.ts';
import { CONFIG, ENTRY, FCPO, START_WALL } from './session/stage.ts';

interface Peer {
  readonly connection: Connection;
  readonly clock: ReturnType<typeof createVirtualClock>;
  readonly events: BrokerEvent[];
  readonly notes: string[];
  readonly heard: KnownMessage[];
  /** The present line, seen from the other side. */
  line(): { readonly events: LineEvents; closed: boolean };
  say(message: KnownMessage): void;
  bytes(bytes: Uint8Array): void;
  backlog: number;
  mute: boolean;
}

const bytesOf = ({ kind: _, payloadType: __, ...message }: KnownMessage): Uint8Array =>
  encodeEnvelope(message as OutgoingMessage);

function peer(trading = true): Peer {
  const clock = createVirtualClock(wall(START_WALL));
  const events: BrokerEvent[] = [];
  const notes: string[] = [];
  const heard: KnownMessage[] = [];
  const lines: { readonly events: LineEvents; closed: boolean }[] = [];
  const it: Peer = {
    clock,
    events,
    notes,
    heard,
    backlog: 0,
    mute: false,
    line: () => lines.at(-1) ?? lost(),
    say: (message) => it.bytes(bytesOf(message)),
    bytes: (bytes) => it.line().events.bytes(bytes),
    connection: createConnection({
      ...CONFIG,
      encoders: trading ? TRADING_ENCODERS : undefined,
      dial: dialOf(),
      clock,
      credentials: {
        clientId: 'id',
        clientSecret: secret('the-client-secret'),
        accessToken: secret('the-access-token'),
      },
      random: () => 0.5,
      note: (text) => notes.push(text),
    }),
  };
  function dialOf(): Dial {
    return (lineEvents) => {
      const entry = { events: lineEvents, closed: false };
      lines.push(entry);
      const reader = frameReader({ maxBytes: 65_536 });
      clock.after(1, () => lineEvents.opened());
      return {
        write(bytes) {
          for (const frame of reader.push(bytes).frames) {
            const message = decodeEnvelope(frame);
            if (message.kind !== 'message') throw new Error('the client wrote nonsense');
            heard.push(message);
            const usual = it.mute ? undefined : USUAL[message.name]?.(message.clientMsgId);
            if (usual !== undefined) clock.after(1, () => lineEvents.bytes(bytesOf(usual)));
          }
        },
        close() {
          entry.closed = true;
        },
        backlog: () => it.backlog,
      };
    };
  }
  it.connection.start((event) => events.push(event));
  return it;
}

const lost = (): never => {
  throw new Error('there is no line');
};
const links = (of: Peer) =>
  of.events.filter((each) => each.type === 'link').map(({ state }) => state);

function ready(of: Peer): void {
  of.clock.advanceBy(50);
  of.connection.subscribe(FCPO);
  of.clock.advanceBy(50);
  of.say(spot(4_000, 4_001));
}

describe('a session over bytes', () => {
  it('logs in with the credentials, and they appear nowhere else', () => {
    const it = peer();
    ready(it);
    expect(links(it)).toEqual(['CONNECTING', 'APP_AUTH', 'ACCOUNT_AUTH', 'SYNCING', 'READY']);
    expect(it.heard[0]).toMatchObject({ fields: { clientSecret: 'the-client-secret' } });
    expect(it.heard[2]).toMatchObject({ fields: { accessToken: 'the-access-token' } });
    const told = JSON.stringify([it.events, it.notes, it.connection.counts()]);
    expect(told).not.toContain('the-client-secret');
    expect(told).not.toContain('the-access-token');
  });

  it('writes an order once and says so in the same turn', () => {
    const it = peer();
    ready(it);
    it.connection.send(ENTRY);
    expect(it.heard.at(-1)?.name).toBe('ProtoOANewOrderReq');
    expect(it.events.at(-1)).toEqual({ type: 'sent', generation: 1, requestId: 'r-1' });
  });

  it('I19 a feed connection writes nothing that moves money', () => {
    const it = peer(false);
    ready(it);
    it.connection.send(ENTRY);
    expect(it.events.at(-1)).toMatchObject({ type: 'requestFailed', code: 'FEED_ONLY' });
    expect(it.heard.some(({ name }) => name === 'ProtoOANewOrderReq')).toBe(false);
  });

  it('F03 a fragment never reaches the next line', () => {
    const it = peer();
    ready(it);
    const bytes = bytesOf(spot(4_000, 4_001));
    it.bytes(bytes.subarray(0, 7));
    it.line().events.closed('reset');
    it.clock.advanceBy(60_000);
    ready(it);
    expect(links(it).at(-1)).toBe('READY');
    expect(it.connection.counts().unreadable).toBe(0);
  });

  it('F04 every split of a stream gives the same events', () => {
    const stream = new Uint8Array(
      [4_000, 4_001, 4_002].flatMap((bid) => [...bytesOf(spot(bid, bid + 1))]),
    );
    const quotes = (chunkBytes: number) => {
      const it = peer();
      ready(it);
      for (let from = 0; from < stream.length; from += chunkBytes) {
        it.bytes(stream.subarray(from, from + chunkBytes));
      }
      return it.events.filter((each) => each.type === 'quote').map(({ bid, ask }) => [bid, ask]);
    };
    const whole = quotes(stream.length);
    expect(whole).toHaveLength(4);
    for (const size of [1, 2, 3, 5, 7, 11, 31]) expect(quotes(size)).toEqual(whole);
  });

  it('F05 a line that does not drain for 2 s is ended, and nothing more is written', () => {
    const it = peer();
    ready(it);
    const before = it.heard.length;
    it.backlog = 5_000;
    it.mute = true;
    it.clock.advanceBy(500);
    it.connection.send(ENTRY);
    expect(it.events.at(-1)).toMatchObject({ code: 'LINK_CONGESTED', definitive: true });
    const line = it.line();
    it.clock.advanceBy(2_000);
    expect(line.closed).toBe(true);
    expect(it.heard.length).toBe(before);
  });

  it('F12 a hostile length ends the line', () => {
    const it = peer();
    ready(it);
    const line = it.line();
    it.bytes(Uint8Array.of(0x7f, 0xff, 0xff, 0xff, 1));
    expect(line.closed).toBe(true);
    expect(links(it).at(-1)).toBe('DISCONNECTED');
  });

  it('F19 events of an earlier line are nothing', () => {
    const it = peer();
    ready(it);
    const old = it.line();
    old.events.closed('reset');
    it.clock.advanceBy(60_000);
    const before = it.events.length;
    old.events.bytes(bytesOf(spot(1, 2)));
    old.events.closed('again');
    old.events.opened();
    expect(it.events.length).toBe(before);
  });

  it('F08 an hour of flapping leaves one line and one timer', () => {
    const it = peer();
    for (let round = 0; round < 200; round += 1) {
      it.clock.advanceBy(17_000);
      const line = it.line();
      if (!line.closed) line.events.closed('flap');
    }
    it.connection.stop();
    expect(it.clock.nextDue()).toBeUndefined();
  });

  it('stop ends the line and asks for nothing again', () => {
    const it = peer();
    ready(it);
    const line = it.line();
    it.connection.stop();
    expect(line.closed).toBe(true);
    it.clock.advanceBy(300_000);
    expect(it.connection.counts().dials).toBe(1);
  });
});
