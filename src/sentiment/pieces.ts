/**
 * Long work cut into short pieces, so that the loop beside it is never held up by a page.
 * Deliberately knows no clock: whoever wires the hands says how to let others go first.
 */

/** Work that gives way at every `yield` and ends with its result. */
export type Pieces<T> = Generator<undefined, T, undefined>;

/** Lets everything else that waits run first. */
export type Pause = () => Promise<void>;

/** Without giving way: for short work and where nothing else waits. */
export function atOnce<T>(work: Pieces<T>): T {
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
  }
}

/** Gives way between the pieces; without a `pause` it does not. */
export async function inPieces<T>(work: Pieces<T>, pause: Pause | undefined): Promise<T> {
  if (pause === undefined) return atOnce(work);
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
    await pause();
  }
}
