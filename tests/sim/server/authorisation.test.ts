// Applications, accounts and tokens. Numbers in the names are the rows of the conformance
// checklist; what an account may then do is tested elsewhere.
import { describe, expect, it } from 'vitest';
import { wall } from '../../../src/engine/index.ts';
import { LIVE_ACCOUNT_ID } from '../../../src/sim/server/standard-broker.ts';
import { bench, FCPO_ID, START } from './bench.ts';
import { ACCOUNT, connect, loggedIn, refusal, subscribe } from './wire-client.ts';

const own = { ctidTraderAccountId: ACCOUNT };
const application = { clientId: 'simulator', clientSecret: 'simulator-secret' };
const token = { accessToken: 'simulator-access' };

describe('authorisation', () => {
  it('15 refuses wrong credentials, and an application that is not active', () => {
    const { clock, server } = bench();
    const client = connect(server, clock);
    const wrong = client.ask('ProtoOAApplicationAuthReq', { ...application, clientSecret: 'x' });
    const words = 'clientId or clientSecret is incorrect';
    expect(refusal(wrong)).toEqual([2142, 'CH_CLIENT_AUTH_FAILURE', words]);
    const asleep = bench({ params: { applications: [{ ...application, active: false }] } });
    const early = connect(asleep.server, asleep.clock);
    const answer = early.ask('ProtoOAApplicationAuthReq', application);
    const reason = 'OA client is not in active state';
    expect(refusal(answer)).toEqual([2142, 'CH_CLIENT_AUTH_FAILURE', reason]);
  });

  it('16 refuses a second application authorisation by either name', () => {
    for (const name of ['ALREADY_LOGGED_IN', 'CH_CLIENT_ALREADY_AUTHENTICATED'] as const) {
      const { clock, server } = bench({ switches: { secondApplicationAuth: name } });
      const client = loggedIn(server, clock);
      const again = client.ask('ProtoOAApplicationAuthReq', application);
      expect(refusal(again)).toEqual([2142, name, undefined]);
    }
  });

  it('17 lists demo and live accounts with environment, login and scope, on both hosts', () => {
    for (const environment of ['demo', 'live'] as const) {
      const { clock, server } = bench({ params: { environment } });
      const client = connect(server, clock);
      client.get('ProtoOAApplicationAuthReq', application, 'ProtoOAApplicationAuthRes');
      const list = client.get(
        'ProtoOAGetAccountListByAccessTokenReq',
        token,
        'ProtoOAGetAccountListByAccessTokenRes',
      );
      expect(list).toMatchObject({
        accessToken: 'simulator-access',
        permissionScope: 1,
        ctidTraderAccount: [
          { ctidTraderAccountId: ACCOUNT, isLive: false, traderLogin: '9000001' },
          { ctidTraderAccountId: LIVE_ACCOUNT_ID, isLive: true, traderLogin: '9000002' },
        ],
      });
    }
  });

  it('18 cannot route to an account of the other environment', () => {
    const { clock, server } = bench();
    const client = loggedIn(server, clock);
    const live = { ctidTraderAccountId: LIVE_ACCOUNT_ID, ...token };
    const answer = client.ask('ProtoOAAccountAuthReq', live);
    expect(refusal(answer)).toEqual([2142, 'CANT_ROUTE_REQUEST', 'Cannot route request']);
  });

  it('19 refuses a second account authorisation in the recorded words', () => {
    const { clock, server } = bench();
    const answer = loggedIn(server, clock).ask('ProtoOAAccountAuthReq', { ...own, ...token });
    const words = 'Trading account is already authorized in this channel';
    expect(refusal(answer)).toEqual([2142, 'ALREADY_LOGGED_IN', words]);
  });

  it('21 refuses a token that is unknown or has expired', () => {
    const { clock, params } = bench();
    const grants = params.grants.map((grant) => ({ ...grant, expiresAt: START + 1_000 }));
    const { clock: time, server } = bench({ params: { grants } });
    expect(clock.wall()).toBe(time.wall());
    const client = connect(server, time);
    client.get('ProtoOAApplicationAuthReq', application, 'ProtoOAApplicationAuthRes');
    const unknown = client.ask('ProtoOAAccountAuthReq', { ...own, accessToken: 'nobody' });
    expect(refusal(unknown)).toEqual([2142, 'CH_ACCESS_TOKEN_INVALID', 'Invalid access token']);
    time.advanceBy(2_000);
    const late = client.ask('ProtoOAAccountAuthReq', { ...own, ...token });
    expect(refusal(late)).toEqual([2142, 'CH_ACCESS_TOKEN_INVALID', 'Access token expired']);
  });

  it('21 refuses an account that the token does not cover', () => {
    const { clock, server } = bench();
    const other = { ctidTraderAccountId: '42', ...token };
    const answer = loggedIn(server, clock).ask('ProtoOAAccountAuthReq', other);
    expect(refusal(answer)).toEqual([2142, 'CH_CTID_TRADER_ACCOUNT_NOT_FOUND', undefined]);
  });

  it('22 refreshes a token once; both old ones are dead then', () => {
    const { clock, server } = bench();
    const client = connect(server, clock);
    const refresh = { refreshToken: 'simulator-refresh' };
    const pair = client.get('ProtoOARefreshTokenReq', refresh, 'ProtoOARefreshTokenRes');
    expect(pair).toMatchObject({ tokenType: 'bearer', expiresIn: 2_628_000 });
    const replay = client.ask('ProtoOARefreshTokenReq', refresh);
    expect(refusal(replay)).toEqual([2142, 'CH_ACCESS_TOKEN_INVALID', expect.any(String)]);
    client.get('ProtoOAApplicationAuthReq', application, 'ProtoOAApplicationAuthRes');
    const old = client.ask('ProtoOAAccountAuthReq', { ...own, ...token });
    expect(refusal(old)).toEqual([2142, 'CH_ACCESS_TOKEN_INVALID', 'Invalid access token']);
    const fresh = { ...own, accessToken: pair.accessToken };
    client.get('ProtoOAAccountAuthReq', fresh, 'ProtoOAAccountAuthRes');
  });

  it('23 ends account sessions of the old token with 2147 and 2164; others keep running', () => {
    const { clock, server } = bench();
    const holder = loggedIn(server, clock);
    const viewer = connect(server, clock);
    viewer.get('ProtoOAApplicationAuthReq', application, 'ProtoOAApplicationAuthRes');
    const view = { ...own, accessToken: 'simulator-view-access' };
    viewer.get('ProtoOAAccountAuthReq', view, 'ProtoOAAccountAuthRes');
    viewer.tell('ProtoOARefreshTokenReq', { refreshToken: 'simulator-refresh' });
    clock.advanceBy(200);
    const pushed = holder.frames.slice(-2).map(({ message }) => message);
    expect(pushed).toMatchObject([
      { name: 'ProtoOAAccountsTokenInvalidatedEvent', fields: { ctidTraderAccountIds: [ACCOUNT] } },
      { name: 'ProtoOAAccountDisconnectEvent', fields: own },
    ]);
    expect(viewer.all('ProtoOAAccountDisconnectEvent')).toEqual([]);
    expect(refusal(holder.ask('ProtoOATraderReq', own))).toContain('INVALID_REQUEST');
    viewer.get('ProtoOATraderReq', own, 'ProtoOATraderRes');
  });

  it('24 answers a logout with 2163, and it is complete with 2164', () => {
    const { clock, server } = bench();
    const client = loggedIn(server, clock);
    subscribe(client);
    client.get('ProtoOAAccountLogoutReq', own, 'ProtoOAAccountLogoutRes');
    clock.advanceBy(100);
    expect(client.frames.at(-1)?.message).toHaveProperty('name', 'ProtoOAAccountDisconnectEvent');
    expect(refusal(client.ask('ProtoOAReconcileReq', own))).toContain('INVALID_REQUEST');
  });

  it('25 78 lets two connections hold one account; both see its events, one the message id', () => {
    const { clock, server } = bench();
    const [trader, witness] = [loggedIn(server, clock), loggedIn(server, clock)];
    const order = { ...own, symbolId: FCPO_ID, orderType: 1, tradeSide: 1, volume: 2_500 };
    const id = trader.tell('ProtoOANewOrderReq', order);
    clock.advanceBy(400);
    const [mine, seen] = [trader, witness].map((one) => one.all('ProtoOAExecutionEvent'));
    expect(mine?.map((event) => event.clientMsgId)).toEqual([id, id]);
    expect(seen?.map((event) => event.clientMsgId)).toEqual([undefined, undefined]);
    expect(seen?.map((event) => event.fields)).toEqual(mine?.map((event) => event.fields));
  });

  it('83 ends application sessions with 2148 and a reason, and keeps the line', () => {
    const { clock, server } = bench();
    const client = loggedIn(server, clock);
    clock.advanceBy(20_000);
    server.endApplications('restart');
    clock.advanceBy(100);
    expect(client.all('ProtoOAClientDisconnectEvent')[0]?.fields).toEqual({ reason: 'restart' });
    expect(refusal(client.ask('ProtoOATraderReq', own))).toContain('CH_CLIENT_NOT_AUTHENTICATED');
    client.get('ProtoOAApplicationAuthReq', application, 'ProtoOAApplicationAuthRes');
    const again = { ...own, ...token };
    client.get('ProtoOAAccountAuthReq', again, 'ProtoOAAccountAuthRes');
    expect(wall(clock.wall())).toBeGreaterThan(START);
  });
});
