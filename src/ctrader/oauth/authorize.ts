/**
 * How the answer of the grant page comes back: a listener on this machine for one request, or a
 * text that a person pastes. Deliberately opens no browser and exchanges no code; what it shows
 * repeats nothing it was sent (F96).
 */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Clock } from '../../engine/index.ts';
import { type Secret, secret } from '../secret.ts';

/** A grant page left open longer than this is forgotten. */
export const CALLBACK_LIMIT_MS = 300_000;
/** More answers with a wrong state than any accident makes. */
const FORGERIES_MAX = 20;

export type Callback =
  /** `proven` is false when the answer carried no state at all: a person must vouch for it. */
  | { readonly type: 'code'; readonly code: Secret; readonly proven: boolean }
  | { readonly type: 'failed'; readonly sentence: string };

/** What may answer: the redirect address as registered, and the state that was sent along. */
export interface Expected {
  readonly redirectUri: string;
  readonly state: string;
}

export interface CallbackParams extends Expected {
  readonly clock: Clock;
  /** Sentences for the person while the listener waits; free of secrets. */
  readonly note: (sentence: string) => void;
}

export type Listening =
  | { readonly status: 'listening'; readonly answer: Promise<Callback>; close(): void }
  | { readonly status: 'failed'; readonly sentence: string };

/** 256 bits nobody can guess, for one login. */
export const newState = (): string => randomBytes(32).toString('base64url');

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** Whether a browser on this machine can come back to the address. */
export function isLoopbackRedirect(redirectUri: string): boolean {
  const url = new URL(redirectUri);
  return url.protocol === 'http:' && LOOPBACK.test(url.hostname);
}

/** Compares without telling by its time where two texts differ (F96). */
function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

/** A code as brokers make them: printable, no spaces. */
const CODE = /^[\x21-\x7e]{4,2048}$/;

type Reading = Callback | { readonly type: 'forged'; readonly sentence: string };

/** What the parameters of an answer say. Each parameter counts only when it stands there once. */
function readParameters(parameters: URLSearchParams, state: string): Reading {
  const only = (name: string) => {
    const all = parameters.getAll(name);
    return all.length === 1 ? all[0] : undefined;
  };
  const proof = parameters.getAll('state');
  const proven = proof.length > 0;
  if (proven && (proof.length > 1 || !sameText(proof[0] ?? '', state))) {
    return {
      type: 'forged',
      sentence: 'An answer with a wrong state came; it does not belong to this login.',
    };
  }
  const code = only('code');
  if (code !== undefined && CODE.test(code)) return { type: 'code', code: secret(code), proven };
  if (parameters.has('error')) {
    return only('error') === 'access_denied'
      ? { type: 'failed', sentence: 'Access was not allowed on the page of the broker.' }
      : { type: 'failed', sentence: 'The page of the broker reported an error.' };
  }
  return { type: 'forged', sentence: 'An answer without a code came; it was ignored.' };
}

/**
 * What a person pasted: the whole address the browser ended on, its query, or the bare code.
 * A sentence when it is none of them.
 */
export function readPasted(text: string, { redirectUri, state }: Expected): Callback {
  const pasted = text.trim();
  if (pasted === '') return { type: 'failed', sentence: 'Nothing was pasted.' };
  const isAddress = /^https?:\/\//i.test(pasted);
  if (!isAddress && !/[?=&\s]/.test(pasted)) {
    if (CODE.test(pasted)) return { type: 'code', code: secret(pasted), proven: false };
    return { type: 'failed', sentence: 'That is neither an address nor a code.' };
  }
  if (isAddress && !URL.canParse(pasted)) {
    return { type: 'failed', sentence: 'That is not a whole address.' };
  }
  if (isAddress) {
    const [found, wanted] = [new URL(pasted), new URL(redirectUri)];
    if (found.origin !== wanted.origin || found.pathname !== wanted.pathname) {
      const sentence = `That address does not begin with ${redirectUri}: copy the last one shown.`;
      return { type: 'failed', sentence };
    }
  }
  const query = isAddress ? new URL(pasted).searchParams : new URLSearchParams(pasted);
  const reading = readParameters(query, state);
  return reading.type === 'forged' ? { type: 'failed', sentence: reading.sentence } : reading;
}

/** Listens for the one answer on the address of `redirectUri`, which must be on this machine. */
export async function listenForCallback(params: CallbackParams): Promise<Listening> {
  const url = new URL(params.redirectUri);
  const port = url.port === '' ? 80 : Number(url.port);
  const wait = new Wait(params, url);
  // A name is resolved by the browser in its own order, so both literals listen (F96).
  const hosts =
    url.hostname === 'localhost' ? ['127.0.0.1', '::1'] : [url.hostname.replace(/^\[|\]$/g, '')];
  const servers: Server[] = [];
  for (const host of hosts) {
    const server = createServer({ requestTimeout: 10_000 }, (request, response) =>
      wait.take(request, response),
    );
    server.maxConnections = 16;
    const fault = await listenOn(server, port, host);
    if (fault === undefined) servers.push(server);
    else if (servers.length === 0 || fault === 'EADDRINUSE') {
      for (const one of servers) one.close();
      return { status: 'failed', sentence: cannotListen(fault, port) };
    }
  }
  return wait.begin(servers);
}

function listenOn(server: Server, port: number, host: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'unknown'));
    server.listen(port, host, () => resolve(undefined));
  });
}

function cannotListen(code: string, port: number): string {
  const way = 'or use palm-oil-tui login --no-browser and paste the address';
  if (code === 'EADDRINUSE') {
    return `Port ${port} is used by another program: end that program, ${way}.`;
  }
  return (
    `This machine does not let us listen on port ${port} (${code}): register an address with ` +
    `another port, ${way}.`
  );
}

/** One login that waits for its answer. */
class Wait {
  readonly #params: CallbackParams;
  readonly #url: URL;
  #forgeries = 0;
  #finish: ((end: Callback) => void) | undefined;

  constructor(params: CallbackParams, url: URL) {
    this.#params = params;
    this.#url = url;
  }

  begin(servers: readonly Server[]): Listening {
    const answer = new Promise<Callback>((resolve) => {
      const timer = this.#params.clock.after(CALLBACK_LIMIT_MS, () => {
        const sentence = 'Nobody answered within five minutes, so the login was given up.';
        this.#finish?.({ type: 'failed', sentence });
      });
      this.#finish = (end) => {
        this.#finish = undefined;
        timer.cancel();
        for (const server of servers) {
          server.close();
          server.closeIdleConnections();
        }
        resolve(end);
      };
    });
    const close = () =>
      this.#finish?.({ type: 'failed', sentence: 'The login was given up before an answer came.' });
    return { status: 'listening', answer, close };
  }

  take(request: IncomingMessage, response: ServerResponse): void {
    const text = request.url ?? '';
    const isLong = text.length > 8_192;
    const path = text.split('?')[0];
    if (request.headers.host?.toLowerCase() !== this.#url.host) {
      // A page elsewhere whose name points to this machine: DNS rebinding (F96).
      respond(response, 421, PAGES.stranger);
    } else if (request.method !== 'GET' || path !== this.#url.pathname || isLong) {
      respond(response, 404, PAGES.stranger);
    } else if (this.#finish === undefined) {
      respond(response, 410, PAGES.late);
    } else {
      this.#read(new URLSearchParams(text.slice((path ?? '').length)), response);
    }
  }

  #read(parameters: URLSearchParams, response: ServerResponse): void {
    const reading = readParameters(parameters, this.#params.state);
    if (reading.type === 'forged') {
      respond(response, 400, PAGES.forged);
      this.#params.note(reading.sentence);
      this.#forgeries += 1;
      if (this.#forgeries < FORGERIES_MAX) return;
      const sentence = 'Too many wrong answers came, so the login was given up.';
      this.#finish?.({ type: 'failed', sentence });
      return;
    }
    const finish = this.#finish;
    // From here on nothing else is accepted, even while this page is still on its way.
    this.#finish = undefined;
    respond(response, 200, reading.type === 'code' ? PAGES.done : PAGES.denied, () =>
      finish?.(reading),
    );
  }
}

/** What the browser shows. Nothing in it comes from the request. */
const PAGES = {
  done: ['Back to the terminal', 'The console has the answer. You can close this page.'],
  denied: ['Nothing was allowed', 'The console stays without access. You can close this page.'],
  forged: ['Not this login', 'This answer does not belong to the login that waits.'],
  late: ['Already answered', 'This login has its answer. You can close this page.'],
  stranger: ['Nothing here', 'This address only waits for the end of a login.'],
} as const;

function respond(
  response: ServerResponse,
  status: number,
  [title, text]: readonly [string, string],
  after?: () => void,
): void {
  const body =
    `<!doctype html><html lang="en"><meta charset="utf-8"><title>${title}</title>` +
    `<body><h1>${title}</h1><p>${text}</p></body></html>\n`;
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    connection: 'close',
  });
  // `close` comes also when the browser does not take the page: the answer still counts.
  if (after !== undefined) response.once('close', after);
  response.end(body);
}
