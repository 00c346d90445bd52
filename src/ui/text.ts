/**
 * How things look as text: printable characters, exact display widths, numbers that are never cut.
 * Deliberately no colour and no layout; the only way from Untrusted to the screen is `printable()`.
 */
import { decimalText, type Money, type Price, priceText, type Wall } from '../engine/index.ts';

declare const brand: unique symbol;
/** Text that moves the cursor by exactly its display width and does nothing else (I24). */
export type Printable = string & { readonly [brand]: 'Printable' };

/** What stands for something that must not reach a terminal. */
export const SUBSTITUTE = '\u{fffd}';
const PLAIN = /^[\x20-\x7e]*$/;
/** Introducers with everything they carry: CSI, OSC, DCS, SOS, PM, APC, in 7 and 8 bits (F109). */
const SEQUENCE = new RegExp(
  [
    '(?:\\x1b\\[|\\x9b)[0-?]*[ -/]*[@-~]',
    '(?:\\x1b[\\]PX^_]|[\\x9d\\x90\\x98\\x9e\\x9f])[^\\x07\\x1b\\x9c]*(?:\\x07|\\x1b\\\\|\\x9c|$)',
    '\\x1b[ -/]*[0-~]?',
  ].join('|'),
  'g',
);
const INVISIBLE = /[\p{Cf}\p{Default_Ignorable_Code_Point}\p{Zl}\p{Zp}]/u;
const COMBINING = /[\p{Mn}\p{Me}]/u;
/** Terminals disagree about private use, lone surrogates, unassigned, right-to-left letters. */
const UNSURE = new RegExp(
  '[\\p{Co}\\p{Cs}\\p{Cn}\\u0590-\\u08ff\\ufb1d-\\ufdff\\ufe70-\\ufeff\\u1160-\\u11ff' +
    '\\u{10800}-\\u{10fff}\\u{1e800}-\\u{1efff}]',
  'u',
);
/** Skin tones are two cells or none, regional letters one or two: nobody agrees (F110). */
const EMOJI_PARTS = /[\u{1f3fb}-\u{1f3ff}\u{1f1e6}-\u{1f1ff}]/u;
const COMBINING_MAX = 2;

/** Ranges of two cells, in order; everything else that is printable takes one. */
const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x231a, 0x231b],
  [0x2329, 0x232a],
  [0x23e9, 0x23ec],
  [0x23f0, 0x23f0],
  [0x23f3, 0x23f3],
  [0x25fd, 0x25fe],
  [0x2614, 0x2615],
  [0x2648, 0x2653],
  [0x267f, 0x267f],
  [0x2693, 0x2693],
  [0x26a1, 0x26a1],
  [0x26aa, 0x26ab],
  [0x26bd, 0x26be],
  [0x26c4, 0x26c5],
  [0x26ce, 0x26ce],
  [0x26d4, 0x26d4],
  [0x26ea, 0x26ea],
  [0x26f2, 0x26f3],
  [0x26f5, 0x26f5],
  [0x26fa, 0x26fa],
  [0x26fd, 0x26fd],
  [0x2705, 0x2705],
  [0x270a, 0x270b],
  [0x2728, 0x2728],
  [0x274c, 0x274c],
  [0x274e, 0x274e],
  [0x2753, 0x2755],
  [0x2757, 0x2757],
  [0x2795, 0x2797],
  [0x27b0, 0x27b0],
  [0x27bf, 0x27bf],
  [0x2b1b, 0x2b1c],
  [0x2b50, 0x2b50],
  [0x2b55, 0x2b55],
  [0x2e80, 0x303e],
  [0x3041, 0x33ff],
  [0x3400, 0x4dbf],
  [0x4e00, 0xa4cf],
  [0xa960, 0xa97f],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe10, 0xfe19],
  [0xfe30, 0xfe6f],
  [0xff01, 0xff60],
  [0xffe0, 0xffe6],
  [0x16fe0, 0x18aff],
  [0x1b000, 0x1b2ff],
  [0x1f004, 0x1f004],
  [0x1f0cf, 0x1f0cf],
  [0x1f18e, 0x1f18e],
  [0x1f191, 0x1f19a],
  [0x1f200, 0x1f320],
  [0x1f32d, 0x1f335],
  [0x1f337, 0x1f37c],
  [0x1f37e, 0x1f393],
  [0x1f3a0, 0x1f3ca],
  [0x1f3cf, 0x1f3d3],
  [0x1f3e0, 0x1f3f0],
  [0x1f3f4, 0x1f3f4],
  [0x1f3f8, 0x1f43e],
  [0x1f440, 0x1f440],
  [0x1f442, 0x1f4fc],
  [0x1f4ff, 0x1f53d],
  [0x1f54b, 0x1f54e],
  [0x1f550, 0x1f567],
  [0x1f57a, 0x1f57a],
  [0x1f595, 0x1f596],
  [0x1f5a4, 0x1f5a4],
  [0x1f5fb, 0x1f64f],
  [0x1f680, 0x1f6c5],
  [0x1f6cc, 0x1f6cc],
  [0x1f6d0, 0x1f6d2],
  [0x1f6d5, 0x1f6d7],
  [0x1f6dc, 0x1f6df],
  [0x1f6eb, 0x1f6ec],
  [0x1f6f4, 0x1f6fc],
  [0x1f7e0, 0x1f7eb],
  [0x1f7f0, 0x1f7f0],
  [0x1f90c, 0x1f93a],
  [0x1f93c, 0x1f945],
  [0x1f947, 0x1f9ff],
  [0x1fa70, 0x1faff],
  [0x20000, 0x3fffd],
];

function isWide(code: number): boolean {
  let low = 0;
  let high = WIDE.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const range = WIDE[middle];
    if (range === undefined) return false;
    if (code < range[0]) high = middle - 1;
    else if (code > range[1]) low = middle + 1;
    else return true;
  }
  return false;
}

/** Cells one printable character takes: 0 for a combining mark, else 1 or 2. */
export function characterWidth(character: string): 0 | 1 | 2 {
  const code = character.codePointAt(0) ?? 0;
  // Most of what is drawn: letters, lines, blocks and dots.
  if (code < 0x300 || (code >= 0x2500 && code < 0x25fd)) return 1;
  if (code >= 0x2800 && code < 0x2900) return 1;
  if (isWide(code)) return 2;
  return COMBINING.test(character) ? 0 : 1;
}

/** Cells a text takes; control sequences must have been removed before. */
export function displayWidth(text: string): number {
  if (PLAIN.test(text)) return text.length;
  let width = 0;
  for (const character of text) width += characterWidth(character);
  return width;
}

/**
 * Makes any text harmless for a terminal: sequences and controls are removed or shown as
 * `\u{fffd}`, direction and zero-width characters vanish, at most two combining marks stay on a
 * base (F109 F110).
 */
export function printable(text: string): Printable {
  if (PLAIN.test(text)) return text as Printable;
  let result = '';
  let marks = COMBINING_MAX;
  for (const character of text.replace(SEQUENCE, '')) {
    const code = character.codePointAt(0) ?? 0;
    if (code === 0x09 || code === 0x0a || code === 0x0d) {
      result += ' ';
      marks = 0;
    } else if (code < 0x20 || (code >= 0x7f && code < 0xa0)) {
      result += SUBSTITUTE;
      marks = COMBINING_MAX;
    } else if (code < 0x300 ? code === 0xad : INVISIBLE.test(character)) {
      // removed: it has no cell of its own and may turn the reading direction
    } else if (code >= 0x300 && COMBINING.test(character)) {
      if (marks++ < COMBINING_MAX) result += character;
    } else {
      const unsure = code >= 0x300 && (UNSURE.test(character) || EMOJI_PARTS.test(character));
      result += unsure ? SUBSTITUTE : character;
      marks = 0;
    }
  }
  return result as Printable;
}

/** The longest beginning that fits, never half of a wide character. */
export function clip(text: string, width: number): string {
  if (PLAIN.test(text)) return text.slice(0, Math.max(0, width));
  let used = 0;
  let result = '';
  for (const character of text) {
    const next = used + characterWidth(character);
    if (next > width) break;
    used = next;
    result += character;
  }
  return result;
}

/** Words in exactly `width` cells; too long words end in an ellipsis. Never for numbers. */
export function fitWords(text: string, width: number, ellipsis = '…'): string {
  if (width <= 0) return '';
  const own = displayWidth(text);
  if (own <= width) return text + ' '.repeat(width - own);
  const kept = clip(text, width - 1).trimEnd();
  return kept + ellipsis + ' '.repeat(width - 1 - displayWidth(kept));
}

/** A number in exactly `width` cells, right-aligned, whole or not at all (F113). */
export function fitNumber(text: string, width: number): string {
  const own = displayWidth(text);
  return own <= width ? ' '.repeat(width - own) + text : '#'.repeat(Math.max(0, width));
}

/** Like {@link fitNumber} but left-aligned. */
export function fitNumberLeft(text: string, width: number): string {
  const own = displayWidth(text);
  return own <= width ? text + ' '.repeat(width - own) : '#'.repeat(Math.max(0, width));
}

/** The first of several forms, longest first, that fits; the last one is filled if none does. */
export function firstFit(forms: readonly string[], width: number): string {
  return forms.find((form) => displayWidth(form) <= width) ?? '#'.repeat(Math.max(0, width));
}

/** Groups the digits before the point: `1234567.89` is `1,234,567.89`. */
export function grouped(decimal: string): string {
  const point = decimal.indexOf('.');
  const whole = point < 0 ? decimal : decimal.slice(0, point);
  return whole.replace(/\B(?=(\d{3})+$)/g, ',') + (point < 0 ? '' : decimal.slice(point));
}

export const moneyWords = (value: Money, exponent: number): string =>
  grouped(decimalText(value, exponent));

/** With an explicit sign; zero has none. */
export const signed = (decimal: string, value: number): string =>
  value > 0 ? `+${decimal}` : decimal;

export const signedMoney = (value: Money, exponent: number): string =>
  signed(moneyWords(value, exponent), value);

export const signedPrice = (value: Price, digits: number): string =>
  signed(priceText(value, digits), value);

export const signedPercent = (bps: number): string => `${signed(decimalText(bps, 2), bps)} %`;

/** One decimal for a reading such as RSI; a reading that is no number is a word. */
export const reading = (value: number | undefined): string =>
  value === undefined || !Number.isFinite(value) ? 'unknown' : value.toFixed(1);

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A duration in at most two units and nine characters: `4 s`, `2 m 10 s`, `3 h 05 m`. */
export function age(ms: number): string {
  if (!Number.isFinite(ms)) return 'unknown';
  const value = Math.max(0, Math.floor(ms));
  const two = (count: number) => String(count).padStart(2, '0');
  if (value < MINUTE) return `${Math.floor(value / SECOND)} s`;
  if (value < HOUR)
    return `${Math.floor(value / MINUTE)} m ${two(Math.floor(value / SECOND) % 60)} s`;
  if (value < DAY) return `${Math.floor(value / HOUR)} h ${two(Math.floor(value / MINUTE) % 60)} m`;
  const days = Math.floor(value / DAY);
  return days < 100 ? `${days} d ${two(Math.floor(value / HOUR) % 24)} h` : `${days} d`;
}

/** `14:35:07`, UTC. */
export function clockText(at: Wall): string {
  return clockMinutes(at) + isoPart(at, 16, 19);
}

/** `14:35`, UTC. */
export const clockMinutes = (at: Wall): string => isoPart(at, 11, 16);

/** `11-20 14:35`, UTC, for instants that may be on another day. */
export const dayAndClock = (at: Wall): string => `${isoPart(at, 5, 10)} ${clockMinutes(at)}`;

function isoPart(at: number, from: number, to: number): string {
  // Beyond the year 9999 or before 1970 the clock is nonsense: say so with the same width.
  if (!(at >= 0 && at < 253_402_300_800_000)) return '?'.repeat(to - from);
  return new Date(at).toISOString().slice(from, to);
}

/** Breaks words at spaces into lines of at most `width` cells; a longer word is broken anywhere. */
export function wrapWords(text: string, width: number): readonly string[] {
  if (width <= 0) return [];
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const joined = line === '' ? word : `${line} ${word}`;
    if (displayWidth(joined) <= width) {
      line = joined;
      continue;
    }
    if (line !== '') lines.push(line);
    let rest = word;
    while (displayWidth(rest) > width) {
      const head = clip(rest, width);
      if (head === '') return [...lines, '#'.repeat(width)];
      lines.push(head);
      rest = rest.slice(head.length);
    }
    line = rest;
  }
  return line === '' ? lines : [...lines, line];
}
