/**
 * The `backtest` verb: one run of the shipped engine over recorded bars, and its report.
 * Deliberately no trading and no arithmetic: the run is `sim/backtest`, the figures
 * `sim/statistics`.
 */
import { runBacktest } from '../../sim/backtest.ts';
import { reportHtml, thinned, underwater } from '../../sim/report-html.ts';
import { type Report, reportJson, reportText, tradesCsv } from '../../sim/report-text.ts';
import { statisticsOf } from '../../sim/statistics.ts';
import { detectAscii, makeLook } from '../../ui/look.ts';
import { lineChart } from '../../ui/panels/line-chart.ts';
import { EXIT } from '../exit.ts';
import type { Io } from '../io.ts';
import { readInput, UnusableInput, type Values, writeWhole } from './backtest-input.ts';

const NAME = 'palm-oil-tui';
const CHART = { width: 96, equity: 12, drawdown: 6 } as const;

/** Runs, writes what was asked for, prints the report; answers with the exit code. */
export function backtestCommand(values: Values, io: Io): number {
  try {
    const { market, setup, facts, warnings } = readInput(values, io);
    for (const warning of warnings) io.stderr.write(`${NAME}: ${warning}\n`);
    const result = runBacktest(market, setup);
    const report: Report = { facts, statistics: statisticsOf(market, result), result };
    const { trades, html } = { trades: values['trades'], html: values['html'] };
    if (typeof trades === 'string') writeWhole(trades, tradesCsv(result.trades, facts.exponent));
    if (typeof html === 'string') writeWhole(html, reportHtml(report));
    const isJson = values['json'] === true;
    io.stdout.write(isJson ? reportJson(report) : reportText(report, chartsOf(report, io)));
    return EXIT.ok;
  } catch (error) {
    if (!(error instanceof UnusableInput)) throw error;
    io.stderr.write(`${NAME}: ${error.message}\n`);
    return EXIT.usage;
  }
}

function chartsOf({ result }: Report, io: Io): readonly string[] {
  const look = makeLook({ colour: 'none', theme: 'dark', ascii: detectAscii(io.env) });
  const chart = (title: string, values: readonly number[], height: number): string[] => [
    title,
    ...lineChart(values, { width: CHART.width, height, look }).map((line) => `  ${line.trimEnd()}`),
  ];
  const equity = thinned(result.equity, CHART.width - 1);
  const down = thinned(underwater(result.equity), CHART.width - 1);
  return [...chart('Equity', equity, CHART.equity), ...chart('Drawdown', down, CHART.drawdown)];
}
