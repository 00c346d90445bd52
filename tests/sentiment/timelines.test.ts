/**
 * Timelines over instances that come and go, over real HTTP (F101, F104).
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { wall } from '../../src/engine/index.ts';
import { createRateWindow } from '../../src/sentiment/limits.ts';
import { createBoundedHttp } from '../../src/sentiment/providers.ts';
import { createTimelineSource } from '../../src/sentiment/timelines.ts';
import { createVirtualClock } from '../../src/sim/virtual-clock.ts';
import { waitFor } from '../support/wait-for.ts';
import {
  type Asked,
  type HttpDouble,
  html,
  type Reply,
  realFetch,
  startHttpDouble,
} from './http-double.ts';

const START = wall(Date.UTC(2025, 0, 15, 9, 30));
const page = (name: string) =>
  readFileSync(new URL(`./fixtures/nitter/${name}`, import.meta.url), 'utf8');
const SEARCH = html(page('search-constructed.html'));
const LIMITED = html(page('error-rate-limited-constructed.html'));
const CHALLENGE = html(page('challenge-constructed.html'));
const EMPTY = html(page('empty-constructed.html'));

const doubles: HttpDouble[] = [];
afterEach(async () => {
  await Promise.all(doubles.splice(0).map((double) => double.close()));
});

type Script = (asked: Asked, index: number) => Reply;

async function setUp(scripts: readonly Script[], accounts = ['@one', 'two']) {
  const servers = await Promise.all(scripts.map((script) => startHttpDouble(script)));
  doubles.push(...servers);
  const clock = createVirtualClock(START);
  const window = createRateWindow(10);
  const source = createTimelineSource(
    { instances: servers.map((one) => `${one.origin}/`), accounts },
    {
      http: createBoundedHttp({
        fetch: realFetch,
        clock,
        allowHosts: servers.map((one) => one.host),
      }),
      clock,
      random: () => 0,
      sha256: (text) => createHash('sha256').update(text).digest('hex'),
      mayAsk: () => window.take(clock.mono()),
    },
  );
  const ask = (signal = new AbortController().signal) =>
    source.ask({ mono: clock.mono(), wall: clock.wall() }, signal);
  return { servers, clock, ask };
}

const paths = (server: HttpDouble | undefined) => server?.asked.map((one) => one.path);

describe('the timelines', () => {
  it('of all accounts become one opinion with links to the posts', async () => {
    const { ask, servers } = await setUp([() => SEARCH]);
    const outcome = await ask();
    expect(paths(servers[0])).toEqual(['/one', '/two']);
    if (outcome.status !== 'answered') throw new Error(JSON.stringify(outcome));
    expect(outcome.opinion.confidence).toBeLessThanOrEqual(40);
    expect(outcome.opinion.citations[0]).toMatch(/\/status\/300\d$/);
    expect(outcome.opinion.sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  it.each([
    ['rate-limited page with status 200', LIMITED],
    ['challenge page', CHALLENGE],
    ['status 429', html('', 429)],
    ['status 503', html('', 503)],
    ['cut connection', { type: 'cut' }],
    ['20 MB', { type: 'flood', contentType: 'text/html', bytes: 20_000_000 }],
    ['login as JSON', { type: 'whole', status: 200, contentType: 'application/json', body: '{}' }],
  ] as const)('move to the next instance after a %s (F104)', async (_, bad) => {
    const { ask, servers } = await setUp([() => bad, () => SEARCH]);
    expect((await ask()).status).toBe('answered');
    expect(paths(servers[1])).toEqual(['/one', '/two']);
    const before = servers[0]?.asked.length;
    expect((await ask()).status).toBe('answered');
    // The bad instance rests, the good one is preferred.
    expect(servers[0]?.asked.length).toBe(before);
  });

  it('are read from the feed when the page is blocked, and then from the feed first', async () => {
    const rss = page('rss-constructed.xml');
    const feed: Reply = {
      type: 'whole',
      status: 200,
      contentType: 'application/rss+xml',
      body: rss,
    };
    const { ask, servers } = await setUp([
      ({ path }) => (path.endsWith('/rss') ? feed : CHALLENGE),
    ]);
    expect((await ask()).status).toBe('abstained');
    expect(paths(servers[0])).toEqual(['/one', '/one/rss', '/two/rss']);
  });

  it('with every instance failing are a failure, not a zero (F101)', async () => {
    const { ask, servers, clock } = await setUp([() => html('', 429), () => LIMITED]);
    expect(await ask()).toMatchObject({ status: 'failed' });
    const asked = () => servers.map((one) => one.asked.length);
    const first = asked();
    expect(await ask()).toMatchObject({
      status: 'failed',
      detail: expect.stringContaining('rest'),
    });
    expect(asked()).toEqual(first);
    clock.advanceBy(30_000);
    await ask();
    expect(asked()).not.toEqual(first);
  });

  it('that are empty abstain without blaming the instance', async () => {
    const { ask } = await setUp([() => EMPTY]);
    expect((await ask()).status).toBe('abstained');
    expect((await ask()).status).toBe('abstained');
  });

  it('of an account that does not exist are skipped', async () => {
    const { ask, servers } = await setUp([
      ({ path }) =>
        path === '/one' ? html(page('error-rate-limited-constructed.html'), 404) : SEARCH,
    ]);
    expect((await ask()).status).toBe('answered');
    expect(paths(servers[0])).toEqual(['/one', '/two']);
  });

  it('ask at most ten times a minute and hear long lists in turns (I29)', async () => {
    const names = Array.from({ length: 20 }, (_, at) => `account${at}`);
    const { ask, servers, clock } = await setUp([() => EMPTY], names);
    await ask();
    await ask();
    expect(servers[0]?.asked).toHaveLength(10);
    expect(await ask()).toMatchObject({ status: 'failed', reason: 'own-limit' });
    clock.advanceBy(60_000);
    await ask();
    expect(new Set(paths(servers[0])).size).toBeGreaterThan(8);
  });

  it('share one deadline of 20 s; the slow instance then rests (F106)', async () => {
    const { ask, servers, clock } = await setUp([() => ({ type: 'hang' }), () => SEARCH]);
    const pending = ask();
    await waitFor('the first request', () => servers[0]?.asked.length === 1);
    clock.advanceBy(20_000);
    expect(await pending).toMatchObject({ status: 'failed', reason: 'timeout' });
    expect((await ask()).status).toBe('answered');
    expect(servers[0]?.asked).toHaveLength(1);
    expect(clock.nextDue()).toBeUndefined();
  });

  it('stop when the caller cancels', async () => {
    const { ask, servers } = await setUp([() => ({ type: 'hang' })]);
    const controller = new AbortController();
    const pending = ask(controller.signal);
    await waitFor('the first request', () => servers[0]?.asked.length === 1);
    controller.abort();
    expect(await pending).toMatchObject({ status: 'failed', reason: 'cancelled' });
  });
});
