/**
 * How fast a sweep is: warm, as a whole command, and against a plain loop over every bar that makes
 * the same trades. Deliberately wall time where a person waits for a command, with the processor
 * time beside it, because other work on the machine is not ours.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { nextRsi, RSI_START, type RsiState, rsiValue } from '../src/engine/indicators.ts';
import { type BarColumns, firstOf } from '../src/sim/bar-columns.ts';
import { gridOf } from '../src/sim/sweep-grid.ts';
import type { BenchLine } from './bench-line.ts';
import { LONG, SHORT, walk } from './bench-walk.ts';
import { BACKTESTER, installPeer } from './peer.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** Loaded first: as a module it would cost five milliseconds of its own. */
const MEASURE =
  "process.on('exit',()=>{const{user,system}=process.cpuUsage();" +
  "console.error('KiB '+process.resourceUsage().maxRSS+' cpu '+(user+system)/1e3)})";
const MEASURER = 'measure.cjs';
/** Longer than the cache waits until it believes what the file system says about a file. */
const REST_MS = 2_200;
const WARM_RUNS = 3;

interface Command {
  /** The first run: the file is parsed. */
  readonly coldMillis: number;
  /** The best of the others: bars come from the cache. */
  readonly warmMillis: number;
  /** Processor milliseconds of that best one. */
  readonly cpuMillis: number;
  readonly megabytes: number;
}

/** A whole `sweep`, from the start of the process to its end. */
async function wholeCommand(bars: BarColumns): Promise<Command> {
  const home = mkdtempSync(join(tmpdir(), 'bench-sweep-'));
  try {
    const file = join(home, 'bars.csv');
    writeFileSync(file, csvOf(bars));
    writeFileSync(join(home, MEASURER), MEASURE);
    const runs = [runSweep(home, file)];
    await new Promise((resolve) => setTimeout(resolve, REST_MS));
    // Notes, by then, that the file has rested.
    runSweep(home, file);
    for (let run = 0; run < WARM_RUNS; run += 1) runs.push(runSweep(home, file));
    const [cold, ...warm] = runs;
    const [best] = warm.toSorted((a, b) => a.millis - b.millis);
    return {
      coldMillis: cold?.millis ?? Number.NaN,
      warmMillis: best?.millis ?? Number.NaN,
      cpuMillis: best?.cpu ?? Number.NaN,
      megabytes: best?.mega ?? Number.NaN,
    };
  } finally {
    rmSync(home, { recursive: true });
  }
}

function csvOf({ count, openTime, open, high, low, close }: BarColumns): string {
  const unit = (column: ArrayLike<number>, at: number) => (column[at] ?? 0) / 100_000;
  const lines = Array.from({ length: count }, (_, at) => {
    const time = `${new Date(openTime[at] ?? 0).toISOString().slice(0, 19)}Z`;
    return `${time},${unit(open, at)},${unit(high, at)},${unit(low, at)},${unit(close, at)},`;
  });
  return `time_utc_iso,open,high,low,close,volume\n${lines.join('\n')}\n`;
}

function runSweep(home: string, file: string) {
  const program = ['--require', join(home, MEASURER), join(ROOT, 'bin/palm-oil-tui.js'), 'sweep'];
  const env = {
    ...process.env,
    // Read by Node itself, at every start, before it comes to us: 37 ms for a bundle of 150.
    NODE_EXTRA_CA_CERTS: '',
    XDG_CONFIG_HOME: home,
    XDG_DATA_HOME: home,
    XDG_CACHE_HOME: home,
  };
  const args = [...program, '--bars', file, '--out', join(home, 'sweep.csv')];
  const began = performance.now();
  const run = spawnSync(process.execPath, args, { env, encoding: 'utf8' });
  const millis = performance.now() - began;
  if (run.status !== 0) throw new Error(run.stderr);
  const [, kibi, cpu] = /KiB (\d+) cpu ([\d.]+)/.exec(run.stderr) ?? [];
  return { millis, cpu: Number(cpu), mega: (Number(kibi) * 1_024) / 1e6 };
}

interface Kernels {
  readonly warm: number;
  readonly plain: number;
  readonly many: number;
  readonly long: number;
}

/** Bundled first, as the program is: imports that a loader resolves at each use cost as much. */
function kernels(): Kernels {
  const place = mkdtempSync(join(tmpdir(), 'bench-sweep-'));
  try {
    const outfile = join(place, 'kernels.mjs');
    const entryPoints = [join(ROOT, 'scripts/bench-sweep-kernels.ts')];
    const shape = { bundle: true, platform: 'node', format: 'esm', logLevel: 'error' } as const;
    buildSync({ ...shape, entryPoints, outfile, target: 'node20.20', minifySyntax: true });
    const run = spawnSync(process.execPath, [outfile], { encoding: 'utf8' });
    if (run.status !== 0) throw new Error(run.stderr);
    return JSON.parse(run.stdout) as Kernels;
  } finally {
    rmSync(place, { recursive: true });
  }
}

/** Fewer bars and sets than ours: its time grows with both, and all of them would take minutes. */
const PEER_BARS = 20_000;
const PEER_SETS = gridOf({
  rsi_buy: [30],
  rsi_sell: [70],
  tp: [1.5, 2, 2.5, 3],
  sl: [1, 1.5, 2],
});
const PEER_SHARE = (PEER_SETS.length * PEER_BARS) / (192 * SHORT);

/** Processor milliseconds it would take for the short sweep, or undefined with a sentence why. */
function peerMillis(bars: BarColumns): number | undefined {
  const peer = installPeer(BACKTESTER);
  if (peer.folder === undefined) {
    console.log(`skipped: ${peer.reason}`);
    return undefined;
  }
  try {
    const file = join(peer.folder, 'bars.json');
    writeFileSync(file, JSON.stringify({ bars: peerBars(bars), sets: PEER_SETS }));
    const program = [join(ROOT, 'scripts/bench-sweep-peer.mjs'), peer.folder, file];
    const run = spawnSync(process.execPath, program, { encoding: 'utf8' });
    if (run.status !== 0) throw new Error(run.stderr);
    const { millis } = JSON.parse(run.stdout) as { readonly millis: number };
    return millis / PEER_SHARE;
  } finally {
    peer.remove();
  }
}

/** Prices in units, with the RSI after each bar. */
function peerBars({ openTime, open, high, low, close }: BarColumns) {
  let state: RsiState = RSI_START;
  const unit = (column: ArrayLike<number>, at: number) => (column[at] ?? 0) / 100_000;
  return Array.from({ length: PEER_BARS }, (_, at) => {
    state = nextRsi(state, 14, close[at] ?? 0);
    return {
      time: openTime[at] ?? 0,
      open: unit(open, at),
      high: unit(high, at),
      low: unit(low, at),
      close: unit(close, at),
      rsi: rsiValue(state, 14) ?? 50,
    };
  });
}

const peerLines = (warm: number, peer: number | undefined): readonly BenchLine[] =>
  peer === undefined
    ? []
    : [
        { name: `  ${BACKTESTER}, scaled from 12 x 20,000`, value: peer, unit: 'ms' },
        { name: `  times as fast as ${BACKTESTER}`, value: peer / warm, unit: '×', atLeast: 100 },
      ];

export async function benchBacktestSweep(): Promise<BenchLine[]> {
  const { warm, plain, many, long } = kernels();
  const bars = walk(LONG);
  const first = await wholeCommand(firstOf(bars, SHORT));
  const second = await wholeCommand(bars);
  const peer = peerMillis(bars);
  return [
    { name: 'sweep 192 sets x 100,000 bars, warm', value: warm, unit: 'ms', target: 30 },
    { name: '  a plain loop over every bar', value: plain, unit: 'ms' },
    { name: '  sweep as a share of the plain loop', value: warm / plain, unit: '×', target: 0.33 },
    ...peerLines(warm, peer),
    { name: 'sweep 192 sets x 1,000,000 bars, warm', value: long, unit: 'ms', target: 250 },
    { name: '  growth for ten times the bars', value: long / warm, unit: '×', target: 12 },
    { name: 'sweep 10,000 sets x 100,000 bars', value: many, unit: 'ms', target: 2_000 },
    ...commandLines('100,000', first, 250),
    ...commandLines('1,000,000', second, 500),
    { name: '  memory', value: second.megabytes, unit: 'MB', target: 250 },
  ];
}

const commandLines = (bars: string, command: Command, target: number): BenchLine[] => [
  { name: `sweep command, ${bars} bars, cached`, value: command.warmMillis, unit: 'ms', target },
  { name: '  processor time of it', value: command.cpuMillis, unit: 'ms' },
  { name: '  the first time, parsing the file', value: command.coldMillis, unit: 'ms' },
];
