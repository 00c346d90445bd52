// The way of a message to its answer: what is unknown, unreadable, too early, too much, forbidden.
// Numbers in the names are the rows of the conformance checklist.
import { describe, expect, it } from 'vitest';
import { wall } from '../../../src/engine/index.ts';
import { emptyTrail, sizeOf } from '../../../src/engine/trail.ts';
import { REQUESTS } from '../../../src/sim/server/requests.ts';
import { bench, FCPO_ID, START } from './bench.ts';
import { ACCOUNT, connect, loggedIn, refusal } from './wire-client.ts';

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'));
const own = { ctidTraderAccountId: ACCOUNT };

/** What each request cannot do without, besides its account. */
const REQUIRED: Readonly<Record<string, object>> = {
  ProtoOAGetAccountListByAccessTokenReq: { accessToken: 'simulator-access' },
  ProtoOAAccountAuthReq: { accessToken: 'simulator-access' },
  ProtoOANewOrderReq: { symbolId: FCPO_ID, orderType: 1, tradeSide: 1, volume: 100 },
  ProtoOACancelOrderReq: { orderId: '1' },
  ProtoOAAmendOrderReq: { orderId: '1' },
  ProtoOAOrderDetailsReq: { orderId: '1' },
  ProtoOAAmendPositionSLTPReq: { positionId: '1' },
  ProtoOAClosePositionReq: { positionId: '1', volume: 100 },
  ProtoOADealListByPositionIdReq: { positionId: '1' },
  ProtoOAOrderListByPositionIdReq: { positionId: '1' },
  ProtoOAGetTrendbarsReq: { symbolId: FCPO_ID, period: 1 },
  ProtoOASubscribeLiveTrendbarReq: { symbolId: FCPO_ID, period: 1 },
  ProtoOAUnsubscribeLiveTrendbarReq: { symbolId: FCPO_ID, period: 1 },
  ProtoOAExpectedMarginReq: { symbolId: FCPO_ID },
  ProtoOAGetTickDataReq: { symbolId: FCPO_ID, type: 1 },
  ProtoOACashFlowHistoryListReq: { fromTimestamp: 0, toTimestamp: 1 },
  ProtoOASymbolsForConversionReq: { firstAssetId: '1', lastAssetId: '2' },
};

describe('requests', () => {
  it('7 refuses unknown payload types and answers sent as requests, and stays', () => {
    const { clock, server } = bench();
    const client = loggedIn(server, clock);
    // Type 2999, message id "u".
    client.write(bytes('0000000608b7171a0175'));
    client.tell('ProtoOAVersionRes', { version: '1' }, 'r');
    clock.advanceBy(200);
    expect(refusal(client.answers('u')[0])).toEqual([
      2142,
      'UNSUPPORTED_MESSAGE',
      expect.any(String),
    ]);
    expect(refusal(client.answers('r')[0])).toEqual([
      2142,
      'UNSUPPORTED_MESSAGE',
      expect.any(String),
    ]);
    expect(client.closedBecause()).toBeUndefined();
  });

  it('8 refuses a payload that cannot be read, and stays', () => {
    const { clock, server } = bench();
    const client = loggedIn(server, clock);
    // A 2106 that ends in the middle of a field, message id "u".
    client.write(bytes('0000000a08ba10120210801a0175'));
    clock.advanceBy(200);
    expect(refusal(client.answers('u')[0])).toEqual([2142, 'INVALID_REQUEST', expect.any(String)]);
    expect(client.closedBecause()).toBeUndefined();
  });

  it('14 serves only 2100, 2104 and 2173 before the application', () => {
    const { clock, server } = bench();
    const client = connect(server, clock);
    expect(client.ask('ProtoOAVersionReq', {})).toHaveProperty('name', 'ProtoOAVersionRes');
    const refresh = client.ask('ProtoOARefreshTokenReq', { refreshToken: 'simulator-refresh' });
    expect(refresh).toHaveProperty('name', 'ProtoOARefreshTokenRes');
    const served = Object.entries(REQUESTS).filter(([, row]) => row.needs === 'nothing');
    expect(served.map(([name]) => name).sort()).toEqual([
      'ProtoOAApplicationAuthReq',
      'ProtoOARefreshTokenReq',
      'ProtoOAVersionReq',
    ]);
    const others = Object.entries(REQUESTS).filter(([, row]) => row.needs !== 'nothing');
    expect(others.length).toBeGreaterThan(25);
    for (const [name] of others) {
      const isList = name === 'ProtoOAGetAccountListByAccessTokenReq';
      const fields = { ...(isList ? {} : own), ...REQUIRED[name] } as typeof own;
      const answer = client.ask(name as 'ProtoOATraderReq', fields);
      const words = [2142, 'CH_CLIENT_NOT_AUTHENTICATED', undefined];
      expect([name, refusal(answer)]).toEqual([name, words]);
      clock.advanceBy(250);
    }
  });

  it('20 refuses every request for an account that is not authorised here', () => {
    const { clock, server } = bench();
    const client = loggedIn(server, clock);
    const strange = { ctidTraderAccountId: '1000002' };
    for (const [name, row] of Object.entries(REQUESTS)) {
      if (row.needs !== 'account') continue;
      const answer = client.ask(name as 'ProtoOATraderReq', { ...strange, ...REQUIRED[name] });
      expect([name, answer]).toMatchObject([
        name,
        {
          name: 'ProtoOAErrorRes',
          fields: {
            ctidTraderAccountId: '1000002',
            errorCode: 'INVALID_REQUEST',
            description: 'Trading account is not authorized',
          },
        },
      ]);
      clock.advanceBy(1_000);
    }
  });

  it('27 refuses every trading request with a view-only token', () => {
    const { clock, server } = bench();
    const client = connect(server, clock);
    const id = { clientId: 'simulator', clientSecret: 'simulator-secret' };
    client.get('ProtoOAApplicationAuthReq', id, 'ProtoOAApplicationAuthRes');
    const view = { ...own, accessToken: 'simulator-view-access' };
    client.get('ProtoOAAccountAuthReq', view, 'ProtoOAAccountAuthRes');
    client.get('ProtoOATraderReq', own, 'ProtoOATraderRes');
    const position = { ...own, positionId: '7000001' };
    const order = { ...own, symbolId: FCPO_ID, orderType: 1, tradeSide: 1, volume: 100 };
    const refused = [
      client.ask('ProtoOANewOrderReq', order),
      client.ask('ProtoOACancelOrderReq', { ...own, orderId: '5000001' }),
      client.ask('ProtoOAAmendOrderReq', { ...own, orderId: '5000001' }),
      client.ask('ProtoOAAmendPositionSLTPReq', position),
      client.ask('ProtoOAClosePositionReq', { ...position, volume: 100 }),
    ];
    for (const answer of refused) {
      expect(refusal(answer)).toEqual([2142, 'ACCOUNT_NOT_AUTHORIZED', undefined]);
    }
    expect(sizeOf(server.exchange(ACCOUNT)?.endedOrders ?? emptyTrail(0))).toBe(0);
  });

  it('52 counts 50 requests a second and refuses the rest, a second later it serves again', () => {
    const { clock, server } = bench();
    const client = loggedIn(server, clock);
    clock.advanceBy(1_000);
    for (let count = 0; count < 53; count += 1) client.tell('ProtoOATraderReq', own, `t${count}`);
    clock.advanceBy(200);
    const codes = client.all('ProtoOAErrorRes').map(({ fields }) => fields.errorCode);
    expect(codes).toEqual(Array(3).fill('REQUEST_FREQUENCY_EXCEEDED'));
    expect(client.all('ProtoOATraderRes')).toHaveLength(50);
    clock.advanceBy(1_000);
    expect(client.ask('ProtoOATraderReq', own)).toHaveProperty('name', 'ProtoOATraderRes');
  });

  it('52 counts 5 history requests a second, each connection for itself', () => {
    const { clock, server } = bench();
    const clients = [loggedIn(server, clock), loggedIn(server, clock)];
    const bars = { ...own, symbolId: FCPO_ID, period: 1, count: 1 };
    for (const client of clients) {
      for (let count = 0; count < 7; count += 1) client.tell('ProtoOAGetTrendbarsReq', bars);
      client.tell('ProtoOATraderReq', own);
    }
    clock.advanceBy(200);
    for (const client of clients) {
      expect(client.all('ProtoOAGetTrendbarsRes')).toHaveLength(5);
      expect(client.all('ProtoOAErrorRes')).toHaveLength(2);
      expect(client.all('ProtoOATraderRes')).toHaveLength(1);
    }
  });

  it('52 counts lists of orders and of deals by position as history, unless so switched', () => {
    for (const listsAreHistory of [true, false]) {
      const { clock, server } = bench({ switches: { listsAreHistory } });
      const client = loggedIn(server, clock);
      const position = { ...own, positionId: '7000001' };
      for (let count = 0; count < 3; count += 1) {
        client.tell('ProtoOAOrderListReq', own);
        client.tell('ProtoOADealListByPositionIdReq', position);
        client.tell('ProtoOAOrderListByPositionIdReq', position);
      }
      clock.advanceBy(200);
      expect(client.all('ProtoOAErrorRes')).toHaveLength(listsAreHistory ? 4 : 0);
    }
  });

  it('52 blocks one payload type for some seconds, if it is that kind of server', () => {
    const { clock, server } = bench({ switches: { overRate: 'BLOCKED_PAYLOAD_TYPE' } });
    const client = loggedIn(server, clock);
    const bars = { ...own, symbolId: FCPO_ID, period: 1, count: 1 };
    for (let count = 0; count < 6; count += 1) client.tell('ProtoOAGetTrendbarsReq', bars);
    clock.advanceBy(2_000);
    const [blocked] = client.all('ProtoOAErrorRes');
    expect(blocked?.fields).toMatchObject({ errorCode: 'BLOCKED_PAYLOAD_TYPE', retryAfter: 5 });
    // Only that type is blocked.
    expect(client.ask('ProtoOADealListReq', own)).toHaveProperty('name', 'ProtoOADealListRes');
    expect(refusal(client.ask('ProtoOAGetTrendbarsReq', bars))).toContain('BLOCKED_PAYLOAD_TYPE');
    clock.advanceBy(4_000);
    const late = client.ask('ProtoOAGetTrendbarsReq', bars);
    expect(late).toHaveProperty('name', 'ProtoOAGetTrendbarsRes');
  });

  it('83 refuses everything during maintenance and says in seconds until when', () => {
    const { clock, server } = bench();
    const client = loggedIn(server, clock);
    server.setMaintenance(wall(START + 3_600_000));
    const answer = client.ask('ProtoOATraderReq', own);
    expect(answer).toHaveProperty('fields', {
      errorCode: 'SERVER_IS_UNDER_MAINTENANCE',
      maintenanceEndTimestamp: (START + 3_600_000) / 1_000,
    });
    server.setMaintenance(undefined);
    expect(client.ask('ProtoOATraderReq', own)).toHaveProperty('name', 'ProtoOATraderRes');
  });
});
