/**
 * A sweep in words: ranking, heat map of two parameters, and how much of the winner is luck.
 * Deliberately plain text of bounded width; the rows themselves are the CSV of `sweep.ts`.
 */
import { decimalText } from '../engine/index.ts';
import { wrapped } from './report-text.ts';
import { profitFactorOf, type SweptRow, winRateOf } from './sweep.ts';
import { namesOf, type SweepAxes, valueOn, valuesOf } from './sweep-grid.ts';
import { BELIEF, type Check, factorFinding, type Honesty, ranked } from './sweep-honesty.ts';
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

/** More columns than these are shades alone; more lines or columns than those share a place. */
const NUMBERS_MAX = 6;
const SHADES_MAX = 34;

interface Mean {
  sum: number;
  count: number;
}

/** Mean net profit over all other parameters, for the two with the most values; best is darkest. */
export function heatMap(words: SweepWords): string[] {
  const { rows, axes } = words;
  const [down, across] = namesOf(axes).toSorted(
    (a, b) => valuesOf(axes, b).length - valuesOf(axes, a).length,
  );
  if (down === undefined || across === undefined) return [];
  const [lines, columns] = [placesOf(valuesOf(axes, down)), placesOf(valuesOf(axes, across))];
  if (columns.labels.length < 2) return [];
  const cells = lines.labels.map(() => columns.labels.map((): Mean => ({ sum: 0, count: 0 })));
  for (const { set, net } of rows) {
    const line = lines.placeOf.get(valueOn(set, down)) ?? -1;
    const at = cells[line]?.[columns.placeOf.get(valueOn(set, across)) ?? -1];
    if (at === undefined) continue;
    at.sum += net;
    at.count += 1;
  }
  const title = `Mean net profit by ${down} (down) and ${across} (across); the darkest is the best`;
  const drawn =
    columns.labels.length > NUMBERS_MAX
      ? shadeLines(words, cells, lines.labels, columns.labels)
      : numberLines(words, cells, lines.labels, columns.labels);
  return [title, ...drawn].map((line) => line.trimEnd());
}

/** Values in at most so many places, neighbours together, each place under its first value. */
function placesOf(values: readonly number[]) {
  const count = Math.min(values.length, SHADES_MAX);
  const placeOf = new Map(
    values.map((value, at) => [value, Math.floor((at * count) / values.length)] as const),
  );
  const labels = Array.from({ length: count }, (_, place) =>
    String(values.find((value) => placeOf.get(value) === place) ?? ''),
  );
  return { placeOf, labels };
}

type Cells = readonly (readonly Mean[])[];

/** The shade of a mean between the least and the most of all. */
function shading({ ascii }: SweepWords, cells: Cells) {
  const means = cells.flat().flatMap(({ sum, count }) => (count === 0 ? [] : [sum / count]));
  const [least, most] = [Math.min(...means), Math.max(...means)];
  const shades = SHADES[ascii === true ? 'ascii' : 'unicode'];
  const shadeOf = ({ sum, count }: Mean): string => {
    if (count === 0) return ' ';
    const share = most > least ? (sum / count - least) / (most - least) : 0;
    return shades[Math.floor(share * 4.999)] ?? '';
  };
  return { least, most, shadeOf, lightest: shades[0], darkest: shades[4] };
}

const whole = (value: number, exponent: number): string => (value / 10 ** exponent).toFixed(0);

function numberLines(
  words: SweepWords,
  cells: Cells,
  lines: readonly string[],
  columns: readonly string[],
): string[] {
  const { shadeOf } = shading(words, cells);
  const text = (one: Mean): string =>
    one.count === 0 ? '' : `${whole(one.sum / one.count, words.exponent)} ${shadeOf(one)}`;
  const line = (name: string, texts: readonly string[]) =>
    name.padEnd(10) + texts.map((one) => one.padStart(11)).join('');
  return [
    line(
      '',
      columns.map((value) => `${value}  `),
    ),
    ...lines.map((value, at) => line(value, (cells[at] ?? []).map(text))),
  ];
}

function shadeLines(
  words: SweepWords,
  cells: Cells,
  lines: readonly string[],
  columns: readonly string[],
): string[] {
  const { least, most, shadeOf, lightest, darkest } = shading(words, cells);
  const [low, high] = [least, most].map((value) => whole(value, words.exponent));
  const [first = '', last = ''] = [columns[0], columns.at(-1)];
  const wide = columns.length * 2 - 1;
  return [
    `${lightest} ${low}   ${darkest} ${high}`.padStart(10 + wide),
    `${' '.repeat(10)}${first}${last.padStart(wide - first.length)}`,
    ...lines.map((value, at) => value.padEnd(10) + (cells[at] ?? []).map(shadeOf).join(' ')),
  ];
}

function honestyLines(words: SweepWords): string[] {
  const { honesty, exponent, currency } = words;
  if (honesty === undefined) return ['No set was run.'];
  const { outOfSample: oos, folds, trials } = honesty;
  const money = (value: number) => `${decimalText(value, exponent)} ${currency}`;
  const chosen = folds.map(({ set, row }, at) => {
    const what = set === undefined ? 'no set with enough trades' : setText(set);
    const result = row === undefined ? '' : `: ${money(row.net)} in ${row.trades} trades`;
    return `  fold ${at + 1}  ${what}${result}`;
  });
  const unseen =
    folds.length === 0
      ? []
      : [
          `Out of sample, each fold by the best set of all bars before it: ${money(oos.net)}`,
          `in ${oos.trades} trades, profit factor ${cell(oos.factor)}`,
          ...chosen,
          '',
        ];
  return [
    `Winner of ${trials} trials: ${setText(honesty.best.set)}`,
    '',
    ...unseen,
    ...checkLines(honesty, money),
    '',
    ...wrapped(honesty.sentence, 80),
  ];
}

const percent = (value: number | undefined): string =>
  value === undefined ? 'n/a' : `${cell(value * 100)} %`;

const FACTOR = { none: 'none', lost: 'not found', found: 'found' } as const;

/** One line a check: what was found, what is needed, and NO where it does not hold. */
function checkLines(honesty: Honesty, money: (value: number) => string): string[] {
  const { best, minTrades, outOfSample, deflated, overfitting, chance, trials } = honesty;
  const { neighbours, edges, drawdown } = honesty;
  const [costs, dearest] = honesty.dearer;
  const whole = (share: number): string => `${share * 100} %`;
  const named = edges.length === 0 ? 'none' : edges.join(', ');
  const isTested = honesty.folds.length > 0;
  const rows: readonly (readonly [string, string, string, Check?])[] = [
    ['Check', 'found', 'needed'],
    ['Trades', String(best.trades), `${minTrades} or more`, 'trades'],
    ['Net profit', money(best.net), 'above 0', 'profit'],
    ['Net profit out of sample', isTested ? money(outOfSample.net) : 'n/a', 'above 0', 'unseen'],
    [
      `Profit factor above ${BELIEF.factor}`,
      FACTOR[factorFinding(honesty)],
      'out of sample',
      'factor',
    ],
    [
      `Deflated Sharpe a trade, ${trials} trials`,
      percent(deflated),
      `${whole(BELIEF.deflated)} or more`,
      'deflated',
    ],
    [
      'Probability of overfitting',
      percent(overfitting?.probability),
      `${whole(BELIEF.overfit)} or less`,
      'overfitting',
    ],
    ['Random entries as good', percent(chance?.p), `${whole(BELIEF.chance)} or less`, 'chance'],
    [
      'Profitable neighbours',
      `${neighbours.profitable} of ${neighbours.count}`,
      `${whole(BELIEF.plateau)} or more`,
      'plateau',
    ],
    [
      'At the edge of its range',
      named.length > FOUND ? `${edges.length} ranges` : named,
      'none',
      'edge',
    ],
    [`Costs times ${costs?.factor}`, money(costs?.net ?? 0), 'above 0', 'costs'],
    [`Costs times ${dearest?.factor}`, money(dearest?.net ?? 0), 'above 0', 'dearest'],
    ['Drawdown, 95th percentile resampled', percent(drawdown), ''],
  ];
  return rows.map(([name, found, needed, check]) => {
    const mark = check !== undefined && isFailed(honesty, check) ? 'NO' : '';
    return [name.padEnd(36), found.padStart(FOUND), needed.padStart(14), mark.padStart(4)]
      .join('')
      .trimEnd();
  });
}

/** Columns of what was found. */
const FOUND = 26;

const isFailed = ({ failed }: Honesty, check: Check): boolean =>
  failed.includes(check) || (check === 'unseen' && failed.includes('folds'));

const setText = (set: SweptRow['set']): string =>
  SWEEP_NAMES.filter((name) => !Number.isNaN(valueOn(set, name)))
    .map((name: SweepName) => `${name} ${valueOn(set, name)}`)
    .join(', ');

export function sweepText(words: SweepWords): string {
  const left = words.rows.filter((row) => row.needsEngine).length;
  const note =
    left === 0 ? [] : [`${left} sets were beyond the screening kernel: run by the engine itself.`];
  const shown = Math.min(SHOWN, words.rows.length);
  const order = `by net profit, rows with fewer than ${words.minTrades} trades last`;
  const lines = [
    `The best ${shown} of ${words.rows.length} sets ${order}`,
    ...rankingLines(words),
    '',
    ...heatMap(words),
    '',
    ...honestyLines(words),
    ...note,
  ];
  return `${lines.join('\n')}\n`;
}
