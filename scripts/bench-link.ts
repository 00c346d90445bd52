/**
 * The control socket of a real headless engine: how fast a command is answered, what ten observers
 * cost, and what the engine itself costs: memory after an hour of market, processor time at rest.
 * Deliberately from outside, by /proc: only on Linux. The simulator runs in the same process, so
 * that its share is in every figure.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Command, commandId, untrusted } from '../src/engine/index.ts';
import { connectLink, type RemoteLink } from '../src/runtime/link-socket.ts';
import { systemClock } from '../src/runtime/loop.ts';
import { Headless } from '../tests/e2e/headless.ts';
import { ensureBuilt, freshHome } from '../tests/e2e/terminal-session.ts';
import type { BenchLine } from './bench-line.ts';

const COMMANDS = 150;
const WATCH_MS = 10_000;
/** An hour of market in so many seconds of the wall. */
const HOUR_SPEED = 120;
const TICKS_PER_SECOND = 100;

const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

interface Engine {
  readonly pid: number;
  readonly socket: string;
  end(): Promise<void>;
}

async function start(...args: readonly string[]): Promise<Engine> {
  const home = freshHome();
  const run = new Headless(home.path, ['--data-dir', home.path, '--seed', '7', ...args]);
  const line = await run.line('the socket', ({ message }) => message === 'control socket open');
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

/** Milliseconds from each command to its answer. */
async function answers(link: RemoteLink, count: number): Promise<readonly number[]> {
  const times: number[] = [];
  for (let number = 0; number < count; number += 1) {
    const id = commandId(`b${number}`);
    const by = untrusted('bench');
    const body = { type: 'setTradingState', state: 'reducing' } as const;
    const command: Command = { id, role: 'operator', by, body };
    const began = performance.now();
    await new Promise<void>((resolve) => {
      const stop = link.subscribe((snapshot) => {
        if (!snapshot.commands.some((one) => one.id === id)) return;
        queueMicrotask(() => stop());
        resolve();
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

async function atRealSpeed(): Promise<readonly BenchLine[]> {
  const engine = await start('--speed', '1');
  await wait(3_000);
  const idle = await share(engine.pid);
  const crowd = await Promise.all(Array.from({ length: 10 }, () => attach(engine, 'observer')));
  let pictures = 0;
  for (const one of crowd) {
    one.subscribe(() => {
      pictures += 1;
    });
  }
  await wait(1_000);
  const watched = await share(engine.pid);
  if (pictures < WATCH_MS / 100) throw new Error(`the observers saw ${pictures} pictures only`);
  for (const one of crowd) one.close();
  await wait(1_000);
  // Before and after: a young process gets cheaper by itself.
  const idleAfter = await share(engine.pid);
  // A refusal comes at once: the way there, the reading, the way back.
  const observer = await attach(engine, 'observer');
  const there = await answers(observer, COMMANDS);
  observer.close();
  const operator = await attach(engine, 'operator');
  const seen = await answers(operator, COMMANDS / 3);
  operator.close();
  await engine.end();
  return [
    { name: 'command through the socket and back, p99', value: p99(there), unit: 'ms', target: 20 },
    { name: 'command until a picture shows its answer, p99', value: p99(seen), unit: 'ms' },
    { name: 'headless at rest, of a core', value: idleAfter, unit: '%', target: 2 },
    {
      name: 'ten observers more, of a core',
      value: watched - (idle + idleAfter) / 2,
      unit: '%',
      target: 2,
    },
  ];
}

async function afterAnHour(): Promise<readonly BenchLine[]> {
  const engine = await start('--speed', String(HOUR_SPEED));
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
  return [...(await atRealSpeed()), ...(await afterAnHour())];
}
