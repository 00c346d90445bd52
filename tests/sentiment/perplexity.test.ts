/**
 * The question to the model and its envelope, over real HTTP (F102-F104, F108, I23, I24).
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { type Mono, wall } from '../../src/engine/index.ts';
import { ASKED_CONTRACT } from '../../src/sentiment/parse.ts';
import { createPerplexitySource, readEnvelope } from '../../src/sentiment/perplexity.ts';
import { readTemplate } from '../../src/sentiment/prompt.ts';
import { createBoundedHttp } from '../../src/sentiment/providers.ts';
import { createVirtualClock } from '../../src/sim/virtual-clock.ts';
import { ATTACK_TEXTS } from './attack-texts.ts';
import {
  type HttpDouble,
  json,
  moved,
  type Reply,
  realFetch,
  startHttpDouble,
} from './http-double.ts';

const AT = { mono: 0 as Mono, wall: wall(Date.UTC(2025, 0, 15, 9)) };
const KEY = 'pplx-very-secret';
const PROMPT = new URL('../../data/prompts/sentiment.fcpo.txt', import.meta.url);
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

const envelope = (content: string, more: object = {}) =>
  JSON.stringify({
    choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }],
    citations: ['https://example.org/mpob'],
    usage: { cost: { total_cost: 0.005294 } },
    ...more,
  });
const GOOD = '{"score":45,"confidence":70,"as_of":"2025-01-15","label":"bullish","reasons":["x"]}';

const doubles: HttpDouble[] = [];
afterEach(async () => {
  await Promise.all(doubles.splice(0).map((double) => double.close()));
});

async function askOnce(script: (index: number) => Reply) {
  const double = await startHttpDouble((_, index) => script(index));
  doubles.push(double);
  const template = readTemplate(readFileSync(PROMPT, 'utf8'));
  if (template.status !== 'read') throw new Error(template.reason);
  const source = createPerplexitySource(
    {
      endpoint: `${double.origin}/chat/completions`,
      model: 'sonar',
      key: { reveal: () => KEY },
      instrument: 'FCPO',
      template: template.template,
      contract: ASKED_CONTRACT,
      assumedCostMicros: 10_000,
    },
    {
      http: createBoundedHttp({
        fetch: realFetch,
        clock: createVirtualClock(AT.wall),
        allowHosts: [double.host],
      }),
      sha256,
      mayAsk: () => true,
    },
  );
  return { outcome: await source.ask(AT, new AbortController().signal), double };
}

describe('the question', () => {
  it('carries the key in one header, the strict schema, and the template', async () => {
    const { double } = await askOnce(() => json(envelope(GOOD)));
    const asked = double.asked[0];
    expect(asked?.method).toBe('POST');
    expect(asked?.headers.authorization).toBe(`Bearer ${KEY}`);
    const body = JSON.parse(asked?.body ?? '{}');
    expect(body).toMatchObject({ model: 'sonar', stream: false, temperature: 0 });
    expect(body.response_format).toMatchObject({
      type: 'json_schema',
      json_schema: {
        strict: true,
        schema: {
          additionalProperties: false,
          properties: { score: { type: 'integer', minimum: -100, maximum: 100 } },
        },
      },
    });
    expect(body.messages.map((one: { role: string }) => one.role)).toEqual(['system', 'user']);
    expect(asked?.body).not.toContain(KEY);
  });

  it('does not follow its key to another host', async () => {
    const { outcome, double } = await askOnce(() => moved(307, 'https://elsewhere.example/'));
    expect(outcome).toMatchObject({ status: 'failed', reason: 'refused-address' });
    expect(double.asked).toHaveLength(1);
    expect(JSON.stringify(outcome)).not.toContain(KEY);
  });
});

describe('the answer', () => {
  it('becomes a bounded opinion with links, cost and the hash of what was received', async () => {
    const body = envelope(GOOD);
    const { outcome } = await askOnce(() => json(body));
    expect(outcome).toEqual({
      status: 'answered',
      opinion: {
        ...{ source: 'perplexity', score: 45, confidence: 70, asOf: Date.UTC(2025, 0, 15) },
        ...{ citations: ['https://example.org/mpob'], costMicros: 5_294, sha256: sha256(body) },
      },
    });
  });

  it('without any source is no strong opinion (F108)', () => {
    const read = (content: string) =>
      readEnvelope(envelope(content, { citations: [] }), ASKED_CONTRACT, AT, 'x');
    expect(read(GOOD)).toMatchObject({ reason: 'unusable-answer', detail: 'uncited' });
    expect(read('{"score":10,"confidence":5}')).toMatchObject({ status: 'answered' });
  });

  it.each([
    ['', 'unreadable'],
    ['<html>502</html>', 'unreadable'],
    ['[]', 'unreadable'],
    ['{"error":{"message":"rate limit"}}', 'unreadable'],
    ['{"choices":[]}', 'unreadable'],
    [JSON.stringify({ choices: [{ message: {} }] }), 'unreadable'],
    [envelope(GOOD, { choices: [1, 2] }), 'unreadable'],
    [
      envelope('', {
        choices: [{ message: { content: GOOD }, finish_reason: 'length' }],
      }),
      'unusable-answer',
    ],
    [envelope('The score is 45.'), 'unusable-answer'],
  ])('%# with status 200 is a failure, never a zero (F104)', (body, reason) => {
    expect(readEnvelope(body, ASKED_CONTRACT, AT, 'x')).toMatchObject({ status: 'failed', reason });
  });

  it('keeps links of the web only, bounded, each once (I24)', () => {
    const links = [
      'https://example.org/a',
      'https://example.org/a',
      'javascript:alert(1)',
      'file:///etc/passwd',
      'http://127.0.0.1/admin',
      'https://user:word@example.org/',
      'https://example.org/\u001B]0;x\u0007\u202E',
      `https://example.org/${'x'.repeat(400)}`,
      17,
    ];
    const many = Array.from({ length: 30 }, (_, at) => `https://example.org/${at}`);
    const outcome = readEnvelope(
      envelope(GOOD, { citations: [...links, ...many] }),
      ASKED_CONTRACT,
      AT,
      'x',
    );
    if (outcome.status !== 'answered') throw new Error(outcome.status);
    const { citations } = outcome.opinion;
    expect(citations).toHaveLength(10);
    expect(new Set(citations).size).toBe(10);
    for (const link of citations) expect(link).toMatch(/^https:\/\/example\.org\/[\x21-\x7e]*$/);
  });

  it('moved by an attack text yields nothing, or the same bounded number (F102)', () => {
    for (const [, text] of ATTACK_TEXTS) {
      const shapes = [
        text,
        `${text}\n${GOOD}`,
        JSON.stringify({ score: 45, confidence: 70, reasons: [text] }),
        JSON.stringify({ score: 45, confidence: 70, label: text }),
        JSON.stringify({ score: text, confidence: 70 }),
      ];
      for (const content of shapes) {
        const outcome = readEnvelope(envelope(content), ASKED_CONTRACT, AT, 'x');
        if (outcome.status !== 'answered') continue;
        // The only object that may speak is the good one, or one that the text itself is.
        const own = content === text ? [100, 100] : [45, 70];
        expect([outcome.opinion.score, outcome.opinion.confidence]).toEqual(own);
        expect(JSON.stringify(outcome)).not.toContain('gnore');
      }
    }
  });

  it('names no cost that it was not told', () => {
    const cost = (usage: object) => {
      const outcome = readEnvelope(envelope(GOOD, { usage }), ASKED_CONTRACT, AT, 'x');
      return outcome.status === 'answered' ? outcome.opinion.costMicros : 'failed';
    };
    expect(cost({})).toBeUndefined();
    expect(cost({ cost: { total_cost: '5' } })).toBeUndefined();
    expect(cost({ cost: { total_cost: -1 } })).toBeUndefined();
    expect(cost({ cost: { total_cost: 0 } })).toBe(0);
  });
});
