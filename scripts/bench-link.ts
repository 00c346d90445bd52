/**
 * The control socket of a real headless engine that takes twenty quotes a second from a broker in
 * another process: how fast an operator's command is answered, and what ten observers cost. And
 * what an engine costs on its own: memory after an hour of market, processor time at rest.
 * Deliberately from outside, by /proc: only on Linux.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Command, commandId, untrusted } from '../src/engine/index.ts';
import { connectLink, type RemoteLink } from '../src/runtime/link-socket.ts';
import { systemClock } from '../src/runtime/loop.ts';
import { TICK_COLUMNS } from '../src/sim/recording.ts';
import { STANDARD_CREDENTIALS } from '../src/sim/server/standard-broker.ts';
import { Headless } from '../tests/e2e/headless.ts';
import { serveSimulator } from '../tests/e2e/simulator-process.ts';
import { ensureBuilt, freshHome } from '../tests/e2e/terminal-session.ts';
import { type BenchLine, median } from './bench-line.ts';

const COMMANDS = 300;
const WATCH_MS = 10_000;
/** An hour of market in so many seconds of the wall. */
const HOUR_SPEED = 120;
const TICKS_PER_SECOND = 100;
const QUOTES_PER_SECOND = 20;
/** Longer than the group takes. */
const QUOTED_SECONDS = 600;
/** Inside an afternoon session, with an hour to go. */
const IN_SESSION = Date.UTC(2026, 1, 2, 7);
const HOUR_MS = 3_600_000;

const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

interface Engine {
  readonly pid: number;
  readonly socket: string;
  end(): Promise<void>;
}

async function start(
  home: ReturnType<typeof freshHome>,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Engine> {
  const run = new Headless(home.path, ['--data-dir', home.path, ...args], env);
  const line = await run.line('the socket', ({ message }) => message === 'control socket open');
  await run.line('READY', ({ message }) => message === 'link READY');
  return {
    pid: run.pid,
    socket: String(line['path']),
    end: async () => {
      run.kill('SIGTERM');
      await run.ended;
      home.remove();
    },
  };
}

/** An engine on its own simulator: its share is in every figure. */
const alone = (speed: number): Promise<Engine> =>
  start(freshHome(), ['--seed', '7', '--speed', String(speed)]);

/** A dry run of a demo account: a broker in another process quotes twenty times a second. */
async function quoted(): Promise<Engine> {
  const home = freshHome();
  const file = join(home.path, 'ticks.csv');
  writeFileSync(file, ticks());
  const served = await serveSimulator(home.path, ['--replay', file]);
  const engine = await start(home, ['--env', 'demo'], {
    ...served.env,
    CTRADER_ACCESS_TOKEN: STANDARD_CREDENTIALS.accessToken,
    CTRADER_ACCOUNT_ID: served.account,
    SENTIMENT_MODE: 'off',
  });
  return {
    ...engine,
    end: async () => {
      await engine.end();
      await served.stop();
    },
  };
}

/** Every quote another price; from this minute on, because the simulator moves by whole hours. */
function ticks(): string {
  const from = IN_SESSION + (systemClock().wall() % HOUR_MS);
  const rows = Array.from({ length: QUOTES_PER_SECOND * QUOTED_SECONDS }, (_, index) => {
    const bid = 4_100 + (index % 7) + (index % 2) * 3;
    const at = from + (index * 1_000) / QUOTES_PER_SECOND;
    return `${at},${bid},${bid + 2}`;
  });
  return `${TICK_COLUMNS.join(',')}\n${rows.join('\n')}\n`;
}

/** Processor seconds of a process so far, user and system. */
function spent(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

function residentMib(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1_024;
}

async function share(pid: number): Promise<number> {
  const [before, began] = [spent(pid), performance.now()];
  await wait(WATCH_MS);
  return ((spent(pid) - before) / (performance.now() - began)) * 1e5;
}

/** Milliseconds from each command of the operator to the picture with its answer. */
async function answers(link: RemoteLink): Promise<readonly number[]> {
  const times: number[] = [];
  for (let number = 0; number < COMMANDS; number += 1) {
    const id = commandId(`b${number}`);
    const by = untrusted('bench');
    const state = number % 2 === 0 ? 'reducing' : 'active';
    const body = { type: 'setTradingState', state } as const;
    const command: Command = { id, role: 'operator', by, body };
    const began = performance.now();
    await new Promise<void>((resolve, reject) => {
      const stop = link.subscribe((snapshot) => {
        const answer = snapshot.commands.find((one) => one.id === id);
        if (answer === undefined) return;
        queueMicrotask(() => stop());
        if (answer.status === 'refused') reject(new Error(`refused: ${answer.reason}`));
        else resolve();
      });
      link.send(command);
    });
    times.push(performance.now() - began);
    await wait(60);
  }
  return times;
}

const p99 = (times: readonly number[]): number =>
  times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.99)] ?? Number.NaN;

const attach = (engine: Engine, role: 'operator' | 'observer') =>
  connectLink(engine.socket, { role, clock: systemClock() });

/** Processor share with ten observers, and without, before and after: a young process warms up. */
async function crowded(engine: Engine): Promise<number> {
  const before = await share(engine.pid);
  const crowd = await Promise.all(Array.from({ length: 10 }, () => attach(engine, 'observer')));
  let pictures = 0;
  for (const one of crowd) {
    one.subscribe(() => {
      pictures += 1;
    });
  }
  await wait(1_000);
  const watched = await share(engine.pid);
  if (pictures < WATCH_MS / 20) throw new Error(`the observers saw ${pictures} pictures only`);
  for (const one of crowd) one.close();
  await wait(1_000);
  return watched - (before + (await share(engine.pid))) / 2;
}

async function measured(engine: Engine) {
  await wait(3_000);
  const operator = await attach(engine, 'operator');
  const times = await answers(operator);
  operator.close();
  return { times, crowd: await crowded(engine) };
}

async function withQuotes(): Promise<readonly BenchLine[]> {
  const engine = await quoted();
  const { times, crowd } = await measured(engine).finally(() => engine.end());
  return [
    {
      name: 'operator command until its answer, p99',
      value: p99(times),
      unit: 'ms',
      target: 20,
    },
    { name: 'the same, median', value: median(times), unit: 'ms' },
    { name: 'ten observers at 20 quotes/s, of a core', value: crowd, unit: '%', target: 2 },
  ];
}

async function atRest(): Promise<readonly BenchLine[]> {
  const engine = await alone(1);
  await wait(5_000);
  const value = await share(engine.pid);
  await engine.end();
  return [{ name: 'headless at rest, of a core', value, unit: '%', target: 2 }];
}

async function afterAnHour(): Promise<readonly BenchLine[]> {
  const engine = await alone(HOUR_SPEED);
  await wait((3_600 / HOUR_SPEED) * 1_000 + 1_000);
  const value = residentMib(engine.pid);
  await engine.end();
  const name = `resident after an hour of market, ×${HOUR_SPEED}`;
  return [{ name, value, unit: 'MiB', target: 90 }];
}

/** Lines of the control socket and of a headless engine as a whole. */
export async function benchLink(): Promise<readonly BenchLine[]> {
  if (!existsSync(join('/proc', String(process.pid), 'stat'))) return [];
  ensureBuilt();
  return [...(await withQuotes()), ...(await atRest()), ...(await afterAnHour())];
}
