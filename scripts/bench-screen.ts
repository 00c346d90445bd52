// What the screen costs where it is used: in a real pseudo-terminal, 120x40, twenty quotes a
// second, beside plain Ink 6.8 drawing the same frames in the same minute.
// Short by default; `--full` measures the 60 s window and the 20 s stall of the specification.
import { setTimeout as pause } from 'node:timers/promises';
import { ScriptedScreen } from '../tests/support/scripted-screen.ts';
import { ScreenModel } from '../tests/support/terminal.ts';
import type { BenchLine } from './bench-line.ts';

const isFull = process.argv.includes('--full');
const WINDOW_MS = isFull ? 60_000 : 12_000;
const STALL_MS = isFull ? 20_000 : 5_000;
const WARM_UP_MS = isFull ? 10_000 : 4_000;
const LIMIT_MS = 120_000;
const SIZE = { cols: 120, rows: 40 };
const KEYS = 100;
const KEY_EVERY_MS = 67;
/**
 * Pictures after which the heap is weighed. By the third mark code is compiled and what keeps a
 * bounded past is full; what grows from there on is a leak.
 */
const WEIGHED_AT = [500, 1_500, 3_000, isFull ? 7_000 : 4_000] as const;
const SPEED = 16;

type Renderer = 'cells' | 'ink';

interface Watched {
  readonly kilobytesPerSecond: number;
  readonly cpuPercent: number;
  readonly framesPerSecond: number;
  readonly clears: number;
  readonly outside: number;
}

/** Everything a terminal receives in the window, and what the process spent meanwhile. */
async function watch(renderer: Renderer, quotesPerSecond: number): Promise<Watched> {
  const script = { renderer, quotesPerSecond, warmUpMs: WARM_UP_MS, windowMs: WINDOW_MS };
  const screen = new ScriptedScreen({ ...SIZE, ...script, alone: true });
  const chunks: string[] = [];
  screen.session.onBytes((text) => chunks.push(text));
  try {
    await screen.until((one) => one.inWindow, 'the warm-up', LIMIT_MS);
    const from = chunks.length;
    const began = performance.now();
    const { window } = await screen.until(
      (one) => one.window !== undefined,
      'the window',
      LIMIT_MS,
    );
    const seconds = (performance.now() - began) / 1_000;
    const seen = chunks.slice(from).join('');
    const frames = seen.split('\x1b[?2026h').length - 1;
    const model = new ScreenModel(SIZE.cols, SIZE.rows);
    if (renderer === 'cells') model.feed(chunks.join(''));
    const lastRow = renderer === 'cells' ? model.line(SIZE.rows - 1).trim().length : 0;
    const { cpuMs = Number.NaN, ms = Number.NaN } = window ?? {};
    return {
      kilobytesPerSecond: Buffer.byteLength(seen) / 1_000 / seconds,
      cpuPercent: (cpuMs / ms) * 100,
      framesPerSecond: frames / seconds,
      clears: seen.split(/\x1b\[[23]J/).length - 1,
      outside: model.foreign.length + lastRow,
    };
  } finally {
    await screen.close();
  }
}

/** Megabytes the heap grows by per thousand pictures: at first, and once all is settled. */
async function heapGrowth(): Promise<{ readonly early: number; readonly settled: number }> {
  const script = { quotesPerSecond: 20, speed: SPEED, weighAt: WEIGHED_AT };
  const screen = new ScriptedScreen({ ...SIZE, ...script });
  try {
    const count = WEIGHED_AT.length;
    const { heaps } = await screen.until((one) => one.heaps.length === count, 'growth', LIMIT_MS);
    const [first = Number.NaN, second = Number.NaN, third = Number.NaN, last = Number.NaN] = heaps;
    const perThousand = (bytes: number, frames: number) => bytes / 1_000 / frames;
    return {
      early: perThousand(second - first, WEIGHED_AT[1] - WEIGHED_AT[0]),
      settled: perThousand(last - third, WEIGHED_AT[3] - WEIGHED_AT[2]),
    };
  } finally {
    await screen.close();
  }
}

/** Milliseconds from a key to the bytes that answer it: the mark moves to the panel it names. */
async function keyLatencies(): Promise<readonly number[]> {
  const screen = new ScriptedScreen({ ...SIZE });
  const found: number[] = [];
  let asked: number | undefined;
  screen.session.onBytes((text) => {
    if (asked === undefined || !text.includes('▸')) return;
    found.push(performance.now() - asked);
    asked = undefined;
  });
  try {
    await screen.until((one) => one.turns * 20 > WARM_UP_MS, 'the warm-up', LIMIT_MS);
    for (let count = 0; count < KEYS; count += 1) {
      asked = performance.now();
      screen.session.keys(count % 2 === 0 ? '3' : '5');
      while (asked !== undefined) await pause(1);
      await pause(KEY_EVERY_MS);
    }
    return found.sort((a, b) => a - b);
  } finally {
    await screen.close();
  }
}

interface Stall {
  readonly longestGapMs: number;
  readonly catchUpMs: number;
}

/** The far side reads nothing for a while, then everything. */
async function stall(): Promise<Stall> {
  const screen = new ScriptedScreen({ ...SIZE, warmUpMs: WARM_UP_MS });
  const { session } = screen;
  try {
    await screen.until((one) => one.turns * 20 > WARM_UP_MS, 'the warm-up', LIMIT_MS);
    await session.waitFor(/PROTECTED/);
    session.pause();
    await pause(STALL_MS);
    session.kill('SIGUSR2');
    await pause(500);
    const { longestGapMs } = await screen.until((one) => one.turns > 0, 'a report');
    const began = performance.now();
    session.resume();
    const isLatest = () => session.lines().some((line) => /BUY\s+7\s/.test(line));
    await session.waitUntil(isLatest, 'the latest state');
    return { longestGapMs, catchUpMs: performance.now() - began };
  } finally {
    await screen.close();
  }
}

export async function benchUiScreen(): Promise<readonly BenchLine[]> {
  const ours = await watch('cells', 20);
  const ink = await watch('ink', 20);
  const heap = await heapGrowth();
  const idle = await watch('cells', 0);
  const keys = await keyLatencies();
  const stalled = await stall();
  const at = (part: number): number => keys[Math.floor(keys.length * part)] ?? Number.NaN;
  const ratio = (wide: number, narrow: number): number => wide / narrow;
  return [
    {
      name: 'screen: written, 20 quotes/s',
      value: ours.kilobytesPerSecond,
      unit: 'KB/s',
      target: 4,
    },
    { name: 'screen: one core', value: ours.cpuPercent, unit: '%', target: 5 },
    { name: 'screen: frames', value: ours.framesPerSecond, unit: '/s', target: 10.5 },
    { name: 'screen: clears after the first', value: ours.clears, unit: '', target: 0 },
    { name: 'screen: cells outside the frame', value: ours.outside, unit: '', target: 0 },
    {
      name: `screen: heap per 1,000 frames, from ${WEIGHED_AT[2]} to ${WEIGHED_AT[3]}`,
      value: heap.settled,
      unit: 'MB',
      target: 1,
    },
    {
      name: `the same while compiling, ${WEIGHED_AT[0]} to ${WEIGHED_AT[1]}`,
      value: heap.early,
      unit: 'MB',
    },
    { name: 'plain Ink: written', value: ink.kilobytesPerSecond, unit: 'KB/s' },
    { name: 'plain Ink: one core', value: ink.cpuPercent, unit: '%' },
    { name: 'plain Ink: frames', value: ink.framesPerSecond, unit: '/s' },
    {
      name: 'fewer bytes than plain Ink',
      value: ratio(ink.kilobytesPerSecond, ours.kilobytesPerSecond),
      unit: 'x',
      atLeast: 10,
    },
    {
      name: 'less processor than plain Ink',
      value: ratio(ink.cpuPercent, ours.cpuPercent),
      unit: 'x',
      atLeast: 5,
    },
    {
      // A slow machine makes Ink leave pictures out: it then spends less, and shows less.
      name: 'the same for each picture',
      value: ratio(ink.cpuPercent / ink.framesPerSecond, ours.cpuPercent / ours.framesPerSecond),
      unit: 'x',
    },
    { name: 'screen: written, idle', value: idle.kilobytesPerSecond, unit: 'KB/s', target: 0.3 },
    { name: 'key to bytes p50', value: at(0.5), unit: 'ms' },
    { name: 'key to bytes p95', value: at(0.95), unit: 'ms', target: 15 },
    {
      name: `longest gap, reader stopped ${STALL_MS / 1_000} s`,
      value: stalled.longestGapMs,
      unit: 'ms',
      target: 100,
    },
    { name: 'latest state after the stall', value: stalled.catchUpMs, unit: 'ms', target: 1_500 },
  ];
}
