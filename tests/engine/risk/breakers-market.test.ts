/** The breakers that the market trips, and those that only a person clears. */

import { describe, expect, it } from 'vitest';
import { generation, price, untrusted } from '../../../src/engine/index.ts';
import { BREAKER_RULES, feedSilence, trippedBreakers } from '../../../src/engine/risk/breakers.ts';
import { listOf } from '../../../src/engine/trail.ts';
import { EngineBench, FCPO, MORNING, quietBars, ringgit } from '../../support/engine.ts';
import { EAGER, readyBench, relink, reready, waitQuoted } from '../desk.ts';
import { HOUR, reset, TRIPS, tripped } from './breaker-desk.ts';

/** Bars of which the last `wild` are `factor` times as wide as the quiet ones. */
function bars(wild: number, factor: number) {
  return quietBars(150, 4_600, MORNING, EAGER.timeframeMs).map((bar, index) =>
    index < 150 - wild
      ? bar
      : {
          ...bar,
          high: price(bar.high + factor * 400_000),
          low: price(bar.low - factor * 400_000),
        },
  );
}

function loaded(history: ReturnType<typeof bars>): EngineBench {
  const bench = new EngineBench(EAGER);
  bench.start();
  bench.ready({ bars: history });
  return bench;
}

describe('VOLATILITY', () => {
  it('holds while it cannot be measured: too few bars, or a market without any range (F77)', () => {
    expect(tripped(TRIPS.VOLATILITY(), 'VOLATILITY')).toBe(true);
    const flat = bars(0, 0).map((bar) => ({
      ...bar,
      high: bar.open,
      low: bar.open,
      close: bar.open,
    }));
    const level = flat[0]?.open ?? price(0);
    const dead = flat.map((bar) => ({
      ...bar,
      open: level,
      high: level,
      low: level,
      close: level,
    }));
    expect(tripped(loaded(dead), 'VOLATILITY')).toBe(true);
  });

  it('trips by one wild bar and by a wild average, not by a quiet market', () => {
    expect(tripped(loaded(bars(0, 0)), 'VOLATILITY')).toBe(false);
    expect(loaded(bars(1, 3)).state.core.breakers.VOLATILITY.reason).toContain("one bar's range");
    expect(loaded(bars(14, 2)).state.core.breakers.VOLATILITY.reason).toContain('ATR is');
  });

  it('trips at exactly twice the median and at exactly three medians of one bar, not below', () => {
    const { state } = loaded(bars(0, 0));
    const { indicators } = state.market;
    const middle = indicators.atrMedian ?? Number.NaN;
    const verdict = (value: number, range: number) => {
      const atr = { ...indicators.atr, value, range };
      const market = { ...state.market, indicators: { ...indicators, atr } };
      return BREAKER_RULES.VOLATILITY.trips({ ...state, market });
    };
    expect(middle).toBeGreaterThan(0);
    expect(verdict(2 * middle, middle)).toBe('ATR is 2.00 x its median');
    expect(verdict(2 * middle - 1, middle)).toBeUndefined();
    expect(verdict(middle, 3 * middle)).toBe("one bar's range is 3.00 x the median");
    expect(verdict(middle, 3 * middle - 1)).toBeUndefined();
  });

  it('clears after three calm closed bars in a row, not before and not by time', () => {
    const bench = loaded(bars(1, 3));
    waitQuoted(bench, 200_000);
    expect(tripped(bench, 'VOLATILITY')).toBe(true);
    const states = [1, 2, 3].map((index) => {
      bench.bar(4_600 + (index % 2) * 4);
      return tripped(bench, 'VOLATILITY');
    });
    expect(states).toEqual([true, true, false]);
  });

  it('a bar that would trip it is not calm, whatever the average says', () => {
    const bench = loaded(bars(1, 3));
    bench.bar(4_604);
    bench.bar(4_600);
    const usual = bench.state.market.indicators.atr.value / 100_000;
    bench.bar(4_600 + Math.ceil(usual * 3.2));
    const { atr, atrSample: trail } = bench.state.market.indicators;
    const atrSample = listOf(trail);
    const middle = atrSample.toSorted((a, b) => a - b)[atrSample.length >> 1] ?? 0;
    expect(atr.range / middle).toBeGreaterThan(3);
    expect(atr.value / middle).toBeLessThan(1.5);
    expect(bench.state.core.breakers.VOLATILITY).toMatchObject({ tripped: true, calmBars: 0 });
  });

  it('a wild bar begins the count again', () => {
    const bench = loaded(bars(1, 3));
    bench.bar(4_604);
    bench.bar(4_600);
    expect(bench.state.core.breakers.VOLATILITY.calmBars).toBe(2);
    bench.bar(4_700);
    expect(bench.state.core.breakers.VOLATILITY.calmBars).toBe(0);
    expect(tripped(bench, 'VOLATILITY')).toBe(true);
  });
});

describe('FEED', () => {
  it('trips after 15 s without an accepted update in an open session (F73)', () => {
    const bench = readyBench();
    bench.wait(14_750);
    expect(tripped(bench, 'FEED')).toBe(false);
    bench.wait(500);
    expect(tripped(bench, 'FEED')).toBe(true);
  });

  it('held garbage is no update (F73 F74)', () => {
    const bench = readyBench();
    for (let second = 0; second < 17; second += 1) {
      bench.wait(1_000);
      bench.quote(0, 4_602);
    }
    expect(tripped(bench, 'FEED')).toBe(true);
  });

  it('is quiet while the session is closed, and counts from its opening (F69)', () => {
    const bench = readyBench();
    while (bench.now < MORNING + 2 * HOUR) bench.bar(4_600);
    bench.jump(HOUR);
    bench.wait(60_000);
    expect(tripped(bench, 'FEED')).toBe(false);
    expect(feedSilence(bench.state)).toBeUndefined();
    bench.jump(MORNING + 4 * HOUR - bench.now);
    bench.wait(14_000);
    expect(tripped(bench, 'FEED')).toBe(false);
    bench.wait(1_500);
    expect(tripped(bench, 'FEED')).toBe(true);
  });

  it('clears after 10 s of fresh quotes', () => {
    const bench = TRIPS.FEED();
    waitQuoted(bench, 10_000);
    expect(tripped(bench, 'FEED')).toBe(true);
    waitQuoted(bench, 2_000);
    expect(tripped(bench, 'FEED')).toBe(false);
  });

  it('a pause begins the ten seconds again', () => {
    const bench = TRIPS.FEED();
    waitQuoted(bench, 4_000);
    bench.wait(6_000);
    waitQuoted(bench, 9_000);
    expect(tripped(bench, 'FEED')).toBe(true);
  });

  it('quotes in a closed session do not calm it (F72)', () => {
    const bench = TRIPS.FEED();
    bench.jump(3 * HOUR);
    waitQuoted(bench, 20_000);
    expect(tripped(bench, 'FEED')).toBe(true);
  });

  it('neither a lost link nor a closed session calms it: only quotes do', () => {
    const bench = TRIPS.FEED();
    bench.feed({ type: 'link', state: 'DISCONNECTED', generation: generation(1) });
    bench.wait(60_000);
    expect(tripped(bench, 'FEED')).toBe(true);
    const closed = TRIPS.FEED();
    closed.jump(3 * HOUR);
    closed.wait(60_000);
    expect(tripped(closed, 'FEED')).toBe(true);
  });

  it('counts from READY after a reconnect, without a quote of the new link (F26)', () => {
    const bench = readyBench();
    relink(bench, 60_000);
    bench.pass({});
    bench.feed({ type: 'link', state: 'READY', generation: generation(2) });
    bench.wait(14_000);
    expect(tripped(bench, 'FEED')).toBe(false);
    bench.wait(1_500);
    expect(tripped(bench, 'FEED')).toBe(true);
  });
});

describe('the manual ones', () => {
  it('KILL and INTEGRITY last for days until somebody resets them', () => {
    for (const name of ['KILL', 'INTEGRITY'] as const) {
      const bench = TRIPS[name]();
      bench.jump(72 * HOUR);
      bench.wait(1_000);
      expect(tripped(bench, name)).toBe(true);
      bench.command(reset(name));
      expect(tripped(bench, name)).toBe(false);
      bench.wait(1_000);
      expect(tripped(bench, name)).toBe(false);
    }
  });

  it('INTEGRITY trips when the instrument id changes (F79)', () => {
    const bench = readyBench();
    const other = { ...FCPO, id: '999' as never };
    bench.feed({ type: 'instrument', instrument: other, generation: generation(1) });
    expect(tripped(bench, 'INTEGRITY')).toBe(true);
    expect(bench.state.core.instrument?.id).toBe(FCPO.id);
    const renamed = readyBench();
    const sugar = { ...FCPO, name: 'SUGAR' };
    renamed.feed({ type: 'instrument', instrument: sugar, generation: generation(1) });
    expect(tripped(renamed, 'INTEGRITY')).toBe(true);
    expect(renamed.state.core.instrument?.name).toBe(FCPO.name);
  });

  it('several may be tripped; entries need all clear (rule 3)', () => {
    const bench = TRIPS.KILL();
    bench.feed({ type: 'journalFault', reason: untrusted('x') });
    expect(trippedBreakers(bench.state.core)).toEqual(['KILL', 'PERSISTENCE']);
    bench.command(reset('KILL'));
    expect(trippedBreakers(bench.state.core)).toEqual(['PERSISTENCE']);
    reready(bench);
    expect(ringgit(1)).toBe(100_000);
  });
});
