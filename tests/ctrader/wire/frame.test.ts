// Frames out of any segmentation, and the bounds that keep a hostile prefix harmless.
// Contents of frames are not its business.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { frameReader, toFrame, WIRE_LIMITS } from '../../../src/ctrader/wire/frame.ts';
import { bodyOf, concat, fromHex, GOLDEN_FRAMES, toHex } from './wire-data.ts';

const LIMIT = { maxBytes: WIRE_LIMITS.frameBytesBeforeAuth };
const STREAM = concat(...GOLDEN_FRAMES.map(({ frameHex }) => fromHex(frameHex)));
const BODIES = GOLDEN_FRAMES.map((golden) => toHex(bodyOf(golden)));

/** Bodies in hex from a stream cut into these chunks; each chunk's memory is spoiled afterwards. */
function read(chunks: readonly Uint8Array[]): string[] {
  const reader = frameReader(LIMIT);
  return chunks.flatMap((chunk) => {
    const memory = chunk.slice();
    const { frames, fault } = reader.push(memory);
    expect(fault).toBeUndefined();
    const bodies = frames.map(toHex);
    memory.fill(0xee);
    return bodies;
  });
}

describe('a frame reader', () => {
  it('finds all golden frames merged in one chunk (F04)', () => {
    expect(read([STREAM])).toEqual(BODIES);
  });

  it('finds all golden frames one byte at a time (F04)', () => {
    expect(read([...STREAM].map((byte) => Uint8Array.of(byte)))).toEqual(BODIES);
  });

  it.each(GOLDEN_FRAMES)('finds "$name" cut in two at every place (F04)', ({ frameHex }) => {
    const frame = fromHex(frameHex);
    for (let cut = 0; cut <= frame.length; cut += 1) {
      expect(read([frame.subarray(0, cut), frame.subarray(cut)])).toEqual([frameHex.slice(8)]);
    }
  });

  it('finds the same frames in any segmentation (F04)', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 90 }), { maxLength: 200 }), (sizes) => {
        const chunks: Uint8Array[] = [];
        let at = 0;
        for (const size of sizes) {
          chunks.push(STREAM.subarray(at, at + size));
          at += size;
        }
        expect(read([...chunks, STREAM.subarray(at)])).toEqual(BODIES);
      }),
    );
  });

  it('finds hundreds of frames in one chunk', () => {
    const frame = toFrame(Uint8Array.of(8, 51));
    const { frames, fault } = frameReader(LIMIT).push(concat(...Array(700).fill(frame)));
    expect(fault).toBeUndefined();
    expect(frames.map(toHex)).toEqual(Array(700).fill('0833'));
  });

  it('carries no fragment into the next connection (F03)', () => {
    for (let cut = 1; cut < 9; cut += 1) {
      const first = frameReader(LIMIT);
      expect(first.push(fromHex('0000000908b8101200').subarray(0, cut)).frames).toEqual([]);
      expect(first.heldBytes()).toBe(cut);
      const second = frameReader(LIMIT);
      expect(second.heldBytes()).toBe(0);
      expect(second.push(fromHex('000000020833')).frames.map(toHex)).toEqual(['0833']);
    }
  });

  it.each([
    ['in one chunk', (bytes: Uint8Array) => [bytes]],
    ['byte by byte', (bytes: Uint8Array) => [...bytes].map((byte) => Uint8Array.of(byte))],
  ])('counts empty frames as faults and goes on, %s (F12)', (_, cut) => {
    const reader = frameReader(LIMIT);
    const bodies: string[] = [];
    let empty = 0;
    for (const chunk of cut(fromHex('00000000000000020833000000000000000000000001ff'))) {
      const { frames, fault } = reader.push(chunk);
      bodies.push(...frames.map(toHex));
      if (fault?.type === 'emptyFrame') empty += fault.count;
    }
    expect(bodies).toEqual(['0833', 'ff']);
    expect(empty).toBe(3);
    expect(reader.heldBytes()).toBe(0);
  });

  it.each([2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1, LIMIT.maxBytes + 1])(
    'refuses a declared length of %d for good (F12)',
    (declaredBytes) => {
      const prefix = Buffer.alloc(4);
      prefix.writeUInt32BE(declaredBytes);
      const fault = { type: 'tooLong', declaredBytes, limitBytes: LIMIT.maxBytes };
      for (const chunks of [[prefix], [prefix.subarray(0, 3), prefix.subarray(3)]]) {
        const reader = frameReader(LIMIT);
        const answers = chunks.map((chunk) => reader.push(chunk));
        expect(answers.at(-1)).toEqual({ frames: [], fault });
        expect(reader.push(fromHex('000000020833'))).toEqual({ frames: [], fault });
        expect(reader.heldBytes()).toBe(0);
      }
    },
  );

  it('hands out the frames before an over-long one', () => {
    const { frames, fault } = frameReader(LIMIT).push(fromHex('000000020833ffffffff'));
    expect(frames.map(toHex)).toEqual(['0833']);
    expect(fault?.type).toBe('tooLong');
  });

  it('holds what was received, not what was declared (F12)', () => {
    const reader = frameReader({ maxBytes: WIRE_LIMITS.frameBytes });
    const before = process.memoryUsage().arrayBuffers;
    const readers = Array.from({ length: 200 }, () => {
      const one = frameReader({ maxBytes: WIRE_LIMITS.frameBytes });
      one.push(fromHex('0080000008'));
      return one;
    });
    expect(reader.push(fromHex('0080000008')).frames).toEqual([]);
    expect(reader.heldBytes()).toBe(5);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(16 * 1024 * 1024);
    expect(readers).toHaveLength(200);
  });

  it('accepts large frames only after its limit was raised', () => {
    const frame = toFrame(new Uint8Array(200_000).fill(7));
    expect(frameReader(LIMIT).push(frame).fault?.type).toBe('tooLong');
    const reader = frameReader(LIMIT);
    reader.raiseLimit(WIRE_LIMITS.frameBytes);
    reader.raiseLimit(10);
    const half = reader.push(frame.subarray(0, 100_000));
    expect(half).toEqual({ frames: [] });
    const { frames } = reader.push(frame.subarray(100_000));
    expect(frames.map((body) => body.length)).toEqual([200_000]);
    expect(frames[0]?.every((byte) => byte === 7)).toBe(true);
  });
});

describe('toFrame', () => {
  it('puts the length in front, big-endian', () => {
    expect(toHex(toFrame(fromHex('0833')))).toBe('000000020833');
    expect(toHex(toFrame(new Uint8Array(66_051)).subarray(0, 4))).toBe('00010203');
  });

  it('refuses bodies no reader would accept', () => {
    expect(() => toFrame(new Uint8Array(0))).toThrow(RangeError);
    expect(() => toFrame(new Uint8Array(WIRE_LIMITS.frameBytes + 1))).toThrow(RangeError);
  });
});
