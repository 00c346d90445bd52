/**
 * `history import`, `list` and `check`: files of the past, other programs' exports included.
 * Deliberately asks no broker; what it finds doubtful it names, and changes nothing.
 */
import { basename, join } from 'node:path';
import { decimalText } from '../../engine/index.ts';
import {
  type BarCheck,
  checkBars,
  type Misplaced,
  minutesOf,
  withoutMisplaced,
} from '../../sim/bar-check.ts';
import { type BarColumns, barsOf } from '../../sim/bar-columns.ts';
import { BAR_COLUMNS } from '../../sim/bar-forms.ts';
import { BAR_HEADER, barLine } from '../../sim/bar-lines.ts';
import { readBarColumns } from '../../sim/bar-text.ts';
import { faultText, readTicks, TICK_COLUMNS } from '../../sim/recording.ts';
import type { Config } from '../config.ts';
import { EXIT } from '../exit.ts';
import { edgesOf, HistoryFileFault, historyDir, keptFiles, writeNewFile } from '../history-file.ts';
import { minuteText } from '../history-wish.ts';
import type { Io } from '../io.ts';
import { plainBytes, UnusableInput, type Values, zoneWish } from './backtest-input.ts';

const NAME = 'palm-oil-tui';

function guarded(io: Io, deed: () => number): number {
  try {
    return deed();
  } catch (error) {
    if (!(error instanceof UnusableInput || error instanceof HistoryFileFault)) throw error;
    io.stderr.write(`${NAME}: ${error.message}\n`);
    return EXIT.usage;
  }
}

/** Any export that `backtest` reads, kept in our own form. */
export const historyImportCommand = (
  config: Config,
  file: string,
  values: Values,
  io: Io,
): number =>
  guarded(io, () => {
    const reading = readBarColumns(plainBytes(file), zoneWish(values));
    if (!reading.ok) throw new UnusableInput(`${file}: ${faultText(reading.fault)}.`);
    const { columns, writtenBy } = reading;
    const stem = basename(file)
      .replace(/(\.csv|\.txt)?(\.gz)?$/i, '')
      .replace(/[^\w.-]/g, '_');
    const given = values['out'];
    const out = typeof given === 'string' ? given : join(historyDir(config), `import-${stem}.csv`);
    const lines = barsOf(columns).map(barLine);
    writeNewFile(out, BAR_HEADER + lines.join(''));
    io.stdout.write(`${out}: ${columns.count} bars, written by ${writtenBy}\n`);
    return EXIT.ok;
  });

/** What the history directory holds. */
export function historyListCommand(config: Config, isJson: boolean, io: Io): number {
  const directory = historyDir(config);
  const rows = keptFiles(directory).map((file) => {
    const { rows: count, first, last } = edgesOf(file.path);
    return { file: file.name, rows: count, from: timeOf(first), to: timeOf(last), ...file };
  });
  if (isJson) {
    const files = rows.map(({ file, rows: count, from, to, bytes, isFinished }) => ({
      file,
      rows: count,
      from: from === undefined ? null : new Date(from).toISOString(),
      to: to === undefined ? null : new Date(to).toISOString(),
      bytes,
      finished: isFinished,
    }));
    io.stdout.write(`${JSON.stringify({ directory, files })}\n`);
    return EXIT.ok;
  }
  const span = (at: number | undefined): string => (at === undefined ? '-' : minuteText(at));
  for (const { file, rows: count, from, to, isFinished } of rows) {
    const state = isFinished ? '' : ', unfinished';
    io.stdout.write(`${file}: ${count} rows, ${span(from)} to ${span(to)}${state}\n`);
  }
  const hint = rows.length === 0 ? `nothing yet: ${NAME} history fetch fills it` : 'all of it';
  io.stdout.write(`${directory}: ${hint}\n`);
  return EXIT.ok;
}

function timeOf(line: string): number | undefined {
  const text = line.slice(0, line.indexOf(','));
  const at = /^\d{1,15}$/.test(text) ? Number(text) : Date.parse(text);
  return Number.isFinite(at) ? at : undefined;
}

interface Checked {
  readonly bars: BarColumns;
  readonly rows: number;
  readonly misplaced: readonly Misplaced[];
}

/** So many of each kind are shown; all are counted. */
const SHOWN = 20;

/** 0 for a file without doubts, 14 with some. */
export const historyCheckCommand = (file: string, values: Values, io: Io): number =>
  guarded(io, () => {
    const checked = checkedOf(file, values);
    const found = checkBars(checked.bars, {
      sessions: sessionsWish(values),
      allowedMissing: number(values, 'gap', '--gap', 100_000),
      outlierShare: number(values, 'outlier', '--outlier', 1_000) / 100,
    });
    const { holes, outliers } = found;
    const doubts = holes.length + outliers.length + checked.misplaced.length;
    io.stdout.write(
      values['json'] === true ? jsonOf(checked, found) : textOf(file, checked, found),
    );
    return doubts === 0 ? EXIT.ok : EXIT.unhealthy;
  });

function checkedOf(file: string, values: Values): Checked {
  const bytes = plainBytes(file);
  const head = bytes.subarray(0, 80).toString('utf8');
  if (head.startsWith(TICK_COLUMNS.join(','))) {
    const ticks = readTicks(bytes.toString('utf8'));
    if (!ticks.ok) throw new UnusableInput(`${file}: ${faultText(ticks.fault)}.`);
    return { bars: minutesOf(ticks.rows), rows: ticks.rows.length, misplaced: [] };
  }
  const isOwn = head.startsWith(`${BAR_COLUMNS.join(',')}\n`);
  const { text, misplaced } = isOwn
    ? withoutMisplaced(bytes.toString('utf8'))
    : { text: undefined, misplaced: [] };
  const inOrder = text === undefined || misplaced.length === 0 ? bytes : Buffer.from(text);
  const reading = readBarColumns(inOrder, zoneWish(values));
  if (!reading.ok) throw new UnusableInput(`${file}: ${faultText(reading.fault)}.`);
  return { bars: reading.columns, rows: reading.columns.count + misplaced.length, misplaced };
}

function sessionsWish(values: Values): 'fcpo' | 'bars' {
  const text = String(values['sessions'] ?? 'fcpo');
  if (text === 'fcpo' || text === 'bars') return text;
  throw new UnusableInput(`--sessions: "${text}" is not allowed; allowed is fcpo or bars.`);
}

function number(values: Values, name: string, flag: string, most: number): number {
  const text = String(values[name] ?? '');
  if (/^\d{1,6}(\.\d{1,3})?$/.test(text) && Number(text) <= most) return Number(text);
  throw new UnusableInput(`${flag}: "${text}" is not allowed; a number up to ${most} is.`);
}

const priceText = (price: number): string => decimalText(price, 5).replace(/\.?0+$/, '');

const WORDS = {
  duplicate: 'the same line again',
  conflict: 'another line of the same time',
  backwards: 'an earlier time than the line before',
} as const;

function textOf(file: string, { rows, misplaced }: Checked, found: BarCheck): string {
  const { holes, emptySessions, outliers, stepMs } = found;
  const lines = [`${file}: ${rows} rows, one in ${stepMs / 60_000} min`];
  const section = (title: string, all: readonly string[]): void => {
    lines.push(`${title}: ${all.length === 0 ? 'none' : all.length}`);
    lines.push(...all.slice(0, SHOWN).map((one) => `  ${one}`));
    if (all.length > SHOWN) lines.push(`  and ${all.length - SHOWN} more`);
  };
  section(
    'duplicates',
    misplaced.map((one) => `line ${one.line}: ${WORDS[one.type]}: ${printable(one.text)}`),
  );
  section(
    'gaps inside trading hours',
    holes.map((one) => `${minuteText(one.from)} to ${minuteText(one.to)}: ${one.missing} missing`),
  );
  section(
    'outliers',
    outliers.map(
      (one) => `${minuteText(one.at)}: ${priceText(one.price)}, usual ${priceText(one.usual)}`,
    ),
  );
  section(
    'sessions without a bar (holidays are no doubt)',
    emptySessions.map((one) => `${minuteText(one.open)} to ${minuteText(one.close)}`),
  );
  return `${lines.join('\n')}\n`;
}

const printable = (text: string): string => text.replace(/[\p{Cc}\p{Cf}]/gu, '?');

function jsonOf({ rows, misplaced }: Checked, found: BarCheck): string {
  const iso = (at: number): string => new Date(at).toISOString();
  return `${JSON.stringify({
    rows,
    stepMs: found.stepMs,
    duplicates: misplaced.map(({ line, type }) => ({ line, type })),
    gaps: found.holes.map(({ from, to, missing }) => ({ from: iso(from), to: iso(to), missing })),
    outliers: found.outliers.map((one) => ({
      at: iso(one.at),
      price: priceText(one.price),
      usual: priceText(one.usual),
    })),
    emptySessions: found.emptySessions.map(({ open, close }) => ({
      open: iso(open),
      close: iso(close),
    })),
  })}\n`;
}
