/**
 * Joins a client and the simulator in memory: the same bytes as over a socket, delivered by the
 * clock, in order, after a fixed travel time.
 * Deliberately without TLS, loss or splitting: faults belong to the server's fault script.
 */
import type { Clock } from '../../engine/index.ts';
import type { SimulatorServer } from './server.ts';
import type { Inlet } from './session.ts';

/** The client's side of a line, as the client's transport defines it. */
export interface LineEvents {
  opened(): void;
  bytes(chunk: Uint8Array): void;
  closed(reason: string): void;
}

export interface Line {
  write(bytes: Uint8Array): void;
  close(): void;
}

export type Dial = (events: LineEvents) => Line;

/** `latencyMs` is one way; the line opens after that time as well. */
export const memoryDial =
  (server: Pick<SimulatorServer, 'accept'>, clock: Clock, latencyMs: number): Dial =>
  (events) => {
    let inlet: Inlet | undefined;
    /** Whether the client still listens. */
    let listening = true;
    const travel = (act: () => void): void => {
      clock.after(latencyMs, act);
    };
    const toClient = (act: () => void): void => travel(() => listening && act());
    const hangUp = (): void =>
      toClient(() => {
        listening = false;
        inlet = undefined;
        events.closed('the server closed the connection');
      });
    travel(() => {
      if (!listening) return;
      inlet = server.accept({
        write: (bytes) => {
          const chunk = bytes.slice();
          toClient(() => events.bytes(chunk));
        },
        close: hangUp,
      });
      events.opened();
    });
    return {
      write: (bytes) => {
        const peer = inlet;
        if (peer === undefined || !listening) return;
        const chunk = bytes.slice();
        travel(() => peer.bytes(chunk));
      },
      close: () => {
        const peer = inlet;
        listening = false;
        inlet = undefined;
        if (peer !== undefined) travel(() => peer.closed());
      },
    };
  };
