/**
 * The authorization and token pages of the simulated broker, as a function from request to answer.
 * Deliberately without HTTP, chance and secrets worth having: codes and tokens are counted on, and
 * open nothing but this simulator. Browsers are only ever sent back to this computer.
 */
import type { Clock } from '../../engine/index.ts';
import type { TokenDesk } from './authorisation.ts';
import type { Application, Grant } from './parameters.ts';

export interface OAuthParams {
  readonly clock: Clock;
  readonly applications: readonly Application[];
  /** Which accounts a person of this simulator has. */
  readonly accountIds: readonly string[];
  readonly tokens: TokenDesk;
  /** False leaves `state` out of the answer, as the real page is said to do. */
  readonly returnsState: boolean;
}

export interface OAuthRequest {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
}

export interface OAuthAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** As the real server: one minute, once. */
const CODE_LIFE_MS = 60_000;
const FIRST_USER = 600;

interface Issued {
  readonly clientId: string;
  readonly redirectUri: string;
  readonly scope: Grant['scope'];
  readonly until: number;
}

const TEXT = { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' };
const JSON_TYPE = { 'content-type': 'application/json', 'cache-control': 'no-store' };

/** `/authorize` shows the question, `/decide` is its answer, `/token` makes and renews tokens. */
export function createOAuthPages(params: OAuthParams): (request: OAuthRequest) => OAuthAnswer {
  const codes = new Map<string, Issued>();
  let users = FIRST_USER;
  let count = 0;
  const issue = (issued: Issued): string => {
    count += 1;
    const code = `simulator-code-${count}`;
    codes.set(code, issued);
    return code;
  };
  const exchange = (query: URLSearchParams): OAuthAnswer => {
    const code = query.get('code') ?? '';
    const issued = codes.get(code);
    codes.delete(code);
    if (issued === undefined || issued.until <= params.clock.wall()) {
      return failed('ACCESS_DENIED', 'Access denied. Make sure the credentials are valid.');
    }
    const isSame =
      issued.clientId === query.get('client_id') &&
      issued.redirectUri === query.get('redirect_uri');
    if (!isSame) return failed('ACCESS_DENIED', 'The code belongs to another request.');
    users += 1;
    const { scope } = issued;
    const grant = params.tokens.grant({
      userId: String(users),
      scope,
      accountIds: params.accountIds,
    });
    return tokens(grant, params.clock);
  };
  const renew = (query: URLSearchParams): OAuthAnswer => {
    const grant = params.tokens.renew(query.get('refresh_token') ?? '');
    return grant === undefined
      ? failed('CH_ACCESS_TOKEN_INVALID', 'Invalid refresh token')
      : tokens(grant, params.clock);
  };
  const token = (query: URLSearchParams): OAuthAnswer => {
    if (!isKnown(params, query)) {
      return failed('CH_CLIENT_AUTH_FAILURE', 'clientId or clientSecret is incorrect');
    }
    const type = query.get('grant_type');
    if (type === 'authorization_code') return exchange(query);
    return type === 'refresh_token' ? renew(query) : failed('INVALID_REQUEST', 'grant_type');
  };
  const routes: Readonly<Record<string, (query: URLSearchParams) => OAuthAnswer>> = {
    '/authorize': (query) => question(params, query),
    '/decide': (query) => decided(params, query, issue),
    '/token': token,
  };
  return ({ method, target }) => {
    const [path = '', query = ''] = target.split('?', 2);
    const route = method === 'GET' && target.length <= 8_192 ? routes[path] : undefined;
    if (route === undefined) return page(404, 'Nothing here', 'This is a simulated broker.');
    return route(new URLSearchParams(query));
  };
}

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

function isLocal(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname } = new URL(address);
  return protocol === 'http:' && LOOPBACK.test(hostname);
}

function isKnown({ applications }: OAuthParams, query: URLSearchParams): boolean {
  return applications.some(
    ({ clientId, clientSecret, active }) =>
      active && clientId === query.get('client_id') && clientSecret === query.get('client_secret'),
  );
}

/** Why a wish to authorise is refused before anybody is asked. */
function doubt({ applications }: OAuthParams, query: URLSearchParams): string | undefined {
  if (!applications.some(({ clientId }) => clientId === query.get('client_id'))) {
    return 'This application is not known.';
  }
  if (!isLocal(query.get('redirect_uri') ?? '')) {
    return 'The simulator sends browsers only to http addresses of this computer.';
  }
  const isScope = ['accounts', 'trading'].includes(query.get('scope') ?? '');
  return isScope ? undefined : 'The scope must be accounts or trading.';
}

function question(params: OAuthParams, query: URLSearchParams): OAuthAnswer {
  const why = doubt(params, query);
  if (why !== undefined) return page(400, 'Not possible', why);
  const way = (answer: string): string => {
    const next = new URLSearchParams(query);
    next.set('answer', answer);
    return `/decide?${escaped(next.toString())}`;
  };
  const may =
    query.get('scope') === 'trading' ? 'see your accounts and trade' : 'see your accounts';
  return page(
    200,
    'Simulated broker',
    `The console asks to ${may}.</p><p><a href="${way('allow')}">Allow</a> ` +
      `<a href="${way('deny')}">Deny</a>`,
  );
}

function decided(
  params: OAuthParams,
  query: URLSearchParams,
  issue: (issued: Issued) => string,
): OAuthAnswer {
  const why = doubt(params, query);
  if (why !== undefined) return page(400, 'Not possible', why);
  const redirectUri = query.get('redirect_uri') ?? '';
  const back = new URL(redirectUri);
  if (query.get('answer') === 'allow') {
    const scope = query.get('scope') === 'trading' ? 'trade' : 'view';
    const clientId = query.get('client_id') ?? '';
    const until = params.clock.wall() + CODE_LIFE_MS;
    back.searchParams.set('code', issue({ clientId, redirectUri, scope, until }));
  } else {
    back.searchParams.set('error', 'access_denied');
  }
  const state = query.get('state');
  if (state !== null && params.returnsState) back.searchParams.set('state', state);
  return { status: 302, headers: { ...TEXT, location: back.href }, body: '' };
}

function tokens(grant: Grant, clock: Clock): OAuthAnswer {
  const life = Math.floor(((grant.expiresAt ?? clock.wall()) - clock.wall()) / 1_000);
  const body = {
    accessToken: grant.accessToken,
    tokenType: 'bearer',
    expiresIn: life,
    refreshToken: grant.refreshToken,
    errorCode: null,
    access_token: grant.accessToken,
    refresh_token: grant.refreshToken,
    expires_in: life,
  };
  return { status: 200, headers: JSON_TYPE, body: JSON.stringify(body) };
}

/** The status stays 200: the body says what happened, as at the real server. */
function failed(errorCode: string, description: string): OAuthAnswer {
  return { status: 200, headers: JSON_TYPE, body: JSON.stringify({ errorCode, description }) };
}

function page(status: number, title: string, text: string): OAuthAnswer {
  const body =
    `<!doctype html><html lang="en"><meta charset="utf-8"><title>${title}</title>` +
    `<body><h1>${title}</h1><p>${text}</p></body></html>\n`;
  return { status, headers: TEXT, body };
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '"': '&quot;' };
const escaped = (text: string): string => text.replace(/[&<"]/g, (sign) => ENTITIES[sign] ?? '');
