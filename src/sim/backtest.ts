/**
 * A backtest: the very `step` of a live run over recorded bars, with a journal that is durable at
 * once.
 * Deliberately no trading rule of its own: what is entered and why is the engine's business alone.
 */

import { copyOfConfig } from '../engine/copies.ts';
import {
  type Account,
  type BarEvent,
  type BarsEvent,
  type BreakerName,
  commandId,
  type EngineConfig,
  type Event,
  type GateName,
  type JournalRecord,
  type Mono,
  type ScheduledEvent,
  type SentimentReading,
  type Seq,
  seq,
  type TradingState,
  untrusted,
  type Wall,
  wall,
} from '../engine/index.ts';
import { digest, type EngineState, initialState } from '../engine/state.ts';
import { drive, type Hands } from '../engine/step.ts';
import { type BacktestCosts, createHistoryBroker, type HistoryBroker } from './backtest-broker.ts';
import {
  book,
  emptyLedger,
  type Ledger,
  mark,
  noteDecisions,
  noteRecord,
  type Trade,
} from './backtest-ledger.ts';
import { type BacktestMarket, type WideMarket, wideMarket } from './backtest-market.ts';
import { createStretchEnds } from './backtest-stretch.ts';
import { DAY_MS } from './fcpo.ts';

/** What the news gate gets: readings of a file, one that agrees with everything, or no gate. */
export type BacktestSentiment =
  | { readonly type: 'off' }
  | { readonly type: 'neutral' }
  | { readonly type: 'readings'; readonly rows: readonly KnownReading[] };

/** A reading and the instant before which nobody could know it; rows are in that order. */
export interface KnownReading {
  readonly knownAt: Wall;
  readonly reading: SentimentReading;
}

export interface BacktestSetup {
  readonly config: EngineConfig;
  readonly account: Account;
  readonly costs: BacktestCosts;
  readonly sentiment: BacktestSentiment;
  /** Scheduled events whose windows forbid entries, in their order; absent: windows are off. */
  readonly events?: readonly ScheduledEvent[];
  /** Hears everything that a live run would write to its journal beside its inputs. */
  readonly onRecord?: (record: JournalRecord) => void;
}

export type { Trade } from './backtest-ledger.ts';

export interface BacktestResult {
  readonly trades: readonly Trade[];
  /** Equity at the close of every bar, open profit included; minor units. */
  readonly equity: Float64Array;
  readonly barsHeld: number;
  readonly startBalance: number;
  readonly endBalance: number;
  /** True when a position was still open at the end: it is in the equity and in no trade. */
  readonly stillOpen: boolean;
  /** How often each gate was the first to block, and how often none did. */
  readonly blockedBy: Readonly<Partial<Record<GateName | 'none', number>>>;
  /** How often each breaker tripped. */
  readonly trippedBy: Readonly<Partial<Record<BreakerName, number>>>;
  /** Booked over nights on positions, still open ones included; minor units, negative is paid. */
  readonly swap: number;
  readonly digest: string;
  readonly exponent: number;
}

/** What the engine is told: where nothing is read, the gate is open for every score or gone. */
export function configFor(config: EngineConfig, sentiment: BacktestSentiment): EngineConfig {
  const told = copyOfConfig(config, 'backtest');
  told.sentimentMode = sentiment.type === 'off' ? 'off' : 'required';
  if (sentiment.type === 'neutral') told.sentimentThreshold = -1;
  return told;
}

/**
 * Runs every bar of the market; deterministic, and linear in bars. Bars before `decideFrom` warm
 * the indicators up and enter nothing, as when the operator lets entries begin there. Quiet bars go
 * in as one event; `quotes` tells every price by itself, which is the same and slower. Lays
 * out all columns of the market first.
 */
export function runBacktest(
  given: BacktestMarket,
  setup: BacktestSetup,
  decideFrom = 0,
  feed: 'bars' | 'quotes' = 'bars',
): BacktestResult {
  const market = wideMarket(given);
  const run = createRun(market, setup);
  if (decideFrom > 0) run.entries('reducing');
  const { broker, ledger } = run;
  const equity = new Float64Array(market.count);
  const ends = createStretchEnds(market, setup.costs.swap, decideFrom);
  let day = Math.floor((market.start[0] ?? 0) / DAY_MS);
  let isOpened = false;
  const prepare = (bar: number): void => {
    const start = market.start[bar] ?? 0;
    broker.moveTo(start);
    run.news.tell(start as Wall);
    ledger.bar = bar;
    // A bar is decided by the first quote of the next one.
    if (decideFrom > 0 && bar === decideFrom + 1) run.entries('active');
  };
  const note = (bar: number, now: number): void => {
    if (broker.position() !== undefined) ledger.barsHeld += 1;
    equity[bar] = now;
  };
  for (let bar = 0; bar < market.count; ) {
    const start = market.start[bar] ?? 0;
    if (!isOpened) {
      prepare(bar);
      if (bar > 0) ledger.swap += broker.spend(market.start[bar - 1] ?? 0, start);
      broker.open(bar);
    }
    const today = Math.floor(start / DAY_MS);
    if (bar === 0 || today !== day) run.tellEvents(today * DAY_MS);
    // Live, the clock strikes four times a second; here only where it can change something.
    if (today !== day) run.clock(start);
    day = today;
    const over = market.closedByClockAt[bar] ?? 0;
    const isQuiet = feed === 'bars' && broker.isQuiet(bar);
    const goesOn = over === 0 && bar + 1 < market.count && !ends.isNight(bar);
    isOpened = isQuiet && goesOn;
    if (isOpened) {
      prepare(bar + 1);
      const from = bar;
      bar = broker.stretch(bar, ends.after(bar, run.news.next()), (until) => {
        if (broker.position() !== undefined) ledger.barsHeld += until - from;
        broker.equityOver(from, until, equity);
        ledger.bar = until;
      });
      continue;
    }
    if (isQuiet) {
      note(bar, broker.equityAt(market.close[bar] ?? 0));
      broker.rest(bar);
    } else {
      const left = broker.pass(bar, feed === 'bars');
      note(bar, broker.equity());
      isOpened = left !== undefined && goesOn;
      if (isOpened) prepare(bar + 1);
      if (left !== undefined) broker.finish(left, isOpened ? bar + 1 : undefined);
    }
    if (over > 0) run.clock(over);
    bar += 1;
  }
  return resultOf(run, setup, equity);
}

function resultOf(
  { broker, ledger, state }: ReturnType<typeof createRun>,
  setup: BacktestSetup,
  equity: Float64Array,
): BacktestResult {
  return {
    trades: ledger.trades,
    equity,
    barsHeld: ledger.barsHeld,
    startBalance: setup.account.balance,
    endBalance: broker.balance(),
    stillOpen: broker.position() !== undefined,
    blockedBy: ledger.blockedBy,
    swap: ledger.swap,
    trippedBy: ledger.trippedBy,
    digest: digest(state()),
    exponent: setup.account.exponent,
  };
}

/** The engine with its queue: inputs one after the other, each with all that follows from it. */
function createIntake(
  ledger: Ledger,
  first: number,
  brokerOf: () => HistoryBroker,
  onRecord: BacktestSetup['onRecord'],
) {
  /** The first so many of the queue wait; what stands behind them is over. */
  const queue: Event[] = [];
  let waiting = 0;
  let state: EngineState = initialState();
  let count = 0;
  const post = (event: Event): void => {
    queue[waiting] = event;
    waiting += 1;
  };
  const hands: Hands = {
    record: (record, barrier) => {
      noteRecord(ledger, record);
      onRecord?.(record);
      if (barrier) post({ type: 'durable', upTo: seq(count) });
    },
    decided: (decisions) => {
      noteDecisions(ledger, decisions);
      if (onRecord === undefined) return;
      for (let nth = 0; nth < decisions.count; nth += 1) {
        onRecord({ kind: 'decision', decision: decisions.at(nth) });
      }
    },
    transmit: (request) => brokerOf().send(request),
    query: (query) => brokerOf().query(query),
    subscribe: (id) => brokerOf().subscribe(id),
    alert: () => undefined,
    refused: (requestId, reason) => post({ type: 'egressRefused', requestId, reason }),
  };
  const take = (event: Event): void => {
    count += 1;
    const now = brokerOf().now();
    const mono = (now - first + 1) as Mono;
    state = drive(state, { seq: count as Seq, mono, wall: now, event }, hands);
  };
  const settle = (): void => {
    // The queue grows while it is read: what the hands answer comes after what is waiting.
    for (let at = 0; at < waiting; at += 1) take(queue[at] as Event);
    waiting = 0;
  };
  return {
    settle,
    post,
    onBar: (event: BarEvent): void => {
      take(event);
      settle();
    },
    onBars: (event: BarsEvent, moved: (taken: number) => void): void => {
      const before = count;
      take(event);
      // Each bar was an input, and it is the last that waits for the journal.
      count = state.at.seq;
      for (let at = 0; at < waiting; at += 1) queue[at] = { type: 'durable', upTo: seq(count) };
      moved(count - before);
      settle();
    },
    state: (): EngineState => state,
  };
}

function createRun(market: WideMarket, setup: BacktestSetup) {
  const ledger = emptyLedger(setup.costs.spread);
  const intake = createIntake(ledger, market.start[0] ?? 0, () => broker, setup.onRecord);
  const { post, settle } = intake;
  const broker: HistoryBroker = createHistoryBroker({
    market,
    account: setup.account,
    costs: setup.costs,
    settle,
    onDeal: (deal) => book(ledger, deal, broker.balance()),
    onBar: intake.onBar,
    onBars: intake.onBars,
    onPrice: (bid) => mark(ledger.open, bid),
  });
  const config = configFor(setup.config, setup.sentiment);
  post({ type: 'started', runId: 'backtest', config, version: 'backtest' });
  broker.start(post);
  settle();
  return {
    broker,
    ledger,
    news: newsOf(setup.sentiment, post, settle),
    tellEvents: eventsOf(setup.events, post, settle),
    clock: (at: number): void => {
      broker.moveTo(at);
      post({ type: 'clock' });
      settle();
    },
    entries: (to: TradingState): void => {
      const body = { type: 'setTradingState', state: to } as const;
      const id = commandId(`backtest-${to}`);
      post({ type: 'command', command: { id, role: 'operator', by: untrusted(''), body } });
      settle();
    },
    state: intake.state,
  };
}

/** Longer than any stretch without bars, so that the list never runs out before it is renewed. */
const EVENTS_AHEAD_MS = 14 * DAY_MS;

const NEUTRAL = { score: 0, confidence: 0, source: 'neutral', simulated: true, citations: [] };

/** Tells the engine, at the first bar of a day, the events it must know until the next one. */
function eventsOf(
  events: BacktestSetup['events'],
  post: (event: Event) => void,
  settle: () => void,
): (day: number) => void {
  if (events === undefined) return () => undefined;
  return (day) => {
    const until = wall(day + EVENTS_AHEAD_MS);
    const near = events.filter((one) => one.to > day && one.from < until);
    post({ type: 'schedule', windows: 'on', events: near, until });
    settle();
  };
}

interface News {
  /** Gives the engine the newest reading that is known by now, before a bar. */
  tell(now: Wall): void;
  /** When there is something to tell again. */
  next(): number;
}

function newsOf(
  sentiment: BacktestSentiment,
  post: (event: Event) => void,
  settle: () => void,
): News {
  const tell = (reading: SentimentReading): void => {
    post({ type: 'sentiment', reading });
    settle();
  };
  if (sentiment.type === 'off') {
    return { tell: () => undefined, next: () => Number.POSITIVE_INFINITY };
  }
  if (sentiment.type === 'neutral') {
    return { tell: (now) => tell({ ...NEUTRAL, askedAt: wall(now) }), next: () => 0 };
  }
  const { rows } = sentiment;
  let at = 0;
  const next = (): number => rows[at]?.knownAt ?? Number.POSITIVE_INFINITY;
  return {
    tell: (now) => {
      const before = at;
      while (next() <= now) at += 1;
      const newest = rows[at - 1];
      if (at > before && newest !== undefined) tell(newest.reading);
    },
    next,
  };
}
