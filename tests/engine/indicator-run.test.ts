/**
 * Indicators in columns are those of one bar after the other, and no bar that is called tame would
 * trip the breaker, whatever the market did before.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Indicators, NO_INDICATORS, nextIndicators, trendOf } from '../../src/engine/bars.ts';
import type { BarRunColumns } from '../../src/engine/event.ts';
import {
  beginIndicators,
  endIndicators,
  type IndicatorRun,
  measure,
  tameUntil,
  tracked,
} from '../../src/engine/indicator-run.ts';
import type { Bar } from '../../src/engine/model.ts';
import { newestOf } from '../../src/engine/trail.ts';
import { type Price, wall } from '../../src/engine/units.ts';
import { CONFIG } from '../support/engine.ts';

/** How far a bar closes from the one before, and reaches beyond both. */
interface Move {
  readonly close: number;
  readonly up: number;
  readonly down: number;
}

const reach = fc.integer({ min: 0, max: 10 });
const moves = fc.record({ close: fc.integer({ min: -10, max: 10 }), up: reach, down: reach });
/** Days of one measure each, so that the sample grows calmer and wilder. */
const days = fc.array(
  fc.tuple(fc.constantFrom(0, 1, 2, 5, 30), fc.array(moves, { minLength: 1, maxLength: 60 })),
  { minLength: 1, maxLength: 8 },
);

function barsOf(from: number, told: readonly (readonly [number, readonly Move[]])[]): Bar[] {
  let last = from;
  return told.flatMap(([scale, list]) =>
    list.map(({ close, up, down }) => {
      const open = last;
      last = Math.max(1_000, open + close * scale * 100);
      const high = (Math.max(open, last) + up * scale * 100) as Price;
      const low = Math.max(1, Math.min(open, last) - down * scale * 100) as Price;
      const prices = { open: open as Price, high, low, close: last as Price };
      return { openTime: wall(0), ...prices, ticks: 1 };
    }),
  );
}

function columnsOf(bars: readonly Bar[]): BarRunColumns {
  const column = (of: (bar: Bar) => number) => Float64Array.from(bars, of);
  const zero = new Float64Array(bars.length);
  return {
    ...{ start: zero, end: zero, open: column((bar) => bar.open), high: column((bar) => bar.high) },
    ...{ low: column((bar) => bar.low), close: column((bar) => bar.close) },
  };
}

/** Long enough for every sample to be full. */
const WARM = barsOf(400_000, [
  [5, Array.from({ length: 180 }, (_, at) => ({ close: (at % 7) - 3, up: at % 3, down: at % 5 }))],
]);
const fold = (from: Indicators, bars: readonly Bar[]): Indicators =>
  bars.reduce((now, bar) => nextIndicators(now, bar, CONFIG), from);
const BEGAN = fold(NO_INDICATORS, WARM);

/** Measured at once, or in two pieces. */
function begin(bars: readonly Bar[], cut = bars.length) {
  const { lastClose } = BEGAN.rsi;
  const first = { high: lastClose as Price, low: lastClose as Price, ...bars[0] } as Bar;
  const run = beginIndicators(BEGAN, first, CONFIG, bars.length);
  if (run === undefined) throw new Error('not warm');
  measure(run, columnsOf(bars), 0, cut);
  measure(run, columnsOf(bars), cut, bars.length);
  return run;
}

const isTame = (run: IndicatorRun, place: number): boolean =>
  tameUntil(run, place, place + 1) > place;

describe('indicators of a stretch', () => {
  it('are those of its bars one after the other, however many of them count', () => {
    fc.assert(
      fc.property(days, fc.nat(), fc.nat(), (told, some, other) => {
        const bars = barsOf(BEGAN.rsi.lastClose, told);
        const count = 1 + (some % bars.length);
        const run = begin(bars, other % bars.length);
        const close = bars[count - 1]?.close ?? 0;
        expect(endIndicators(run, count, close)).toEqual(fold(BEGAN, bars.slice(0, count)));
      }),
    );
  });

  it('are written down for who asks later', () => {
    fc.assert(
      fc.property(days, (told) => {
        const bars = barsOf(BEGAN.rsi.lastClose, told);
        const run = begin(bars);
        let now = BEGAN;
        for (const [nth, bar] of bars.entries()) {
          now = nextIndicators(now, bar, CONFIG);
          const rsi = newestOf(now.rsiSeries);
          expect(tracked(run.track, nth)).toEqual({ rsi, trend: trendOf(now) });
        }
      }),
    );
  });

  it('grow calm with their sample, against which a bar is held that was usual once (I04)', () => {
    const calm = Array.from({ length: 90 }, (_, at) => ({ close: (at % 3) - 1, up: 1, down: 1 }));
    const bars = barsOf(BEGAN.rsi.lastClose, [
      [1, calm],
      [5, [{ close: 2, up: 1, down: 1 }]],
    ]);
    const run = begin(bars);
    const tame = bars.map((_, nth) => isTame(run, run.first + nth));
    expect(tame).toEqual([...calm.map(() => true), false]);
    const { atr, atrMedian = 0 } = fold(BEGAN, bars);
    expect(atr.range / atrMedian).toBeGreaterThan(3);
  });

  it('call no bar tame that is wild by the median itself (I04)', () => {
    let tame = 0;
    fc.assert(
      fc.property(days, (told) => {
        const bars = barsOf(BEGAN.rsi.lastClose, told);
        const run = begin(bars);
        let now = BEGAN;
        for (const [nth, bar] of bars.entries()) {
          now = nextIndicators(now, bar, CONFIG);
          if (!isTame(run, run.first + nth)) return;
          tame += 1;
          const { atr, atrMedian = 0 } = now;
          expect(atrMedian).toBeGreaterThan(0);
          expect(atr.value / atrMedian).toBeLessThan(2);
          expect(atr.range / atrMedian).toBeLessThan(3);
        }
      }),
      { numRuns: 300 },
    );
    expect(tame).toBeGreaterThan(1_000);
  });
});
