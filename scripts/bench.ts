/**
 * `npm run bench`: one line a figure, with its ratio to a calibration loop of the same process and
 * the target beside it. Deliberately judges no machine: compare ratios, not milliseconds.
 * `--only NAME` runs the groups whose name contains NAME; `--full` takes the time the targets name.
 */
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { ensureBuilt, freshHome, TerminalSession } from '../tests/e2e/terminal-session.ts';
import { type BenchLine, median } from './bench-line.ts';

type Bench = () => readonly BenchLine[] | Promise<readonly BenchLine[]>;

const SCRIPTS = fileURLToPath(new URL('.', import.meta.url));
const ROOT = join(SCRIPTS, '..');
const CALIBRATION_STEPS = 2_000_000;
const CALIBRATION_ROUNDS = 15;
const STARTS = 5;
/** Of the program; `npm start` is npm's own start before it. */
const FIRST_FRAME_MS = 400;
const NPM_FIRST_FRAME_MS = 600;
/** By then a run has kept the code that V8 made of the bundle (bin/load.js). */
const KEPT_MS = 8_000;
const WATCH_MS = 10_000;
const PAUSE_MS = 1_000;

/** Files that export a group of figures; each is optional, so that a part can be measured alone. */
const GROUPS: readonly (readonly [string, string])[] = [
  ['bench-engine.ts', 'benchEngine'],
  ['bench-news.ts', 'benchNews'],
  ['bench-wire.ts', 'benchWire'],
  ['bench-receive.ts', 'benchWireReceive'],
  ['bench-ui.ts', 'benchUi'],
  ['bench-screen.ts', 'benchUiScreen'],
  ['bench-backtest.ts', 'benchBacktest'],
  ['bench-sweep.ts', 'benchBacktestSweep'],
  ['bench-money.ts', 'benchMoney'],
  ['bench-link.ts', 'benchLink'],
  ['bench-memory.ts', 'benchMemory'],
];

const NANOS: Readonly<Record<string, number>> = { ns: 1, µs: 1e3, us: 1e3, ms: 1e6, s: 1e9 };

/** Nanoseconds for one step of integer and floating-point work, as the engine's own mix. */
export function calibrate(): number {
  const rounds = Array.from({ length: CALIBRATION_ROUNDS }, (_, round) => {
    const began = performance.now();
    let seed = round + 1;
    let mean = 0;
    for (let step = 0; step < CALIBRATION_STEPS; step += 1) {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) | 0;
      mean += ((seed >>> 8) / 16_777_216 - mean) * 0.07;
    }
    const spent = performance.now() - began;
    // Kept, so that the loop cannot be optimised away.
    if (Number.isNaN(mean)) throw new Error('the calibration loop is broken');
    return (spent * 1e6) / CALIBRATION_STEPS;
  });
  return median(rounds);
}

async function group(file: string, name: string): Promise<readonly BenchLine[]> {
  const path = join(SCRIPTS, file);
  if (!existsSync(path)) return [];
  const module: Readonly<Record<string, unknown>> = await import(pathToFileURL(path).href);
  const bench = module[name];
  if (typeof bench !== 'function') throw new Error(`scripts/${file} does not export ${name}`);
  return (bench as Bench)();
}

/** A live quote, RSI and chart axis: what a person waits for. */
const isWhole = (screen: string): boolean =>
  [/READY/, /bid\s+\d{4}/, /RSI\s+\d/, /┤\d{4}/].every((part) => part.test(screen));

/** The longest pause between two changes of an open screen; ages and the clock move at least. */
async function longestPause(): Promise<number> {
  const home = freshHome();
  const args = ['--data-dir', home.path];
  const session = new TerminalSession({ args, cols: 120, rows: 40, home: home.path });
  let longest = 0;
  try {
    await session.waitUntil(() => isWhole(session.screen()), 'the first frame', 30_000);
    const end = performance.now() + WATCH_MS;
    for (let last = performance.now(); last < end; ) {
      const before = session.screen();
      await session.waitUntil(() => session.screen() !== before, 'the screen to move', 30_000);
      const now = performance.now();
      longest = Math.max(longest, now - last);
      last = now;
    }
    return longest;
  } finally {
    await session.close();
    home.remove();
  }
}

/** Milliseconds from the start of the command until the screen shows a live quote and RSI. */
async function firstFrame(command: readonly string[], stayMs = 0): Promise<number> {
  const home = freshHome();
  const began = performance.now();
  const options = { cols: 120, rows: 40, home: home.path, cwd: ROOT };
  const session = new TerminalSession({ ...options, command, args: ['--data-dir', home.path] });
  try {
    await session.waitUntil(() => isWhole(session.screen()), 'the first frame', 30_000);
    const spent = performance.now() - began;
    await new Promise((resolve) => setTimeout(resolve, stayMs));
    return spent;
  } finally {
    await session.close();
    home.remove();
  }
}

async function benchStart(): Promise<readonly BenchLine[]> {
  ensureBuilt();
  const program = [process.execPath, 'bin/palm-oil-tui.js'];
  const commands: readonly (readonly [string, readonly string[], number])[] = [
    ['first frame, npm start', ['npm', 'start', '--silent', '--'], NPM_FIRST_FRAME_MS],
    ['first frame, the program itself', program, FIRST_FRAME_MS],
  ];
  rmSync(join(ROOT, 'dist', 'code'), { recursive: true, force: true });
  const first = await firstFrame(program, KEPT_MS);
  const lines: BenchLine[] = [
    { name: 'first frame ever, after a build', value: first, unit: 'ms' },
  ];
  for (const [name, command, target] of commands) {
    const times: number[] = [];
    for (let start = 0; start < STARTS; start += 1) times.push(await firstFrame(command));
    lines.push({ name, value: median(times), unit: 'ms', target });
  }
  const pause = await longestPause();
  lines.push({ name: 'longest pause of the screen', value: pause, unit: 'ms', target: PAUSE_MS });
  return lines;
}

function print(line: BenchLine, stepNanos: number): void {
  const nanos = NANOS[line.unit];
  const ratio = nanos === undefined ? '' : `× ${((line.value * nanos) / stepNanos).toPrecision(3)}`;
  const { target: most, atLeast } = line;
  const within = line.value <= (most ?? line.value) && line.value >= (atLeast ?? line.value);
  const bound = most === undefined ? `≥ ${atLeast}` : `≤ ${most}`;
  const hasTarget = most !== undefined || atLeast !== undefined;
  const target = hasTarget ? `${bound} ${line.unit}` : '';
  const verdict = !hasTarget ? '' : within ? 'ok' : 'MISSED';
  columns(line.name, `${line.value.toPrecision(4)} ${line.unit}`, ratio, target, verdict);
}

function columns(name: string, ...cells: readonly string[]): void {
  console.log([name.padEnd(44), ...cells.map((cell) => cell.padStart(14))].join('').trimEnd());
}

const onlyAt = process.argv.indexOf('--only');
const only = onlyAt < 0 ? '' : (process.argv[onlyAt + 1] ?? '');
const step = calibrate();
columns('figure', 'value', 'ratio', 'target');
print({ name: 'calibration step', value: step, unit: 'ns' }, step);
for (const [file, name] of GROUPS) {
  if (!name.toLowerCase().includes(only.toLowerCase())) continue;
  for (const line of await group(file, name)) print(line, step);
}
if ('benchstart'.includes(only.toLowerCase())) {
  for (const line of await benchStart()) print(line, step);
}
