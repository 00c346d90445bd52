/**
 * The simulator's OAuth pages over HTTP, on this computer only.
 * Deliberately knows nothing of OAuth: requests go to `sim/server/oauth`, answers come back.
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { OAuthAnswer, OAuthRequest } from '../sim/server/oauth.ts';

export interface PagesParts {
  readonly host: '127.0.0.1';
  /** 0 takes a free one. */
  readonly port: number;
  readonly answer: (request: OAuthRequest) => OAuthAnswer;
}

export interface Pages {
  readonly port: number;
  close(): Promise<void>;
}

/** Rejects with the fault of the platform when the port cannot be had. */
export function servePages({ host, port, answer }: PagesParts): Promise<Pages> {
  const server = createServer({ requestTimeout: 10_000 }, (request, response) => {
    const names = [`${host}:${portOf(server)}`, `localhost:${portOf(server)}`];
    const isOurs = names.includes(request.headers.host?.toLowerCase() ?? '');
    const given = isOurs
      ? answer({ method: request.method ?? '', target: request.url ?? '' })
      : { status: 421, headers: {}, body: '' };
    response.writeHead(given.status, { ...given.headers, connection: 'close' });
    response.end(given.body);
  });
  server.maxConnections = 64;
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      resolve({
        port: portOf(server),
        close: () =>
          new Promise((done) => {
            server.close(() => done());
            server.closeAllConnections();
          }),
      });
    });
  });
}

const portOf = (server: Server): number => (server.address() as AddressInfo | null)?.port ?? 0;
