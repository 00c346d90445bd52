/**
 * Hostile byte streams without end, from a seed: noise, recorded frames with flipped, cut, spliced
 * and nested bytes, lying lengths. Feeds them to the frame layer, the envelope and the messages,
 * and says when one of them misbehaves. Deliberately without the test runner: a script uses it too.
 */
import { decodeEnvelope, readLoneSpot } from '../../../src/ctrader/wire/codec.ts';
import { frameReader, WIRE_LIMITS } from '../../../src/ctrader/wire/frame.ts';
import { PAYLOAD_TYPES } from '../../../src/ctrader/wire/schema.gen.ts';
import { PLAIN_SPOT } from '../../../src/ctrader/wire/spot.ts';
import { fromHex, GOLDEN_FRAMES } from './wire-data.ts';

export interface FuzzReport {
  readonly inputs: number;
  readonly bytes: number;
  readonly frames: number;
  readonly messages: number;
  readonly unknown: number;
  readonly undecodable: number;
  readonly overlong: number;
  /** Slowest single input, milliseconds of this process's own time. */
  readonly slowestMs: number;
  /** Most bytes a reader held back. */
  readonly heldMax: number;
}

const FRAMES = GOLDEN_FRAMES.map(({ frameHex }) => fromHex(frameHex));
const TYPES = Object.values(PAYLOAD_TYPES);
const KINDS: ReadonlySet<string> = new Set(['message', 'unknown', 'undecodable']);

/** Numbers 0 to 2^32 - 1; the same seed gives the same numbers. */
function numbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
}

type Draw = () => number;
type Maker = (draw: Draw) => Uint8Array;

const pick = (draw: Draw): Uint8Array => (FRAMES[draw() % FRAMES.length] ?? NOTHING).slice();
const NOTHING = new Uint8Array(0);

function noise(draw: Draw, size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  for (let at = 0; at < size; at += 1) bytes[at] = draw();
  return bytes;
}

/** A frame with the length put right, so that what is inside is reached. */
function framed(body: Uint8Array): Uint8Array {
  const frame = new Uint8Array(body.length + 4);
  new DataView(frame.buffer).setUint32(0, body.length);
  frame.set(body, 4);
  return frame;
}

function inner(draw: Draw, size: number): Uint8Array {
  const type = TYPES[draw() % TYPES.length] ?? 0;
  const payload = noise(draw, size);
  return Uint8Array.from([8, (type & 127) | 128, type >> 7, 18, size & 127, ...payload]);
}

/** How an input is made; the last two reach deep into lists and records. */
const MAKERS: readonly Maker[] = [
  (draw) => noise(draw, draw() % 64),
  (draw) => framed(noise(draw, draw() % 48)),
  (draw) => framed(inner(draw, draw() % 100)),
  (draw) => {
    const frame = pick(draw);
    for (let flips = 1 + (draw() % 4); flips > 0; flips -= 1) frame[draw() % frame.length] = draw();
    return frame;
  },
  (draw) => {
    const body = pick(draw).subarray(4);
    for (let flips = 1 + (draw() % 3); flips > 0; flips -= 1) body[draw() % body.length] = draw();
    return framed(body);
  },
  (draw) => framed(pick(draw).subarray(4, 4 + (draw() % 80))),
  (draw) => {
    const [one, other] = [pick(draw), pick(draw)];
    const cut = 4 + (draw() % one.length);
    return framed(Uint8Array.from([...one.subarray(4, cut), ...other.subarray(cut)]));
  },
  (draw) => {
    const depth = 1 + (draw() % 40);
    let body: Uint8Array = noise(draw, draw() % 8);
    for (let level = 0; level < depth && body.length < 120; level += 1) {
      body = Uint8Array.from([((draw() % 15) << 3) | 2 | 8, body.length, ...body]);
    }
    return framed(Uint8Array.from([8, 0xce, 16, 18, body.length & 127, ...body]));
  },
  (draw) => framed(Uint8Array.from({ length: 4 + (draw() % 60) }, () => (draw() & 1) * 0xff)),
];

/** Runs `count` inputs; throws with the seed and number of the first one that is mishandled. */
export function fuzz(count: number, seed: number): FuzzReport {
  const draw = numbers(seed);
  const report = {
    inputs: 0,
    bytes: 0,
    frames: 0,
    messages: 0,
    unknown: 0,
    undecodable: 0,
    overlong: 0,
    slowestMs: 0,
    heldMax: 0,
  };
  let reader = frameReader({ maxBytes: WIRE_LIMITS.frameBytesBeforeAuth });
  for (let index = 0; index < count; index += 1) {
    const input = (MAKERS[draw() % MAKERS.length] as Maker)(draw);
    const cut = draw() % (input.length + 1);
    const began = performance.now();
    try {
      if (index % 16 === 0) {
        reader = frameReader({ maxBytes: WIRE_LIMITS.frameBytesBeforeAuth });
      }
      const finished = take(reader, input.subarray(0, cut), report);
      if (!finished) take(reader, input.subarray(cut), report);
      else reader = frameReader({ maxBytes: WIRE_LIMITS.frameBytesBeforeAuth });
      lone(input);
    } catch (error) {
      const hex = Buffer.from(input).toString('hex');
      throw new Error(`seed ${seed}, input ${index}: ${hex}`, { cause: error });
    }
    const spent = performance.now() - began;
    const least = spent < SLOW_MS ? spent : Math.min(spent, again(input));
    report.slowestMs = Math.max(report.slowestMs, least);
    report.inputs += 1;
    report.bytes += input.length;
  }
  return report;
}

/** Long enough to ask whether it was the input or the machine. */
const SLOW_MS = 20;
const TRIES = 3;

/** The least time of some more tries: an input that is slow is slow every time. */
function again(input: Uint8Array): number {
  const times = Array.from({ length: TRIES }, () => {
    const began = performance.now();
    const reader = frameReader({ maxBytes: WIRE_LIMITS.frameBytesBeforeAuth });
    for (const body of reader.push(input).frames) decodeEnvelope(body);
    lone(input);
    return performance.now() - began;
  });
  return Math.min(...times);
}

type Counting = { -readonly [K in keyof FuzzReport]: FuzzReport[K] };

/** True when the reader refuses to go on. */
function take(reader: ReturnType<typeof frameReader>, chunk: Uint8Array, report: Counting) {
  const { frames, fault } = reader.push(chunk);
  report.heldMax = Math.max(report.heldMax, reader.heldBytes());
  for (const body of frames) {
    const message = decodeEnvelope(body);
    if (!KINDS.has(message.kind)) throw new Error('neither a message nor a fault');
    report.frames += 1;
    if (message.kind === 'message') report.messages += 1;
    else if (message.kind === 'unknown') report.unknown += 1;
    else report.undecodable += 1;
  }
  if (fault?.type !== 'tooLong') return false;
  report.overlong += 1;
  return true;
}

/** The shortcut for single prices must agree with the long way wherever it answers. */
function lone(input: Uint8Array): void {
  const short = loneSpot(input);
  if (short === undefined) return;
  const long = decodeEnvelope(input.subarray(4));
  const fields = long.kind === 'message' ? { bid: undefined, ask: undefined, ...long.fields } : {};
  for (const [name, value] of Object.entries(short)) {
    const other: unknown = Object.entries(fields).find(([key]) => key === name)?.[1];
    if (value !== other) throw new Error(`the shortcut differs in ${name}`);
  }
}

/** What the shortcut reads of a chunk, as the fields of the message. */
export function loneSpot(chunk: Uint8Array) {
  if (!readLoneSpot(chunk)) return undefined;
  const { account, symbol, bid, ask, timestamp, sessionClose } = PLAIN_SPOT;
  const known = (value: number) => (value < 0 ? undefined : value);
  return {
    ctidTraderAccountId: String(account),
    symbolId: String(symbol),
    bid: known(bid),
    ask: known(ask),
    timestamp: known(timestamp),
    sessionClose: known(sessionClose),
  };
}
