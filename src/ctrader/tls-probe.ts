/**
 * One handshake with a host, and what was agreed: version, cipher, chain of certificates, their
 * end. Verified exactly as the line of a run; sends nothing and closes at once.
 */
import { isIP } from 'node:net';
import { connect, type DetailedPeerCertificate, type TLSSocket } from 'node:tls';
import type { Clock } from '../engine/index.ts';
import { type TlsParams, tlsTrouble } from './transport.ts';

export interface TlsFacts {
  readonly protocol: string;
  readonly cipher: string;
  /** Names from the host's certificate to the authority; only signs that names are made of. */
  readonly chain: readonly string[];
  /** UTC milliseconds; the earliest end in the chain. Absent when no certificate tells one. */
  readonly endsAt: number | undefined;
}

export type TlsProbe =
  | { readonly status: 'met'; readonly facts: TlsFacts }
  | { readonly status: 'failed'; readonly sentence: string };

const CHAIN_MAX = 8;

/** Never rejects; answers within `limitMs`. */
export function probeTls(params: TlsParams, clock: Clock, limitMs: number): Promise<TlsProbe> {
  return new Promise((resolve) => {
    let isOver = false;
    const finish = (end: TlsProbe): void => {
      if (isOver) return;
      isOver = true;
      timer.cancel();
      socket.destroy();
      resolve(end);
    };
    const fail = (sentence: string) => finish({ status: 'failed', sentence });
    const timer = clock.after(limitMs, () => fail('the server does not answer'));
    const { host, port, serverName, ca } = params;
    const socket: TLSSocket = connect({
      host,
      port,
      ...(isIP(serverName) === 0 ? { servername: serverName } : {}),
      ...(ca === undefined ? {} : { ca }),
      minVersion: 'TLSv1.2',
      rejectUnauthorized: true,
    });
    socket.on('secureConnect', () => {
      if (socket.authorized) finish({ status: 'met', facts: factsOf(socket) });
      else fail('the certificate was not accepted');
    });
    socket.on('error', (error: Error) => fail(tlsTrouble(error, serverName)));
    socket.on('close', () => fail('the connection was closed'));
  });
}

function factsOf(socket: TLSSocket): TlsFacts {
  const chain = chainOf(socket.getPeerCertificate(true));
  const ends = chain
    .map(({ valid_to: end }) => Date.parse(end))
    .filter((end) => Number.isFinite(end));
  return {
    protocol: socket.getProtocol() ?? 'unknown',
    cipher: socket.getCipher().standardName,
    chain: chain.map(nameOf),
    endsAt: ends.length === 0 ? undefined : Math.min(...ends),
  };
}

/** The authority names itself as its issuer: there the chain ends. */
function chainOf(leaf: DetailedPeerCertificate): readonly DetailedPeerCertificate[] {
  const chain: DetailedPeerCertificate[] = [];
  let next: DetailedPeerCertificate | undefined = leaf;
  while (next !== undefined && !chain.includes(next) && chain.length < CHAIN_MAX) {
    chain.push(next);
    next = next.issuerCertificate;
  }
  return chain;
}

/** Outside text: only what names are made of (I24). */
function nameOf({ subject }: DetailedPeerCertificate): string {
  const name: unknown = subject?.CN ?? subject?.O ?? 'without a name';
  return String(name)
    .replace(/[^\w.:*, -]/g, '?')
    .slice(0, 60);
}
