/**
 * A stretch of bars that came as one event, carried in one hand for as long as nothing but the
 * market, the list of decisions and the time can change.
 * Deliberately the measures and gates of a single bar, asked in the same order; the first bar at
 * which anything else might happen is left to the ordinary door, and nothing of it is kept.
 */
import { openPnlAt } from './accounting.ts';
import { newBar } from './bars.ts';
import { dayKeyOf } from './calendar.ts';
import type { EngineConfig } from './config.ts';
import { isLate, judge, termsOf } from './decision.ts';
import type { DecisionRecord, DecisionTerms } from './decision-record.ts';
import type { BarEvent, BarsEvent } from './event.ts';
import {
  beginIndicators,
  endIndicators,
  type IndicatorRun,
  keepBar,
  putBack,
  triedTrend,
  tryBar,
} from './indicator-run.ts';
import { longGap, misfit } from './market.ts';
import type { Bar, Instrument } from './model.ts';
import { liveReading, newsAgeMs } from './news.ts';
import { pauses } from './opening-gap.ts';
import { isCalm, isWild, mayLoseTheDay } from './risk/breakers.ts';
import { factsOf, type Standing, standingOf } from './risk/gate.ts';
import { widest } from './risk/spread.ts';
import { usualSpread, withSpread } from './spreads.ts';
import type { Position } from './state.ts';
import { STRATEGIES, type StrategyMemory, type StrategyView } from './strategy.ts';
import { newestOf, pushedAll } from './trail.ts';
import { change, record, type Turn } from './turn.ts';
import { addMoney, type Money, type Mono, type Price, type Seq, type Wall } from './units.ts';

/** When the input of a bar comes: with the first quote of the bar after it. */
export function atOf(event: BarsEvent, bar: number, first: Turn['at']): Turn['at'] {
  const wall = (event.columns.start[bar + 1] ?? 0) as Wall;
  const seq = (first.seq + bar - event.from) as Seq;
  return { seq, mono: (first.mono + (wall - first.wall)) as Mono, wall };
}

/** One bar of a stretch as an event of its own. */
export function barOf(event: BarsEvent, bar: number): BarEvent {
  const { instrumentId, generation, spread, columns } = event;
  const from = (columns.start[bar] ?? 0) as Wall;
  const low = (columns.low[bar] ?? 0) as Price;
  const high = (columns.high[bar] ?? 0) as Price;
  return {
    type: 'bar',
    instrumentId,
    generation,
    spread,
    from,
    stepMs: stepOf(event, bar),
    open: (columns.open[bar] ?? 0) as Price,
    first: event.first === 'low' ? low : high,
    second: event.first === 'low' ? high : low,
    last: (columns.close[bar] ?? 0) as Price,
    next: (columns.open[bar + 1] ?? 0) as Price,
  };
}

/** A quarter of the bar, in whole milliseconds. */
const stepOf = ({ columns }: BarsEvent, bar: number): number =>
  Math.floor(((columns.end[bar] ?? 0) - (columns.start[bar] ?? 0)) / 4);

interface Run {
  readonly turn: Turn;
  readonly event: BarsEvent;
  readonly first: Turn['at'];
  readonly config: EngineConfig;
  readonly instrument: Instrument;
  readonly terms: DecisionTerms;
  readonly standing: Standing;
  readonly position: Position | undefined;
  readonly usual: number | undefined;
  /** Of the trading day and of every instant of the stretch. */
  readonly dayKey: number;
  readonly indicators: IndicatorRun;
  /** The worst price for the position that is known not to cost the day. */
  safe: number | undefined;
  at: Turn['at'];
  quoteTime: number;
  moves: number;
  dayHigh: Price;
  dayLow: Price;
  forming: Bar;
  newest: Bar;
  memory: StrategyMemory;
  readonly closed: Bar[];
  readonly decisions: DecisionRecord[];
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
  const indicators = endIndicators(run.indicators);
  if (bar > from) endRun(run, indicators);
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
  const isOurs = event.instrumentId === instrument.id && event.generation === link.generation;
  if (!isOurs || link.state !== 'READY' || quote.generation !== event.generation) return undefined;
  if (quote.bid !== forming.close || quote.ask === undefined) return undefined;
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
  const indicators = beginIndicators(market.indicators, config);
  if (indicators === undefined) return undefined;
  return {
    turn,
    event,
    first,
    config,
    instrument,
    terms: termsOf(core, config, instrument),
    standing,
    position,
    usual: usualSpread(spreads),
    dayKey: day.key,
    indicators,
    safe: undefined,
    at: turn.at,
    quoteTime: quote.time,
    moves: 0,
    dayHigh: day.high,
    dayLow: day.low,
    forming,
    newest,
    memory: core.memory,
    closed: [],
    decisions: [],
  };
}

/** One bar more, or false: then it was not taken. */
function carry(run: Run, bar: number): boolean {
  const { event, config, forming, indicators } = run;
  const { columns } = event;
  const at = atOf(event, bar, run.first);
  if (dayKeyOf(at.wall) !== run.dayKey) return false;
  const open = (columns.open[bar] ?? 0) as Price;
  const high = (columns.high[bar] ?? 0) as Price;
  const low = (columns.low[bar] ?? 0) as Price;
  const last = (columns.close[bar] ?? 0) as Price;
  const next = (columns.open[bar + 1] ?? 0) as Price;
  if (!isInTime(run, bar, at.wall) || open !== forming.close) return false;
  const lowest = Math.min(low, last, next, open) as Price;
  const highest = Math.max(high, last, next, open, low) as Price;
  if (!isPlainRange(run, lowest, highest)) return false;
  const [first, second] = event.first === 'low' ? [low, high] : [high, low];
  const moves = (first === open ? 0 : 1) + (second === first ? 0 : 1) + (last === second ? 0 : 1);
  const grown: Bar = {
    openTime: forming.openTime,
    open: forming.open,
    high: Math.max(forming.high, high, low, last) as Price,
    low: Math.min(forming.low, high, low, last) as Price,
    close: last,
    ticks: forming.ticks + moves,
  };
  if (longGap(run.newest, grown, config, run.instrument)) return false;
  if (isLate(at.wall, grown, config)) return false;
  const nextOpen = (Math.floor(at.wall / config.timeframeMs) * config.timeframeMs) as Wall;
  // F49: a pause before this bar or after it may be an opening gap.
  if (pauses(run.newest.openTime, grown.openTime, config.timeframeMs)) return false;
  if (pauses(grown.openTime, nextOpen, config.timeframeMs)) return false;
  tryBar(indicators, grown, config);
  const { atr } = indicators.trial;
  const isTame = !isWild(atr.value, atr.range, indicators.median);
  if (!isTame || !decideQuietly(run, grown, next, at)) {
    putBack(indicators);
    return false;
  }
  keepBar(indicators);
  run.closed.push(grown);
  run.newest = grown;
  run.forming = newBar(nextOpen, next);
  run.moves += moves + 1;
  run.quoteTime = at.wall;
  run.at = at;
  if (highest > run.dayHigh) run.dayHigh = highest;
  if (lowest < run.dayLow) run.dayLow = lowest;
  return true;
}

/** The quotes of the bar lie inside it and in their order, and the next one opens another bar. */
function isInTime({ event, config, forming, quoteTime }: Run, bar: number, wall: Wall): boolean {
  const from = event.columns.start[bar] ?? 0;
  const step = stepOf(event, bar);
  const over = forming.openTime + config.timeframeMs;
  const begin = from + step;
  const end = begin + 2 * step;
  return begin >= forming.openTime && begin >= quoteTime && end < over && wall >= over;
}

/** No jump that a single quote would be held for, and nothing that the day cannot bear. */
function isPlainRange(run: Run, lowest: Price, highest: Price): boolean {
  const { event, config, position } = run;
  if (lowest <= 0 || (highest - lowest) * 20 > lowest) return false;
  if (misfit(lowest, (lowest + event.spread) as Price, config)) return false;
  if (position === undefined) return true;
  const isBuy = position.side === 'buy';
  const worst = (isBuy ? lowest : highest + event.spread) as Price;
  if (run.safe !== undefined && (isBuy ? worst >= run.safe : worst <= run.safe)) return true;
  if (mayLoseTheDay(run.turn, worst)) return false;
  run.safe = worst;
  return true;
}

/** Asks the gates about the bar on trial and keeps the answer, unless it calls for an act. */
function decideQuietly(run: Run, bar: Bar, bid: Price, at: Turn['at']): boolean {
  const { event, config, turn, terms, standing, usual, indicators } = run;
  const { core } = turn;
  const now = { core, at };
  const view: StrategyView = {
    instrumentId: event.instrumentId,
    bar,
    rsi: indicators.trial.rsiNow,
    trend: triedTrend(indicators),
    sentiment: liveReading(now),
    sentimentAgeMs: newsAgeMs(now),
  };
  const verdict = STRATEGIES[config.strategy].onBar(view, run.memory, config);
  const { intent } = verdict;
  const ask = (bid + event.spread) as Price;
  const equity = equityAt(run, bid, ask);
  const seen = { data: undefined, bid, ask, usualSpread: usual, equity };
  const risk = factsOf(now, standing, seen, intent);
  const { decision } = judge(at.wall, terms, view, verdict, risk);
  if (intent !== undefined) {
    const isActing = decision.blockedBy === undefined || event.spread > widest(bid, usual, config);
    if (isActing) return false;
  }
  run.memory = verdict.memory;
  run.decisions.push(decision);
  return true;
}

/** Balance and what the position is worth at these prices. */
function equityAt({ turn, position }: Run, bid: Price, ask: Price): Money | undefined {
  const { core } = turn;
  const balance = core.account?.balance;
  if (position === undefined || balance === undefined) return balance;
  const open = openPnlAt(position, core, position.side === 'buy' ? bid : ask);
  return open === undefined ? undefined : addMoney(balance, open);
}

/** The state and the records after all bars that were taken. */
function endRun(run: Run, indicators: Turn['market']['indicators']): void {
  const { turn, event, at, forming, closed, decisions, memory } = run;
  const { market, core } = turn;
  const bid = forming.close;
  const ask = (bid + event.spread) as Price;
  turn.at = at;
  turn.market = {
    quote: {
      generation: event.generation,
      bid,
      ask,
      time: at.wall,
      acceptedAt: at.mono,
      initial: false,
      heardBid: bid,
      heardAsk: ask,
      heldPrice: undefined,
      heldCount: 0,
    },
    anchor: market.anchor,
    spreads: market.spreads,
    closed: pushedAll(market.closed, closed),
    forming,
    indicators,
    day: {
      key: run.dayKey,
      open: market.day?.open ?? bid,
      high: run.dayHigh,
      low: run.dayLow,
    },
    barCount: market.barCount + closed.length,
    quoteCount: market.quoteCount + run.moves,
    heldCount: market.heldCount,
  };
  for (const decision of decisions) record(turn, { kind: 'decision', decision });
  change(turn, { decisions: pushedAll(core.decisions, decisions), memory });
}
