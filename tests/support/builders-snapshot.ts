// Realistic snapshots for the screen's tests: one quiet day of palm oil, and what may happen on it.
// Deliberately built by hand from a fixed walk: no engine, no clock, no randomness.
import {
  accountId,
  type Bar,
  BREAKERS,
  type BreakerView,
  clientOrderId,
  commandId,
  type Decision,
  GATES,
  type GateName,
  generation,
  money,
  type OrderView,
  type PositionView,
  positionId,
  price,
  type Snapshot,
  seq,
  untrusted,
  volume,
  wall,
} from '../../src/engine/index.ts';

export const NOON = Date.UTC(2026, 10, 20, 6, 35, 7);
const MINUTE = 60_000;
export const TIMEFRAME = 5 * MINUTE;
const ringgit = (value: number) => price(value * 100_000);

/** A walk that looks like a market and is the same for ever. */
function closeAt(index: number): number {
  const swing = Math.sin(index / 9) * 22 + Math.sin(index / 3.1) * 7 + Math.sin(index * 1.7) * 4;
  return Math.round(4_020 + swing - index * 0.12);
}

export function bars(count: number, until = NOON): readonly Bar[] {
  const last = Math.floor(until / TIMEFRAME) * TIMEFRAME - TIMEFRAME;
  return Array.from({ length: count }, (_, at): Bar => {
    const index = 240 - count + at;
    const open = closeAt(index - 1);
    const close = closeAt(index);
    const wick = Math.round(Math.abs(Math.sin(index * 2.3)) * 5);
    return {
      openTime: wall(last - (count - 1 - at) * TIMEFRAME),
      open: ringgit(open),
      high: ringgit(Math.max(open, close) + wick),
      low: ringgit(Math.min(open, close) - Math.round(wick / 2) - 1),
      close: ringgit(close),
      ticks: 40 + (index % 17),
    };
  });
}

const SENTENCES: Partial<Record<GateName, string>> = {
  signal: 'no entry: RSI 41.2 neither below 30 nor above 70',
  sentiment: 'no buy: sentiment +12 not above +30',
  spread: 'no buy: spread 0.12 % above 0.10 %',
  slot: 'no buy: 1 of 1 positions is open',
};

/** A decision blocked at a gate, or an entry when none is named. */
export function decision(at: number, blockedBy: GateName | undefined): Decision {
  const until = blockedBy === undefined ? GATES.length : GATES.indexOf(blockedBy) + 1;
  const values: Record<GateName, readonly [string, string]> = {
    data: ['240 bars, quote 0.4 s', 'at least 64 bars'],
    calendar: ['open, 3 h left', 'open'],
    event: ['MPOB monthly data in 2 h 5 min', 'windows are off'],
    signal: ['41.2', 'below 30 or above 70'],
    trend: ['up, EMA 4003', 'not down'],
    sentiment: ['+12, 42 s old', 'above +30'],
    spread: ['0.05 %', 'at most 0.10 %'],
    breakers: ['all clear', 'all clear'],
    slot: ['0 of 1 used', 'below 1'],
    size: ['8 t', 'at least 1 t'],
    state: ['active', 'active'],
  };
  return {
    barTime: wall(at),
    decidedAt: wall(at + TIMEFRAME),
    side: blockedBy === 'signal' ? undefined : 'buy',
    signalId: undefined,
    gates: GATES.slice(0, until).map((gate) => ({
      gate,
      pass: gate !== blockedBy,
      value: values[gate][0],
      threshold: values[gate][1],
    })),
    blockedBy,
    sentence:
      blockedBy === undefined
        ? 'ENTER buy 8 t at 3998, stop 3938, target 4078: all gates passed'
        : (SENTENCES[blockedBy] ?? `no entry: ${blockedBy}`),
  };
}

export function breaker(name: BreakerView['name'], used = 0): BreakerView {
  const distances: Record<BreakerView['name'], string> = {
    DAILY_LOSS: '-0.30 % of -5.00 %',
    LOSS_STREAK: '1 of 3 losses',
    VOLATILITY: '1.1 of 2.0 median ATR',
    FEED: '0.4 s of 15 s',
    KILL: 'not pressed',
    INTEGRITY: 'no discrepancy',
    PERSISTENCE: 'writes proven',
    SPREAD: '0 of 3 wide spreads',
    SLIPPAGE: '0 of 2 bad fills',
    REJECTS: '0 of 3 refusals',
    ORDER_RATE: '1 of 20 today',
    CONNECTIVITY: '0 of 5 losses',
    CLOCK: '0.1 s of 5 s',
    AUTH: '0 of 3 logins refused',
    LOOP: '0.0 s of 5 s late',
  };
  return {
    name,
    tripped: false,
    since: undefined,
    reason: '',
    clears: 'next trading day and one hour after the trip, or by hand',
    used,
    distance: distances[name],
  };
}

export const tripped = (name: BreakerView['name'], reason: string): BreakerView => ({
  ...breaker(name, 1),
  tripped: true,
  since: wall(NOON - 42 * MINUTE),
  reason,
});

export function position(extra: Partial<PositionView> = {}): PositionView {
  return {
    id: positionId('70012'),
    side: 'buy',
    volume: volume(800),
    entry: ringgit(3_998),
    stop: ringgit(3_938),
    target: ringgit(4_078),
    current: ringgit(4_012),
    openPnl: money(11_200),
    openPnlBps: 35,
    ageMs: 37 * MINUTE + 8_000,
    openedAt: wall(NOON - 37 * MINUTE),
    state: 'PROTECTED',
    ours: true,
    wanted: undefined,
    ...extra,
  };
}

export function order(extra: Partial<OrderView> = {}): OrderView {
  return {
    id: clientOrderId('c-7f3a'),
    side: 'buy',
    volume: volume(800),
    executed: volume(0),
    state: 'SENT',
    ageMs: 1_200,
    reason: 'sent, no evidence yet',
    working: true,
    brokerOrderId: undefined,
    ...extra,
  };
}

type ActivityKind = Snapshot['activity'][number]['kind'];
const activity = (
  at: number,
  kind: ActivityKind,
  tone: Snapshot['activity'][number]['tone'],
  text: string,
) => ({
  seq: seq(1_000 + at),
  wall: wall(NOON - (60 - at) * MINUTE),
  kind,
  tone,
  text,
  outside: undefined,
});

/** The quiet day everything else varies: simulator, flat, all well. */
export function quiet(extra: Partial<Snapshot> = {}): Snapshot {
  const closed = bars(240);
  const lastBar = closed[closed.length - 1];
  const at = lastBar?.openTime ?? NOON;
  const blocks: readonly GateName[] = [
    'signal',
    'signal',
    'sentiment',
    'signal',
    'spread',
    'signal',
  ];
  return {
    version: 1,
    seq: seq(48_213),
    wall: wall(NOON),
    runId: 'r-0001',
    runtimeMs: 3_720_000,
    productVersion: '0.1.0',
    environment: 'sim',
    mode: 'dry-run',
    tradingState: 'active',
    arming: { state: 'not-possible', checklist: [], armedUntil: undefined, why: undefined },
    link: {
      state: 'READY',
      generation: generation(1),
      ageMs: 3_600_000,
      roundTripMs: 12,
      reason: undefined,
    },
    instrument: {
      name: 'FCPO',
      description: untrusted('Crude Palm Oil Futures'),
      digits: 0,
      lotSize: volume(2_500),
      quoteCurrency: 'MYR',
      status: 'open',
    },
    session: { state: 'open', changesAt: wall(NOON + 3 * 3_600_000 + 25 * MINUTE) },
    quote: {
      bid: ringgit(4_012),
      ask: ringgit(4_014),
      ageMs: 400,
      fresh: true,
      dayOpen: ringgit(3_980),
      dayHigh: ringgit(4_041),
      dayLow: ringgit(3_968),
    },
    bars: {
      timeframeMs: TIMEFRAME,
      closed,
      forming: {
        openTime: wall(at + TIMEFRAME),
        open: lastBar?.close ?? ringgit(4_000),
        high: ringgit(4_016),
        low: ringgit(4_003),
        close: ringgit(4_012),
        ticks: 9,
      },
      closesInMs: 293_000,
      count: 240,
    },
    indicators: {
      rsi: 41.2,
      rsiSeries: closed.map(
        (_, index) => 50 + 27 * Math.sin(index / 9 + 2.088) + 4 * Math.sin(index),
      ),
      rsiPeriod: 14,
      oversold: 30,
      overbought: 70,
      ema: 400_310_000,
      emaPeriod: 50,
      trend: 'up',
      trendFilter: true,
      atr: 1_100_000,
    },
    sentiment: {
      mode: 'required',
      threshold: 30,
      lifetimeMs: 300_000,
      reading: {
        score: 42,
        confidence: 72,
        source: 'simulated',
        simulated: true,
        ageMs: 42_000,
        expired: false,
        citations: [],
      },
      abstained: undefined,
    },
    nextEvent: {
      name: 'MPOB monthly data',
      at: wall(NOON + 125 * MINUTE),
      waitsUntil: undefined,
    },
    positions: [],
    orders: [],
    reconciliation: { ageMs: 12_000, differences: [] },
    account: {
      login: String(accountId('1000001')),
      brokerName: untrusted('Simulated broker'),
      currency: 'MYR',
      exponent: 2,
      balance: money(5_000_000),
      equity: money(5_000_000),
      dayPnl: money(0),
      dayPnlBps: 0,
      usedMargin: money(0),
      freeMargin: money(5_000_000),
    },
    breakers: BREAKERS.map((name, index) =>
      breaker(name, [0.06, 0.33, 0.55, 0.03, 0, 0, 0][index]),
    ),
    entriesAllowed: true,
    entriesBlockedBy: undefined,
    decisions: Array.from({ length: 40 }, (_, index) =>
      decision(at - (39 - index) * TIMEFRAME, blocks[index % blocks.length]),
    ),
    dayDecisions: {
      bars: 40,
      entered: 1,
      blocked: { signal: 26, sentiment: 7, spread: 6 },
      whole: true,
    },
    activity: [
      activity(1, 'system', 'plain', 'started in SIM, seed 7, 60 times as fast as the clock'),
      activity(2, 'link', 'plain', 'connecting'),
      activity(3, 'link', 'good', 'ready, generation 1, 12 ms'),
      activity(20, 'sentiment', 'plain', '+42 at 72 % confidence, simulated'),
      activity(31, 'order', 'plain', 'buy 8 t sent'),
      activity(32, 'deal', 'good', 'bought 8 t at 3998, stop 3938, target 4078'),
      activity(48, 'position', 'good', 'closed at target, net +640.00 MYR'),
      activity(50, 'operator', 'plain', 'paused entries'),
      activity(52, 'operator', 'plain', 'resumed entries'),
    ],
    commands: [],
    marks: [
      {
        wall: wall(at - 22 * TIMEFRAME),
        price: ringgit(3_978),
        side: 'buy',
        kind: 'entry',
        net: undefined,
      },
      {
        wall: wall(at - 14 * TIMEFRAME),
        price: ringgit(3_986),
        side: 'sell',
        kind: 'exit',
        net: money(64_000),
      },
    ],
    stats: {
      trades: 4,
      wins: 3,
      losses: 1,
      netProfit: money(152_050),
      winRateBps: 7_500,
      profitFactor: 2.41,
      maxDrawdown: money(61_000),
      maxDrawdownBps: 121,
    },
    counters: { quotes: 18_201, quotesHeld: 3, reconnects: 0, rejects: 0 },
    digest: '9f3ac1',
    ...extra,
  };
}

export const refused = (id: string, reason: string): Snapshot['commands'][number] => ({
  id: commandId(id),
  type: 'closePosition',
  status: 'refused',
  reason,
});
