/**
 * The nearest known name to a mistyped one, for sentences that say "did you mean".
 * Deliberately suggests nothing when nothing is near.
 */

/** Edits (insert, delete, replace, swap of neighbours) that turn `a` into `b`. */
export function distance(a: string, b: string): number {
  const width = b.length + 1;
  // One list for all rows: every start asks about its whole environment.
  const edits = new Uint16Array((a.length + 1) * width);
  for (let j = 0; j < width; j += 1) edits[j] = j;
  for (let i = 1; i <= a.length; i += 1) {
    const row = i * width;
    edits[row] = i;
    for (let j = 1; j < width; j += 1) {
      const at = row + j;
      const same = a.charCodeAt(i - 1) === b.charCodeAt(j - 1);
      let least = (edits[at - width - 1] as number) + (same ? 0 : 1);
      least = Math.min(least, (edits[at - width] as number) + 1, (edits[at - 1] as number) + 1);
      if (i > 1 && j > 1 && isSwap(a, b, i, j)) {
        least = Math.min(least, (edits[at - 2 * width - 2] as number) + 1);
      }
      edits[at] = least;
    }
  }
  return edits[a.length * width + b.length] as number;
}

const isSwap = (a: string, b: string, i: number, j: number): boolean =>
  a.charCodeAt(i - 1) === b.charCodeAt(j - 2) && a.charCodeAt(i - 2) === b.charCodeAt(j - 1);

/** What every start compares with its whole environment: worked out once a list of known names. */
interface Shape {
  readonly lower: string;
  /** How often each letter occurs, by the last five bits of its code. */
  readonly letters: Uint8Array;
  /** One bit a letter that occurs. */
  readonly kinds: number;
  /** Edits that still count as near, were this the known name. */
  readonly limit: number;
}

const shapes = new WeakMap<readonly string[], readonly Shape[]>();

function shapesOf(known: readonly string[]): readonly Shape[] {
  const own = shapes.get(known) ?? known.map(shapeOf);
  shapes.set(known, own);
  return own;
}

function shapeOf(name: string): Shape {
  const lower = name.toLowerCase();
  const letters = new Uint8Array(32);
  let kinds = 0;
  for (let at = 0; at < lower.length; at += 1) {
    const letter = lower.charCodeAt(at) & 31;
    letters[letter] = (letters[letter] as number) + 1;
    kinds |= 1 << letter;
  }
  const limit = Math.min(3, Math.max(1, Math.floor(lower.length / 3)));
  return { lower, letters, kinds, limit };
}

/** Without a loop: every start asks some thousand times. */
function bitsIn(word: number): number {
  const pairs = word - ((word >>> 1) & 0x5555_5555);
  const fours = (pairs & 0x3333_3333) + ((pairs >>> 2) & 0x3333_3333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f_0f0f, 0x0101_0101) >>> 24;
}

/** No fewer edits than this are needed: letters that one has more often than the other. */
function leastEdits(a: Shape, b: Shape): number {
  let [more, fewer] = [0, 0];
  for (let letter = 0; letter < 32; letter += 1) {
    const off = (a.letters[letter] as number) - (b.letters[letter] as number);
    if (off > 0) more += off;
    else fewer -= off;
  }
  return Math.max(more, fewer);
}

/** The known name at most a third of its letters away (at least one, at most three edits). */
export function nearest(name: string, known: readonly string[]): string | undefined {
  const own = shapeOf(name);
  const others = shapesOf(known);
  let best: string | undefined;
  let bestEdits = Infinity;
  for (let at = 0; at < known.length; at += 1) {
    const shape = others[at] as Shape;
    const { limit } = shape;
    // Each letter more or less is an edit, and an edit changes two kinds of letters at most.
    if (Math.abs(own.lower.length - shape.lower.length) > limit) continue;
    if (bitsIn(own.kinds ^ shape.kinds) > 2 * limit || leastEdits(own, shape) > limit) continue;
    const edits = distance(own.lower, shape.lower);
    if (edits <= limit && edits < bestEdits) {
      best = known[at];
      bestEdits = edits;
    }
  }
  return best;
}
