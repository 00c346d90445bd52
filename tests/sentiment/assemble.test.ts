/**
 * The whole live source over real HTTP: every pair of answers, counted, with nothing else moved.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { type SentimentReading, wall } from '../../src/engine/index.ts';
import {
  allowedHosts,
  createLiveSentiment,
  exportSentimentCsv,
  importSentimentCsv,
  readTemplate,
  type SentimentNote,
  type StoredSentiment,
} from '../../src/sentiment/index.ts';
import { createPrng } from '../../src/sim/prng.ts';
import { createVirtualClock } from '../../src/sim/virtual-clock.ts';
import { waitFor } from '../support/wait-for.ts';
import {
  type HttpDouble,
  html,
  json,
  moved,
  type Reply,
  realFetch,
  startHttpDouble,
} from './http-double.ts';

const START = wall(Date.UTC(2025, 0, 15, 9, 30));
const KEY = 'pplx-very-secret';
const nitterPage = (name: string) =>
  readFileSync(new URL(`./fixtures/nitter/${name}`, import.meta.url), 'utf8');
const PROMPT = readFileSync(
  new URL('../../data/prompts/sentiment.fcpo.txt', import.meta.url),
  'utf8',
);

const answer = (score: number) =>
  json(
    JSON.stringify({
      choices: [
        { message: { content: JSON.stringify({ score, confidence: 70 }) }, finish_reason: 'stop' },
      ],
      citations: ['https://example.org/mpob'],
      usage: { cost: { total_cost: 0.006 } },
    }),
  );

type Ending = 'answers' | 'nothing' | 'times out';

const MODEL: readonly (readonly [string, Reply, Ending])[] = [
  ['200', answer(40), 'answers'],
  ['401', json('{"error":{"code":401}}', 401), 'nothing'],
  ['403', json('{}', 403), 'nothing'],
  ['429', json('{"error":{"code":429}}', 429), 'nothing'],
  ['500', json('{}', 500), 'nothing'],
  ['502 page', html('<h1>502 Bad Gateway</h1>', 502), 'nothing'],
  ['silence', { type: 'hang' }, 'times out'],
  ['slow drip', { type: 'drip', contentType: 'application/json' }, 'times out'],
  ['wrong content type', html('{"score":100,"confidence":100}'), 'nothing'],
  ['20 MB', { type: 'flood', contentType: 'application/json', bytes: 20_000_000 }, 'nothing'],
  ['redirect loop', moved(307, '/chat/completions'), 'nothing'],
  ['empty', json(''), 'nothing'],
  ['cut', { type: 'cut' }, 'nothing'],
];

const PAGES: readonly (readonly [string, Reply, Ending])[] = [
  ['200', html(nitterPage('search-constructed.html')), 'answers'],
  ['401', html('', 401), 'nothing'],
  ['403', html('', 403), 'nothing'],
  ['429', html('', 429), 'nothing'],
  ['503', html('', 503), 'nothing'],
  ['silence', { type: 'hang' }, 'times out'],
  ['slow drip', { type: 'drip', contentType: 'text/html' }, 'times out'],
  ['wrong content type', json('{"score":100}'), 'nothing'],
  ['20 MB', { type: 'flood', contentType: 'text/html', bytes: 20_000_000 }, 'nothing'],
  ['redirect loop', moved(302, '/one'), 'nothing'],
  ['limit page', html(nitterPage('error-rate-limited-constructed.html')), 'nothing'],
  ['empty timeline', html(nitterPage('empty-constructed.html')), 'nothing'],
];

const doubles: HttpDouble[] = [];
afterEach(async () => {
  await Promise.all(doubles.splice(0).map((double) => double.close()));
});

async function setUp(model: (index: number) => Reply, pages: (index: number) => Reply) {
  const [llm, nitter] = await Promise.all([
    startHttpDouble((_, index) => model(index)),
    startHttpDouble((_, index) => pages(index)),
  ]);
  doubles.push(llm, nitter);
  const clock = createVirtualClock(START);
  const notes: SentimentNote[] = [];
  const rows: StoredSentiment[] = [];
  const emitted: (SentimentReading | undefined)[] = [];
  const template = readTemplate(PROMPT);
  if (template.status !== 'read') throw new Error(template.reason);
  const endpoint = `${llm.origin}/chat/completions`;
  const prng = createPrng('sentiment');
  const poller = createLiveSentiment(
    {
      instrument: 'FCPO',
      perplexity: {
        ...{ key: { reveal: () => KEY }, endpoint, model: 'sonar', template: template.template },
        assumedCostMicros: 10_000,
      },
      nitter: { instances: [nitter.origin], accounts: ['one'] },
      consult: 'on-failure',
      dailyCapMicros: 1_000_000,
      spentTodayMicros: 0,
      simulated: false,
    },
    {
      ...{ fetch: realFetch, clock, random: prng.uniform },
      sha256: (text) => createHash('sha256').update(text).digest('hex'),
      store: { append: (row) => rows.push(row) },
      note: (note) => notes.push(note),
      allowHosts: allowedHosts([endpoint, nitter.origin]),
    },
  );
  poller.start((reading) => emitted.push(reading));
  return { clock, poller, emitted, notes, rows, llm, nitter };
}

type World = Awaited<ReturnType<typeof setUp>>;

/** Runs one refresh to its end, moving the clock only where somebody has to time out. */
async function refreshOnce(world: World, first: Ending, second: Ending): Promise<void> {
  const { clock, emitted, llm, nitter } = world;
  const before = emitted.length;
  clock.advanceBy(0);
  if (first === 'times out') {
    await waitFor('the first question', () => llm.asked.length > 0);
    clock.advanceBy(20_000);
  }
  if (first !== 'answers' && second === 'times out') {
    await waitFor('the second question', () => nitter.asked.length > 0);
    clock.advanceBy(20_000);
  }
  await waitFor('an emission', () => emitted.length > before);
}

describe('every pair of answers (F101)', () => {
  const pairs = MODEL.flatMap(([modelName, model, first]) =>
    PAGES.map(([pageName, page, second]) => ({ modelName, model, first, pageName, page, second })),
  );

  it.each(pairs)('model $modelName, timelines $pageName', async (pair) => {
    const world = await setUp(
      () => pair.model,
      () => pair.page,
    );
    await refreshOnce(world, pair.first, pair.second);
    const { emitted, poller, rows } = world;
    const source =
      pair.first === 'answers' ? 'perplexity' : pair.second === 'answers' ? 'nitter' : undefined;
    expect(emitted.map((reading) => reading?.source)).toEqual([source]);
    const { counts } = poller.status();
    expect(counts['asked perplexity']).toBe(1);
    expect(counts['asked nitter']).toBe(pair.first === 'answers' ? undefined : 1);
    expect(counts[source === undefined ? 'abstained' : 'emitted']).toBe(1);
    expect(rows).toHaveLength(source === undefined ? 0 : 2);
    // At most the redirects and the feed were asked besides; nobody was provoked by repetition.
    expect(world.llm.asked.length).toBeLessThanOrEqual(3);
    expect(world.nitter.asked.length).toBeLessThanOrEqual(6);
    poller.stop();
    expect(JSON.stringify([world.notes, rows, emitted])).not.toContain(KEY);
  });
});

describe('the live source', () => {
  it('takes a large change only after a second answer that agrees (F102)', async () => {
    const world = await setUp(
      (index) => answer([0, 100, 95][index] ?? 95),
      () => html('', 503),
    );
    const { clock, emitted, poller } = world;
    clock.advanceBy(0);
    await waitFor('the first', () => emitted.length === 1);
    clock.advanceBy(240_000);
    await waitFor('the second', () => emitted.length === 2);
    clock.advanceBy(30_000);
    await waitFor('the third', () => emitted.length === 3);
    expect(emitted.map((reading) => reading?.score)).toEqual([0, undefined, 95]);
    expect(poller.status().spentTodayMicros).toBe(18_000);
    poller.stop();
  });

  it('leaves rows that come back from text as they were', async () => {
    const world = await setUp(
      () => answer(40),
      () => html('', 503),
    );
    await refreshOnce(world, 'answers', 'nothing');
    world.poller.stop();
    const read = importSentimentCsv(exportSentimentCsv(world.rows));
    expect(read.faults).toEqual([]);
    expect(read.rows).toEqual(world.rows);
  });

  it('asks nobody outside the list', async () => {
    const world = await setUp(
      () => moved(307, 'https://elsewhere.example/'),
      () => moved(302, 'http://169.254.169.254/latest'),
    );
    await refreshOnce(world, 'nothing', 'nothing');
    world.poller.stop();
    expect(world.emitted).toEqual([undefined]);
    expect(world.poller.status().counts).toMatchObject({
      'failed perplexity refused-address': 1,
      'failed nitter refused-address': 1,
    });
  });

  it('builds its list from addresses', () => {
    const addresses = ['https://api.perplexity.ai/chat/completions', 'http://127.0.0.1:80', 'no'];
    expect(allowedHosts(addresses)).toEqual(['api.perplexity.ai', '127.0.0.1']);
  });
});
