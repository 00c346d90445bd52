/**
 * `npm run demo`: the pictures of the README, taken from the real program in a real
 * pseudo-terminal. The simulator runs by seed to one instant and stands still there, so that the
 * same program gives the same pictures. `-- kill` takes only those whose name contains it, and
 * `-- --frames` draws contact sheets of every golden frame instead.
 * Deliberately no browser and no fonts: cells become SVG.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { ensureBuilt, freshHome, ROOT, TerminalSession } from '../tests/e2e/terminal-session.ts';
import { svgOf } from '../tests/support/svg.ts';
import { drawSheets } from './frame-sheets.ts';

interface Shot {
  readonly name: string;
  readonly title: string;
  readonly cols: number;
  readonly rows: number;
  readonly keys: readonly string[];
}

const SHOTS: readonly Shot[] = [
  { name: 'console', title: 'the console at 120x40', cols: 120, rows: 40, keys: [] },
  { name: 'compact', title: 'the console at 80x24', cols: 80, rows: 24, keys: ['7'] },
  { name: 'kill', title: 'the question before the kill switch', cols: 80, rows: 24, keys: ['K'] },
];
const RUN = ['--seed', '21', '--duration', '31h', '--speed', '50000', '--hold'];
const STILL_MS = 2_500;
const LIMIT_MS = 90_000;

/** Waits until nothing has changed for a while: the clock of the simulation has stopped. */
async function untilStill(session: TerminalSession): Promise<void> {
  const ends = performance.now() + LIMIT_MS;
  let before = session.screen();
  for (let since = performance.now(); performance.now() - since < STILL_MS; ) {
    await pause(100);
    const now = session.screen();
    if (now !== before) since = performance.now();
    before = now;
    if (performance.now() > ends) throw new Error(`the screen never stood still:\n${now}`);
  }
}

async function take({ name, title, cols, rows, keys }: Shot): Promise<void> {
  const home = freshHome();
  const env = { COLORTERM: 'truecolor' };
  const session = new TerminalSession({ args: RUN, cols, rows, home: home.path, env });
  try {
    await session.waitFor(/READY/, 30_000);
    await untilStill(session);
    for (const key of keys) {
      const before = session.screen();
      session.keys(key);
      await session.waitUntil(() => session.screen() !== before, `an answer to ${key}`);
      // A picture may come in pieces.
      await untilStill(session);
    }
    const file = join(ROOT, 'docs', 'images', `${name}.svg`);
    writeFileSync(file, svgOf(session.cells().slice(0, rows - 1), `palm-oil-tui: ${title}`));
    console.log(file);
  } finally {
    await session.close();
    home.remove();
  }
}

async function takeAll(only: string): Promise<void> {
  ensureBuilt();
  mkdirSync(join(ROOT, 'docs', 'images'), { recursive: true });
  for (const shot of SHOTS.filter(({ name }) => name.includes(only))) await take(shot);
}

const [first = '', ...words] = process.argv.slice(2);
await (first === '--frames' ? drawSheets(words) : takeAll(first));
