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

/** What every start compares with its whole environment: worked out once a known name. */
interface Shape {
  readonly lower: string;
  /** How often each letter occurs, by the last five bits of its code. */
  readonly letters: Uint8Array;
  /** One bit a letter that occurs. */
  readonly kinds: number;
}

const shapes = new Map<string, Shape>();

function shapeOf(name: string): Shape {
  const lower = name.toLowerCase();
  const letters = new Uint8Array(32);
  let kinds = 0;
  for (let at = 0; at < lower.length; at += 1) {
    const letter = lower.charCodeAt(at) & 31;
    letters[letter] = (letters[letter] as number) + 1;
    kinds |= 1 << letter;
  }
  return { lower, letters, kinds };
}

function knownShape(name: string): Shape {
  const shape = shapes.get(name) ?? shapeOf(name);
  shapes.set(name, shape);
  return shape;
}

/** No fewer edits than this are needed: letters that one has more often than the other. */
function leastEdits(a: Shape, b: Shape): number {
  let kinds = 0;
  for (let rest = a.kinds ^ b.kinds; rest !== 0; rest &= rest - 1) kinds += 1;
  // Half of the kinds that only one of them has; mostly that is enough to know.
  if (kinds > 6) return kinds / 2;
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
  let best: string | undefined;
  let bestEdits = Infinity;
  for (const candidate of known) {
    const limit = Math.min(3, Math.max(1, Math.floor(candidate.length / 3)));
    // Each letter more or less is an edit.
    if (Math.abs(name.length - candidate.length) > limit) continue;
    const shape = knownShape(candidate);
    if (leastEdits(own, shape) > limit) continue;
    const edits = distance(own.lower, shape.lower);
    if (edits <= limit && edits < bestEdits) {
      best = candidate;
      bestEdits = edits;
    }
  }
  return best;
}
