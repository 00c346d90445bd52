/**
 * Text to clauses of meaningful terms: whole words and the longest phrase win (F107).
 * Deliberately knows no score; what terms mean together is headline-score.ts.
 */
import {
  type Driver,
  INTENSIFIERS,
  MOODS,
  MOVES,
  NEGATIONS,
  NEUTRAL_PHRASES,
  SUBJECTS,
} from './lexicon.ts';

export type Meaning =
  | { readonly kind: 'subject'; readonly driver: Driver; readonly sign: number }
  | { readonly kind: 'move'; readonly weight: number }
  | { readonly kind: 'mood'; readonly weight: number }
  | { readonly kind: 'intensity'; readonly factor: number }
  | { readonly kind: 'negation' }
  | { readonly kind: 'nothing' };

export interface Term {
  readonly text: string;
  readonly meaning: Meaning;
  readonly isQuoted: boolean;
}

export interface Clause {
  readonly terms: readonly Term[];
  /** The word that opened it ("despite"), or the empty text. */
  readonly opener: string;
  readonly isQuestion: boolean;
}

interface Phrase {
  readonly words: readonly string[];
  readonly meaning: Meaning;
}

/** Made for the first headline: most runs of the simulator read none. */
let phrases: ReadonlyMap<string, readonly Phrase[]> | undefined;

/** Later tables win over earlier ones for the same phrase: a neutral phrase hides its parts. */
function buildPhrases(): ReadonlyMap<string, readonly Phrase[]> {
  const meanings = new Map<string, Meaning>();
  for (const { driver, sign, words } of SUBJECTS) {
    for (const word of words) meanings.set(word, { kind: 'subject', driver, sign });
  }
  for (const [word, factor] of Object.entries(INTENSIFIERS)) {
    meanings.set(word, { kind: 'intensity', factor });
  }
  for (const [word, weight] of Object.entries(MOVES)) meanings.set(word, { kind: 'move', weight });
  for (const [word, weight] of Object.entries(MOODS)) meanings.set(word, { kind: 'mood', weight });
  for (const word of NEGATIONS) meanings.set(word, { kind: 'negation' });
  for (const phrase of NEUTRAL_PHRASES) meanings.set(phrase, { kind: 'nothing' });
  const byFirst = new Map<string, Phrase[]>();
  for (const [phrase, meaning] of meanings) {
    const words = phrase.split(' ');
    const first = words[0] ?? '';
    byFirst.set(first, [...(byFirst.get(first) ?? []), { words, meaning }]);
  }
  for (const phrases of byFirst.values()) phrases.sort((a, b) => b.words.length - a.words.length);
  return byFirst;
}

/** Lower case without accents; typographic signs as plain ones; Chinese words set apart. */
export function foldHeadline(text: string): string {
  const plain = text.toLowerCase().normalize('NFKD').replace(/\p{M}/gu, '').normalize('NFKC');
  return plain
    .replace(/[\u2018\u2019\u02BC]/g, "'")
    .replace(/[\u201C\u201D\u00AB\u00BB]/g, '"')
    .replace(/[\u2010-\u2015]/g, '-')
    .replace(/(棕榈油|上涨|下跌|下降|大涨|大跌|增加|出口|没有|不)/g, ' $1 ');
}

const OPENERS: ReadonlySet<string> = new Set([
  ...['but', 'although', 'though', 'while', 'and', 'as', 'because', 'after', 'despite', 'amid'],
  ...['outweigh', 'outweighs', 'outweighed', 'offset', 'offsets', 'when', 'since', 'thanks', 'on'],
  ...['however', 'yet', 'before', 'following', 'into', 'with'],
]);

const TOKEN = /[\p{L}\p{N}][\p{L}\p{N}'.%-]*|["?;:,.!()=>]/gu;

/** The clauses of one text, in order. */
export function readClauses(text: string): readonly Clause[] {
  const clauses: Clause[] = [];
  let terms: Term[] = [];
  let opener = '';
  let isQuoted = false;
  const close = (next: string, isQuestion: boolean) => {
    if (terms.length > 0) clauses.push({ terms, opener, isQuestion });
    terms = [];
    opener = next;
  };
  const tokens = (foldHeadline(text).match(TOKEN) ?? []).map((one) => one.replace(/[.'-]+$/, ''));
  for (let at = 0; at < tokens.length; ) {
    const token = tokens[at] ?? '';
    const phrase = longestPhrase(tokens, at);
    if (phrase !== undefined) {
      terms.push({ text: phrase.words.join(' '), meaning: phrase.meaning, isQuoted });
      at += phrase.words.length;
      continue;
    }
    if (token === '"') isQuoted = !isQuoted;
    else if (/^[?;:.!(),]$/.test(token) || token === '') close('', token === '?');
    else if (OPENERS.has(token)) close(token, false);
    else terms.push({ text: token, meaning: { kind: 'nothing' }, isQuoted });
    at += 1;
  }
  close('', false);
  return clauses;
}

function longestPhrase(tokens: readonly string[], at: number): Phrase | undefined {
  phrases ??= buildPhrases();
  const candidates = phrases.get(tokens[at] ?? '');
  return candidates?.find(({ words }) => words.every((word, step) => tokens[at + step] === word));
}
