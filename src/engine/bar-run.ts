/**
 * A stretch of bars that came as one event, carried in one hand for as long as nothing but the
 * market, the list of decisions and the time can change.
 * Deliberately proofs instead of measures: a bar is taken when a few comparisons show that no gate,
 * breaker or jump makes it matter; the bar and its decision are made when somebody reads them. The
 * first bar of which that cannot be shown is left to the ordinary door, and nothing of it is kept.
 */
import { type BarFacts, factsOfBars } from './bar-facts.ts';
import { newBar, TRENDS, type TrendCode } from './bars.ts';
import { dayKeyOf, sessionAt } from './calendar.ts';
import { DEADLINES, type EngineConfig } from './config.ts';
import { termsOf } from './decision.ts';
import type { DecisionRecord, GateName } from './decision-record.ts';
import type { BarsEvent } from './event.ts';
import {
  beginIndicators,
  endIndicators,
  type IndicatorRun,
  measure,
  tameUntil,
} from './indicator-run.ts';
import { type DayRange, longGap, type MarketState, misfit } from './market.ts';
import type { Bar, Instrument } from './model.ts';
import { gapOf, pauses } from './opening-gap.ts';
import { barAt, decisionAt, type Ground, judgeBar } from './quiet-run.ts';
import { isCalm, mayLoseTheDay } from './risk/breakers.ts';
import { standingOf } from './risk/gate.ts';
import { isTooSmall } from './risk/sizing.ts';
import { widest } from './risk/spread.ts';
import { eventFreeUntil } from './schedule.ts';
import { usualSpread, withSpread } from './spreads.ts';
import type { At, Position } from './state.ts';
import { type Idle, STRATEGIES, type Strategy, type StrategyMemory } from './strategy.ts';
import { atOf } from './stretch.ts';
import { newestOf, promised } from './trail.ts';
import { coreToRead, owned, type Turn } from './turn.ts';
import type { Price, Wall } from './units.ts';

/** What bars are held against. What may change from bar to bar is in the second half. */
interface Run {
  readonly turn: Turn;
  readonly ground: Ground;
  readonly event: BarsEvent;
  readonly config: EngineConfig;
  readonly strategy: Strategy<StrategyMemory>;
  readonly idle: Idle;
  readonly position: Position | undefined;
  readonly usual: number | undefined;
  readonly instrument: Instrument;
  readonly indicators: IndicatorRun;
  readonly day: DayRange;
  readonly facts: BarFacts;
  /** Whether the two sides fit together at every price of the history. */
  readonly isEverFit: boolean;
  /** What blocks every entry of the run that no other gate blocks before. */
  readonly barred: GateName | undefined;
  readonly asked: Map<number, DecisionRecord>;
  readonly blockedBy: { gate: GateName | 'none'; count: number }[];
  /** The one that was counted last. */
  counted: { gate: GateName | 'none'; count: number } | undefined;
  /** Before this instant calendar and schedule let entries pass. */
  openBefore: number;
  /** The worst price for the position that is known not to cost the day. */
  safe: number;
  /** The lowest bid at which the spread is known not to be too wide. */
  narrow: number;
  /** The lowest bid at which the account is known to be too small for the least volume. */
  dear: number;
  memory: StrategyMemory;
}

const NEVER_IDLE: Idle = { from: 1, to: 0, unmet: 'signal' };

/** So many bars are measured at once: few in vain when one of them acts. */
const BLOCK_BARS = 32;

/**
 * Takes bars from this one on while they are quiet; the number of the first that is not, which may
 * be the very first. `first` is the stamp of the stretch.
 */
export function carryBars(turn: Turn, event: BarsEvent, from: number, first: At): number {
  const run = beginRun(turn, event, from, first);
  if (run === undefined) return from;
  let bar = from;
  while (bar < event.to) {
    const end = Math.min(event.to, bar + BLOCK_BARS);
    bar = quietUntil(run, bar, plainUntil(run, bar, end));
    if (bar < end) break;
  }
  if (bar > from) endRun(run, bar);
  return bar;
}

function beginRun(turn: Turn, event: BarsEvent, from: number, first: At): Run | undefined {
  const { core, market } = turn;
  const { config, instrument, positions } = core;
  const { forming, day, spreads } = market;
  if (config === undefined || instrument === undefined) return undefined;
  if (forming === undefined || day === undefined) return undefined;
  const at = atOf(event, from, first);
  if (dayKeyOf(at.wall) !== day.key) return undefined;
  const start = event.columns.start[from] as number;
  if (!isQuotedOnly(turn, event, from)) return undefined;
  if (!goesOn(market, forming, start, config, instrument)) return undefined;
  const [position] = positions;
  if (positions.length > 1 || core.arming.state !== 'not-possible') return undefined;
  if (position !== undefined && position.instrumentId !== instrument.id) return undefined;
  if (core.awaited.length > 0 || !isCalm(turn, day.key)) return undefined;
  const standing = standingOf({ core, market, at });
  // Rates of exchange grow old, which is looked at bar by bar.
  if (standing.chain === undefined || standing.chain.length > 0) return undefined;
  const indicators = beginIndicators(market.indicators, forming, config, event.to - from);
  if (indicators === undefined) return undefined;
  const isFull = positions.length + standing.working >= config.maxPositions;
  const asked = new Map<number, DecisionRecord>();
  const usual = usualSpread(spreads);
  const terms = termsOf(core, config, instrument);
  const { track } = indicators;
  const strategy = STRATEGIES[config.strategy];
  const facts = factsOfBars(event.columns, config.timeframeMs);
  const lowest = facts.lowest as Price;
  const ground: Ground = {
    event,
    from,
    first,
    core: coreToRead(core),
    config,
    terms,
    standing,
    position,
    usual,
    forming,
    track,
    asked,
  };
  return {
    turn,
    ground,
    event,
    config,
    position,
    usual,
    instrument,
    indicators,
    day,
    asked,
    facts,
    isEverFit: lowest > 0 && !misfit(lowest, (lowest + event.spread) as Price, config),
    strategy,
    idle: strategy.idle?.(config) ?? NEVER_IDLE,
    barred: standing.tripped.length > 0 ? 'breakers' : isFull ? 'slot' : undefined,
    blockedBy: [],
    counted: undefined,
    openBefore: 0,
    safe: position?.side === 'buy' ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY,
    narrow: Number.POSITIVE_INFINITY,
    dear: Number.POSITIVE_INFINITY,
    memory: core.memory,
  };
}

/** Whether the last quote is the first of the bar, and its spread the only one that is known. */
function isQuotedOnly({ core, market }: Turn, event: BarsEvent, from: number): boolean {
  const { account, instrument, link } = core;
  const { quote, forming, spreads } = market;
  const { open, start } = event.columns;
  if (account === undefined || quote?.ask === undefined || quote.bid === undefined) return false;
  const isOurs = event.instrumentId === instrument?.id && event.generation === link.generation;
  if (!isOurs || link.state !== 'READY' || quote.generation !== event.generation) return false;
  if (quote.bid !== forming?.close || quote.bid !== open[from]) return false;
  if (quote.time > (start[from] ?? 0)) return false;
  if (quote.ask - quote.bid !== event.spread || event.spread < 0) return false;
  return withSpread(spreads, event.spread) === spreads;
}

/** Whether the forming bar follows the newest closed one, with no gap that anybody would mind. */
function goesOn(
  { closed, indicators }: MarketState,
  forming: Bar,
  start: number,
  config: EngineConfig,
  instrument: Instrument,
): boolean {
  const newest = newestOf(closed);
  if (newest === undefined || newest.openTime >= forming.openTime) return false;
  const { timeframeMs } = config;
  if (Math.floor(start / timeframeMs) * timeframeMs !== forming.openTime) return false;
  if (!pauses(newest.openTime, forming.openTime, timeframeMs)) return true;
  // F49, F76: behind the first bar there is no pause in a run.
  if (longGap(newest, forming, config, instrument)) return false;
  return gapOf(newest, forming, newestOf(indicators.atrSample)) === undefined;
}

/** The first bar from this one on that is not plain, or that the day cannot bear. */
function plainUntil(run: Run, from: number, to: number): number {
  const { event, config, facts, position } = run;
  const plain = Math.min(to, facts.plainTo[from] as number);
  if (position === undefined && run.isEverFit) return plain;
  const { open, high, low } = event.columns;
  const isBuy = position?.side === 'buy';
  let { safe } = run;
  for (let bar = from; bar < plain; bar += 1) {
    const next = open[bar + 1] as number;
    const [top, bottom] = [high[bar] as number, low[bar] as number];
    const lowest = next < bottom ? next : bottom;
    if (!run.isEverFit && misfit(lowest as Price, (lowest + event.spread) as Price, config)) {
      return bar;
    }
    if (position === undefined) continue;
    const worst = isBuy ? lowest : (next > top ? next : top) + event.spread;
    if (isBuy ? worst >= safe : worst <= safe) continue;
    const bearable = bearableTo(run.turn, worst, isBuy);
    if (bearable === undefined) return bar;
    safe = bearable;
  }
  run.safe = safe;
  return plain;
}

/** A worst price for the position that the day can bear, this one or one beyond; or nothing. */
function bearableTo(turn: Turn, worst: number, isBuy: boolean): number | undefined {
  // Somewhat further off, so that the next bars need no look of their own.
  const step = Math.floor(worst / 256);
  const beyond = isBuy ? worst - step : worst + step;
  if (!mayLoseTheDay(turn, beyond as Price)) return beyond;
  return mayLoseTheDay(turn, worst as Price) ? undefined : worst;
}

/** Measures bars; the first of them that might trip a breaker or call for an act. */
function quietUntil(run: Run, from: number, to: number): number {
  const { indicators, ground, event } = run;
  measure(indicators, event.columns, from, to);
  const ahead = indicators.first - ground.from;
  return blockedUntil(run, from, tameUntil(indicators, from + ahead, to + ahead) - ahead);
}

/** The first of the measured bars that no gate blocks; the gates of the others are counted. */
function blockedUntil(run: Run, from: number, to: number): number {
  const { ground, event, config, strategy } = run;
  const { start, open } = event.columns;
  const { tape } = ground.track;
  const ahead = ground.track.from - ground.from;
  const { from: least, to: most, unmet } = run.idle;
  let idle = 0;
  for (let bar = from; bar < to; bar += 1) {
    const wall = start[bar + 1] as number;
    const rsi = tape.rsi[bar + ahead] as number;
    if (rsi >= least && rsi <= most && wall < run.openBefore) {
      idle += 1;
      continue;
    }
    if (idle > 0) countGate(run, unmet, idle);
    idle = 0;
    let own: GateName | 'met' | undefined;
    if (wall < run.openBefore || isOpen(run, wall as Wall)) {
      const trend = TRENDS[tape.trend[bar + ahead] as TrendCode];
      own = strategy.foresee?.(rsi, trend, config);
    }
    const gate = own === 'met' ? laterGate(run, open[bar + 1] as number) : own;
    if (gate !== undefined) countGate(run, gate, 1);
    // Nothing foreseen is against it, so it most likely acts: that is for the ordinary door.
    else if (own === 'met' || !isBlockedInFull(run, bar)) return bar;
  }
  if (idle > 0) countGate(run, unmet, idle);
  return to;
}

/** What blocks a bar that its own gates let pass, when that can be told without asking them. */
function laterGate(run: Run, bid: number): GateName | undefined {
  if (bid < run.narrow && !isNarrow(run, bid)) return undefined;
  if (run.barred !== undefined) return run.barred;
  return bid >= run.dear || isDear(run, bid) ? 'size' : undefined;
}

/** Whether calendar and schedule let entries pass, and before which instant they go on to. */
function isOpen(run: Run, wall: Wall): boolean {
  const { state, changesAt } = sessionAt(run.instrument.sessions, wall);
  const free = eventFreeUntil({ core: run.ground.core, at: { wall } });
  if (state !== 'open' || changesAt === undefined || free === undefined) return false;
  run.openBefore = Math.min(changesAt - DEADLINES.beforeCloseMs + 1, free);
  return wall < run.openBefore;
}

/** Whether the spread is not too wide at a bid; then it is not at any higher one. */
function isNarrow(run: Run, bid: number): boolean {
  if (run.event.spread > widest(bid as Price, run.usual, run.config)) return false;
  run.narrow = bid;
  return true;
}

/** Whether the account is too small for the least volume at a bid; then it is at any higher one. */
function isDear(run: Run, bid: number): boolean {
  const { config, terms, standing, core } = run.ground;
  const { usedMargin, chain } = standing;
  const { account: grid, instrument } = terms;
  const equity = core.account?.balance;
  // With a position equity moves; and an order whose end is open is in the way before any size.
  if (run.position !== undefined || standing.working > 0) return false;
  if (grid === undefined || equity === undefined) return false;
  const at = bid as Price;
  if (!isTooSmall({ config, instrument, account: grid, equity, usedMargin, at, chain })) {
    return false;
  }
  run.dear = bid;
  return true;
}

/** Asks all gates about a bar, unless it calls for an act; keeps what cannot be asked again. */
function isBlockedInFull(run: Run, bar: number): boolean {
  const { ground, event } = run;
  const { judgement, memory } = judgeBar(ground, bar, run.memory);
  const { decision, intent } = judgement;
  if (intent !== undefined) {
    const bid = event.columns.open[bar + 1] as Price;
    const isActing =
      decision.blockedBy === undefined || event.spread > widest(bid, run.usual, run.config);
    if (isActing) return false;
  }
  if (run.memory !== ground.core.memory) run.asked.set(bar, decision);
  run.memory = memory;
  countGate(run, decision.blockedBy ?? 'none', 1);
  return true;
}

/** Counts decisions by the first gate that blocked. */
function countGate(run: Run, gate: GateName | 'none', times: number): void {
  if (run.counted?.gate !== gate) {
    run.counted = run.blockedBy.find((one) => one.gate === gate);
    if (run.counted === undefined) {
      run.counted = { gate, count: 0 };
      run.blockedBy.push(run.counted);
    }
  }
  run.counted.count += times;
}

/** The state and the records after all bars that were taken: those before `to`. */
function endRun(run: Run, to: number): void {
  const { turn, ground, event, memory, blockedBy } = run;
  const { from, config } = ground;
  const { market, core } = turn;
  const count = to - from;
  const now = atOf(event, to - 1, ground.first);
  const bid = event.columns.open[to] as Price;
  const ask = (bid + event.spread) as Price;
  const quotes = run.facts.quotes[event.first];
  const opened = (ground.forming.openTime + count * config.timeframeMs) as Wall;
  turn.at = now;
  turn.market = {
    quote: {
      generation: event.generation,
      bid,
      ask,
      time: now.wall,
      acceptedAt: now.mono,
      initial: false,
      heardBid: bid,
      heardAsk: ask,
      heldPrice: undefined,
      heldCount: 0,
    },
    anchor: market.anchor,
    spreads: market.spreads,
    closed: promised(market.closed, count, (nth) => barAt(ground, from + nth)),
    forming: newBar(opened, bid),
    indicators: endIndicators(run.indicators, count, event.columns.close[to - 1] as number),
    day: grownDay(run, to),
    barCount: market.barCount + count,
    quoteCount: market.quoteCount + (quotes[to] as number) - (quotes[from] as number),
    heldCount: market.heldCount,
  };
  const at = (nth: number) => decisionAt(ground, from + nth);
  turn.effects.push({ type: 'decisions', decisions: { count, blockedBy, at } });
  const next = owned(turn);
  next.decisions = promised(core.decisions, count, at);
  next.memory = memory;
}

/** How far the day reaches with these bars and the first quote after them. */
function grownDay({ event, ground, day }: Run, to: number): DayRange {
  const { high, low, open } = event.columns;
  const { key, open: first } = day;
  let top: number = Math.max(day.high, open[to] as number);
  let bottom: number = Math.min(day.low, open[to] as number);
  for (let bar = ground.from; bar < to; bar += 1) {
    if ((high[bar] as number) > top) top = high[bar] as number;
    if ((low[bar] as number) < bottom) bottom = low[bar] as number;
  }
  return { key, open: first, high: top as Price, low: bottom as Price };
}
