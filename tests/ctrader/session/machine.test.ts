// Quotes and the life of the link; logging in and orders have stories of their own.
import { describe, expect, it } from 'vitest';
import { price } from '../../../src/engine/index.ts';
import {
  ACCOUNT_ID,
  errorAnswer,
  LIGHT,
  ORDER,
  SYMBOL_ID,
  said,
  spot,
  USUAL,
} from '../broker-words.ts';
import { CONFIG, ENTRY, FCPO, stage } from './stage.ts';
import { count, failures, fill, idOf, lastLink } from './story.ts';

describe('quotes', () => {
  it('F71 an absent side stays absent, and only the first event is initial', () => {
    const play = stage();
    play.ready();
    play.hear(spot(3_999));
    const quotes = play.events.filter((each) => each.type === 'quote');
    expect(quotes.map(({ bid, ask, initial }) => [bid, ask, initial])).toEqual([
      [price(400_000_000), price(400_100_000), true],
      [price(399_900_000), undefined, false],
    ]);
  });

  it('F25 prices and executions of another account or symbol are dropped', () => {
    const play = stage();
    play.ready();
    const before = play.events.length;
    play.hear(said('ProtoOASpotEvent', { ctidTraderAccountId: '1', symbolId: SYMBOL_ID, bid: 1 }));
    play.hear(said('ProtoOASpotEvent', { ctidTraderAccountId: ACCOUNT_ID, symbolId: '7', bid: 1 }));
    play.hear(
      said('ProtoOAExecutionEvent', { ctidTraderAccountId: '1', executionType: 3, order: ORDER }),
    );
    expect(play.events.length).toBe(before);
  });

  it('F26 a subscription that never delivers: again, then a new link, then NO_PRICES', () => {
    const play = stage(CONFIG, 0);
    play.login();
    play.put({ type: 'subscribe', instrumentId: FCPO });
    play.answer();
    for (let second = 0; second < 31; second += 1) {
      play.wait(1_000);
      play.hear(said('ProtoHeartbeatEvent', {}));
    }
    const subscriptions = () =>
      play.written.filter(({ name }) => name === 'ProtoOASubscribeSpotsReq').length;
    expect(subscriptions()).toBe(2);
    play.answer();
    for (let second = 0; second < 31; second += 1) {
      play.wait(1_000);
      play.hear(said('ProtoHeartbeatEvent', {}));
    }
    expect(play.state().generation).toBe(2);
    play.put({ type: 'opened' });
    play.answer();
    play.put({ type: 'subscribe', instrumentId: FCPO });
    for (let second = 0; second < 62; second += 1) {
      play.answer();
      play.wait(1_000);
      play.hear(said('ProtoHeartbeatEvent', {}));
    }
    expect(play.link()).toBe('NO_PRICES');
    play.hear(spot(4_000, 4_001));
    expect(play.link()).toBe('READY');
  });

  it('F26 a quote before the acknowledgement is passed on, but does not make READY', () => {
    const play = stage();
    play.login();
    play.put({ type: 'subscribe', instrumentId: FCPO });
    play.hear(spot(4_000, 4_001));
    expect([count(play, 'quote'), play.link()]).toEqual([1, 'SYNCING']);
    play.answer();
    expect(play.link()).toBe('READY');
  });

  it('F26 already subscribed counts as acknowledged', () => {
    const play = stage();
    play.login();
    play.put({ type: 'subscribe', instrumentId: FCPO });
    const more = { description: `Already subscribed to symbol ${SYMBOL_ID}.` };
    play.hear(errorAnswer('INVALID_REQUEST', idOf(play, 'ProtoOASubscribeSpotsReq'), more));
    play.hear(spot(4_000, 4_001));
    expect(play.link()).toBe('READY');
  });
});

describe('a living link', () => {
  it('F09 a heartbeat leaves whenever nothing was sent for 8 s', () => {
    const play = stage();
    play.ready();
    const beats = () => play.written.filter(({ name }) => name === 'ProtoHeartbeatEvent').length;
    play.wait(7_750);
    expect(beats()).toBe(0);
    play.wait(250);
    expect(beats()).toBe(1);
    play.wait(16_000);
    expect(beats()).toBe(3);
  });

  it('F01 a silent link is suspected at 35 s and dead 5 s later', () => {
    const play = stage();
    play.ready();
    play.wait(34_750);
    expect(play.link()).toBe('READY');
    play.wait(250);
    expect(play.link()).toBe('DEGRADED');
    expect(play.written.some(({ name }) => name === 'ProtoOAVersionReq')).toBe(true);
    play.put({ type: 'send', request: ENTRY, backlog: 0 });
    expect(failures(play).at(-1)?.code).toBe('NOT_READY');
    play.wait(4_750);
    expect(play.link()).toBe('DEGRADED');
    play.wait(250);
    expect(play.link()).toBe('DISCONNECTED');
  });

  it('F01 any answer ends the suspicion', () => {
    const play = stage();
    play.ready();
    play.wait(35_000);
    play.answer();
    expect(play.link()).toBe('READY');
    play.wait(30_000);
    expect(play.link()).toBe('READY');
  });

  it('F22 the three goodbyes are three different things', () => {
    const away = stage();
    away.ready();
    away.hear(said('ProtoOAClientDisconnectEvent', { reason: 'restart' }));
    expect(away.link()).toBe('DISCONNECTED');
    const account = stage();
    account.ready();
    account.hear(said('ProtoOAAccountDisconnectEvent', { ctidTraderAccountId: ACCOUNT_ID }));
    expect(account.link()).toBe('ACCOUNT_AUTH');
    account.answer();
    expect(account.link()).toBe('SYNCING');
    const token = stage();
    token.ready();
    token.hear(said('ProtoOAAccountsTokenInvalidatedEvent', { ctidTraderAccountIds: ['1'] }));
    expect(token.link()).toBe('READY');
    token.hear(
      said('ProtoOAAccountsTokenInvalidatedEvent', { ctidTraderAccountIds: [ACCOUNT_ID] }),
    );
    expect(token.link()).toBe('ACCOUNT_AUTH');
  });

  it('F21 a lost session is taken up from the step that was lost, three times at most', () => {
    const play = stage();
    play.ready();
    for (let round = 1; round <= 3; round += 1) {
      play.put({ type: 'query', query: { type: 'reconcile', historyFrom: undefined } });
      const id = idOf(play, 'ProtoOATraderReq');
      play.hear(
        errorAnswer('INVALID_REQUEST', id, { description: 'Trading account is not authorized' }),
      );
      expect(play.link()).toBe(round < 3 ? 'ACCOUNT_AUTH' : 'AUTH_HALT');
      play.answer();
    }
    expect(play.events.some((each) => each.type === 'brokerSnapshot' && !each.pass.complete)).toBe(
      true,
    );
  });

  it('F08 the ladder doubles up to 60 s and starts again only after 60 s of READY', () => {
    const play = stage(CONFIG, 1);
    play.put({ type: 'start' });
    const waits: number[] = [];
    for (let round = 0; round < 8; round += 1) {
      play.put({ type: 'closed', reason: 'refused', random: 1 });
      const from = play.now();
      while (play.state().stage === 'waiting') play.wait(250);
      waits.push(play.now() - from);
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60].map((each) => each * 1_000));
    play.put({ type: 'opened' });
    play.answer();
    play.put({ type: 'subscribe', instrumentId: FCPO });
    play.answer();
    play.hear(spot(4_000, 4_001));
    expect(lastLink(play)).toBe('READY');
    play.wait(30_000);
    play.hear(spot(4_000));
    play.wait(30_000);
    play.put({ type: 'closed', reason: 'reset', random: 1 });
    const from = play.now();
    while (play.state().stage === 'waiting') play.wait(250);
    expect(play.now() - from).toBe(1_000);
  });

  it('F78 a changed instrument is read and told again', () => {
    const play = stage();
    play.ready();
    const before = count(play, 'instrument');
    play.hear(
      said('ProtoOASymbolChangedEvent', { ctidTraderAccountId: ACCOUNT_ID, symbolId: [SYMBOL_ID] }),
    );
    play.answer();
    expect(count(play, 'instrument')).toBe(before + 1);
  });

  it('executions before the first snapshot are told after it', () => {
    const play = stage();
    play.put({ type: 'start' });
    play.put({ type: 'opened' });
    play.answer(['ProtoOAReconcileReq']);
    play.hear(fill('foreign'));
    expect(count(play, 'deal')).toBe(0);
    const usual = USUAL.ProtoOAReconcileReq?.(idOf(play, 'ProtoOAReconcileReq'));
    if (usual !== undefined) play.hear(usual);
    const order = play.events.map(({ type }) => type);
    expect(order.indexOf('deal')).toBeGreaterThan(order.indexOf('brokerSnapshot'));
  });

  it('an instrument listed twice, or disabled, is no match', () => {
    for (const symbol of [[LIGHT, { ...LIGHT, symbolId: '43' }], [{ ...LIGHT, enabled: false }]]) {
      const play = stage();
      play.put({ type: 'start' });
      play.put({ type: 'opened' });
      play.answer(['ProtoOASymbolsListReq']);
      const id = idOf(play, 'ProtoOASymbolsListReq');
      play.hear(said('ProtoOASymbolsListRes', { ctidTraderAccountId: ACCOUNT_ID, symbol }, id));
      expect(play.link()).toBe('HALTED');
    }
  });
});
