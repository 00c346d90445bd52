/**
 * `npm run soak`: eight simulated weeks of the real program without a screen, over its simulator,
 * with a broken link, suspensions, `kill -9` and a journal that is moved away, all by seed.
 * Memory, descriptors, threads and files are sampled from outside by /proc (Linux only), the heap
 * through /metrics. Exit code 0 when every line passes, 1 when one fails.
 * `--weeks 8 --seed 1 --speed 50000 --json FILE` are what it takes.
 */
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { createPrng } from '../src/sim/prng.ts';
import { Headless } from '../tests/e2e/headless.ts';
import { BIN, ensureBuilt, freshHome } from '../tests/e2e/terminal-session.ts';
import { median } from './bench-line.ts';
import { flatness, type Sample } from './soak-figures.ts';

const { values } = parseArgs({
  options: {
    weeks: { type: 'string', default: '8' },
    seed: { type: 'string', default: '1' },
    speed: { type: 'string', default: '50000' },
    json: { type: 'string' },
  },
});
const WEEKS = Number(values.weeks);
const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;
const SAMPLE_MS = 1_000;
/** MiB a week that the slope may show, and MiB that the last week may lie above the second. */
const LIMITS = { rssSlope: 1, rssRise: 12, heapSlope: 0.5, heapRise: 4, wallMinutes: 20 } as const;
const MIB = 1_048_576;
/** A journal beside which nothing may grow: its write-ahead file and the small ones. */
const BESIDE_MIB = 24;
/** What the documented retention allows a journal of the simulator, whatever its age. */
const JOURNAL_MIB = 80;

interface Look {
  readonly at: number;
  readonly run: number;
  readonly rss: number;
  readonly heap: number;
  readonly external: number;
  readonly descriptors: number;
  readonly threads: number;
  readonly journal: number;
  readonly beside: number;
}

const prng = createPrng(`soak ${values.seed}`);
const home = freshHome();
const looks: Look[] = [];
const tally = { kills: 0, suspensions: 0, journals: 0, reconnects: 0, decisions: 0, trades: 0 };
const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Faults for each of the first connections of a process: it lies or is late, and then it ends. */
function linkFaults(): string {
  const lines = Array.from({ length: 600 }, (_, index) => {
    const nth = prng.integer(200, 12_000);
    const quote = (number: number, what: string) =>
      `@${index + 1} out ProtoOASpotEvent#${number} ${what}`;
    const early = prng.integer(1, nth - 1);
    const faults = [
      [],
      [quote(early, `delay ${prng.integer(1_000, 40_000)}`)],
      [quote(early, `corrupt ${prng.integer(4, 8)} ${prng.integer(1, 255)}`)],
      [quote(early, 'drop'), quote(early + 1, 'duplicate')],
    ][prng.integer(0, 3)];
    const end = prng.chance(500) ? 'close' : `truncate ${prng.integer(1, 12)}`;
    return [...(faults ?? []), quote(nth, end)].join('\n');
  });
  const file = join(home.path, `faults-${prng.integer(1, 1e9)}.txt`);
  writeFileSync(file, `${lines.join('\n')}\n`);
  return file;
}

interface Engine {
  readonly run: Headless;
  readonly journal: string;
  readonly metrics: number;
  readonly number: number;
}

let started = 0;
async function start(): Promise<Engine> {
  started += 1;
  const metrics = 20_000 + prng.integer(0, 20_000);
  const run = new Headless(
    home.path,
    ['--seed', values.seed, '--speed', values.speed, '--data-dir', join(home.path, 'data')].concat([
      '--metrics-port',
      String(metrics),
    ]),
    { SIM_FAULTS: linkFaults(), LOG_LEVEL: 'info' },
  );
  const line = await run.line('the start', ({ message }) => message === 'started');
  return { run, journal: String(line['journal']), metrics, number: started };
}

/** The newest simulated instant the program spoke of; its lines are counted and let go. */
let simulated = 0;
function listen({ run }: Engine): void {
  for (const line of run.lines.splice(0)) {
    const at = Number(line['barTime'] ?? line['wall'] ?? 0);
    if (at > simulated) simulated = at;
    if (line['event'] === 'decision') tally.decisions += 1;
    if (line.message === 'link READY') tally.reconnects += 1;
    if (line.level === 'error') console.error(JSON.stringify(line).slice(0, 300));
  }
}

const sizeOf = (file: string): number => (existsSync(file) ? statSync(file).size / MIB : 0);

function besideOf(journal: string): number {
  return readdirSync(dirname(journal))
    .filter((name) => name.startsWith('journal.db-') || name.endsWith('.head'))
    .reduce((sum, name) => sum + sizeOf(join(dirname(journal), name)), 0);
}

async function look(engine: Engine): Promise<void> {
  listen(engine);
  const proc = join('/proc', String(engine.run.pid));
  const metrics = await fetch(`http://127.0.0.1:${engine.metrics}/metrics`).then((one) =>
    one.text(),
  );
  const gauge = (name: string) =>
    Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(metrics)?.[1]) / MIB;
  const status = readFileSync(join(proc, 'status'), 'utf8');
  const field = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]);
  looks.push({
    at: simulated,
    run: engine.number,
    rss: field('VmRSS') / 1_024,
    heap: gauge('nodejs_heap_size_used_bytes'),
    external: gauge('nodejs_external_memory_bytes'),
    descriptors: readdirSync(join(proc, 'fd')).length,
    threads: field('Threads'),
    journal: sizeOf(engine.journal),
    beside: besideOf(engine.journal),
  });
}

/** Looks once a second until that simulated instant, and suspends the process now and then. */
async function liveUntil(engine: Engine, until: number): Promise<void> {
  let next = simulated + prng.integer(1, 4) * DAY_MS;
  while (simulated < until) {
    await wait(SAMPLE_MS);
    await look(engine);
    if (simulated < next) continue;
    next = simulated + prng.integer(2, 6) * DAY_MS;
    engine.run.kill('SIGSTOP');
    await wait(prng.integer(200, 3_000));
    engine.run.kill('SIGCONT');
    tally.suspensions += 1;
  }
}

async function killed(engine: Engine): Promise<Engine> {
  engine.run.kill('SIGKILL');
  await engine.run.ended;
  tally.kills += 1;
  return start();
}

/** The journal is moved away under a running engine, which must say so; then it is put back. */
async function withoutJournal(engine: Engine): Promise<Engine> {
  renameSync(engine.journal, `${engine.journal}.away`);
  await engine.run.line('the fault of the journal', ({ message }) =>
    /JOURNAL|journal/.test(message),
  );
  renameSync(`${engine.journal}.away`, engine.journal);
  tally.journals += 1;
  return killed(engine);
}

/** Two weeks with kills and a lost journal, then one process to the end: its memory is judged. */
async function soak(): Promise<Engine> {
  let engine = await start();
  await engine.run.line('a first line with its time', (one) => one['wall'] !== undefined);
  listen(engine);
  const began = simulated;
  for (const part of [0.1, 0.35, 0.6, 0.85]) {
    await liveUntil(engine, began + part * WEEK_MS + prng.integer(-6, 6) * (DAY_MS / 24));
    engine = part === 0.6 ? await withoutJournal(engine) : await killed(engine);
  }
  await liveUntil(engine, began + WEEKS * WEEK_MS);
  return engine;
}

let failures = 0;
function line(isGood: boolean, what: string, figure: string): void {
  if (!isGood) failures += 1;
  console.log(`${isGood ? 'PASS' : 'FAIL'}  ${what.padEnd(62)} ${figure}`);
}

function table(began: number): void {
  const columns = [
    'rss',
    'heap',
    'external',
    'descriptors',
    'threads',
    'journal',
    'beside',
  ] as const;
  const row = (cells: readonly string[]) =>
    console.log(cells.map((cell) => cell.padStart(12)).join(''));
  row(['week', 'samples', ...columns]);
  for (let week = 0; week < WEEKS; week += 1) {
    const part = looks.filter(({ at }) => Math.floor((at - began) / WEEK_MS) === week);
    const cells = columns.map((name) => median(part.map((one) => one[name])).toFixed(1));
    row([String(week + 1), String(part.length), ...cells]);
  }
}

function judge(began: number, minutes: number): void {
  const last = looks.at(-1)?.run;
  const own = looks.filter(({ run }) => run === last);
  const samples = (name: 'rss' | 'heap'): Sample[] =>
    own.map((one) => ({ week: (one.at - began) / WEEK_MS, value: one[name] }));
  for (const name of ['rss', 'heap'] as const) {
    const { slope, early, late } = flatness(samples(name));
    const most = LIMITS[`${name}Slope`];
    line(
      slope <= most,
      `${name}: Theil-Sen slope of the second half, at most ${most} MiB a week`,
      `${slope.toFixed(2)} MiB a week`,
    );
    const rise = LIMITS[`${name}Rise`];
    line(
      late - early <= rise,
      `${name}: last week above the second of its process, at most ${rise} MiB`,
      `${early.toFixed(1)} -> ${late.toFixed(1)} MiB`,
    );
  }
  const early = own.slice(5, Math.max(20, Math.floor(own.length / 8)));
  for (const name of ['descriptors', 'threads'] as const) {
    const most = Math.max(...early.map((one) => one[name]));
    const late = median(own.slice(-Math.floor(own.length / 8)).map((one) => one[name]));
    line(late <= most, `${name}: no more at the end than at the beginning`, `${most} -> ${late}`);
  }
  const journal = Math.max(...looks.map((one) => one.journal));
  const beside = Math.max(...looks.map((one) => one.beside));
  line(journal <= JOURNAL_MIB, `journal, at most ${JOURNAL_MIB} MiB`, `${journal.toFixed(1)} MiB`);
  line(beside <= BESIDE_MIB, `beside it, at most ${BESIDE_MIB} MiB`, `${beside.toFixed(1)} MiB`);
  line(
    minutes <= LIMITS.wallMinutes,
    `of the wall, at most ${LIMITS.wallMinutes} minutes`,
    `${minutes.toFixed(1)} minutes`,
  );
}

/** A last kill; then the journal alone must be sound, and tell the same again. */
async function afterwards(engine: Engine): Promise<void> {
  engine.run.kill('SIGKILL');
  await engine.run.ended;
  const said = (...args: readonly string[]) =>
    execFileSync(process.execPath, [BIN, ...args, '--journal', engine.journal], {
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    });
  const verdict = JSON.parse(said('replay', '--verify', '--json')) as Record<string, unknown>;
  line(
    verdict['same'] === true,
    'the journal runs again to the same state',
    String(verdict['inputs']),
  );
  const trades = JSON.parse(said('trades', '--json')) as unknown;
  tally.trades = Array.isArray(trades) ? trades.length : Object.keys(trades as object).length;
}

ensureBuilt();
const began = performance.now();
const engine = await soak();
const minutes = (performance.now() - began) / 60_000;
const first = looks[0]?.at ?? 0;
table(first);
judge(first, minutes);
await afterwards(engine);
line(tally.kills >= 4 && tally.reconnects > 10 * WEEKS, 'the faults struck', JSON.stringify(tally));
if (values.json !== undefined) writeFileSync(values.json, JSON.stringify({ tally, looks }));
home.remove();
console.log(failures === 0 ? 'PASS all lines' : `FAIL ${failures} lines`);
process.exitCode = failures === 0 ? 0 : 1;
