/**
 * "Why / why not" for every closed bar: asks the gates in order and keeps what each one measured.
 * Deliberately finds no words: they are made from the record when somebody reads it.
 */

import { trendOf } from './bars.ts';
import type { EngineConfig } from './config.ts';
import type { DecisionRecord, DecisionTerms, RiskFacts } from './decision-record.ts';
import { LATE } from './decision-words.ts';
import { rsiValue } from './indicators.ts';
import type { Account, Bar, Instrument, Intent } from './model.ts';
import { liveReading, newsAgeMs } from './news.ts';
import { beginOrder } from './orders.ts';
import { approve, measureRisk, sizeBy, unmetBeforeSize, unmetFirst } from './risk/gate.ts';
import type { Sizing } from './risk/sizing.ts';
import { isTooWide } from './risk/spread.ts';
import { noteSpreadRefusal } from './risk/tallies.ts';
import type { Core } from './state.ts';
import { STRATEGIES, type StrategyVerdict, type StrategyView } from './strategy.ts';
import { pushed } from './trail.ts';
import { configOf, owned, record, type Turn } from './turn.ts';
import type { Wall } from './units.ts';

/** What a closed bar calls for, and what stands against it. */
export interface Judgement {
  readonly decision: DecisionRecord;
  readonly intent: Intent | undefined;
  /** How large an entry may be, when every gate before the size was met. */
  readonly sizing: Sizing | undefined;
}

/** Decides on a bar that just closed, records why, and begins the order if every gate passed. */
export function decideBar(turn: Turn, bar: Bar): void {
  const config = configOf(turn);
  const { instrument, memory } = turn.core;
  if (instrument === undefined) return;
  const view = strategyView(turn, bar, config, instrument.id);
  const verdict = STRATEGIES[config.strategy].onBar(view, memory, config);
  const doubt = isLate(turn.at.wall, bar, config) ? LATE : undefined;
  const risk = measureRisk(turn, config, verdict.intent, doubt);
  const terms = termsOf(turn.core, config, instrument);
  const { decision, intent, sizing } = judge(turn.at.wall, terms, view, verdict, risk);
  const core = owned(turn);
  core.decisions = pushed(core.decisions, decision);
  core.memory = verdict.memory;
  record(turn, { kind: 'decision', decision });
  if (intent !== undefined && isTooWide(turn)) noteSpreadRefusal(turn);
  if (intent === undefined || decision.blockedBy !== undefined || !sizing?.ok) return;
  beginOrder(turn, approve(intent, sizing));
}

/** Asks the gates in their order; changes nothing. */
export function judge(
  decidedAt: Wall,
  terms: DecisionTerms,
  view: StrategyView,
  verdict: StrategyVerdict<unknown>,
  risk: RiskFacts,
): Judgement {
  const { config } = terms;
  const { intent } = verdict;
  const before = unmetFirst(risk) ?? verdict.unmet ?? unmetBeforeSize(risk, config);
  const isAsked = before === undefined && intent !== undefined;
  const sizing: Sizing | undefined = isAsked ? sizeBy(terms, risk, intent.side) : undefined;
  const stops = sizing?.ok === false ? 'size' : risk.state === undefined ? undefined : 'state';
  const decision: DecisionRecord = {
    barTime: view.bar.openTime,
    decidedAt,
    side: intent?.side,
    signalId: intent?.signalId,
    reason: intent?.reason,
    blockedBy: before ?? stops,
    terms,
    view,
    risk,
  };
  return { decision, intent, sizing };
}

/** A bar that is looked at long after its end, as after a suspend, is no news (F65 F76). */
export const isLate = (now: Wall, bar: Bar, { timeframeMs }: EngineConfig): boolean =>
  now - (bar.openTime + timeframeMs) > timeframeMs;

/** The terms of the last decision, because the next one nearly always shares them. */
const known: { instrument: Instrument | undefined; terms: DecisionTerms | undefined } = {
  instrument: undefined,
  terms: undefined,
};

export function termsOf(
  { account }: Core,
  config: EngineConfig,
  instrument: Instrument,
): DecisionTerms {
  const { terms } = known;
  const same = terms?.config === config && known.instrument === instrument;
  if (
    same &&
    terms.account?.currency === account?.currency &&
    terms.account?.exponent === account?.exponent &&
    terms.account?.leverageCents === account?.leverageCents
  ) {
    return terms;
  }
  const { sessions: _sessions, description: _description, ...grid } = instrument;
  const made: DecisionTerms = { config, instrument: grid, account: accountTerms(account) };
  known.instrument = instrument;
  known.terms = made;
  return made;
}

function accountTerms(account: Account | undefined): DecisionTerms['account'] {
  if (account === undefined) return undefined;
  const { currency, exponent, leverageCents } = account;
  return { currency, exponent, leverageCents };
}

function strategyView(
  turn: Turn,
  bar: Bar,
  config: EngineConfig,
  instrumentId: StrategyView['instrumentId'],
): StrategyView {
  const { indicators } = turn.market;
  return {
    instrumentId,
    bar,
    rsi: rsiValue(indicators.rsi, config.rsiPeriod),
    trend: trendOf(indicators),
    sentiment: liveReading(turn),
    sentimentAgeMs: newsAgeMs(turn),
  };
}
