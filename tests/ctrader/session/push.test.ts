// What the broker tells without being asked, beside the stories of quotes and orders.
import { describe, expect, it } from 'vitest';
import { brokerOrderId } from '../../../src/engine/index.ts';
import { ACCOUNT_ID, ORDER, said, TRADER } from '../broker-words.ts';
import { CLOSE, ENTRY, FCPO, stage } from './stage.ts';
import { count, failures, idOf } from './story.ts';

const ours = { ctidTraderAccountId: ACCOUNT_ID };
const CANCEL = {
  type: 'cancelOrder',
  requestId: 'r-7',
  brokerOrderId: brokerOrderId('1001'),
} as const;

describe('executions', () => {
  it('a swap or deposit asks for the account and tells the new balance', () => {
    const play = stage();
    play.ready();
    const before = count(play, 'account');
    play.hear(said('ProtoOAExecutionEvent', { ...ours, executionType: 10 }));
    const id = idOf(play, 'ProtoOATraderReq');
    const trader = { ...TRADER, balance: 6_000_000, balanceVersion: 8 };
    play.hear(said('ProtoOATraderRes', { ...ours, trader }, id));
    expect(count(play, 'account')).toBe(before + 1);
    expect(play.events.at(-1)).toMatchObject({ account: { balance: 6_000_000 } });
  });

  it('F62 account settings that are pushed are told', () => {
    const play = stage();
    play.ready();
    const trader = { ...TRADER, accessRights: 1 };
    play.hear(said('ProtoOATraderUpdatedEvent', { ...ours, trader }));
    expect(play.events.at(-1)).toMatchObject({ account: { access: 'close-only' } });
  });

  it('a cancel that came too late is a failed request, by the code it carries', () => {
    const play = stage();
    play.ready();
    play.put({ type: 'send', request: CANCEL, backlog: 0 });
    const late = { ...ours, executionType: 8, order: ORDER, errorCode: 'UNABLE_TO_CANCEL_ORDER' };
    play.hear(said('ProtoOAExecutionEvent', late, idOf(play, 'ProtoOACancelOrderReq')));
    expect(failures(play).at(-1)).toMatchObject({
      requestId: 'r-7',
      code: 'UNABLE_TO_CANCEL_ORDER',
      definitive: false,
    });
  });

  it('a rejection without an order is a failed request', () => {
    const play = stage();
    play.ready();
    play.put({ type: 'send', request: ENTRY, backlog: 0 });
    const bare = { ...ours, executionType: 7, errorCode: 'NOT_ENOUGH_MONEY' };
    play.hear(said('ProtoOAExecutionEvent', bare, idOf(play, 'ProtoOANewOrderReq')));
    expect(failures(play).at(-1)).toMatchObject({ code: 'NOT_ENOUGH_MONEY', definitive: true });
  });

  it('a trailing move asks for a fresh look, because the target is not told', () => {
    const play = stage();
    play.ready();
    const before = count(play, 'brokerSnapshot');
    const move = { positionId: '1', orderId: '2', stopPrice: 1, utcLastUpdateTimestamp: 3 };
    play.hear(said('ProtoOATrailingSLChangedEvent', { ...ours, ...move }));
    play.answer();
    expect(count(play, 'brokerSnapshot')).toBe(before + 1);
  });
});

describe('errors', () => {
  it('F19 an order error without our id is found by the position it names', () => {
    const play = stage();
    play.ready();
    play.put({ type: 'send', request: ENTRY, backlog: 0 });
    play.put({ type: 'send', request: CLOSE, backlog: 0 });
    const error = { ...ours, errorCode: 'MARKET_CLOSED', positionId: '2001', orderId: '0' };
    play.hear(said('ProtoOAOrderErrorEvent', error));
    expect(failures(play).map(({ requestId, definitive }) => [requestId, definitive])).toEqual([
      ['r-2', true],
    ]);
  });

  it('F23 too many connections: a long pause instead of a storm', () => {
    const play = stage(undefined, 0);
    play.put({ type: 'start' });
    play.put({ type: 'opened' });
    const id = idOf(play, 'ProtoOAApplicationAuthReq');
    play.hear(said('ProtoOAErrorRes', { errorCode: 'CONNECTIONS_LIMIT_EXCEEDED' }, id));
    play.wait(59_750);
    expect(play.link()).toBe('DISCONNECTED');
    play.wait(250);
    expect(play.link()).toBe('CONNECTING');
  });

  it('F24 the transport’s own error counts its end in milliseconds', () => {
    const play = stage(undefined, 0);
    play.put({ type: 'start' });
    play.put({ type: 'opened' });
    const maintenanceEndTimestamp = 1_700_449_200_000 + 40_000;
    const id = idOf(play, 'ProtoOAApplicationAuthReq');
    const errorCode = 'SERVER_IS_UNDER_MAINTENANCE';
    play.hear(said('ProtoErrorRes', { errorCode, maintenanceEndTimestamp }, id));
    expect(play.link()).toBe('MAINTENANCE');
    play.wait(40_000);
    expect(play.link()).toBe('CONNECTING');
  });
});

describe('a closed market', () => {
  it('F26 READY without a quote when the calendar says closed', () => {
    const play = stage();
    // Two hours later the session of the day is over.
    for (let step = 0; step < 240; step += 1) play.wait(30_000);
    play.login();
    play.put({ type: 'subscribe', instrumentId: FCPO });
    play.answer();
    play.wait(29_750);
    expect(play.link()).toBe('SYNCING');
    play.wait(250);
    expect(play.link()).toBe('READY');
  });
});
