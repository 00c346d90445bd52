/**
 * How fast history is run: bars a second through the engine's own step, and beside it another
 * backtester over the same bars, installed for the occasion.
 * Deliberately processor time, not wall time: what else runs on the machine is not ours to measure.
 * Ours and the other one's alike are the best of ten runs, compiled by then, and the first is told.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import type { BenchLine } from './bench-line.ts';
import { BACKTESTER, installPeer } from './peer.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** 2 million bars a second, as time a bar. */
const STEP_NANOS = 500;

interface Runs {
  readonly shipped: number;
  readonly shippedCold: number;
  readonly shippedTrades: number;
  readonly bare: number;
  readonly bareCold: number;
  readonly bareTrades: number;
  readonly quotes: number;
  readonly memory: number;
  readonly peer?: number;
  readonly peerCold?: number;
  readonly peerTrades?: number;
  readonly sharedTrades?: number;
}

/** Bundled first, as the program is: imports that a loader resolves at each use cost as much. */
function run(folder: string | undefined): Runs {
  const place = mkdtempSync(join(tmpdir(), 'bench-backtest-'));
  try {
    const outfile = join(place, 'runs.mjs');
    const entryPoints = [join(ROOT, 'scripts/bench-backtest-runs.ts')];
    const shape = { bundle: true, platform: 'node', format: 'esm', logLevel: 'error' } as const;
    buildSync({ ...shape, entryPoints, outfile, target: 'node20.20', minifySyntax: true });
    const args = [outfile, ...(folder === undefined ? [] : [folder])];
    const done = spawnSync(process.execPath, args, { encoding: 'utf8' });
    if (done.status !== 0) throw new Error(done.stderr);
    return JSON.parse(done.stdout) as Runs;
  } finally {
    rmSync(place, { recursive: true });
  }
}

export function benchBacktest(): BenchLine[] {
  const peer = installPeer(BACKTESTER);
  if (peer.folder === undefined) console.log(`skipped: ${peer.reason}`);
  // backtesting.py 0.6.6 needs Python packages; what it once took is no ratio of this run.
  console.log('backtesting.py: not run here (no Python packages); published 7,430 ns a bar');
  const made = run(peer.folder);
  if (peer.folder !== undefined) peer.remove();
  const target = STEP_NANOS;
  return [
    { name: 'backtest, 1,000,000 bars round the clock', value: made.bare, unit: 'ns', target },
    { name: '  the first of ten runs', value: made.bareCold, unit: 'ns' },
    { name: '  trades', value: made.bareTrades, unit: '' },
    { name: 'backtest, 1,000,000 bars in sessions', value: made.shipped, unit: 'ns', target },
    { name: '  the first of ten runs', value: made.shippedCold, unit: 'ns' },
    { name: '  trades', value: made.shippedTrades, unit: '' },
    { name: '  the same told quote by quote', value: made.quotes, unit: 'ns' },
    { name: '  resident memory', value: made.memory, unit: 'MB' },
    ...peerLines(made),
  ];
}

/** Its trades were compared one by one with a plain loop of its rules, ours with one of ours. */
function peerLines({ bare, peer, peerCold, peerTrades, sharedTrades }: Runs): BenchLine[] {
  if (peer === undefined || peerCold === undefined) return [];
  if (peerTrades === undefined || sharedTrades === undefined) return [];
  return [
    { name: 'grademark 0.3.0, round the clock, RSI given', value: peer, unit: 'ns' },
    { name: '  times as long as ours', value: peer / bare, unit: '×', atLeast: 2 },
    { name: '  the first of ten runs', value: peerCold, unit: 'ns' },
    { name: '  trades', value: peerTrades, unit: '' },
    { name: '  of them the same as ours', value: sharedTrades, unit: '' },
  ];
}
