/**
 * What the engine is told before it starts, the cross-checks on it, and LIMITS: every bound in one
 * table.
 * Deliberately has no defaults: those belong to the configuration schema that a person can read.
 */
import type { Environment, Mode } from './model.ts';

export interface EngineConfig {
  readonly environment: Environment;
  readonly mode: Mode;
  /** The name the person asked for; the broker's own name arrives with the instrument. */
  readonly instrumentName: string;
  readonly strategy: 'rsi-sentiment';
  readonly timeframeMs: number;
  readonly rsiPeriod: number;
  /** RSI thresholds, 0 to 100. */
  readonly rsiOversold: number;
  readonly rsiOverbought: number;
  readonly emaPeriod: number;
  readonly trendFilter: boolean;
  readonly sentimentMode: 'required' | 'off';
  /** Absolute score that permits an entry, 0 to 100. */
  readonly sentimentThreshold: number;
  /** Basis points of the entry price. */
  readonly takeProfitBps: number;
  readonly stopLossBps: number;
  /** The stop follows the market at this distance, basis points of the price; 0 is off. */
  readonly trailingStopBps: number;
  /** A gain of so many basis points of the entry moves the stop to the entry; 0 is off. */
  readonly breakEvenBps: number;
  /** Basis points of equity put at risk by one entry. */
  readonly riskBps: number;
  readonly maxPositions: number;
  /** Basis points of the day's opening equity. */
  readonly maxDailyLossBps: number;
  readonly lossStreakMax: number;
  /** Absolute spread cap in basis points of the mid price. */
  readonly spreadMaxBps: number;
  /** Quote age for an entry, and the age that trips the feed breaker (F73). */
  readonly quoteAgeMaxMs: number;
  readonly feedAgeMaxMs: number;
  /** Basis points of the decision's price by which a fill may be worse before it counts (F49). */
  readonly slippageMaxBps: number;
  /** Entries refused for good within ten minutes that trip REJECTS (F33). */
  readonly rejectsMax: number;
  /** Own order caps, whatever a strategy wants (F50). */
  readonly entriesPerMinute: number;
  readonly entriesPerDay: number;
  /** Lost links within ten minutes that trip CONNECTIVITY (F08). */
  readonly linkLossesMax: number;
  /** Difference of our clock from the broker's that trips CLOCK (F66). */
  readonly clockSkewMaxMs: number;
  /** Delay of our own loop that trips LOOP. */
  readonly loopDelayMaxMs: number;
  /** Free space below which entries stop: PERSISTENCE (F85). */
  readonly diskFreeMinMib: number;
  /** Ticks by which an entry may fill worse than decided, or it is given up; absent: no limit. */
  readonly entrySlippageTicks?: number | undefined;
}

/** Every array, queue, map and retry of the program has its bound here (A11, I27). */
export const LIMITS = {
  /** Inputs waiting for the loop; quotes coalesce before this, execution events never drop. */
  inbox: 10_000,
  /** Inputs handled in one turn before the hands get to run. */
  batch: 256,
  /** Closed bars kept for chart and indicators. */
  bars: 600,
  /** Closed bars shown in a snapshot. */
  snapshotBars: 240,
  decisions: 200,
  snapshotDecisions: 60,
  activity: 300,
  snapshotActivity: 80,
  commands: 50,
  /** Ended orders kept for duplicate detection and display. */
  orders: 200,
  snapshotOrders: 20,
  /** Scheduled events known ahead: about three weeks. */
  schedule: 64,
  /** Orders compared with their twin on paper. */
  shadowPairs: 20,
  deals: 500,
  closedTrades: 500,
  chartMarks: 100,
  spreadSample: 100,
  atrSample: 96,
  signals: 500,
  positions: 50,
  /** Looks at the broker on their way at once. */
  passesAsked: 16,
  /** Closes, levels and cancels remembered for their caps; more than fit into a minute. */
  acts: 64,
  strays: 50,
  /** Accepted commands whose end is awaited. */
  awaited: 50,
  /** Deals, levels and closed positions kept to explain what comes out of order. */
  early: 50,
  /** Times kept for one thing that breakers count. */
  tally: 250,
  /** An entry's spread may be at most this many medians of the last quotes. */
  spreadMedians: 3,
  /** Entries refused for their spread, fills worse than allowed, logins refused. */
  spreadRefusals: 3,
  badFills: 2,
  authRefusals: 3,
  /** Basis points of a position's worth by which our mark may differ from the broker's figure. */
  pnlDoubtBps: 20,
} as const;

/** Own caps of closing, protecting and cancelling, counted apart from entries (section 2). */
export const ACT_CAPS = { apartMs: 1_000, perMinute: 30, improvingPerMinute: 15 } as const;

/** Deadlines and ages the safety rules name; milliseconds. */
export const DEADLINES = {
  /** Decision to bytes; after it the order is aborted unsent (T02). */
  decisionToBytesMs: 2_000,
  /** Bytes to first evidence; after it the outcome is unknown (T10, F28). */
  bytesToEvidenceMs: 5_000,
  /** Both absence passes must be this long after the send, and this far apart. */
  absenceAfterMs: 60_000,
  absenceApartMs: 10_000,
  /** An unprovable order is quarantined after this (T13). */
  quarantineAfterMs: 300_000,
  /** An order found pending that long after it was sent is cancelled (R04). */
  staleOrderMs: 10_000,
  unprotectedTargetMs: 2_000,
  unprotectedHardMs: 5_000,
  closeRetryMaxMs: 10_000,
  /** A difference younger than this is looked at again before acting (6 d). */
  youngDifferenceMs: 3_000,
  sentimentLifetimeMs: 300_000,
  outlierWindowMs: 60_000,
  reconcileEveryMs: 60_000,
  /** A question about everything that has no answer by now gets none any more. */
  passAnswerMs: 60_000,
  feedClearsAfterMs: 10_000,
  /** No entry this close to the end of the trading session (F69). */
  beforeCloseMs: 120_000,
  dailyLossHoldMs: 3_600_000,
  /** A gap in wall time between inputs that means suspend or a changed clock (F65). */
  timeGapMs: 5_000,
  /** What SPREAD, REJECTS and CONNECTIVITY count within, inclusive. */
  spreadWindowMs: 300_000,
  rejectsWindowMs: 600_000,
  lossesWindowMs: 600_000,
  /** How long all must be calm before a breaker clears by its rule. */
  spreadCalmMs: 60_000,
  linkCalmMs: 600_000,
  clockCalmMs: 60_000,
  loopCalmMs: 60_000,
  /** From here on the clock's difference is told, and is not calm. */
  clockSkewWarnMs: 2_000,
  /** From here on the loop's delay is told, and is not calm; beyond the second nothing enters. */
  loopDelayWarnMs: 200,
  loopDelayEntryMs: 1_000,
  /** The minute of the order cap; an entry exactly this old no longer counts. */
  capMinuteMs: 60_000,
  /** Oldest conversion rate an entry is sized with (F60). */
  conversionAgeMs: 60_000,
} as const;

/** Sentences about what is wrong with a configuration; empty when it may start (F118). */
export function configFaults(config: EngineConfig): readonly string[] {
  const faults: string[] = [];
  const need = (holds: boolean, sentence: string) => {
    if (!holds) faults.push(sentence);
  };
  need(config.rsiOversold < config.rsiOverbought, 'RSI_OVERSOLD must be below RSI_OVERBOUGHT');
  need(
    config.stopLossBps <= config.maxDailyLossBps,
    'STOP_LOSS_PERCENT must not be wider than MAX_DAILY_LOSS_PERCENT',
  );
  need(
    config.riskBps <= config.maxDailyLossBps,
    'RISK_PER_TRADE must not be larger than MAX_DAILY_LOSS_PERCENT',
  );
  need(
    config.takeProfitBps > config.spreadMaxBps,
    'TAKE_PROFIT_PERCENT must exceed the spread cap',
  );
  need(config.feedAgeMaxMs >= config.quoteAgeMaxMs, 'the feed age must not be below the quote age');
  return faults;
}
