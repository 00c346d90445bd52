/**
 * The `backtest` verb: one run of the shipped engine over recorded bars, and its report.
 * Deliberately no trading and no arithmetic: the run is `sim/backtest`, the figures
 * `sim/statistics`.
 */
import { decimalText } from '../../engine/index.ts';
import { runBacktest } from '../../sim/backtest.ts';
import { deepest, reportHtml, thinned, underwater } from '../../sim/report-html.ts';
import { type Report, reportJson, reportText, tradesCsv } from '../../sim/report-text.ts';
import { statisticsOf } from '../../sim/statistics.ts';
import { detectAscii, makeLook } from '../../ui/look.ts';
import { lineChart } from '../../ui/panels/line-chart.ts';
import { EXIT } from '../exit.ts';
import type { Io } from '../io.ts';
import { doubtsAbout } from './backtest-doubts.ts';
import { readInput, UnusableInput, type Values } from './backtest-input.ts';
import { writeAll } from './result-files.ts';

const NAME = 'palm-oil-tui';
const CHART = { equity: 12, drawdown: 6 } as const;
/** Of the report: that of the terminal within bounds, and the widest where nobody looks at once. */
const WIDTH = { least: 60, most: 100 } as const;

/** Runs, writes what was asked for, prints the report; answers with the exit code. */
export function backtestCommand(values: Values, io: Io): number {
  try {
    const { market, setup, facts, warnings } = readInput(values, io);
    for (const warning of warnings) io.stderr.write(`${NAME}: ${warning}\n`);
    const result = runBacktest(market, setup);
    const doubts = doubtsAbout(market, setup.sentiment, result.trades);
    const report: Report = { facts, statistics: statisticsOf(market, result), result, doubts };
    const files: (readonly [string, string])[] = [];
    const { trades, html } = { trades: values['trades'], html: values['html'] };
    if (typeof trades === 'string') {
      files.push([trades, tradesCsv(result.trades, facts.exponent)]);
    }
    if (typeof html === 'string') files.push([html, reportHtml(report)]);
    writeAll(files);
    const isJson = values['json'] === true;
    const width = widthOf(io);
    const charts = () => chartsOf(report, width, detectAscii(io.env));
    io.stdout.write(isJson ? reportJson(report) : reportText(report, charts(), width));
    return EXIT.ok;
  } catch (error) {
    if (!(error instanceof UnusableInput)) throw error;
    io.stderr.write(`${NAME}: ${error.message}\n`);
    return EXIT.usage;
  }
}

function widthOf({ stdout }: Io): number {
  const { isTTY, columns } = stdout as { readonly isTTY?: boolean; readonly columns?: number };
  const room = isTTY === true ? (columns ?? 0) : WIDTH.most;
  return Math.min(WIDTH.most, Math.max(WIDTH.least, room));
}

/** Equity and drawdown bar by bar, each beside its highest and lowest value. */
function chartsOf({ result, statistics, facts }: Report, width: number, ascii: boolean): string[] {
  const look = makeLook({ colour: 'none', theme: 'dark', ascii });
  const money = (value: number) => decimalText(Math.round(value), facts.exponent);
  const percent = (value: number) => `${(value * 100).toFixed(2)} %`;
  const down = underwater(result.equity, result.startBalance);
  const equity = thinned(result.equity, width);
  const margin = Math.max(8, ...equity.map((value) => money(value).length));
  const room = width - margin - 3;
  const chart = (values: readonly number[], text: (value: number) => string, height: number) => {
    const lines = lineChart(values, { width: room, height, look });
    const ends = new Map([
      [0, text(Math.max(...values))],
      [lines.length - 1, text(Math.min(...values))],
    ]);
    return lines.map((line, at) => `  ${(ends.get(at) ?? '').padStart(margin)} ${line}`.trimEnd());
  };
  const day = (at: number) => new Date(at).toISOString().slice(0, 10);
  const last = day(statistics.to).padStart(room - 12);
  return [
    `Equity (${facts.currency})`,
    ...chart(thinned(result.equity, room - 1), money, CHART.equity),
    'Drawdown',
    ...chart(deepest(down, room - 1), percent, CHART.drawdown),
    `${' '.repeat(margin + 3)}${day(statistics.from)}${last}`,
  ];
}
