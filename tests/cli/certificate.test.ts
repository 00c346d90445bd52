/** The certificates of the simulator, judged by the platform: chain, names, times, handshakes. */
import { X509Certificate } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:tls';
import { describe, expect, it, onTestFinished } from 'vitest';
import { LOOPBACK_NAMES, makeLocalCertificates } from '../../src/cli/certificate.ts';
import { tlsDial } from '../../src/ctrader/transport.ts';

const NOW = Date.UTC(2026, 10, 21, 12);
const names = [...LOOPBACK_NAMES];

describe('certificates made at start', () => {
  const made = makeLocalCertificates({ now: NOW, days: 30, names });
  const authority = new X509Certificate(made.authority);
  const server = new X509Certificate(made.cert);

  it('are an authority and a server that it signed', () => {
    expect([authority.ca, server.ca]).toEqual([true, false]);
    expect(authority.verify(authority.publicKey)).toBe(true);
    expect(server.verify(authority.publicKey)).toBe(true);
    expect(server.checkIssued(authority)).toBe(true);
    expect(server.issuer).toBe('CN=palm-oil-tui simulator authority');
    expect(server.serialNumber).not.toBe(authority.serialNumber);
  });

  it('carry the loopback names and no other', () => {
    expect(server.subjectAltName).toBe(
      'DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1',
    );
    expect(server.checkHost('localhost')).toBe('localhost');
    expect(server.checkIP('::1')).toBe('::1');
    expect(server.checkHost('demo.ctraderapi.com')).toBeUndefined();
  });

  it('are valid from a day ago, for as long as asked, past 2050 too', () => {
    expect(server.validFrom).toBe('Nov 20 12:00:00 2026 GMT');
    expect(server.validTo).toBe('Dec 21 12:00:00 2026 GMT');
    const late = makeLocalCertificates({ now: Date.UTC(2050, 0, 5), days: 1, names });
    expect(new X509Certificate(late.cert).validTo).toBe('Jan  6 00:00:00 2050 GMT');
  });

  it('differ each time: no key is ever used again', () => {
    const other = makeLocalCertificates({ now: NOW, days: 30, names });
    expect(other.key).not.toBe(made.key);
    expect(new X509Certificate(other.cert).verify(authority.publicKey)).toBe(false);
  });
});

describe('a handshake', () => {
  function serve(): Promise<{ port: number; authority: string }> {
    const now = Date.now();
    const { authority, cert, key } = makeLocalCertificates({ now, days: 1, names });
    const server = createServer({ cert, key }, (socket) => socket.on('error', () => undefined));
    server.on('tlsClientError', () => undefined);
    onTestFinished(() => void server.close());
    return new Promise((resolve) => {
      server.listen(0, '127.0.0.1', () => {
        resolve({ port: (server.address() as AddressInfo).port, authority });
      });
    });
  }

  function dial(port: number, serverName: string, ca: string | undefined): Promise<string> {
    return new Promise((resolve) => {
      const params = { host: '127.0.0.1', port, serverName };
      const line = tlsDial(ca === undefined ? params : { ...params, ca })({
        opened: () => resolve('opened'),
        bytes: () => undefined,
        closed: resolve,
      });
      onTestFinished(() => line.close());
    });
  }

  it.each([...LOOPBACK_NAMES])('is accepted for %s with the authority', async (name) => {
    const { port, authority } = await serve();
    expect(await dial(port, name, authority)).toBe('opened');
  });

  it('F06 is refused without the authority, and for any other host', async () => {
    const { port, authority } = await serve();
    expect(await dial(port, 'localhost', undefined)).toMatch(/^the certificate/);
    expect(await dial(port, 'demo.ctraderapi.com', authority)).toMatch(
      /^the certificate belongs to another name/,
    );
  });
});
