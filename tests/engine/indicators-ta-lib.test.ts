/** RSI, EMA and ATR against the values that TA-Lib publishes for its own bars. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import {
  ATR_START,
  atrValue,
  EMA_START,
  emaValue,
  nextAtr,
  nextEma,
  nextRsi,
  RSI_START,
  rsiValue,
} from '../../src/engine/indicators.ts';
import type { Bar } from '../../src/engine/model.ts';

const LINES = readFileSync(new URL('ta-lib-bars.txt', import.meta.url), 'utf8')
  .split('\n')
  .map((line) => line.split(' '));

const column = (name: string): number[] =>
  LINES.filter(([first]) => first === name).flatMap(([, ...values]) => values.map(Number));

const [HIGH, LOW, CLOSE] = [column('high'), column('low'), column('close')];

/** The value after a bar; absent while warming up. */
const VALUE: Readonly<Record<string, (period: number, bar: number) => number | undefined>> = {
  rsi: (period, bar) =>
    rsiValue(
      CLOSE.slice(0, bar + 1).reduce((state, close) => nextRsi(state, period, close), RSI_START),
      period,
    ),
  ema: (period, bar) =>
    emaValue(
      CLOSE.slice(0, bar + 1).reduce((state, close) => nextEma(state, period, close), EMA_START),
      period,
    ),
  natr: (_period, bar) => {
    let state = ATR_START;
    for (let at = 0; at <= bar; at += 1) {
      state = nextAtr(state, { high: HIGH[at], low: LOW[at], close: CLOSE[at] } as Bar);
    }
    const atr = atrValue(state);
    return atr === undefined ? undefined : (100 * atr) / (CLOSE[bar] ?? Number.NaN);
  },
};

const CASES = LINES.flatMap(([name = '', period, bar, value = '', ...rest]) =>
  name in VALUE && rest.length === 0 ? [[name, Number(period), Number(bar), value] as const] : [],
);

it('has all bars and values of the reference', () => {
  expect([HIGH.length, LOW.length, CLOSE.length, CASES.length]).toEqual([252, 252, 252, 14]);
});

it.each(CASES)(
  '%s of %i bars after bar %i is the %s of TA-Lib (F77)',
  (name, period, bar, text) => {
    // Some are rounded and some are cut: less than one unit of the last decimal, as TA-Lib asks.
    const unit = 10 ** (text.indexOf('.') - text.length + 1);
    expect(Math.abs((VALUE[name]?.(period, bar) ?? 0) - Number(text))).toBeLessThan(unit);
  },
);

it.each([
  ['rsi', 14],
  ['ema', 10],
  ['natr', 14],
])('%s begins at the bar where the one of TA-Lib begins (F77)', (name, period) => {
  const first = CASES.find(([one, length]) => one === name && length === period)?.[2] ?? 0;
  expect(VALUE[name]?.(period, first - 1)).toBeUndefined();
});
