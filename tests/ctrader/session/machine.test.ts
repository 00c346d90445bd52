// The session machine over transcripts and single faults; every test is a story with a broker.
import { describe, expect, it } from 'vitest';
import type { BrokerEvent } from '../../../src/engine/index.ts';
import { price } from '../../../src/engine/index.ts';
import { golden } from '../../support/golden.ts';
import {
  ACCOUNT_ID,
  errorAnswer,
  LIGHT,
  ORDER,
  POSITION,
  PROTECTIVE,
  SYMBOL_ID,
  said,
  spot,
  TRADER,
  USUAL,
} from '../broker-words.ts';
import { CLOSE, CONFIG, ENTRY, FCPO, type Stage, stage } from './stage.ts';

const lastLink = (of: Stage): string | undefined =>
  of.events.filter((each) => each.type === 'link').at(-1)?.state;
const failures = (of: Stage) => of.events.filter((each) => each.type === 'requestFailed');
const count = (of: Stage, type: BrokerEvent['type']) =>
  of.events.filter((each) => each.type === type).length;
const idOf = (of: Stage, name: string): string =>
  of.written.filter((each) => each.name === name).at(-1)?.id ?? 'none';
const fill = (id: string) =>
  said(
    'ProtoOAExecutionEvent',
    {
      ctidTraderAccountId: ACCOUNT_ID,
      executionType: 3,
      order: ORDER,
      position: { ...POSITION, stopLoss: undefined, takeProfit: undefined } as never,
      deal: {
        dealId: '3001',
        orderId: '1001',
        positionId: '2001',
        volume: 2_500,
        filledVolume: 2_500,
        symbolId: SYMBOL_ID,
        createTimestamp: 1,
        executionTimestamp: 2,
        executionPrice: 4_000,
        tradeSide: 1,
        dealStatus: 2,
        commission: -1_500,
        moneyDigits: 2,
      },
    },
    id,
  );
const protectedNow = said('ProtoOAExecutionEvent', {
  ctidTraderAccountId: ACCOUNT_ID,
  executionType: 2,
  order: PROTECTIVE,
  position: POSITION,
  isServerEvent: true,
});

describe('login', () => {
  it('tells account, instrument and snapshot in SYNCING, and READY after a two-sided quote', () => {
    const play = stage();
    play.login();
    play.put({
      type: 'query',
      query: { type: 'bars', instrumentId: FCPO, timeframeMs: 300_000, count: 3 },
    });
    play.put({ type: 'subscribe', instrumentId: FCPO });
    play.answer();
    play.hear(spot(4_000));
    expect(play.link()).toBe('SYNCING');
    play.hear(spot(undefined, 4_001));
    expect(play.link()).toBe('READY');
    golden('ctrader/transcripts/login.txt', play.transcript());
  });

  it('F10 F79 picks exactly the configured account, and halts on the wrong environment', () => {
    const play = stage({ ...CONFIG, environment: 'live' });
    play.login();
    expect(play.link()).toBe('HALTED');
    const other = stage({ ...CONFIG, accountId: '900001' });
    other.login();
    expect(other.link()).toBe('HALTED');
    golden('ctrader/transcripts/wrong-account.txt', play.transcript() + other.transcript());
  });

  it('F79 halts with the closest names when no name matches', () => {
    const play = stage({ ...CONFIG, instrumentName: 'PALM', instrumentAliases: ['CPO'] });
    play.login();
    const link = play.events.filter((each) => each.type === 'link').at(-1);
    expect(link?.state).toBe('HALTED');
    expect(link?.reason).toContain('similar: FCPO');
    play.wait(120_000);
    expect(play.link()).toBe('HALTED');
  });

  it('resolves an alias when the name is absent, ignoring letter case', () => {
    const play = stage({ ...CONFIG, instrumentName: 'XYZ', instrumentAliases: ['fcpo'] });
    play.login();
    expect(play.events.some((each) => each.type === 'instrument')).toBe(true);
  });

  it('F52 a token that may only look gives an account without access, before READY', () => {
    const play = stage();
    play.put({ type: 'start' });
    play.put({ type: 'opened' });
    play.answer(['ProtoOAGetAccountListByAccessTokenReq']);
    const fields = {
      accessToken: 't',
      permissionScope: 0,
      ctidTraderAccount: [{ ctidTraderAccountId: ACCOUNT_ID, isLive: false }],
    };
    const id = idOf(play, 'ProtoOAGetAccountListByAccessTokenReq');
    play.hear(said('ProtoOAGetAccountListByAccessTokenRes', fields, id));
    play.answer();
    const account = play.events.find((each) => each.type === 'account');
    expect(account?.account.access).toBe('none');
  });

  it('F56 an account without an exponent is unusable', () => {
    const play = stage();
    play.put({ type: 'start' });
    play.put({ type: 'opened' });
    play.answer(['ProtoOATraderReq']);
    const { moneyDigits: _, ...trader } = TRADER;
    const id = idOf(play, 'ProtoOATraderReq');
    play.hear(said('ProtoOATraderRes', { ctidTraderAccountId: ACCOUNT_ID, trader }, id));
    expect(play.link()).toBe('HALTED');
  });

  it('F20 already logged in counts only for the step that was asked', () => {
    const play = stage();
    play.put({ type: 'start' });
    play.put({ type: 'opened' });
    play.hear(
      errorAnswer('CH_CLIENT_ALREADY_AUTHENTICATED', idOf(play, 'ProtoOAApplicationAuthReq')),
    );
    expect(play.state().stage).toBe('accounts');
    const id = idOf(play, 'ProtoOAGetAccountListByAccessTokenReq');
    play.hear(errorAnswer('ALREADY_LOGGED_IN', id));
    expect(play.link()).toBe('DISCONNECTED');
  });

  it('F20 the digits of a code inside another text mean nothing', () => {
    const play = stage();
    play.put({ type: 'start' });
    play.put({ type: 'opened' });
    const id = idOf(play, 'ProtoOAApplicationAuthReq');
    play.hear(errorAnswer('INVALID_REQUEST', id, { description: 'order 103 ALREADY_LOGGED_IN' }));
    expect(play.link()).toBe('DISCONNECTED');
  });

  it('stops after three refusals of the credentials, and not before', () => {
    const play = stage(CONFIG, 0);
    play.put({ type: 'start' });
    for (let round = 1; round <= 3; round += 1) {
      play.put({ type: 'opened' });
      play.hear(errorAnswer('CH_CLIENT_AUTH_FAILURE', idOf(play, 'ProtoOAApplicationAuthReq')));
      expect(play.link()).toBe(round < 3 ? 'DISCONNECTED' : 'AUTH_HALT');
      play.wait(250);
    }
    play.wait(300_000);
    expect(play.link()).toBe('AUTH_HALT');
  });

  it('F24 maintenance is a named state with slow polling', () => {
    const play = stage(CONFIG, 0);
    play.put({ type: 'start' });
    play.put({ type: 'opened' });
    const end = Math.floor((1_700_449_200_000 + 3_600_000) / 1_000);
    const more = { maintenanceEndTimestamp: end };
    play.hear(
      errorAnswer('SERVER_IS_UNDER_MAINTENANCE', idOf(play, 'ProtoOAApplicationAuthReq'), more),
    );
    expect(play.link()).toBe('MAINTENANCE');
    play.wait(299_750);
    expect(play.state().stage).toBe('waiting');
    play.wait(250);
    expect(play.state().stage).toBe('connecting');
  });

  it('a step without an answer ends the line after 10 s', () => {
    const play = stage();
    play.put({ type: 'start' });
    play.put({ type: 'opened' });
    play.wait(9_750);
    expect(play.link()).toBe('APP_AUTH');
    play.wait(250);
    expect(play.link()).toBe('DISCONNECTED');
  });
});

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
    play.wait(3_000);
    play.put({ type: 'send', request: { ...CLOSE, requestId: 'r-4' }, backlog: 0 });
    expect(play.written.at(-1)?.name).toBe('ProtoOAClosePositionReq');
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

  it('F21 a lost session is taken up again from the step that was lost, three times at most', () => {
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

  it('a changed instrument is read and told again', () => {
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
