/**
 * Spans to lines: the one place where text and roles become a line of exact width with SGR.
 * Deliberately sanitises every span again: whatever a panel was given, nothing else reaches a
 * terminal.
 */
import type { Look, Role } from './look.ts';
import { characterWidth, displayWidth, fitWords, printable } from './text.ts';

/** A piece of a line in one role. */
export interface Span {
  readonly role: Role;
  readonly text: string;
}
export type Line = readonly Span[];

/** Pieces in the role of good or bad news by sign; zero is plain. */
export const signRole = (value: number): Role => (value > 0 ? 'good' : value < 0 ? 'bad' : 'text');

export const span = (role: Role, text: string): Span => ({ role, text });
export const blank = (width: number): Span => ({
  role: 'text',
  text: ' '.repeat(Math.max(0, width)),
});

export const lineWidth = (line: Line): number =>
  line.reduce((sum, piece) => sum + displayWidth(piece.text), 0);

/** True when both say the same in the same roles. */
export function isSameLine(a: Line, b: Line): boolean {
  if (a.length !== b.length) return false;
  for (let index = 0; index < a.length; index += 1) {
    const left = a[index];
    const right = b[index];
    if (left !== right && (left?.text !== right?.text || left?.role !== right?.role)) return false;
  }
  return true;
}

/** Left part, right part, and what is between; the left one gives way when both do not fit. */
export function spread(left: Line, right: Line, width: number): Line {
  const gap = width - lineWidth(left) - lineWidth(right);
  if (gap >= 1) return [...left, blank(gap), ...right];
  const room = Math.max(0, width - lineWidth(right) - 1);
  return room > 0 ? [...cut(left, room), blank(1), ...right] : right;
}

/**
 * Whole pieces as long as they fit; words that are the last to fit end in an ellipsis,
 * pieces with digits are never cut but left out (F113).
 */
export function cut(line: Line, width: number): Line {
  const result: Span[] = [];
  let left = width;
  for (const piece of line) {
    const own = displayWidth(piece.text);
    if (own > left) {
      if (left > 1 && !/\d/.test(piece.text)) {
        result.push(span(piece.role, fitWords(piece.text, left)));
        left = 0;
      }
      break;
    }
    result.push(piece);
    left -= own;
  }
  return [...result, blank(left)];
}

/**
 * A sentence as one span; too long sentences end in an ellipsis at a word, never within a number.
 */
export function sentence(role: Role, text: string, room: number): Line {
  if (room <= 0) return [];
  const words = text.split(/\s+/);
  let kept = '';
  for (const [index, word] of words.entries()) {
    const next = kept === '' ? word : `${kept} ${word}`;
    const last = index === words.length - 1;
    if (lineWidth([span(role, next)]) > room - (last ? 0 : 2)) {
      return [span(role, kept === '' ? fitWords('', room) : `${kept} …`)];
    }
    kept = next;
  }
  return [span(role, kept)];
}

/** A part of a row that is shown whole or not at all; the highest rank leaves first. */
export interface Part {
  readonly rank: number;
  readonly line: Line;
}

/** The parts that fit, in their order. */
export function keepWhole(parts: readonly Part[], width: number): Line {
  let kept = parts;
  while (kept.reduce((sum, part) => sum + lineWidth(part.line), 0) > width) {
    const worst = Math.max(...kept.map((part) => part.rank));
    const leaves = kept.findLastIndex((part) => part.rank === worst);
    kept = kept.filter((_, index) => index !== leaves);
  }
  return kept.flatMap((part) => part.line);
}

/** The line in exactly `width` cells, every piece made harmless. */
export function exact(line: Line, width: number): Line {
  const safe = line.map((piece) => span(piece.role, printable(piece.text)));
  const own = lineWidth(safe);
  return own > width ? cut(safe, width) : own === width ? safe : [...safe, blank(width - own)];
}

/** Cells `from` up to `to` of a line; half a wide character becomes a space. */
export function slice(line: Line, from: number, to: number): Line {
  const result: Span[] = [];
  let x = 0;
  for (const piece of line) {
    let text = '';
    for (const character of piece.text) {
      const width = characterWidth(character);
      const inside = x >= from && x + width <= to && (width > 0 || x > from);
      if (inside) text += character;
      else if (x < to && x + width > from) text += ' ';
      x += width;
    }
    if (text !== '') result.push(span(piece.role, text));
  }
  return result;
}

/** One finished line with SGR, closed at its end. Give it an {@link exact} one. */
export function renderLine(line: Line, look: Look): string {
  let result = '';
  let open = '';
  for (const piece of line) {
    if (piece.text === '') continue;
    // Blanks show no colour of the text: they keep what is open, which saves bytes on a slow link.
    const keeps =
      piece.text.trim() === '' && !isReversed(open) && !isReversed(look.sgr[piece.role]);
    const sgr = keeps ? open : look.sgr[piece.role];
    if (sgr !== open) {
      result += sgr === '' ? '\x1b[0m' : open === '' ? `\x1b[${sgr}m` : `\x1b[0;${sgr}m`;
    }
    open = sgr;
    result += look.ascii ? toAscii(piece.text) : piece.text;
  }
  return open === '' ? result : `${result}\x1b[0m`;
}

const isReversed = (sgr: string): boolean => /(^|;)7(;|$)/.test(sgr);

/** What a panel is drawn into. */
export interface Area {
  readonly width: number;
  readonly height: number;
  readonly look: Look;
}

/** Panel lines in exactly the area's rows and columns. */
export function renderArea(
  lines: readonly Line[],
  { width, height, look }: Area,
): readonly string[] {
  return Array.from({ length: Math.max(0, height) }, (_, row) =>
    renderLine(exact(lines[row] ?? [], width), look),
  );
}

const SGR = /\x1b\[[0-9;]*m/g;
/** A finished line without its colours. */
export const plainText = (line: string): string => line.replace(SGR, '');

const ASCII_FORMS: Readonly<Record<string, string>> = {
  '…': '~',
  '·': '-',
  '–': '-',
  '—': '-',
  '×': 'x',
  '−': '-',
  '“': '"',
  '”': '"',
  '’': "'",
  '→': '>',
  '←': '<',
  '↑': '^',
  '↓': 'v',
};

/** ASCII mode: whatever a panel or the outside wrote, in as many cells. */
function toAscii(text: string): string {
  if (/^[\x00-\x7f]*$/.test(text)) return text;
  let result = '';
  for (const character of text) {
    const code = character.charCodeAt(0);
    if (code < 0x80) result += character;
    else result += ASCII_FORMS[character] ?? '?'.repeat(characterWidth(character));
  }
  return result;
}
