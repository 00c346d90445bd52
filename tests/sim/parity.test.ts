/**
 * Parity: what a dry run decided on live quotes, a backtest decides again on the bars that the
 * quotes in its journal make; both are the same engine over the same market.
 */
import { describe, expect, it } from 'vitest';
import type { JournalRecord } from '../../src/engine/effect.ts';
import type { Event } from '../../src/engine/event.ts';
import {
  type Account,
  type Bar,
  type BrokerEvent,
  type EngineConfig,
  generation,
  type Mono,
  type Price,
  seq,
  type Wall,
  wall,
} from '../../src/engine/index.ts';
import { type EngineState, initialState } from '../../src/engine/state.ts';
import { drive } from '../../src/engine/step.ts';
import { runBacktest } from '../../src/sim/backtest.ts';
import { backtestMarket } from '../../src/sim/backtest-market.ts';
import { columnsOf } from '../../src/sim/bar-columns.ts';
import { FIRST_IDS } from '../../src/sim/exchange.ts';
import {
  FCPO_COSTS,
  fcpoInstrument,
  fcpoListing,
  SIMULATED_ACCOUNT,
  sessionsBetween,
} from '../../src/sim/fcpo.ts';
import { createPaperBroker, type Feed } from '../../src/sim/paper-broker.ts';
import { type Parity, parityOf, type SessionFacts } from '../../src/sim/parity.ts';
import { createPrng } from '../../src/sim/prng.ts';
import { createVirtualClock } from '../../src/sim/virtual-clock.ts';
import { CONFIG } from '../support/engine.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;
/** Sunday 2025-01-05, before the first session of the week. */
const START = wall(Date.UTC(2025, 0, 5, 23));
const DAYS = 2;
const TICK_MS = 5_000;
const SPREAD = 200_000 as Price;
const LINK = { generation: generation(1) } as const;
const SESSIONS = sessionsBetween(START, wall(START + (DAYS + 3) * DAY));

const DRY: EngineConfig = {
  ...CONFIG,
  ...{ mode: 'dry-run', sentimentMode: 'off', trendFilter: false, timeframeMs: MINUTE },
  ...{ rsiOversold: 42, rsiOverbought: 58, takeProfitBps: 60, stopLossBps: 50 },
};

/** Rows of a journal as text: what came in, and what was recorded. */
interface Journal {
  readonly inputs: readonly string[];
  readonly records: readonly string[];
}

/** The engine on a virtual clock; its journal answers at once. */
function createSession(clock: ReturnType<typeof createVirtualClock>) {
  const [inputs, records]: [string[], string[]] = [[], []];
  const queue: Event[] = [];
  let state: EngineState = initialState();
  let say: (event: BrokerEvent) => void = () => undefined;
  const feed: Feed = {
    start: (emit) => {
      say = emit;
    },
    query: () => undefined,
    subscribe: () => undefined,
    stop: () => Promise.resolve(),
  };
  const broker = createPaperBroker({
    ...{ feed, clock, account: SIMULATED_ACCOUNT, ids: FIRST_IDS, positions: [] },
    ...{ adoptFeedAccount: false, list: ({ sessions }) => fcpoListing(sessions) },
  });
  const take = (event: Event): void => {
    const at = { seq: seq(inputs.length + 1), mono: (clock.mono() + 1) as Mono };
    const input = { ...at, wall: clock.wall(), event };
    inputs.push(JSON.stringify(input));
    state = drive(state, input, {
      record: (record, barrier) => {
        records.push(JSON.stringify(record));
        if (barrier) queue.push({ type: 'durable', upTo: input.seq });
      },
      transmit: broker.send,
      query: broker.query,
      subscribe: broker.subscribe,
      alert: () => undefined,
      refused: (requestId, reason) => queue.push({ type: 'egressRefused', requestId, reason }),
    });
  };
  const post = (event: Event): void => {
    queue.push(event);
    if (queue.length > 1) return;
    for (let at = 0; at < queue.length; at += 1) take(queue[at] as Event);
    queue.length = 0;
  };
  post({ type: 'started', runId: 'dry', config: DRY, version: 'test' });
  broker.start(post);
  return { post, say: (event: BrokerEvent) => say(event), journal: { inputs, records } };
}

/** Some days of a dry run on a market that wanders by seed, tick by tick in the sessions. */
function dryRun(seed: string): Journal {
  const clock = createVirtualClock(START);
  const session = createSession(clock);
  const prng = createPrng(seed);
  const link = (state: 'SYNCING' | 'READY') => session.say({ type: 'link', state, ...LINK });
  link('SYNCING');
  session.say({ type: 'instrument', instrument: fcpoInstrument(SESSIONS), ...LINK });
  clock.advanceBy(1_000);
  link('READY');
  const instrumentId = fcpoInstrument(SESSIONS).id;
  let level = 4_000;
  for (const { open, close } of SESSIONS) {
    if (open >= START + DAYS * DAY) break;
    // Between sessions the clock strikes now and then, in them before every tick.
    for (let now = clock.wall() + MINUTE; now < open; now += MINUTE) {
      clock.advanceBy(now - clock.wall());
      session.post({ type: 'clock' });
    }
    for (let now: number = open; now < close; now += TICK_MS) {
      clock.advanceBy(now - clock.wall());
      session.post({ type: 'clock' });
      level += prng.integer(-4, 4);
      const sides = { bid: (level * 100_000) as Price, ask: (level * 100_000 + SPREAD) as Price };
      const quote = { type: 'quote', instrumentId, ...LINK, ...sides, initial: false } as const;
      session.say({ ...quote, time: now as Wall });
    }
  }
  return session.journal;
}

interface Row {
  readonly event: Event;
}

const eventsOf = ({ inputs }: Journal): Event[] =>
  inputs.map((text) => (JSON.parse(text) as Row).event);

/** The bars that the quotes of a journal make. */
function barsIn(journal: Journal): Bar[] {
  const bars: Bar[] = [];
  for (const event of eventsOf(journal)) {
    if (event.type !== 'quote' || event.bid === undefined) continue;
    const { bid } = event;
    const openTime = wall(Math.floor(event.time / MINUTE) * MINUTE);
    const last = bars.at(-1);
    if (last === undefined || last.openTime !== openTime) {
      bars.push({ openTime, open: bid, high: bid, low: bid, close: bid, ticks: 1 });
      continue;
    }
    const high = Math.max(last.high, bid) as Price;
    const low = Math.min(last.low, bid) as Price;
    bars[bars.length - 1] = { ...last, high, low, close: bid, ticks: last.ticks + 1 };
  }
  return bars;
}

type Made = Extract<JournalRecord, { kind: 'decision' }>['decision'];

/** What a decision says about the market and the strategy, apart from money and instants. */
const essence = ({ barTime, side, blockedBy, reason, view, risk }: Made) => ({
  at: new Date(barTime).toISOString(),
  close: view.bar.close,
  rsi: view.rsi,
  trend: view.trend,
  ...{ side, reason, blockedBy, tripped: risk.tripped, used: risk.used, session: risk.session },
});

const decisionsOf = (records: readonly JournalRecord[]): Made[] =>
  records.flatMap((one) => (one.kind === 'decision' ? [one.decision] : []));

/** The setup that the journal itself names: the configuration of its start, its account. */
function setupFrom(journal: Journal, onRecord: (record: JournalRecord) => void) {
  const events = eventsOf(journal);
  const config = events.flatMap((one) => (one.type === 'started' ? [one.config] : []))[0];
  const account: Account | undefined = events.flatMap((one) =>
    one.type === 'account' ? [one.account] : [],
  )[0];
  if (config === undefined) throw new Error('the journal has no start');
  const { slippage, commission } = FCPO_COSTS;
  return {
    config,
    account: account ?? SIMULATED_ACCOUNT,
    costs: { spread: SPREAD, slippage, commission },
    sentiment: { type: 'off' } as const,
    onRecord,
  };
}

describe('a dry run and a backtest of its journal', () => {
  it('decide the same at every bar (I17 I31)', () => {
    const journal = dryRun('parity 1');
    const told = decisionsOf(journal.records.map((text) => JSON.parse(text) as JournalRecord));
    const records: string[] = [];
    const market = backtestMarket(columnsOf(barsIn(journal)), {
      ...{ timeframeMs: MINUTE, sessions: 'fcpo' },
    });
    if (!market.ok) throw new Error(market.reason);
    const setup = setupFrom(journal, (record) => records.push(JSON.stringify(record)));
    const { trades } = runBacktest(market.market, setup);
    const again = decisionsOf(records.map((text) => JSON.parse(text) as JournalRecord));
    expect(again.length).toBeGreaterThan(700);
    expect(trades.length).toBeGreaterThan(10);
    // The last bar of the recording is closed by the clock of the dry run alone.
    expect(again.map(essence)).toEqual(told.slice(0, again.length).map(essence));
  });
});

describe('the comparison of a session with a backtest', () => {
  const journal = dryRun('parity 2');
  const decisions = decisionsOf(journal.records.map((text) => JSON.parse(text) as JournalRecord));
  const { config, account } = setupFrom(journal, () => undefined);
  const facts: SessionFacts = {
    ...{ config, account, decisions, readings: [], events: undefined, costs: FCPO_COSTS },
    bars: decisions.map(({ view }) => view.bar),
  };
  const compared = (changed: readonly Made[]): Parity => {
    const found = parityOf({ ...facts, decisions: changed });
    if (typeof found === 'string') throw new Error(found);
    return found;
  };
  /** Well inside the second day: the comparison begins with it. */
  const inside = decisions.findIndex(({ barTime }) => barTime >= START + 1.25 * DAY);
  /** The decisions with one of them told otherwise. */
  const changedAt = (which: (one: Made) => boolean, change: (one: Made) => Made): Made[] => {
    const at = decisions.findIndex((one, nth) => nth > inside && which(one));
    expect(at).toBeGreaterThan(inside);
    return decisions.map((one, nth) => (nth === at ? change(one) : one));
  };

  it('finds every decision of the journal again, and as many entries', () => {
    const { compared: count, differences, entries, warm, spread } = compared(decisions);
    expect(differences).toEqual([]);
    expect(spread).toBe(SPREAD);
    expect(warm).toBeGreaterThanOrEqual(3 * DRY.emaPeriod);
    // The last bar of a history never closes.
    expect(count).toBe(decisions.length - warm - 1);
    expect(entries.session).toBeGreaterThan(10);
    expect(entries.backtest).toBe(entries.session);
  });

  it('names a decision that was another one, and what of it', () => {
    const entered = changedAt(
      ({ blockedBy }) => blockedBy === 'signal',
      (one) => ({ ...one, blockedBy: undefined }),
    );
    const gated = changedAt(
      ({ blockedBy }) => blockedBy === 'signal',
      (one) => ({ ...one, blockedBy: 'data' }),
    );
    const turned = changedAt(
      ({ side }) => side === 'buy',
      (one) => ({ ...one, side: 'sell' }),
    );
    const moved = changedAt(
      ({ view }) => view.rsi !== undefined,
      (one) => ({ ...one, view: { ...one.view, rsi: (one.view.rsi ?? 0) + 0.001 } }),
    );
    const found = [entered, gated, turned, moved].map((changed) =>
      compared(changed).differences.map(({ what }) => what),
    );
    expect(found).toEqual([['entry'], ['gate'], ['signal'], ['signal']]);
  });

  it('enters nothing at bars that the session did not decide', () => {
    const entered = ({ blockedBy, barTime }: Made) =>
      blockedBy === undefined && barTime > (decisions[inside]?.barTime ?? 0);
    const [missed] = decisions.filter(entered);
    const away = decisions.filter(({ barTime }) => barTime !== missed?.barTime);
    const { undecided, entries } = compared(away);
    expect(undecided).toBe(1);
    // Another signal may find the place free.
    expect(entries.session).toBe(compared(decisions).entries.session - 1);
    expect(entries.backtest).toBeGreaterThanOrEqual(entries.session);
  });

  it('says why nothing can be compared', () => {
    expect(parityOf({ ...facts, bars: facts.bars.slice(0, 9) })).toContain('behind 150 known bars');
    const blind = decisions.map((one) => ({
      ...one,
      risk: { ...one.risk, bid: undefined, ask: undefined },
    }));
    expect(parityOf({ ...facts, decisions: blind })).toBe('none of its decisions saw a quote');
  });
});
