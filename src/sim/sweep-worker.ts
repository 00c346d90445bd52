/**
 * One thread of a long sweep: pieces of sets in, their rows out, over columns that all share.
 * Deliberately the same sweeper as without threads, with an index of its own.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { createSweeper, wholeRange } from './sweep.ts';
import type { SweepPiece, SweepPieceRows, SweepShare } from './sweep-threads.ts';

const { market, setup } = workerData as SweepShare;
const sweeper = createSweeper(market, setup);
parentPort?.on('message', ({ nth, sets }: SweepPiece) => {
  const rows: SweepPieceRows = { nth, rows: sweeper.run(sets, wholeRange(market)) };
  parentPort?.postMessage(rows);
});
