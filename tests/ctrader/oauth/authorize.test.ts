/** The loopback redirect, driven by requests as a browser and as an attacker sends them; paste. */
import { request } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  CALLBACK_LIMIT_MS,
  isLoopbackRedirect,
  listenForCallback,
  readPasted,
} from '../../../src/ctrader/oauth/authorize.ts';
import { wall } from '../../../src/engine/index.ts';
import { createVirtualClock } from '../../../src/sim/virtual-clock.ts';
import { freePort } from '../../support/free-port.ts';

const STATE = 'state-of-this-login';
const CODE = 'code-12345';

interface Page {
  readonly status: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, unknown>>;
}

interface Visit {
  readonly method?: string;
  readonly host?: string;
  readonly at?: string;
}

function visit(port: number, path: string, { method = 'GET', host, at }: Visit = {}) {
  return new Promise<Page>((resolve, reject) => {
    const headers = host === undefined ? {} : { host };
    const asked = request(
      { host: at ?? '127.0.0.1', port, path, method, headers, agent: false },
      (response) => {
        let body = '';
        response.setEncoding('utf8').on('data', (text: string) => {
          body += text;
        });
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, body, headers: response.headers }),
        );
      },
    );
    asked.on('error', reject);
    asked.end();
  });
}

async function login(path = '/back') {
  const port = await freePort();
  const clock = createVirtualClock(wall(1_800_000_000_000));
  const notes: string[] = [];
  const redirectUri = `http://127.0.0.1:${port}${path}`;
  const listening = await listenForCallback({
    redirectUri,
    state: STATE,
    clock,
    note: (sentence) => notes.push(sentence),
  });
  if (listening.status !== 'listening') throw new Error(listening.sentence);
  onTestFinished(() => listening.close());
  return { port, clock, notes, listening, redirectUri };
}

const query = (fields: Record<string, string>) => new URLSearchParams(fields).toString();

describe('the answer of the browser', () => {
  it('is taken once, with the exact state, and gets a page that repeats nothing', async () => {
    const { port, listening } = await login();
    const page = await visit(port, `/back?${query({ code: CODE, state: STATE })}`);
    expect([page.status, page.body.includes(CODE), page.body.includes(STATE)]).toEqual([
      200,
      false,
      false,
    ]);
    expect(page.headers).toMatchObject({
      'cache-control': 'no-store',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    });
    const answer = await listening.answer;
    expect(answer).toMatchObject({ type: 'code', proven: true });
    expect(answer.type === 'code' && answer.code.reveal()).toBe(CODE);
    expect(JSON.stringify(answer)).not.toContain(CODE);
    // The listener is gone: a second code has nowhere to go.
    await expect(visit(port, `/back?${query({ code: 'code-2', state: STATE })}`)).rejects.toThrow();
  });

  it('F96 of two at the same moment only one counts', async () => {
    const { port, listening } = await login();
    const path = `/back?${query({ code: CODE, state: STATE })}`;
    const pages = await Promise.allSettled([visit(port, path), visit(port, path)]);
    const good = pages.filter((one) => one.status === 'fulfilled' && one.value.status === 200);
    expect(good).toHaveLength(1);
    expect((await listening.answer).type).toBe('code');
  });

  it('F96 a wrong state is refused, told, and does not end the login', async () => {
    const { port, listening, notes } = await login();
    for (const state of ['wrong', `${STATE}x`, STATE.slice(1), '']) {
      const page = await visit(port, `/back?${query({ code: 'evil-code', state })}`);
      expect(page.status).toBe(400);
    }
    const twice = `/back?${query({ code: 'evil-code', state: STATE })}&state=${STATE}`;
    expect((await visit(port, twice)).status).toBe(400);
    expect(notes).toHaveLength(5);
    expect(notes[0]).toContain('wrong state');
    await visit(port, `/back?${query({ code: CODE, state: STATE })}`);
    const answer = await listening.answer;
    expect(answer.type === 'code' && answer.code.reveal()).toBe(CODE);
  });

  it('F96 a storm of forged answers ends it', async () => {
    const { port, listening } = await login();
    for (let index = 0; index < 20; index += 1) await visit(port, '/back?code=evil&state=x');
    expect(await listening.answer).toEqual({
      type: 'failed',
      sentence: 'Too many wrong answers came, so the login was given up.',
    });
  });

  it.each([
    ['another path', '/other', {}, 404],
    ['an icon', '/favicon.ico', {}, 404],
    ['another method', '/back', { method: 'POST' }, 404],
    ['a name that points to this machine', '/back', { host: 'evil.example' }, 421],
    ['another port in the host header', '/back', { host: '127.0.0.1:1' }, 421],
  ])('F96 %s is nobody', async (_what, path, how, status) => {
    const { port, listening, clock } = await login();
    const page = await visit(port, `${path}?${query({ code: CODE, state: STATE })}`, how);
    expect(page.status).toBe(status);
    clock.advanceBy(CALLBACK_LIMIT_MS);
    expect((await listening.answer).type).toBe('failed');
  });

  it('F97 consent denied ends it with a sentence', async () => {
    const { port, listening } = await login();
    const page = await visit(port, `/back?${query({ error: 'access_denied', state: STATE })}`);
    expect(page.body).toContain('Nothing was allowed');
    expect(await listening.answer).toEqual({
      type: 'failed',
      sentence: 'Access was not allowed on the page of the broker.',
    });
  });

  it('an answer without any state is marked: the broker is said to leave it out', async () => {
    const { port, listening } = await login('');
    await visit(port, `/?${query({ code: CODE })}`);
    expect(await listening.answer).toMatchObject({ type: 'code', proven: false });
  });

  it('F97 nobody for five minutes: given up, and the port is free again', async () => {
    const { port, listening, clock } = await login();
    clock.advanceBy(CALLBACK_LIMIT_MS - 1);
    expect((await visit(port, '/favicon.ico')).status).toBe(404);
    clock.advanceBy(1);
    expect(await listening.answer).toEqual({
      type: 'failed',
      sentence: 'Nobody answered within five minutes, so the login was given up.',
    });
    await expect(visit(port, '/favicon.ico')).rejects.toThrow();
  });

  it('F96 a port in use stops the login; no other port is tried', async () => {
    const { redirectUri } = await login();
    const second = await listenForCallback({
      redirectUri,
      state: STATE,
      clock: createVirtualClock(wall(0)),
      note: () => undefined,
    });
    expect(second).toMatchObject({ status: 'failed' });
    expect(second.status === 'failed' && second.sentence).toMatch(
      /^Port \d+ is used by another program: end that program, or use .*--no-browser/,
    );
  });

  it('F96 listens on loopback literals only, for the name localhost on both', async () => {
    const port = await freePort();
    const listening = await listenForCallback({
      redirectUri: `http://localhost:${port}`,
      state: STATE,
      clock: createVirtualClock(wall(0)),
      note: () => undefined,
    });
    if (listening.status !== 'listening') throw new Error(listening.sentence);
    onTestFinished(() => listening.close());
    const host = `localhost:${port}`;
    expect((await visit(port, '/x', { host })).status).toBe(404);
    expect((await visit(port, '/x', { host, at: '127.0.0.1' })).status).toBe(404);
    await expect(visit(port, '/x', { host, at: '127.0.0.2' })).rejects.toThrow();
    expect(isLoopbackRedirect('https://localhost:1')).toBe(false);
    expect(isLoopbackRedirect('http://example.com')).toBe(false);
    expect(isLoopbackRedirect('http://[::1]:80/x')).toBe(true);
  });
});

describe('a pasted answer', () => {
  const expected = { redirectUri: 'http://localhost:8899', state: STATE };
  const codeOf = (text: string) => {
    const read = readPasted(text, expected);
    return read.type === 'code' ? [read.code.reveal(), read.proven] : read.sentence;
  };

  it.each([
    [`http://localhost:8899/?code=${CODE}&state=${STATE}`, [CODE, true]],
    [`  http://localhost:8899?code=${CODE}\n`, [CODE, false]],
    [`?code=${CODE}&state=${STATE}`, [CODE, true]],
    [CODE, [CODE, false]],
  ])('%j is understood', (text, wanted) => {
    expect(codeOf(text)).toEqual(wanted);
  });

  it.each([
    ['', 'Nothing was pasted.'],
    ['two words', 'An answer without a code came; it was ignored.'],
    ['abc', 'That is neither an address nor a code.'],
    [`http://localhost:8899/?code=${CODE}&state=other`, 'wrong state'],
    [`http://evil.example/?code=${CODE}&state=${STATE}`, 'does not begin with'],
    [`http://localhost:8899/?error=access_denied&state=${STATE}`, 'Access was not allowed'],
    [`http://localhost:8899/?code=a&code=b`, 'without a code'],
  ])('%j is refused with a sentence', (text, words) => {
    expect(codeOf(text)).toEqual(expect.stringContaining(words));
  });
});
