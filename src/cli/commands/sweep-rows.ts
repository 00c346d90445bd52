/**
 * The rows of a sweep, piece by piece: progress, what a kill leaves behind, threads where they pay.
 * Deliberately the same rows in the same places however they were made.
 */
import { systemClock } from '../../runtime/loop.ts';
import { type Sweeper, type SweptRow, wholeRange } from '../../sim/sweep.ts';
import type { SweepAxes } from '../../sim/sweep-grid.ts';
import type { SweepSet } from '../../sim/sweep-kernel.ts';
import type { Shard } from '../../sim/sweep-ledger.ts';
import type { Io } from '../io.ts';
import type { BacktestInput } from './backtest-input.ts';
import { type Sidecar, workerFile } from './sweep-files.ts';

const NAME = 'palm-oil-tui';
const PROGRESS_MS = 250;
const SAVE_MS = 1_000;
/** What a piece of work between two looks at the clock should take. */
const PIECE_MS = 250;
const FIRST_PIECE = 256;
/** Of sets that only the engine can run: the first of them tells how long one takes. */
const FIRST_OF_ENGINE = 1;
/** Less work than this is done before threads have begun. */
const WORTH_THREADS_MS = 1_000;

export interface Job {
  readonly input: BacktestInput;
  readonly axes: SweepAxes;
  /** The whole grid, and the places in it that are to be run. */
  readonly sets: readonly SweepSet[];
  readonly places: readonly number[];
  readonly shard: Shard;
  readonly sweeper: Sweeper;
  readonly out: string | undefined;
  readonly isQuiet: boolean;
  /** At most so many at a time; below two, everything is done in this one. */
  readonly threads: number;
  readonly key: () => string;
}

/** Rows as they come, kept beside `--out` once a second while there are more to come. */
interface Harvest {
  take(places: readonly number[], rows: readonly SweptRow[]): void;
  readonly rows: ReadonlyMap<number, SweptRow>;
}

/**
 * Rows of all places of the job by place, in pieces that take a fraction of a second; after the
 * first second what is finished is kept beside `--out`, until the whole file is written.
 */
export async function runRows(
  job: Job,
  io: Io,
  sidecar: Sidecar | undefined,
): Promise<ReadonlyMap<number, SweptRow>> {
  const { sets, places, sweeper } = job;
  const { market } = job.input;
  const clock = systemClock();
  const known = sidecar?.rows ?? new Map<number, SweptRow>();
  const pending = places.filter((place) => !known.has(place));
  if (known.size > 0 && !job.isQuiet) {
    const kept = places.length - pending.length;
    io.stderr.write(`${NAME}: ${kept} of ${places.length} sets were finished before.\n`);
  }
  const show = progressOn(job, io, pending.length);
  const harvest = harvestOf(pending.length, sidecar, show);
  const [next = 0] = pending;
  const isSlow = pending.length > 0 && sweeper.bench(sets[next] as SweepSet) === undefined;
  let size = isSlow ? FIRST_OF_ENGINE : FIRST_PIECE;
  for (let at = 0; at < pending.length; ) {
    const began = clock.mono();
    const piece = pending.slice(at, at + size);
    const own = piece.map((place) => sets[place] as SweepSet);
    harvest.take(piece, sweeper.run(own, wholeRange(market)));
    at += piece.length;
    const millis = Math.max(1, clock.mono() - began) / piece.length;
    const isLong = (pending.length - at) * millis > WORTH_THREADS_MS;
    const url = isLong && job.threads > 1 ? workerFile() : undefined;
    if (url !== undefined) {
      await inThreads(job, pending.slice(at), { url, millis }, harvest);
      break;
    }
    size = Math.max(1, Math.min(size * 8, Math.floor(PIECE_MS / millis)));
  }
  show(undefined);
  const { rows } = harvest;
  const all = new Map(places.map((place) => [place, rows.get(place) ?? known.get(place)] as const));
  return all as ReadonlyMap<number, SweptRow>;
}

/** The rest of the places, `millis` being what a set takes, about. */
async function inThreads(
  { input, sets, threads }: Job,
  rest: readonly number[],
  { url, millis }: { readonly url: URL; readonly millis: number },
  harvest: Harvest,
): Promise<void> {
  const { runInThreads } = await import('../../sim/sweep-threads.ts');
  // Enough of them that no thread waits long for the last one.
  const most = Math.ceil(rest.length / (threads * 4));
  const size = Math.max(1, Math.min(most, Math.floor(PIECE_MS / millis)));
  const pieces = Array.from({ length: Math.ceil(rest.length / size) }, (_, nth) =>
    rest.slice(nth * size, (nth + 1) * size),
  );
  await runInThreads({
    url,
    threads,
    market: input.market,
    setup: input.setup,
    pieces: pieces.map((places) => places.map((place) => sets[place] as SweepSet)),
    onRows: ({ nth, rows }) => harvest.take(pieces[nth] ?? [], rows),
  });
}

function harvestOf(
  total: number,
  sidecar: Sidecar | undefined,
  show: (done: number) => void,
): Harvest {
  const clock = systemClock();
  const rows = new Map<number, SweptRow>();
  let unsaved: (readonly [number, SweptRow])[] = [];
  let saved = clock.mono();
  const take = (places: readonly number[], made: readonly SweptRow[]): void => {
    for (const [nth, place] of places.entries()) {
      const row = made[nth] as SweptRow;
      rows.set(place, row);
      unsaved.push([place, row]);
    }
    show(rows.size);
    const now = clock.mono();
    if (sidecar === undefined || rows.size === total || now - saved < SAVE_MS) return;
    sidecar.add(unsaved);
    [unsaved, saved] = [[], now];
  };
  return { take, rows };
}

/** One line of a terminal, written over: done, and the time left at the pace so far. */
function progressOn({ isQuiet }: Job, io: Io, total: number): (done: number | undefined) => void {
  const { isTTY } = io.stderr as { readonly isTTY?: boolean };
  if (isQuiet || isTTY !== true) return () => undefined;
  const clock = systemClock();
  const began = clock.mono();
  let shown = Number.NEGATIVE_INFINITY;
  return (done) => {
    const now = clock.mono();
    if (done === undefined) {
      if (shown > 0) io.stderr.write('\r\u001b[K');
      return;
    }
    if (now - began < PROGRESS_MS || now - shown < PROGRESS_MS) return;
    shown = now;
    const left = Math.ceil((((now - began) / done) * (total - done)) / 1_000);
    io.stderr.write(`\r\u001b[K${NAME}: ${done} of ${total} sets, ${left} s left`);
  };
}
