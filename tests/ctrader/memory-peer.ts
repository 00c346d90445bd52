// A scripted other side on a line in memory: real bytes both ways, time moved by hand.
// It answers the login in the usual way and leaves everything else to the test.
import { type Connection, createConnection } from '../../src/ctrader/connection.ts';
import { type Credentials, secret } from '../../src/ctrader/secret.ts';
import { TRADING_ENCODERS } from '../../src/ctrader/trading.ts';
import type { Dial, LineEvents } from '../../src/ctrader/transport.ts';
import {
  decodeEnvelope,
  encodeEnvelope,
  type KnownMessage,
  type OutgoingMessage,
} from '../../src/ctrader/wire/codec.ts';
import { frameReader } from '../../src/ctrader/wire/frame.ts';
import type { BrokerEvent, LinkState } from '../../src/engine/index.ts';
import { wall } from '../../src/engine/index.ts';
import { createVirtualClock, type VirtualClock } from '../../src/sim/virtual-clock.ts';
import { spot, USUAL } from './broker-words.ts';
import { CONFIG, FCPO, START_WALL } from './session/stage.ts';

export const CREDENTIALS: Credentials = {
  clientId: 'id',
  clientSecret: secret('the-client-secret'),
  accessToken: secret('the-access-token'),
};

/** A message as the bytes of its frame. */
export const bytesOf = ({ kind: _, payloadType: __, ...message }: KnownMessage): Uint8Array =>
  encodeEnvelope(message as OutgoingMessage);

/** One line as the other side sees it. */
export interface FarEnd {
  readonly events: LineEvents;
  closed: boolean;
}

export interface World {
  readonly clock: VirtualClock;
  readonly dial: Dial;
  /** What the client wrote, decoded. */
  readonly heard: KnownMessage[];
  line(): FarEnd;
  say(message: KnownMessage): void;
  bytes(bytes: Uint8Array): void;
  backlog: number;
  /** True stops the usual answers. */
  mute: boolean;
}

/** A world without a client. */
export function world(): World {
  const clock = createVirtualClock(wall(START_WALL));
  const lines: FarEnd[] = [];
  const made: World = {
    clock,
    heard: [],
    backlog: 0,
    mute: false,
    line() {
      const line = lines.at(-1);
      if (line === undefined) throw new Error('nobody has dialled yet');
      return line;
    },
    say: (message) => made.bytes(bytesOf(message)),
    bytes: (bytes) => made.line().events.bytes(bytes),
    dial(events) {
      const line: FarEnd = { events, closed: false };
      lines.push(line);
      const reader = frameReader({ maxBytes: 65_536 });
      clock.after(1, () => events.opened());
      return {
        write(bytes) {
          for (const frame of reader.push(bytes).frames) {
            const message = decodeEnvelope(frame);
            if (message.kind !== 'message') throw new Error('the client wrote nonsense');
            made.heard.push(message);
            const usual = made.mute ? undefined : USUAL[message.name]?.(message.clientMsgId);
            if (usual !== undefined) clock.after(1, () => events.bytes(bytesOf(usual)));
          }
        },
        close() {
          line.closed = true;
        },
        backlog: () => made.backlog,
      };
    },
  };
  return made;
}

export interface Peer extends World {
  readonly connection: Connection;
  readonly events: BrokerEvent[];
  readonly notes: string[];
}

/** A started connection and its world. */
export function peer(trading = true): Peer {
  const around = world();
  const events: BrokerEvent[] = [];
  const notes: string[] = [];
  const connection = createConnection({
    ...CONFIG,
    encoders: trading ? TRADING_ENCODERS : undefined,
    dial: around.dial,
    clock: around.clock,
    credentials: CREDENTIALS,
    random: () => 0.5,
    note: (text) => notes.push(text),
  });
  connection.start((event) => events.push(event));
  return Object.assign(around, { connection, events, notes });
}

/** The states of the link, in order. */
export const links = (of: { readonly events: readonly BrokerEvent[] }): LinkState[] =>
  of.events.filter((each) => each.type === 'link').map(({ state }) => state);

/** Plays the login to the end: subscription and first quote. */
export function ready(of: Peer): void {
  of.clock.advanceBy(50);
  of.connection.subscribe(FCPO);
  of.clock.advanceBy(50);
  of.say(spot(4_000, 4_001));
}
