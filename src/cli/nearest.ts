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

/** Letters that only one of two names has; half of them is the least number of edits. */
function strangers(a: string, b: string): number {
  let [inA, inB] = [0, 0];
  for (let at = 0; at < a.length; at += 1) inA |= 1 << (a.charCodeAt(at) & 31);
  for (let at = 0; at < b.length; at += 1) inB |= 1 << (b.charCodeAt(at) & 31);
  let count = 0;
  for (let rest = inA ^ inB; rest !== 0; rest &= rest - 1) count += 1;
  return count;
}

/** The known name at most a third of its letters away (at least one, at most three edits). */
export function nearest(name: string, known: readonly string[]): string | undefined {
  let best: string | undefined;
  let bestEdits = Infinity;
  for (const candidate of known) {
    const limit = Math.min(3, Math.max(1, Math.floor(candidate.length / 3)));
    // Each letter more or less is an edit; every start asks about its whole environment.
    if (Math.abs(name.length - candidate.length) > limit) continue;
    const [from, to] = [name.toLowerCase(), candidate.toLowerCase()];
    if (strangers(from, to) > 2 * limit) continue;
    const edits = distance(from, to);
    if (edits <= limit && edits < bestEdits) {
      best = candidate;
      bestEdits = edits;
    }
  }
  return best;
}
