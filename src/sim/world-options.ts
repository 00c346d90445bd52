/**
 * What a seed means: configuration, calendar, pace and fault plan of one world, and their text.
 * Deliberately draws everything before the world begins, so that a line of options says it all.
 */
import { type EngineConfig, type SessionInterval, type Wall, wall } from '../engine/index.ts';
import {
  type Depth,
  drawPlan,
  FAULTS,
  type FaultName,
  type FaultPlan,
  faultsAt,
} from './faults.ts';
import { DEFAULT_START, HOUR_MS, MINUTE_MS } from './fcpo.ts';
import { createPrng, type Prng } from './prng.ts';

export interface WorldOptions {
  readonly seed: number;
  readonly depth: Depth;
  readonly config: EngineConfig;
  readonly start: Wall;
  readonly sessions: readonly SessionInterval[];
  /** How long the phase with faults lasts. */
  readonly safetyMs: number;
  /** The most the phase without faults may take until everything is resolved. */
  readonly livenessMs: number;
  /** Mean time between two prices. */
  readonly tickMs: number;
  /** Time of one sync of the journal on a good day, at most. */
  readonly syncMs: number;
  /** One-way delay of the link on a good day, at most. */
  readonly latencyMs: number;
  /** Mean time between two looks of the person at the keyboard. */
  readonly operatorMs: number;
  /** The process dies after so many effects; of what was not synced all is kept, or nothing. */
  readonly crashAt?: { readonly effect: number; readonly keeps: 'all' | 'synced' };
  readonly without: readonly FaultName[];
  readonly plan: FaultPlan;
}

/** What shrinking takes away from a world. */
export interface Restriction {
  readonly without?: readonly FaultName[];
  readonly safetyMs?: number;
  readonly depth?: Depth;
}

export function drawOptions(seed: number, restriction: Restriction = {}): WorldOptions {
  const prng = createPrng(`world/${seed}`);
  const pace = prng.stream('pace');
  const start = wall(DEFAULT_START + pace.integer(0, 24 * 60) * MINUTE_MS);
  const safetyMs = pace.integer(20, 90) * MINUTE_MS;
  const { without = [], depth = 'core' } = restriction;
  const here = new Set<FaultName>(faultsAt(depth).map(({ name }) => name));
  const elsewhere = FAULTS.flatMap(({ name }) => (here.has(name) ? [] : [name]));
  return {
    seed,
    depth,
    config: {
      ...drawConfig(prng.stream('config')),
      ...drawFollowing(prng.stream('following')),
      ...drawRange(prng.stream('range')),
      ...drawCaps(prng.stream('caps')),
      // Only a live run sends its orders through the client.
      ...(depth === 'full' ? { mode: 'live' as const } : {}),
    },
    start,
    sessions: drawSessions(prng.stream('sessions'), start),
    safetyMs: Math.min(safetyMs, restriction.safetyMs ?? safetyMs),
    livenessMs: HOUR_MS,
    tickMs: pace.integer(1_500, 4_000),
    syncMs: pace.integer(1, 60),
    latencyMs: pace.integer(5, 250),
    operatorMs: pace.integer(1, 5) * MINUTE_MS,
    without,
    plan: drawPlan(prng.stream('plan'), [...without, ...elsewhere]),
  };
}

/** What has a stream of its own, so that one more draw shifts nobody. */
type Drawn = keyof ReturnType<typeof drawFollowing> | keyof ReturnType<typeof drawCaps>;

/** Short bars, quick indicators and near stops: many signals and many ends in little time. */
function drawConfig(prng: Prng): Omit<EngineConfig, Drawn> {
  const stopLossBps = prng.integer(25, 90);
  return {
    environment: 'sim',
    mode: prng.chance(500) ? 'live' : 'dry-run',
    instrumentName: 'FCPO',
    strategy: 'rsi-sentiment',
    timeframeMs: MINUTE_MS,
    rsiPeriod: prng.integer(3, 8),
    rsiOversold: prng.integer(30, 45),
    rsiOverbought: prng.integer(55, 70),
    emaPeriod: 20,
    trendFilter: prng.chance(200),
    sentimentMode: prng.chance(700) ? 'required' : 'off',
    sentimentThreshold: 30,
    takeProfitBps: prng.integer(25, 90),
    stopLossBps,
    riskBps: prng.integer(30, 150),
    maxPositions: prng.chance(800) ? 1 : 2,
    maxDailyLossBps: prng.integer(150, 600),
    lossStreakMax: prng.integer(2, 6),
    spreadMaxBps: 20,
    quoteAgeMaxMs: 5_000,
    feedAgeMaxMs: 15_000,
    slippageMaxBps: 20,
    rejectsMax: 3,
    linkLossesMax: 5,
    clockSkewMaxMs: 5_000,
    loopDelayMaxMs: 5_000,
    diskFreeMinMib: 200,
  };
}

/** In half of the worlds the stop follows the market. */
const drawFollowing = (prng: Prng) => ({
  trailingStopBps: prng.chance(300) ? prng.integer(10, 60) : 0,
  breakEvenBps: prng.chance(300) ? prng.integer(10, 60) : 0,
});

/** In some worlds entries give up beyond a few ticks. */
const drawRange = (prng: Prng) =>
  prng.chance(200) ? { entrySlippageTicks: prng.integer(0, 3) } : {};

/** In some worlds the caps on entries are low enough to be met within the hour. */
const drawCaps = (prng: Prng) => ({
  entriesPerDay: prng.chance(400) ? prng.integer(2, 6) : 20,
  entriesPerMinute: prng.chance(300) ? 1 : 2,
});

/** A calendar of short sessions and pauses: their edges must happen in every world. */
function drawSessions(prng: Prng, start: Wall): SessionInterval[] {
  const sessions: SessionInterval[] = [{ open: at(start, -120), close: at(start, -60) }];
  let from = -prng.integer(0, 20);
  while (from < 12 * 60) {
    const to = from + prng.integer(25, 100);
    sessions.push({ open: at(start, from), close: at(start, to) });
    from = to + prng.integer(2, 20);
  }
  return sessions;
}

const at = (start: Wall, minutes: number): Wall => wall(start + minutes * MINUTE_MS);

/** One line a person can compare; the seed alone gives the same again. */
export function optionsText(options: WorldOptions): string {
  const { config, plan } = options;
  const on = FAULTS.filter(({ name }) => plan[name] > 0).map(({ name, per }) => {
    const unit = per === 'hour' ? '/h' : '‰';
    return `${name} ${Number(plan[name].toFixed(1))}${unit}`;
  });
  const facts = [
    `SEED=${options.seed}`,
    ...(options.depth === 'core' ? [] : [`depth ${options.depth}`]),
    config.mode,
    `${options.safetyMs / MINUTE_MS} min with faults`,
    `a price every ${options.tickMs} ms`,
    `link up to ${options.latencyMs} ms`,
    `sync up to ${options.syncMs} ms`,
    `stop ${config.stopLossBps} bps`,
    `trailing ${config.trailingStopBps} bps`,
    `break-even ${config.breakEvenBps} bps`,
    `at most ${config.maxPositions} position(s)`,
    ...(config.entrySlippageTicks === undefined
      ? []
      : [`entries within ${config.entrySlippageTicks} tick(s)`]),
  ];
  return `${facts.join(', ')}; faults: ${on.length === 0 ? 'none' : on.join(', ')}`;
}
