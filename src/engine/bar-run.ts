/**
 * A stretch of bars that came as one event, carried in one hand for as long as nothing but the
 * market, the list of decisions and the time can change.
 * Deliberately proofs instead of measures: a bar is taken when a few comparisons show that no gate,
 * breaker or jump makes it matter; the bar and its decision are made when somebody reads them. The
 * first bar of which that cannot be shown is left to the ordinary door, and nothing of it is kept.
 */
import { newBar } from './bars.ts';
import { DAY_MS, dayKeyOf, sessionAt } from './calendar.ts';
import { DEADLINES, type EngineConfig } from './config.ts';
import { termsOf } from './decision.ts';
import type { DecisionRecord, GateName } from './decision-record.ts';
import type { BarsEvent } from './event.ts';
import {
  beginIndicators,
  endIndicators,
  type IndicatorRun,
  isTame,
  keepBar,
  trendAt,
  tryBar,
} from './indicator-run.ts';
import { misfit } from './market.ts';
import type { Instrument } from './model.ts';
import { pauses } from './opening-gap.ts';
import { barAt, decisionAt, type Ground, judgeBar } from './quiet-run.ts';
import { isCalm, mayLoseTheDay } from './risk/breakers.ts';
import { standingOf } from './risk/gate.ts';
import { widest } from './risk/spread.ts';
import { usualSpread, withSpread } from './spreads.ts';
import type { Position } from './state.ts';
import { STRATEGIES, type StrategyMemory } from './strategy.ts';
import { atOf, movesOf } from './stretch.ts';
import { newestOf, promised } from './trail.ts';
import { change, coreToRead, type Turn } from './turn.ts';
import type { Price, Wall } from './units.ts';

/** What the next bar is held against; everything in it may change from bar to bar. */
interface Run {
  readonly turn: Turn;
  readonly ground: Ground;
  /** The same again, for it is looked at for every bar. */
  readonly event: BarsEvent;
  readonly config: EngineConfig;
  readonly position: Position | undefined;
  readonly usual: number | undefined;
  readonly instrument: Instrument;
  readonly indicators: IndicatorRun;
  /** Of the trading day and of every instant of the stretch. */
  readonly dayKey: number;
  readonly midnight: number;
  /** What blocks every entry of the run that no other gate blocks before. */
  readonly barred: GateName | undefined;
  /** The forming bar: when it opened, how far it reached, and its last quote. */
  openTime: number;
  high: number;
  low: number;
  quoteTime: number;
  /** Up to this instant calendar and schedule let entries pass. */
  openUntil: number;
  /** The worst price for the position that is known not to cost the day. */
  safe: number | undefined;
  /** The lowest bid at which the spread is known not to be too wide. */
  narrow: number;
  moves: number;
  dayHigh: number;
  dayLow: number;
  memory: StrategyMemory;
  readonly asked: Map<number, DecisionRecord>;
  readonly blockedBy: { gate: GateName | 'none'; count: number }[];
  /** The one that was counted last. */
  counted: { gate: GateName | 'none'; count: number } | undefined;
}

/**
 * Takes bars from this one on while they are quiet; the number of the first that is not, which may
 * be the very first. `first` is the stamp of the stretch.
 */
export function carryBars(turn: Turn, event: BarsEvent, from: number, first: Turn['at']): number {
  const run = beginRun(turn, event, from, first);
  if (run === undefined) return from;
  let bar = from;
  while (bar < event.to && carry(run, bar)) bar += 1;
  if (bar > from) endRun(run, bar);
  return bar;
}

function beginRun(turn: Turn, event: BarsEvent, from: number, first: Turn['at']): Run | undefined {
  const { core, market } = turn;
  const { config, instrument, link, positions, account } = core;
  const { quote, forming, day, spreads } = market;
  if (config === undefined || instrument === undefined || account === undefined) return undefined;
  if (quote === undefined || forming === undefined || day === undefined) return undefined;
  const newest = newestOf(market.closed);
  if (newest === undefined || newest.openTime >= forming.openTime) return undefined;
  // F49: a pause before this bar may be an opening gap; behind it there is none in a run.
  if (pauses(newest.openTime, forming.openTime, config.timeframeMs)) return undefined;
  const isOurs = event.instrumentId === instrument.id && event.generation === link.generation;
  if (!isOurs || link.state !== 'READY' || quote.generation !== event.generation) return undefined;
  if (quote.bid !== forming.close || quote.ask === undefined) return undefined;
  if (quote.bid !== event.columns.open[from]) return undefined;
  if (quote.ask - quote.bid !== event.spread || event.spread < 0) return undefined;
  if (withSpread(spreads, event.spread) !== spreads) return undefined;
  const [position] = positions;
  if (positions.length > 1 || core.arming.state !== 'not-possible') return undefined;
  if (position !== undefined && position.instrumentId !== instrument.id) return undefined;
  const at = atOf(event, from, first);
  if (core.awaited.length > 0 || !isCalm(turn, day.key)) return undefined;
  if (dayKeyOf(at.wall) !== day.key) return undefined;
  const standing = standingOf({ core, market, at });
  // Rates of exchange grow old, which is looked at bar by bar.
  if (standing.chain === undefined || standing.chain.length > 0) return undefined;
  const indicators = beginIndicators(market.indicators, config, event.to - from);
  if (indicators === undefined) return undefined;
  const isFull = positions.length + standing.working >= config.maxPositions;
  const asked = new Map<number, DecisionRecord>();
  const usual = usualSpread(spreads);
  const terms = termsOf(core, config, instrument);
  const { tape, first: place } = indicators;
  const ground: Ground = {
    ...{ event, from, first, core: coreToRead(core), config, terms, standing, position, usual },
    ...{ forming, tape, place, asked },
  };
  return {
    ...{ turn, ground, event, config, position, usual, instrument, indicators },
    dayKey: day.key,
    midnight: (day.key + 1) * DAY_MS,
    barred: standing.tripped.length > 0 ? 'breakers' : isFull ? 'slot' : undefined,
    openTime: forming.openTime,
    high: forming.high,
    low: forming.low,
    quoteTime: quote.time,
    openUntil: 0,
    safe: undefined,
    narrow: Number.POSITIVE_INFINITY,
    moves: 0,
    dayHigh: day.high,
    dayLow: day.low,
    memory: core.memory,
    asked,
    blockedBy: [],
    counted: undefined,
  };
}

/** One bar more, or false: then it was not taken. */
function carry(run: Run, bar: number): boolean {
  const { indicators } = run;
  const { start, open, high, low, close } = run.event.columns;
  if (!isInTime(run, bar)) return false;
  const last = close[bar] as number;
  const next = open[bar + 1] as number;
  const top = Math.max(open[bar] as number, high[bar] as number, low[bar] as number, last);
  const bottom = Math.min(open[bar] as number, high[bar] as number, low[bar] as number, last);
  const highest = Math.max(top, next);
  const lowest = Math.min(bottom, next);
  if (!isPlainRange(run, lowest, highest)) return false;
  tryBar(indicators, Math.max(run.high, top), Math.min(run.low, bottom), last);
  if (!isTame(indicators) || !isBlocked(run, bar, next)) return false;
  keepBar(indicators, last);
  run.openTime += run.config.timeframeMs;
  run.quoteTime = start[bar + 1] as number;
  run.high = next;
  run.low = next;
  run.moves += movesOf(run.event, bar) + 1;
  if (highest > run.dayHigh) run.dayHigh = highest;
  if (lowest < run.dayLow) run.dayLow = lowest;
  return true;
}

/**
 * The quotes of the bar lie inside it and in their order, and the next one, of this day, opens the
 * bar right after it: no gap, and nobody looks at it too late.
 */
function isInTime({ event, config, openTime, quoteTime, midnight }: Run, bar: number): boolean {
  const { start, end } = event.columns;
  const from = start[bar] as number;
  const to = end[bar] as number;
  const next = start[bar + 1] as number;
  const over = openTime + config.timeframeMs;
  if (!(from >= openTime && from >= quoteTime && from < over && to >= from && to <= over)) {
    return false;
  }
  return next >= over && next < over + config.timeframeMs && next < midnight;
}

/** No jump that a single quote would be held for, and nothing that the day cannot bear. */
function isPlainRange(run: Run, lowest: number, highest: number): boolean {
  const { event, config, position } = run;
  if (!(lowest > 0 && (highest - lowest) * 20 <= lowest)) return false;
  if (misfit(lowest as Price, (lowest + event.spread) as Price, config)) return false;
  if (position === undefined) return true;
  const isBuy = position.side === 'buy';
  const worst = isBuy ? lowest : highest + event.spread;
  if (run.safe !== undefined && (isBuy ? worst >= run.safe : worst <= run.safe)) return true;
  if (mayLoseTheDay(run.turn, worst as Price)) return false;
  run.safe = worst;
  return true;
}

/** Whether a gate blocks what the bar on trial may call for, so that it calls for no act. */
function isBlocked(run: Run, bar: number, bid: number): boolean {
  const gate = gateOf(run, run.event.columns.start[bar + 1] as number, bid);
  if (gate === undefined) return isBlockedInFull(run, bar, bid as Price);
  countGate(run, gate);
  return true;
}

/** The first gate that blocks the bar on trial, when that can be told without asking them all. */
function gateOf(run: Run, wall: number, bid: number): GateName | undefined {
  const { config, indicators } = run;
  if (wall > run.openUntil && !isOpen(run, wall)) return undefined;
  const { at, tape } = indicators;
  const own = STRATEGIES[config.strategy].foresee?.(
    tape.rsi[at] as number,
    trendAt(tape, at),
    config,
  );
  if (own !== 'met') return own;
  return bid >= run.narrow || isNarrow(run, bid) ? run.barred : undefined;
}

/** Whether calendar and schedule let entries pass, and until when. */
function isOpen(run: Run, wall: number): boolean {
  if (run.ground.core.schedule !== undefined) return false;
  const { state, changesAt } = sessionAt(run.instrument.sessions, wall as Wall);
  if (state !== 'open' || changesAt === undefined) return false;
  run.openUntil = changesAt - DEADLINES.beforeCloseMs;
  return wall <= run.openUntil;
}

/** Whether the spread is not too wide at a bid; then it is not at any higher one. */
function isNarrow(run: Run, bid: number): boolean {
  if (run.event.spread > widest(bid as Price, run.usual, run.config)) return false;
  run.narrow = bid;
  return true;
}

/** Asks all gates about the bar on trial and keeps the answer, unless it calls for an act. */
function isBlockedInFull(run: Run, bar: number, bid: Price): boolean {
  const { decision, intent, memory } = judgeBar(run.ground, bar, run.memory);
  if (intent !== undefined) {
    const isActing =
      decision.blockedBy === undefined || run.event.spread > widest(bid, run.usual, run.config);
    if (isActing) return false;
  }
  run.memory = memory;
  run.asked.set(bar, decision);
  countGate(run, decision.blockedBy ?? 'none');
  return true;
}

/** Counts a decision by the first gate that blocked. */
function countGate(run: Run, gate: GateName | 'none'): void {
  if (run.counted?.gate !== gate) {
    run.counted = run.blockedBy.find((one) => one.gate === gate);
    if (run.counted === undefined) {
      run.counted = { gate, count: 0 };
      run.blockedBy.push(run.counted);
    }
  }
  run.counted.count += 1;
}

/** The state and the records after all bars that were taken: those before `to`. */
function endRun(run: Run, to: number): void {
  const { turn, ground, event, memory, blockedBy } = run;
  const { from } = ground;
  const { market, core } = turn;
  const count = to - from;
  const now = atOf(event, to - 1, ground.first);
  const bid = event.columns.open[to] as Price;
  const ask = (bid + event.spread) as Price;
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
    forming: newBar(run.openTime as Wall, bid),
    indicators: endIndicators(run.indicators),
    day: {
      key: run.dayKey,
      open: market.day?.open ?? bid,
      high: run.dayHigh as Price,
      low: run.dayLow as Price,
    },
    barCount: market.barCount + count,
    quoteCount: market.quoteCount + run.moves,
    heldCount: market.heldCount,
  };
  const at = (nth: number) => decisionAt(ground, from + nth);
  turn.effects.push({ type: 'decisions', decisions: { count, blockedBy, at } });
  change(turn, { decisions: promised(core.decisions, count, at), memory });
}
