/**
 * A plain line of closes for places too small for candles: the only door to asciichart.
 * Deliberately filters what that package cannot bear: it throws on empty series, NaN and Infinity.
 */
import asciichart from 'asciichart';
import type { Look } from '../look.ts';

const ASCII_SYMBOLS = ['+', '|', '-', '-', '-', "'", ',', '.', '`', '|'];

/**
 * Rows of the newest values, `height` rows of at most `width` cells; empty when there is nothing.
 */
export function lineChart(
  series: readonly number[],
  { width, height, look }: { readonly width: number; readonly height: number; readonly look: Look },
): readonly string[] {
  const values = series.filter((value) => Number.isFinite(value)).slice(-Math.max(0, width - 1));
  if (values.length < 2 || height < 1 || width < 3) return [];
  let low = Math.min(...values);
  let high = Math.max(...values);
  // A flat series would become one row at the top: give it room on both sides.
  if (low === high) {
    low -= 1;
    high += 1;
  }
  const plot = asciichart.plot(values, {
    height: Math.max(1, height - 1),
    min: low,
    max: high,
    offset: 0,
    padding: '',
    format: () => '',
    ...(look.ascii ? { symbols: ASCII_SYMBOLS } : {}),
  });
  return plot.split('\n').slice(0, height);
}
