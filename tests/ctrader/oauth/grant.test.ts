/** The address to open, the token requests and every form of answer; no secret in any sentence. */
import { describe, expect, it } from 'vitest';
import {
  exchangeCode,
  grantAddress,
  OAUTH_ADDRESSES,
  refreshPair,
  type TokenEndpoint,
} from '../../../src/ctrader/oauth/grant.ts';
import { secret } from '../../../src/ctrader/secret.ts';

const NOW = 1_800_000_000_000;
const CANARY = 'canary-client-secret';

function endpoint(answer: { status?: number; body: string } | Error) {
  const asked: URL[] = [];
  const made: TokenEndpoint = {
    tokenUrl: OAUTH_ADDRESSES.token,
    application: { clientId: 'id-7', clientSecret: secret(CANARY) },
    now: () => NOW,
    ask: async (address) => {
      asked.push(new URL(address));
      if (answer instanceof Error) throw answer;
      return { status: answer.status ?? 200, body: answer.body };
    },
  };
  return { made, asked };
}

const GOOD = JSON.stringify({
  accessToken: 'access-12345',
  tokenType: 'bearer',
  expiresIn: 2_628_000,
  refreshToken: 'refresh-12345',
  errorCode: null,
});

describe('the address a person opens', () => {
  it('holds the application, the redirect, the scope and the state, each escaped', () => {
    const address = grantAddress({
      authorizeUrl: OAUTH_ADDRESSES.authorize,
      clientId: 'id-7',
      redirectUri: 'http://localhost:8899/back?x=1&y=2',
      scope: 'trading',
      state: 'a b"$(rm)',
    });
    const url = new URL(address);
    expect(url.origin + url.pathname).toBe(OAUTH_ADDRESSES.authorize);
    expect(Object.fromEntries(url.searchParams)).toEqual({
      client_id: 'id-7',
      redirect_uri: 'http://localhost:8899/back?x=1&y=2',
      scope: 'trading',
      state: 'a b"$(rm)',
      product: 'web',
    });
    expect(address).not.toMatch(/[\s"$()]/);
  });
});

describe('token requests', () => {
  it('ask with the parameters the broker wants', async () => {
    const { made, asked } = endpoint({ body: GOOD });
    const grant = { code: secret('code-1'), redirectUri: 'http://localhost:8899' };
    const answer = await exchangeCode(made, grant);
    await refreshPair(made, secret('refresh-0'));
    expect(asked.map((url) => Object.fromEntries(url.searchParams))).toEqual([
      {
        grant_type: 'authorization_code',
        code: 'code-1',
        redirect_uri: 'http://localhost:8899',
        client_id: 'id-7',
        client_secret: CANARY,
      },
      {
        grant_type: 'refresh_token',
        refresh_token: 'refresh-0',
        client_id: 'id-7',
        client_secret: CANARY,
      },
    ]);
    expect(answer.status === 'granted' && answer.pair.expiresAt).toBe(NOW + 2_628_000_000);
    expect(answer.status === 'granted' && answer.pair.accessToken.reveal()).toBe('access-12345');
    expect(JSON.stringify(answer)).not.toContain('12345');
  });

  it('read the older names too', async () => {
    const body = '{"access_token":"access-old-1","refresh_token":"refresh-old-1","expires_in":60}';
    const answer = await refreshPair(endpoint({ body }).made, secret('r'));
    expect(answer.status === 'granted' && answer.pair.refreshToken.reveal()).toBe('refresh-old-1');
  });

  it.each([
    ['{"errorCode":"CH_ACCESS_TOKEN_INVALID","description":"x"}', 200, 'used before, replaced'],
    ['{"errorCode":"ACCESS_DENIED"}', 200, 'older than its one minute'],
    ['{"errorCode":"CH_CLIENT_AUTH_FAILURE"}', 400, 'client id and secret'],
    ['{"errorCode":"INVALID_REDIRECT_URI"}', 200, 'CTRADER_REDIRECT_URI'],
    ['{"errorCode":"<b>\\u001b[2J"}', 200, 'an error without a readable name'],
    ['not json', 404, 'without a token (HTTP 404)'],
  ])('F97 a refusal %s (HTTP %d) is final and in words', async (body, status, words) => {
    const answer = await refreshPair(endpoint({ body, status }).made, secret('r'));
    expect(answer).toMatchObject({ status: 'refused' });
    expect(answer.status === 'refused' && answer.sentence).toContain(words);
    expect(answer.status === 'refused' && answer.sentence).not.toMatch(/\p{Cc}/u);
  });

  it.each([
    ['<html>maintenance</html>', 503],
    ['{"accessToken":"access-1234","refreshToken":"refresh-1234"}', 200],
    ['{"accessToken":"access-1234","refreshToken":"refresh-1234","expiresIn":1e15}', 200],
    ['{"accessToken":"a b","refreshToken":"refresh-1234","expiresIn":60}', 200],
    ['[]', 200],
  ])('%s (HTTP %d) is no token and proves nothing', async (body, status) => {
    const answer = await refreshPair(endpoint({ body, status }).made, secret('r'));
    expect(answer.status).toBe('unreachable');
  });

  it('F98 an error of the network never carries the address with its secrets', async () => {
    const fault = new Error(`connect failed: https://x/?client_secret=${CANARY}`);
    const answer = await refreshPair(endpoint(fault).made, secret('refresh-canary'));
    expect(answer).toEqual({
      status: 'unreachable',
      sentence: 'The token server openapi.ctrader.com does not answer.',
    });
  });
});
