/**
 * Files of finished rows beside a sweep: found again after a kill, and handed in as shards.
 * Deliberately appends whole lines and never changes one; what a line means is `sim/sweep-ledger`.
 */
import { createHash } from 'node:crypto';
import { existsSync, rmSync } from 'node:fs';
import type { BacktestSetup } from '../../sim/backtest.ts';
import type { BacktestMarket } from '../../sim/backtest-market.ts';
import type { SweptRow } from '../../sim/sweep.ts';
import type { SweepAxes } from '../../sim/sweep-grid.ts';
import type { SweepSet } from '../../sim/sweep-kernel.ts';
import { type LedgerHead, ledgerHead, ledgerLine, readLedger } from '../../sim/sweep-ledger.ts';
import { VERSION } from '../version.ts';
import { plainBytes, UnusableInput } from './backtest-input.ts';
import { appendLines, writeWhole } from './result-files.ts';

/** Beside the bundle; run from source, the last build's is taken. */
const WORKER = new URL(
  import.meta.url.endsWith('.ts') ? '../../../dist/sweep-worker.cjs' : './sweep-worker.cjs',
  import.meta.url,
);

/** What a thread of a sweep runs; absent where nothing was built yet. */
export const workerFile = (): URL | undefined => (existsSync(WORKER) ? WORKER : undefined);

const COLUMNS = ['time', 'open', 'high', 'low', 'close', 'start', 'end'] as const;

/** Stands for everything a row depends on; equal keys mean equal rows. */
export function sweepKey(market: BacktestMarket, setup: BacktestSetup, axes: SweepAxes): string {
  const hash = createHash('sha256');
  hash.update(JSON.stringify([VERSION, market.timeframeMs, market.count, setup, axes]));
  for (const name of COLUMNS) hash.update(market[name]);
  return hash.digest('hex').slice(0, 32);
}

/** Rows that a killed sweep left beside `out`, and where new ones go. */
export interface Sidecar {
  readonly rows: ReadonlyMap<number, SweptRow>;
  add(rows: readonly (readonly [place: number, row: SweptRow])[]): void;
  /** The sweep is complete. */
  remove(): void;
}

/** Throws {@link UnusableInput}. */
const textIn = (file: string): string => plainBytes(file).toString('utf8');

export const sidecarName = (out: string): string => `${out}.rows`;

export function openSidecar(
  out: string,
  head: () => LedgerHead,
  sets: readonly SweepSet[],
): Sidecar {
  const file = sidecarName(out);
  let isBegun = false;
  let rows: ReadonlyMap<number, SweptRow> = new Map();
  if (existsSync(file)) {
    const found = readLedger(textIn(file), sets);
    const { key, shard } = head();
    // Another sweep's rows are of no use, and a broken file is no reason to stop.
    if (typeof found !== 'string' && found.key === key && found.shard === shard) rows = found.rows;
  }
  return {
    rows,
    add: (fresh) => {
      const lines = fresh.map(([place, row]) => ledgerLine(place, row)).join('');
      if (isBegun) {
        appendLines(file, lines);
        return;
      }
      // Begun anew, so that a torn last line is gone.
      writeWhole(file, ledgerText(head(), rows) + lines);
      isBegun = true;
    },
    remove: () => rmSync(file, { force: true }),
  };
}

export function ledgerText(head: LedgerHead, rows: ReadonlyMap<number, SweptRow>): string {
  const lines = [...rows].map(([place, row]) => ledgerLine(place, row));
  return [ledgerHead(head), ...lines].join('');
}

/** All rows of a sweep, from the files of its shards. Throws {@link UnusableInput}. */
export function mergedRows(
  files: readonly string[],
  key: string,
  sets: readonly SweepSet[],
): ReadonlyMap<number, SweptRow> {
  const rows = new Map<number, SweptRow>();
  const shards: string[] = [];
  for (const file of files) {
    const found = readLedger(textIn(file), sets);
    if (typeof found === 'string') throw new UnusableInput(`${file}: ${found}.`);
    if (found.key !== key) {
      throw new UnusableInput(
        `${file} is of another sweep: bars, settings, costs and ranges must be the same.`,
      );
    }
    shards.push(found.shard);
    for (const [place, row] of found.rows) rows.set(place, row);
  }
  if (rows.size === sets.length) return rows;
  const missing = `${sets.length - rows.size} of ${sets.length} sets are missing`;
  throw new UnusableInput(`${missing}; shards given: ${shards.join(', ')}.`);
}
