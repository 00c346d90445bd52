/**
 * The Broker of a real account: the wire behind the engine's own words, over any line of bytes.
 * It adds nothing to the session but the last look at where a request may go (I19).
 */
import {
  type Broker,
  type BrokerEvent,
  type BrokerQuery,
  type BrokerRequest,
  type Clock,
  type Environment,
  type InstrumentId,
  type Permitted,
  untrusted,
} from '../engine/index.ts';
import { type ConnectionCounts, createConnection } from './connection.ts';
import type { Credentials } from './secret.ts';
import { TRADING_ENCODERS } from './trading.ts';
import type { Dial } from './transport.ts';

export interface CtraderBrokerParams {
  readonly dial: Dial;
  readonly clock: Clock;
  readonly credentials: Credentials;
  readonly environment: Environment;
  /** The account's number in this interface, as digits. */
  readonly accountId: string;
  readonly instrumentName: string;
  readonly instrumentAliases: readonly string[];
  /** False makes a feed: such a connection has no encoder for anything that moves money (I19). */
  readonly trading: boolean;
  /** True when a refused token is renewed by somebody who then calls `tokenRenewed` (F92). */
  readonly renewsToken?: boolean;
  /** 0 inclusive to 1 exclusive, for the jitter of reconnecting. */
  readonly random: () => number;
  /** Sentences for the log; free of secrets. */
  readonly note?: (text: string) => void;
}

export interface CtraderBroker extends Broker {
  tokenRenewed(): void;
  tokenForfeited(reason: string): void;
  counts(): ConnectionCounts;
}

/** A broker that is not started yet. Works over TLS and over memory alike. */
export function createCtraderBroker(params: CtraderBrokerParams): CtraderBroker {
  const { trading, ...rest } = params;
  const connection = createConnection({
    ...rest,
    encoders: trading ? TRADING_ENCODERS : undefined,
    // Spreading reads a getter once; a rotated token must be seen at the next login.
    get credentials() {
      return params.credentials;
    },
  });
  let emit: ((event: BrokerEvent) => void) | undefined;
  return {
    start(listener) {
      emit = listener;
      connection.start(listener);
    },
    send(request: Permitted<BrokerRequest>) {
      if (request.destination === 'broker') {
        connection.send(request);
        return;
      }
      emit?.({
        type: 'requestFailed',
        generation: connection.generation(),
        requestId: request.requestId,
        definitive: true,
        code: 'NOT_FOR_BROKER',
        description: untrusted('the request is meant for the paper exchange; nothing was sent'),
      });
    },
    query(query: BrokerQuery) {
      connection.query(query);
    },
    subscribe(instrumentId: InstrumentId) {
      connection.subscribe(instrumentId);
    },
    async stop() {
      connection.stop();
    },
    tokenRenewed: () => connection.tokenRenewed(),
    tokenForfeited: (reason) => connection.tokenForfeited(reason),
    counts: () => connection.counts(),
  };
}
