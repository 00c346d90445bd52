/**
 * A decision in words: every gate with its value and threshold, and one sentence.
 * Deliberately made from the record alone, whenever somebody wants to read it, and the same always.
 */
import type { Decision, DecisionRecord, GateName, GateResult } from './decision-record.ts';
import { volumeText } from './format.ts';
import { sizeBy } from './risk/gate.ts';
import {
  breakersGate,
  calendarGate,
  dataGate,
  scheduleGate,
  sizeGate,
  slotGate,
  spreadGate,
  stateGate,
} from './risk/gate-words.ts';
import type { Sizing } from './risk/sizing.ts';
import { STRATEGIES } from './strategy.ts';

/** What `decideBar` notes for a bar that is looked at too late. */
export const LATE = 'the bar ended long ago';

export function shownDecision(record: DecisionRecord): Decision {
  const { barTime, decidedAt, side, signalId, blockedBy, terms, risk, view } = record;
  const { config } = terms;
  const sizing = sizeBy(terms, risk, side ?? 'buy');
  const lateMin = Math.floor((decidedAt - (barTime + config.timeframeMs)) / 60_000);
  const gates = [
    dataGate(risk, config, risk.data === LATE ? lateMin : undefined),
    calendarGate(risk),
    scheduleGate(risk),
    ...STRATEGIES[config.strategy].gates(view, config),
    spreadGate(risk, config),
    breakersGate(risk),
    slotGate(risk, config),
    sizeGate(sizing, terms),
    stateGate(risk),
  ];
  const blocked = gates.find((one) => one.gate === blockedBy);
  const sentence = sentenceOf(record, sizing, blocked);
  return { barTime, decidedAt, side, signalId, gates, blockedBy, sentence };
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
  { side, reason }: DecisionRecord,
  sizing: Sizing,
  blocked: GateResult | undefined,
): string {
  if (blocked !== undefined) {
    return `no entry: ${GATE_WORDS[blocked.gate]} ${blocked.value}, needs ${blocked.threshold}`;
  }
  if (side === undefined || !sizing.ok) return 'no entry';
  return `enter ${side} ${volumeText(sizing.volume)}: ${reason}`;
}
