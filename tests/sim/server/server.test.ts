// The server as a whole: a trade from the first byte to the last, the same bytes again, faults,
// restarts. Rows of the conformance checklist are tested beside the files they concern.
import { describe, expect, it } from 'vitest';
import { wall } from '../../../src/engine/index.ts';
import { seedExchange } from '../../../src/sim/exchange.ts';
import { DAY_MS, SIMULATED_ACCOUNT } from '../../../src/sim/fcpo.ts';
import { faultScript } from '../../../src/sim/server/faults.ts';
import { golden } from '../../support/golden.ts';
import { bench, FCPO_ID, START, syntheticMarket, toldMarket } from './bench.ts';
import {
  ACCOUNT,
  connect,
  type Frame,
  loggedIn,
  pass,
  subscribe,
  type WireClient,
} from './wire-client.ts';

const own = { ctidTraderAccountId: ACCOUNT };
const BUY = { ...own, symbolId: FCPO_ID, orderType: 1, tradeSide: 1, volume: 2_500 };
const LEVELS = { relativeStopLoss: 3_000_000, relativeTakeProfit: 6_000_000 };

const line = ({ at, direction, hex, message }: Frame): string => {
  const name = message.kind === 'message' ? message.name : message.kind;
  return `${String(at).padStart(6)} ${direction} ${name}\n         ${hex}`;
};

/** A day in the life of a client: login, quotes, bars, a trade, a look back. */
function scripted(seed: string): string {
  const { clock, server } = bench({ market: syntheticMarket(seed), seed });
  const client = loggedIn(server, clock);
  client.ask('ProtoOATraderReq', own);
  client.ask('ProtoOASymbolsListReq', own);
  client.ask('ProtoOASymbolByIdReq', { ...own, symbolId: [FCPO_ID] });
  client.ask('ProtoOAReconcileReq', own);
  client.ask('ProtoOAGetTrendbarsReq', { ...own, symbolId: FCPO_ID, period: 5, count: 50 });
  subscribe(client, [5]);
  client.ask('ProtoOANewOrderReq', { ...BUY, ...LEVELS, clientOrderId: 'order-1' });
  pass(clock, 60_000, client);
  const positionId = server.exchange(ACCOUNT)?.positions[0]?.id ?? '0';
  client.ask('ProtoOAClosePositionReq', { ...own, positionId, volume: 1_000 });
  pass(clock, 60_000, client);
  client.ask('ProtoOADealListReq', own);
  server.stop();
  return client.frames.map(line).join('\n');
}

describe('the simulator server', () => {
  it('I30 answers the same script with the same bytes, and another seed with others', () => {
    const once = scripted('same');
    expect(scripted('same')).toBe(once);
    expect(scripted('other')).not.toBe(once);
    expect(once).toContain('ProtoOASpotEvent');
    expect(once).toContain('ProtoOADealListRes');
  });

  it('carries a whole trade as the transcript shows it', () => {
    const market = toldMarket([
      { after: 1_500, bid: 4_601, ask: 4_604 },
      { after: 2_000, bid: 4_640 },
      { after: 2_100, ask: 4_643 },
      { after: 6_000, bid: 4_665, ask: 4_668 },
    ]);
    const { clock, server } = bench({ market });
    const client = loggedIn(server, clock);
    client.ask('ProtoOAReconcileReq', own);
    subscribe(client, [1]);
    const texts = { clientOrderId: 'order-1', label: 'palm-oil-tui' };
    client.ask('ProtoOANewOrderReq', { ...BUY, ...LEVELS, ...texts });
    clock.advanceBy(500);
    const positionId = server.exchange(ACCOUNT)?.positions[0]?.id ?? '0';
    const levels = { stopLoss: 4_590, takeProfit: 4_663 };
    client.ask('ProtoOAAmendPositionSLTPReq', { ...own, positionId, ...levels });
    clock.advanceBy(1_000);
    client.ask('ProtoOAClosePositionReq', { ...own, positionId, volume: 1_000 });
    clock.advanceBy(5_000);
    client.ask('ProtoOADealListReq', own);
    const account = server.exchange(ACCOUNT)?.account;
    golden('sim/server/whole-trade.txt', `${client.frames.map(line).join('\n')}\n`);
    // 10 t from 4603 to 4640, 15 t from 4603 to 4665; 15.00 a lot and side.
    expect(account?.balance).toBe(5_000_000 + 37_000 - 1_200 + 93_000 - 1_800);
    expect(account?.balanceVersion).toBe(3);
  });

  it('skips the market to an instant before anyone connects', () => {
    const market = toldMarket([
      { after: 10_000, bid: 4_700, ask: 4_703 },
      { after: 20_000, bid: 4_710, ask: 4_713 },
    ]);
    const { clock, server } = bench({ market, start: wall(START + 15_000) });
    server.fastForward(wall(START + 15_000));
    const client = loggedIn(server, clock);
    subscribe(client);
    clock.advanceBy(100);
    const first = client.all('ProtoOASpotEvent').at(-1)?.fields;
    expect([first?.bid, first?.ask]).toEqual([470_000_000, 470_300_000]);
    clock.advanceBy(6_000);
    expect(client.all('ProtoOASpotEvent').at(-1)?.fields.bid).toBe(471_000_000);
    expect(server.marketDescription).toBe('told');
  });

  it('continues an account of a former run, its protection with it', () => {
    const { params } = bench();
    const before = bench();
    const trader = loggedIn(before.server, before.clock);
    trader.tell('ProtoOANewOrderReq', { ...BUY, ...LEVELS });
    before.clock.advanceBy(500);
    const state = before.server.exchange(ACCOUNT);
    const positions = (state?.positions ?? []).map(({ label: _, openedAt = START, ...rest }) => ({
      ...rest,
      openedAt,
    }));
    const ids = { order: 6_000_000, position: 8_000_000, deal: 9_500_000 };
    const account = SIMULATED_ACCOUNT;
    const exchange = seedExchange({ account, ids, positions, time: START });
    const accounts = [{ registeredAt: 0, exchange }, ...params.accounts.slice(1)];
    const { clock, server } = bench({ params: { accounts } });
    const client = loggedIn(server, clock);
    const asks = { ...own, returnProtectionOrders: true };
    const found = client.get('ProtoOAReconcileReq', asks, 'ProtoOAReconcileRes');
    expect(found.position).toMatchObject([{ stopLoss: 4_573, takeProfit: 4_663 }]);
    expect(found.order).toMatchObject([{ orderType: 4, orderId: '6000000' }]);
  });

  it('keeps trading hours known for ever: they are renewed every day', () => {
    const days = 30;
    const market = toldMarket([{ after: days * DAY_MS, bid: 4_700, ask: 4_703 }]);
    const { clock, server } = bench({ market });
    clock.advanceBy(days * DAY_MS + 1_000);
    const client = loggedIn(server, clock);
    client.tell('ProtoOANewOrderReq', BUY);
    clock.advanceBy(500);
    expect(client.all('ProtoOAExecutionEvent')).toHaveLength(2);
  });
});

describe('83 faults', () => {
  const faulty = (rules: Parameters<typeof faultScript>[0]): [WireClient, () => void] => {
    const { clock, server } = bench({ params: { faults: faultScript(rules) } });
    const client = loggedIn(server, clock);
    return [client, () => clock.advanceBy(1_000)];
  };
  const name = 'ProtoOAExecutionEvent';

  it('lose a reply', () => {
    const rule = { direction: 'out', name, nth: 2, action: { type: 'drop' } } as const;
    const [client, wait] = faulty([rule]);
    client.tell('ProtoOANewOrderReq', { ...BUY, ...LEVELS });
    wait();
    expect(client.all(name).map(({ fields }) => fields.executionType)).toEqual([2, 2]);
  });

  it('send an event twice', () => {
    const rule = { direction: 'out', name, nth: 2, action: { type: 'duplicate' } } as const;
    const [client, wait] = faulty([rule]);
    client.tell('ProtoOANewOrderReq', BUY);
    wait();
    const [, first, second] = client.frames.slice(-3);
    expect(second?.hex).toBe(first?.hex);
  });

  it('let an event overtake the reply', () => {
    const action = { type: 'delay', delayMs: 300 } as const;
    const [client, wait] = faulty([{ direction: 'out', name, nth: 1, action }]);
    client.tell('ProtoOANewOrderReq', BUY);
    wait();
    expect(client.all(name).map(({ fields }) => fields.executionType)).toEqual([3, 2]);
  });

  it('lose a request, and close during an order', () => {
    const lost = 'ProtoOANewOrderReq';
    const drop = { direction: 'in', name: lost, nth: 1, action: { type: 'drop' } } as const;
    const end = { direction: 'out', name, nth: 2, action: { type: 'close' } } as const;
    const [client, wait] = faulty([drop, end]);
    client.tell(lost, BUY);
    wait();
    expect(client.all(name)).toEqual([]);
    client.tell(lost, BUY);
    wait();
    expect(client.all(name)).toHaveLength(1);
    expect(client.closedBecause()).toBeDefined();
  });

  it('belong to the connection they name', () => {
    const action = { type: 'close' } as const;
    const faults = faultScript([{ connection: 2, direction: 'in', action }]);
    const { clock, server } = bench({ params: { faults } });
    const [one, two] = [loggedIn(server, clock), connect(server, clock)];
    two.tell('ProtoOAVersionReq', {});
    clock.advanceBy(500);
    expect(two.closedBecause()).toBeDefined();
    expect(one.closedBecause()).toBeUndefined();
  });
});
