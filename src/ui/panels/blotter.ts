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
import { type Area, type Line, type Span, signRole, span } from '../lines.ts';
import type { Role } from '../look.ts';
import { age, displayWidth, fitNumber, fitWords, signedMoney, signedPercent } from '../text.ts';
import type { UiState } from '../ui-state.ts';
import { decisionLine } from './ledger.ts';

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
    title: 'of entry',
    width: 8,
    align: 'number',
    rank: 6,
    position: ({ openPnlBps }) =>
      openPnlBps === undefined ? none : cell(signRole(openPnlBps), signedPercent(openPnlBps)),
    order: () => none,
  },
  {
    title: 'age',
    width: 9,
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
  if (rows.length === 0) return emptyTable(snapshot, area);
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
  return [heading, ...shown.map((row) => rowLine(row, { columns, context, area, selected }))];
}

/** Below this the ledger itself is on the screen, or there is no room for a second one. */
const LATEST_FROM = 6;

/** Nothing is held: the room goes to the question that is asked then, why not. */
function emptyTable(snapshot: Snapshot, area: Area): readonly Line[] {
  const said: Line = [span('dim', ' no position, no open order')];
  if (area.height < LATEST_FROM || snapshot.decisions.length === 0) return [said];
  const latest = [...snapshot.decisions].reverse().slice(0, area.height - 2);
  return [said, [], ...latest.map((decision) => decisionLine(decision, area))];
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
