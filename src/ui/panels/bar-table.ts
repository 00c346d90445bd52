/**
 * The last bars in numbers, newest first, for a panel that has room: prices, ticks, RSI.
 * Deliberately no columns that fit only sometimes: a column is there for every bar or not at all.
 */
import { type Bar, type Price, priceText, type Snapshot } from '../../engine/index.ts';
import { type Area, type Line, span } from '../lines.ts';
import type { Role } from '../look.ts';
import { dayAndClock, fitNumber, fitWords, reading, signedPrice } from '../text.ts';

/** A blank, two rows of titles, three bars: fewer tell nothing. */
const ROWS_FROM = 6;

interface Row {
  readonly bar: Bar;
  readonly isForming: boolean;
  /** At the close of the bar; absent while warming up and while the bar forms. */
  readonly rsi: number | undefined;
}

interface Column {
  readonly title: string;
  /** A narrow panel does without the highest. */
  readonly rank: number;
  readonly least: number;
  readonly text: (row: Row) => string;
  readonly role?: (row: Row) => Role;
}

const TIME_CELLS = 13;

export function barTable(snapshot: Snapshot, area: Area): readonly Line[] {
  const { instrument } = snapshot;
  const rows = rowsOf(snapshot).slice(0, area.height - 3);
  if (instrument === undefined || area.height < ROWS_FROM || rows.length === 0) return [];
  const columns = fitting(columnsOf(instrument.digits), rows, area.width - TIME_CELLS);
  const titles = columns.map(({ title, cells }) => fitNumber(title, cells)).join('');
  return [
    [],
    [span('title', ' Last bars')],
    [span('dim', ` ${fitWords('opened UTC', TIME_CELLS - 1)}${titles}`)],
    ...rows.map((row): Line => {
      const when = fitWords(dayAndClock(row.bar.openTime), TIME_CELLS - 1);
      const cells = columns.map((column) =>
        span(column.role?.(row) ?? 'text', fitNumber(column.text(row), column.cells)),
      );
      const note = row.isForming ? [span('dim', SO_FAR)] : [];
      return [span('dim', ` ${when}`), ...cells, ...note];
    }),
  ];
}

function rowsOf({ bars: { closed, forming }, indicators: { rsiSeries } }: Snapshot) {
  const behind = closed.length - rsiSeries.length;
  const rows = closed.map(
    (bar, at): Row => ({ bar, isForming: false, rsi: rsiSeries[at - behind] }),
  );
  if (forming !== undefined) rows.push({ bar: forming, isForming: true, rsi: undefined });
  return rows.reverse();
}

function columnsOf(digits: number): readonly Column[] {
  const price = (title: 'open' | 'high' | 'low' | 'close', rank: number): Column => ({
    title,
    rank,
    least: 7,
    text: ({ bar }) => priceText(bar[title], digits),
  });
  const move = ({ bar }: Row) => (bar.close - bar.open) as Price;
  return [
    price('open', 4),
    price('high', 3),
    price('low', 2),
    price('close', 0),
    {
      title: 'move',
      rank: 1,
      least: 6,
      text: (row) => signedPrice(move(row), digits),
      role: (row) => (move(row) > 0 ? 'up' : move(row) < 0 ? 'down' : 'text'),
    },
    {
      title: 'RSI',
      rank: 5,
      least: 6,
      text: ({ rsi, isForming }) => (isForming ? '' : rsi === undefined ? 'none' : reading(rsi)),
    },
    { title: 'ticks', rank: 6, least: 7, text: ({ bar }) => String(bar.ticks) },
  ];
}

const SO_FAR = ' so far';

/** As many as fit, each as wide as its widest number. */
function fitting(columns: readonly Column[], rows: readonly Row[], width: number) {
  let kept = columns.map((column) => {
    const widest = Math.max(...rows.map((row) => column.text(row).length));
    return { ...column, cells: Math.max(column.least, widest + 2) };
  });
  const cells = () => kept.reduce((sum, one) => sum + one.cells, SO_FAR.length);
  while (cells() > width && kept.length > 0) {
    const worst = Math.max(...kept.map(({ rank }) => rank));
    kept = kept.filter(({ rank }) => rank !== worst);
  }
  return kept;
}
