/**
 * A line of bytes to the broker over TLS: connect, write, close. The certificate is always
 * verified. It does not know messages, never reconnects, and destroys what the peer does not take
 * (F05).
 */
import { isIP, type OnReadOpts } from 'node:net';
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';

/** One record of TLS carries at most 16 KiB; one read may bring several. */
const READ_BYTES = 64 * 1024;
const USUAL_BYTES = 256;

/** What a line reports; `closed` comes at most once, and nothing comes after it. */
export interface LineEvents {
  opened(): void;
  /** The memory of the chunk may be used again after the call. */
  bytes(chunk: Uint8Array): void;
  closed(reason: string): void;
}

export interface Line {
  /** Hands bytes over at once; without an open line they are dropped, never kept for later. */
  write(bytes: Uint8Array): void;
  /** Ends the line at once, with whatever was not taken yet; no event follows. */
  close(): void;
  /** Bytes handed over that the peer's side has not taken; a line without it takes all at once. */
  backlog?(): number;
}

/** Makes one line; every call is a fresh connection with a fresh name lookup (F07). */
export type Dial = (events: LineEvents) => Line;

export interface TlsParams {
  readonly host: string;
  readonly port: number;
  /** The name the certificate must carry. */
  readonly serverName: string;
  /** The certificate authority (PEM) to trust instead of the public ones: a simulator's own. */
  readonly ca?: string | Buffer;
}

/** Codes of the platform in words a person can act on; none of them can carry a secret. */
const WORDS: Readonly<Record<string, string>> = {
  ENOTFOUND: 'the name of the server cannot be resolved',
  EAI_AGAIN: 'the name service does not answer',
  ECONNREFUSED: 'the server refuses connections',
  ECONNRESET: 'the server broke the connection',
  EPIPE: 'the server broke the connection',
  ETIMEDOUT: 'the server does not answer',
  EHOSTUNREACH: 'the server is not reachable',
  ENETUNREACH: 'the network is not reachable',
  CERT_HAS_EXPIRED: 'the certificate has expired, or the clock of this computer is wrong',
  CERT_NOT_YET_VALID: 'the certificate is not valid yet, or the clock of this computer is wrong',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'the certificate is signed by itself',
  SELF_SIGNED_CERT_IN_CHAIN: 'the certificate comes from an unknown authority',
  UNABLE_TO_GET_ISSUER_CERT: 'the certificate comes from an unknown authority',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'the certificate comes from an unknown authority',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'the certificate comes from an unknown authority',
  ERR_SSL_UNSUPPORTED_PROTOCOL: 'the server only speaks an old version of TLS',
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: 'the server only speaks an old version of TLS',
};

/** The names a certificate carries; outside text, so only what names are made of (I24). */
function namesOf(error: Error): string {
  const cert: unknown = 'cert' in error ? error.cert : undefined;
  const names = typeof cert === 'object' && cert !== null && 'subjectaltname' in cert;
  const text = names ? String(cert.subjectaltname) : '';
  return text.replace(/[^\w.:*, -]/g, '?').slice(0, 120);
}

/** Why a connection failed, in words that can carry no secret. */
export function tlsTrouble(error: Error, serverName: string): string {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return `the certificate belongs to another name (${namesOf(error)}), not to ${serverName}`;
  }
  return WORDS[code] ?? (code === '' ? 'the connection failed' : `the connection failed (${code})`);
}

/** Views of the first bytes of a memory. Those of usual sizes are made once, not at every read. */
function viewsOf(memory: Uint8Array): (size: number) => Uint8Array {
  const usual: (Uint8Array | undefined)[] = new Array(USUAL_BYTES);
  return (size) => {
    if (size >= USUAL_BYTES) return memory.subarray(0, size);
    const known = usual[size];
    if (known !== undefined) return known;
    const made = memory.subarray(0, size);
    usual[size] = made;
    return made;
  };
}

/**
 * Dials over TLS 1.2 or newer. There is deliberately no way to switch the verification off (F06):
 * `opened` means that the certificate was verified for `serverName`.
 */
export function tlsDial(params: TlsParams): Dial {
  return (events) => {
    let over = false;
    const end = (reason: string) => {
      if (over) return;
      over = true;
      socket.destroy();
      events.closed(reason);
    };
    const memory = new Uint8Array(READ_BYTES);
    const viewOf = viewsOf(memory);
    const options: ConnectionOptions & { readonly onread: OnReadOpts } = {
      host: params.host,
      port: params.port,
      // An address is verified as an address; only names may be announced.
      ...(isIP(params.serverName) === 0 ? { servername: params.serverName } : {}),
      ...(params.ca === undefined ? {} : { ca: params.ca }),
      minVersion: 'TLSv1.2',
      rejectUnauthorized: true,
      // One memory for every read: no stream objects between the socket and the frames, which is
      // most of what a price costs on its way in.
      onread: {
        buffer: memory,
        callback(size) {
          if (!over) events.bytes(viewOf(size));
          return true;
        },
      },
    };
    const socket: TLSSocket = connect(options);
    socket.setNoDelay(true);
    socket.on('secureConnect', () => {
      if (over) return;
      if (socket.authorized) events.opened();
      else end('the certificate was not accepted');
    });
    socket.on('error', (error: Error) => end(tlsTrouble(error, params.serverName)));
    socket.on('end', () => end('the server ended the connection'));
    socket.on('close', () => end('the connection was closed'));
    return {
      write(bytes) {
        if (!over && socket.authorized) socket.write(bytes);
      },
      close() {
        over = true;
        socket.destroy();
      },
      backlog: () => (over ? 0 : socket.writableLength),
    };
  };
}
