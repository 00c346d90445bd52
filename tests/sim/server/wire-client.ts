// A small client of the simulator, written by hand on the codec alone: it asks, collects and waits
// by moving the virtual clock. It keeps every byte, and judges nothing itself.
import {
  decodeEnvelope,
  encodeEnvelope,
  type KnownMessage,
  type OutgoingMessage,
  type WireMessage,
} from '../../../src/ctrader/wire/codec.ts';
import { frameReader } from '../../../src/ctrader/wire/frame.ts';
import type { Messages, WireName } from '../../../src/ctrader/wire/schema.gen.ts';
import { mono } from '../../../src/engine/index.ts';
import { FCPO_ID, SIMULATED_ACCOUNT } from '../../../src/sim/fcpo.ts';
import { memoryDial } from '../../../src/sim/server/memory-dial.ts';
import type { SimulatorServer } from '../../../src/sim/server/server.ts';
import { STANDARD_CREDENTIALS } from '../../../src/sim/server/standard-broker.ts';
import type { VirtualClock } from '../../../src/sim/virtual-clock.ts';

export const ACCOUNT = SIMULATED_ACCOUNT.id;
const TRAVEL_MS = 20;

export interface Frame {
  readonly direction: '>' | '<';
  /** Milliseconds since the clock's beginning. */
  readonly at: number;
  readonly hex: string;
  readonly message: WireMessage;
}

type Named<N extends WireName> = KnownMessage & { readonly name: N };

export interface WireClient {
  /** Everything, both directions, in order. */
  readonly frames: readonly Frame[];
  closedBecause(): string | undefined;
  /** Raw bytes, for what the codec would not write. */
  write(bytes: Uint8Array): void;
  /** Sends without waiting; the answer to the message id. */
  tell<N extends WireName>(name: N, fields: Messages[N], clientMsgId?: string): string;
  /** Sends, and waits for the first message under its id. */
  ask<N extends WireName>(name: N, fields: Messages[N]): WireMessage;
  /** Asks and expects an answer of that name; throws what came instead. */
  get<N extends WireName, A extends WireName>(name: N, fields: Messages[N], answer: A): Messages[A];
  /** What arrived under that name, in order. */
  all<N extends WireName>(name: N): Named<N>[];
  /** Everything that arrived under that message id. */
  answers(clientMsgId: string): WireMessage[];
  close(): void;
}

export function connect(server: SimulatorServer, clock: VirtualClock): WireClient {
  const frames: Frame[] = [];
  const reader = frameReader({ maxBytes: 8_000_000 });
  let closed: string | undefined;
  let sent = 0;
  let open = false;
  const note = (direction: Frame['direction'], body: Uint8Array): void => {
    const message = decodeEnvelope(body);
    const hex = Buffer.from(body).toString('hex');
    frames.push({ direction, at: clock.mono(), hex, message });
  };
  const line = memoryDial(
    server,
    clock,
    TRAVEL_MS,
  )({
    opened: () => {
      open = true;
    },
    bytes: (chunk) => {
      for (const body of reader.push(chunk).frames) note('<', body);
    },
    closed: (reason) => {
      closed = reason;
    },
  });
  until(clock, () => open);
  const arrived = (): WireMessage[] =>
    frames.filter(({ direction }) => direction === '<').map(({ message }) => message);
  const answers = (id: string): WireMessage[] =>
    arrived().filter(({ clientMsgId }) => clientMsgId === id);
  const tell: WireClient['tell'] = (name, fields, id) => {
    sent += 1;
    const clientMsgId = id ?? `m${sent}`;
    const bytes = encodeEnvelope({ name, fields, clientMsgId } as OutgoingMessage);
    note('>', bytes.subarray(4));
    line.write(bytes);
    return clientMsgId;
  };
  const ask: WireClient['ask'] = (name, fields) => {
    const id = tell(name, fields);
    until(clock, () => answers(id).length > 0 || closed !== undefined);
    const [answer] = answers(id);
    if (answer === undefined) throw new Error(`no answer to ${name}: ${closed}`);
    return answer;
  };
  return {
    frames,
    closedBecause: () => closed,
    write: line.write,
    tell,
    ask,
    get: (name, fields, expected) => {
      const answer = ask(name, fields);
      if (answer.kind === 'message' && answer.name === expected) {
        return answer.fields as Messages[typeof expected];
      }
      throw new Error(`${name} was answered by ${JSON.stringify(answer)}`);
    },
    all: <N extends WireName>(name: N) =>
      arrived().filter((one): one is Named<N> => one.kind === 'message' && one.name === name),
    answers,
    close: line.close,
  };
}

/** Moves the clock from event to event until the condition holds; at most ten minutes. */
export function until(clock: VirtualClock, condition: () => boolean): void {
  const most = clock.mono() + 600_000;
  while (!condition()) {
    const due = clock.nextDue();
    if (due === undefined || due > most) throw new Error('waited in vain');
    clock.advanceTo(mono(due));
  }
}

/** Lets time pass, with a heartbeat of each client every ten seconds. */
export function pass(clock: VirtualClock, milliseconds: number, ...clients: WireClient[]): void {
  const end = clock.mono() + milliseconds;
  while (clock.mono() < end) {
    clock.advanceTo(mono(Math.min(end, clock.mono() + 10_000)));
    const heartbeat = encodeEnvelope({ name: 'ProtoHeartbeatEvent', fields: {} });
    for (const client of clients) client.write(heartbeat);
  }
}

/** Through both authorisations, with the standard credentials. */
export function loggedIn(server: SimulatorServer, clock: VirtualClock): WireClient {
  const client = connect(server, clock);
  const { clientId, clientSecret, accessToken } = STANDARD_CREDENTIALS;
  client.get('ProtoOAApplicationAuthReq', { clientId, clientSecret }, 'ProtoOAApplicationAuthRes');
  client.get(
    'ProtoOAAccountAuthReq',
    { ctidTraderAccountId: ACCOUNT, accessToken },
    'ProtoOAAccountAuthRes',
  );
  return client;
}

/** Quotes of palm oil, bars of these periods with them. */
export function subscribe(client: WireClient, periods: readonly number[] = []): void {
  const own = { ctidTraderAccountId: ACCOUNT };
  const spots = { ...own, symbolId: [FCPO_ID], subscribeToSpotTimestamp: true };
  client.get('ProtoOASubscribeSpotsReq', spots, 'ProtoOASubscribeSpotsRes');
  for (const period of periods) {
    const bars = { ...own, symbolId: FCPO_ID, period };
    client.get('ProtoOASubscribeLiveTrendbarReq', bars, 'ProtoOASubscribeLiveTrendbarRes');
  }
}

/** Name and text of a refusal; the message itself when it is none. */
export function refusal(message: WireMessage | undefined): unknown {
  if (message?.kind !== 'message') return message;
  if (message.name !== 'ProtoOAErrorRes' && message.name !== 'ProtoOAOrderErrorEvent') {
    return message;
  }
  const { errorCode, description } = message.fields;
  return [message.payloadType, errorCode, description];
}
