/**
 * Balance, equity, day, margin, and what this run has earned.
 * Deliberately shows "none yet" for figures that do not exist yet instead of a zero (I18).
 */
import type { Snapshot } from '../../engine/index.ts';
import { decimalText, money, wall } from '../../engine/index.ts';
import { count } from '../dialogs.ts';
import { equityCurve, inColumns } from '../equity.ts';
import { type Area, type Line, lineWidth, type Span, signRole, span } from '../lines.ts';
import type { Role } from '../look.ts';
import {
  dayAndClock,
  firstFit,
  fitWords,
  moneyWords,
  signedMoney,
  signedPercent,
} from '../text.ts';
import type { UiState } from '../ui-state.ts';
import { lineChart } from './line-chart.ts';

/** Rows from which a curve tells more than its figures: a blank, a title, and these. */
const CURVE_ROWS = 3;
const CURVE_COLUMNS = 120;

/** Equity over time, its highest and its lowest value at its right edge. */
function curveLines(snapshot: Snapshot, ui: UiState, area: Area): readonly Line[] {
  const { account } = snapshot;
  const curve = equityCurve(snapshot, ui.equity);
  const [first] = curve;
  const height = area.height - 2;
  if (height < CURVE_ROWS || account === undefined || first === undefined) return [];
  const [low, high] = [Math.min, Math.max].map((pick) =>
    moneyWords(money(pick(...curve.map((point) => point.value))), account.exponent),
  );
  const labels = Math.max((low ?? '').length, (high ?? '').length) + 2;
  const columns = Math.min(CURVE_COLUMNS, area.width - 1 - labels);
  const rows = lineChart(inColumns(curve, columns), { width: columns, height, look: area.look });
  if (rows.length < CURVE_ROWS) return [];
  const change = (account.equity ?? account.balance) - first.value;
  return [
    [],
    [
      span('title', ' Equity'),
      span('dim', ` since ${dayAndClock(wall(first.at))}  `),
      span(signRole(change), signedMoney(money(change), account.exponent)),
    ],
    ...rows.map((row, index): Line => {
      const label = index === 0 ? high : index === rows.length - 1 ? low : '';
      return [
        span('text', ' '),
        span('accent', row.padEnd(columns)),
        span('dim', `${label ?? ''}`),
      ];
    }),
  ];
}

interface Fact {
  readonly label: string;
  readonly role: Role;
  /** Forms of the value, longest first. */
  readonly forms: readonly string[];
}

const LABEL_CELLS = 14;
const fact = (label: string, role: Role, ...forms: readonly string[]): Fact => ({
  label,
  role,
  forms,
});

export function accountPanel(snapshot: Snapshot, ui: UiState, area: Area): readonly Line[] {
  const facts = [...moneyFacts(snapshot), ...runFacts(snapshot), ...shadowFacts(snapshot)];
  if (area.height >= facts.length || area.width < 56) {
    const lines = facts.map((one) => factLine(one, area.width));
    return [...lines, ...curveLines(snapshot, ui, { ...area, height: area.height - lines.length })];
  }
  const rows = Math.ceil(facts.length / 2);
  const cells = Math.floor(area.width / 2);
  return Array.from({ length: rows }, (_, row) => {
    const left = facts[row];
    const right = facts[row + rows];
    return [
      ...(left === undefined ? [] : factLine(left, cells)),
      ...(right === undefined ? [] : factLine(right, cells)),
    ];
  });
}

function factLine({ label, role, forms }: Fact, width: number): Line {
  const head = span('dim', ` ${fitWords(label, LABEL_CELLS)}`);
  const room = Math.max(0, width - lineWidth([head]) - 1);
  const value = firstFit(forms, room);
  const line: Span[] = [head, span(role, value)];
  const gap = width - lineWidth(line);
  return gap > 0 ? [...line, span('text', ' '.repeat(gap))] : line;
}

function moneyFacts({ account }: Snapshot): readonly Fact[] {
  if (account === undefined) return [fact('account', 'warn', 'not known yet')];
  const { exponent, currency, dayPnl, dayPnlBps } = account;
  const money = (value: typeof account.equity) =>
    value === undefined ? 'unknown' : moneyWords(value, exponent);
  const day = dayPnl === undefined ? 'unknown' : signedMoney(dayPnl, exponent);
  const percent = dayPnlBps === undefined ? '' : `  ${signedPercent(dayPnlBps)}`;
  return [
    fact('balance', 'text', `${money(account.balance)} ${currency}`, money(account.balance)),
    account.equity === undefined
      ? fact('equity', 'warn', 'unknown')
      : fact('equity', 'strong', `${money(account.equity)} ${currency}`, money(account.equity)),
    fact('day P&L', dayPnl === undefined ? 'warn' : signRole(dayPnl), day + percent, day),
    fact(
      'margin used',
      'text',
      `${money(account.usedMargin)}  free ${money(account.freeMargin)}`,
      money(account.usedMargin),
    ),
  ];
}

/** The broker against the paper exchange beside it; a dry run has no such line. */
function shadowFacts({ shadow, account }: Snapshot): readonly Fact[] {
  if (shadow === undefined || account === undefined) return [];
  const { divergence, entryTicks, exitTicks, missing, extra } = shadow;
  const apart =
    divergence === undefined ? 'money unknown' : signedMoney(divergence, account.exponent);
  const ticks = `${count(entryTicks + exitTicks, 'tick')} worse`;
  const fills = missing + extra === 0 ? '' : `, ${missing} missing, ${extra} extra`;
  const role = missing + extra === 0 ? 'text' : 'warn';
  return [fact('vs paper', role, `${apart}, ${ticks}${fills}`, `${apart}, ${ticks}`, apart)];
}

function runFacts({ stats, account }: Snapshot): readonly Fact[] {
  const exponent = account?.exponent;
  const trades = count(stats.trades, 'trade');
  const won = `${trades}, ${stats.wins} won, ${stats.losses} lost`;
  const rate =
    stats.winRateBps === undefined ? 'none yet' : `${decimalText(stats.winRateBps, 2)} %`;
  const factor = stats.profitFactor === undefined ? 'none yet' : stats.profitFactor.toFixed(2);
  const net = exponent === undefined ? 'unknown' : signedMoney(stats.netProfit, exponent);
  const drawdown = exponent === undefined ? 'unknown' : moneyWords(stats.maxDrawdown, exponent);
  const drop = `${decimalText(stats.maxDrawdownBps, 2)} %`;
  return [
    fact('this run', signRole(stats.netProfit), `${net}, ${won}`, `${net}, ${trades}`, net),
    rate === factor
      ? fact('win rate', 'text', 'none yet')
      : fact(
          'win rate',
          'text',
          `${rate}, profit factor ${factor}`,
          `${rate}, factor ${factor}`,
          rate,
        ),
    fact('max drawdown', 'text', `${drawdown}  ${drop}`, drawdown),
  ];
}
