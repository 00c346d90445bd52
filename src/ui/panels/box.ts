/**
 * What every dialog is made of: a title, lines, wrapped words, labelled facts, the row of its keys.
 * Deliberately no dialog of its own; its frame is drawn in `frame.ts`.
 */
import { type Line, type Span, span } from '../lines.ts';
import type { Role } from '../look.ts';
import { fitWords, printable, wrapWords } from '../text.ts';

export interface Box {
  readonly title: string;
  readonly alarming: boolean;
  readonly lines: readonly Line[];
}

export const words = (text: string, width: number, role: Role = 'text'): readonly Line[] =>
  wrapWords(printable(text), width).map((line) => [span(role, line)]);

/** Words behind a head that stands once, the other lines below each other. */
export function hanging(head: Line, cells: number, said: readonly Line[]): readonly Line[] {
  const [first = [], ...rest] = said;
  return [[...head, ...first], ...rest.map((line) => [span('text', ' '.repeat(cells)), ...line])];
}

export const gap: Line = [];

export const keysLine = (...pairs: readonly (readonly [string, string])[]): Line =>
  pairs.flatMap(([key, does]): Span[] => [span('focus', key), span('dim', ` ${does}   `)]);

const LABEL_CELLS = 12;

export const fact = (label: string, value: string, role: Role = 'text'): Line => [
  span('dim', fitWords(label, LABEL_CELLS)),
  span(role, printable(value)),
];

/** The same with a value that may take more rows. */
export const factLines = (
  label: string,
  value: string,
  width: number,
  role: Role = 'text',
): readonly Line[] =>
  hanging(
    [span('dim', fitWords(label, LABEL_CELLS))],
    LABEL_CELLS,
    words(value, width - LABEL_CELLS, role),
  );

/** The piece of a list that holds `index`, in `room` rows. */
export function around<T>(items: readonly T[], index: number, room: number): readonly T[] {
  const from = Math.max(0, Math.min(items.length - room, index - Math.floor(room / 2)));
  return items.slice(from, from + Math.max(1, room));
}
