/** The shipped strategy as a table: RSI, trend and sentiment in, side and reasons out. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EngineConfig } from '../../../src/engine/config.ts';
import { rsiSentiment } from '../../../src/engine/strategies/rsi-sentiment.ts';
import type { StrategyView } from '../../../src/engine/strategy.ts';
import { wall } from '../../../src/engine/units.ts';
import { CONFIG, FCPO, MORNING, quietBars } from '../../support/engine.ts';

const [bar] = quietBars(1, 4_600, MORNING, CONFIG.timeframeMs);
if (bar === undefined) throw new Error('no bar');

interface Case {
  readonly rsi?: number | undefined;
  readonly trend?: StrategyView['trend'];
  readonly score?: number | undefined;
  readonly config?: Partial<EngineConfig>;
}

function ask({ rsi, trend = 'flat', score, config }: Case) {
  const view: StrategyView = {
    instrumentId: FCPO.id,
    bar: bar as never,
    rsi,
    trend,
    sentiment:
      score === undefined
        ? undefined
        : { score, confidence: 50, source: 'x', simulated: true, askedAt: wall(0), citations: [] },
    sentimentAgeMs: 1_000,
  };
  const asked = { ...CONFIG, ...config };
  return { ...rsiSentiment.onBar(view, {}, asked), gates: rsiSentiment.gates(view, asked) };
}

const side = (given: Case) => ask(given).intent?.side;

describe('rsi-sentiment', () => {
  it('foresees what it will say whatever the news are, or does not say (I31)', () => {
    const bars = fc.record({
      rsi: fc.oneof(fc.double({ min: 0, max: 100, noNaN: true }), fc.constantFrom(30, 50, 70)),
      trend: fc.constantFrom<StrategyView['trend']>('up', 'down', 'flat', 'unknown'),
      score: fc.option(fc.integer({ min: -100, max: 100 }), { nil: undefined }),
      config: fc.record({
        trendFilter: fc.boolean(),
        sentimentMode: fc.constantFrom('off' as const, 'required' as const),
      }),
    });
    fc.assert(
      fc.property(bars, (given) => {
        const { rsi, trend, config } = given;
        const asked = { ...CONFIG, ...config };
        const foreseen = rsiSentiment.foresee?.(rsi, trend, asked);
        const idle = rsiSentiment.idle?.(asked);
        if (idle !== undefined && rsi >= idle.from && rsi <= idle.to) {
          expect(foreseen).toBe(idle.unmet);
        }
        const { unmet, intent, memory } = ask(given);
        if (foreseen !== undefined) expect(foreseen).toBe(unmet ?? 'met');
        expect(memory).toEqual({});
        expect(intent === undefined).toBe(unmet !== undefined);
      }),
    );
  });

  const rows: readonly (readonly [string, Case, 'buy' | 'sell' | undefined])[] = [
    ['buys below the lower threshold with good news', { rsi: 29.9, score: 31 }, 'buy'],
    ['sells above the upper threshold with bad news', { rsi: 70.1, score: -31 }, 'sell'],
    ['does nothing at a threshold', { rsi: 30, score: 99 }, undefined],
    ['does nothing at the other threshold', { rsi: 70, score: -99 }, undefined],
    ['does nothing without RSI (F77)', { score: 99 }, undefined],
    ['does not buy against the news', { rsi: 20, score: -99 }, undefined],
    ['does not sell against the news', { rsi: 80, score: 99 }, undefined],
    ['needs more than the threshold', { rsi: 20, score: 30 }, undefined],
    ['needs news at all (F101)', { rsi: 20 }, undefined],
    ['trades without news when told to', { rsi: 20, config: { sentimentMode: 'off' } }, 'buy'],
    ['does not buy into a fall', { rsi: 20, score: 99, trend: 'down' }, undefined],
    ['buys a dip in a climb', { rsi: 20, score: 99, trend: 'up' }, 'buy'],
    ['does not sell into a climb', { rsi: 80, score: -99, trend: 'up' }, undefined],
    [
      'does not trade on an unknown trend (I32)',
      { rsi: 20, score: 99, trend: 'unknown' },
      undefined,
    ],
    [
      'ignores the trend when told to',
      { rsi: 20, score: 99, trend: 'down', config: { trendFilter: false } },
      'buy',
    ],
  ];
  it.each(rows)('%s', (_name, given, wanted) => expect(side(given)).toBe(wanted));

  it('names the signal by strategy, instrument, side and bar (5.1 F35)', () => {
    const { intent } = ask({ rsi: 20, score: 50 });
    expect(intent?.signalId).toBe(`rsi-sentiment/301/buy/${bar.openTime}`);
  });

  it('an intent exists exactly when every gate of its own passed', () => {
    const anything = fc.record({
      rsi: fc.option(fc.double({ min: 0, max: 100, noNaN: true }), { nil: undefined }),
      trend: fc.constantFrom('up', 'down', 'flat', 'unknown'),
      score: fc.option(fc.integer({ min: -100, max: 100 }), { nil: undefined }),
    });
    fc.assert(
      fc.property(anything, (given) => {
        const { intent, gates, unmet, memory } = ask(given as Case);
        expect(gates.map((one) => one.gate)).toEqual(['signal', 'trend', 'sentiment']);
        expect(intent !== undefined).toBe(gates.every((one) => one.pass));
        expect(unmet).toBe(gates.find((one) => !one.pass)?.gate);
        expect(memory).toEqual({});
      }),
    );
  });
});
