/**
 * What one news reading costs the thread on which the engine lives: question, answer, parsing,
 * store and the engine's own step. Deliberately without sockets: the answers are in memory, so that
 * only work of ours is measured, one row for the largest hostile page that is read at all.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mono, type SentimentReading, seq, wall } from '../src/engine/index.ts';
import { initialState } from '../src/engine/state.ts';
import { step } from '../src/engine/step.ts';
import {
  allowedHosts,
  createLiveSentiment,
  REFRESH_MS,
  readTemplate,
} from '../src/sentiment/index.ts';
import { type FetchAnswer, HTTP_LIMITS } from '../src/sentiment/providers.ts';
import { createPrng } from '../src/sim/prng.ts';
import { createVirtualClock } from '../src/sim/virtual-clock.ts';
import { CONFIG } from '../tests/support/engine.ts';
import type { BenchLine } from './bench-line.ts';

const ROUNDS = 61;
/** Not counted: the first readings of a run are compiled while they run. */
const WARM_UP = 20;
const START = wall(Date.UTC(2025, 0, 15, 9, 30));
const MODEL = 'https://model.example/chat/completions';
const PAGES = 'https://pages.example';

const textOf = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');
const page = textOf('tests/sentiment/fixtures/nitter/search-constructed.html');
const answer = JSON.stringify({
  choices: [{ message: { content: '{"score": 40, "confidence": 70}' }, finish_reason: 'stop' }],
  citations: ['https://example.org/mpob', 'https://example.org/exports'],
  usage: { cost: { total_cost: 0.006 } },
});

/** The page again and again up to the bound of a body, with posts of its own in each copy. */
function largest(): string {
  const [from, to] = [page.indexOf('<div class="timeline-item'), page.lastIndexOf('</div>')];
  const posts = page.slice(from, to);
  let text = page.slice(0, from);
  for (let copy = 1; text.length + posts.length < HTTP_LIMITS.bodyBytes - 4_096; copy += 1) {
    text += posts.replace(/status\/\d+/g, (id) => `${id}${copy}`);
  }
  return text + page.slice(to);
}

function reply(type: string, text: string): FetchAnswer {
  const bytes = new TextEncoder().encode(text);
  async function* body() {
    yield bytes;
  }
  const headers = { get: (name: string) => (name === 'content-type' ? type : null) };
  return { status: 200, headers, body: body() };
}

interface Cost {
  readonly stretch: number;
  readonly whole: number;
}

const quantile = (values: number[], share: number): number =>
  values.sort((a, b) => a - b)[Math.floor(values.length * share)] ?? Number.NaN;

/**
 * Milliseconds of a stretch without a chance for others, and the median of all together. Of the
 * stretches nine in ten are shorter: the rest belongs to whoever else uses the processor.
 */
async function refreshMs(source: 'model' | 'pages', html: string): Promise<Cost> {
  const clock = createVirtualClock(START);
  const template = readTemplate(textOf('data/prompts/sentiment.fcpo.txt'));
  if (template.status !== 'read') throw new Error(template.reason);
  const key = { reveal: () => 'key' };
  const perplexity = { key, endpoint: MODEL, model: 'sonar', template: template.template };
  let done: (() => void) | undefined;
  let piece = 0n;
  const pieces: number[] = [];
  const cut = (): void => {
    const now = process.hrtime.bigint();
    pieces.push(Number(now - piece) / 1e6);
    piece = now;
  };
  const poller = createLiveSentiment(
    {
      instrument: 'FCPO',
      perplexity: source === 'model' ? { ...perplexity, assumedCostMicros: 0 } : undefined,
      nitter: source === 'pages' ? { instances: [PAGES], accounts: ['one'] } : undefined,
      consult: 'on-failure',
      dailyCapMicros: 1_000_000_000,
      spentTodayMicros: 0,
      simulated: false,
    },
    {
      fetch: async (url) =>
        url.startsWith(MODEL) ? reply('application/json', answer) : reply('text/html', html),
      clock,
      random: createPrng('bench').uniform,
      sha256: (text) => createHash('sha256').update(text).digest('hex'),
      store: { append: () => undefined },
      note: () => undefined,
      pause: async () => cut(),
      allowHosts: allowedHosts([MODEL, PAGES]),
    },
  );
  poller.start(() => done?.());
  const rounds: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const ended = new Promise<void>((resolve) => {
      done = resolve;
    });
    const began = process.hrtime.bigint();
    piece = began;
    if (round === WARM_UP) pieces.length = 0;
    clock.advanceBy(round === 0 ? 0 : REFRESH_MS);
    await ended;
    cut();
    rounds.push(Number(process.hrtime.bigint() - began) / 1e6);
    // The poller plans its next refresh after it has told this one.
    await Promise.resolve();
  }
  poller.stop();
  return { stretch: quantile(pieces, 0.9), whole: quantile(rounds, 0.5) };
}

/** Median milliseconds of the engine's own step for a reading. */
function stepMs(): number {
  const stamp = { seq: seq(1), mono: mono(0), wall: START };
  const event = { type: 'started', runId: 'b', config: CONFIG, version: 'b' } as const;
  let state = step(initialState(), { ...stamp, event })[0];
  const rounds = Array.from({ length: ROUNDS }, (_, round) => {
    const began = process.hrtime.bigint();
    for (let at = 0; at < 1_000; at += 1) {
      const reading: SentimentReading = {
        ...{ score: at % 100, confidence: 70, source: 'perplexity', simulated: false },
        ...{ askedAt: START, citations: [] },
      };
      const input = { ...stamp, seq: seq(2 + round * 1_000 + at) };
      state = step(state, { ...input, event: { type: 'sentiment', reading } })[0];
    }
    return Number(process.hrtime.bigint() - began) / 1e9;
  });
  return rounds.sort((a, b) => a - b)[ROUNDS >> 1] ?? Number.NaN;
}

/** A reading may hold the loop up for less than a millisecond, whatever it costs in all. */
export async function benchNews(): Promise<BenchLine[]> {
  const [model, usual, hostile] = [
    await refreshMs('model', ''),
    await refreshMs('pages', page),
    await refreshMs('pages', largest()),
  ];
  const held = (name: string, value: number) => ({ name, value, unit: 'ms', target: 1 });
  return [
    held('reading through step', stepMs()),
    held('loop held up by the model', model.stretch),
    held('loop held up by a timeline', usual.stretch),
    { name: '- the timeline in all', value: usual.whole, unit: 'ms' },
    held('loop held up by the largest page', hostile.stretch),
    { name: '- the largest page in all', value: hostile.whole, unit: 'ms' },
  ];
}
