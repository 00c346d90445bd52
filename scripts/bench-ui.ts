// What one frame costs: drawing the lines, finding the changed cells, and the bytes that leave.
// It does not judge the result; scripts/bench.ts prints it beside the target. The targets are a
// twentieth of a core and 4 KB/s at ten frames a second, at 120x40.
import { price, type Snapshot, seq } from '../src/engine/index.ts';
import { frameLines } from '../src/ui/frame.ts';
import { makeLook } from '../src/ui/look.ts';
import { ScreenWriter } from '../src/ui/screen-writer.ts';
import { initialUi } from '../src/ui/ui-state.ts';
import { position, quiet } from '../tests/support/builders-snapshot.ts';

/** One measured number and the value it should stay below. */
export interface BenchLine {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly target: number;
}

const FRAMES = 600;
const WARM_UP = 150;
const FRAMES_PER_SECOND = 10;

/** A market that moves a little in every frame, as ten frames a second show it. */
function moving(frame: number): Snapshot {
  const base = quiet({ positions: [position({ ageMs: frame * 100 })] });
  if (base.quote === undefined) return base;
  const bid = price((4_012 + Math.round(Math.sin(frame / 3) * 4)) * 100_000);
  const quote = { ...base.quote, bid, ageMs: frame % 900 };
  return { ...base, seq: seq(1_000 + frame), quote };
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

interface Cost {
  readonly drawMs: number;
  readonly writeMs: number;
  readonly bytesPerFrame: number;
}

function measure(columns: number, rows: number): Cost {
  const look = makeLook({ colour: '256', theme: 'dark', ascii: false });
  const start = initialUi({
    columns,
    rows,
    theme: 'dark',
    commandPrefix: 'bench',
    role: 'operator',
    operator: 'bench',
    now: 0,
  });
  let bytes = 0;
  const writer = new ScreenWriter({
    write: (text, written) => {
      bytes += Buffer.byteLength(text);
      written();
    },
  });
  const snapshots = Array.from({ length: FRAMES }, (_, frame) => moving(frame));
  const draws: number[] = [];
  const writes: number[] = [];
  snapshots.forEach((snapshot, frame) => {
    if (frame === WARM_UP) bytes = 0;
    const began = performance.now();
    const ui = { ...start, now: frame * 100, snapshotAt: frame * 100 };
    const lines = frameLines({ snapshot, ui, look, version: 'bench' });
    const drawn = performance.now();
    writer.paint(lines, columns);
    if (frame < WARM_UP) return;
    draws.push(drawn - began);
    writes.push(performance.now() - drawn);
  });
  const bytesPerFrame = bytes / (FRAMES - WARM_UP);
  return { drawMs: median(draws), writeMs: median(writes), bytesPerFrame };
}

/** Figures for the three sizes the product names. */
export function benchUi(): readonly BenchLine[] {
  const budgetMs = (1_000 / FRAMES_PER_SECOND) * 0.05;
  return [
    [80, 24],
    [120, 40],
    [200, 60],
  ].flatMap(([columns = 0, rows = 0]) => {
    const { drawMs, writeMs, bytesPerFrame } = measure(columns, rows);
    const at = `at ${columns}x${rows}`;
    const target = (budgetMs * (columns * rows)) / (120 * 40);
    const frameMs = drawMs + writeMs;
    const kilobytes = (bytesPerFrame * FRAMES_PER_SECOND) / 1_000;
    return [
      { name: `frame drawn and written ${at}`, value: frameMs, unit: 'ms', target },
      { name: `bytes to the terminal ${at}`, value: kilobytes, unit: 'KB/s', target: 4 },
    ];
  });
}
