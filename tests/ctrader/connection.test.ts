// The driver between machine and line: real bytes over a line in memory, at a hand-moved time.
// The other side is scripted; orders and their answers stand in broker.test.ts.
import { describe, expect, it } from 'vitest';
import { spot } from './broker-words.ts';
import { bytesOf, links, peer, ready } from './memory-peer.ts';
import { ENTRY } from './session/stage.ts';

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
