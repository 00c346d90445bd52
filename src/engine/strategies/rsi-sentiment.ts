/**
 * The shipped strategy: buy a washed-out market that the news supports, sell an overheated one it
 * does not.
 * Deliberately without memory, volume or price: RSI, trend and sentiment of one closed bar decide.
 */
import type { EngineConfig } from '../config.ts';
import type { GateName, GateResult } from '../decision-record.ts';
import type { Side } from '../model.ts';
import { permits, scoreText } from '../news.ts';
import type { Strategy, StrategyMemory, StrategyView } from '../strategy.ts';
import { signalId } from '../units.ts';

export const rsiSentiment: Strategy<StrategyMemory> = {
  name: 'rsi-sentiment',
  init: () => ({}),
  onBar(view, memory, config) {
    const side = wantedSide(view.rsi, config);
    const unmet = unmetGate(view, config, side);
    if (side === undefined || unmet !== undefined) return { memory, intent: undefined, unmet };
    const id = `rsi-sentiment/${view.instrumentId}/${side}/${view.bar.openTime}`;
    const reason = `RSI ${rsiText(view)}, sentiment ${newsText(view, config)}`;
    return { memory, intent: { signalId: signalId(id), side, reason }, unmet };
  },
  foresee(rsi, trend, config) {
    const side = wantedSide(rsi, config);
    if (side === undefined) return 'signal';
    if (!fitsTrend(trend, config, side)) return 'trend';
    return config.sentimentMode === 'off' ? 'met' : undefined;
  },
  idle: ({ rsiOversold, rsiOverbought }) => ({
    from: rsiOversold,
    to: rsiOverbought,
    unmet: 'signal',
  }),
  gates(view, config) {
    const side = wantedSide(view.rsi, config);
    return [
      signalGate(view, config, side),
      trendGate(view, config, side),
      sentimentGate(view, config, side),
    ];
  },
};

function unmetGate(
  view: StrategyView,
  config: EngineConfig,
  side: Side | undefined,
): GateName | undefined {
  if (side === undefined) return 'signal';
  if (!fitsTrend(view.trend, config, side)) return 'trend';
  return fitsNews(view, config, side) ? undefined : 'sentiment';
}

function wantedSide(rsi: number | undefined, config: EngineConfig): Side | undefined {
  if (rsi === undefined) return undefined;
  if (rsi < config.rsiOversold) return 'buy';
  return rsi > config.rsiOverbought ? 'sell' : undefined;
}

/** Without a side nothing is against it. */
function fitsTrend(
  trend: StrategyView['trend'],
  config: EngineConfig,
  side: Side | undefined,
): boolean {
  if (!config.trendFilter || side === undefined) return true;
  return trend !== 'unknown' && trend !== against(side);
}

const against = (side: Side | undefined): 'up' | 'down' => (side === 'buy' ? 'down' : 'up');

/** Without a side any strong opinion would do. */
function fitsNews(view: StrategyView, config: EngineConfig, side: Side | undefined): boolean {
  if (config.sentimentMode === 'off') return true;
  const { sentiment } = view;
  if (sentiment === undefined) return false;
  return permits(sentiment.score, config.sentimentThreshold, side);
}

function signalGate(view: StrategyView, config: EngineConfig, side: Side | undefined): GateResult {
  return {
    gate: 'signal',
    pass: side !== undefined,
    value: rsiText(view),
    threshold: `below ${config.rsiOversold} or above ${config.rsiOverbought}`,
  };
}

function trendGate(view: StrategyView, config: EngineConfig, side: Side | undefined): GateResult {
  if (!config.trendFilter) {
    return { gate: 'trend', pass: true, value: view.trend, threshold: 'filter is off' };
  }
  const threshold = side === undefined ? 'not against the entry' : `not ${against(side)}`;
  return { gate: 'trend', pass: fitsTrend(view.trend, config, side), value: view.trend, threshold };
}

function sentimentGate(
  view: StrategyView,
  config: EngineConfig,
  side: Side | undefined,
): GateResult {
  const value = newsText(view, config);
  if (config.sentimentMode === 'off') {
    return { gate: 'sentiment', pass: true, value, threshold: 'gate is off' };
  }
  const limit = config.sentimentThreshold;
  const threshold =
    side === undefined
      ? `beyond +/-${limit}`
      : side === 'buy'
        ? `above +${limit}`
        : `below -${limit}`;
  return { gate: 'sentiment', pass: fitsNews(view, config, side), value, threshold };
}

const rsiText = ({ rsi }: StrategyView): string =>
  rsi === undefined ? 'not ready' : rsi.toFixed(1);

function newsText({ sentiment, sentimentAgeMs }: StrategyView, config: EngineConfig): string {
  if (config.sentimentMode === 'off') return 'not asked';
  const age = `${Math.round((sentimentAgeMs ?? 0) / 1_000)} s`;
  if (sentiment !== undefined) {
    return `${scoreText(sentiment.score)} (${sentiment.source}, ${age})`;
  }
  return sentimentAgeMs === undefined ? 'none' : `expired (${age})`;
}
