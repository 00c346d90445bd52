/**
 * Schedule, single flight, fallback, rests, money, brake and age, with sources told what to say.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type SentimentReading, untrusted, type Wall, wall } from '../../src/engine/index.ts';
import { createMoneyCap } from '../../src/sentiment/limits.ts';
import type {
  FailureReason,
  OpinionSource,
  SentimentNote,
  SourceName,
  SourceOutcome,
} from '../../src/sentiment/opinion.ts';
import { createSentimentPoller, type PollerSettings } from '../../src/sentiment/poller.ts';
import { failure } from '../../src/sentiment/providers.ts';
import type { StoredSentiment } from '../../src/sentiment/store.ts';
import { createVirtualClock } from '../../src/sim/virtual-clock.ts';

const START = wall(Date.UTC(2025, 0, 15, 9));

/** Lets promises run; nothing in these tests waits for a real timer or socket. */
const settle = () =>
  new Promise<void>((resolve) => {
    setImmediate(resolve);
  });

type Line = number | FailureReason | 'thin' | Promise<SourceOutcome>;

function scripted(name: SourceName, lines: readonly Line[], costMicros = 0) {
  let asked = 0;
  const source: OpinionSource = {
    name,
    assumedCostMicros: costMicros,
    ask: () => {
      const line = lines[Math.min(asked, lines.length - 1)] ?? 'network';
      asked += 1;
      return line instanceof Promise ? line : Promise.resolve(told(name, line, costMicros));
    },
  };
  return { source, asked: () => asked };
}

type Said = Exclude<Line, Promise<SourceOutcome>>;

function told(name: SourceName, line: Said, costMicros: number): SourceOutcome {
  if (line === 'thin') return { status: 'abstained', reason: 'too few' };
  if (typeof line === 'string') return failure(line, 'told so');
  const citations = [untrusted('https://example.org/a')];
  return {
    status: 'answered',
    opinion: {
      ...{ source: name, score: line, confidence: 60, asOf: undefined, citations, costMicros },
      sha256: 'ab'.repeat(32),
    },
  };
}

interface Told {
  readonly primary?: readonly Line[];
  readonly fallback?: readonly Line[];
  readonly consult?: PollerSettings['consult'];
  readonly costMicros?: number;
  readonly capMicros?: number;
  readonly random?: () => number;
}

function setUp(told: Told) {
  const clock = createVirtualClock(START);
  const primary = told.primary && scripted('perplexity', told.primary, told.costMicros ?? 5_000);
  const fallback = told.fallback && scripted('nitter', told.fallback);
  const emitted: (SentimentReading | undefined)[] = [];
  const rows: StoredSentiment[] = [];
  const notes: SentimentNote[] = [];
  const poller = createSentimentPoller(
    {
      primary: primary?.source,
      fallback: fallback?.source,
      consult: told.consult ?? 'on-failure',
      everyMs: 240_000,
      simulated: false,
    },
    {
      clock,
      random: told.random ?? (() => 0),
      money: createMoneyCap({
        ...{ capMicros: told.capMicros ?? 1_000_000, spentTodayMicros: 0, startedAt: clock.wall() },
      }),
      store: { append: (row) => rows.push(row) },
      note: (note) => notes.push(note),
    },
  );
  poller.start((reading) => emitted.push(reading));
  const pass = async (milliseconds: number) => {
    const end = clock.mono() + milliseconds;
    for (let due = clock.nextDue(); due !== undefined && due <= end; due = clock.nextDue()) {
      clock.runNext();
      await settle();
    }
    clock.advanceBy(end - clock.mono());
    await settle();
  };
  return { clock, poller, emitted, rows, notes, pass, primary, fallback };
}

const scores = (emitted: readonly (SentimentReading | undefined)[]) =>
  emitted.map((reading) => reading?.score);

describe('the schedule', () => {
  it('asks at once and then before the last reading expires', async () => {
    const { pass, emitted, primary } = setUp({ primary: [10] });
    await pass(0);
    expect(scores(emitted)).toEqual([10]);
    await pass(239_999);
    expect(primary?.asked()).toBe(1);
    await pass(1);
    expect(scores(emitted)).toEqual([10, 10]);
  });

  it('runs one refresh at a time, whoever asks (single flight)', async () => {
    let answer: (outcome: SourceOutcome) => void = () => undefined;
    const slow = new Promise<SourceOutcome>((resolve) => {
      answer = resolve;
    });
    const { pass, poller, primary, emitted } = setUp({ primary: [slow, 20] });
    await pass(0);
    for (let press = 0; press < 50; press += 1) poller.refresh();
    await pass(600_000);
    expect(primary?.asked()).toBe(1);
    expect(poller.status().isAsking).toBe(true);
    answer({ status: 'abstained', reason: 'late' });
    await settle();
    expect(poller.status().isAsking).toBe(false);
    expect(scores(emitted)).toEqual([undefined]);
  });

  it('by hand waits until the last question is 10 s old', async () => {
    const { pass, poller, primary } = setUp({ primary: [10] });
    await pass(3_000);
    for (let press = 0; press < 20; press += 1) poller.refresh();
    await pass(6_999);
    expect(primary?.asked()).toBe(1);
    await pass(1);
    expect(primary?.asked()).toBe(2);
  });

  it('by hand says when it asks, or which limit refuses (single flight, rest, money)', async () => {
    const free = setUp({ primary: [10] });
    await free.pass(3_000);
    expect(free.poller.refresh()).toEqual({ asked: true, reason: 'the news are asked in 7 s' });
    await free.pass(30_000);
    expect(free.poller.refresh()).toEqual({ asked: true, reason: 'the news are asked now' });
    free.poller.stop();
    expect(free.poller.refresh()).toMatchObject({ asked: false });

    const busy = setUp({ primary: [new Promise<SourceOutcome>(() => undefined)] });
    await busy.pass(0);
    expect(busy.poller.refresh()).toEqual({
      asked: false,
      reason: 'a question is under way already',
    });

    const failing = setUp({ primary: ['rate-limited'], fallback: ['timeout'] });
    await failing.pass(1_000);
    expect(failing.poller.refresh().reason).toBe(
      'perplexity rests for 29 s after a failure; nitter rests for 29 s after a failure',
    );

    const poor = setUp({ primary: [10], capMicros: 5_000 });
    await poor.pass(20_000);
    expect(poor.poller.refresh().reason).toBe('perplexity has used the money of this day');
    expect(poor.primary?.asked()).toBe(1);
  });

  it('ends with stop, also in the middle of a question', async () => {
    const never = new Promise<SourceOutcome>(() => undefined);
    const { pass, poller, clock, emitted } = setUp({ primary: [never] });
    await pass(0);
    poller.stop();
    await pass(1_000_000);
    poller.refresh();
    expect(emitted).toEqual([]);
    expect(clock.nextDue()).toBeUndefined();
  });
});

describe('the fallback (F101)', () => {
  it('is asked at once after a 429 while the primary rests; the switch is counted', async () => {
    const told = { primary: [10, 'rate-limited', 12], fallback: [20] } as const;
    const { pass, emitted, poller, notes, primary } = setUp(told);
    await pass(480_000);
    expect(emitted.map((one) => one?.source)).toEqual(['perplexity', 'nitter', 'perplexity']);
    expect(poller.status().counts).toMatchObject({
      'failed perplexity rate-limited': 1,
      'answered nitter': 1,
      switched: 2,
    });
    expect(notes.filter((note) => note.type === 'switched')).toEqual([
      { type: 'switched', from: 'perplexity', to: 'nitter' },
      { type: 'switched', from: 'nitter', to: 'perplexity' },
    ]);
    expect(primary?.asked()).toBe(3);
  });

  it('failing too means abstention, never a score of 0', async () => {
    const { pass, emitted, rows, poller } = setUp({
      primary: ['server-error'],
      fallback: ['blocked-page'],
    });
    await pass(0);
    expect(emitted).toEqual([undefined]);
    expect(rows).toEqual([]);
    expect(poller.status()).toMatchObject({
      abstained: 'perplexity server-error, nitter blocked-page',
      source: undefined,
    });
  });

  it('is not asked while the primary answers, unless both are wanted', async () => {
    const single = setUp({ primary: [10], fallback: [30] });
    await single.pass(0);
    expect(single.fallback?.asked()).toBe(0);
    const both = setUp({ primary: [10], fallback: [30], consult: 'both' });
    await both.pass(0);
    expect(both.emitted[0]).toMatchObject({ score: 20, source: 'perplexity+nitter' });
    expect(both.poller.status().apart).toBe(20);
  });

  it('that contradicts a primary makes both abstain, and the distance is shown', async () => {
    const { pass, emitted, poller } = setUp({ primary: [50], fallback: [-50], consult: 'both' });
    await pass(0);
    expect(emitted).toEqual([undefined]);
    expect(poller.status()).toMatchObject({
      apart: 100,
      abstained: expect.stringContaining('contradict'),
    });
  });

  it.each([
    ...(['unauthorized', 'forbidden', 'rate-limited', 'server-error', 'timeout'] as const),
    ...(['network', 'content-type', 'too-large', 'redirect', 'unusable-answer'] as const),
    ...(['blocked-page', 'unreadable', 'own-limit', 'refused-address', 'thin'] as const),
  ])('steps in for a primary that ends in %s', async (line) => {
    const { pass, emitted } = setUp({ primary: [line], fallback: [5] });
    await pass(0);
    expect(emitted[0]).toMatchObject({ score: 5, source: 'nitter' });
  });
});

describe('failures', () => {
  it('are remembered 30 to 300 s, so that an outage is asked about rarely (I28)', async () => {
    const { pass, primary } = setUp({ primary: ['network'], random: () => 0.999_999 });
    await pass(3_600_000);
    expect(primary?.asked()).toBeGreaterThan(10);
    expect(primary?.asked()).toBeLessThan(20);
    const eager = setUp({ primary: ['network'], random: () => 0 });
    await eager.pass(3_600_000);
    expect(eager.primary?.asked()).toBeLessThanOrEqual(121);
  });

  it('with retry-after rest the source as long as told', async () => {
    const limited = Promise.resolve(failure('rate-limited', 'x', { retryAfterMs: 1_000_000 }));
    const { pass, primary, poller } = setUp({ primary: [limited, 10] });
    await pass(999_999);
    expect(primary?.asked()).toBe(1);
    expect(poller.status().counts['skipped perplexity resting']).toBeGreaterThan(0);
    await pass(1);
    expect(primary?.asked()).toBe(2);
  });

  it('over any mix never ask a source twice within 10 s', async () => {
    const line = fc.constantFrom<Line>(10, -80, 90, 'network', 'rate-limited', 'thin');
    await fc.assert(
      fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 12 }), async (lines) => {
        const { pass, primary } = setUp({ primary: lines });
        await pass(600_000);
        expect(primary?.asked()).toBeLessThanOrEqual(60);
      }),
      { numRuns: 50 },
    );
  });
});

describe('money', () => {
  it('ends for the day at the cap, and the free fallback goes on', async () => {
    const { pass, primary, fallback, poller, emitted } = setUp({
      ...{ primary: [10], fallback: [12], costMicros: 5_000, capMicros: 12_000 },
    });
    await pass(960_000);
    expect(primary?.asked()).toBe(2);
    expect(fallback?.asked()).toBe(3);
    expect(emitted.at(-1)?.source).toBe('nitter');
    expect(poller.status()).toMatchObject({
      spentTodayMicros: 10_000,
      counts: { 'skipped perplexity money-cap': 3 },
    });
    await pass(86_400_000);
    expect(primary?.asked()).toBe(4);
  });

  it('is not spent by refusals, and is assumed spent by lost answers', async () => {
    const refused = setUp({ primary: ['rate-limited'] });
    await refused.pass(0);
    expect(refused.poller.status().spentTodayMicros).toBe(0);
    const lost = setUp({ primary: ['timeout'] });
    await lost.pass(0);
    expect(lost.poller.status().spentTodayMicros).toBe(5_000);
  });
});

describe('a large change (F102)', () => {
  it('waits for a second refresh that agrees, which comes soon', async () => {
    const { pass, emitted, poller } = setUp({ primary: [0, 95, 90] });
    await pass(240_000);
    expect(scores(emitted)).toEqual([0, undefined]);
    expect(poller.status().abstained).toContain('second refresh');
    await pass(30_000);
    expect(scores(emitted)).toEqual([0, undefined, 90]);
  });

  it('that is not confirmed leaves nothing behind', async () => {
    const { pass, emitted } = setUp({ primary: [0, 95, 5, 95] });
    await pass(240_000 + 30_000);
    expect(scores(emitted)).toEqual([0, undefined, 5]);
  });
});

describe('age (F105)', () => {
  const late = (waitMs: number, wallJumpMs: number) => {
    let answer: (outcome: SourceOutcome) => void = () => undefined;
    const slow = new Promise<SourceOutcome>((resolve) => {
      answer = resolve;
    });
    const hand = createVirtualClock(START);
    let jump = 0;
    const clock = { ...hand, wall: (): Wall => wall(hand.wall() + jump) };
    const emitted: (SentimentReading | undefined)[] = [];
    const poller = createSentimentPoller(
      {
        primary: scripted('perplexity', [slow]).source,
        fallback: undefined,
        consult: 'both',
        everyMs: 240_000,
        simulated: false,
      },
      {
        clock,
        random: () => 0,
        money: createMoneyCap({ capMicros: 1, spentTodayMicros: 0, startedAt: clock.wall() }),
        store: { append: () => undefined },
        note: () => undefined,
      },
    );
    poller.start((reading) => emitted.push(reading));
    return async () => {
      hand.advanceBy(0);
      hand.advanceBy(waitMs);
      jump = wallJumpMs;
      answer(told('perplexity', 10, 0));
      await settle();
      return { emitted, now: clock.wall() };
    };
  };

  it('counts from the moment of asking, whatever the wall clock does meanwhile', async () => {
    for (const jump of [0, -3_600_000, 3_600_000]) {
      const { emitted, now } = await late(15_000, jump)();
      expect(now - (emitted[0]?.askedAt ?? 0)).toBe(15_000);
    }
  });

  it('beyond the lifetime on arrival is an abstention', async () => {
    expect((await late(300_001, 0)()).emitted).toEqual([undefined]);
    expect((await late(300_000, 0)()).emitted[0]?.score).toBe(10);
  });
});

describe('the store', () => {
  it('gets every opinion and every reading given, with both times', async () => {
    const { pass, rows } = setUp({ primary: [10], fallback: [30], consult: 'both' });
    await pass(0);
    expect(rows.map((row) => [row.role, row.source, row.score])).toEqual([
      ['source', 'perplexity', 10],
      ['source', 'nitter', 30],
      ['used', 'perplexity+nitter', 20],
    ]);
    expect(rows[0]).toMatchObject({ askedAt: START, knownAt: START, costMicros: 5_000 });
    expect(rows[2]).toMatchObject({ costMicros: 5_000 });
  });
});
