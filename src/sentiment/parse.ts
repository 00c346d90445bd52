/**
 * A model's answer to a bounded score, or an abstention with its reason; nothing in between (F103).
 * Deliberately never searches prose for numbers, never clamps, and forgets every other word.
 */
import { type Wall, wall } from '../engine/index.ts';
import { findObjects, readFlatObject } from './json-objects.ts';
import { ITEM_CHARACTERS, suspicion } from './quarantine.ts';

/** What was asked for; a fraction is not quietly read as a percentage, or the other way round. */
export interface AnswerContract {
  /** `hundred`: whole numbers -100..100 and 0..100. `unit`: -1..1 and 0..1. */
  readonly scale: 'hundred' | 'unit';
}

/** The contract of the shipped prompt. */
export const ASKED_CONTRACT: AnswerContract = { scale: 'hundred' };

/** The schema the model is held to; it mirrors what `parseAnswer` accepts. */
export const ANSWER_SCHEMA = {
  type: 'object',
  additionalProperties: false,
  required: ['score', 'confidence', 'as_of', 'label', 'reasons'],
  properties: {
    score: { type: 'integer', minimum: -100, maximum: 100 },
    confidence: { type: 'integer', minimum: 0, maximum: 100 },
    as_of: { type: ['string', 'null'] },
    label: { type: 'string', enum: ['bullish', 'neutral', 'bearish'] },
    reasons: { type: 'array', maxItems: 5, items: { type: 'string' } },
  },
} as const;

export type AbstainReason =
  | 'empty'
  | 'too-long'
  | 'unfinished-thinking'
  | 'unbalanced'
  | 'no-object'
  | 'several-objects'
  | 'in-a-list'
  | 'not-json'
  | 'nested'
  | 'doubled-key'
  | 'unknown-field'
  | 'score-missing'
  | 'score-invalid'
  | 'confidence-missing'
  | 'confidence-invalid'
  | 'as-of-invalid'
  | 'as-of-future'
  | 'as-of-stale'
  | 'label-invalid'
  | 'label-contradicts'
  | 'reasons-invalid'
  | 'prose-competes'
  | 'suspicious';

export type ParsedAnswer =
  | {
      readonly status: 'parsed';
      /** -100 to 100. */
      readonly score: number;
      /** 0 to 100 %. */
      readonly confidence: number;
      readonly asOf: Wall | undefined;
    }
  | { readonly status: 'abstained'; readonly reason: AbstainReason };

/** Bounds of an answer: characters, and the age of the newest news it claims to rest on. */
export const ANSWER_LIMITS = {
  characters: 16_384,
  reasons: 10,
  asOfMaxAgeMs: 7 * 86_400_000,
  asOfAheadMs: 86_400_000,
  /** Beyond this a label `neutral` contradicts the score. */
  neutralPoints: 30,
} as const;

const abstain = (reason: AbstainReason): ParsedAnswer => ({ status: 'abstained', reason });

/** `askedAt` bounds the answer's own time; it is the only thing from outside the text. */
export function parseAnswer(
  content: string,
  contract: AnswerContract,
  askedAt: Wall,
): ParsedAnswer {
  if (content.length > ANSWER_LIMITS.characters) return abstain('too-long');
  const said = withoutThinking(content.replace(/^\uFEFF/, '').trim());
  if (said === undefined) return abstain('unfinished-thinking');
  if (said === '') return abstain('empty');
  const search = findObjects(said);
  if (search.status === 'unbalanced') return abstain('unbalanced');
  const [span, second] = search.spans;
  if (span === undefined) return abstain('no-object');
  if (second !== undefined) return abstain('several-objects');
  const before = said.slice(0, span.start);
  const after = said.slice(span.end);
  if (/\[\s*$/.test(before) || /^\s*[\],]/.test(after)) return abstain('in-a-list');
  if (competes(before) || competes(after)) return abstain('prose-competes');
  if (isSuspect(before) || isSuspect(after)) return abstain('suspicious');
  const flat = readFlatObject(said.slice(span.start, span.end));
  if (flat.status === 'invalid') return abstain(flat.reason);
  return readFields(flat.fields, contract, askedAt);
}

/**
 * One closed thinking block at the very start is dropped; any other trace of one means that nobody
 * knows where thinking ended. Undefined in that case.
 */
function withoutThinking(text: string): string | undefined {
  const block = /^<(think|thinking|reasoning)>[\s\S]*?<\/\1>/i.exec(text);
  const rest = block === null ? text : text.slice(block[0].length).trim();
  return /<\/?(think|thinking|reasoning)\b/i.test(rest) ? undefined : rest;
}

/** Words around the object that offer a second value: then nobody knows which one is meant. */
function competes(prose: string): boolean {
  const plain = prose.replace(/```(?:json)?/gi, ' ').replace(/\[\d{1,2}\]/g, ' ');
  return (
    /\b(score|confidence|sentiment|rating|correction|instead|rather)\b/i.test(plain) ||
    /[-+]?\d+\s*(\/\s*1?00?\b|%|out of|points?)/i.test(plain) ||
    /(^|\s)[-+]\d/.test(plain)
  );
}

/** An answer that speaks to a model repeats what it read: then its number is not its own (F102). */
function isSuspect(prose: string): boolean {
  const plain = prose.replace(/```(?:json)?/gi, ' ');
  // Overlapping pieces: only so much of one text is looked at.
  for (let from = 0; from < plain.length; from += ITEM_CHARACTERS / 2) {
    if (suspicion(plain.slice(from, from + ITEM_CHARACTERS)) !== undefined) return true;
  }
  return false;
}

const KNOWN = new Set(['score', 'confidence', 'as_of', 'label', 'reasons']);

function readFields(
  fields: ReadonlyMap<string, unknown>,
  contract: AnswerContract,
  askedAt: Wall,
): ParsedAnswer {
  // A field we did not ask for may change what the others mean ("scale": 10).
  if ([...fields.keys()].some((key) => !KNOWN.has(key))) return abstain('unknown-field');
  const score = readNumber(fields.get('score'), contract, -1);
  if (score === undefined) return abstain(fields.has('score') ? 'score-invalid' : 'score-missing');
  const confidence = readNumber(fields.get('confidence'), contract, 0);
  if (confidence === undefined) {
    return abstain(fields.has('confidence') ? 'confidence-invalid' : 'confidence-missing');
  }
  const asOf = readAsOf(fields.get('as_of'), askedAt);
  if (typeof asOf === 'string') return abstain(asOf);
  const wrong = labelFault(fields.get('label'), score) ?? reasonsFault(fields.get('reasons'));
  if (wrong !== undefined) return abstain(wrong);
  return { status: 'parsed', score, confidence, asOf };
}

/** A number of the contract's scale as whole points; out of range is invalid, not clamped. */
function readNumber(value: unknown, contract: AnswerContract, low: -1 | 0): number | undefined {
  if (typeof value !== 'number') return undefined;
  const top = contract.scale === 'hundred' ? 100 : 1;
  if (!(value >= low * top && value <= top)) return undefined;
  if (contract.scale === 'hundred') return Number.isInteger(value) ? value + 0 : undefined;
  return Math.round(value * 100) + 0;
}

const INSTANT = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d))?$/;

/** Absent and `null` both mean that no dated item was used. A date alone is its midnight in UTC. */
function readAsOf(value: unknown, askedAt: Wall): Wall | undefined | AbstainReason {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string' || !INSTANT.test(value)) return 'as-of-invalid';
  const at = Date.parse(value);
  if (!isRealDate(value, at)) return 'as-of-invalid';
  if (at > askedAt + ANSWER_LIMITS.asOfAheadMs) return 'as-of-future';
  if (at < askedAt - ANSWER_LIMITS.asOfMaxAgeMs) return 'as-of-stale';
  return wall(at);
}

/** Date.parse turns 30 February into March; the day must come back as it was written. */
function isRealDate(text: string, at: number): boolean {
  if (Number.isNaN(at)) return false;
  const day = Date.parse(text.slice(0, 10));
  return !Number.isNaN(day) && new Date(day).toISOString().startsWith(text.slice(0, 10));
}

function labelFault(value: unknown, score: number): AbstainReason | undefined {
  if (value === undefined) return undefined;
  const agrees: Readonly<Record<string, boolean>> = {
    bullish: score > 0,
    bearish: score < 0,
    neutral: Math.abs(score) <= ANSWER_LIMITS.neutralPoints,
  };
  const holds =
    typeof value === 'string' && Object.hasOwn(agrees, value) ? agrees[value] : undefined;
  if (holds === undefined) return 'label-invalid';
  return holds ? undefined : 'label-contradicts';
}

/** Reasons are read only to look for somebody speaking to the model (F102); then forgotten. */
function reasonsFault(value: unknown): AbstainReason | undefined {
  if (value === undefined) return undefined;
  if (!Array.isArray(value) || value.length > ANSWER_LIMITS.reasons) return 'reasons-invalid';
  if (!value.every((reason) => typeof reason === 'string')) return 'reasons-invalid';
  return value.some((reason) => suspicion(reason) !== undefined) ? 'suspicious' : undefined;
}
