/**
 * A backtest as one self-contained page: figures, equity and drawdown drawn as SVG, months, trades.
 * Deliberately without scripts, fonts or links: the file works offline and says the same for ever.
 */
import { decimalText, PRICE_SCALE } from '../engine/index.ts';
import { cautions, factRows, figureRows, type Report } from './report-text.ts';

const WIDTH = 960;
const POINTS_MAX = 1_500;
const TRADES_MAX = 2_000;
const EQUITY = { name: 'Equity', height: 240, colour: '#0f766e' } as const;
const DRAWDOWN = { name: 'Drawdown', height: 120, colour: '#b91c1c' } as const;

const STYLE = `body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto}
body{padding:0 1rem;color:#1d1d1f;background:#fff}table{border-collapse:collapse;width:100%}
table{margin:1rem 0}td,th{padding:.25rem .6rem;border-bottom:1px solid #ddd;text-align:left}
td.n{text-align:right;font-variant-numeric:tabular-nums}svg{width:100%;height:auto;display:block}
p.scale{margin:.2rem 0;color:#777;font-size:.85em}
.caution{border-left:4px solid #b45309;padding:.4rem .8rem;background:#fff7ed}
@media(prefers-color-scheme:dark){body{color:#eee;background:#111}td,th{border-color:#333}
.caution{background:#2a1c06}}`;

const MARKS: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const safe = (text: string): string => text.replace(/[&<>"']/g, (mark) => MARKS[mark] ?? mark);

const rowsHtml = (rows: readonly (readonly [string, string])[]): string =>
  `<table>${rows
    .map(([name, value]) => `<tr><th>${safe(name)}</th><td class="n">${safe(value)}</td></tr>`)
    .join('')}</table>`;

/** At most so many values, evenly taken, the last one included. */
export function thinned(values: ArrayLike<number>, most: number): number[] {
  const count = Math.min(most, values.length);
  return Array.from({ length: count }, (_, index) => {
    const at = count === 1 ? 0 : Math.round((index * (values.length - 1)) / (count - 1));
    return values[at] ?? 0;
  });
}

/** The lowest of each of at most so many pieces: however few, the deepest value is among them. */
export function deepest(values: ArrayLike<number>, most: number): number[] {
  const count = Math.min(most, values.length);
  return Array.from({ length: count }, (_, piece) => {
    let lowest = Number.POSITIVE_INFINITY;
    const end = Math.floor(((piece + 1) * values.length) / count);
    for (let at = Math.floor((piece * values.length) / count); at < end; at += 1) {
      lowest = Math.min(lowest, values[at] ?? 0);
    }
    return lowest;
  });
}

/** Share below the highest value so far, `start` among them; 0 or negative. */
export function underwater(values: ArrayLike<number>, start: number): number[] {
  let peak = start;
  return Array.from({ length: values.length }, (_, index) => {
    const value = values[index] ?? 0;
    peak = Math.max(peak, value);
    return peak > 0 ? value / peak - 1 : 0;
  });
}

interface Drawn {
  readonly name: string;
  readonly values: readonly number[];
  readonly height: number;
  readonly colour: string;
  /** How a value is written. */
  readonly text: (value: number) => string;
}

/** A line between its highest and lowest value, both written beside it. */
function lineSvg({ name, values, height, colour, text }: Drawn): string {
  if (values.length < 2) return '';
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const range = high - low || 1;
  const points = values.map((value, index) => {
    const x = (index * WIDTH) / (values.length - 1);
    const y = height - 4 - ((value - low) / range) * (height - 8);
    return `${x.toFixed(1)},${y.toFixed(1)}`;
  });
  const view = `viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${safe(name)}"`;
  const pen = `fill="none" stroke="${colour}" stroke-width="1.5"`;
  const line = `<polyline ${pen} points="${points.join(' ')}"/>`;
  const scale = `<p class="scale">${safe(text(low))} to ${safe(text(high))}</p>`;
  return `<h2>${safe(name)}</h2>${scale}<svg ${view}>${line}</svg>`;
}

function tradesHtml({ result, facts }: Report): string {
  const shown = result.trades.slice(0, TRADES_MAX);
  const cells = shown.map(({ side, entryTime, exitTime, entryPrice, exitPrice, cause, net }) => {
    const texts = [
      side,
      when(entryTime),
      price(entryPrice),
      when(exitTime),
      price(exitPrice),
      cause,
    ];
    const plain = texts.map((text) => `<td>${safe(text)}</td>`).join('');
    return `<tr>${plain}<td class="n">${decimalText(net, facts.exponent)}</td></tr>`;
  });
  const names = ['Side', 'Entry', 'Price', 'Exit', 'Price', 'Cause', `Net ${facts.currency}`];
  const head = names.map((name) => `<th>${safe(name)}</th>`).join('');
  const rest = result.trades.length - shown.length;
  const more = rest > 0 ? `<p>${rest} further trades are not listed.</p>` : '';
  return `<h2>Trades</h2><table><tr>${head}</tr>${cells.join('')}</table>${more}`;
}

const when = (at: number): string => new Date(at).toISOString().slice(0, 16).replace('T', ' ');
const price = (value: number): string => String(value / PRICE_SCALE);

export function reportHtml(report: Report): string {
  const { result, statistics, facts } = report;
  const equity = thinned(result.equity, POINTS_MAX);
  const down = deepest(underwater(result.equity, result.startBalance), POINTS_MAX);
  const money = (value: number) =>
    `${decimalText(Math.round(value), facts.exponent)} ${facts.currency}`;
  const percent = (value: number) => `${(value * 100).toFixed(2)} %`;
  const span = `${when(statistics.from)} to ${when(statistics.to)} UTC, bar by bar`;
  const months = statistics.months.map(({ month, net, share }): readonly [string, string] => [
    month,
    `${money(net)} (${percent(share)})`,
  ]);
  const body = [
    '<h1>Backtest</h1>',
    ...cautions(report).map((text) => `<p class="caution">${safe(text)}</p>`),
    rowsHtml(factRows(report)),
    lineSvg({ ...EQUITY, values: equity, text: money }),
    lineSvg({ ...DRAWDOWN, values: down, text: percent }),
    `<p class="scale">${safe(span)}</p>`,
    rowsHtml(figureRows(report)),
    '<h2>Months</h2>',
    rowsHtml(months),
    tradesHtml(report),
    `<p>palm-oil-tui ${safe(facts.version)}</p>`,
  ];
  return (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Backtest</title>' +
    '<meta name="viewport" content="width=device-width,initial-scale=1">' +
    `<style>${STYLE}</style></head><body>${body.join('\n')}</body></html>\n`
  );
}
