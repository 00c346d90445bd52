/**
 * Frames to bytes: a cell grid that writes only what changed, one write per frame, never blocking.
 * Deliberately knows nothing of Ink or panels; it is given finished lines of text with SGR.
 *
 * Ink 6.8 rewrites the whole screen on any change (62 KB/s at 100x30, measured) and its incremental
 * mode draws one row off; a terminal that stops reading would stop the whole process (F115).
 */
import { characterWidth } from './text.ts';

/** One row of cells; the second cell of a wide character is the empty string. */
interface Cells {
  readonly characters: readonly string[];
  readonly styles: readonly string[];
}

export interface FrameOutput {
  write(text: string, written: () => void): unknown;
}

const BEGIN = '\x1b[?2026h';
const END = '\x1b[?2026l';
const CLEAR = '\x1b[0m\x1b[2J';
/** Writing up to this many unchanged cells is shorter than moving the cursor over them. */
const BRIDGE_MAX = 4;

/** A row of which nothing is known: every cell differs from it. */
const UNKNOWN: Cells = { characters: [], styles: [] };

const SGR = /^[0-9;]*$/;

/** A finished line as cells; our lines open every style from the reset state. */
export function cellsOf(line: string, width: number): Cells {
  const characters: string[] = [];
  const styles: string[] = [];
  let style = '';
  for (let at = 0; at < line.length && characters.length <= width; ) {
    if (line.charCodeAt(at) === 0x1b) {
      const end = line.indexOf('m', at);
      const parameters = line.slice(at + 2, end);
      if (end < 0 || line[at + 1] !== '[' || !SGR.test(parameters)) break;
      style = parameters === '0' ? '' : parameters.replace(/^0;/, '');
      at = end + 1;
      continue;
    }
    const character = String.fromCodePoint(line.codePointAt(at) ?? 0x20);
    at += character.length;
    const cells = characterWidth(character);
    if (cells === 0) {
      const last = characters.length - 1;
      if (last >= 0) characters[last] = (characters[last] ?? '') + character;
      continue;
    }
    if (characters.length + cells > width) break;
    characters.push(character);
    styles.push(style);
    if (cells === 2) {
      characters.push('');
      styles.push(style);
    }
  }
  while (characters.length < width) {
    characters.push(' ');
    styles.push('');
  }
  return { characters, styles };
}

export class ScreenWriter {
  readonly #output: FrameOutput;
  #width = 0;
  #lines: readonly string[] = [];
  #cells: Cells[] = [];
  #busy = false;
  #closed = false;
  /** What to paint as soon as the terminal has taken the frame before. */
  #waiting: { readonly lines: readonly string[]; readonly width: number } | undefined;
  #dropped = 0;
  #bytes = 0;
  #frames = 0;

  constructor(output: FrameOutput) {
    this.#output = output;
  }

  /** Frames replaced by a newer one because the terminal did not drain. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Pictures that had anything to write. */
  get frames(): number {
    return this.#frames;
  }

  /** Bytes handed to the terminal so far. */
  get bytes(): number {
    return this.#bytes;
  }

  /** True while the terminal has not taken the last frame. */
  get busy(): boolean {
    return this.#busy;
  }

  /** False before the first picture, and where it has to be written whole once more. */
  get isKnown(): boolean {
    return this.#lines.length > 0;
  }

  paint(lines: readonly string[], width: number): void {
    if (this.#closed) return;
    if (this.#busy) {
      if (this.#waiting !== undefined) this.#dropped += 1;
      this.#waiting = { lines, width };
      return;
    }
    const bytes = this.#difference(lines, width);
    if (bytes === '') return;
    this.#busy = true;
    const frame = BEGIN + bytes + END;
    this.#bytes += Buffer.byteLength(frame);
    this.#frames += 1;
    this.#output.write(frame, () => this.#drained());
  }

  /** Forgets what the terminal shows: the next frame is written whole. */
  forget(): void {
    this.#lines = [];
    this.#cells = [];
    this.#width = 0;
  }

  /** Writes every cell again with the next frame, over what is there: nothing flickers. */
  refresh(): void {
    this.#lines = [];
    this.#cells = this.#cells.map(() => UNKNOWN);
  }

  /** Writes nothing any more: Ink paints once while unmounting, after the screen was left. */
  close(): void {
    this.#closed = true;
    this.#waiting = undefined;
  }

  #drained(): void {
    this.#busy = false;
    const next = this.#waiting;
    this.#waiting = undefined;
    if (next !== undefined) this.paint(next.lines, next.width);
  }

  #difference(lines: readonly string[], width: number): string {
    const whole = width !== this.#width || lines.length !== this.#cells.length;
    const pen = new Pen(whole ? CLEAR : '');
    const cells: Cells[] = [];
    lines.forEach((line, row) => {
      const before = whole ? undefined : this.#cells[row];
      if (before !== undefined && this.#lines[row] === line) {
        cells.push(before);
        return;
      }
      const after = cellsOf(line, width);
      cells.push(after);
      writeRow(pen, row, before ?? cellsOf('', width), after);
    });
    this.#width = width;
    this.#lines = lines;
    this.#cells = cells;
    return pen.finish();
  }
}

function writeRow(pen: Pen, row: number, before: Cells, after: Cells): void {
  const { characters, styles } = after;
  for (let x = 0; x < characters.length; x += 1) {
    const character = characters[x] ?? ' ';
    const style = styles[x] ?? '';
    if (before.characters[x] === character && before.styles[x] === style) continue;
    // The second half of a wide character is drawn with its first, which differs as well.
    if (character === '') continue;
    const from = pen.gapTo(row, x);
    if (from !== undefined && bridgeable(after, from, x, pen.style)) {
      for (let column = from; column < x; column += 1)
        pen.put(characters[column] ?? ' ', pen.style);
    } else pen.move(row, x);
    pen.put(character, style, characters[x + 1] === '' ? 2 : 1);
    // A narrow character over the left half of a wide one blanks its right half.
    if (before.characters[x + 1] === '' && characters[x + 1] !== '') {
      const next = characters[x + 1];
      if (next !== undefined) {
        pen.move(row, x + 1);
        pen.put(next, styles[x + 1] ?? '', characters[x + 2] === '' ? 2 : 1);
        x += 1;
      }
    }
  }
}

function bridgeable(
  { characters, styles }: Cells,
  from: number,
  to: number,
  style: string,
): boolean {
  if (to - from > BRIDGE_MAX) return false;
  for (let x = from; x < to; x += 1) {
    // Only what every terminal takes for one cell: see `put`.
    if (styles[x] !== style || characters[x]?.length !== 1) return false;
    if (characters[x + 1] === '') return false;
  }
  return true;
}

/** Where the cursor is and in which style, so that only differences become bytes. */
class Pen {
  #bytes: string;
  #row = -1;
  #column = -1;
  style = '';

  constructor(start: string) {
    this.#bytes = start;
  }

  /** Column of the cursor when it stands in this row left of `x`. */
  gapTo(row: number, x: number): number | undefined {
    return row === this.#row && this.#column >= 0 && this.#column < x ? this.#column : undefined;
  }

  move(row: number, column: number): void {
    if (row === this.#row && column === this.#column) return;
    this.#bytes += `\x1b[${row + 1};${column + 1}H`;
    this.#row = row;
    this.#column = column;
  }

  put(character: string, style: string, cells = 1): void {
    if (style !== this.style) {
      this.#bytes +=
        style === '' ? '\x1b[m' : this.style === '' ? `\x1b[${style}m` : `\x1b[0;${style}m`;
      this.style = style;
    }
    if (cells === 1 && character.length === 1) {
      this.#bytes += character;
      this.#column += 1;
      return;
    }
    // Terminals disagree about these widths (F110). Both cells are blanked first and the cursor is
    // placed again afterwards, so that a different opinion ends with the character itself.
    const row = this.#row;
    const column = this.#column;
    this.#bytes += ' '.repeat(cells);
    this.#column = -1;
    this.move(row, column);
    this.#bytes += character;
    this.#column = -1;
  }

  finish(): string {
    return this.style === '' ? this.#bytes : `${this.#bytes}\x1b[m`;
  }
}
