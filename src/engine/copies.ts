/**
 * The large records of the state once more, with some fields changed. Field by field: a spread of
 * so many costs ten times as much, and one that adds fields leaves every copy in a form of its own.
 * Deliberately without rules; a field that is forgotten here does not compile.
 */
import type { EngineConfig } from './config.ts';
import type { Breaker, Core, Order, Position } from './state.ts';

export type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** The same configuration once more, for a run in a mode of its own to change. */
export const copyOfConfig = (
  config: EngineConfig,
  mode: EngineConfig['mode'],
): { -readonly [K in keyof EngineConfig]: EngineConfig[K] } => ({
  environment: config.environment,
  mode,
  instrumentName: config.instrumentName,
  strategy: config.strategy,
  timeframeMs: config.timeframeMs,
  rsiPeriod: config.rsiPeriod,
  rsiOversold: config.rsiOversold,
  rsiOverbought: config.rsiOverbought,
  emaPeriod: config.emaPeriod,
  trendFilter: config.trendFilter,
  sentimentMode: config.sentimentMode,
  sentimentThreshold: config.sentimentThreshold,
  takeProfitBps: config.takeProfitBps,
  stopLossBps: config.stopLossBps,
  trailingStopBps: config.trailingStopBps,
  breakEvenBps: config.breakEvenBps,
  riskBps: config.riskBps,
  maxPositions: config.maxPositions,
  maxDailyLossBps: config.maxDailyLossBps,
  lossStreakMax: config.lossStreakMax,
  spreadMaxBps: config.spreadMaxBps,
  quoteAgeMaxMs: config.quoteAgeMaxMs,
  feedAgeMaxMs: config.feedAgeMaxMs,
  slippageMaxBps: config.slippageMaxBps,
  rejectsMax: config.rejectsMax,
  entriesPerMinute: config.entriesPerMinute,
  entriesPerDay: config.entriesPerDay,
  linkLossesMax: config.linkLossesMax,
  clockSkewMaxMs: config.clockSkewMaxMs,
  loopDelayMaxMs: config.loopDelayMaxMs,
  diskFreeMinMib: config.diskFreeMinMib,
  entrySlippageTicks: config.entrySlippageTicks,
});

/** The same core once more, for a turn to change. */
export function copyOfCore(core: Core): Core {
  return {
    runId: core.runId,
    version: core.version,
    config: core.config,
    startedAt: core.startedAt,
    link: core.link,
    stoppingSince: core.stoppingSince,
    reconnects: core.reconnects,
    rejects: core.rejects,
    instrument: core.instrument,
    account: core.account,
    accountAt: core.accountAt,
    unexplainedSince: core.unexplainedSince,
    doubtedAt: core.doubtedAt,
    reconciled: core.reconciled,
    reconcileAskedAt: core.reconcileAskedAt,
    passesAsked: core.passesAsked,
    askedBack: core.askedBack,
    reconciledAt: core.reconciledAt,
    tradingState: core.tradingState,
    arming: core.arming,
    sentiment: core.sentiment,
    abstained: core.abstained,
    schedule: core.schedule,
    memory: core.memory,
    orders: core.orders,
    positions: core.positions,
    early: core.early,
    gone: core.gone,
    outbox: core.outbox,
    signals: core.signals,
    deals: core.deals,
    dealsForgotten: core.dealsForgotten,
    acts: core.acts,
    strays: core.strays,
    cancels: core.cancels,
    differences: core.differences,
    awaited: core.awaited,
    entriesSent: core.entriesSent,
    tallies: core.tallies,
    outside: core.outside,
    day: core.day,
    dayRead: core.dayRead,
    lossResetDay: core.lossResetDay,
    lossStreak: core.lossStreak,
    breakers: core.breakers,
    decisions: core.decisions,
    activity: core.activity,
    commands: core.commands,
    marks: core.marks,
    stats: core.stats,
    shadow: core.shadow,
  };
}

export const orderWith = (order: Order, fields: Partial<Order>): Mutable<Order> =>
  Object.assign(copyOfOrder(order), fields);

/** The same order once more, for a move to change before anybody sees it. */
export const copyOfOrder = (order: Order): Mutable<Order> => ({
  id: order.id,
  signalId: order.signalId,
  side: order.side,
  volume: order.volume,
  executed: order.executed,
  dealt: order.dealt,
  stopDistance: order.stopDistance,
  targetDistance: order.targetDistance,
  decidedPrice: order.decidedPrice,
  state: order.state,
  reason: order.reason,
  decidedAt: order.decidedAt,
  decidedWall: order.decidedWall,
  barrier: order.barrier,
  sentAt: order.sentAt,
  sentWall: order.sentWall,
  generation: order.generation,
  brokerOrderId: order.brokerOrderId,
  positionId: order.positionId,
  unknownSince: order.unknownSince,
  absences: order.absences,
  lastAbsenceAt: order.lastAbsenceAt,
});

export const positionWith = (position: Position, fields: Partial<Position>): Position =>
  Object.assign(copyOfPosition(position), fields);

/** The same position once more, likewise. */
export const copyOfPosition = (position: Position): Mutable<Position> => ({
  id: position.id,
  orderId: position.orderId,
  ours: position.ours,
  instrumentId: position.instrumentId,
  side: position.side,
  volume: position.volume,
  entry: position.entry,
  stop: position.stop,
  target: position.target,
  openedAt: position.openedAt,
  openedWall: position.openedWall,
  state: position.state,
  commission: position.commission,
  swap: position.swap,
  usedMargin: position.usedMargin,
  realised: position.realised,
  nakedSince: position.nakedSince,
  amendsSent: position.amendsSent,
  amendsAsked: position.amendsAsked,
  amending: position.amending,
  repair: position.repair,
  improvedAt: position.improvedAt,
  closing: position.closing,
  closesAsked: position.closesAsked,
  closeAskedAt: position.closeAskedAt,
  wanted: position.wanted,
  closeRefused: position.closeRefused,
  tagged: position.tagged,
  searched: position.searched,
  unexplained: position.unexplained,
  changedAt: position.changedAt,
});

/** The same breakers once more, for one of them to be put in. */
export const copyOfBreakers = (breakers: Core['breakers']): Mutable<Core['breakers']> => ({
  DAILY_LOSS: breakers.DAILY_LOSS,
  LOSS_STREAK: breakers.LOSS_STREAK,
  VOLATILITY: breakers.VOLATILITY,
  FEED: breakers.FEED,
  KILL: breakers.KILL,
  INTEGRITY: breakers.INTEGRITY,
  PERSISTENCE: breakers.PERSISTENCE,
  SPREAD: breakers.SPREAD,
  SLIPPAGE: breakers.SLIPPAGE,
  REJECTS: breakers.REJECTS,
  ORDER_RATE: breakers.ORDER_RATE,
  CONNECTIVITY: breakers.CONNECTIVITY,
  CLOCK: breakers.CLOCK,
  AUTH: breakers.AUTH,
  LOOP: breakers.LOOP,
});

export const copyOfBreaker = (breaker: Breaker): Mutable<Breaker> => ({
  tripped: breaker.tripped,
  since: breaker.since,
  sinceMono: breaker.sinceMono,
  sinceDay: breaker.sinceDay,
  reason: breaker.reason,
  calmSince: breaker.calmSince,
  calmBars: breaker.calmBars,
});
