/** RSI, ATR, EMA and the median against a published library and against plain definitions. */
import fc from 'fast-check';
import { ATR, EMA, RSI } from 'technicalindicators';
import { describe, expect, it } from 'vitest';
import {
  ATR_PERIOD,
  ATR_START,
  atrValue,
  EMA_START,
  emaValue,
  median,
  nextAtr,
  nextEma,
  nextRsi,
  RSI_START,
  rsiValue,
} from '../../src/engine/indicators.ts';
import type { Bar } from '../../src/engine/model.ts';
import { price, wall } from '../../src/engine/units.ts';

const SEED = 20_250_106;

/** A walk of integer bars, the same for ever for a seed. */
function walk(count: number, seed: number): Bar[] {
  let state = seed;
  const draw = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  let close = 460_000_000;
  return Array.from({ length: count }, (_, index) => {
    const open = close;
    close += (draw(41) - 20) * 100_000;
    const high = Math.max(open, close) + draw(5) * 100_000;
    const low = Math.min(open, close) - draw(5) * 100_000;
    const openTime = wall(index * 300_000);
    return {
      openTime,
      open: price(open),
      high: price(high),
      low: price(low),
      close: price(close),
      ticks: 1,
    };
  });
}

const BARS = walk(600, SEED);
const CLOSES: number[] = BARS.map((bar) => bar.close);

function series<S>(
  start: S,
  next: (state: S, bar: Bar) => S,
  read: (state: S) => number | undefined,
) {
  let state = start;
  const values: number[] = [];
  for (const bar of BARS) {
    state = next(state, bar);
    const value = read(state);
    if (value !== undefined) values.push(value);
  }
  return values;
}

function expectEqual(own: readonly number[], other: readonly number[], tolerance: number): void {
  expect(own.length).toBe(other.length);
  own.forEach((value, index) => {
    const wanted = other[index] ?? Number.NaN;
    const off = Math.abs(value - wanted) / Math.max(1, Math.abs(wanted));
    if (!(off <= tolerance))
      expect.fail(`value ${index}: ${value} is not ${wanted} (seed ${SEED})`);
  });
}

const round2 = (value: number): number => Math.round(value * 100) / 100;

const rsiSeries = (period: number) =>
  series(
    RSI_START,
    (state, bar) => nextRsi(state, period, bar.close),
    (state) => rsiValue(state, period),
  );
const emaSeries = (period: number) =>
  series(
    EMA_START,
    (state, bar) => nextEma(state, period, bar.close),
    (state) => emaValue(state, period),
  );
const atrSeries = () => series(ATR_START, nextAtr, atrValue);

/** Wilder's definition written over whole lists, nothing kept between bars. */
function plainRsi(closes: readonly number[], period: number): number[] {
  const changes = closes.slice(1).map((close, index) => close - (closes[index] ?? 0));
  const smooth = (list: readonly number[]): number[] => {
    let mean = list.slice(0, period).reduce((sum, one) => sum + one, 0) / period;
    const out = [mean];
    for (const one of list.slice(period)) {
      mean = (mean * (period - 1) + one) / period;
      out.push(mean);
    }
    return out;
  };
  const ups = smooth(changes.map((change) => Math.max(change, 0)));
  const downs = smooth(changes.map((change) => Math.max(-change, 0)));
  return ups.map((up, index) => 100 - 100 / (1 + up / (downs[index] ?? 0)));
}

function plainAtr(bars: readonly Bar[]): number[] {
  const ranges = bars.slice(1).map((bar, index) => {
    const before = bars[index]?.close ?? 0;
    return Math.max(bar.high - bar.low, Math.abs(bar.high - before), Math.abs(bar.low - before));
  });
  let mean = ranges.slice(0, ATR_PERIOD).reduce((sum, one) => sum + one, 0) / ATR_PERIOD;
  const out = [mean];
  for (const range of ranges.slice(ATR_PERIOD)) {
    mean += (range - mean) / ATR_PERIOD;
    out.push(mean);
  }
  return out;
}

function plainEma(closes: readonly number[], period: number): number[] {
  let mean = closes.slice(0, period).reduce((sum, one) => sum + one, 0) / period;
  const out = [mean];
  for (const close of closes.slice(period)) {
    mean = (close * 2 + mean * (period - 1)) / (period + 1);
    out.push(mean);
  }
  return out;
}

describe('RSI', () => {
  for (const period of [2, 5, 14, 21]) {
    it(`of ${period} equals Wilder's definition to a billionth (F77)`, () => {
      expectEqual(rsiSeries(period), plainRsi(CLOSES, period), 1e-9);
    });
    it(`of ${period} equals technicalindicators to its two decimals (F77)`, () => {
      const library = RSI.calculate({ values: CLOSES, period });
      expectEqual(rsiSeries(period).map(round2), library, 1e-9);
    });
  }

  const flat = (closes: readonly number[]) =>
    rsiValue(
      closes.reduce((state, close) => nextRsi(state, 14, close), RSI_START),
      14,
    );

  it('is 50 in a flat market and absent one bar before it is ready (F77)', () => {
    expect(flat(Array(15).fill(4_600))).toBe(50);
    expect(flat(Array(14).fill(4_600))).toBeUndefined();
    expect(flat([])).toBeUndefined();
  });

  it('is 100 when it only rises and 0 when it only falls (F77)', () => {
    const ladder = Array.from({ length: 30 }, (_, index) => 4_600 + index);
    expect(flat(ladder)).toBe(100);
    expect(flat(ladder.toReversed())).toBe(0);
  });

  it('stays between 0 and 100 for any prices (F77 I14)', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 10 ** 9 }), { minLength: 15 }), (closes) => {
        const value = flat(closes) ?? Number.NaN;
        expect(value >= 0 && value <= 100).toBe(true);
      }),
    );
  });
});

describe('ATR', () => {
  it("equals Wilder's definition to a billionth (F77)", () => {
    expectEqual(atrSeries(), plainAtr(BARS), 1e-9);
  });
  it('equals technicalindicators (F77)', () => {
    const column = (key: 'high' | 'low' | 'close') => BARS.map((bar): number => bar[key]);
    const library = ATR.calculate({
      high: column('high'),
      low: column('low'),
      close: column('close'),
      period: ATR_PERIOD,
    });
    expectEqual(atrSeries(), library, 1e-9);
  });
  it('is zero, not absent, in a market that stands still (F77)', () => {
    const still = { open: 5, high: 5, low: 5, close: 5, ticks: 1, openTime: 0 } as unknown as Bar;
    let state = ATR_START;
    for (let index = 0; index < 15; index += 1) state = nextAtr(state, still);
    expect(atrValue(state)).toBe(0);
  });
});

describe('EMA', () => {
  for (const period of [2, 12, 50]) {
    it(`of ${period} equals its definition to a billionth (F77)`, () => {
      expectEqual(emaSeries(period), plainEma(CLOSES, period), 1e-9);
    });
    it(`of ${period} equals technicalindicators (F77)`, () => {
      expectEqual(emaSeries(period), EMA.calculate({ values: CLOSES, period }), 1e-9);
    });
  }
});

describe('median', () => {
  it('is the middle, or the mean of the two middles, or absent (F77)', () => {
    expect(median([])).toBeUndefined();
    expect(median([7])).toBe(7);
    expect(median([9, 1, 5])).toBe(5);
    expect(median([9, 1, 5, 6])).toBe(5.5);
    expect(median([10, 9, 100])).toBe(10);
  });
});
