/**
 * A sweep in words: ranking, heat map of two parameters, and how much of the winner is luck.
 * Deliberately plain text of bounded width; the rows themselves are the CSV of `sweep.ts`.
 */
import { decimalText } from '../engine/index.ts';
import { profitFactorOf, type SweptRow, winRateOf } from './sweep.ts';
import { namesOf, type SweepAxes, valueOn, valuesOf } from './sweep-grid.ts';
import { type Honesty, ranked } from './sweep-honesty.ts';
import { SWEEP_NAMES, type SweepName } from './sweep-parameters.ts';

export interface SweepWords {
  readonly rows: readonly SweptRow[];
  readonly axes: SweepAxes;
  readonly minTrades: number;
  readonly exponent: number;
  readonly currency: string;
  readonly honesty: Honesty | undefined;
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

/** Mean net profit over all other parameters, for the two with the most values. */
export function heatMap({ rows, axes, exponent }: SweepWords): string[] {
  const [down, across] = namesOf(axes).toSorted(
    (a, b) => valuesOf(axes, b).length - valuesOf(axes, a).length,
  );
  if (down === undefined || across === undefined) return [];
  const columns = valuesOf(axes, across);
  if (columns.length < 2) return [];
  const mean = (first: number, second: number): string => {
    const found = rows.filter(
      ({ set }) => valueOn(set, down) === first && valueOn(set, across) === second,
    );
    if (found.length === 0) return '';
    const sum = found.reduce((all, row) => all + row.net, 0);
    return (sum / found.length / 10 ** exponent).toFixed(0);
  };
  const line = (name: string, cells: readonly string[]) =>
    name.padEnd(10) + cells.map((text) => text.padStart(10)).join('');
  return [
    `Mean net profit by ${down} (down) and ${across} (across)`,
    line('', columns.map(String)),
    ...valuesOf(axes, down).map((value) =>
      line(
        String(value),
        columns.map((second) => mean(value, second)),
      ),
    ),
  ];
}

function honestyLines({ honesty, exponent, currency }: SweepWords): string[] {
  if (honesty === undefined) return ['No set was run.'];
  const { outOfSample: oos, neighbours, dearer, deflated, edges, folds } = honesty;
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
    `Deflated Sharpe a trade: ${deflated === undefined ? 'n/a' : cell(deflated * 100)} %`,
    `Profitable neighbours: ${neighbours.profitable} of ${neighbours.count}`,
    `At the edge of its range: ${edges.length === 0 ? 'none' : edges.join(', ')}`,
    ...dearer.map(({ factor, net }) => `Costs times ${factor}: ${money(net)}`),
    '',
    honesty.sentence,
  ];
}

const setText = (set: SweptRow['set']): string =>
  SWEEP_NAMES.filter((name) => !Number.isNaN(valueOn(set, name)))
    .map((name: SweepName) => `${name} ${valueOn(set, name)}`)
    .join(', ');

export function sweepText(words: SweepWords): string {
  const left = words.rows.filter((row) => row.needsEngine).length;
  const note =
    left === 0 ? [] : [`${left} sets came near the day's loss limit: run by the engine.`];
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
