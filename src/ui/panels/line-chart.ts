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
  const low = Math.min(...values);
  const range = Math.max(...values) - low;
  // Into 0 to 1 here: a flat series would become one row at the top, an extreme range throws.
  const placed = values.map((value) =>
    range > 1e-9 && range < 1e18 ? (value - low) / range : 0.5,
  );
  const plot = asciichart.plot(placed, {
    height: Math.max(1, height - 1),
    min: 0,
    max: 1,
    // Its axis is one column, cut off below; without one it leaves out the first cell of most rows.
    offset: 1,
    padding: '',
    format: () => ' ',
    ...(look.ascii ? { symbols: ASCII_SYMBOLS } : {}),
  });
  return plot
    .split('\n')
    .slice(0, height)
    .map((row) => row.slice(1));
}
