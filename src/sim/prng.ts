/**
 * Seeded chance: sfc32 on 32-bit integers, with named sub-streams so that one more consumer shifts
 * nobody.
 * Deliberately no Math.random and no logarithm or trigonometry: only + - * / and sqrt, which are
 * exact to the last bit everywhere, so that a seed means the same on every machine (A10).
 */
import { assert } from '../engine/index.ts';

/** The four words of the generator; JSON, so that a stream can be saved and continued. */
export type PrngState = readonly [number, number, number, number];

export interface Prng {
  /** Uniform integer, 0 to 2^32 - 1. */
  next(): number;
  /** Uniform, 0 inclusive to 1 exclusive, in steps of 2^-32. */
  uniform(): number;
  /** Uniform integer, both ends included; the range is at most 2^32 wide. */
  integer(low: number, high: number): number;
  /** True in `perMille` of 1000 cases. */
  chance(perMille: number): boolean;
  /** Standard normal to four digits in the middle; bounded to -6..6 (sum of twelve uniforms). */
  normal(): number;
  /**
   * The random width that turns a normal into a Student-t of variance 1; at least 3 degrees of
   * freedom. Separate from the draw so that the path of a minute can be as wild as its end.
   */
  tailWidth(degrees: number): number;
  /** Student-t with that many degrees of freedom, scaled to variance 1. */
  studentT(degrees: number): number;
  /** An independent stream that depends on the seed and the name only, not on what was drawn. */
  stream(name: string): Prng;
  state(): PrngState;
}

/** A generator for a seed; equal seeds give equal draws for ever. */
export const createPrng = (seed: string): Prng => generator(mix(seed), seed);

/** Continues a saved stream; sub-streams of it need the seed it came from. */
export const resumePrng = (state: PrngState, seed: string): Prng => generator(state, seed);

const HALF = 65_536;

function generator(start: PrngState, seed: string): Prng {
  // Words of 32 bits in a closure's variables would be new objects at each draw.
  const words = Int32Array.from(start);
  const next = (): number => {
    const b = words[1] as number;
    const c = words[2] as number;
    const d = words[3] as number;
    const sum = ((((words[0] as number) + b) | 0) + d) | 0;
    words[3] = (d + 1) | 0;
    words[0] = b ^ (b >>> 9);
    words[1] = (c + (c << 3)) | 0;
    words[2] = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
  const uniform = (): number => next() / 4_294_967_296;
  const integer = (low: number, high: number): number => {
    const span = high - low + 1;
    const isRange = Number.isSafeInteger(span) && span > 0 && span <= 2 ** 32;
    // The sentence only when it is needed: this is asked for millions of times.
    if (!isRange) assert(isRange, `range ${low}..${high}`);
    // Rejecting the uneven tail keeps every value equally likely.
    const limit = 2 ** 32 - (2 ** 32 % span);
    for (;;) {
      const drawn = next();
      if (drawn < limit) return low + (drawn % span);
    }
  };
  const normal = (): number => {
    let sum = 0;
    for (let draw = 0; draw < 6; draw++) {
      const bits = next();
      sum += (bits >>> 16) + (bits & 0xffff) + 1;
    }
    return sum / HALF - 6;
  };
  const tailWidth = (degrees: number): number => {
    assert(Number.isInteger(degrees) && degrees >= 3, `degrees of freedom: ${degrees}`);
    let squares = 0;
    for (let part = 0; part < degrees; part++) {
      const z = normal();
      squares += z * z;
    }
    return Math.sqrt((degrees - 2) / squares);
  };
  return {
    next,
    uniform,
    integer,
    chance: (perMille) => uniform() * 1000 < perMille,
    normal,
    tailWidth,
    studentT: (degrees) => normal() * tailWidth(degrees),
    stream: (name) => createPrng(`${seed}/${name}`),
    state: () => [...words] as unknown as PrngState,
  };
}

/** Spreads a text over four words (FNV-1a with four bases), then lets the generator forget it. */
function mix(seed: string): PrngState {
  const words = [0x811c9dc5, 0x9e3779b9, 0x85ebca6b, 0xc2b2ae35].map((base) => {
    let hash = base;
    for (let at = 0; at < seed.length; at++) {
      hash = Math.imul(hash ^ seed.charCodeAt(at), 0x01000193);
      hash ^= hash >>> 15;
    }
    return hash | 0;
  });
  const [a = 1, b = 2, c = 3, d = 4] = words;
  const warm = generator([a, b, c, d], seed);
  for (let turn = 0; turn < 16; turn++) warm.next();
  return warm.state();
}
