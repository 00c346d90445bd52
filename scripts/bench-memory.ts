/**
 * What a run costs in memory after as many quotes as an hour of twenty a second brings, without and
 * with its screen, over TLS from the simulator in a process of its own; and what each quote costs.
 * Deliberately by count: 72,000 quotes in three minutes allocate faster than in an hour, so that
 * the figure is an upper bound. From outside, by /proc: only on Linux.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { STANDARD_CREDENTIALS } from '../src/sim/server/standard-broker.ts';
import { Headless } from '../tests/e2e/headless.ts';
import { serveSimulator } from '../tests/e2e/simulator-process.ts';
import { ensureBuilt, freshHome, TerminalSession } from '../tests/e2e/terminal-session.ts';
import type { BenchLine } from './bench-line.ts';

const QUOTES = 72_000;
const PER_SECOND = 400;
const HOUR_MS = 3_600_000;
/** Until the engine is connected; quotes before are history. */
const HEAD_START_MS = 8_000;
const TICKS_PER_SECOND = 100;

const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Two-sided quotes of one minute in the hour, which the simulator moves to this very hour. */
function recording(file: string): void {
  const session = Date.UTC(2025, 0, 6, 7);
  const start = session + ((Date.now() + HEAD_START_MS) % HOUR_MS);
  const lines = ['time_utc_ms,bid,ask', `${start - 50 * 60_000},4600,4603`];
  for (let quote = 0; quote < QUOTES; quote += 1) {
    const time = start + Math.floor((quote * 1_000) / PER_SECOND);
    const bid = 4_600 + Math.round(12 * Math.sin(quote / 900)) + (quote % 3 === 0 ? 1 : 0);
    lines.push(`${time},${bid},${bid + 3 + (quote % 2)}`);
  }
  writeFileSync(file, `${lines.join('\n')}\n`);
}

interface Cost {
  readonly mib: number;
  readonly microsPerQuote: number;
}

function costOf(pid: number): Cost {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  const seconds = (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
  const mib = Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1_024;
  return { mib, microsPerQuote: (seconds * 1e6) / QUOTES };
}

async function afterQuotes(ui: boolean): Promise<Cost> {
  const home = freshHome();
  const ticks = join(home.path, 'ticks.csv');
  recording(ticks);
  const place = ['--data-dir', join(home.path, 'simulator')];
  const broker = await serveSimulator(home.path, ['--replay', ticks, ...place]);
  const { accessToken } = STANDARD_CREDENTIALS;
  const env = {
    ...broker.env,
    CTRADER_ACCESS_TOKEN: accessToken,
    CTRADER_ACCOUNT_ID: broker.account,
  };
  const args = ['run', '--env', 'demo', '--data-dir', join(home.path, 'data')];
  const span = HEAD_START_MS + (QUOTES * 1_000) / PER_SECOND;
  try {
    if (!ui) {
      const run = new Headless(home.path, args.slice(1), env);
      await wait(span);
      const cost = costOf(run.pid);
      run.kill('SIGTERM');
      await run.ended;
      return cost;
    }
    const session = new TerminalSession({ args, cols: 120, rows: 40, home: home.path, env });
    await wait(span);
    const cost = costOf(session.pid);
    await session.close();
    return cost;
  } finally {
    await broker.stop();
    home.remove();
  }
}

/** Memory lines, with the targets of a small machine beside them. */
export async function benchMemory(): Promise<readonly BenchLine[]> {
  if (!existsSync(join('/proc', String(process.pid), 'stat'))) return [];
  ensureBuilt();
  const plain = await afterQuotes(false);
  const screen = await afterQuotes(true);
  const many = `${QUOTES.toLocaleString('en')} quotes`;
  return [
    { name: `resident without a screen, ${many}`, value: plain.mib, unit: 'MiB', target: 90 },
    { name: `resident with the screen, ${many}`, value: screen.mib, unit: 'MiB', target: 120 },
    { name: 'processor time a quote, all of it', value: plain.microsPerQuote, unit: 'µs' },
  ];
}
