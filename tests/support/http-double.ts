/** An HTTP server on this machine that keeps what it was asked and answers as it is told. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

export interface HttpDouble {
  readonly url: string;
  readonly asked: Asked[];
  /** Status of the next answers; 0 answers nothing at all. */
  status: number;
  close(): void;
}

export async function httpDouble(): Promise<HttpDouble> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      asked.push({ method, path: url, headers, body });
      if (double.status === 0) return;
      response.writeHead(double.status, { location: 'http://127.0.0.1:1/elsewhere' });
      response.end('ok');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const double: HttpDouble = {
    url: `http://127.0.0.1:${port}`,
    asked,
    status: 200,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
  return double;
}
