/**
 * EngineState to Snapshot: one serialisable picture with ages and distances, for whoever looks on.
 * Deliberately shows no more certainty than the state has: what is not known is absent (I18).
 */
import { closePrice, dayPnl, dayPnlBps, equityOf, openPnl } from './accounting.ts';
import { armingChecklist, isArmed } from './arming.ts';
import { assert } from './assert.ts';
import { trendOf } from './bars.ts';
import { dayKeyOf, sessionAt } from './calendar.ts';
import { DEADLINES, type EngineConfig, LIMITS } from './config.ts';
import type { DecisionRecord, GateName } from './decision-record.ts';
import { shownDecision } from './decision-words.ts';
import { BREAKERS } from './event.ts';
import { atrValue, emaValue, rsiValue } from './indicators.ts';
import { newsAgeMs } from './news.ts';
import { isTerminal } from './order-moves.ts';
import type { View } from './risk/breaker-rule.ts';
import { BREAKER_RULES } from './risk/breakers.ts';
import { standingRefusal } from './risk/gate.ts';
import { eventWindow, nextEvent, type ScheduleView } from './schedule.ts';
import type {
  ArmingView,
  BreakerView,
  DayDecisions,
  OrderView,
  PositionView,
  Snapshot,
} from './snapshot-shape.ts';
import { type Core, digest, type EngineState, type Order, type Position } from './state.ts';
import { profitFactor, winRateBps } from './stats.ts';
import { listOf, newestItems } from './trail.ts';
import { addMoney, type Mono, money, mulDiv, subMoney, type Wall } from './units.ts';

interface Now {
  readonly mono: Mono;
  readonly wall: Wall;
}

/** What a decision reads as never changes: every picture shows the same few again. */
const SHOWN = new WeakMap<DecisionRecord, Snapshot['decisions'][number]>();

function shown(record: DecisionRecord): Snapshot['decisions'][number] {
  const known = SHOWN.get(record);
  if (known !== undefined) return known;
  const view = shownDecision(record);
  SHOWN.set(record, view);
  return view;
}

/** The picture at an instant; the run must have started. */
export function snapshot(state: EngineState, now: Now): Snapshot {
  const { core, market } = state;
  const { config } = core;
  assert(config !== undefined, 'a snapshot needs a started run');
  const view = { at: { seq: state.at.seq, ...now }, market, core };
  const refusal = standingRefusal(view);
  return {
    version: 1,
    seq: state.at.seq,
    wall: now.wall,
    runId: core.runId,
    runtimeMs: now.mono - core.startedAt,
    productVersion: core.version,
    environment: config.environment,
    mode: config.mode,
    tradingState: core.tradingState,
    arming: armingView(view),
    link: {
      state: core.link.state,
      generation: core.link.generation,
      ageMs: now.mono - core.link.since,
      roundTripMs: core.link.roundTripMs,
      reason: core.link.reason,
    },
    instrument: instrumentView(core),
    session: sessionView(core, now.wall),
    quote: quoteView(state, now),
    bars: barsView(state, config, now.wall),
    indicators: indicatorsView(state, config),
    sentiment: sentimentView(core, config, view.at),
    nextEvent: eventView(view),
    positions: core.positions.map((position) => positionView(position, state, now)),
    orders: core.orders.slice(-LIMITS.snapshotOrders).map((order) => orderView(order, now.mono)),
    reconciliation: reconciliationView(core, now.mono),
    account: accountView(state, now.mono),
    breakers: BREAKERS.map((name) => breakerView(name, view)),
    entriesAllowed: refusal === undefined,
    entriesBlockedBy: refusal,
    decisions: newestItems(core.decisions, LIMITS.snapshotDecisions).map(shown),
    dayDecisions: dayDecisionsView(core, now.wall),
    activity: newestItems(core.activity, LIMITS.snapshotActivity),
    commands: core.commands,
    marks: core.marks,
    stats: statsView(core),
    ...(core.shadow === undefined ? {} : { shadow: core.shadow }),
    counters: {
      quotes: market.quoteCount,
      quotesHeld: market.heldCount,
      reconnects: core.reconnects,
      rejects: core.rejects,
    },
    digest: digest(state),
  };
}

function armingView(view: View): ArmingView {
  const { arming } = view.core;
  if (arming.state === 'not-possible') {
    return { state: arming.state, checklist: [], armedUntil: undefined, why: undefined };
  }
  const checklist = armingChecklist(view);
  if (isArmed(view) && arming.state === 'armed') {
    return { state: 'armed', checklist, armedUntil: arming.until, why: undefined };
  }
  const why = arming.state === 'unarmed' ? arming.why : 'it expired';
  return { state: 'unarmed', checklist, armedUntil: undefined, why };
}

function instrumentView(core: Core): Snapshot['instrument'] {
  const { instrument } = core;
  if (instrument === undefined) return undefined;
  const { name, description, digits, lotSize, quoteCurrency, status } = instrument;
  return { name, description, digits, lotSize, quoteCurrency, status };
}

function sessionView(core: Core, at: Wall): Snapshot['session'] {
  if (core.instrument === undefined) return { state: 'unknown', changesAt: undefined };
  const { state, changesAt } = sessionAt(core.instrument.sessions, at);
  return { state, changesAt };
}

function quoteView({ market, core }: EngineState, now: Now): Snapshot['quote'] {
  const { quote, day } = market;
  if (quote?.bid === undefined || quote.ask === undefined) return undefined;
  const ageMs = Math.max(0, now.mono - quote.acceptedAt);
  const limit = core.config?.quoteAgeMaxMs ?? 0;
  const range = day ?? { open: quote.bid, high: quote.bid, low: quote.bid };
  return {
    bid: quote.bid,
    ask: quote.ask,
    ageMs,
    fresh: ageMs <= limit && quote.generation === core.link.generation,
    dayOpen: range.open,
    dayHigh: range.high,
    dayLow: range.low,
  };
}

function barsView({ market }: EngineState, config: EngineConfig, at: Wall): Snapshot['bars'] {
  const { forming } = market;
  const left = forming === undefined ? undefined : forming.openTime + config.timeframeMs - at;
  return {
    timeframeMs: config.timeframeMs,
    closed: newestItems(market.closed, LIMITS.snapshotBars),
    forming,
    closesInMs: left === undefined ? undefined : Math.max(0, left),
    count: market.barCount,
  };
}

function indicatorsView({ market }: EngineState, config: EngineConfig): Snapshot['indicators'] {
  const { indicators } = market;
  return {
    rsi: rsiValue(indicators.rsi, config.rsiPeriod),
    rsiSeries: listOf(indicators.rsiSeries),
    rsiPeriod: config.rsiPeriod,
    oversold: config.rsiOversold,
    overbought: config.rsiOverbought,
    ema: emaValue(indicators.ema, config.emaPeriod),
    emaPeriod: config.emaPeriod,
    trend: trendOf(indicators),
    trendFilter: config.trendFilter,
    atr: atrValue(indicators.atr),
  };
}

/** The window entries wait in, or else what comes next. */
function eventView(view: ScheduleView): Snapshot['nextEvent'] {
  const inside = eventWindow(view);
  const event = inside ?? nextEvent(view);
  if (event === undefined) return undefined;
  return { name: event.name, at: event.at, waitsUntil: inside?.to };
}

function sentimentView(core: Core, config: EngineConfig, at: Now): Snapshot['sentiment'] {
  const held = core.sentiment;
  const ageMs = newsAgeMs({ core, at }) ?? 0;
  return {
    mode: config.sentimentMode,
    threshold: config.sentimentThreshold,
    lifetimeMs: DEADLINES.sentimentLifetimeMs,
    reading:
      held === undefined
        ? undefined
        : {
            score: held.reading.score,
            confidence: held.reading.confidence,
            source: held.reading.source,
            simulated: held.reading.simulated,
            ageMs,
            expired: ageMs > DEADLINES.sentimentLifetimeMs,
            citations: held.reading.citations,
          },
    abstained: core.abstained,
  };
}

function positionView(position: Position, state: EngineState, now: Now): PositionView {
  const { core, market } = state;
  const current = closePrice(position, core, market, now.mono);
  const pnl = openPnl(position, core, market, now.mono);
  const move =
    current === undefined
      ? undefined
      : (current - position.entry) * (position.side === 'buy' ? 1 : -1);
  return {
    id: position.id,
    side: position.side,
    volume: position.volume,
    entry: position.entry,
    stop: position.stop,
    target: position.target,
    current,
    openPnl: pnl,
    openPnlBps: move === undefined ? undefined : mulDiv(move, 10_000, position.entry, 'away'),
    ageMs: Math.max(0, now.wall - position.openedWall),
    openedAt: position.openedWall,
    state: position.state,
    ours: position.ours,
    wanted: position.wanted,
  };
}

const reconciliationView = (core: Core, at: Mono): Snapshot['reconciliation'] => ({
  ageMs: core.reconciledAt === undefined ? undefined : Math.max(0, at - core.reconciledAt),
  differences: core.differences,
});

function orderView(order: Order, at: Mono): OrderView {
  return {
    id: order.id,
    side: order.side,
    volume: order.volume,
    executed: order.executed,
    state: order.state,
    ageMs: Math.max(0, at - order.decidedAt),
    reason: order.reason,
    working: !isTerminal(order.state),
    brokerOrderId: order.brokerOrderId,
  };
}

function accountView({ core, market }: EngineState, at: Mono): Snapshot['account'] {
  const { account } = core;
  if (account === undefined) return undefined;
  const equity = equityOf(core, market, at);
  const pnl = dayPnl(core, market, at);
  const usedMargin = core.positions.reduce((sum, one) => addMoney(sum, one.usedMargin), money(0));
  return {
    login: account.login,
    brokerName: account.brokerName,
    currency: account.currency,
    exponent: account.exponent,
    balance: account.balance,
    equity,
    dayPnl: pnl,
    dayPnlBps: pnl === undefined ? undefined : dayPnlBps(core, pnl),
    usedMargin,
    freeMargin: equity === undefined ? undefined : subMoney(equity, usedMargin),
  };
}

function breakerView(
  name: (typeof BREAKERS)[number],
  view: Parameters<typeof standingRefusal>[0],
): BreakerView {
  const rule = BREAKER_RULES[name];
  const breaker = view.core.breakers[name];
  const { used, words } = rule.distance(view);
  return {
    name,
    tripped: breaker.tripped,
    since: breaker.since,
    reason: breaker.reason,
    clears: rule.clearedBy,
    used,
    distance: words,
  };
}

function dayDecisionsView({ decisions }: Core, at: Wall): DayDecisions {
  const today = dayKeyOf(at);
  const kept = listOf(decisions);
  const ofToday = kept.filter((one) => dayKeyOf(one.decidedAt) === today);
  const blocked: Partial<Record<GateName, number>> = {};
  let entered = 0;
  for (const { blockedBy } of ofToday) {
    if (blockedBy === undefined) entered += 1;
    else blocked[blockedBy] = (blocked[blockedBy] ?? 0) + 1;
  }
  const whole = ofToday.length < kept.length || kept.length < LIMITS.decisions;
  return { bars: ofToday.length, entered, blocked, whole };
}

function statsView({ stats }: Core): Snapshot['stats'] {
  return {
    trades: stats.trades,
    wins: stats.wins,
    losses: stats.losses,
    netProfit: stats.netProfit,
    winRateBps: winRateBps(stats),
    profitFactor: profitFactor(stats),
    maxDrawdown: stats.maxDrawdown,
    maxDrawdownBps: stats.maxDrawdownBps,
  };
}
