/**
 * The nearest known name to a mistyped one, for sentences that say "did you mean".
 * Deliberately suggests nothing when nothing is near.
 */

/** Edits (insert, delete, replace, swap of neighbours) that turn `a` into `b`. */
export function distance(a: string, b: string): number {
  const rows: number[][] = [];
  for (let i = 0; i <= a.length; i += 1) {
    const row: number[] = [i];
    for (let j = 1; j <= b.length; j += 1) {
      row.push(i === 0 ? j : cheapest(rows, row, { a, b, i, j }));
    }
    rows.push(row);
  }
  return rows[a.length]?.[b.length] ?? 0;
}

interface Spot {
  readonly a: string;
  readonly b: string;
  readonly i: number;
  readonly j: number;
}

function cheapest(rows: readonly number[][], row: readonly number[], spot: Spot): number {
  const { a, b, i, j } = spot;
  const at = (list: readonly number[] | undefined, index: number) => list?.[index] ?? Infinity;
  const same = a[i - 1] === b[j - 1];
  const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
  return Math.min(
    at(rows[i - 1], j) + 1,
    at(row, j - 1) + 1,
    at(rows[i - 1], j - 1) + (same ? 0 : 1),
    swapped ? at(rows[i - 2], j - 2) + 1 : Infinity,
  );
}

/** The known name at most a third of its letters away (at least one, at most three edits). */
export function nearest(name: string, known: readonly string[]): string | undefined {
  let best: string | undefined;
  let bestEdits = Infinity;
  for (const candidate of known) {
    const limit = Math.min(3, Math.max(1, Math.floor(candidate.length / 3)));
    // Each letter more or less is an edit; every start asks about its whole environment.
    if (Math.abs(name.length - candidate.length) > limit) continue;
    const edits = distance(name.toLowerCase(), candidate.toLowerCase());
    if (edits <= limit && edits < bestEdits) {
      best = candidate;
      bestEdits = edits;
    }
  }
  return best;
}
