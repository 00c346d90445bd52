/**
 * Bounded HTTP against a real server on this machine, with a hand-moved clock (F104, F106).
 */
import { afterEach, describe, expect, it } from 'vitest';
import { wall } from '../../src/engine/index.ts';
import {
  createBoundedHttp,
  type HttpOutcome,
  type HttpQuestion,
  retryAfter,
} from '../../src/sentiment/providers.ts';
import { createVirtualClock, type VirtualClock } from '../../src/sim/virtual-clock.ts';
import { waitFor } from '../support/wait-for.ts';
import {
  type Asked,
  type HttpDouble,
  html,
  json,
  moved,
  type Reply,
  realFetch,
  startHttpDouble,
} from './http-double.ts';

const START = wall(Date.UTC(2025, 0, 15, 3));
const doubles: HttpDouble[] = [];
afterEach(async () => {
  await Promise.all(doubles.splice(0).map((double) => double.close()));
});

async function serve(script: (asked: Asked, index: number) => Reply): Promise<HttpDouble> {
  const double = await startHttpDouble(script);
  doubles.push(double);
  return double;
}

interface Setup {
  readonly clock?: VirtualClock;
  readonly question?: Partial<HttpQuestion>;
  readonly resolve?: (host: string) => Promise<readonly string[]>;
}

function ask(double: HttpDouble, setup: Setup = {}): Promise<HttpOutcome> {
  const { clock = createVirtualClock(START), question, resolve } = setup;
  const http = createBoundedHttp({
    fetch: realFetch,
    clock,
    allowHosts: [double.host],
    ...(resolve === undefined ? {} : { resolve }),
  });
  return http({
    url: `${double.origin}/start`,
    method: 'GET',
    headers: {},
    accept: ['application/json'],
    keyed: false,
    signal: new AbortController().signal,
    mayAsk: () => true,
    ...question,
  });
}

const reasonOf = (outcome: HttpOutcome) => (outcome.status === 'ok' ? 'ok' : outcome.reason);

describe('one question over HTTP', () => {
  it('gives the text of an answer of the expected type', async () => {
    const double = await serve(() => json('{"a":1}'));
    expect(await ask(double)).toEqual({
      status: 'ok',
      text: '{"a":1}',
      contentType: 'application/json',
    });
  });

  it.each([
    [401, 'unauthorized'],
    [402, 'forbidden'],
    [403, 'forbidden'],
    [404, 'missing'],
    [429, 'rate-limited'],
    [418, 'client-error'],
    [204, 'client-error'],
    [500, 'server-error'],
    [503, 'server-error'],
  ])('reports status %i as %s', async (status, reason) => {
    const double = await serve(() => json('{}', status));
    expect(reasonOf(await ask(double))).toBe(reason);
  });

  it('passes retry-after on, in seconds and as a date, and at most a day', async () => {
    const header = { type: 'whole', status: 429, contentType: 'text/plain', body: '' } as const;
    const double = await serve(() => ({ ...header, headers: { 'retry-after': '90' } }));
    expect(await ask(double)).toMatchObject({ reason: 'rate-limited', retryAfterMs: 90_000 });
    expect(retryAfter('Wed, 15 Jan 2025 03:02:00 GMT', START)).toBe(120_000);
    expect(retryAfter('999999999', START)).toBe(86_400_000);
    expect(retryAfter('Wed, 15 Jan 2020 03:02:00 GMT', START)).toBe(0);
    expect(retryAfter('soon', START)).toBeUndefined();
    expect(retryAfter(null, START)).toBeUndefined();
  });

  it('refuses a challenge page with status 200 by its type (F104)', async () => {
    const double = await serve(() => html('<title>Just a moment...</title>'));
    expect(reasonOf(await ask(double))).toBe('content-type');
  });

  it.each([
    ['20 MB without a length', { type: 'flood', bytes: 20_000_000 }],
    ['256 KiB and one chunk', { type: 'flood', bytes: 262_145 + 65_536 }],
    ['a compression bomb', { type: 'bomb', bytes: 50_000_000 }],
  ] as const)('stops reading at 256 KiB: %s (F106)', async (_, shape) => {
    const double = await serve(() => ({ ...shape, contentType: 'application/json' }));
    expect(reasonOf(await ask(double))).toBe('too-large');
  });

  it('refuses an announced length above the bound', async () => {
    const double = await serve(() => json(' '.repeat(300_000)));
    expect(await ask(double)).toMatchObject({
      reason: 'too-large',
      detail: expect.stringContaining('announced'),
    });
  });

  it.each([
    ['silence', { type: 'hang' }],
    ['one byte at a time', { type: 'drip', contentType: 'application/json' }],
  ] as const)('ends %s after 20 s in total (F106)', async (_, reply) => {
    const double = await serve(() => reply);
    const clock = createVirtualClock(START);
    let outcome: HttpOutcome | undefined;
    const pending = ask(double, { clock }).then((got) => {
      outcome = got;
    });
    await waitFor('the request', () => double.asked.length === 1);
    clock.advanceBy(19_999);
    expect(outcome).toBeUndefined();
    clock.advanceBy(1);
    await pending;
    expect(outcome).toMatchObject({ reason: 'timeout' });
    expect(clock.nextDue()).toBeUndefined();
  });

  it('ends even when the fetch ignores its signal', async () => {
    const clock = createVirtualClock(START);
    const http = createBoundedHttp({
      fetch: () => new Promise(() => undefined),
      clock,
      allowHosts: ['127.0.0.1:9'],
    });
    const pending = http({
      ...{ url: 'http://127.0.0.1:9/', method: 'GET', headers: {}, accept: [], keyed: false },
      signal: new AbortController().signal,
      mayAsk: () => true,
    });
    clock.advanceBy(20_000);
    expect(reasonOf(await pending)).toBe('timeout');
  });

  it('ends when the caller cancels', async () => {
    const double = await serve(() => ({ type: 'hang' }));
    const controller = new AbortController();
    const pending = ask(double, { question: { signal: controller.signal } });
    await waitFor('the request', () => double.asked.length === 1);
    controller.abort();
    expect(reasonOf(await pending)).toBe('cancelled');
  });

  it('reports a cut connection without details of the request (I23)', async () => {
    const double = await serve(() => ({ type: 'cut' }));
    const outcome = await ask(double, { question: { headers: { authorization: 'Bearer k-123' } } });
    expect(reasonOf(outcome)).toBe('network');
    expect(JSON.stringify(outcome)).not.toContain('k-123');
  });
});

describe('redirects', () => {
  it('are followed twice on the same host', async () => {
    const double = await serve((_, index) => (index < 2 ? moved(302, `/${index}`) : json('{}')));
    expect(reasonOf(await ask(double))).toBe('ok');
    expect(double.asked.map((one) => one.path)).toEqual(['/start', '/0', '/1']);
  });

  it('end after the second, so that a loop ends too', async () => {
    const double = await serve(() => moved(302, '/start'));
    expect(reasonOf(await ask(double))).toBe('redirect');
    expect(double.asked).toHaveLength(3);
  });

  it.each([
    'http://169.254.169.254/latest/meta-data',
    'http://localhost:1/',
    'https://elsewhere.example/',
    'file:///etc/passwd',
    'http://[::1]/',
  ])('to %s are refused unasked', async (location) => {
    const double = await serve(() => moved(302, location));
    expect(reasonOf(await ask(double))).toBe('refused-address');
    expect(double.asked).toHaveLength(1);
  });

  it('never turn a question with a body into another, and keep it for 307', async () => {
    const double = await serve((_, index) => (index === 0 ? moved(302, '/other') : json('{}')));
    const post = { method: 'POST', body: '{"q":1}', keyed: true } as const;
    expect(reasonOf(await ask(double, { question: post }))).toBe('redirect');
    const kept = await serve((_, index) => (index === 0 ? moved(307, '/other') : json('{}')));
    expect(reasonOf(await ask(kept, { question: post }))).toBe('ok');
    expect(kept.asked.map((one) => one.body)).toEqual(['{"q":1}', '{"q":1}']);
  });

  it('cost a place in the limit per minute each', async () => {
    const double = await serve(() => moved(302, '/start'));
    let left = 2;
    const mayAsk = () => left-- > 0;
    expect(reasonOf(await ask(double, { question: { mayAsk } }))).toBe('own-limit');
    expect(double.asked).toHaveLength(2);
  });
});

describe('names', () => {
  it('that lead into a private network are refused when they can be looked up', async () => {
    const clock = createVirtualClock(START);
    let fetched = 0;
    const http = createBoundedHttp({
      fetch: () => {
        fetched += 1;
        return Promise.reject(new Error('not reached'));
      },
      clock,
      allowHosts: ['news.example.org'],
      resolve: () => Promise.resolve(['93.184.216.34', '10.0.0.7']),
    });
    const outcome = await http({
      ...{ url: 'https://news.example.org/', method: 'GET', headers: {}, accept: [], keyed: false },
      signal: new AbortController().signal,
      mayAsk: () => true,
    });
    expect(reasonOf(outcome)).toBe('refused-address');
    expect(fetched).toBe(0);
  });
});
