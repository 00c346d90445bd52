/**
 * The one place that speaks HTTP: bounded, cancellable, with a total deadline and an allow-list.
 * Deliberately knows no news source: it returns text of an expected type, or a reason.
 */
import { type Clock, type Untrusted, untrusted } from '../engine/index.ts';
import { isPrivateHost, refusal } from './address-rules.ts';
import type { FailureReason, SourceFailure } from './opinion.ts';

export interface FetchInit {
  readonly method: 'GET' | 'POST';
  readonly headers: Record<string, string>;
  readonly redirect: 'manual';
  readonly signal: AbortSignal;
  readonly body?: string;
}

export interface FetchAnswer {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  /** Decompressed bytes. */
  readonly body: AsyncIterable<Uint8Array> | null;
}

/** The part of the platform's `fetch` that is used; it obeys `signal` and `redirect: 'manual'`. */
export type FetchLike = (url: string, init: FetchInit) => Promise<FetchAnswer>;

export interface HttpPorts {
  readonly fetch: FetchLike;
  readonly clock: Clock;
  /** Hosts with their port where it is not the usual one, e.g. `api.perplexity.ai`. */
  readonly allowHosts: readonly string[];
  /** Addresses of a name; when given, a name that leads into a private network is refused. */
  readonly resolve?: (hostname: string) => Promise<readonly string[]>;
}

export interface HttpQuestion {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Content types that count as an answer, without parameters. */
  readonly accept: readonly string[];
  /** True when a header carries a key: redirects then stay on the very same host. */
  readonly keyed: boolean;
  readonly signal: AbortSignal;
  /** Asked before every request, redirects included; false means our own limit is reached. */
  readonly mayAsk: () => boolean;
}

export type HttpOutcome =
  | { readonly status: 'ok'; readonly text: string; readonly contentType: string }
  | SourceFailure;

export type BoundedHttp = (question: HttpQuestion) => Promise<HttpOutcome>;

/** Bounds of F106; total time and bytes after decompression. */
export const HTTP_LIMITS = {
  deadlineMs: 20_000,
  bodyBytes: 262_144,
  redirects: 2,
  retryAfterMs: 86_400_000,
} as const;

export function failure(
  reason: FailureReason,
  detail: string,
  more: { retryAfterMs?: number | undefined; sha256?: string; costMicros?: number } = {},
): SourceFailure {
  const { retryAfterMs, ...rest } = more;
  const base = { status: 'failed', reason, detail: clip(detail), ...rest } as const;
  return retryAfterMs === undefined ? base : { ...base, retryAfterMs };
}

const clip = (text: string): Untrusted => untrusted(text.slice(0, 300));

export function createBoundedHttp(ports: HttpPorts): BoundedHttp {
  return async (question) => {
    const gate = openGate(ports.clock, question.signal);
    try {
      // The race: even a fetch that ignores its signal cannot hold the answer back.
      return await Promise.race([follow(ports, question, gate), gate.closed]);
    } finally {
      gate.dispose();
    }
  };
}

interface Gate {
  readonly signal: AbortSignal;
  /** Resolves, with the reason, when the deadline passes or the caller cancels. */
  readonly closed: Promise<SourceFailure>;
  why(): SourceFailure | undefined;
  dispose(): void;
}

function openGate(clock: Clock, cancel: AbortSignal): Gate {
  const controller = new AbortController();
  let why: SourceFailure | undefined;
  let settle: (outcome: SourceFailure) => void = () => undefined;
  const closed = new Promise<SourceFailure>((resolve) => {
    settle = resolve;
  });
  const close = (outcome: SourceFailure) => {
    why ??= outcome;
    controller.abort();
    settle(why);
  };
  const onCancel = () => close(failure('cancelled', 'nobody waits for the answer any more'));
  const seconds = HTTP_LIMITS.deadlineMs / 1_000;
  const timer = clock.after(HTTP_LIMITS.deadlineMs, () =>
    close(failure('timeout', `no complete answer within ${seconds} s`)),
  );
  cancel.addEventListener('abort', onCancel);
  if (cancel.aborted) onCancel();
  return {
    signal: controller.signal,
    closed,
    why: () => why,
    dispose: () => {
      timer.cancel();
      cancel.removeEventListener('abort', onCancel);
      // Frees the socket when the body was refused half-way.
      controller.abort();
    },
  };
}

async function follow(ports: HttpPorts, question: HttpQuestion, gate: Gate): Promise<HttpOutcome> {
  let from: URL | undefined;
  let address = question.url;
  for (let hop = 0; hop <= HTTP_LIMITS.redirects; hop += 1) {
    const target = parseUrl(address, from);
    if (target === undefined) return failure('refused-address', 'the address cannot be read');
    const refused = await refusedBecause(ports, question, target, from);
    if (refused !== undefined) return failure('refused-address', refused);
    // The name was looked up meanwhile: the deadline may have passed.
    const late = gate.why();
    if (late !== undefined) return late;
    if (!question.mayAsk()) return failure('own-limit', 'our own limit per minute is reached');
    const answer = await ask(ports, question, target, gate);
    if ('reason' in answer) return answer;
    if (!isRedirect(answer.status)) return await readAnswer(ports.clock, question, answer, gate);
    if (question.method === 'POST' && answer.status !== 307 && answer.status !== 308) {
      return failure('redirect', `status ${answer.status} would turn the question into another`);
    }
    const next = answer.headers.get('location');
    if (next === null) return failure('redirect', 'a redirect without a target');
    from = target;
    address = next;
  }
  return failure('redirect', `more than ${HTTP_LIMITS.redirects} redirects`);
}

async function refusedBecause(
  ports: HttpPorts,
  question: HttpQuestion,
  target: URL,
  from: URL | undefined,
): Promise<string | undefined> {
  const refused = refusal(target, ports.allowHosts, from);
  if (refused !== undefined) return refused;
  if (question.keyed && from !== undefined && from.host !== target.host) {
    return 'a key does not follow a redirect to another host';
  }
  if (ports.resolve === undefined || isPrivateHost(target.hostname)) return undefined;
  const addresses = await ports.resolve(target.hostname).catch((): readonly string[] => []);
  const inside = addresses.some((one) => isPrivateHost(one.includes(':') ? `[${one}]` : one));
  return inside ? `${target.hostname} leads into a private network` : undefined;
}

async function ask(
  ports: HttpPorts,
  question: HttpQuestion,
  target: URL,
  gate: Gate,
): Promise<FetchAnswer | SourceFailure> {
  const init: FetchInit = {
    method: question.method,
    headers: { ...question.headers },
    redirect: 'manual',
    signal: gate.signal,
    ...(question.body === undefined ? {} : { body: question.body }),
  };
  try {
    return await ports.fetch(target.href, init);
  } catch (error) {
    return gate.why() ?? failure('network', networkWords(error));
  }
}

const STATUS_REASONS: Readonly<Record<number, FailureReason>> = {
  401: 'unauthorized',
  402: 'forbidden',
  403: 'forbidden',
  404: 'missing',
  408: 'timeout',
  429: 'rate-limited',
};

async function readAnswer(
  clock: Clock,
  question: HttpQuestion,
  answer: FetchAnswer,
  gate: Gate,
): Promise<HttpOutcome> {
  const { status } = answer;
  if (status !== 200) {
    const other = status >= 500 ? 'server-error' : 'client-error';
    const retryAfterMs = retryAfter(answer.headers.get('retry-after'), clock.wall());
    return failure(STATUS_REASONS[status] ?? other, `status ${status}`, { retryAfterMs });
  }
  const header = answer.headers.get('content-type') ?? '';
  const contentType = (header.split(';')[0] ?? '').trim().toLowerCase();
  // F104: a challenge page with status 200 is not an answer.
  if (!question.accept.includes(contentType)) {
    return failure('content-type', `expected ${question.accept.join(' or ')}, got "${header}"`);
  }
  if (Number(answer.headers.get('content-length') ?? 0) > HTTP_LIMITS.bodyBytes) {
    return failure('too-large', `more than ${HTTP_LIMITS.bodyBytes} bytes announced`);
  }
  try {
    const text = await readBody(answer.body);
    if (text === undefined) return failure('too-large', `more than ${HTTP_LIMITS.bodyBytes} bytes`);
    return { status: 'ok', text, contentType };
  } catch (error) {
    return gate.why() ?? failure('network', networkWords(error));
  }
}

/** Counts decompressed bytes, so that a compression bomb stops at the same size (F106). */
async function readBody(body: AsyncIterable<Uint8Array> | null): Promise<string | undefined> {
  if (body === null) return '';
  const decoder = new TextDecoder('utf-8');
  let size = 0;
  let text = '';
  for await (const chunk of body) {
    size += chunk.byteLength;
    if (size > HTTP_LIMITS.bodyBytes) return undefined;
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

/**
 * Milliseconds of a `Retry-After`: whole seconds or an HTTP date; at most a day.
 * Undefined when absent or unreadable.
 */
export function retryAfter(value: string | null, nowWall: number): number | undefined {
  if (value === null) return undefined;
  const text = value.trim();
  const wanted = /^\d{1,9}$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - nowWall;
  if (!Number.isFinite(wanted)) return undefined;
  return Math.min(HTTP_LIMITS.retryAfterMs, Math.max(0, wanted));
}

const isRedirect = (status: number): boolean => [301, 302, 303, 307, 308].includes(status);

function parseUrl(address: string, from: URL | undefined): URL | undefined {
  const base = from?.href;
  return URL.canParse(address, base) ? new URL(address, base) : undefined;
}

/** Only the code and the first line: no request details, so no header can leak (I23). */
function networkWords(error: unknown): string {
  if (!(error instanceof Error)) return 'the connection failed';
  const { cause } = error;
  const code =
    cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
  return `the connection failed: ${code || error.message.split('\n')[0] || error.name}`;
}
