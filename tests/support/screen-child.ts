// A screen alone in its own process, drawn from a scripted market: for measuring it and for
// attacking it through a real pseudo-terminal. It takes its script from SCREEN_SCRIPT and writes
// what happened to the report file, which is the only channel besides the terminal.
// SIGUSR2 changes the volume of the open position.
import { writeFileSync } from 'node:fs';
import { type Command, money, price, type Snapshot, seq, volume } from '../../src/engine/index.ts';
import { createLink } from '../../src/runtime/link.ts';
import { mountScreen } from '../../src/ui/app.tsx';
import { position, quiet } from './builders-snapshot.ts';

export interface ScreenScript {
  readonly quotesPerSecond: number;
  readonly renderer: 'cells' | 'ink';
  readonly report: string;
  /** Before the window: start-up, first frames, compilation. */
  readonly warmUpMs: number;
  readonly windowMs: number;
  /** The screen's clock runs so many times faster: pictures of minutes in seconds. */
  readonly speed?: number;
  /** In the window nothing runs but the market and the screen: no turns, no reports. */
  readonly alone?: boolean;
  /** The heap is weighed, garbage collected, after so many pictures each. */
  readonly weighAt?: readonly number[];
}

/** What the process saw of itself. */
export interface ScreenReport {
  readonly turns: number;
  readonly longestGapMs: number;
  readonly quotes: number;
  readonly commands: readonly Command['body'][];
  /** Bytes at each of `weighAt` that has come. */
  readonly heaps: readonly number[];
  readonly inWindow: boolean;
  /** Present once the window is over. */
  readonly window?: { readonly cpuMs: number; readonly ms: number };
}

const script = JSON.parse(process.env['SCREEN_SCRIPT'] ?? '{}') as ScreenScript;
const speed = script.speed ?? 1;
const LOOK_MS = 20;
const WRITE_MS = 200;

let quotes = 0;
let held = 800;
const commands: Command['body'][] = [];
const began = performance.now();
/** Made once: what the engine would do to make a picture is not the screen's cost. */
const DAY = quiet();

function picture(): Snapshot {
  const age = Math.round(performance.now() - began);
  const bid = 4_012 + Math.round(Math.sin(quotes / 7) * 6);
  const pnl = (bid - 3_998) * held;
  const positions = [
    position({
      volume: volume(held),
      current: price(bid * 100_000),
      openPnl: money(pnl),
      ageMs: 2_228_000 + age,
    }),
  ];
  const base: Snapshot = { ...DAY, positions };
  const quote = base.quote && {
    ...base.quote,
    bid: price(bid * 100_000),
    ask: price((bid + 2) * 100_000),
    ageMs: 40,
  };
  const forming = base.bars.forming && { ...base.bars.forming, close: price(bid * 100_000) };
  const closesInMs = 293_000 - age;
  return {
    ...base,
    quote,
    seq: seq(50_000 + quotes),
    wall: (base.wall + age) as Snapshot['wall'],
    runtimeMs: base.runtimeMs + age,
    bars: { ...base.bars, forming, closesInMs },
  };
}

const after = (ms: number, callback: () => void) => {
  const timer = setTimeout(callback, ms / speed);
  return { cancel: () => clearTimeout(timer) };
};
const link = createLink({ picture, post: (command) => void commands.push(command.body), after });

let pictures = 0;
const heaps: number[] = [];
const stdout = process.stdout as unknown as Parameters<typeof mountScreen>[0]['stdout'];
const { weighAt = [] } = script;
if (weighAt.length > 0) {
  const write = stdout.write.bind(stdout);
  stdout.write = (text, written) => {
    if (text.includes('\x1b[?2026h')) pictures += 1;
    return write(text, written);
  };
}

const screen = mountScreen({
  link,
  stdout,
  stdin: process.stdin,
  process,
  env: process.env,
  version: 'test',
  clock: {
    now: () => performance.now() * speed,
    every: (ms, callback) => {
      const timer = setInterval(callback, ms / speed);
      return () => clearInterval(timer);
    },
  },
  onQuit: () => leave(),
  operator: 'ann',
  role: 'operator',
  commandPrefix: 'k',
  renderer: script.renderer,
});

if (script.quotesPerSecond > 0) {
  setInterval(
    () => {
      quotes += 1;
      link.changed(DAY.commands, true);
    },
    1_000 / script.quotesPerSecond / speed,
  );
}
process.on('SIGUSR2', () => {
  held -= 100;
  link.changed(DAY.commands, true);
});

const heap = (): number => {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
};

let turns = 0;
let longestGapMs = 0;
let lastTurn = performance.now();
function turn(): void {
  const now = performance.now();
  turns += 1;
  longestGapMs = Math.max(longestGapMs, now - lastTurn - LOOK_MS);
  lastTurn = now;
  if (pictures >= (weighAt[heaps.length] ?? Number.POSITIVE_INFINITY)) heaps.push(heap());
}

let inWindow = false;
let window: ScreenReport['window'];
function write(): void {
  const report: ScreenReport = {
    turns,
    longestGapMs,
    quotes,
    commands,
    heaps,
    inWindow,
    ...(window === undefined ? {} : { window }),
  };
  writeFileSync(script.report, JSON.stringify(report));
}

const looking = setInterval(turn, LOOK_MS);
const writing = setInterval(write, WRITE_MS);
setTimeout(() => {
  inWindow = true;
  write();
  if (script.alone === true) for (const timer of [looking, writing]) clearInterval(timer);
  globalThis.gc?.();
  const from = { at: performance.now(), cpu: process.cpuUsage() };
  lastTurn = performance.now();
  longestGapMs = 0;
  setTimeout(() => {
    const { user, system } = process.cpuUsage(from.cpu);
    window = { cpuMs: (user + system) / 1_000, ms: performance.now() - from.at };
    write();
  }, script.windowMs);
}, script.warmUpMs);

function leave(): void {
  write();
  screen.unmount();
  process.exit(0);
}
