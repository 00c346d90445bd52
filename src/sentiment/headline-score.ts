/**
 * What a short text says about the price of palm oil, by a word list with negation and strength.
 * Deliberately modest: a number is never an opinion, and callers give it low confidence (F107).
 */
import { type Clause, foldHeadline, readClauses, type Term } from './headline-words.ts';
import { type Driver, FALSE_TOPICS, PALM_COMPANIONS, SPAM, TOPIC } from './lexicon.ts';

export interface HeadlineScore {
  /** -100 to 100; 0 also when nothing was recognised. */
  readonly score: number;
  readonly drivers: readonly Driver[];
  /** How many moves and moods were found; 0 means that nothing is known. */
  readonly evidence: number;
}

/** Inside this band a text counts as neutral. */
export const NEUTRAL_BAND = 15;

/** Sum of strengths at which the score reaches half of its range. */
const HALF_POINT = 1.2;

export function scoreHeadline(text: string): HeadlineScore {
  const drivers = new Set<Driver>();
  let sum = 0;
  let evidence = 0;
  for (const clause of readClauses(text)) {
    for (const found of effectsOf(clause)) {
      sum += found.value * clauseWeight(clause);
      evidence += 1;
      if (found.driver !== undefined) drivers.add(found.driver);
    }
  }
  const score = Math.round((100 * sum) / (Math.abs(sum) + HALF_POINT));
  return { score: score + 0, drivers: [...drivers].sort(), evidence };
}

const CONCESSIONS: Readonly<Record<string, number>> = {
  despite: 0.25,
  although: 0.5,
  though: 0.5,
  while: 0.75,
  outweigh: 0.25,
  outweighs: 0.25,
  outweighed: 0.25,
  offset: 0.25,
  offsets: 0.25,
};

function clauseWeight(clause: Clause): number {
  return (CONCESSIONS[clause.opener] ?? 1) * (clause.isQuestion ? 0.5 : 1);
}

interface Effect {
  readonly value: number;
  readonly driver: Driver | undefined;
}

function effectsOf(clause: Clause): readonly Effect[] {
  const { terms } = clause;
  return terms.flatMap((term, at): Effect[] => {
    const { meaning } = term;
    if (meaning.kind !== 'move' && meaning.kind !== 'mood') return [];
    // A quoted headline is somebody else's word.
    const strength = modifiers(terms, at) * (term.isQuoted ? 0.5 : 1);
    if (meaning.kind === 'mood') return [{ value: meaning.weight * strength, driver: undefined }];
    const subject = subjectOf(terms, at);
    if (subject === undefined)
      return [{ value: meaning.weight * strength * 0.6, driver: undefined }];
    return [{ value: meaning.weight * strength * subject.sign, driver: subject.driver }];
  });
}

/** Negation turns and halves; strength words beside it scale. */
function modifiers(terms: readonly Term[], at: number): number {
  let factor = 1;
  for (let near = Math.max(0, at - 3); near < Math.min(terms.length, at + 3); near += 1) {
    const meaning = terms[near]?.meaning;
    if (meaning?.kind === 'negation' && near < at) factor *= -0.5;
    if (meaning?.kind === 'intensity') factor *= meaning.factor;
  }
  return factor;
}

/** Verbs that act on what follows: floods cut output, curbs hurt demand. */
const ACTS_ON_NEXT: ReadonlySet<string> = new Set([
  ...['cut', 'cuts', 'cutting', 'hurt', 'hurts', 'lift', 'lifts', 'lifted', 'boost', 'boosts'],
  ...['boosted', 'boosting', 'raise', 'raises', 'raised', 'reduce', 'reduces', 'reduced', 'curb'],
  ...[
    'dent',
    'dents',
    'curtail',
    'disrupt',
    'disrupts',
    'disrupted',
    'hampered',
    'delay',
    'delays',
  ],
  ...['slow', 'slows', 'slowed', 'shrink', 'shrinks', 'miss', 'misses', 'missed', 'add', 'adds'],
]);
/** Words that describe what follows: higher exports, thin stocks, a firm ringgit. */
const DESCRIBES: ReadonlySet<string> = new Set([
  ...['more', 'less', 'bigger', 'larger', 'smaller', 'higher', 'lower', 'better', 'worse', 'weak'],
  ...['weaker', 'strong', 'stronger', 'firm', 'firmer', 'soft', 'softer', 'cheaper', 'dearer'],
  ...['thin', 'high', 'low', 'highest', 'lowest', 'slow', 'slower', 'rising', 'falling', 'growing'],
]);

function subjectOf(terms: readonly Term[], at: number): Effectful | undefined {
  const word = terms[at]?.text ?? '';
  const next = nearestSubject(terms, at, 1);
  const previous = nearestSubject(terms, at, -1);
  const bindsNext =
    (DESCRIBES.has(word) && next !== undefined && next.distance <= 2) ||
    (ACTS_ON_NEXT.has(word) && next !== undefined && next.distance <= 4) ||
    (/^(in|of)$/.test(terms[at + 1]?.text ?? '') && next !== undefined && next.distance <= 4);
  return bindsNext ? next : (previous ?? next);
}

interface Effectful {
  readonly sign: number;
  readonly driver: Driver;
  readonly distance: number;
}

function nearestSubject(terms: readonly Term[], from: number, step: 1 | -1): Effectful | undefined {
  for (let at = from + step; at >= 0 && at < terms.length; at += step) {
    const meaning = terms[at]?.meaning;
    if (meaning?.kind !== 'subject') continue;
    return { sign: meaning.sign, driver: meaning.driver, distance: Math.abs(at - from) };
  }
  return undefined;
}

const holds = (folded: string, phrase: string): boolean => {
  if (!/[a-z]/.test(phrase)) return folded.includes(phrase);
  const at = folded.indexOf(` ${phrase} `);
  return at >= 0;
};

/** Folded text with single spaces and no punctuation, so that phrases match as whole words. */
const spaced = (text: string): string =>
  ` ${foldHeadline(text)
    .replace(/[^\p{L}\p{N}'-]+/gu, ' ')
    .trim()} `;

/** Whether the text is about palm oil at all; a name that merely contains the word is not. */
export function isOnTopic(text: string): boolean {
  const folded = spaced(text);
  if (FALSE_TOPICS.some((phrase) => holds(folded, phrase))) return false;
  if (TOPIC.some((phrase) => holds(folded, phrase))) return true;
  return holds(folded, 'palm') && PALM_COMPANIONS.some((phrase) => holds(folded, phrase));
}

export const isSpam = (text: string): boolean => SPAM.some((row) => row.test(foldHeadline(text)));
