/**
 * `npm run sizes [-- --seed 1 --full]`: the law of whole numbers at every size from 60x16 to
 * 240x70, each with two panels and a dialog in turn, or with all; the suite takes samples.
 * Ends with 1 when a number is cut, filled or missing. Deliberately draws no pictures.
 */
import fc from 'fast-check';
import { PANELS } from '../src/ui/layout.ts';
import { check, DIALOGS, type DialogName, world } from '../tests/support/promises.ts';

const MIN = { columns: 60, rows: 16 } as const;
const MAX = { columns: 240, rows: 70 } as const;
const NAMES = Object.keys(DIALOGS) as DialogName[];
const WORLDS = 500;

const words = process.argv.slice(2);
const isFull = words.includes('--full');
const seed = Number(words[words.indexOf('--seed') + 1] ?? 1) || 1;
const worlds = fc.sample(world, { seed, numRuns: WORLDS });
const views = PANELS.flatMap((focus) => [false, true].map((zoom) => ({ focus, zoom })));

let turn = 0;
let drawn = 0;
const broken: string[] = [];

function look(work: () => void): void {
  drawn += 1;
  try {
    work();
  } catch (error) {
    broken.push((error as Error).message);
  }
}

const inTurn = <T>(all: readonly T[], many: number): readonly T[] =>
  isFull ? all : Array.from({ length: many }, (_, at) => all[(turn * many + at) % all.length] as T);

for (let { rows } = MIN; rows <= MAX.rows; rows += 1) {
  for (let { columns } = MIN; columns <= MAX.columns; columns += 1) {
    const one = worlds[turn % WORLDS];
    if (one === undefined) throw new Error('no world was made');
    for (const view of inTurn(views, 2)) look(() => check(one, { columns, rows, ...view }));
    for (const name of inTurn(NAMES, 1)) {
      look(() => check(one, { columns, rows, focus: 'blotter', zoom: false }, name));
    }
    turn += 1;
  }
}

console.log(`seed ${seed}: ${turn} sizes, ${drawn} screens, ${broken.length} broken`);
for (const sentence of broken.slice(0, 5)) console.log(sentence);
process.exitCode = broken.length === 0 ? 0 : 1;
