/**
 * The gates of risk in words: value and threshold of each, from what was measured.
 * Deliberately decides nothing: whether a gate is met is asked where it is decided, in `gate.ts`.
 */
import type { EngineConfig } from '../config.ts';
import type { DecisionTerms, GateResult, RiskFacts } from '../decision-record.ts';
import { bpsText, moneyText, volumeText } from '../format.ts';
import { mulDiv } from '../units.ts';
import { isEnding, isTaken, isWide } from './gate.ts';
import type { Sizing } from './sizing.ts';
import { widest } from './spread.ts';

/** `lateMin`: so many minutes ago the bar ended that was looked at too late; absent in time. */
export function dataGate(
  { data }: RiskFacts,
  config: EngineConfig,
  lateMin?: number | undefined,
): GateResult {
  const seconds = config.quoteAgeMaxMs / 1_000;
  const isLate = lateMin !== undefined;
  return {
    gate: 'data',
    pass: data === undefined,
    value: isLate ? `bar ended ${lateMin} min ago` : (data ?? 'fresh'),
    threshold: isLate ? 'a bar that just ended' : `quote at most ${seconds} s old, RSI ready`,
  };
}

export function calendarGate(facts: RiskFacts): GateResult {
  const { session, leftMs } = facts;
  const closed = session === 'none' ? 'no instrument' : `session ${session}`;
  return {
    gate: 'calendar',
    pass: !isEnding(facts),
    value: leftMs === undefined ? closed : `${Math.floor(leftMs / 60_000)} min left`,
    threshold: 'session open, at least 2 min left',
  };
}

const NO_SCHEDULE: GateResult = {
  gate: 'event',
  pass: true,
  value: 'no calendar',
  threshold: 'windows are off',
};

export const scheduleGate = ({ event }: RiskFacts): GateResult => event ?? NO_SCHEDULE;

export function spreadGate(facts: RiskFacts, config: EngineConfig): GateResult {
  const { bid, ask, usualSpread } = facts;
  const pass = !isWide(facts, config);
  if (bid === undefined || ask === undefined) {
    return { gate: 'spread', pass, value: 'not known', threshold: 'a fresh quote' };
  }
  const bps = mulDiv(ask - bid, 10_000, bid, 'away');
  const limit = Math.floor(widest(bid, usualSpread, config));
  const threshold = `at most ${bpsText(mulDiv(limit, 10_000, bid, 'away'))}`;
  return { gate: 'spread', pass, value: bpsText(bps), threshold };
}

export function breakersGate({ tripped }: RiskFacts): GateResult {
  const pass = tripped.length === 0;
  return {
    gate: 'breakers',
    pass,
    value: tripped.join(', ') || 'all clear',
    threshold: 'all clear',
  };
}

export function slotGate(facts: RiskFacts, config: EngineConfig): GateResult {
  const value =
    facts.slot === 'signal'
      ? 'this signal was used already'
      : facts.slot === 'order'
        ? 'an order is under way'
        : `${facts.used} taken`;
  const threshold = `fewer than ${config.maxPositions}`;
  return { gate: 'slot', pass: !isTaken(facts, config), value, threshold };
}

export function sizeGate(sizing: Sizing, { config, account }: DecisionTerms): GateResult {
  const threshold = `risk ${bpsText(config.riskBps)} of equity`;
  if (!sizing.ok) return { gate: 'size', pass: false, value: sizing.reason, threshold };
  const risk = moneyText(sizing.risk, account?.exponent ?? 0);
  const value = `${volumeText(sizing.volume)} risking ${risk}`;
  return { gate: 'size', pass: true, value, threshold };
}

export function stateGate({ state }: RiskFacts): GateResult {
  const threshold = 'active, reconciled, day opened';
  return { gate: 'state', pass: state === undefined, value: state ?? 'active', threshold };
}

/** The gates that are asked again while an entry is on its way, in order. */
export const entryGates = (facts: RiskFacts, config: EngineConfig): readonly GateResult[] => [
  dataGate(facts, config),
  calendarGate(facts),
  scheduleGate(facts),
  spreadGate(facts, config),
  breakersGate(facts),
  stateGate(facts),
];
