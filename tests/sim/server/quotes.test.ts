// Quotes and forming bars as a subscriber sees them. Numbers in the names are the rows of the
// conformance checklist. The market says what each test needs, tick by tick.
import { describe, expect, it } from 'vitest';
import { wall } from '../../../src/engine/index.ts';
import { DAY_MS } from '../../../src/sim/fcpo.ts';
import { bench, FCPO_ID, START, syntheticMarket, toldMarket } from './bench.ts';
import {
  ACCOUNT,
  connect,
  loggedIn,
  pass,
  refusal,
  subscribe,
  type WireClient,
} from './wire-client.ts';

const own = { ctidTraderAccountId: ACCOUNT };
const M1 = 1;
const M5 = 5;
const spots = (client: WireClient) => client.all('ProtoOASpotEvent').map(({ fields }) => fields);

describe('quotes', () => {
  it('33 sends both sides after the answer, also when the market is closed', () => {
    const saturday = wall(START + 5 * DAY_MS);
    const { clock, server } = bench({ market: toldMarket([]), start: saturday });
    const client = loggedIn(server, clock);
    subscribe(client);
    clock.advanceBy(100);
    const names = client.frames.slice(-2).map(({ message }) => 'name' in message && message.name);
    expect(names).toEqual(['ProtoOASubscribeSpotsRes', 'ProtoOASpotEvent']);
    expect(spots(client)).toEqual([
      expect.objectContaining({ bid: 460_000_000, ask: 460_300_000 }),
    ]);
    // The close of the last session travels with the snapshot only.
    expect(spots(client)[0]).toHaveProperty('sessionClose', 460_000_000);
  });

  it('34 sends later only the side that changed', () => {
    const market = toldMarket([
      { after: 2_000, bid: 4_601 },
      { after: 3_000, ask: 4_604 },
      { after: 4_000, bid: 4_602, ask: 4_605 },
    ]);
    const { clock, server } = bench({ market });
    const client = loggedIn(server, clock);
    subscribe(client);
    clock.advanceBy(5_000);
    const sides = spots(client).map(({ bid, ask }) => [bid, ask]);
    expect(sides.slice(1)).toEqual([
      [460_100_000, undefined],
      [undefined, 460_400_000],
      [460_200_000, 460_500_000],
    ]);
    expect(spots(client)[1]).not.toHaveProperty('ask');
  });

  it('35 sends prices x 100 000 on the tick grid of the symbol, whatever its digits', () => {
    const { clock, params, server } = bench({ market: syntheticMarket('grid') });
    const client = loggedIn(server, clock);
    subscribe(client);
    pass(clock, 60_000, client);
    const prices = spots(client).flatMap(({ bid, ask }) => [bid ?? ask, ask ?? bid]);
    expect(prices.length).toBeGreaterThan(60);
    for (const one of prices) expect((one ?? 1) % 100_000).toBe(0);
    // The same price of a symbol with two decimals is the same number.
    for (const digits of [0, 2, 5]) {
      const market = toldMarket([{ after: 2_000, bid: 4_601.25, ask: 4_603.5 }]);
      const symbols = params.symbols.map((symbol) =>
        symbol.market === undefined ? symbol : { ...symbol, digits, market },
      );
      const other = bench({ params: { symbols } });
      const reader = loggedIn(other.server, other.clock);
      subscribe(reader);
      other.clock.advanceBy(3_000);
      expect(spots(reader).at(-1)).toMatchObject({ bid: 460_125_000, ask: 460_350_000 });
    }
  });

  it('36 sends a timestamp only to who asked for it', () => {
    const { clock, server } = bench({ market: toldMarket([{ after: 2_000, bid: 4_601 }]) });
    const [plain, timed] = [loggedIn(server, clock), loggedIn(server, clock)];
    const asks = { ...own, symbolId: [FCPO_ID] };
    plain.get('ProtoOASubscribeSpotsReq', asks, 'ProtoOASubscribeSpotsRes');
    subscribe(timed);
    clock.advanceBy(3_000);
    expect(spots(plain)[1]).not.toHaveProperty('timestamp');
    expect(spots(timed)[1]).toHaveProperty('timestamp', START + 2_000);
  });

  it('37 refuses a second subscription by either name', () => {
    for (const secondSubscription of ['ALREADY_SUBSCRIBED', 'INVALID_REQUEST'] as const) {
      const { clock, server } = bench({ switches: { secondSubscription } });
      const client = loggedIn(server, clock);
      subscribe(client);
      const again = client.ask('ProtoOASubscribeSpotsReq', { ...own, symbolId: [FCPO_ID] });
      const words = `Already subscribed to symbol ${FCPO_ID}.`;
      expect(refusal(again)).toEqual([2142, secondSubscription, words]);
    }
  });

  it('38 refuses bars without quotes by either name', () => {
    for (const barsWithoutSpots of ['INVALID_REQUEST', 'NOT_SUBSCRIBED_TO_SPOTS'] as const) {
      const { clock, server } = bench({ switches: { barsWithoutSpots } });
      const client = loggedIn(server, clock);
      const asks = { ...own, symbolId: FCPO_ID, period: M1 };
      const answer = client.ask('ProtoOASubscribeLiveTrendbarReq', asks);
      expect(refusal(answer)).toEqual([2142, barsWithoutSpots, expect.any(String)]);
    }
  });

  it('39 sends the forming bar of each period with a bid, never with an ask alone', () => {
    const market = toldMarket([
      { after: 2_000, bid: 4_610 },
      { after: 3_000, ask: 4_613 },
      { after: 4_000, bid: 4_605 },
    ]);
    const { clock, server } = bench({ market });
    const client = loggedIn(server, clock);
    subscribe(client, [M5, M1]);
    clock.advanceBy(5_000);
    const [, up, askOnly, down] = spots(client);
    expect(askOnly).not.toHaveProperty('trendbar');
    expect(up?.trendbar?.map(({ period }) => period)).toEqual([M5, M1]);
    // The minute began at the start, so both bars began with 4610.
    expect(down?.trendbar?.[1]).toEqual({
      volume: 3,
      period: M1,
      low: 460_500_000,
      deltaOpen: 500_000,
      deltaHigh: 500_000,
      utcTimestampInMinutes: START / 60_000,
    });
    expect(down?.trendbar?.[0]).not.toHaveProperty('deltaClose');
  });

  it('40 begins a bar with the first bid of its minute; every changed side counts', () => {
    const market = toldMarket([
      { after: 58_000, bid: 4_610 },
      { after: 60_500, ask: 4_614 },
      { after: 61_000, bid: 4_611 },
      { after: 62_000, ask: 4_615 },
      { after: 63_000, bid: 4_612, ask: 4_616 },
    ]);
    const { clock, server } = bench({ market });
    const client = loggedIn(server, clock);
    subscribe(client, [M1]);
    pass(clock, 64_000, client);
    const bars = spots(client).flatMap(({ trendbar }) => trendbar ?? []);
    const minute = START / 60_000;
    expect(bars.map((bar) => [bar.utcTimestampInMinutes, bar.volume])).toEqual([
      [minute, 1],
      [minute + 1, 2],
      [minute + 1, 5],
    ]);
    expect(bars[1]).toMatchObject({ deltaOpen: 0, deltaHigh: 0 });
  });

  it('41 has no bar for a period without ticks', () => {
    const market = toldMarket([
      { after: 10_000, bid: 4_610 },
      { after: 190_000, bid: 4_611 },
    ]);
    const { clock, server } = bench({ market });
    const client = loggedIn(server, clock);
    pass(clock, 191_000, client);
    const asks = { ...own, symbolId: FCPO_ID, period: M1, count: 2 };
    const { trendbar } = client.get('ProtoOAGetTrendbarsReq', asks, 'ProtoOAGetTrendbarsRes');
    const minute = START / 60_000;
    expect(trendbar?.map((bar) => bar.utcTimestampInMinutes)).toEqual([minute, minute + 3]);
  });

  it('42 stops with the subscription, bars included', () => {
    const market = toldMarket([{ after: 5_000, bid: 4_601 }]);
    const { clock, server } = bench({ market });
    const client = loggedIn(server, clock);
    subscribe(client, [M1]);
    const asks = { ...own, symbolId: [FCPO_ID] };
    client.get('ProtoOAUnsubscribeSpotsReq', asks, 'ProtoOAUnsubscribeSpotsRes');
    clock.advanceBy(10_000);
    expect(spots(client)).toHaveLength(1);
    subscribe(client);
    clock.advanceBy(100);
    expect(spots(client)).toHaveLength(2);
  });

  it('43 keeps subscriptions to the connection that made them', () => {
    const market = toldMarket([{ after: 5_000, bid: 4_601 }]);
    const { clock, server } = bench({ market });
    const first = loggedIn(server, clock);
    subscribe(first);
    first.close();
    const second = loggedIn(server, clock);
    connect(server, clock);
    clock.advanceBy(10_000);
    expect(spots(second)).toEqual([]);
    subscribe(second);
  });
});
