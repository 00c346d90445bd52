/**
 * A made-up file of five-minute bars for the verbs that read one: they wave around 4,000, slow
 * enough to be entered and wide enough to be left.
 */
export const BAR_HEADER = 'time_utc_iso,open,high,low,close,volume';

/** Text of so many bars from 2025-01-06T00:00Z on. */
export function wavingBars(count: number): string {
  const lines = Array.from({ length: count }, (_, at) => {
    const time = new Date(Date.UTC(2025, 0, 6) + at * 300_000).toISOString().slice(0, 19);
    const level = (index: number) => 4_000 + Math.round(90 * Math.sin(index / 23));
    const [open, close] = [level(at), level(at + 1)];
    return `${time}Z,${open},${Math.max(open, close) + 3},${Math.min(open, close) - 3},${close},`;
  });
  return `${[BAR_HEADER, ...lines].join('\n')}\n`;
}
