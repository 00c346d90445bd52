/**
 * The model that reads the news: one question with a strict schema, one bounded opinion back.
 * Deliberately keeps nothing but score, confidence, time, links, cost and a hash (I25).
 */
import { type Untrusted, untrusted } from '../engine/index.ts';
import { isPrivateHost } from './address-rules.ts';
import { parseJson } from './json-objects.ts';
import type { AskMoment, Key, OpinionSource, Sha256, SourceOutcome } from './opinion.ts';
import { ANSWER_SCHEMA, type AnswerContract, parseAnswer } from './parse.ts';
import { fillTemplate, type PromptTemplate } from './prompt.ts';
import { type BoundedHttp, failure } from './providers.ts';

export interface PerplexitySettings {
  readonly endpoint: string;
  readonly model: string;
  readonly key: Key;
  readonly instrument: string;
  readonly template: PromptTemplate;
  readonly contract: AnswerContract;
  /** Millionths of a dollar put against the daily cap when the answer names no cost. */
  readonly assumedCostMicros: number;
}

export interface PerplexityPorts {
  readonly http: BoundedHttp;
  readonly sha256: Sha256;
  /** False when our own limit per minute is reached. */
  readonly mayAsk: () => boolean;
}

/** Bounds of what is kept. */
const KEPT = { citations: 10, linkCharacters: 300 } as const;
/** A stronger opinion than this without any source is not news (F108). */
const UNCITED_POINTS = 10;

export function createPerplexitySource(
  settings: PerplexitySettings,
  ports: PerplexityPorts,
): OpinionSource {
  const ask = async (at: AskMoment, signal: AbortSignal): Promise<SourceOutcome> => {
    const outcome = await ports.http({
      url: settings.endpoint,
      method: 'POST',
      headers: {
        authorization: `Bearer ${settings.key.reveal()}`,
        'content-type': 'application/json',
        accept: 'application/json',
      },
      body: JSON.stringify(questionFor(settings, at)),
      accept: ['application/json'],
      keyed: true,
      signal,
      mayAsk: ports.mayAsk,
    });
    if (outcome.status === 'failed') return outcome;
    return readEnvelope(outcome.text, settings.contract, at, ports.sha256(outcome.text));
  };
  return { name: 'perplexity', assumedCostMicros: settings.assumedCostMicros, ask };
}

function questionFor(settings: PerplexitySettings, at: AskMoment): object {
  const { instrument, template, model } = settings;
  const prompt = fillTemplate(template, { instrument, at: at.wall });
  return {
    model,
    messages: [
      { role: 'system', content: prompt.system },
      { role: 'user', content: prompt.user },
    ],
    temperature: 0,
    max_tokens: 500,
    stream: false,
    search_recency_filter: 'week',
    response_format: {
      type: 'json_schema',
      json_schema: { name: 'sentiment', strict: true, schema: ANSWER_SCHEMA },
    },
  };
}

type Fields = Readonly<Record<string, unknown>>;

const fieldsOf = (value: unknown): Fields | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value))
    : undefined;

/** The chat-completion envelope around the answer. Exported for replay of recorded bodies. */
export function readEnvelope(
  body: string,
  contract: AnswerContract,
  at: AskMoment,
  sha256: string,
): SourceOutcome {
  const envelope = fieldsOf(parseJson(body));
  if (envelope === undefined)
    return failure('unreadable', 'the body is no JSON object', { sha256 });
  // F104: an error may arrive with status 200.
  if (envelope['error'] !== undefined) return failure('unreadable', 'an error body', { sha256 });
  const costMicros = costOf(envelope);
  const more = costMicros === undefined ? { sha256 } : { sha256, costMicros };
  const content = contentOf(envelope);
  if (content.status === 'bad') return failure(content.reason, content.detail, more);
  const answer = parseAnswer(content.text, contract, at.wall);
  if (answer.status === 'abstained') return failure('unusable-answer', answer.reason, more);
  const citations = citationsOf(envelope);
  if (citations.length === 0 && Math.abs(answer.score) > UNCITED_POINTS) {
    return failure('unusable-answer', 'uncited', more);
  }
  const { score, confidence, asOf } = answer;
  return {
    status: 'answered',
    opinion: { source: 'perplexity', score, confidence, asOf, citations, costMicros, sha256 },
  };
}

type Content =
  | { readonly status: 'good'; readonly text: string }
  | {
      readonly status: 'bad';
      readonly reason: 'unreadable' | 'unusable-answer';
      readonly detail: string;
    };

function contentOf(envelope: Fields): Content {
  const choices = envelope['choices'];
  if (!Array.isArray(choices) || choices.length !== 1) {
    return { status: 'bad', reason: 'unreadable', detail: 'not exactly one choice' };
  }
  const choice = fieldsOf(choices[0]);
  const text = fieldsOf(choice?.['message'])?.['content'];
  if (typeof text !== 'string') {
    return { status: 'bad', reason: 'unreadable', detail: 'a choice without text' };
  }
  const ended = choice?.['finish_reason'];
  if (ended !== undefined && ended !== null && ended !== 'stop') {
    return { status: 'bad', reason: 'unusable-answer', detail: 'truncated' };
  }
  return { status: 'good', text };
}

/** Dollars as whole millionths; undefined when the provider did not say. */
function costOf(envelope: Fields): number | undefined {
  const total = fieldsOf(fieldsOf(envelope['usage'])?.['cost'])?.['total_cost'];
  if (typeof total !== 'number' || !(total >= 0 && total < 1_000)) return undefined;
  return Math.ceil(total * 1_000_000);
}

/** Links of either field, https only, each once. */
function citationsOf(envelope: Fields): readonly Untrusted[] {
  const plain = Array.isArray(envelope['citations']) ? envelope['citations'] : [];
  const results = Array.isArray(envelope['search_results']) ? envelope['search_results'] : [];
  const found = [...plain, ...results.map((result) => fieldsOf(result)?.['url'])];
  const links = new Set<string>();
  for (const one of found) {
    const link = typeof one === 'string' ? cleanLink(one) : undefined;
    if (link !== undefined && links.size < KEPT.citations) links.add(link);
  }
  return [...links].map(untrusted);
}

/** Re-serialised by URL, so that no control or invisible character survives unescaped (I24). */
function cleanLink(text: string): string | undefined {
  if (text.length > KEPT.linkCharacters || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return undefined;
  if (url.username !== '' || isPrivateHost(url.hostname)) return undefined;
  return url.href.length > KEPT.linkCharacters ? undefined : url.href;
}
