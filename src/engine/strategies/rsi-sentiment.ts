/**
 * The shipped strategy: buy a washed-out market that the news supports, sell an overheated one it
 * does not.
 * Deliberately without memory, volume or price: RSI, trend and sentiment of one closed bar decide.
 */
import type { EngineConfig } from '../config.ts';
import type { GateResult } from '../decision-record.ts';
import type { Side } from '../model.ts';
import { permits, scoreText } from '../news.ts';
import type { Strategy, StrategyMemory, StrategyView } from '../strategy.ts';
import { signalId } from '../units.ts';

export const rsiSentiment: Strategy<StrategyMemory> = {
  name: 'rsi-sentiment',
  init: () => ({}),
  onBar(view, memory, config) {
    const side = wantedSide(view, config);
    const gates = [signalGate(view, config, side), trendGate(view, config, side)];
    gates.push(sentimentGate(view, config, side));
    if (side === undefined || gates.some((gate) => !gate.pass)) {
      return { memory, intent: undefined, gates };
    }
    const id = `rsi-sentiment/${view.instrumentId}/${side}/${view.bar.openTime}`;
    const reason = `RSI ${gates[0]?.value}, sentiment ${gates[2]?.value}`;
    return { memory, intent: { signalId: signalId(id), side, reason }, gates };
  },
};

function wantedSide(view: StrategyView, config: EngineConfig): Side | undefined {
  if (view.rsi === undefined) return undefined;
  if (view.rsi < config.rsiOversold) return 'buy';
  return view.rsi > config.rsiOverbought ? 'sell' : undefined;
}

function signalGate(view: StrategyView, config: EngineConfig, side: Side | undefined): GateResult {
  return {
    gate: 'signal',
    pass: side !== undefined,
    value: view.rsi === undefined ? 'not ready' : view.rsi.toFixed(1),
    threshold: `below ${config.rsiOversold} or above ${config.rsiOverbought}`,
  };
}

function trendGate(view: StrategyView, config: EngineConfig, side: Side | undefined): GateResult {
  if (!config.trendFilter) {
    return { gate: 'trend', pass: true, value: view.trend, threshold: 'filter is off' };
  }
  const against = side === 'buy' ? 'down' : 'up';
  const pass = side === undefined || (view.trend !== 'unknown' && view.trend !== against);
  const threshold = side === undefined ? 'not against the entry' : `not ${against}`;
  return { gate: 'trend', pass, value: view.trend, threshold };
}

function sentimentGate(
  view: StrategyView,
  config: EngineConfig,
  side: Side | undefined,
): GateResult {
  if (config.sentimentMode === 'off') {
    return { gate: 'sentiment', pass: true, value: 'not asked', threshold: 'gate is off' };
  }
  const limit = config.sentimentThreshold;
  const threshold =
    side === undefined
      ? `beyond +/-${limit}`
      : side === 'buy'
        ? `above +${limit}`
        : `below -${limit}`;
  const reading = view.sentiment;
  const age = `${Math.round((view.sentimentAgeMs ?? 0) / 1_000)} s`;
  if (reading === undefined) {
    const value = view.sentimentAgeMs === undefined ? 'none' : `expired (${age})`;
    return { gate: 'sentiment', pass: false, value, threshold };
  }
  const value = `${scoreText(reading.score)} (${reading.source}, ${age})`;
  return { gate: 'sentiment', pass: permits(reading.score, limit, side), value, threshold };
}
