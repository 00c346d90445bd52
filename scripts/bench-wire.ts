// How long one spot frame takes from bytes to a typed message: measured, not believed.
// It does not judge the result; scripts/bench.ts prints it beside the target.
import { decodeEnvelope, encodeEnvelope } from '../src/ctrader/wire/codec.ts';
import { frameReader, WIRE_LIMITS } from '../src/ctrader/wire/frame.ts';

/** One measured number and the value it should stay below. */
export interface BenchLine {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly target: number;
}

const ROUNDS = 41;
const FRAMES_PER_ROUND = 20_000;
const DISTINCT_FRAMES = 512;
const TARGET_NANOS = 500;

/** Frames as a market sends them: changing prices and times, one side or both, few symbols. */
function spotFrames(withBar: boolean): Uint8Array[] {
  return Array.from({ length: DISTINCT_FRAMES }, (_, i) => {
    const bid = 114_000_000 + ((i * 37) % 900);
    const volume = i + 1;
    const bar = { volume, period: 1, low: bid - 40, deltaOpen: 7, deltaHigh: 55 };
    return encodeEnvelope({
      name: 'ProtoOASpotEvent',
      fields: {
        ctidTraderAccountId: '41001234',
        symbolId: String(270 + (i % 4)),
        ...(withBar || i % 3 !== 1 ? { bid } : {}),
        ...(withBar || i % 3 !== 2 ? { ask: bid + 12 } : {}),
        timestamp: 1_790_000_000_000 + i * 153,
        ...(withBar ? { trendbar: [{ ...bar, utcTimestampInMinutes: 29_833_333 }] } : {}),
      },
    });
  });
}

/** Median over rounds of the nanoseconds one call of `work` takes per frame. */
function medianNanos(work: () => number): number {
  const nanos: number[] = [];
  for (let round = 0; round < ROUNDS + 10; round += 1) {
    const start = process.hrtime.bigint();
    const frames = work();
    const spent = Number(process.hrtime.bigint() - start);
    if (round >= 10) nanos.push(spent / frames);
  }
  nanos.sort((a, b) => a - b);
  return nanos[ROUNDS >> 1] ?? Number.NaN;
}

/** Kept so that the decoded messages are not optimised away. */
let seen = 0;

function decodeCost(withBar: boolean): number {
  const bodies = spotFrames(withBar).map((frame) => frame.subarray(4));
  return medianNanos(() => {
    for (let i = 0; i < FRAMES_PER_ROUND; i += 1) {
      const message = decodeEnvelope(bodies[i % DISTINCT_FRAMES] as Uint8Array);
      if (message.kind === 'message') seen += 1;
    }
    return FRAMES_PER_ROUND;
  });
}

/** From stream chunks of 1400 bytes, as a network delivers them, to messages. */
function streamCost(): number {
  const stream = Buffer.concat(spotFrames(false));
  return medianNanos(() => {
    let frames = 0;
    while (frames < FRAMES_PER_ROUND) {
      const reader = frameReader({ maxBytes: WIRE_LIMITS.frameBytes });
      for (let at = 0; at < stream.length; at += 1400) {
        for (const body of reader.push(stream.subarray(at, at + 1400)).frames) {
          if (decodeEnvelope(body).kind === 'message') seen += 1;
          frames += 1;
        }
      }
    }
    return frames;
  });
}

/** Median nanoseconds per spot frame, in three situations. */
export function benchWire(): BenchLine[] {
  seen = 0;
  const line = (name: string, value: number): BenchLine => ({
    name,
    value: Math.round(value),
    unit: 'ns',
    target: TARGET_NANOS,
  });
  const lines = [
    line('decode a spot frame', decodeCost(false)),
    line('decode a spot frame with a forming bar', decodeCost(true)),
    line('cut and decode a spot frame out of a stream', streamCost()),
  ];
  if (seen === 0) throw new Error('no frame was decoded');
  return lines;
}
