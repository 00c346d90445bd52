/** After an opening gap of more than the ATR nothing enters for two bars (F49). */
import { describe, expect, it } from 'vitest';
import { shownDecision } from '../../src/engine/decision-words.ts';
import { atrValue } from '../../src/engine/indicators.ts';
import { freshGap } from '../../src/engine/opening-gap.ts';
import { newestOf } from '../../src/engine/trail.ts';
import { EngineBench, MORNING, quietBars } from '../support/engine.ts';
import { EAGER } from './desk.ts';

/** Before the session so many ringgit lower or higher, after a pause of an hour. */
function opened(gap: number): EngineBench {
  const bench = new EngineBench(EAGER);
  bench.start();
  const { timeframeMs } = EAGER;
  const end = bench.now - 3_600_000;
  bench.ready({ bars: quietBars(150, 4_600 - gap, end, timeframeMs) });
  return bench;
}

const blockedBy = (bench: EngineBench) => newestOf(bench.state.core.decisions)?.blockedBy;
const ringgitOf = (atr: number | undefined) => (atr ?? 0) / 100_000;

describe('an opening gap', () => {
  it.each([0.1, 0.9, 1.1, 2, 5, 20].flatMap((many) => [many, -many]))(
    'of about %d ATR blocks two bars when it is more than one, in both directions (F49 I15)',
    (many) => {
      const atr = ringgitOf(atrValue(opened(0).state.market.indicators.atr));
      const bench = opened(Math.round(many * atr));
      bench.quote(4_600, 4_602);
      const isWide = (freshGap(bench.state.market, EAGER.timeframeMs) ?? 0) > 1;
      const closes = newestOf(bench.state.market.closed)?.close ?? 0;
      const moved = Math.abs(4_600 - closes / 100_000);
      expect(isWide).toBe(moved > atr);
      bench.bar(4_600);
      expect(blockedBy(bench)).toBe(isWide ? 'data' : undefined);
      if (!isWide) return;
      expect(bench.state.core.orders).toEqual([]);
      const decision = newestOf(bench.state.core.decisions);
      expect(decision && shownDecision(decision).sentence).toMatch(
        /x ATR away, two bars must pass/,
      );
      bench.bar(4_601);
      // So wide a range may have tripped a breaker: that is another reason.
      expect(['breakers', undefined]).toContain(blockedBy(bench));
    },
  );

  it('of bars without a pause between them is none: that is a move of the market', () => {
    const bench = opened(0);
    bench.bar(4_600);
    bench.bar(4_640);
    expect(freshGap(bench.state.market, EAGER.timeframeMs)).toBeUndefined();
  });

  it('at the first price after the pause blocks the bar that ended before it, too', () => {
    const bench = new EngineBench(EAGER);
    bench.start();
    bench.ready();
    bench.quote(4_600, 4_602);
    bench.jump(MORNING + 2 * EAGER.timeframeMs - bench.now);
    bench.quote(4_680, 4_682);
    expect(blockedBy(bench)).toBe('data');
    expect(freshGap(bench.state.market, EAGER.timeframeMs)).toBeGreaterThan(1);
  });
});
