/**
 * A recorded session through a backtest: what was decided at each bar then, and what a backtest of
 * the same bars decides, bar by bar.
 * Deliberately compares decisions, not fills: bars do not know when within them a quote came.
 */
import {
  type Account,
  type Bar,
  type DecisionRecord,
  type EngineConfig,
  type ScheduledEvent,
  wall,
} from '../engine/index.ts';
import { type KnownReading, runBacktest, type Trade } from './backtest.ts';
import { type BacktestMarket, backtestMarket, type SessionRule } from './backtest-market.ts';
import { columnsOf } from './bar-columns.ts';
import type { CostRules } from './costs.ts';
import { DAY_MS } from './fcpo.ts';

/** What a journal tells of a session. */
export interface SessionFacts {
  readonly config: EngineConfig;
  readonly account: Account;
  /** Oldest first: those before the session, as far as they are known, and its own. */
  readonly bars: readonly Bar[];
  /** Oldest first. */
  readonly decisions: readonly DecisionRecord[];
  readonly readings: readonly KnownReading[];
  readonly events: readonly ScheduledEvent[] | undefined;
  /** Of the exchange that filled; the spread is that of the decisions. */
  readonly costs: CostRules;
}

/**
 * `signal`: the bar, its RSI, its trend or its side; `entry`: one entered and the other did not;
 * `gate`: neither did, for another first reason.
 */
export interface ParityDifference {
  readonly what: 'signal' | 'entry' | 'gate';
  readonly session: DecisionRecord;
  readonly backtest: DecisionRecord;
}

export interface Parity {
  /** Bars that both decided. */
  readonly compared: number;
  /** Bars before the first of them that warmed the averages up. */
  readonly warm: number;
  /** Bars since then that the session did not decide: it was not connected. */
  readonly undecided: number;
  readonly entries: { readonly session: number; readonly backtest: number };
  readonly differences: readonly ParityDifference[];
  readonly trades: readonly Trade[];
  readonly spread: number;
}

/** Averages of two histories that meet so many periods before a bar agree at it to a millionth. */
const WARM_PERIODS = 3;
const RSI_CLOSE = 1e-6;

/** A text is a sentence about why nothing can be compared. */
export function parityOf(facts: SessionFacts): Parity | string {
  const { config, account, bars, readings, events, costs } = facts;
  const needed = WARM_PERIODS * Math.max(config.emaPeriod, config.rsiPeriod);
  const warmAt = bars[needed]?.openTime ?? Number.POSITIVE_INFINITY;
  const decisions = facts.decisions.slice(beginningOf(facts.decisions, warmAt));
  const [begin] = decisions;
  if (begin === undefined)
    return `no day of it begins without a position behind ${needed} known bars`;
  const market = marketOf(bars, config.timeframeMs);
  if (typeof market === 'string') return market;
  const warm = bars.findIndex(({ openTime }) => openTime === begin.barTime);
  const spread = usualSpread(decisions);
  if (spread === undefined) return 'none of its decisions saw a quote';
  const silent = silentAt(bars, decisions, config.timeframeMs);
  const found = new Map<number, DecisionRecord>();
  const { trades } = runBacktest(
    market,
    {
      config,
      account,
      costs: { spread, slippage: costs.slippage, commission: costs.commission },
      sentiment:
        config.sentimentMode === 'off' ? { type: 'off' } : { type: 'readings', rows: readings },
      events: [...(events ?? []), ...silent].sort((a, b) => a.from - b.from),
      onRecord: (record) => {
        if (record.kind === 'decision') found.set(record.decision.barTime, record.decision);
      },
    },
    warm,
  );
  const pairs = decisions.flatMap((session) => {
    const backtest = found.get(session.barTime);
    return backtest === undefined ? [] : [{ session, backtest }];
  });
  const later = [...found.values()].filter(({ barTime }) => barTime >= begin.barTime);
  return {
    compared: pairs.length,
    warm,
    undecided: silent.length,
    entries: { session: entriesOf(decisions), backtest: entriesOf(later) },
    differences: pairs.flatMap((pair) => {
      const what = differenceOf(pair.session, pair.backtest);
      return what === undefined ? [] : [{ what, ...pair }];
    }),
    trades,
    spread,
  };
}

/**
 * What a session was not there for it could not enter: nor may the backtest, or all that follows
 * would be another story.
 */
function silentAt(
  bars: readonly Bar[],
  decisions: readonly DecisionRecord[],
  timeframeMs: number,
): ScheduledEvent[] {
  const decided = new Set(decisions.map(({ barTime }) => barTime));
  const begin = decisions[0]?.barTime ?? 0;
  return bars.flatMap(({ openTime }, at) => {
    if (openTime < begin || decided.has(openTime)) return [];
    const from = wall(openTime + timeframeMs);
    const to = wall((bars[at + 1]?.openTime ?? from) + timeframeMs - 1);
    return [{ name: 'not connected', at: from, from, to }];
  });
}

/**
 * Where the session was as a backtest begins: nothing held, and no loss of the day behind it. That
 * is its first decision, or the first of a later day.
 */
function beginningOf(decisions: readonly DecisionRecord[], warmAt: number): number {
  const dayOf = (at: number): number => Math.floor((decisions[at]?.barTime ?? 0) / DAY_MS);
  const at = decisions.findIndex(
    ({ barTime, risk: { used, slot } }, nth) =>
      barTime >= warmAt &&
      used === 0 &&
      slot === undefined &&
      (nth === 0 || dayOf(nth) !== dayOf(nth - 1)),
  );
  return at < 0 ? decisions.length : at;
}

/** By the hours of the exchange, or open where bars are when they are of another market. */
function marketOf(bars: readonly Bar[], timeframeMs: number): BacktestMarket | string {
  const columns = columnsOf(bars);
  const read = (sessions: SessionRule) => backtestMarket(columns, { timeframeMs, sessions });
  const exchange = read('fcpo');
  const found = exchange.ok ? exchange : read('bars');
  return found.ok ? found.market : found.reason;
}

function usualSpread(decisions: readonly DecisionRecord[]): BacktestSpread | undefined {
  const seen = decisions.flatMap(({ risk: { bid, ask } }) =>
    bid === undefined || ask === undefined ? [] : [(ask - bid) as BacktestSpread],
  );
  return seen.sort((a, b) => a - b)[seen.length >> 1];
}

type BacktestSpread = Parameters<typeof runBacktest>[1]['costs']['spread'];

const entriesOf = (decisions: readonly DecisionRecord[]): number =>
  decisions.filter(({ blockedBy }) => blockedBy === undefined).length;

function differenceOf(a: DecisionRecord, b: DecisionRecord): ParityDifference['what'] | undefined {
  const isBar = (['open', 'high', 'low', 'close'] as const).every(
    (name) => a.view.bar[name] === b.view.bar[name],
  );
  // Histories of other lengths: averages that began elsewhere agree to many digits, not to all.
  const isRsi = Math.abs((a.view.rsi ?? -1) - (b.view.rsi ?? -1)) <= RSI_CLOSE;
  if (!isBar || !isRsi || a.view.trend !== b.view.trend || a.side !== b.side) return 'signal';
  if (a.blockedBy === b.blockedBy) return undefined;
  return a.blockedBy === undefined || b.blockedBy === undefined ? 'entry' : 'gate';
}
