// The TLS line against real servers on this machine: good and bad certificates, endings, backlog.
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer, type TLSSocket, type TlsOptions } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { type Line, tlsDial } from '../../src/ctrader/transport.ts';

const file = (name: string): string =>
  readFileSync(fileURLToPath(new URL(`./fixtures/${name}`, import.meta.url)), 'utf8');

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

interface Served {
  readonly port: number;
  readonly sockets: TLSSocket[];
  /** The first client that passed the handshake. */
  readonly first: Promise<TLSSocket>;
}

function serve(certificate: string, options: TlsOptions = {}): Promise<Served> {
  const sockets: TLSSocket[] = [];
  let greet: (socket: TLSSocket) => void = () => {};
  const first = new Promise<TLSSocket>((resolve) => {
    greet = resolve;
  });
  const server = createServer(
    { cert: file(`${certificate}.pem`), key: file(`${certificate}.key`), ...options },
    (socket) => {
      socket.on('error', () => {});
      sockets.push(socket);
      greet(socket);
    },
  );
  server.on('tlsClientError', () => {});
  closers.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      resolve({ port: (server.address() as AddressInfo).port, sockets, first });
    });
  });
}

/** Everything a line reports, and promises for its first opening and its end. */
function dial(port: number, serverName = 'localhost', ca: string | undefined = file('ca.pem')) {
  const log: string[] = [];
  const chunks: Uint8Array[] = [];
  let wake: () => void = () => {};
  const make = tlsDial({
    host: '127.0.0.1',
    port,
    serverName,
    ...(ca === undefined ? {} : { ca }),
  });
  const line: Line = make({
    opened() {
      log.push('opened');
      wake();
    },
    bytes(chunk) {
      chunks.push(Uint8Array.from(chunk));
      wake();
    },
    closed(reason) {
      log.push(`closed: ${reason}`);
      wake();
    },
  });
  closers.push(() => line.close());
  const until = async (condition: () => boolean) => {
    while (!condition()) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
  return { line, log, until, received: () => Buffer.concat(chunks) };
}

describe('certificates', () => {
  it('opens for a verified certificate, by name and by address', async () => {
    const { port } = await serve('good');
    for (const name of ['localhost', '127.0.0.1']) {
      const { log, until } = dial(port, name);
      await until(() => log.length > 0);
      expect(log).toEqual(['opened']);
    }
  });

  it.each([
    [
      'other',
      expect.stringMatching(
        /^closed: the certificate belongs to another name \(DNS:[\w.]+\), not to localhost$/,
      ),
    ],
    ['expired', 'closed: the certificate has expired, or the clock of this computer is wrong'],
    ['self', 'closed: the certificate is signed by itself'],
  ])('F06 refuses %s before a byte is sent, and says why', async (certificate, reason) => {
    const { port, sockets } = await serve(certificate);
    const { line, log, until } = dial(port);
    line.write(Buffer.from('secret'));
    await until(() => log.length > 0);
    line.write(Buffer.from('secret'));
    expect(log).toEqual([reason]);
    expect(sockets.every((socket) => socket.bytesRead === 0)).toBe(true);
  });

  it('F06 refuses an unknown authority, and an old protocol', async () => {
    const good = await serve('good');
    const unknown = dial(good.port, 'localhost', file('self.pem'));
    await unknown.until(() => unknown.log.length > 0);
    expect(unknown.log[0]).toMatch(/^closed: the certificate/);
    const old = await serve('good', {
      minVersion: 'TLSv1',
      maxVersion: 'TLSv1.1',
      ciphers: 'DEFAULT@SECLEVEL=0',
    });
    const refused = dial(old.port);
    await refused.until(() => refused.log.length > 0);
    expect(refused.log[0]).toMatch(/^closed/);
  });
});

describe('bytes', () => {
  it('go both ways, and the end is told once', async () => {
    const served = await serve('good');
    const { line, log, until, received } = dial(served.port);
    await until(() => log.length > 0);
    line.write(Uint8Array.of(1, 2, 3));
    const socket = await served.first;
    const chunk = await new Promise<Buffer>((resolve) => socket.once('data', resolve));
    expect([...chunk]).toEqual([1, 2, 3]);
    socket.write(Uint8Array.of(9, 8));
    await until(() => received().length === 2);
    socket.end();
    await until(() => log.length > 1);
    expect(log).toEqual(['opened', 'closed: the server ended the connection']);
  });

  it('F05 what the other side does not take is backlog, and dies with the line', async () => {
    const served = await serve('good');
    const { line, log, until } = dial(served.port);
    await until(() => log.length > 0);
    (await served.first).pause();
    const block = new Uint8Array(1 << 20);
    for (let index = 0; index < 64; index += 1) line.write(block);
    expect(line.backlog?.()).toBeGreaterThan(0);
    line.close();
    expect(line.backlog?.()).toBe(0);
    expect(log).toEqual(['opened']);
  });

  it('F07 a refused connection is an ending in words', async () => {
    const { port } = await serve('good');
    for (const close of closers.splice(0)) close();
    const { log, until } = dial(port);
    await until(() => log.length > 0);
    expect(log).toEqual(['closed: the server refuses connections']);
  });
});
