/** The age of a reading on two clocks, and the last looks that take its permission back. */
import { describe, expect, it } from 'vitest';
import { mono, type SentimentReading, type Wall, wall } from '../../src/engine/index.ts';
import { liveReading, newsAgeMs, newsGate, permits } from '../../src/engine/news.ts';
import { listOf } from '../../src/engine/trail.ts';
import { CONFIG, type EngineBench, MORNING } from '../support/engine.ts';
import { EAGER, orderOf, readyBench } from './desk.ts';

const WITH_NEWS = { ...EAGER, sentimentMode: 'required' } as const;
const LIFE_MS = 300_000;

const reading = (askedAt: number, score = 80, source = 'perplexity'): SentimentReading => ({
  ...{ score, confidence: 70, source, simulated: false },
  askedAt: wall(askedAt),
  citations: [],
});
const view = (monoMs: number, wallMs: number) => ({
  core: { config: CONFIG, sentiment: { reading: reading(MORNING), at: mono(1_000) } },
  at: { mono: mono(1_000 + monoMs), wall: wall(MORNING + wallMs) },
});

describe('the age of a reading', () => {
  const rows: readonly (readonly [string, number, number, number])[] = [
    ['both clocks agree', 42_000, 42_000, 42_000],
    ['the wall clock was set back', 42_000, -3_600_000, 42_000],
    ['the wall clock was set forward: too old is the safe side', 42_000, 642_000, 642_000],
    ['the machine slept, or the program was not running', 42_000, 7_200_000, 7_200_000],
    ['both go backwards', -5, -5, 0],
  ];
  it.each(rows)('when %s (F65 F105)', (_name, monoMs, wallMs, ageMs) => {
    expect(newsAgeMs(view(monoMs, wallMs))).toBe(ageMs);
  });

  it('ends its life after exactly 300 s, on either clock', () => {
    expect(liveReading(view(LIFE_MS, LIFE_MS))).toBeDefined();
    expect(liveReading(view(LIFE_MS + 1, 0))).toBeUndefined();
    expect(liveReading(view(0, LIFE_MS + 1))).toBeUndefined();
  });

  it('is not reset by a new run: what was read before a crash has aged meanwhile (F105)', () => {
    const bench = readyBench(WITH_NEWS);
    bench.sentiment(80);
    const before = bench.state;
    const hour = 3_600_000;
    const at = { mono: mono(before.at.mono + 1), wall: wall(before.at.wall + hour) as Wall };
    expect(newsAgeMs({ core: before.core, at })).toBe(hour);
    expect(newsGate({ core: before.core, at }, undefined)).toMatchObject({
      pass: false,
      value: 'expired, 3600 s old',
    });
  });
});

/** A bar closes while the reading has `leftMs` to live; the order is intended, nothing is sent. */
function intended(leftMs: number): EngineBench {
  const bench = readyBench(WITH_NEWS);
  bench.feed({ type: 'sentiment', reading: reading(bench.now) });
  for (let at = 0; at < LIFE_MS - leftMs; ) {
    const stride = Math.min(3_000, LIFE_MS - leftMs - at);
    at += stride;
    bench.jump(stride);
    bench.quote(4_600, 4_602);
  }
  expect(orderOf(bench).state).toBe('INTENT');
  return bench;
}

describe('a reading that expires between the close of the bar and the order', () => {
  it('lets the order go while it lives', () => {
    const bench = intended(200);
    bench.jump(150);
    bench.durable();
    expect(bench.requests.map((one) => one.type)).toEqual(['submitOrder']);
  });

  it('blocks before the send is announced', () => {
    const bench = intended(200);
    bench.jump(300);
    bench.durable();
    expect(bench.requests).toEqual([]);
    expect(orderOf(bench).state).toBe('ABORTED');
    expect(bench.transcript()).toContain('sentiment: expired, 300 s old');
  });

  it('blocks when it expires after the announcement, at the last look', () => {
    const bench = intended(200);
    bench.durableOnce();
    expect(orderOf(bench).state).toBe('SEND_BEGINS');
    bench.jump(300);
    bench.durable();
    expect(bench.requests).toEqual([]);
    expect(bench.transcript()).toContain('sentiment: expired, 300 s old');
  });

  it('and so does a newer reading that no longer permits the side', () => {
    const bench = intended(200);
    bench.durableOnce();
    bench.feed({ type: 'sentiment', reading: reading(bench.now, -90) });
    bench.durable();
    expect(bench.requests).toEqual([]);
    expect(bench.transcript()).toContain('sentiment: -90 no longer permits to buy');
  });

  it('never blocks where no reading is required', () => {
    const bench = readyBench(EAGER);
    bench.bar(4_600);
    bench.durable();
    expect(bench.requests).toHaveLength(1);
  });
});

describe('what was told about the news', () => {
  it('names a change of source once, and not a changing distance', () => {
    const bench = readyBench(CONFIG);
    const sources = ['perplexity', 'nitter', 'nitter', 'perplexity+nitter (42 apart)'];
    for (const source of [...sources, 'perplexity+nitter (31 apart)']) {
      bench.feed({ type: 'sentiment', reading: reading(bench.now, 40, source) });
    }
    const told = listOf(bench.state.core.activity).filter((one) => one.kind === 'sentiment');
    expect(told.map((one) => one.text)).toEqual([
      'the news come from nitter now, before from perplexity',
      'the news come from perplexity+nitter now, before from nitter',
    ]);
  });

  it('keeps why nobody answered until somebody does', () => {
    const bench = readyBench(CONFIG);
    bench.sentiment(50);
    bench.feed({ type: 'sentiment', reading: undefined, abstained: 'perplexity rate-limited' });
    expect(bench.state.core.abstained).toBe('perplexity rate-limited');
    expect(bench.state.core.sentiment?.reading.score).toBe(50);
    bench.sentiment(40);
    expect(bench.state.core.abstained).toBeUndefined();
  });
});

it('permits by sign and beyond the threshold only', () => {
  expect([31, 30, -31].map((score) => permits(score, 30, 'buy'))).toEqual([true, false, false]);
  expect([-31, -30, 31].map((score) => permits(score, 30, 'sell'))).toEqual([true, false, false]);
  expect([31, -31, 30].map((score) => permits(score, 30, undefined))).toEqual([true, true, false]);
});
