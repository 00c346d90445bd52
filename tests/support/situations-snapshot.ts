// Named situations for the screen's tests: every one is the quiet day with something happening.
// Deliberately few: one for each thing that must be told in words.
import {
  BREAKERS,
  brokerOrderId,
  clientOrderId,
  generation,
  money,
  positionId,
  price,
  type SideView,
  type Snapshot,
  untrusted,
  volume,
  wall,
} from '../../src/engine/index.ts';
import {
  bars,
  breaker,
  NOON,
  order,
  position,
  quiet,
  TIMEFRAME,
  tripped,
} from './builders-snapshot.ts';

const accountOf = (snapshot: Snapshot): NonNullable<Snapshot['account']> => {
  if (snapshot.account === undefined) throw new Error('the quiet day has an account');
  return snapshot.account;
};

const withAccount = (extra: Partial<NonNullable<Snapshot['account']>>) => ({
  account: { ...accountOf(quiet()), ...extra },
});

const side = (extra: Partial<SideView>): SideView => ({
  side: 'buy',
  volume: volume(800),
  stop: price(393_800_000),
  target: price(407_800_000),
  state: 'OPEN',
  ...extra,
});

/** Names to snapshots: every situation the golden frames show. */
const MAKERS = {
  quiet: () => quiet(),
  long: () =>
    quiet({
      positions: [position()],
      marks: [
        ...quiet().marks,
        {
          wall: wall(NOON - 37 * 60_000),
          price: price(399_800_000),
          side: 'buy',
          kind: 'entry',
          net: undefined,
        },
      ],
      ...withAccount({
        equity: money(5_011_200),
        dayPnl: money(75_200),
        dayPnlBps: 150,
        usedMargin: money(159_920),
        freeMargin: money(4_851_280),
      }),
      entriesAllowed: false,
      entriesBlockedBy: 'slot: 1 taken',
    }),
  unknown: () =>
    quiet({
      environment: 'demo',
      mode: 'live',
      orders: [order({ state: 'UNKNOWN', ageMs: 95_000, reason: 'no evidence after 5 s' })],
      entriesAllowed: false,
      entriesBlockedBy: 'an order is unknown',
      link: {
        state: 'SYNCING',
        generation: generation(4),
        ageMs: 900,
        roundTripMs: undefined,
        reason: untrusted('connection reset'),
      },
    }),
  tripped: () =>
    quiet({
      login: { expiresAt: wall(NOON + 29 * 86_400_000) },
      environment: 'live',
      mode: 'live',
      tradingState: 'reducing',
      positions: [
        position({
          side: 'sell',
          openPnl: money(-31_250),
          openPnlBps: -98,
          stop: undefined,
          target: price(391_800_000),
          state: 'NAKED',
        }),
      ],
      breakers: BREAKERS.map((name) =>
        name === 'DAILY_LOSS'
          ? tripped(name, 'day -5.04 % of -5.00 %')
          : name === 'LOSS_STREAK'
            ? tripped(name, '3 losses in a row')
            : breaker(name, 0.1),
      ),
      ...withAccount({ equity: money(4_748_000), dayPnl: money(-252_000), dayPnlBps: -504 }),
      entriesAllowed: false,
      entriesBlockedBy: 'breaker DAILY_LOSS',
    }),
  differing: () =>
    quiet({
      environment: 'demo',
      mode: 'live',
      orders: [
        order({
          state: 'QUARANTINED',
          ageMs: 400_000,
          reason: 'no evidence after three complete looks',
        }),
        order({
          id: clientOrderId('c-80b1'),
          state: 'ACCEPTED',
          reason: 'waits at the broker',
          brokerOrderId: brokerOrderId('551'),
        }),
      ],
      reconciliation: {
        ageMs: 7_000,
        differences: [
          {
            row: 'R07',
            subject: '70044',
            ours: undefined,
            broker: side({ state: 'OPEN' }),
            action: 'our label without an order here: look for its order in the history',
          },
          {
            row: 'R15',
            subject: '70012',
            ours: side({ state: 'PROTECTED' }),
            broker: side({ volume: volume(500), stop: undefined, state: 'OPEN' }),
            action: 'smaller without a deal: take the broker’s volume, INTEGRITY',
          },
          {
            row: 'R27',
            subject: '552',
            ours: undefined,
            broker: side({ stop: undefined, target: undefined, state: 'working' }),
            action: 'an order with our label waits unwanted: cancel it',
          },
        ],
      },
      entriesAllowed: false,
      entriesBlockedBy: 'an order of unknown outcome',
    }),
  stale: () => {
    const base = quiet();
    return quiet({
      environment: 'live',
      quote: base.quote === undefined ? undefined : { ...base.quote, ageMs: 35_000, fresh: false },
      link: { ...base.link, state: 'DEGRADED' },
      positions: [position({ current: undefined, openPnl: undefined, openPnlBps: undefined })],
      sentiment: {
        ...base.sentiment,
        reading: {
          score: -12,
          confidence: 40,
          source: 'perplexity',
          simulated: false,
          ageMs: 340_000,
          expired: true,
          citations: [],
        },
      },
      ...withAccount({
        equity: undefined,
        freeMargin: undefined,
        dayPnl: undefined,
        dayPnlBps: undefined,
      }),
      entriesAllowed: false,
      entriesBlockedBy: 'quotes are 35 s old',
    });
  },
  closed: () =>
    quiet({
      environment: 'demo',
      session: { state: 'closed', changesAt: wall(NOON + 14 * 3_600_000) },
      bars: { ...quiet().bars, forming: undefined, closesInMs: undefined },
      entriesAllowed: false,
      entriesBlockedBy: 'the session is closed',
    }),
  warming: () =>
    quiet({
      quote: undefined,
      bars: {
        timeframeMs: TIMEFRAME,
        closed: [],
        forming: undefined,
        closesInMs: undefined,
        count: 0,
      },
      indicators: {
        ...quiet().indicators,
        rsi: undefined,
        rsiSeries: [],
        ema: undefined,
        trend: 'unknown',
        atr: undefined,
      },
      sentiment: { ...quiet().sentiment, reading: undefined },
      account: undefined,
      instrument: undefined,
      reconciliation: { ageMs: undefined, differences: [] },
      session: { state: 'unknown', changesAt: undefined },
      decisions: [],
      activity: [],
      marks: [],
      link: {
        state: 'CONNECTING',
        generation: generation(1),
        ageMs: 200,
        roundTripMs: undefined,
        reason: undefined,
      },
      stats: {
        ...quiet().stats,
        trades: 0,
        wins: 0,
        losses: 0,
        netProfit: money(0),
        winRateBps: undefined,
        profitFactor: undefined,
      },
      entriesAllowed: false,
      entriesBlockedBy: 'the link is CONNECTING',
    }),
  huge: () => {
    const base = quiet();
    const big = money(987_654_321_098_765);
    return quiet({
      positions: [
        position({
          volume: volume(98_765_432_100),
          entry: price(987_654_321_000),
          openPnl: money(-987_654_321_098_765),
          openPnlBps: -987_654_321,
        }),
        position({
          id: positionId('2'),
          volume: volume(1),
          openPnl: money(1),
          openPnlBps: 0,
          ours: false,
        }),
      ],
      quote:
        base.quote === undefined
          ? undefined
          : {
              ...base.quote,
              bid: price(987_654_321_000),
              ask: price(987_654_399_000),
              dayHigh: price(987_654_400_000),
            },
      ...withAccount({
        balance: big,
        equity: big,
        dayPnl: money(-987_654_321_098_765),
        dayPnlBps: -987_654_321,
        freeMargin: big,
      }),
      stats: { ...base.stats, trades: 123_456, netProfit: big, profitFactor: 123_456.78 },
    });
  },
  tiny: () => {
    const base = quiet();
    return quiet({
      instrument: base.instrument === undefined ? undefined : { ...base.instrument, digits: 5 },
      bars: {
        ...base.bars,
        closed: bars(30).map((bar) => ({
          ...bar,
          open: price(2),
          high: price(3),
          low: price(1),
          close: price(2),
        })),
        forming: undefined,
      },
      quote:
        base.quote === undefined
          ? undefined
          : {
              ...base.quote,
              bid: price(1),
              ask: price(3),
              dayOpen: price(2),
              dayHigh: price(3),
              dayLow: price(1),
            },
      positions: [
        position({
          volume: volume(1),
          entry: price(2),
          stop: price(1),
          target: price(3),
          current: price(1),
          openPnl: money(-1),
          openPnlBps: -5_000,
        }),
      ],
      ...withAccount({
        balance: money(3),
        equity: money(2),
        dayPnl: money(-1),
        dayPnlBps: -3_333,
        freeMargin: money(2),
      }),
    });
  },
} as const satisfies Record<string, () => Snapshot>;
export type Situation = keyof typeof MAKERS;

/** Made once each: nobody changes a snapshot, and laws draw them thousands of times. */
const made = new Map<string, Snapshot>();
const kept = (name: string, make: () => Snapshot) => (): Snapshot => {
  const snapshot = made.get(name) ?? make();
  made.set(name, snapshot);
  return snapshot;
};
export const SITUATIONS = Object.fromEntries(
  Object.entries(MAKERS).map(([name, make]) => [name, kept(name, make)]),
) as Readonly<Record<Situation, () => Snapshot>>;
