/**
 * Comma-separated text with quotes and a header line, read strictly.
 * Deliberately knows no types; a row of the wrong length breaks the table instead of shifting.
 */

export interface CsvRow {
  /** Line in the file where the row begins, from 1. */
  readonly line: number;
  readonly cells: ReadonlyMap<string, string>;
}

export type CsvTable =
  | {
      readonly status: 'read';
      readonly header: readonly string[];
      readonly rows: readonly CsvRow[];
    }
  | { readonly status: 'broken'; readonly reason: string };

interface RawRow {
  readonly line: number;
  readonly cells: readonly string[];
}

/** Lines that are empty or start with `#` are skipped. Names and values are trimmed. */
export function readCsv(text: string): CsvTable {
  const raw = split(text.replace(/^\uFEFF/, ''));
  if (raw === undefined) return { status: 'broken', reason: 'a quote never closes' };
  const [head, ...body] = raw.filter(({ cells }) => cells.length > 1 || cells[0] !== '');
  if (head === undefined) return { status: 'broken', reason: 'the table is empty' };
  const header = head.cells;
  if (new Set(header).size !== header.length) {
    return { status: 'broken', reason: 'a column name appears twice' };
  }
  const odd = body.find(({ cells }) => cells.length !== header.length);
  if (odd !== undefined) {
    const counts = `${odd.cells.length} cells instead of ${header.length}`;
    return { status: 'broken', reason: `line ${odd.line}: ${counts}` };
  }
  const rows = body.map(({ line, cells }) => ({
    line,
    cells: new Map(header.map((name, column) => [name, cells[column] ?? ''])),
  }));
  return { status: 'read', header, rows };
}

function split(text: string): readonly RawRow[] | undefined {
  const rows: RawRow[] = [];
  let cells: string[] = [];
  let line = 1;
  let began = 1;
  let at = 0;
  const end = () => {
    rows.push({ line: began, cells });
    cells = [];
    began = line;
  };
  while (at < text.length) {
    if (cells.length === 0 && text[at] === '#') {
      at = lineEnd(text, at) + 1;
      line += 1;
      began = line;
      continue;
    }
    const cell = text[at] === '"' ? quotedCell(text, at) : plainCell(text, at);
    if (cell === undefined) return undefined;
    cells.push(cell.value);
    line += text.slice(at, cell.next).split('\n').length - 1;
    at = cell.next;
    if (text[at] === ',') {
      at += 1;
      if (at >= text.length || text[at] === '\n' || text[at] === '\r') cells.push('');
    }
    if (text[at] === '\r') at += 1;
    if (text[at] === '\n') {
      line += 1;
      at += 1;
      end();
    }
  }
  if (cells.length > 0) end();
  return rows;
}

interface Cell {
  readonly value: string;
  readonly next: number;
}

const lineEnd = (text: string, at: number): number => {
  const found = text.indexOf('\n', at);
  return found < 0 ? text.length : found;
};

function plainCell(text: string, start: number): Cell {
  let at = start;
  while (at < text.length && !/[,\r\n]/.test(text[at] ?? '')) at += 1;
  return { value: text.slice(start, at).trim(), next: at };
}

/** After the closing quote only a comma or the end of the line may stand. */
function quotedCell(text: string, start: number): Cell | undefined {
  let value = '';
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] !== '"') value += text[at];
    else if (text[at + 1] === '"') {
      value += '"';
      at += 1;
    } else return /^$|[,\r\n]/.test(text[at + 1] ?? '') ? { value, next: at + 1 } : undefined;
  }
  return undefined;
}
