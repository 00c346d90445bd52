/**
 * Positions and orders with an open outcome in one table, with fixed columns.
 * Deliberately never says "closed" on asking: states are the engine's words (F116).
 */
import {
  type OrderView,
  type PositionView,
  type Price,
  priceText,
  type Snapshot,
  volumeText,
} from '../../engine/index.ts';
import { type BookRow, bookRows, selectedRow } from '../book.ts';
import { layoutOf } from '../layout.ts';
import { type Area, type Line, type Span, signRole, span } from '../lines.ts';
import type { Role } from '../look.ts';
import {
  age,
  dayAndClock,
  displayWidth,
  fitNumber,
  fitWords,
  signedMoney,
  signedPercent,
} from '../text.ts';
import type { UiState } from '../ui-state.ts';
import { decisionLine } from './ledger.ts';
import { wayOf } from './way.ts';

interface Cell {
  readonly role: Role;
  readonly text: string;
}

interface Column {
  readonly title: string;
  readonly width: number;
  readonly align: 'words' | 'number';
  /** Columns with the highest rank leave first when the table is too narrow. */
  readonly rank: number;
  readonly position: (position: PositionView, context: Context) => Cell;
  readonly order: (order: OrderView, context: Context) => Cell;
}

interface Context {
  readonly digits: number | undefined;
  readonly exponent: number | undefined;
  readonly late: number;
}

const STATE_ROLES: Readonly<Record<string, Role>> = {
  PROTECTED: 'good',
  NAKED: 'bad',
  CLOSE_UNKNOWN: 'bad',
  UNSETTLED: 'warn',
  OPENING: 'warn',
  CLOSING: 'warn',
  UNKNOWN: 'bad',
  QUARANTINED: 'bad',
};
const STATE_WORDS: Readonly<Record<string, string>> = {
  NAKED: 'NO STOP',
  CLOSE_UNKNOWN: 'CLOSE UNKNOWN',
  SEND_BEGINS: 'SENDING',
};

/** Five digits before the point; finer instruments widen the price columns by their decimals. */
const PRICE_CELLS = 6;

/** One more than the longest age where there is room: then it does not touch the money before. */
const AGE_CELLS = 10;

const none: Cell = { role: 'dim', text: '' };
const cell = (role: Role, text: string): Cell => ({ role, text });
const sideCell = (side: 'buy' | 'sell'): Cell =>
  side === 'buy' ? cell('up', 'BUY') : cell('down', 'SELL');
const priceCell = (value: Price | undefined, digits: number | undefined, absent: string): Cell =>
  value === undefined || digits === undefined
    ? cell('warn', absent)
    : cell('text', priceText(value, digits));
const stateCell = (state: string): Cell =>
  cell(STATE_ROLES[state] ?? 'text', STATE_WORDS[state] ?? state);

const COLUMNS: readonly Column[] = [
  {
    title: 'side',
    width: 4,
    align: 'words',
    rank: 0,
    position: ({ side }) => sideCell(side),
    order: ({ side }) => sideCell(side),
  },
  {
    title: 'volume',
    width: 6,
    align: 'number',
    rank: 0,
    position: ({ volume }) => cell('text', volumeText(volume)),
    order: ({ volume }) => cell('text', volumeText(volume)),
  },
  {
    title: 'entry',
    width: PRICE_CELLS,
    align: 'number',
    rank: 3,
    position: ({ entry }, { digits }) => priceCell(entry, digits, 'none'),
    order: () => none,
  },
  {
    title: 'now',
    width: PRICE_CELLS,
    align: 'number',
    rank: 4,
    position: ({ current }, { digits }) => priceCell(current, digits, 'stale'),
    order: () => none,
  },
  {
    title: 'stop',
    width: PRICE_CELLS,
    align: 'number',
    rank: 1,
    position: ({ stop }, { digits }) =>
      stop === undefined ? cell('bad', 'NONE') : priceCell(stop, digits, 'none'),
    order: () => none,
  },
  {
    title: 'target',
    width: PRICE_CELLS,
    align: 'number',
    rank: 5,
    position: ({ target }, { digits }) => priceCell(target, digits, 'none'),
    order: () => none,
  },
  {
    title: 'P&L',
    width: 10,
    align: 'number',
    rank: 0,
    position: ({ openPnl }, { exponent }) =>
      openPnl === undefined || exponent === undefined
        ? cell('warn', 'unknown')
        : cell(signRole(openPnl), signedMoney(openPnl, exponent)),
    order: ({ executed }) => cell('dim', executed === 0 ? '' : `${volumeText(executed)} done`),
  },
  {
    title: 'P&L %',
    width: 8,
    align: 'number',
    rank: 6,
    position: ({ openPnlBps }) =>
      openPnlBps === undefined ? none : cell(signRole(openPnlBps), signedPercent(openPnlBps)),
    order: () => none,
  },
  {
    title: 'age',
    width: AGE_CELLS,
    align: 'number',
    rank: 2,
    position: ({ ageMs }, { late }) => cell('dim', age(ageMs + late)),
    order: ({ ageMs }, { late }) => cell('dim', age(ageMs + late)),
  },
  {
    title: 'state',
    width: 13,
    align: 'words',
    rank: 0,
    position: ({ state, ours }) => (ours ? stateCell(state) : cell('warn', 'NOT OURS')),
    order: ({ state }) => stateCell(state),
  },
];

/** Columns grow in steps, so that a digit more does not move the table with every quote. */
const COLUMN_STEP = 3;

/** Wide enough for every row's number: a column is whole or it leaves, it is never filled. */
function widened(column: Column, rows: readonly BookRow[], context: Context): Column {
  if (column.align !== 'number') return column;
  const isPrice = column.width === PRICE_CELLS && column.rank > 0;
  const least = column.width + (isPrice ? (context.digits ?? 0) : 0);
  const widest = Math.max(...rows.map((row) => displayWidth(cellOf(column, row, context).text)));
  const steps = Math.ceil(Math.max(0, widest - least) / COLUMN_STEP);
  return { ...column, width: least + steps * COLUMN_STEP };
}

function cellOf(column: Column, row: BookRow, context: Context): Cell {
  return row.type === 'position'
    ? column.position(row.position, context)
    : column.order(row.order, context);
}

/** The columns that fit, in their order; every column costs one blank on its left. */
function columnsFor(width: number, rows: readonly BookRow[], context: Context): readonly Column[] {
  let columns = COLUMNS.map((column) => widened(column, rows, context));
  const cells = () => columns.reduce((sum, column) => sum + column.width + 1, 1);
  while (cells() > width && columns.length > 1) {
    const roomy = columns.find((column) => column.title === 'age' && column.width === AGE_CELLS);
    if (roomy !== undefined && cells() === width + 1) {
      columns = columns.map((one) => (one === roomy ? { ...one, width: one.width - 1 } : one));
      break;
    }
    const highest = Math.max(...columns.map((column) => column.rank));
    const leave = columns.filter((column) => column.rank === highest).pop();
    columns = columns.filter((column) => column !== leave);
  }
  return columns;
}

export function blotterPanel(
  snapshot: Snapshot,
  ui: UiState,
  late: number,
  area: Area,
): readonly Line[] {
  const rows = bookRows(snapshot);
  if (rows.length === 0) return emptyTable(snapshot, ui, area);
  const selected = selectedRow(snapshot, ui)?.id;
  const context: Context = {
    digits: snapshot.instrument?.digits,
    exponent: snapshot.account?.exponent,
    late,
  };
  const columns = columnsFor(area.width, rows, context);
  const heading: Span[] = [span('dim', ' ')];
  for (const column of columns) heading.push(span('dim', ` ${aligned(column, column.title)}`));
  const room = Math.max(1, area.height - 1);
  const index = rows.findIndex((row) => row.id === selected);
  const from = Math.max(0, Math.min(rows.length - room, index - room + 1));
  const shown = rows.slice(from, from + room);
  const table = shown.map((row) => rowLine(row, { columns, context, area, selected }));
  const way = wayLines(rows[index], snapshot, { ...area, height: room - shown.length });
  const left = room - shown.length - way.length;
  return [heading, ...table, ...way, ...pastLines(snapshot, ui, { ...area, height: left })];
}

/** A blank, a title and two lines: fewer tell nothing. */
const SECTION_ROWS = 4;

/** Where there is room: what was closed last, and on a screen without Why, why not more. */
function pastLines(snapshot: Snapshot, ui: UiState, area: Area): readonly Line[] {
  const section = (title: string, lines: readonly Line[], room: number): readonly Line[] =>
    room < SECTION_ROWS || lines.length === 0
      ? []
      : [[], [span('title', ` ${title}`)], ...lines.slice(0, room - 2)];
  const { height } = area;
  const hasWhy = layoutOf(ui).kind === 'full';
  const closed = closedLines(snapshot, height);
  const trades = section('Closed trades', closed, hasWhy ? height : Math.ceil(height / 2));
  if (hasWhy) return trades;
  const decisions = [...snapshot.decisions].reverse().slice(0, height);
  const lines = decisions.map((decision) => decisionLine(decision, area));
  return [...trades, ...section('Last bars', lines, height - trades.length)];
}

/** With a row between: how far the selected position is from its stop and its target. */
function wayLines(row: BookRow | undefined, snapshot: Snapshot, area: Area): readonly Line[] {
  if (area.height < 2 || row?.type !== 'position') return [];
  const lines = wayOf(row.position, snapshot, area);
  return lines.length === 0 ? [] : [[], ...lines].slice(0, area.height);
}

/** With fewer rows there is room for the first sentence only. */
const MORE_FROM = 3;

/**
 * Nothing is held: the room goes to the question that is asked then, why not; where Why stands
 * beside it, to what was closed last.
 */
function emptyTable(snapshot: Snapshot, ui: UiState, area: Area): readonly Line[] {
  if (snapshot.reconciliation.ageMs === undefined) {
    return [[span('warn', ' not known yet: the broker has not shown what it holds')]];
  }
  const said: Line = [span('dim', ' no position, no open order')];
  if (area.height < MORE_FROM) return [said];
  if (layoutOf(ui).kind === 'zoom') {
    return [said, ...pastLines(snapshot, ui, { ...area, height: area.height - 1 })];
  }
  const room = area.height - 2;
  const latest = [...snapshot.decisions].reverse().slice(0, room);
  const more =
    layoutOf(ui).kind === 'full'
      ? closedLines(snapshot, room)
      : latest.map((decision) => decisionLine(decision, area));
  const next = more.length === 0 ? firstWords(ui).map((text): Line => [span('dim', text)]) : more;
  return [said, [], ...next];
}

/** Nothing was ever held: what happens next, for whom this is the first look. */
const firstWords = ({ playback }: UiState): readonly string[] => [
  ' The strategy decides when a bar closes; Why tells what was missing.',
  ` ? shows the keys, ${playback === undefined ? 'p pauses entries' : 'Space pauses'}.`,
];

/** Newest first. */
function closedLines({ marks, instrument, account }: Snapshot, room: number): readonly Line[] {
  if (instrument === undefined || account === undefined) return [];
  const exits = marks.flatMap(({ wall, price, net }): readonly Line[] =>
    net === undefined
      ? []
      : [
          [
            span('dim', ` ${dayAndClock(wall)} `),
            span('text', `closed at ${priceText(price, instrument.digits)}, net `),
            span(signRole(net), signedMoney(net, account.exponent)),
          ],
        ],
  );
  return exits.reverse().slice(0, room);
}

function aligned(column: Column, text: string): string {
  return column.align === 'number' ? fitNumber(text, column.width) : fitWords(text, column.width);
}

function rowLine(
  row: BookRow,
  drawing: {
    readonly columns: readonly Column[];
    readonly context: Context;
    readonly area: Area;
    readonly selected: string | undefined;
  },
): Line {
  const { columns, context, area, selected } = drawing;
  const line: Span[] = [
    row.id === selected ? span('focus', area.look.glyphs.pointer) : span('text', ' '),
  ];
  for (const column of columns) {
    const { role, text } = cellOf(column, row, context);
    line.push(span('text', ' '), span(role, aligned(column, text)));
  }
  return line;
}
