/**
 * A sweep in words: ranking, heat map of two parameters, and how much of the winner is luck.
 * Deliberately plain text of bounded width; the rows themselves are the CSV of `sweep.ts`.
 */
import { decimalText } from '../engine/index.ts';
import { profitFactorOf, type SweptRow, winRateOf } from './sweep.ts';
import { namesOf, type SweepAxes, valueOn, valuesOf } from './sweep-grid.ts';
import { BELIEF, factorFinding, type Honesty, ranked } from './sweep-honesty.ts';
import { SWEEP_NAMES, type SweepName } from './sweep-parameters.ts';

export interface SweepWords {
  readonly rows: readonly SweptRow[];
  readonly axes: SweepAxes;
  readonly minTrades: number;
  readonly exponent: number;
  readonly currency: string;
  readonly honesty: Honesty | undefined;
  /** No characters beyond ASCII. */
  readonly ascii?: boolean;
}

const SHOWN = 10;

const cell = (value: number | undefined): string =>
  value === undefined ? 'n/a' : value.toFixed(2);

function rankingLines({ rows, axes, minTrades, exponent, currency }: SweepWords): string[] {
  const names = namesOf(axes);
  const header = [...names, 'factor', 'win %', 'trades', currency];
  const lines = ranked(rows, minTrades)
    .slice(0, SHOWN)
    .map((row) => [
      ...names.map((name) => String(valueOn(row.set, name))),
      cell(profitFactorOf(row)),
      cell(row.trades === 0 ? undefined : (winRateOf(row) ?? 0) * 100),
      String(row.trades),
      decimalText(row.net, exponent),
    ]);
  return [header, ...lines].map((cells) =>
    cells.map((text) => text.padStart(Math.max(10, text.length + 1))).join(''),
  );
}

const SHADES = { unicode: ['·', '░', '▒', '▓', '█'], ascii: ['.', ':', '+', '*', '#'] } as const;

/** Mean net profit over all other parameters, for the two with the most values; best is darkest. */
export function heatMap({ rows, axes, exponent, ascii }: SweepWords): string[] {
  const [down, across] = namesOf(axes).toSorted(
    (a, b) => valuesOf(axes, b).length - valuesOf(axes, a).length,
  );
  if (down === undefined || across === undefined) return [];
  const [lines, columns] = [valuesOf(axes, down), valuesOf(axes, across)];
  if (columns.length < 2) return [];
  const cells = lines.map(() => columns.map(() => ({ sum: 0, count: 0 })));
  for (const { set, net } of rows) {
    const at = cells[lines.indexOf(valueOn(set, down))]?.[columns.indexOf(valueOn(set, across))];
    if (at === undefined) continue;
    at.sum += net;
    at.count += 1;
  }
  const means = cells.flat().flatMap(({ sum, count }) => (count === 0 ? [] : [sum / count]));
  const [least, most] = [Math.min(...means), Math.max(...means)];
  const shades = SHADES[ascii === true ? 'ascii' : 'unicode'];
  const text = ({ sum, count }: { readonly sum: number; readonly count: number }): string => {
    if (count === 0) return '';
    const mean = sum / count;
    const step = most > least ? Math.floor(((mean - least) / (most - least)) * 4.999) : 0;
    return `${(mean / 10 ** exponent).toFixed(0)} ${shades[step] ?? ''}`;
  };
  const line = (name: string, words: readonly string[]) =>
    name.padEnd(10) + words.map((word) => word.padStart(11)).join('');
  return [
    `Mean net profit by ${down} (down) and ${across} (across)`,
    line(
      '',
      columns.map((value) => `${value}  `),
    ),
    ...lines.map((value, at) => line(String(value), (cells[at] ?? []).map(text))),
  ].map((one) => one.trimEnd());
}

function honestyLines({ honesty, exponent, currency }: SweepWords): string[] {
  if (honesty === undefined) return ['No set was run.'];
  const { outOfSample: oos, neighbours, dearer, deflated, edges, folds } = honesty;
  const { overfitting, chance, drawdown } = honesty;
  const percent = (value: number | undefined): string =>
    value === undefined ? 'n/a' : `${cell(value * 100)} %`;
  const money = (value: number) => `${decimalText(value, exponent)} ${currency}`;
  const chosen = folds.map(({ set, row }, at) => {
    const what = set === undefined ? 'no set with enough trades' : setText(set);
    const result = row === undefined ? '' : `: ${money(row.net)} in ${row.trades} trades`;
    return `  fold ${at + 1}  ${what}${result}`;
  });
  return [
    `Winner of ${honesty.trials} trials: ${setText(honesty.best.set)}`,
    `Out of sample: ${money(oos.net)} in ${oos.trades} trades, factor ${cell(oos.factor)}`,
    ...chosen,
    FACTOR[factorFinding(honesty)],
    `Deflated Sharpe a trade, ${honesty.trials} trials: ${percent(deflated)}`,
    `Probability of overfitting: ${percent(overfitting?.probability)}`,
    `Random entries as good: ${percent(chance?.p)}`,
    `Drawdown, 95th percentile of other orders of the trades: ${percent(drawdown)}`,
    `Profitable neighbours: ${neighbours.profitable} of ${neighbours.count}`,
    `At the edge of its range: ${edges.length === 0 ? 'none' : edges.join(', ')}`,
    ...dearer.map(({ factor, net }) => `Costs times ${factor}: ${money(net)}`),
    '',
    honesty.sentence,
  ];
}

const FACTOR: Readonly<Record<ReturnType<typeof factorFinding>, string>> = {
  none: `Profit factor above ${BELIEF.factor}: none`,
  lost: `Profit factor above ${BELIEF.factor}: not found, it does not hold out of sample`,
  found: `Profit factor above ${BELIEF.factor}: found, it holds out of sample`,
};

const setText = (set: SweptRow['set']): string =>
  SWEEP_NAMES.filter((name) => !Number.isNaN(valueOn(set, name)))
    .map((name: SweepName) => `${name} ${valueOn(set, name)}`)
    .join(', ');

export function sweepText(words: SweepWords): string {
  const left = words.rows.filter((row) => row.needsEngine).length;
  const note =
    left === 0 ? [] : [`${left} sets were beyond the screening kernel: run by the engine itself.`];
  const lines = [
    ...rankingLines(words),
    '',
    ...heatMap(words),
    '',
    ...honestyLines(words),
    ...note,
  ];
  return `${lines.join('\n')}\n`;
}
