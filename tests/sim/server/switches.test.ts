// Open questions about the real server: the answers that no other test of this folder switches,
// and the page that lists them all.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { SUGGESTED_SWITCHES } from '../../../src/sim/server/parameters.ts';
import { bench, FCPO_ID } from './bench.ts';
import { ACCOUNT, loggedIn, refusal } from './wire-client.ts';

const own = { ctidTraderAccountId: ACCOUNT };

it.each([
  ['ORDER_CANCELLED', 5, 5],
  ['ORDER_REPLACED', 4, 1],
] as const)('both levels removed: the protective order is told as %s', (levelsRemoved, ...row) => {
  const [executionType, orderStatus] = row;
  const { clock, server } = bench({ switches: { levelsRemoved } });
  const client = loggedIn(server, clock);
  const levels = { relativeStopLoss: 3_000_000, relativeTakeProfit: 6_000_000 };
  const order = { orderType: 1, tradeSide: 1, volume: 2_500, ...levels };
  client.tell('ProtoOANewOrderReq', { ...own, symbolId: FCPO_ID, ...order });
  clock.advanceBy(400);
  const last = () => client.all('ProtoOAExecutionEvent').at(-1)?.fields;
  const positionId = last()?.position?.positionId ?? '';
  const protective = last()?.order?.orderId;
  client.tell('ProtoOAAmendPositionSLTPReq', { ...own, positionId });
  clock.advanceBy(200);
  expect(last()).toMatchObject({ executionType, order: { orderId: protective, orderStatus } });
  expect(last()?.position).toMatchObject({ positionStatus: 1 });
  expect(last()?.position).not.toHaveProperty('stopLoss');
  if (orderStatus === 1) expect(last()?.order).not.toHaveProperty('stopPrice');
  const present = client.get(
    'ProtoOAReconcileReq',
    { ...own, returnProtectionOrders: true },
    'ProtoOAReconcileRes',
  );
  expect(present.position).toHaveLength(1);
});

it.each([false, true])('a second authorisation ends older tokens: %s', (newGrantEndsOlder) => {
  const { clock, server } = bench({ switches: { newGrantEndsOlder } });
  const client = loggedIn(server, clock);
  const allowed = { userId: '700', scope: 'trade', accountIds: [ACCOUNT] } as const;
  const fresh = server.tokens.grant(allowed);
  clock.advanceBy(100);
  const ended = client.all('ProtoOAAccountsTokenInvalidatedEvent').length;
  expect(ended).toBe(newGrantEndsOlder ? 1 : 0);
  const again = { ...own, accessToken: 'simulator-access' };
  const code = newGrantEndsOlder ? 'CH_ACCESS_TOKEN_INVALID' : 'ALREADY_LOGGED_IN';
  expect(refusal(client.ask('ProtoOAAccountAuthReq', again))).toContain(code);
  if (!newGrantEndsOlder) return;
  const token = { ...own, accessToken: fresh.accessToken };
  client.get('ProtoOAAccountAuthReq', token, 'ProtoOAAccountAuthRes');
});

it.each([
  ['away', -1],
  ['nearest', 0],
] as const)('a fee of a fiftieth of a cent, rounded %s, is %d', (feeRounding, fee) => {
  const { params } = bench();
  const symbols = params.symbols.map((symbol) => {
    const { listing } = symbol;
    if (listing === undefined) return symbol;
    return { ...symbol, listing: { ...listing, costs: { ...listing.costs, conversionFeeBps: 1 } } };
  });
  const { clock, server } = bench({ switches: { feeRounding }, params: { symbols } });
  const client = loggedIn(server, clock);
  const order = { orderType: 1, tradeSide: 1, volume: 100 };
  client.tell('ProtoOANewOrderReq', { ...own, symbolId: FCPO_ID, ...order });
  clock.advanceBy(400);
  const last = () => client.all('ProtoOAExecutionEvent').at(-1)?.fields;
  const positionId = last()?.position?.positionId ?? '';
  client.tell('ProtoOAClosePositionReq', { ...own, positionId, volume: 100 });
  clock.advanceBy(400);
  const closed = last()?.deal?.closePositionDetail;
  expect(closed?.grossProfit).toBeLessThan(0);
  expect(closed?.pnlConversionFee).toBe(fee);
});

it('every switch is on the page of open questions, with both answers', () => {
  const page = new URL('../../../docs/simulator-conformance.md', import.meta.url);
  const text = readFileSync(fileURLToPath(page), 'utf8');
  const rows = text.split('\n').filter((line) => line.startsWith('| `'));
  const named = rows.map((line) => line.split('`')[1] ?? '').sort();
  expect(named).toEqual(Object.keys(SUGGESTED_SWITCHES).sort());
});
