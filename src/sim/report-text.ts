/**
 * A backtest in words: what was run under which rules, the figures with their conventions, the
 * months.
 * Deliberately without colour and without charts: whoever has a terminal adds them.
 */
import { decimalText, PRICE_SCALE } from '../engine/index.ts';
import type { BacktestResult, Trade } from './backtest.ts';
import { DAYS_A_YEAR, type Statistics } from './statistics.ts';

/** What a reader must know to believe the figures. */
export interface ReportFacts {
  readonly source: string;
  readonly timeframe: string;
  readonly strategy: string;
  readonly sentiment: string;
  /** What it began with, and what is traded. */
  readonly account: string;
  readonly costs: string;
  readonly sessions: string;
  /** Changes of contract, when any were stated. */
  readonly rolls?: string;
  readonly currency: string;
  readonly exponent: number;
  readonly version: string;
}

export interface Report {
  readonly facts: ReportFacts;
  readonly statistics: Statistics;
  readonly result: BacktestResult;
  /** What is odd about the bars, one sentence each. */
  readonly doubts: readonly string[];
}

export const INTRA_BAR_RULE =
  'inside a bar the stop comes before the target; a level is filled at its price, ' +
  'and at the open when the bar opened beyond it; entries fill at the open of the next bar';

/** Fewer than these and the figures say little. */
export const SMALL_SAMPLE = { trades: 30, days: 60 } as const;

const NONE = 'n/a';
const DAY_MS = 86_400_000;
const percent = (value: number | undefined): string =>
  value === undefined ? NONE : `${(value * 100).toFixed(2)} %`;
const figure = (value: number | undefined): string =>
  value === undefined ? NONE : value.toFixed(2);
const date = (at: number): string => new Date(at).toISOString().slice(0, 16).replace('T', ' ');

/** Name and value of every figure, in order. */
export function figureRows({
  statistics: s,
  facts,
  result,
}: Report): (readonly [string, string])[] {
  const money = (value: number | undefined): string =>
    value === undefined
      ? NONE
      : `${decimalText(Math.round(value), facts.exponent)} ${facts.currency}`;
  const price = (value: number | undefined): string =>
    value === undefined ? NONE : (value / PRICE_SCALE).toFixed(2);
  const year = `daily, ${DAYS_A_YEAR}, rf 0`;
  return [
    ['Net profit', `${money(s.netProfit)} (${percent(s.returnShare)})`],
    ['CAGR (calendar years)', percent(s.cagr)],
    [`Sharpe (${year})`, figure(s.sharpe)],
    [`Sortino (${year}, all days)`, figure(s.sortino)],
    ['Calmar (CAGR / max drawdown)', figure(s.calmar)],
    ['Max drawdown (equity)', `${percent(s.drawdown.share)}, ${money(s.drawdown.amount)}`],
    ['Max drawdown, peak to bottom', fallText(s)],
    ['Max drawdown, recovered', recoveryText(s)],
    ['Longest under water', `${s.drawdownDays} days with bars`],
    ['Trades', `${s.trades}: ${s.wins} won, ${s.losses} lost, ${s.flat} flat`],
    ['Profit factor (after costs)', figure(s.profitFactor)],
    ['Win rate', percent(s.winRate)],
    ['Payoff (mean win / mean loss)', figure(s.payoff)],
    ['Expectancy a trade', money(s.expectancy)],
    ['Average win, loss', `${money(s.averageWin)}, ${money(s.averageLoss)}`],
    ['SQN (n at most 100)', figure(s.sqn)],
    ['Longest streaks', `${s.longestWins} won, ${s.longestLosses} lost`],
    ['Exposure (bars in the market)', percent(s.exposure)],
    ['Average holding', s.averageBars === undefined ? NONE : `${s.averageBars.toFixed(0)} bars`],
    ['MAE average, worst (price)', `${price(s.averageAdverse)}, ${price(s.worstAdverse)}`],
    ['MFE average (price)', price(s.averageFavourable)],
    ['Daily VaR 95 %, CVaR', `${percent(s.dailyVar)}, ${percent(s.dailyCvar)}`],
    ['Commission paid', money(s.commission)],
    ...(result.swap === 0 ? [] : [['Swap booked', money(result.swap)] as const]),
    ['Buy and hold, same bars', percent(s.buyAndHold)],
    ['Breaker trips', countsText(result.trippedBy)],
  ];
}

function fallText({ drawdown, drawdownTimes: { peak, bottom } }: Statistics): string {
  return drawdown.share === 0 ? NONE : `${date(peak)} to ${date(bottom)} UTC`;
}

/** How long it took from the peak until the equity was there again, or has taken so far. */
function recoveryText({ drawdown, drawdownTimes: { peak, recovered }, to }: Statistics): string {
  if (drawdown.share === 0) return NONE;
  const days = (((recovered ?? to) - peak) / DAY_MS).toFixed(1);
  return recovered === undefined
    ? `not in the ${days} days since its peak`
    : `${date(recovered)} UTC, ${days} days after its peak`;
}

/** The sum, and which of them: `3: volatility 2, dailyLoss 1`. */
function countsText(counts: Readonly<Record<string, number>>): string {
  const found = Object.entries(counts).sort((a, b) => b[1] - a[1]);
  const sum = found.reduce((all, [, count]) => all + count, 0);
  return sum === 0 ? '0' : `${sum}: ${found.map((one) => one.join(' ')).join(', ')}`;
}

/** Name and value of what was run. */
export function factRows({ facts, statistics: s }: Report): (readonly [string, string])[] {
  return [
    ['Bars', `${s.bars} of ${facts.timeframe} from ${facts.source}`],
    ['Period', `${date(s.from)} to ${date(s.to)} UTC, ${s.days} days with bars`],
    ['Strategy', facts.strategy],
    ['Sentiment', facts.sentiment],
    ['Account', facts.account],
    ['Costs', facts.costs],
    ['Sessions', facts.sessions],
    ...(facts.rolls === undefined ? [] : [['Rolls', facts.rolls] as const]),
    ['Fills', INTRA_BAR_RULE],
  ];
}

/** Doubts that a reader must not overlook. */
export function cautions({ statistics: s, result, doubts }: Report): string[] {
  const found = [...doubts];
  if (s.trades < SMALL_SAMPLE.trades || s.days < SMALL_SAMPLE.days) {
    found.push(
      `Small sample: ${s.trades} trades on ${s.days} days; below ${SMALL_SAMPLE.trades} trades ` +
        `or ${SMALL_SAMPLE.days} days the ratios say little.`,
    );
  }
  if (result.stillOpen) {
    found.push('A position was open at the end: it is in the equity and in no trade.');
  }
  return found;
}

/** Not between a number and its unit. */
const BETWEEN_WORDS = /(?<!\d) | (?!%|[A-Z]{3}\b)/;

/**
 * A text in lines of at most `width`, cut between words; a longer word stays whole, and so does a
 * number with the unit behind it.
 */
export function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(BETWEEN_WORDS)) {
    const line = lines.at(-1);
    if (line === undefined || line.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = `${line} ${word}`;
  }
  return lines;
}

const VALUE_MIN = 20;

const table = (rows: readonly (readonly [string, string])[], width: number): string[] => {
  const names = Math.max(0, ...rows.map(([name]) => name.length)) + 2;
  const room = Math.max(VALUE_MIN, width - names - 2);
  return rows.flatMap(([name, value]) =>
    wrapped(value, room).map((line, at) => `  ${(at === 0 ? name : '').padEnd(names)}${line}`),
  );
};

/** Lines of plain text, as wide as that; the charts go between figures and months. */
export function reportText(report: Report, charts: readonly string[], width: number): string {
  const { facts, statistics, result } = report;
  const months = statistics.months.map(({ month, net, share }): readonly [string, string] => [
    month,
    decimalText(Math.round(net), facts.exponent).padStart(12) + percent(share).padStart(11),
  ]);
  const blocked = Object.entries(result.blockedBy).sort((a, b) => b[1] - a[1]);
  return [
    `Backtest (palm-oil-tui ${facts.version})`,
    ...table(factRows(report), width),
    '',
    ...table(figureRows(report), width),
    '',
    ...charts,
    ...(charts.length > 0 ? [''] : []),
    'Months',
    ...months.map(([month, value]) => `  ${month}${value}`),
    '',
    ...wrapped('Closed bars by the first gate that said no (none: entered)', width),
    ...table(
      blocked.map(([gate, count]) => [gate, String(count)]),
      width,
    ),
    ...cautions(report).flatMap((text) => ['', ...wrapped(`! ${text}`, width)]),
    '',
  ].join('\n');
}

const iso = (at: number): string => new Date(at).toISOString();

/** One line a trade; prices in price units, money in units of the account. */
export function tradesCsv(trades: readonly Trade[], exponent: number): string {
  const header =
    'side,volume,entry_time,entry_price,exit_time,exit_price,cause,net,commission,mae,mfe,bars';
  const price = (value: number) => decimalText(value, 5).replace(/\.?0+$/, '');
  const rows = trades.map((trade) =>
    [
      trade.side,
      decimalText(trade.volume, 2),
      iso(trade.entryTime),
      price(trade.entryPrice),
      iso(trade.exitTime),
      price(trade.exitPrice),
      trade.cause,
      decimalText(trade.net, exponent),
      decimalText(trade.commission, exponent),
      price(trade.adverse),
      price(trade.favourable),
      trade.bars,
    ].join(','),
  );
  return `${[header, ...rows].join('\n')}\n`;
}

/** Everything as one JSON object; what could not be computed is null. */
export function reportJson(report: Report): string {
  const { facts, statistics, result } = report;
  const { equity: _equity, ...rest } = result;
  const value = { facts, rule: INTRA_BAR_RULE, statistics, ...rest, cautions: cautions(report) };
  return `${JSON.stringify(value, (_key, found) => (found === undefined ? null : found), 2)}\n`;
}
