/**
 * Fetched text made plain, and set aside when it speaks to a model or names a score (F102).
 * Deliberately only drops: nothing here rewrites a sentence into something that counts.
 */
import { ENCODED, SCORES, SPEAKS, SPEAKS_ABROAD, SPEAKS_SQUEEZED } from './attack-phrases.ts';

/** Longest text of one item that is looked at, in characters. */
export const ITEM_CHARACTERS = 600;

/** Signs nobody sees, or that change the order in which others are seen (F110). */
const INVISIBLE = new RegExp(
  [
    '\\u00AD|\\u034F|\\u061C|\\u115F|\\u1160|\\u17B4|\\u17B5|\\u3164|\\uFEFF|\\uFFA0',
    '[\\u180B-\\u180F]|[\\u200B-\\u200F]|[\\u202A-\\u202E]|[\\u2060-\\u206F]|[\\uFE00-\\uFE0F]',
    '[\\uFFF9-\\uFFFB]|[\\u{1D173}-\\u{1D17A}]|[\\u{E0000}-\\u{E0FFF}]',
  ].join('|'),
  'gu',
);
const CONTROL = /[\p{Cc}\p{Cs}\p{Co}\p{Cn}]+/gu;

/** Without markup, control and invisible characters; one space between words; capped. */
export function plainText(text: string): string {
  const cut = text.slice(0, ITEM_CHARACTERS * 8);
  const shown = cut.normalize('NFKC').replace(INVISIBLE, '');
  const flat = shown.replace(/<[^<>]{0,500}>/g, ' ').replace(CONTROL, ' ');
  const single = flat.replace(/\p{M}{3,}/gu, '').replace(/\s+/gu, ' ');
  return single.trim().slice(0, ITEM_CHARACTERS);
}

export type Suspicion = 'hidden-characters' | 'speaks-to-a-model' | 'names-a-score' | 'encoded';

/** Why a text is set aside; undefined when it may be scored as what it is: somebody's words. */
export function suspicion(raw: string): Suspicion | undefined {
  if (hidesText(raw)) return 'hidden-characters';
  const folded = views(raw);
  const isIn = (rows: readonly RegExp[]) =>
    folded.some((view) => rows.some((pattern) => pattern.test(view)));
  if (isIn(SPEAKS) || isIn(SPEAKS_ABROAD) || isIn(SPEAKS_SQUEEZED)) return 'speaks-to-a-model';
  if (isIn(SCORES)) return 'names-a-score';
  return ENCODED.some((pattern) => pattern.test(raw)) ? 'encoded' : undefined;
}

/** The flags of a few regions are spelt with tag characters: a black flag, letters, an end. */
const FLAG = /\u{1F3F4}[\u{E0061}-\u{E007A}]{2,6}\u{E007F}/gu;

/** Emoji use joiners and selectors one at a time; tag characters and long runs carry messages. */
function hidesText(raw: string): boolean {
  const shown = raw.replace(FLAG, '');
  if (/[\u{E0000}-\u{E0FFF}]|[\u202A-\u202E\u2066-\u2069]/u.test(shown)) return true;
  const joiners = shown.match(/[\u200B-\u200D\u2060\uFEFF\u180E]/g) ?? [];
  return joiners.length > 12;
}

/** Several ways to take the same signs: plain, look-alikes, digits as letters, spaced. */
function views(raw: string): readonly string[] {
  const plain = fold(plainText(raw));
  // Markers in angle brackets look like markup and would be gone.
  const marked = fold(raw.slice(0, ITEM_CHARACTERS));
  const leet = plain.replace(/[013457@$!|]/g, (sign) => LEET[sign] ?? sign);
  const spaced = plain.replace(/\b(?:\p{L}[ .\-_*]{1,2}){3,}\p{L}\b/gu, (run) =>
    run.replace(/[ .\-_*]/g, ''),
  );
  const dotted = plain.replace(/(?<=\p{L})[._*\-\u00B7](?=\p{L})/gu, '');
  const apart = plain.replace(/[._*-]+/g, ' ').replace(/\s+/g, ' ');
  const squeezed = plain.replace(/[^\p{L}\p{N}]/gu, '');
  return [...new Set([plain, marked, leet, spaced, dotted, apart, squeezed])];
}

const LEET: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
  '!': 'i',
  '|': 'l',
};

/** Cyrillic and Greek letters that look Latin. */
const LOOKS: Readonly<Record<string, string>> = {
  а: 'a',
  в: 'b',
  е: 'e',
  і: 'i',
  ј: 'j',
  к: 'k',
  м: 'm',
  н: 'h',
  о: 'o',
  р: 'p',
  с: 'c',
  ѕ: 's',
  т: 't',
  у: 'y',
  х: 'x',
  ԁ: 'd',
  ո: 'n',
  α: 'a',
  ε: 'e',
  ι: 'i',
  ν: 'v',
  ο: 'o',
  ρ: 'p',
  τ: 't',
  υ: 'u',
  ı: 'i',
};

/** Lower case, accents off; look-alikes only beside Latin letters: Russian stays Russian. */
function fold(text: string): string {
  const lower = text.toLowerCase().normalize('NFKD').replace(/\p{M}/gu, '').normalize('NFKC');
  return lower.replace(/[\p{L}\p{N}]+/gu, (word) =>
    /[a-z]/.test(word) ? word.replace(/[^a-z0-9]/gu, (sign) => LOOKS[sign] ?? sign) : word,
  );
}
