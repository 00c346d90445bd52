/** Alerts on their way: what each route sends, and what is never sent anywhere. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPost } from '../../src/runtime/alert-post.ts';
import { type Alert, hostOf, type Route, requestOf } from '../../src/runtime/alert-routes.ts';
import { type HttpDouble, httpDouble } from '../support/http-double.ts';

const alert: Alert = {
  level: 'critical',
  key: 'link',
  text: 'no link to the broker for 75 s',
  source: 'demo, dry-run',
  at: Date.UTC(2026, 10, 20, 6, 35),
};

let double: HttpDouble;
beforeEach(async () => {
  double = await httpDouble();
});
afterEach(() => double.close());

const send = (route: Route, limitMs = 2_000) =>
  createPost([route], limitMs)(requestOf(route, alert));

describe('a route', () => {
  it('webhook carries JSON that chat programs show', async () => {
    const route: Route = { type: 'webhook', url: `${double.url}/hook/s3cret` };
    expect(await send(route)).toEqual({ status: 'delivered', code: 200 });
    const [asked] = double.asked;
    expect([asked?.method, asked?.path]).toEqual(['POST', '/hook/s3cret']);
    expect(JSON.parse(asked?.body ?? '')).toEqual({
      product: 'palm-oil-tui',
      version: 1,
      level: 'critical',
      key: 'link',
      source: 'demo, dry-run',
      text: 'CRITICAL: no link to the broker for 75 s (demo, dry-run)',
      content: 'CRITICAL: no link to the broker for 75 s (demo, dry-run)',
      message: 'no link to the broker for 75 s',
      time: '2026-11-20T06:35:00.000Z',
    });
  });

  it('Telegram gets a message for its chat', async () => {
    const route: Route = { type: 'telegram', base: double.url, token: '1:abc', chat: '-42' };
    expect((await send(route)).status).toBe('delivered');
    const [asked] = double.asked;
    expect(asked?.path).toBe('/bot1:abc/sendMessage');
    expect(JSON.parse(asked?.body ?? '')).toMatchObject({ chat_id: '-42' });
  });

  it('ntfy gets text with its priority and token', async () => {
    const route: Route = { type: 'ntfy', url: `${double.url}/topic`, token: 'tk_1' };
    expect((await send(route)).status).toBe('delivered');
    const [asked] = double.asked;
    expect(asked?.headers).toMatchObject({ priority: '5', authorization: 'Bearer tk_1' });
    expect(asked?.body).toContain('no link to the broker');
  });

  it('dead-man page is only asked for', async () => {
    expect((await send({ type: 'deadman', url: `${double.url}/ping` })).status).toBe('delivered');
    expect(double.asked[0]).toMatchObject({ method: 'GET', path: '/ping', body: '' });
  });
});

describe('what fails', () => {
  const route = (): Route => ({ type: 'webhook', url: `${double.url}/s3cret` });

  it('is said in words without the address (I23)', async () => {
    double.status = 500;
    const refused: Route = { type: 'webhook', url: 'http://127.0.0.1:1/s3cret' };
    const outcomes = [await send(route()), await send(refused)];
    expect(outcomes).toEqual([
      { status: 'failed', why: 'HTTP 500' },
      { status: 'failed', why: expect.any(String) },
    ]);
    expect(JSON.stringify(outcomes)).not.toContain('s3cret');
    expect(hostOf(refused)).toBe('127.0.0.1:1');
  });

  it('a silent route has a limit', async () => {
    double.status = 0;
    expect(await send(route(), 100)).toEqual({ status: 'failed', why: 'no answer in time' });
  });

  it('a redirect and a host off the allow-list are refused', async () => {
    double.status = 302;
    expect(await send(route())).toMatchObject({ why: 'HTTP 302, a redirect is refused' });
    const post = createPost([{ type: 'webhook', url: 'https://hooks.example.com/x' }]);
    const before = double.asked.length;
    expect(await post(requestOf(route(), alert))).toMatchObject({
      why: 'its host is not on the allow-list',
    });
    expect(double.asked).toHaveLength(before);
  });
});
