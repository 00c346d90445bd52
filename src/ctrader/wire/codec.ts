// Envelopes: a typed message to a complete frame, a frame body to a value that says what it is.
// It never throws on what it receives, and knows nothing of sockets, sessions or meaning.
import { toFrame } from './frame.ts';
import { decodeMessage, EncodeRefused, encodeMessage } from './messages.ts';
import {
  MESSAGE_OF_PAYLOAD_TYPE,
  type Messages,
  PAYLOAD_TYPES,
  type WireName,
} from './schema.gen.ts';
import { decodePlainSpot, readPlainSpot } from './spot.ts';

/** What leaves: a message by name. `clientMsgId` is our correlation text, echoed in answers. */
export type OutgoingMessage = {
  [N in WireName]: {
    readonly name: N;
    readonly fields: Messages[N];
    readonly clientMsgId?: string;
  };
}[WireName];

/** A decoded message; checking `name` narrows `fields`. */
export type KnownMessage = {
  [N in WireName]: {
    readonly kind: 'message';
    readonly name: N;
    readonly payloadType: (typeof PAYLOAD_TYPES)[N];
    readonly fields: Messages[N];
    readonly clientMsgId?: string;
  };
}[WireName];

/** A type number that no schema of ours has: counted and ignored (F15). */
export interface UnknownMessage {
  readonly kind: 'unknown';
  readonly payloadType: number;
  readonly clientMsgId?: string;
}

/** Bytes that make no valid message. With a trading type number it may hide a fill (F14). */
export interface UndecodableMessage {
  readonly kind: 'undecodable';
  readonly payloadType?: number;
  readonly clientMsgId?: string;
  readonly reason: string;
}

export type WireMessage = KnownMessage | UnknownMessage | UndecodableMessage;

const SPOT = PAYLOAD_TYPES.ProtoOASpotEvent;
const NO_PAYLOAD = new Uint8Array(0);
const PAYLOAD_TYPE_TAG = 0x08;
const PAYLOAD_TAG = 0x12;
const CLIENT_MSG_ID_TAG = 0x1a;
const PREFIX_BYTES = 4;
const SPOT_HEAD_BYTES = 5;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/**
 * The complete frame of a message, length prefix included; throws `EncodeRefused`.
 * A heartbeat has no payload at all, any other message without fields an empty one, as servers do.
 */
export function encodeEnvelope(message: OutgoingMessage): Uint8Array {
  const { name, clientMsgId } = message;
  const payload = encodeMessage(name, message.fields);
  if (clientMsgId !== undefined && /[\ud800-\udfff]/u.test(clientMsgId)) {
    throw new EncodeRefused(name, 'clientMsgId', 'well-formed text expected');
  }
  const body: number[] = [PAYLOAD_TYPE_TAG];
  pushVarint(body, PAYLOAD_TYPES[name]);
  const parts: Uint8Array[] = [];
  if (name !== 'ProtoHeartbeatEvent') parts.push(delimited(PAYLOAD_TAG, payload));
  if (clientMsgId !== undefined) {
    parts.push(delimited(CLIENT_MSG_ID_TAG, encoder.encode(clientMsgId)));
  }
  return toFrame(joined([Uint8Array.from(body), ...parts]));
}

function pushVarint(target: number[], value: number): void {
  let rest = value;
  while (rest > 127) {
    target.push((rest & 127) | 128);
    rest >>>= 7;
  }
  target.push(rest);
}

function delimited(tag: number, bytes: Uint8Array): Uint8Array {
  const head = [tag];
  pushVarint(head, bytes.length);
  return joined([Uint8Array.from(head), bytes]);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** The message in a frame body (without length prefix). Never throws, never keeps `body`. */
export function decodeEnvelope(body: Uint8Array): WireMessage {
  return plainSpot(body) ?? decodeInner(readEnvelope(body));
}

/**
 * Reads the price in a chunk that is exactly one frame with a plain price in it, as most chunks are
 * when the market is quiet, into `PLAIN_SPOT`; false for anything else, which the frame reader must
 * take apart.
 */
export function readLoneSpot(chunk: Uint8Array): boolean {
  const size = chunk.length - PREFIX_BYTES;
  if (size > 127 || chunk[3] !== size || chunk[2] !== 0 || chunk[1] !== 0 || chunk[0] !== 0) {
    return false;
  }
  return readSpotBody(chunk, PREFIX_BYTES);
}

/** As `readLoneSpot`, of a frame body. */
export const readSpotBody = (bytes: Uint8Array, from = 0): boolean =>
  isPlainSpot(bytes, from) && readPlainSpot(bytes, from + SPOT_HEAD_BYTES, bytes.length);

/** `08 d3 10 12 n` is a spot event whose n payload bytes fill the rest: nothing to take apart. */
function isPlainSpot(bytes: Uint8Array, from: number): boolean {
  const size = bytes.length - from - SPOT_HEAD_BYTES;
  if (size > 127 || bytes[from + 4] !== size || bytes[from + 3] !== PAYLOAD_TAG) return false;
  return bytes[from] === PAYLOAD_TYPE_TAG && bytes[from + 1] === 0xd3 && bytes[from + 2] === 0x10;
}

function plainSpot(bytes: Uint8Array): KnownMessage | undefined {
  if (!isPlainSpot(bytes, 0)) return undefined;
  const fields = decodePlainSpot(bytes, SPOT_HEAD_BYTES, bytes.length);
  if (fields === undefined) return undefined;
  return { kind: 'message', name: 'ProtoOASpotEvent', payloadType: SPOT, fields };
}

interface Envelope {
  payloadType?: number;
  clientMsgId?: string;
  payload: Uint8Array;
  fault?: string;
}

/** What could be read before a fault is kept: it tells whom an unreadable frame concerns (F14). */
function readEnvelope(body: Uint8Array): Envelope {
  const envelope: Envelope = { payload: NO_PAYLOAD };
  const reader = new EnvelopeReader(body);
  while (!reader.done()) {
    const tag = reader.varint();
    const value = reader.value(tag & 7);
    if (value === undefined) return { ...envelope, fault: 'envelope: malformed bytes' };
    if (tag === PAYLOAD_TYPE_TAG && typeof value === 'number') envelope.payloadType = value;
    if (tag === PAYLOAD_TAG && typeof value === 'object') envelope.payload = value;
    if (tag === CLIENT_MSG_ID_TAG && typeof value === 'object') {
      envelope.clientMsgId = decoder.decode(value);
    }
  }
  if (envelope.payloadType === undefined) envelope.fault = 'envelope: no payload type';
  return envelope;
}

class EnvelopeReader {
  readonly #bytes: Uint8Array;
  #at = 0;
  #broken = false;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  done(): boolean {
    return this.#at >= this.#bytes.length;
  }

  /** A varint modulo 2^32, as protobuf reads 32-bit fields; longer than ten bytes is broken. */
  varint(): number {
    let value = 0;
    for (let count = 0; count < 10; count += 1) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined) break;
      if (count < 5) value = (value | ((byte & 127) << (7 * count))) >>> 0;
      if (byte < 128) return value;
    }
    this.#broken = true;
    return 0;
  }

  /** The value of a field of this wire type; `undefined` when the bytes are no such value. */
  value(wireType: number): number | Uint8Array | undefined {
    if (this.#broken) return undefined;
    if (wireType === 0) {
      const value = this.varint();
      return this.#broken ? undefined : value;
    }
    const length = wireType === 2 ? this.varint() : FIXED_BYTES[wireType];
    if (this.#broken || length === undefined) return undefined;
    const from = this.#at;
    if (from + length > this.#bytes.length) return undefined;
    this.#at = from + length;
    return this.#bytes.subarray(from, this.#at);
  }
}

const FIXED_BYTES: Readonly<Record<number, number>> = { 1: 8, 5: 4 };

function decodeInner({ payloadType, clientMsgId, payload, fault }: Envelope): WireMessage {
  const id = clientMsgId === undefined ? {} : { clientMsgId };
  if (fault !== undefined || payloadType === undefined) {
    const type = payloadType === undefined ? {} : { payloadType };
    return { kind: 'undecodable', ...type, ...id, reason: fault ?? 'envelope: no payload type' };
  }
  const name = Object.hasOwn(MESSAGE_OF_PAYLOAD_TYPE, payloadType)
    ? MESSAGE_OF_PAYLOAD_TYPE[payloadType]
    : undefined;
  if (name === undefined) return { kind: 'unknown', payloadType, ...id };
  const decoded = decodeMessage(name, payload);
  if (decoded.status === 'undecodable') {
    return { kind: 'undecodable', payloadType, ...id, reason: `${name}: ${decoded.reason}` };
  }
  // Name, number and fields come from the same row; the union cannot see that.
  return { kind: 'message', name, payloadType, fields: decoded.fields, ...id } as KnownMessage;
}
