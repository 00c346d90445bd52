/**
 * The simulator's door to the network: TLS with a given key, or plain TCP on this computer only.
 * Deliberately tiny: bytes in, bytes out; the server behind it does not know what a socket is.
 */
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import type { SimulatorServer } from './server.ts';

export interface ListenerParams {
  readonly server: Pick<SimulatorServer, 'accept'>;
  readonly host: string;
  /** 0 for any free port. */
  readonly port: number;
  /** PEM texts; absent for plain TCP, which only a loopback host may offer. */
  readonly tls?: { readonly key: string; readonly cert: string };
}

export interface Listener {
  readonly port: number;
  /** Ends all connections and the listening; resolves when nothing is left. */
  close(): Promise<void>;
}

const LOOPBACK: ReadonlySet<string> = new Set(['127.0.0.1', '::1', 'localhost']);

/** A client that does not read is cut off rather than kept in memory. */
const BACKLOG_BYTES_MAX = 16 * 1024 * 1024;

/** Rejects when the port cannot be had, or when plain TCP is asked for a host of the network. */
export function listen(params: ListenerParams): Promise<Listener> {
  const { host, port, tls } = params;
  if (tls === undefined && !LOOPBACK.has(host)) {
    return Promise.reject(new Error(`without TLS only this computer may connect, not ${host}`));
  }
  const sockets = new Set<Socket>();
  const take = (socket: Socket): void => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    connect(params.server, socket);
  };
  const listener = tls === undefined ? createServer(take) : createTlsServer(tls, take);
  return new Promise((resolve, reject) => {
    listener.once('error', reject);
    listener.listen(port, host, () => {
      listener.off('error', reject);
      // A failed handshake or accept is the other side's trouble.
      listener.on('error', () => undefined);
      resolve({
        port: (listener.address() as AddressInfo).port,
        close: () => closed(listener, sockets),
      });
    });
  });
}

function connect(server: ListenerParams['server'], socket: Socket): void {
  socket.setNoDelay(true);
  const inlet = server.accept({
    write: (bytes) => {
      if (socket.destroyed) return;
      socket.write(bytes);
      if (socket.writableLength > BACKLOG_BYTES_MAX) socket.destroy();
    },
    // What was written before still leaves.
    close: () => socket.end(),
  });
  socket.on('data', (chunk) => inlet.bytes(chunk));
  socket.on('error', () => socket.destroy());
  socket.once('close', () => inlet.closed());
}

function closed(listener: Server, sockets: ReadonlySet<Socket>): Promise<void> {
  for (const socket of sockets) socket.destroy();
  return new Promise((resolve) => {
    listener.close(() => resolve());
  });
}
