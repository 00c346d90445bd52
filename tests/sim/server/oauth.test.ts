// The simulator's authorization and token pages; numbers are rows of the conformance checklist.
import { describe, expect, it } from 'vitest';
import { createOAuthPages } from '../../../src/sim/server/oauth.ts';
import { bench } from './bench.ts';
import { ACCOUNT, connect, loggedIn } from './wire-client.ts';

const APPLICATION = { clientId: 'simulator', clientSecret: 'simulator-secret', active: true };
const BACK = 'http://localhost:8899/back';

function pages(returnsState = true) {
  const { clock, server } = bench();
  const ask = createOAuthPages({
    clock,
    applications: [APPLICATION],
    accountIds: [ACCOUNT],
    tokens: server.tokens,
    returnsState,
  });
  const get = (path: string, fields: Record<string, string> = {}) =>
    ask({ method: 'GET', target: `${path}?${new URLSearchParams(fields)}` });
  const wish = { client_id: 'simulator', redirect_uri: BACK, scope: 'trading', state: 's&"<1' };
  const decide = (more: Record<string, string> = {}) =>
    new URL(get('/decide', { ...wish, answer: 'allow', ...more }).headers['location'] ?? '');
  const exchange = (code: string, more: Record<string, string> = {}) =>
    JSON.parse(
      get('/token', {
        grant_type: 'authorization_code',
        code,
        redirect_uri: BACK,
        client_id: 'simulator',
        client_secret: 'simulator-secret',
        ...more,
      }).body,
    );
  const refresh = (token: string) =>
    exchange('', { grant_type: 'refresh_token', refresh_token: token });
  return { clock, server, ask, get, wish, decide, exchange, refresh };
}

describe('the authorization page', () => {
  it('asks, and repeats what it was sent only as escaped text', () => {
    const { get, wish } = pages();
    const page = get('/authorize', wish);
    expect([page.status, page.body.includes('trade')]).toEqual([200, true]);
    expect(page.body).not.toContain('s&"<1');
    const href = /href="([^"]+)">Allow/.exec(page.body)?.[1]?.replaceAll('&amp;', '&') ?? '';
    expect(Object.fromEntries(new URLSearchParams(href.split('?')[1]))).toEqual({
      ...wish,
      answer: 'allow',
    });
  });

  it('sends the browser back with a code and the state, or with the denial', () => {
    const { decide } = pages();
    const back = decide();
    expect([back.origin + back.pathname, back.searchParams.get('state')]).toEqual([BACK, 's&"<1']);
    expect(back.searchParams.get('code')).toMatch(/^simulator-code-/);
    expect(Object.fromEntries(decide({ answer: 'deny' }).searchParams)).toEqual({
      error: 'access_denied',
      state: 's&"<1',
    });
    expect(pages(false).decide().searchParams.has('state')).toBe(false);
  });

  it.each([
    [{ client_id: 'other' }, 'not known'],
    [{ redirect_uri: 'https://evil.example/' }, 'only to http addresses of this computer'],
    [{ redirect_uri: 'javascript:alert(1)' }, 'only to http addresses of this computer'],
    [{ scope: 'everything' }, 'The scope must be'],
  ])('refuses %j without redirecting', (wrong, words) => {
    const { get, wish } = pages();
    for (const path of ['/authorize', '/decide']) {
      const page = get(path, { ...wish, ...wrong, answer: 'allow' });
      expect([page.status, page.headers['location']]).toEqual([400, undefined]);
      expect(page.body).toContain(words);
    }
  });

  it('knows no other path and no other method', () => {
    const { ask, get } = pages();
    expect(get('/').status).toBe(404);
    expect(get('/__proto__').status).toBe(404);
    expect(ask({ method: 'POST', target: '/token' }).status).toBe(404);
  });
});

describe('the token page', () => {
  it('26 makes tokens of a code once, with the field names of the real answer', () => {
    const { clock, server, decide, exchange } = pages();
    const code = decide().searchParams.get('code') ?? '';
    const answer = exchange(code);
    expect(answer).toMatchObject({ tokenType: 'bearer', expiresIn: 2_628_000, errorCode: null });
    expect(exchange(code)).toMatchObject({ errorCode: 'ACCESS_DENIED' });
    const client = connect(server, clock);
    const { clientId, clientSecret } = APPLICATION;
    client.get(
      'ProtoOAApplicationAuthReq',
      { clientId, clientSecret },
      'ProtoOAApplicationAuthRes',
    );
    const list = client.get(
      'ProtoOAGetAccountListByAccessTokenReq',
      { accessToken: answer.accessToken },
      'ProtoOAGetAccountListByAccessTokenRes',
    );
    expect(list).toMatchObject({ permissionScope: 1 });
    expect(list.ctidTraderAccount).toMatchObject([{ ctidTraderAccountId: ACCOUNT }]);
  });

  it('26 forgets a code after 60 seconds, and never gives it to another redirect', () => {
    const { clock, decide, exchange } = pages();
    const late = decide().searchParams.get('code') ?? '';
    clock.advanceBy(60_000);
    expect(exchange(late)).toMatchObject({ errorCode: 'ACCESS_DENIED' });
    const code = decide().searchParams.get('code') ?? '';
    const other = exchange(code, { redirect_uri: 'http://localhost:1/' });
    expect(other).toMatchObject({ errorCode: 'ACCESS_DENIED' });
  });

  it('22 renews once for each refresh token, and ends the sessions on the old one', () => {
    const { clock, server, refresh } = pages();
    const client = loggedIn(server, clock);
    const answer = refresh('simulator-refresh');
    expect(answer.accessToken).toBe('access-501-1');
    expect(refresh('simulator-refresh')).toMatchObject({ errorCode: 'CH_ACCESS_TOKEN_INVALID' });
    expect(refresh(answer.refreshToken).accessToken).toBe('access-501-2');
    const gone = client.ask('ProtoOATraderReq', { ctidTraderAccountId: ACCOUNT });
    expect(JSON.stringify(gone)).toContain('not authorized');
  });

  it('refuses a wrong secret before it looks at anything else', () => {
    const { exchange, decide } = pages();
    const code = decide().searchParams.get('code') ?? '';
    expect(exchange(code, { client_secret: 'x' })).toMatchObject({
      errorCode: 'CH_CLIENT_AUTH_FAILURE',
    });
    expect(exchange(code).errorCode).toBeNull();
  });
});
