/**
 * A real HTTP server on this machine that answers by script: statuses, hangs, drips, floods, loops.
 * Deliberately scripted per request; it records what was asked so that counts can be compared.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import type { FetchLike } from '../../src/sentiment/providers.ts';

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export type Reply =
  | {
      readonly type: 'whole';
      readonly status: number;
      readonly contentType: string;
      readonly body: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** Never answers. */
  | { readonly type: 'hang' }
  /** Headers and one byte per request for more, never the end. */
  | { readonly type: 'drip'; readonly contentType: string }
  /** So many bytes, chunked, without a length. */
  | { readonly type: 'flood'; readonly contentType: string; readonly bytes: number }
  /** Few bytes on the wire, so many after decompression. */
  | { readonly type: 'bomb'; readonly contentType: string; readonly bytes: number }
  /** The connection is cut before an answer. */
  | { readonly type: 'cut' };

export interface HttpDouble {
  readonly origin: string;
  readonly host: string;
  readonly asked: readonly Asked[];
  close(): Promise<void>;
}

export const json = (body: string, status = 200): Reply => ({
  type: 'whole',
  status,
  contentType: 'application/json; charset=utf-8',
  body,
});

export const html = (body: string, status = 200): Reply => ({
  type: 'whole',
  status,
  contentType: 'text/html; charset=utf-8',
  body,
});

export const moved = (status: number, location: string): Reply => ({
  type: 'whole',
  status,
  contentType: 'text/plain',
  body: '',
  headers: { location },
});

export async function startHttpDouble(
  script: (asked: Asked, index: number) => Reply,
): Promise<HttpDouble> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const one: Asked = {
        method: request.method ?? '',
        path: request.url ?? '',
        headers: request.headers,
        body: Buffer.concat(chunks).toString('utf8'),
      };
      asked.push(one);
      answer(response, script(one, asked.length - 1));
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const host = `127.0.0.1:${address.port}`;
  return {
    origin: `http://${host}`,
    host,
    asked,
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

function answer(response: ServerResponse, reply: Reply): void {
  switch (reply.type) {
    case 'hang':
      return;
    case 'cut':
      response.destroy();
      return;
    case 'whole':
      response.writeHead(reply.status, {
        'content-type': reply.contentType,
        'content-length': Buffer.byteLength(reply.body),
        ...reply.headers,
      });
      response.end(reply.body);
      return;
    case 'drip':
      response.writeHead(200, { 'content-type': reply.contentType });
      response.write('{');
      return;
    case 'bomb':
      response.writeHead(200, {
        'content-type': reply.contentType,
        'content-encoding': 'gzip',
      });
      response.end(gzipSync(Buffer.alloc(reply.bytes, ' ')));
      return;
    case 'flood':
      response.writeHead(200, { 'content-type': reply.contentType });
      flood(response, reply.bytes);
  }
}

function flood(response: ServerResponse, bytes: number): void {
  const chunk = Buffer.alloc(65_536, ' ');
  let left = bytes;
  const more = () => {
    while (left > 0) {
      left -= chunk.length;
      if (!response.write(chunk)) {
        response.once('drain', more);
        return;
      }
    }
    response.end();
  };
  more();
}

/** The platform's own fetch: a real client against a real server. */
export const realFetch: FetchLike = (url, init) => fetch(url, init);
