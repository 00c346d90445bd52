// Orders over a session: what leaves once, what is refused, what is in doubt.
import { describe, expect, it } from 'vitest';
import { wall } from '../../../src/engine/index.ts';
import { golden } from '../../support/golden.ts';
import { ACCOUNT_ID, errorAnswer, ORDER, said, spot } from '../broker-words.ts';
import { CLOSE, CONFIG, ENTRY, FCPO, stage } from './stage.ts';
import { count, failures, fill, idOf, protectedNow } from './story.ts';

describe('orders', () => {
  it('an entry, its fill and its protection', () => {
    const play = stage();
    play.ready();
    play.put({ type: 'send', request: ENTRY, backlog: 0 });
    const id = idOf(play, 'ProtoOANewOrderReq');
    play.hear(fill(id));
    play.hear(protectedNow);
    play.put({ type: 'send', request: CLOSE, backlog: 0 });
    golden('ctrader/transcripts/entry.txt', play.transcript());
  });

  it('I19 a feed session cannot send anything that moves money', () => {
    const play = stage({ ...CONFIG, encoders: undefined });
    play.ready();
    play.put({ type: 'send', request: ENTRY, backlog: 0 });
    play.put({ type: 'send', request: CLOSE, backlog: 0 });
    expect(failures(play).map(({ code, definitive }) => [code, definitive])).toEqual([
      ['FEED_ONLY', true],
      ['FEED_ONLY', true],
    ]);
    expect(play.written.some(({ name }) => name === 'ProtoOANewOrderReq')).toBe(false);
  });

  it('I15 an entry needs READY, a close needs the account only', () => {
    const play = stage();
    play.login();
    play.put({ type: 'send', request: ENTRY, backlog: 0 });
    expect(failures(play).at(-1)?.code).toBe('NOT_READY');
    play.put({ type: 'send', request: CLOSE, backlog: 0 });
    expect(idOf(play, 'ProtoOAClosePositionReq')).not.toBe('none');
  });

  it('F05 nothing is written into a line that does not drain, and the line is ended', () => {
    const play = stage();
    play.ready();
    play.put({ type: 'tick', backlog: 100 });
    play.put({ type: 'send', request: CLOSE, backlog: 100 });
    expect(failures(play).at(-1)?.code).toBe('LINK_CONGESTED');
    play.wait(250);
    play.put({ type: 'send', request: CLOSE, backlog: 0 });
    expect(idOf(play, 'ProtoOAClosePositionReq')).not.toBe('none');
  });

  it('F02 I06 a lost line leaves the order in doubt, and it is never sent again', () => {
    const play = stage(CONFIG, 0);
    play.ready();
    play.put({ type: 'send', request: ENTRY, backlog: 0 });
    play.put({ type: 'closed', reason: 'reset', random: 0 });
    expect(failures(play).map(({ code, definitive }) => [code, definitive])).toEqual([
      ['LINK_LOST', false],
    ]);
    play.wait(250);
    play.put({ type: 'opened' });
    play.answer();
    play.put({ type: 'subscribe', instrumentId: FCPO });
    play.answer();
    play.hear(spot(4_000, 4_001));
    expect(play.link()).toBe('READY');
    expect(play.written.filter(({ name }) => name === 'ProtoOANewOrderReq')).toHaveLength(1);
  });

  it('F19 an error without our id puts everything in flight in doubt', () => {
    const play = stage();
    play.ready();
    play.put({ type: 'send', request: ENTRY, backlog: 0 });
    play.hear(
      said('ProtoOAOrderErrorEvent', {
        ctidTraderAccountId: ACCOUNT_ID,
        errorCode: 'NOT_ENOUGH_MONEY',
        orderId: '0',
        positionId: '0',
      }),
    );
    expect(failures(play).map(({ requestId, definitive }) => [requestId, definitive])).toEqual([
      ['r-1', false],
    ]);
  });

  it("F19 an error for a stranger's request or an earlier connection settles nothing", () => {
    const play = stage();
    play.ready();
    play.put({ type: 'send', request: ENTRY, backlog: 0 });
    play.hear(errorAnswer('NOT_ENOUGH_MONEY', 'someone-else'));
    play.hear(errorAnswer('NOT_ENOUGH_MONEY', 'g0.1.r-1'));
    expect(failures(play)).toHaveLength(0);
  });

  it('5.4 a correlated refusal is definitive or ambiguous as the table says', () => {
    for (const [code, definitive] of [
      ['NOT_ENOUGH_MONEY', true],
      ['MARKET_CLOSED', true],
      ['TIMEOUT_ERROR', false],
      ['SOMETHING_NEW', false],
    ] as const) {
      const play = stage();
      play.ready();
      play.put({ type: 'send', request: ENTRY, backlog: 0 });
      const id = idOf(play, 'ProtoOANewOrderReq');
      play.hear(
        said('ProtoOAOrderErrorEvent', { ctidTraderAccountId: ACCOUNT_ID, errorCode: code }, id),
      );
      expect(failures(play).map((each) => [each.code, each.definitive])).toEqual([
        [code, definitive],
      ]);
    }
  });

  it('F14 an unreadable execution: doubt, no entries, a fresh look, and READY again', () => {
    const play = stage();
    play.ready();
    play.put({ type: 'send', request: ENTRY, backlog: 0 });
    play.hear({ kind: 'undecodable', payloadType: 2126, reason: 'ProtoOAExecutionEvent: volume' });
    expect(play.link()).toBe('DEGRADED');
    expect(failures(play).at(-1)?.definitive).toBe(false);
    const before = count(play, 'brokerSnapshot');
    play.answer();
    expect(count(play, 'brokerSnapshot')).toBe(before + 1);
    expect(play.link()).toBe('READY');
  });

  it('F15 an unknown execution type or order status asks for a fresh look', () => {
    for (const event of [
      { executionType: 99, order: ORDER },
      { executionType: 3, order: { ...ORDER, orderStatus: 77 } },
    ]) {
      const play = stage();
      play.ready();
      play.hear(said('ProtoOAExecutionEvent', { ctidTraderAccountId: ACCOUNT_ID, ...event }));
      expect(play.link()).toBe('DEGRADED');
      play.answer();
      expect(play.link()).toBe('READY');
    }
  });

  it('F23 a blocked kind of request is held back, closes are never starved by questions', () => {
    const play = stage();
    play.ready();
    for (let index = 0; index < 60; index += 1) {
      play.put({ type: 'query', query: { type: 'reconcile', historyFrom: undefined } });
    }
    play.put({ type: 'send', request: CLOSE, backlog: 0 });
    const id = idOf(play, 'ProtoOAClosePositionReq');
    expect(id).not.toBe('none');
    play.hear(errorAnswer('BLOCKED_PAYLOAD_TYPE', id, { retryAfter: 3 }));
    expect(failures(play).at(-1)).toMatchObject({ code: 'BLOCKED_PAYLOAD_TYPE', definitive: true });
    const written = play.written.length;
    play.put({ type: 'send', request: { ...CLOSE, requestId: 'r-3' }, backlog: 0 });
    expect(play.written.length).toBe(written);
    play.answer();
    play.wait(2_750);
    play.put({ type: 'send', request: { ...CLOSE, requestId: 'r-5' }, backlog: 0 });
    expect(failures(play).at(-1)).toMatchObject({ requestId: 'r-5', definitive: true });
    play.wait(250);
    play.put({ type: 'send', request: { ...CLOSE, requestId: 'r-4' }, backlog: 0 });
    expect(play.written.at(-1)?.name).toBe('ProtoOAClosePositionReq');
  });

  it('P13 while questions about the history are held back, a close leaves at once', () => {
    const play = stage();
    play.ready();
    const since = wall(1_700_000_000_000);
    play.put({ type: 'query', query: { type: 'reconcile', historyFrom: since } });
    const asked = idOf(play, 'ProtoOADealListReq');
    expect(asked).not.toBe('none');
    play.hear(errorAnswer('REQUEST_FREQUENCY_EXCEEDED', asked, { retryAfter: 60 }));
    const looks = play.events.filter((one) => one.type === 'brokerSnapshot');
    expect(looks.at(-1)).toMatchObject({ pass: { complete: false } });
    for (let index = 0; index < 20; index += 1) {
      play.put({ type: 'query', query: { type: 'reconcile', historyFrom: since } });
    }
    play.put({ type: 'send', request: CLOSE, backlog: 0 });
    expect(play.written.at(-1)?.name).toBe('ProtoOAClosePositionReq');
  });
});
