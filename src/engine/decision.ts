/**
 * "Why / why not" for every closed bar: runs the gates in order and keeps what each one saw.
 * Deliberately produces the record by deciding; it is never reconstructed afterwards.
 */

import { bounded, trendOf } from './bars.ts';
import { type EngineConfig, LIMITS } from './config.ts';
import type { Decision, GateName, GateResult } from './decision-record.ts';
import { volumeText } from './format.ts';
import { rsiValue } from './indicators.ts';
import type { Bar, Intent } from './model.ts';
import { liveReading, newsAgeMs } from './news.ts';
import { beginOrder } from './orders.ts';
import { approve, calendarGate, dataGate, riskGates } from './risk/gate.ts';
import type { Sizing } from './risk/sizing.ts';
import { eventGate } from './schedule.ts';
import { STRATEGIES, type StrategyView } from './strategy.ts';
import { change, configOf, record, type Turn } from './turn.ts';

/** Decides on a bar that just closed, records why, and begins the order if every gate passed. */
export function decideBar(turn: Turn, bar: Bar): void {
  const config = configOf(turn);
  const { instrument } = turn.core;
  if (instrument === undefined) return;
  const view = strategyView(turn, bar, config, instrument.id);
  const verdict = STRATEGIES[config.strategy].onBar(view, turn.core.memory, config);
  change(turn, { memory: verdict.memory });
  const { intent } = verdict;
  const risk = riskGates(turn, intent, intent?.side ?? 'buy');
  const data = lateGate(turn, bar, config) ?? dataGate(turn, config);
  const gates = [data, calendarGate(turn), eventGate(turn), ...verdict.gates, ...risk.gates];
  const blocked = gates.find((one) => !one.pass);
  const decision: Decision = {
    barTime: bar.openTime,
    decidedAt: turn.at.wall,
    side: intent?.side,
    signalId: intent?.signalId,
    gates,
    blockedBy: blocked?.gate,
    sentence: sentenceOf(intent, risk.sizing, blocked),
  };
  change(turn, { decisions: bounded(turn.core.decisions, decision, LIMITS.decisions) });
  record(turn, { kind: 'decision', decision });
  if (intent === undefined || blocked !== undefined || !risk.sizing.ok) return;
  beginOrder(turn, approve(intent, risk.sizing));
}

/** A bar that is looked at long after its end, as after a suspend, is no news (F65 F76). */
function lateGate(turn: Turn, bar: Bar, config: EngineConfig): GateResult | undefined {
  const lateMs = turn.at.wall - (bar.openTime + config.timeframeMs);
  if (lateMs <= config.timeframeMs) return undefined;
  const value = `bar ended ${Math.floor(lateMs / 60_000)} min ago`;
  return { gate: 'data', pass: false, value, threshold: 'a bar that just ended' };
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

const GATE_WORDS: Readonly<Record<GateName, string>> = {
  data: 'data:',
  calendar: 'calendar:',
  event: 'event:',
  signal: 'RSI',
  trend: 'trend',
  sentiment: 'sentiment',
  spread: 'spread',
  breakers: 'breaker',
  slot: 'positions:',
  size: 'size:',
  state: 'state:',
};

function sentenceOf(
  intent: Intent | undefined,
  sizing: Sizing,
  blocked: GateResult | undefined,
): string {
  if (blocked !== undefined) {
    return `no entry: ${GATE_WORDS[blocked.gate]} ${blocked.value}, needs ${blocked.threshold}`;
  }
  if (intent === undefined || !sizing.ok) return 'no entry';
  return `enter ${intent.side} ${volumeText(sizing.volume)}: ${intent.reason}`;
}
