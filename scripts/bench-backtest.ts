/**
 * How fast history is run: bars a second through the engine's own step, and beside it other
 * backtesters over the same bars, installed for the occasion.
 * Deliberately processor time, not wall time: what else runs on the machine is not ours to measure.
 * Ours and those in this language are the best of ten runs, compiled by then; one in Python has
 * nothing to compile and is the best of three. The first run of each is told.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import type { Installed } from './bench-backtest-runs.ts';
import type { BenchLine } from './bench-line.ts';
import { BACKTESTER, installPeer } from './peer.ts';
import { installPython } from './peer-python.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** 2 million bars a second, as time a bar. */
const STEP_NANOS = 500;
const PROGRAM = join(ROOT, 'scripts/bench-backtest-peer.py');
/** What it took once on another machine: no ratio of this run. */
const PUBLISHED = 'published 7,430 ns a bar';

interface Runs {
  readonly shipped: number;
  readonly shippedCold: number;
  readonly shippedTrades: number;
  readonly bare: number;
  readonly bareCold: number;
  readonly bareTrades: number;
  readonly quotes: number;
  readonly memory: number;
  readonly grademark?: Peer;
  readonly python?: Peer & { readonly version: string };
}

/** Nanoseconds a bar; its trades were compared one by one with a plain loop of its rules. */
interface Peer {
  readonly best: number;
  readonly cold: number;
  readonly trades: number;
  readonly shared: number;
}

/** Bundled first, as the program is: imports that a loader resolves at each use cost as much. */
function run(installed: Installed): Runs {
  const place = mkdtempSync(join(tmpdir(), 'bench-backtest-'));
  try {
    const outfile = join(place, 'runs.mjs');
    const entryPoints = [join(ROOT, 'scripts/bench-backtest-runs.ts')];
    const shape = { bundle: true, platform: 'node', format: 'esm', logLevel: 'error' } as const;
    buildSync({ ...shape, entryPoints, outfile, target: 'node20.20', minifySyntax: true });
    const args = [outfile, JSON.stringify(installed)];
    const done = spawnSync(process.execPath, args, { encoding: 'utf8' });
    if (done.status !== 0) throw new Error(done.stderr);
    return JSON.parse(done.stdout) as Runs;
  } finally {
    rmSync(place, { recursive: true });
  }
}

export function benchBacktest(): BenchLine[] {
  const packages = installPeer(BACKTESTER);
  if (packages.folder === undefined) console.log(`skipped: ${packages.reason}`);
  const other = installPython();
  if (other.python === undefined) console.log(`backtesting.py: ${other.reason}; ${PUBLISHED}`);
  try {
    const { python } = other;
    const started = python === undefined ? undefined : { python, program: PROGRAM };
    return linesOf(run({ grademark: packages.folder, python: started }));
  } finally {
    if (packages.folder !== undefined) packages.remove();
    if (other.python !== undefined) other.remove();
  }
}

function linesOf(made: Runs): BenchLine[] {
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
    ...peerLines('grademark 0.3.0', 2, made.bare, made.grademark),
    ...peerLines(`backtesting.py ${made.python?.version}`, 15, made.bare, made.python),
  ];
}

/** How many times as long as ours it has to take at least. */
function peerLines(name: string, atLeast: number, own: number, peer?: Peer): BenchLine[] {
  if (peer === undefined) return [];
  return [
    { name: `${name}, RSI given`, value: peer.best, unit: 'ns' },
    { name: '  times as long as ours', value: peer.best / own, unit: '×', atLeast },
    { name: '  its first run', value: peer.cold, unit: 'ns' },
    { name: '  trades', value: peer.trades, unit: '' },
    { name: '  of them the same as ours', value: peer.shared, unit: '' },
  ];
}
