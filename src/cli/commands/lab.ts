/**
 * The `simulate` verb: worlds of faults by seed, what they found, and how to see it again.
 * Deliberately prints on standard output only; a world touches no file, socket or account.
 */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { systemClock } from '../../runtime/loop.ts';
import type { Depth, FaultName } from '../../sim/faults.ts';
import type { Restriction, WorldOptions } from '../../sim/world-options.ts';
import type { WorldResult } from '../../sim/world-subject.ts';
import { EXIT } from '../exit.ts';
import type { Io } from '../io.ts';
import { VERSION } from '../version.ts';

/** Exit codes of this verb alone; docs/simulation.md explains them. */
export const SIMULATE_EXIT = { held: 0, broken: 1, crashed: 2, stuck: 3, untried: 4 } as const;

/** From so many worlds on, what was never met is a failure. */
const WIDE = 1_000;

interface Wanted {
  readonly from: number;
  readonly to: number;
  readonly restriction: Restriction;
  readonly isShrinking: boolean;
  readonly isJson: boolean;
}

interface Ending {
  readonly io: Io;
  readonly done: (code: number) => void;
}

type Verb = (parent: Command, usage: string, about: string, example: string) => Command;

export function addLabVerbs(program: Command, verb: Verb, { io, done }: Ending): void {
  verb(program, 'simulate', 'the engine in seeded worlds of faults', 'simulate --seeds 1..200')
    .option('--seed <n>', 'one world', seedOf)
    .option('--seeds <a..b>', 'every world from a to b', seedsOf)
    .addOption(
      new Option('--depth <depth>', 'the engine alone, or client, bytes and file as well')
        .choices(['core', 'full'])
        .default('core'),
    )
    .option('--without <faults>', 'faults to leave out, with commas between', namesOf)
    .option('--until <seconds>', 'end the phase with faults after that much simulated time', seedOf)
    .option('--shrink', 'make a failing world smaller before it is reported')
    .option('--json', 'one JSON object instead of text')
    .action(async (values: Record<string, unknown>) => {
      const wanted = wantedOf(values);
      done(typeof wanted === 'string' ? refuse(io, wanted) : await simulate(wanted, io));
    });
}

function seedOf(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError(`${JSON.stringify(text)} is not a whole number.`);
}

function seedsOf(text: string): readonly [number, number] {
  const parts = /^(\d{1,9})\.\.(\d{1,9})$/.exec(text);
  const [from, to] = [Number(parts?.[1]), Number(parts?.[2])];
  if (parts !== null && from <= to) return [from, to];
  throw new InvalidArgumentError(`${JSON.stringify(text)} is no range of seeds such as 1..200.`);
}

const namesOf = (text: string): readonly string[] => text.split(',').filter((name) => name !== '');

function wantedOf(values: Record<string, unknown>): Wanted | string {
  const one = values['seed'] as number | undefined;
  const range = values['seeds'] as readonly [number, number] | undefined;
  if (one !== undefined && range !== undefined) return 'give either --seed or --seeds';
  const [from, to] = range ?? [one ?? 1, one ?? 1];
  const until = values['until'] as number | undefined;
  return {
    from,
    to,
    restriction: {
      depth: (values['depth'] ?? 'core') as Depth,
      without: (values['without'] ?? []) as readonly FaultName[],
      ...(until === undefined ? {} : { safetyMs: until * 1_000 }),
    },
    isShrinking: values['shrink'] === true,
    isJson: values['json'] === true,
  };
}

function refuse(io: Io, sentence: string): number {
  io.stderr.write(`palm-oil-tui: ${sentence}\n`);
  return EXIT.usage;
}

/** What all worlds of one call came to. */
interface Tally {
  worlds: number;
  failed: number;
  simulatedMs: number;
  entries: number;
  trades: number;
  readonly counts: Record<string, number>;
  readonly moves: Record<string, number>;
  readonly rows: Record<string, number>;
  readonly situations: Record<string, number>;
}

async function simulate(wanted: Wanted, io: Io): Promise<number> {
  const { depth = 'core' } = wanted.restriction;
  const faults = (await import('../../sim/faults.ts')).faultsAt(depth);
  const { catalogueCounts, ELSEWHERE, SITUATIONS } = await import('../../sim/fault-reach.ts');
  const { RECONCILE_ROWS } = await import('../../sim/world-reach.ts');
  const { ORDER_ROWS } = await import('../../sim/world-subject.ts');
  const { drawOptions, optionsText } = await import('../../sim/world-options.ts');
  const known = new Set<string>(faults.map(({ name }) => name));
  const stranger = wanted.restriction.without?.find((name) => !known.has(name));
  if (stranger !== undefined) {
    return refuse(io, `there is no fault ${JSON.stringify(stranger)}: ${[...known].join(', ')}`);
  }
  const clock = systemClock();
  const began = clock.mono();
  const counts = Object.fromEntries(faults.map(({ name }) => [name, 0]));
  const moves = Object.fromEntries(ORDER_ROWS.map((id) => [id, 0]));
  const tally: Tally = {
    worlds: 0,
    failed: 0,
    simulatedMs: 0,
    entries: 0,
    trades: 0,
    counts,
    moves,
    rows: Object.fromEntries(RECONCILE_ROWS.map((id) => [id, 0])),
    situations: Object.fromEntries(Object.keys(SITUATIONS).map((id) => [id, 0])),
  };
  const failures: unknown[] = [];
  const worlds = await openWorlds(depth);
  let code: number = SIMULATE_EXIT.held;
  for (let seed = wanted.from; seed <= wanted.to; seed += 1) {
    const options = drawOptions(seed, wanted.restriction);
    const result = await worlds.run(options).catch((error: unknown) => {
      throw new Error(`world ${seed} itself: ${String(error)}`, { cause: error });
    });
    count(tally, result);
    const isAlone = wanted.from === wanted.to;
    if (isAlone && !wanted.isJson) io.stdout.write(`${optionsText(options)}\n`);
    if (result.outcome === 'held') continue;
    // The first failure names the exit code: what came later may only follow from it.
    if (code === SIMULATE_EXIT.held) code = SIMULATE_EXIT[result.outcome];
    const report = await reportOf(options, result, { wanted, worlds });
    failures.push(report);
    if (!wanted.isJson) io.stdout.write(failureText(report, isAlone ? '' : optionsText(options)));
  }
  if (code === SIMULATE_EXIT.held && isNarrow(tally, depth)) code = SIMULATE_EXIT.untried;
  worlds.close();
  const seconds = Math.max(1, clock.mono() - began) / 1_000;
  const speed = Math.round(tally.simulatedMs / 1_000 / seconds);
  const catalogue = catalogueCounts(tally.counts, tally.situations);
  if (wanted.isJson) {
    io.stdout.write(`${JSON.stringify({ ...tally, catalogue, seconds, speed, failures })}\n`);
  } else {
    io.stdout.write(catalogueText(catalogue, ELSEWHERE));
    io.stdout.write(tallyText(tally, speed, faults));
  }
  return code;
}

/** Plays worlds of one depth; the files of the full one are gone when it is closed. */
interface Worlds {
  run(options: WorldOptions): Promise<WorldResult>;
  close(): void;
}

async function openWorlds(depth: Depth): Promise<Worlds> {
  if (depth === 'full') return (await import('../full-world.ts')).openFullWorlds();
  const { runWorld } = await import('../../sim/world.ts');
  return { run: async (options) => runWorld(options), close: () => undefined };
}

function count(tally: Tally, result: WorldResult): void {
  tally.worlds += 1;
  tally.failed += result.outcome === 'held' ? 0 : 1;
  tally.simulatedMs += result.simulatedMs;
  tally.entries += result.entries;
  tally.trades += result.trades;
  for (const name of Object.keys(tally.counts)) {
    tally.counts[name] = (tally.counts[name] ?? 0) + (result.counts[name as FaultName] ?? 0);
  }
  for (const part of ['moves', 'rows', 'situations'] as const) {
    for (const [id, times] of Object.entries(result[part])) {
      tally[part][id] = (tally[part][id] ?? 0) + times;
    }
  }
}

interface Report {
  readonly seed: number;
  readonly outcome: string;
  readonly id: string;
  readonly sentence: string;
  readonly step: number;
  readonly transcript: readonly string[];
  readonly replay: string;
}

async function reportOf(
  options: WorldOptions,
  failed: WorldResult,
  { wanted, worlds }: { readonly wanted: Wanted; readonly worlds: Worlds },
): Promise<Report> {
  let result = failed;
  let { restriction } = wanted;
  if (wanted.isShrinking) {
    const { shrinkWorld } = await import('../../sim/shrink.ts');
    const { drawOptions } = await import('../../sim/world-options.ts');
    const shrunk = await shrinkWorld(failed, options.safetyMs, (less) =>
      worlds.run(drawOptions(options.seed, { ...wanted.restriction, ...less })),
    );
    result = shrunk.result;
    restriction = { ...wanted.restriction, ...shrunk.restriction };
  }
  const { seed, outcome, violation, steps, transcript } = result;
  return {
    seed,
    outcome,
    id: violation?.id ?? '',
    sentence: violation?.sentence ?? '',
    step: steps,
    transcript,
    replay: replayCommand(seed, restriction),
  };
}

function replayCommand(
  seed: number,
  { without = [], safetyMs, depth = 'core' }: Restriction,
): string {
  const at = depth === 'core' ? '' : ` --depth ${depth}`;
  const left = without.length === 0 ? '' : ` --without ${without.join(',')}`;
  const until = safetyMs === undefined ? '' : ` --until ${Math.ceil(safetyMs / 1_000)}`;
  return `palm-oil-tui simulate --seed ${seed}${at}${left}${until}`;
}

function failureText(report: Report, options: string): string {
  const words = { broken: 'broke', crashed: 'crashed', stuck: 'did not converge' } as const;
  const how = words[report.outcome as keyof typeof words];
  const lines = [
    `seed ${report.seed} ${how}: ${report.id} at step ${report.step}, version ${VERSION}`,
    `  ${report.sentence}`,
    ...(options === '' ? [] : [`  ${options}`]),
    ...report.transcript.map((line) => `  | ${line}`),
    `  again: ${report.replay}`,
    '',
  ];
  return `${lines.join('\n')}\n`;
}

const catalogueText = (
  counts: Readonly<Record<string, number>>,
  elsewhere: Readonly<Record<string, string>>,
): string =>
  `faults of the catalogue, with how often: ${pairsText(counts)}\n` +
  `severe ones that no world makes: ${Object.entries(elsewhere)
    .map(([id, why]) => `${id} ${why}`)
    .join('; ')}\n`;

type FaultWords = readonly { readonly name: string; readonly ids: string }[];

function tallyText(tally: Tally, speed: number, faults: FaultWords): string {
  const rows = faults.map(({ name, ids }) => {
    return `  ${name.padEnd(17)} ${String(tally.counts[name]).padStart(7)}  ${ids}`;
  });
  const passed = tally.worlds - tally.failed;
  const days = Math.round(tally.simulatedMs / 1_000);
  return [
    'faults that struck:',
    ...rows,
    `moves of orders: ${pairsText(tally.moves)}`,
    `rows of reconciliation: ${pairsText(tally.rows)}`,
    `never struck: ${unmet(tally.counts)}; moves never made: ${unmet(tally.moves)}; ` +
      `rows never met: ${unmet(tally.rows)}`,
    `${tally.entries} entries sent, ${tally.trades} trades closed`,
    `${days} simulated seconds, ${speed} of them a second of real time`,
    `${passed} of ${tally.worlds} worlds held`,
    '',
  ].join('\n');
}

/** A wide run that left something untried proves less than it seems to. */
function isNarrow(tally: Tally, depth: Depth): boolean {
  if (tally.worlds < WIDE) return false;
  // The tables are played through at the core; the full depth is about bytes and files.
  const all =
    depth === 'core' ? [tally.counts, tally.moves, tally.rows, tally.situations] : [tally.counts];
  return all.some((one) => Object.values(one).includes(0));
}

const pairsText = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .map(([id, times]) => `${id} ${times}`)
    .join(', ');

/** What was never met, by name: silence would look like success. */
const unmet = (counts: Readonly<Record<string, number>>): string =>
  Object.keys(counts)
    .filter((name) => counts[name] === 0)
    .join(', ') || 'none';
