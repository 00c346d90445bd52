/**
 * Posts to an opinion: each story once, each author one voice, attacks without effect (F102, F107).
 */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Wall, wall } from '../../src/engine/index.ts';
import { CROWD_LIMITS, hearCrowd } from '../../src/sentiment/crowd.ts';
import { type Post, readTimelinePage } from '../../src/sentiment/nitter-page.ts';
import { ATTACK_TEXTS } from './attack-texts.ts';

const ASKED = wall(Date.UTC(2025, 0, 15, 9, 30));
let ids = 0;

function post(author: string, text: string, extra: Partial<Post> = {}): Post {
  ids += 1;
  const at: Wall | undefined = wall(ASKED - 3_600_000 - ids);
  const flags = { isPinned: false, isRepost: false, hasQuote: false };
  return { id: String(10_000 + ids), author, text, at, ...flags, ...extra };
}

const BULLS: readonly Post[] = [
  post('a', 'Palm oil stocks fall below expectations'),
  post('b', 'Exports of palm oil jump in the first half of the month'),
  post('c', 'Floods in Sabah cut harvest'),
];

describe('the crowd', () => {
  it('has a low confidence even when everybody agrees', () => {
    const many = Array.from({ length: 30 }, (_, at) => {
      const unlike = 'abcdefghij'.split('').map((sign) => sign.repeat(3 + ((at * 7) % 11)) + at);
      return post(`author${at}`, `CPO rally ${unlike.join(' ').replace(/\d/g, 'x')} higher`);
    });
    const view = hearCrowd([...BULLS, ...many], ASKED);
    expect(view).toMatchObject({ status: 'opinion' });
    expect(view.status === 'opinion' && view.confidence).toBeLessThanOrEqual(
      CROWD_LIMITS.maxConfidence,
    );
  });

  it('abstains below three posts or two authors (F107)', () => {
    expect(hearCrowd(BULLS.slice(0, 2), ASKED).status).toBe('thin');
    const alone = BULLS.map((one) => ({ ...one, author: 'a' }));
    expect(hearCrowd(alone, ASKED).status).toBe('thin');
    expect(hearCrowd([], ASKED).status).toBe('thin');
    expect(hearCrowd(BULLS, ASKED).status).toBe('opinion');
  });

  it('counts a planted story once, however often and in whatever dress it comes (F102)', () => {
    const planted = Array.from({ length: 50 }, (_, at) =>
      post(`bot${at}`, `Palm oil crash: record stocks ahead!!! #${at} @you https://x.org/${at}`),
    );
    const view = hearCrowd([...BULLS, ...planted], ASKED);
    expect(view.counts).toMatchObject({ used: 4, repeated: 49 });
  });

  it('counts a repost by several accounts once', () => {
    const shared = post('x', 'CPO futures gain on stronger soyoil', { isRepost: true });
    expect(hearCrowd([...BULLS, shared, { ...shared }], ASKED).counts).toMatchObject({
      used: 4,
      repeated: 1,
    });
  });

  it('leaves out what is pinned, old, undated, from the future, off topic or advertising', () => {
    const text = 'Palm oil production slumps';
    const view = hearCrowd(
      [
        ...BULLS,
        post('d', text, { isPinned: true }),
        post('d', text, { at: wall(ASKED - CROWD_LIMITS.maxAgeMs - 1) }),
        post('d', text, { at: undefined }),
        post('d', text, { at: wall(ASKED + CROWD_LIMITS.aheadMs + 1) }),
        post('d', ''),
        post('e', 'Gold rallies'),
        post('f', 'FCPO 1000% PROFIT JOIN NOW t.me/x'),
        post('g', 'Palm oil, good morning'),
      ],
      ASKED,
    );
    expect(view.counts).toEqual({
      ...{ used: 3, repeated: 0, quarantined: 0, spam: 1, offTopic: 1, silent: 1, setAside: 5 },
    });
  });

  it('lets one author speak with one voice', () => {
    const words = ['mills', 'estates', 'refiners', 'planters', 'dealers', 'brokers', 'farmers'];
    const flood = words.map((word) => post('z', `CPO: ${word} ${word}ing ${word}wise see a glut`));
    const calm = hearCrowd([...BULLS, ...flood.slice(0, 1)], ASKED);
    const loud = hearCrowd([...BULLS, ...flood], ASKED);
    if (calm.status !== 'opinion' || loud.status !== 'opinion') throw new Error('thin');
    expect(loud.counts.used).toBeGreaterThan(calm.counts.used);
    expect(loud.score).toBe(calm.score);
  });

  it('gives the same score with all attack texts among the posts (F102)', () => {
    const attacks = ATTACK_TEXTS.map(([, text], at) => post(`evil${at}`, text));
    const calm = hearCrowd(BULLS, ASKED);
    const attacked = hearCrowd([...attacks, ...BULLS], ASKED);
    if (calm.status !== 'opinion' || attacked.status !== 'opinion') throw new Error('thin');
    expect(attacked.score).toBe(calm.score);
    expect(attacked.confidence).toBe(calm.confidence);
    expect(attacked.counts.quarantined).toBe(attacks.length);
  });

  it('with attacks alone abstains', () => {
    const attacks = ATTACK_TEXTS.map(([, text], at) => post(`evil${at}`, text));
    expect(hearCrowd(attacks, ASKED).status).toBe('thin');
  });

  it('does not depend on the order of the posts', () => {
    const posts = [
      ...BULLS,
      post('h', 'Palm oil slips with Dalian'),
      post('i', 'Brent sinks, CPO too'),
    ];
    const first = hearCrowd(posts, ASKED);
    fc.assert(
      fc.property(fc.shuffledSubarray(posts, { minLength: posts.length }), (shuffled) => {
        expect(hearCrowd(shuffled, ASKED)).toEqual(first);
      }),
    );
  });

  it('stays in bounds for any text', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' }), { maxLength: 20 }), (texts) => {
        const view = hearCrowd(
          [...BULLS, ...texts.map((text, at) => post(`r${at}`, `palm oil up ${text}`))],
          ASKED,
        );
        if (view.status === 'thin') return;
        expect(Number.isInteger(view.score) && Math.abs(view.score) <= 100).toBe(true);
        expect(view.confidence).toBeLessThanOrEqual(CROWD_LIMITS.maxConfidence);
      }),
    );
  });

  it('hears the constructed search page as its notes say', () => {
    const page = new URL('./fixtures/nitter/search-constructed.html', import.meta.url);
    const read = readTimelinePage(readFileSync(page, 'utf8'));
    if (read.status !== 'posts') throw new Error(read.status);
    const view = hearCrowd(read.posts, ASKED);
    expect(view).toMatchObject({
      status: 'opinion',
      counts: { used: 3, offTopic: 1, spam: 1 },
    });
    expect(view.status === 'opinion' && view.score).toBeLessThan(0);
  });
});
