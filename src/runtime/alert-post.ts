/**
 * Sends one alert, over HTTP or as a mail: listed hosts only, no redirect, a time limit, the answer
 * unread.
 * Deliberately never throws and never says an address: outcomes are words of ours (I23).
 */
import { sendMail } from './alert-mail.ts';
import { type AlertRequest, type HttpRequest, hostOf, type Route } from './alert-routes.ts';

export type PostOutcome =
  /** `remark` says what was not right all the same. */
  | { readonly status: 'delivered'; readonly code: number; readonly remark?: string }
  | { readonly status: 'failed'; readonly why: string };

export type Post = (request: AlertRequest) => Promise<PostOutcome>;

const LIMIT_MS = 10_000;

const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nobody listens there',
  ENOTFOUND: 'the host has no address',
  EAI_AGAIN: 'names cannot be resolved now',
  ECONNRESET: 'the connection was cut',
};

/** A mail takes several questions and answers. */
const MAIL_FACTOR = 3;
const STRANGER = { status: 'failed', why: 'its host is not on the allow-list' } as const;

/** `routes` are the allow-list: nothing else is ever asked. */
export function createPost(routes: readonly Route[], limitMs: number = LIMIT_MS): Post {
  const hosts = new Set(routes.map(hostOf));
  return async (request) => {
    if ('url' in request) {
      return hosts.has(new URL(request.url).host) ? ask(request, limitMs) : STRANGER;
    }
    const { server, mail } = request;
    const isListed = hosts.has(`${server.host}:${server.port}`);
    return isListed ? sendMail(server, mail, MAIL_FACTOR * limitMs) : STRANGER;
  };
}

async function ask(
  { url, method, headers, body }: HttpRequest,
  limitMs: number,
): Promise<PostOutcome> {
  try {
    const answer = await fetch(url, {
      method,
      headers,
      ...(body === undefined ? {} : { body }),
      redirect: 'manual',
      signal: AbortSignal.timeout(limitMs),
    });
    await answer.body?.cancel();
    const { status: code, ok } = answer;
    if (ok) return { status: 'delivered', code };
    const isRedirect = code >= 300 && code < 400;
    return { status: 'failed', why: `HTTP ${code}${isRedirect ? ', a redirect is refused' : ''}` };
  } catch (error) {
    return { status: 'failed', why: reasonOf(error) };
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof Error && error.name === 'TimeoutError') return 'no answer in time';
  const cause = error instanceof Error ? error.cause : undefined;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  return WORDS[code] ?? (code === '' ? 'the request failed' : `the request failed (${code})`);
}
