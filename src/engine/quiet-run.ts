/**
 * What is known of the bars of a stretch that were taken: enough to make each bar and the decision
 * on it, which happens when somebody reads them.
 * Deliberately takes no bar itself, and keeps the state as it was when the stretch began.
 */
import { openPnlAt } from './accounting.ts';
import { newBar } from './bars.ts';
import type { EngineConfig } from './config.ts';
import { type Judgement, judge } from './decision.ts';
import type { DecisionRecord, DecisionTerms, StrategyView } from './decision-record.ts';
import type { BarsEvent } from './event.ts';
import { type Track, tracked } from './indicator-run.ts';
import type { Bar } from './model.ts';
import { liveReading, newsAgeMs } from './news.ts';
import { factsOf, type Standing } from './risk/gate.ts';
import type { At, Position } from './state.ts';
import { STRATEGIES, type StrategyMemory } from './strategy.ts';
import { atOf, movesOf } from './stretch.ts';
import type { CoreToRead } from './turn.ts';
import { addMoney, type Money, type Price, type Wall } from './units.ts';

/** What stays the same for all bars of a run: kept for as long as one of them may be read. */
export interface Ground {
  readonly event: BarsEvent;
  /** The first bar of the run, and the stamp of the first of the stretch. */
  readonly from: number;
  readonly first: At;
  /** As it was when the run began. */
  readonly core: CoreToRead;
  readonly config: EngineConfig;
  readonly terms: DecisionTerms;
  readonly standing: Standing;
  readonly position: Position | undefined;
  readonly usual: number | undefined;
  /** The forming bar when the run began. */
  readonly forming: Bar;
  readonly track: Track;
  /** Decisions that were made with another memory of the strategy, by bar. */
  readonly asked: ReadonlyMap<number, DecisionRecord>;
}

/** A bar that was taken. */
export function barAt(ground: Ground, bar: number): Bar {
  const { event, config, from } = ground;
  const { start, open, high, low, close } = event.columns;
  const last = close[bar] as Price;
  const opened = (Math.floor((start[bar] as number) / config.timeframeMs) *
    config.timeframeMs) as Wall;
  const forming = bar === from ? ground.forming : newBar(opened, open[bar] as Price);
  const [top, bottom] = [high[bar] as number, low[bar] as number];
  return {
    openTime: forming.openTime,
    open: forming.open,
    high: Math.max(forming.high, top, bottom, last) as Price,
    low: Math.min(forming.low, top, bottom, last) as Price,
    close: last,
    ticks: forming.ticks + movesOf(event, bar),
  };
}

/** What is said of a bar, and what the strategy remembers after it. */
interface Judged {
  readonly judgement: Judgement;
  readonly memory: StrategyMemory;
}

/** Asks the strategy and every gate about a bar. */
export function judgeBar(ground: Ground, bar: number, memory: StrategyMemory): Judged {
  const { event, config, core, terms, standing, usual } = ground;
  const { rsi, trend } = tracked(ground.track, bar - ground.from);
  const at = atOf(event, bar, ground.first);
  const now = { core, at };
  const view: StrategyView = {
    instrumentId: event.instrumentId,
    bar: barAt(ground, bar),
    rsi,
    trend,
    sentiment: liveReading(now),
    sentimentAgeMs: newsAgeMs(now),
  };
  const verdict = STRATEGIES[config.strategy].onBar(view, memory, config);
  const bid = event.columns.open[bar + 1] as Price;
  const ask = (bid + event.spread) as Price;
  const equity = equityAt(ground, bid, ask);
  const seen = { data: undefined, bid, ask, usualSpread: usual, equity };
  const risk = factsOf(now, standing, seen, verdict.intent);
  return { judgement: judge(at.wall, terms, view, verdict, risk), memory: verdict.memory };
}

/** Balance and what the position is worth at these prices. */
function equityAt({ core, position }: Ground, bid: Price, ask: Price): Money | undefined {
  const balance = core.account?.balance;
  if (position === undefined || balance === undefined) return balance;
  const open = openPnlAt(position, core, position.side === 'buy' ? bid : ask);
  return open === undefined ? undefined : addMoney(balance, open);
}

/** The decision on a bar that was taken, or as it was made then. */
export const decisionAt = (ground: Ground, bar: number): DecisionRecord =>
  ground.asked.get(bar) ?? judgeBar(ground, bar, ground.core.memory).judgement.decision;
