// Hostile bytes by seed through frame layer, envelope and messages: a bounded part of what
// `npm run fuzz` does with ten million. It prints the seed of an input that is mishandled.
import { describe, expect, it } from 'vitest';
import { decodeEnvelope, readLoneSpot } from '../../../src/ctrader/wire/codec.ts';
import { WIRE_LIMITS } from '../../../src/ctrader/wire/frame.ts';
import { fuzz, loneSpot } from './fuzz-inputs.ts';
import { fromHex, GOLDEN_FRAMES } from './wire-data.ts';

const COUNT = 60_000;

/** Without the fields that are absent. */
const clean = (fields: object) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

describe('hostile bytes', () => {
  it.each([1, 20_261_121])('seed %d: every input ends as a value (F12 F13 F14)', (seed) => {
    const report = fuzz(COUNT, seed);
    expect(report.inputs).toBe(COUNT);
    // Each kind of outcome is reached, so the inputs are worth something.
    expect(report.messages).toBeGreaterThan(COUNT / 100);
    expect(report.unknown).toBeGreaterThan(0);
    expect(report.undecodable).toBeGreaterThan(COUNT / 100);
    expect(report.overlong).toBeGreaterThan(0);
    expect(report.heldMax).toBeLessThan(WIRE_LIMITS.frameBytesBeforeAuth + 8);
  });

  it('the same seed gives the same outcome', () => {
    const [{ slowestMs: _, ...one }, { slowestMs: __, ...other }] = [
      fuzz(5_000, 7),
      fuzz(5_000, 7),
    ];
    expect(other).toEqual(one);
  });
});

describe('a lone price', () => {
  it.each(GOLDEN_FRAMES)(
    '"$name" alone in a chunk is read as by the reader, or left to it',
    (golden) => {
      const frame = fromHex(golden.frameHex);
      const lone = loneSpot(frame);
      const message = decodeEnvelope(frame.subarray(4));
      if (lone !== undefined) expect(message).toMatchObject({ fields: clean(lone) });
      for (let cut = 0; cut < frame.length; cut += 1) {
        expect(readLoneSpot(frame.subarray(0, cut))).toBe(false);
      }
    },
  );

  it('is found at all', () => {
    const spots = GOLDEN_FRAMES.filter(({ frameHex }) => readLoneSpot(fromHex(frameHex)));
    expect(spots.length).toBeGreaterThan(1);
  });
});
