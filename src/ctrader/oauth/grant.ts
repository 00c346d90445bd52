/**
 * The OAuth facts as pure functions: the address a person opens, the token request, its answers.
 * Deliberately sends nothing. Token requests carry secrets in their query, as the broker wants it:
 * such an address is itself a secret and is never shown.
 */
import { type Secret, secret } from '../secret.ts';

/** `accounts` may only look; `trading` may look and trade. */
export type GrantScope = 'accounts' | 'trading';

/** The public addresses; only a broker on this machine has others. */
export const OAUTH_ADDRESSES = {
  authorize: 'https://id.ctrader.com/my/settings/openapi/grantingaccess/',
  token: 'https://openapi.ctrader.com/apps/token',
} as const;

/** Where a person takes a permission back; the API has no request for it. */
export const PERMISSIONS_PAGE = 'https://id.ctrader.com/my/settings/openapi';

export interface Application {
  readonly clientId: string;
  readonly clientSecret: Secret;
}

/** An access token, what renews it, and when it ends. */
export interface TokenPair {
  readonly accessToken: Secret;
  readonly refreshToken: Secret;
  /** UTC milliseconds of the moment the broker handed it out. */
  readonly obtainedAt: number;
  /** UTC milliseconds. */
  readonly expiresAt: number;
}

export interface GrantWish {
  readonly authorizeUrl: string;
  readonly clientId: string;
  readonly redirectUri: string;
  readonly scope: GrantScope;
  readonly state: string;
}

/** The address to open in a browser. It holds no secret but the single-use state. */
export function grantAddress(wish: GrantWish): string {
  const url = new URL(wish.authorizeUrl);
  const fields = {
    client_id: wish.clientId,
    redirect_uri: wish.redirectUri,
    scope: wish.scope,
    state: wish.state,
    product: 'web',
  };
  for (const [name, value] of Object.entries(fields)) url.searchParams.set(name, value);
  return url.href;
}

/** Sends one GET request; rejects when no answer comes. Redirects are not followed. */
export type AskHttp = (address: string) => Promise<{
  readonly status: number;
  readonly body: string;
}>;

export interface TokenEndpoint {
  readonly tokenUrl: string;
  readonly application: Application;
  readonly ask: AskHttp;
  /** UTC milliseconds. */
  readonly now: () => number;
}

export type TokenAnswer =
  | { readonly status: 'granted'; readonly pair: TokenPair }
  /** The broker said no: asking again with the same thing is pointless. */
  | { readonly status: 'refused'; readonly sentence: string }
  /** Nobody knows whether the broker got the request: the network, or an unreadable answer. */
  | { readonly status: 'unreachable'; readonly sentence: string };

/** Makes a token pair of a code. A code lives one minute and works once. */
export function exchangeCode(
  endpoint: TokenEndpoint,
  grant: { readonly code: Secret; readonly redirectUri: string },
): Promise<TokenAnswer> {
  const { code, redirectUri } = grant;
  return askTokens(endpoint, {
    grant_type: 'authorization_code',
    code: code.reveal(),
    redirect_uri: redirectUri,
  });
}

/** Makes the next pair; the old access token ends with it, and the refresh token works once. */
export function refreshPair(endpoint: TokenEndpoint, token: Secret): Promise<TokenAnswer> {
  return askTokens(endpoint, { grant_type: 'refresh_token', refresh_token: token.reveal() });
}

async function askTokens(
  endpoint: TokenEndpoint,
  fields: Readonly<Record<string, string>>,
): Promise<TokenAnswer> {
  const { application, ask, now, tokenUrl } = endpoint;
  const url = new URL(tokenUrl);
  const all = {
    ...fields,
    client_id: application.clientId,
    client_secret: application.clientSecret.reveal(),
  };
  for (const [name, value] of Object.entries(all)) url.searchParams.set(name, value);
  const host = url.host;
  // A life counted from the question never outlasts the broker's own count, however slow we are.
  const askedAt = now();
  let answer: Awaited<ReturnType<AskHttp>>;
  try {
    answer = await ask(url.href);
  } catch {
    // F98: the error may quote the address, and the address holds secrets.
    return { status: 'unreachable', sentence: `The token server ${host} does not answer.` };
  }
  return readAnswer(answer, { host, now: askedAt });
}

/** Far beyond the real 30 days; more is a mistake in units. */
const LIFE_SECONDS_MAX = 10 * 366 * 86_400;

interface Context {
  readonly host: string;
  readonly now: number;
}

function readAnswer(
  { status, body }: { readonly status: number; readonly body: string },
  { host, now }: Context,
): TokenAnswer {
  const fields = objectOf(body);
  // The status may be 200 although it failed: the body decides.
  const errorCode = fields?.['errorCode'] ?? fields?.['error'];
  if (typeof errorCode === 'string' && errorCode !== '') {
    return { status: 'refused', sentence: refusal(errorCode) };
  }
  const accessToken = tokenOf(fields?.['accessToken'] ?? fields?.['access_token']);
  const refreshToken = tokenOf(fields?.['refreshToken'] ?? fields?.['refresh_token']);
  const life = fields?.['expiresIn'] ?? fields?.['expires_in'];
  const isLife = typeof life === 'number' && life >= 1 && life <= LIFE_SECONDS_MAX;
  if (accessToken === undefined || refreshToken === undefined || !isLife) {
    const sentence = `The token server ${host} gave an answer without a token (HTTP ${status}).`;
    return { status: status >= 400 && status < 500 ? 'refused' : 'unreachable', sentence };
  }
  const expiresAt = now + Math.floor(life) * 1_000;
  return { status: 'granted', pair: { accessToken, refreshToken, obtainedAt: now, expiresAt } };
}

function objectOf(body: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const parsed: unknown = JSON.parse(body);
    const isObject = typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed);
    return isObject ? (parsed as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

const tokenOf = (value: unknown): Secret | undefined =>
  typeof value === 'string' && /^[\x21-\x7e]{8,4096}$/.test(value) ? secret(value) : undefined;

/** Error names of the token server in words; other text of the server is never shown (I24). */
const REFUSALS: readonly (readonly [RegExp, string])[] = [
  [
    /^(CH_ACCESS_TOKEN_INVALID|OA_AUTH_TOKEN_EXPIRED)$/,
    'the token was used before, replaced or taken back',
  ],
  [/CLIENT/, 'it does not accept the client id and secret, or the application is not active yet'],
  [/ACCESS_DENIED|invalid_grant|CODE/i, 'the code was used before or is older than its one minute'],
  [/REDIRECT/i, 'CTRADER_REDIRECT_URI is not one of the addresses registered for the application'],
];

function refusal(errorCode: string): string {
  const name = /^\w{1,64}$/.test(errorCode) ? errorCode : 'an error without a readable name';
  const words = REFUSALS.find(([pattern]) => pattern.test(errorCode))?.[1];
  return `The broker refused (${name})${words === undefined ? '' : `: ${words}`}.`;
}
