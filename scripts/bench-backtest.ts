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
import type { Installed, RunName, Told } from './bench-backtest-runs.ts';
import type { BenchLine } from './bench-line.ts';
import { BACKTESTER, installPeer } from './peer.ts';
import { installPython } from './peer-python.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** 2 million bars a second, as time a bar. */
const STEP_NANOS = 500;
const PROGRAM = join(ROOT, 'scripts/bench-backtest-peer.py');
/** What it took once on another machine: no ratio of this run. */
const PUBLISHED = 'published 7,430 ns a bar';

/**
 * Runs each in a process of its own. Bundled first, as the program is: imports that a loader
 * resolves at each use cost as much.
 */
function runAll(installed: Installed, names: readonly RunName[]): ReadonlyMap<RunName, Told> {
  const place = mkdtempSync(join(tmpdir(), 'bench-backtest-'));
  try {
    const outfile = join(place, 'runs.mjs');
    const entryPoints = [join(ROOT, 'scripts/bench-backtest-runs.ts')];
    const shape = { bundle: true, platform: 'node', format: 'esm', logLevel: 'error' } as const;
    buildSync({ ...shape, entryPoints, outfile, target: 'node20.20', minifySyntax: true });
    const told = (name: RunName): Told => {
      const args = [outfile, name, JSON.stringify(installed)];
      const done = spawnSync(process.execPath, args, { encoding: 'utf8' });
      if (done.status !== 0) throw new Error(done.stderr);
      return JSON.parse(done.stdout) as Told;
    };
    return new Map(names.map((name) => [name, told(name)]));
  } finally {
    rmSync(place, { recursive: true });
  }
}

export function benchBacktest(): BenchLine[] {
  const packages = installPeer(BACKTESTER);
  if (packages.folder === undefined) console.log(`skipped: ${packages.reason}`);
  const other = installPython();
  if (other.python === undefined) console.log(`backtesting.py: ${other.reason}; ${PUBLISHED}`);
  const names: RunName[] = ['clock', 'sessions'];
  if (packages.folder !== undefined) names.push('grademark');
  if (other.python !== undefined) names.push('python');
  try {
    const { python } = other;
    const started = python === undefined ? undefined : { python, program: PROGRAM };
    return linesOf(runAll({ grademark: packages.folder, python: started }, names));
  } finally {
    if (packages.folder !== undefined) packages.remove();
    if (other.python !== undefined) other.remove();
  }
}

function linesOf(told: ReadonlyMap<RunName, Told>): BenchLine[] {
  const [clock, sessions] = [told.get('clock'), told.get('sessions')];
  const [grademark, python] = [told.get('grademark'), told.get('python')];
  if (clock === undefined || sessions === undefined) return [];
  return [
    ...ownLines('round the clock', clock),
    ...ownLines('in sessions', sessions),
    { name: '  the same told quote by quote', value: sessions.quotes ?? Number.NaN, unit: 'ns' },
    { name: '  resident memory', value: sessions.megabytes ?? Number.NaN, unit: 'MB' },
    ...peerLines('grademark 0.3.0', 2, clock, grademark),
    ...peerLines(`backtesting.py ${python?.version}`, 15, clock, python),
  ];
}

const ownLines = (where: string, { best, cold, trades }: Told): BenchLine[] => [
  { name: `backtest, 1,000,000 bars ${where}`, value: best, unit: 'ns', target: STEP_NANOS },
  { name: '  the first of ten runs', value: cold, unit: 'ns' },
  { name: '  trades', value: trades, unit: '' },
];

/** How many times as long as ours it has to take at least. */
function peerLines(name: string, atLeast: number, own: Told, peer?: Told): BenchLine[] {
  if (peer === undefined) return [];
  const { best, cold, trades, shared = Number.NaN } = peer;
  return [
    { name: `${name}, RSI given`, value: best, unit: 'ns' },
    { name: '  times as long as ours', value: best / own.best, unit: '×', atLeast },
    { name: '  its first run', value: cold, unit: 'ns' },
    { name: '  trades', value: trades, unit: '' },
    { name: '  of them the same as ours', value: shared, unit: '' },
  ];
}
