/**
 * Worker threads for a long sweep: each takes the next piece of sets when it has done one.
 * Deliberately no word about when that is worth it. Rows depend on their set alone, so they are the
 * same for any number of threads and any order in which pieces end.
 */
import { Worker } from 'node:worker_threads';
import type { BacktestSetup } from './backtest.ts';
import type { BacktestMarket } from './backtest-market.ts';
import type { SweptRow } from './sweep.ts';
import type { SweepSet } from './sweep-kernel.ts';

/** What every thread begins with. */
export interface SweepShare {
  readonly market: BacktestMarket;
  readonly setup: BacktestSetup;
}

export interface SweepPiece {
  readonly nth: number;
  readonly sets: readonly SweepSet[];
}

export interface SweepPieceRows {
  readonly nth: number;
  readonly rows: readonly SweptRow[];
}

export interface ThreadParts extends SweepShare {
  /** The file of `sweep-worker.ts`. */
  readonly url: URL;
  readonly threads: number;
  readonly pieces: readonly (readonly SweepSet[])[];
  /** Called once a piece, in the order in which they end. */
  readonly onRows: (done: SweepPieceRows) => void;
}

/** Runs all pieces; fails with the first fault of a thread. No thread is left in either case. */
export async function runInThreads(parts: ThreadParts): Promise<void> {
  const { url, pieces, setup, onRows } = parts;
  const workerData: SweepShare = { market: shared(parts.market), setup };
  const workers: Worker[] = [];
  let next = 0;
  const serve = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const worker = new Worker(url, { workerData });
      workers.push(worker);
      const hand = (): void => {
        const sets = pieces[next];
        if (sets === undefined) {
          resolve();
          return;
        }
        const piece: SweepPiece = { nth: next, sets };
        next += 1;
        worker.postMessage(piece);
      };
      worker.on('message', (done: SweepPieceRows) => {
        onRows(done);
        hand();
      });
      worker.on('error', reject);
      worker.on('exit', () => reject(new Error('a thread of the sweep ended by itself')));
      hand();
    });
  try {
    const count = Math.min(parts.threads, pieces.length);
    await Promise.all(Array.from({ length: count }, serve));
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

const COLUMNS = [
  'time',
  'open',
  'high',
  'low',
  'close',
  'start',
  'end',
  'sessionClose',
  'closedByClockAt',
] as const;

/** The same market in memory that threads can have in common. */
function shared(market: BacktestMarket): BacktestMarket {
  const made: { -readonly [K in keyof BacktestMarket]: BacktestMarket[K] } = { ...market };
  for (const name of COLUMNS) {
    const column = new Float64Array(new SharedArrayBuffer(market.count * 8));
    column.set(market[name]);
    made[name] = column;
  }
  return made;
}
