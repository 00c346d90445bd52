/**
 * Two opinions to one, contradiction as abstention, and the brake on large swings (F102).
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mono, untrusted } from '../../src/engine/index.ts';
import { brake, combine, MAX_CHANGE, RELEASED } from '../../src/sentiment/combine.ts';
import type { Opinion, SourceName } from '../../src/sentiment/opinion.ts';

const opinion = (source: SourceName, score: number, confidence: number): Opinion => ({
  ...{ source, score, confidence, asOf: undefined, costMicros: 0, sha256: 'x' },
  citations: [untrusted(`https://example.org/${source}`)],
});
const both = (a: readonly [number, number], b: readonly [number, number]) =>
  combine([opinion('perplexity', ...a), opinion('nitter', ...b)]);

describe('combination', () => {
  it('weights by confidence and names both sources', () => {
    expect(both([60, 75], [20, 25])).toMatchObject({
      view: { score: 50, source: 'perplexity+nitter (40 apart)', apart: 40, confidence: 60 },
    });
    expect(both([40, 50], [40, 10])).toMatchObject({
      view: { score: 40, source: 'perplexity+nitter', apart: 0, confidence: 50 },
    });
  });

  it('abstains when the sources contradict, when nobody is sure, and when nobody answers', () => {
    expect(both([50, 90], [-40, 30])).toMatchObject({ status: 'abstained', apart: 90 });
    expect(both([50, 90], [-20, 30]).status).toBe('combined');
    expect(both([50, 0], [40, 0]).status).toBe('abstained');
    expect(combine([]).status).toBe('abstained');
  });

  it('of one is that one', () => {
    expect(combine([opinion('nitter', -12, 30)])).toMatchObject({
      view: { score: -12, confidence: 30, source: 'nitter', apart: undefined },
    });
  });

  it('stays between the two and within bounds', () => {
    const points = fc.integer({ min: -100, max: 100 });
    const sure = fc.integer({ min: 0, max: 100 });
    fc.assert(
      fc.property(points, sure, points, sure, (a, sureA, b, sureB) => {
        const result = both([a, sureA], [b, sureB]);
        if (result.status === 'abstained') return;
        expect(result.view.score).toBeGreaterThanOrEqual(Math.min(a, b));
        expect(result.view.score).toBeLessThanOrEqual(Math.max(a, b));
        expect(result.view.confidence).toBeLessThanOrEqual(Math.max(sureA, sureB));
      }),
    );
  });
});

describe('the brake (F102)', () => {
  const run = (...scores: readonly number[]) => {
    let state = RELEASED;
    return scores.map((score, at) => {
      const braked = brake(state, score, mono(at * 30_000));
      state = braked.state;
      return braked.status;
    });
  };

  it('holds a change of more than 60 points until a second refresh agrees', () => {
    expect(run(0, 61, 65)).toEqual(['accepted', 'held', 'accepted']);
    expect(run(0, 60)).toEqual(['accepted', 'accepted']);
    expect(run(-50, 50, 100, 95)).toEqual(['accepted', 'held', 'held', 'accepted']);
  });

  it('forgets the held score when the next one is near the old again', () => {
    expect(run(0, 90, 5, 90)).toEqual(['accepted', 'held', 'accepted', 'held']);
  });

  it('takes the first score of a run as it is, and forgets after ten minutes', () => {
    expect(run(100)).toEqual(['accepted']);
    const first = brake({ accepted: 0, waiting: { score: 90, at: mono(0) } }, 90, mono(600_001));
    expect(first.status).toBe('held');
  });

  it('never lets two neighbours differ by more than 60 without two witnesses', () => {
    const points = fc.integer({ min: -100, max: 100 });
    fc.assert(
      fc.property(fc.array(points, { minLength: 2, maxLength: 40 }), (scores) => {
        const verdicts = run(...scores);
        let accepted: number | undefined;
        scores.forEach((score, at) => {
          if (verdicts[at] !== 'accepted') return;
          const previous = scores[at - 1] ?? Number.NaN;
          const witnessed = verdicts[at - 1] === 'held' && Math.abs(score - previous) <= 30;
          const isStep = accepted === undefined || Math.abs(score - accepted) <= MAX_CHANGE;
          expect(isStep || witnessed).toBe(true);
          accepted = score;
        });
      }),
    );
  });
});
