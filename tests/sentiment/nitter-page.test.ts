/**
 * Timeline pages and feeds against their expected contents; error pages are no text (F104).
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readTimelineFeed, readTimelinePage } from '../../src/sentiment/nitter-page.ts';

const text = (name: string) =>
  readFileSync(new URL(`./fixtures/nitter/${name}`, import.meta.url), 'utf8');
const postsOf = (name: string) => {
  const read = readTimelinePage(text(name));
  if (read.status !== 'posts') throw new Error(`${name} is ${read.status}`);
  return read;
};
const EXPECTED = JSON.parse(text('expected-constructed.json'));

describe('a timeline page', () => {
  const { posts, unavailable } = postsOf('timeline-constructed.html');
  const wanted = EXPECTED['timeline-constructed.html'];
  const byId = new Map(posts.map((post) => [post.id, post]));

  it('gives the posts in page order, with and without text', () => {
    expect(posts.map((post) => post.id)).toEqual(wanted.ids_in_page_order);
    expect(posts.filter((post) => post.text !== '')).toHaveLength(wanted.tweets_with_text);
    expect(posts.filter((post) => post.text === '')).toHaveLength(wanted.tweets_without_text);
    expect(unavailable).toBe(wanted.unavailable);
  });

  it('knows reposts with their first author, pinned posts, and quotes apart from own words', () => {
    const ids = (isIt: (post: (typeof posts)[number]) => boolean) =>
      posts.filter(isIt).map((post) => post.id);
    expect(ids((post) => post.isRepost)).toEqual(wanted.retweets);
    expect(ids((post) => post.isPinned)).toEqual(wanted.pinned);
    expect(byId.get('1105')?.author).toBe('mpobfan_test');
    expect(byId.get('1103')).toMatchObject({ text: 'So much for the glut.', hasQuote: true });
  });

  it('reads absolute times and decoded text', () => {
    for (const [id, at] of Object.entries(wanted.time_utc)) {
      expect(byId.get(id)?.at).toBe(Date.parse(String(at)));
    }
    expect(byId.get('1106')?.text).toBe(wanted.text_1106);
    expect(byId.get('1107')?.text).toContain('the work. Night session');
  });

  it('leaves out pseudo-items of a search', () => {
    const found = postsOf('search-constructed.html').posts.map((post) => post.id);
    expect(found).toEqual(EXPECTED['search-constructed.html'].ids_in_page_order);
  });

  it('may be empty and say so', () => {
    expect(postsOf('empty-constructed.html').posts).toEqual([]);
  });

  it.each([
    ['error-rate-limited-constructed.html', 'blocked'],
    ['challenge-constructed.html', 'blocked'],
  ])('is not %s (F104)', (name, status) => {
    expect(readTimelinePage(text(name)).status).toBe(status);
  });

  it.each([
    ['an empty body', '', 'blocked'],
    ['words', 'palm oil bullish', 'blocked'],
    ['a bare timeline', '<div class="timeline"></div>', 'unreadable'],
    [
      'another structure',
      '<div class="timeline"><p class="timeline-item">up</p></div>',
      'unreadable',
    ],
    ['deep nesting', '<div>'.repeat(40_000), 'unreadable'],
    ['deep markup', '<b>'.repeat(80_000), 'unreadable'],
  ])('is not guessed from %s', (_, page, status) => {
    expect(readTimelinePage(page).status).toBe(status);
  });

  it('with impossible times keeps the post without a time', () => {
    const page = text('search-constructed.html').replaceAll('8:59 AM UTC', 'half past never');
    const read = readTimelinePage(page);
    expect(read.status === 'posts' && read.posts[0]).toMatchObject({ id: '3001', at: undefined });
  });
});

describe('a feed', () => {
  it('gives the same posts', () => {
    const read = readTimelineFeed(text('rss-constructed.xml'));
    expect(read).toMatchObject({
      status: 'posts',
      posts: [
        { id: '1107', author: 'palmdesk_test', isRepost: false, at: Date.UTC(2025, 0, 15, 9, 5) },
        {
          id: '1105',
          author: 'mpobfan_test',
          isRepost: true,
          text: 'Harga sawit naik lagi pagi ini',
        },
      ],
    });
  });

  it('is not an empty body, a page, words or a tower of tags', () => {
    for (const xml of ['', '<html></html>', 'no feed', '<x>'.repeat(5_000)]) {
      expect(readTimelineFeed(xml).status).not.toBe('posts');
    }
  });

  it('expands no entities of its own', () => {
    const bomb = '<!DOCTYPE x [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;">]>';
    const xml = text('rss-constructed.xml').replace('?>', `?>${bomb}`).replace('FCPO third', '&b;');
    expect(JSON.stringify(readTimelineFeed(xml))).not.toContain('lollol');
  });
});
