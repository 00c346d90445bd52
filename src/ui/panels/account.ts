/**
 * Balance, equity, day, margin, and what this run has earned.
 * Deliberately shows "none yet" for figures that do not exist yet instead of a zero (I18).
 */
import type { Snapshot } from '../../engine/index.ts';
import { decimalText, money } from '../../engine/index.ts';
import { count } from '../dialogs.ts';
import { type Area, type Line, lineWidth, type Span, signRole, span } from '../lines.ts';
import type { Role } from '../look.ts';
import { firstFit, fitWords, moneyWords, signedMoney, signedPercent } from '../text.ts';
import { lineChart } from './line-chart.ts';

/** Rows from which a curve tells more than its figures. */
const CURVE_FROM = 7;

/** What the closed trades that are still kept came to, one after the other. */
function curveLines({ marks, account }: Snapshot, area: Area): readonly Line[] {
  const results = marks.flatMap((mark) => (mark.net === undefined ? [] : [mark.net as number]));
  if (area.height < CURVE_FROM || results.length < 2 || account === undefined) return [];
  let sum = 0;
  const sums = [0, ...results.map((net) => (sum += net))];
  // As wide as there is room, so that few trades are a curve as well.
  const cells = Math.min(area.width - 2, 100);
  const wide = Array.from(
    { length: cells },
    (_, x) => sums[Math.round((x / (cells - 1)) * (sums.length - 1))] ?? 0,
  );
  const title = ` result of the last ${count(results.length, 'closed trade')}, net`;
  const rows = lineChart(wide, { width: cells, height: area.height - 2, look: area.look });
  return [
    [],
    [span('title', title), span('text', `  ${signedMoney(money(sum), account.exponent)}`)],
    ...rows.map((row): Line => [span('text', ' '), span('accent', row)]),
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

export function accountPanel(snapshot: Snapshot, area: Area): readonly Line[] {
  const facts = [...moneyFacts(snapshot), ...runFacts(snapshot), ...shadowFacts(snapshot)];
  if (area.height >= facts.length || area.width < 56) {
    const lines = facts.map((one) => factLine(one, area.width));
    return [...lines, ...curveLines(snapshot, { ...area, height: area.height - lines.length })];
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
