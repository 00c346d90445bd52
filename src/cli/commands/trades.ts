/**
 * The `trades` verb: closed trades of a journal as a table, JSON or CSV, and its audit trail.
 * Deliberately a reader: every figure comes from integers of the journal, streamed row by row.
 */
import { moneyText, volumeText } from '../../engine/index.ts';
import type { JournalView } from '../../runtime/journal-view.ts';
import {
  type AuditRow,
  type ProjectionSink,
  Projections,
  type TradeRow,
} from '../../runtime/projections.ts';
import { printable } from '../../ui/text.ts';
import { EXIT } from '../exit.ts';
import type { Io } from '../io.ts';
import { csvLine, TRADE_HEADER, type TradeCells, tradeCells, tradeLine } from '../trade-cells.ts';
import type { Format } from './journal-options.ts';

/** Tells a sink all that the journal adds up to. */
export function project(view: JournalView, sink: ProjectionSink): void {
  const projections = new Projections(sink);
  for (const row of view.facts()) projections.take(row);
}

const COLUMNS: readonly (readonly [title: string, width: number, left?: true])[] = [
  ['#', 4],
  ['closed (UTC)', 16, true],
  ['side', 4, true],
  ['symbol', 8, true],
  ['volume', 8],
  ['entry', 9],
  ['close', 9],
  ['result', 12],
  ['by', 8, true],
  ['position', 10],
];

/** The list for a person or, with `json`, one object. */
export function listTrades(view: JournalView, json: boolean, io: Io): number {
  if (json) {
    const trades: object[] = [];
    project(view, { closed: (trade) => trades.push(tradeJson(trade)) });
    io.stdout.write(`${JSON.stringify({ ...view.identity, trades }, null, 2)}\n`);
    return EXIT.ok;
  }
  let count = 0;
  project(view, {
    closed: (trade) => {
      if (count === 0) io.stdout.write(tableLine(COLUMNS.map(([title]) => title)));
      count += 1;
      io.stdout.write(tradeText(trade));
    },
  });
  if (count === 0) io.stdout.write('No trade was closed in this journal.\n');
  return EXIT.ok;
}

function tableLine(cells: readonly string[]): string {
  const padded = COLUMNS.map(([, width, left], index) => {
    const text = printable(cells[index] ?? '');
    return left === true ? text.padEnd(width) : text.padStart(width);
  });
  return `${padded.join('  ').trimEnd()}\n`;
}

function tradeText(trade: TradeRow): string {
  const cells = tradeCells(trade, 'close');
  return tableLine([
    String(trade.number ?? ''),
    (cells.timestamp ?? '').slice(0, 16).replace('T', ' '),
    trade.side,
    trade.symbol ?? '',
    volumeText(trade.volume),
    cells.entry_price ?? '',
    cells.close_price ?? '',
    `${trade.net > 0 ? '+' : ''}${moneyText(trade.net, trade.exponent)}`,
    trade.closeReason ?? '',
    trade.positionId,
  ]);
}

const orNull = (cells: TradeCells): object =>
  Object.fromEntries(Object.entries(cells).map(([name, text]) => [name, text ?? null]));

/** Exact figures as decimal text; what the journal does not say is null. */
function tradeJson(trade: TradeRow): object {
  const opened = trade.openedAt === undefined ? null : new Date(trade.openedAt).toISOString();
  const { number = null, orderId = null } = trade;
  return { number, ...orNull(tradeCells(trade, 'close')), opened, order_id: orderId };
}

/** One row for every opening and every close, in the order in which they happened. */
export function exportTrades(view: JournalView, format: Format, io: Io): number {
  if (format === 'csv') {
    io.stdout.write(TRADE_HEADER);
    project(view, {
      opened: (trade) => io.stdout.write(tradeLine(trade, 'open')),
      closed: (trade) => io.stdout.write(tradeLine(trade, 'close')),
    });
    return EXIT.ok;
  }
  const list = jsonList(io);
  project(view, {
    opened: (trade) => list.add(orNull(tradeCells(trade, 'open'))),
    closed: (trade) => list.add(orNull(tradeCells(trade, 'close'))),
  });
  return list.end();
}

const AUDIT_COLUMNS = ['entry', 'timestamp', 'step', 'kind', 'subject', 'what', 'why', 'by'];

const auditCells = (row: AuditRow): readonly (string | undefined)[] => [
  String(row.id),
  new Date(row.at).toISOString(),
  String(row.seq),
  row.kind,
  row.subject,
  row.what,
  row.why,
  row.by,
];

/** Who did what, when and why. */
export function exportAudit(view: JournalView, format: Format, io: Io): number {
  if (format === 'csv') {
    io.stdout.write(csvLine(AUDIT_COLUMNS));
    project(view, { audit: (row) => io.stdout.write(csvLine(auditCells(row).map(printed))) });
    return EXIT.ok;
  }
  const list = jsonList(io);
  project(view, {
    audit: (row) => {
      const cells = auditCells(row);
      list.add(Object.fromEntries(AUDIT_COLUMNS.map((name, at) => [name, cells[at] ?? null])));
    },
  });
  return list.end();
}

const printed = (text: string | undefined) => (text === undefined ? undefined : printable(text));

/** One JSON array, written as it comes: a long journal need not fit into memory. */
function jsonList(io: Io): { add(value: object): void; end(): number } {
  let isFirst = true;
  return {
    add: (value) => {
      io.stdout.write(`${isFirst ? '[' : ','}\n  ${JSON.stringify(value)}`);
      isFirst = false;
    },
    end: () => {
      io.stdout.write(isFirst ? '[]\n' : '\n]\n');
      return EXIT.ok;
    },
  };
}
