/**
 * A journal on a real disk for tests: a fresh directory, the real writer thread, real time.
 * Deliberately bundles the writer as it is shipped, because a worker does not run TypeScript.
 */
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { afterAll } from 'vitest';
import type { Stamped } from '../../src/engine/event.ts';
import { positionId } from '../../src/engine/index.ts';
import type { JournalAnswer } from '../../src/engine/ports.ts';
import { type EngineState, initialState } from '../../src/engine/state.ts';
import { drive } from '../../src/engine/step.ts';
import {
  type FileJournal,
  type JournalParts,
  openJournal,
  prepareJournal,
} from '../../src/runtime/journal.ts';
import type { Head, JournalIdentity } from '../../src/runtime/journal-rows.ts';
import { type Recovered, recover } from '../../src/runtime/recovery.ts';
import { EngineBench, ringgit } from '../support/engine.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export const IDENTITY: JournalIdentity = { environment: 'sim', account: '7', mode: 'dry-run' };

/** Real timers, as `openJournal` wants them. */
export const after = (delayMs: number, callback: () => void) => {
  const timer = setTimeout(callback, delayMs);
  return { cancel: () => clearTimeout(timer) };
};

/** Bundles a script of this repository, once a test process, and says where it is. */
export async function bundled(source: string): Promise<URL> {
  const name = source.replace(/^.*\//, '').replace(/\.ts$/, '');
  const outfile = join(ROOT, 'build', 'test', `${name}-${process.pid}.mjs`);
  await build({
    entryPoints: [join(ROOT, source)],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    logLevel: 'error',
  });
  return pathToFileURL(outfile);
}

const WRITER = 'src/runtime/journal-writer.ts';
let writer: Promise<URL> | undefined;

export const writerUrl = (): Promise<URL> => {
  writer ??= bundled(WRITER);
  return writer;
};

const directories: string[] = [];
afterAll(async () => {
  for (const directory of directories) rmSync(directory, { recursive: true, force: true });
  if (writer !== undefined) rmSync(fileURLToPath(await writer), { force: true });
});

export function freshDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'palm-oil-journal-'));
  directories.push(directory);
  return directory;
}

export const freshFile = (): string => join(freshDirectory(), 'sim-7-dry-run', 'journal.db');

export interface Opened {
  readonly journal: FileJournal;
  readonly answers: JournalAnswer[];
  readonly recovered: Recovered | undefined;
}

/** As a start does it: recover, prepare, open. */
export async function openAt(
  file: string,
  head?: Head,
  fields: Partial<JournalParts> = {},
): Promise<Opened> {
  const recovered = await recover(file, IDENTITY);
  await prepareJournal(file, IDENTITY);
  const answers: JournalAnswer[] = [];
  const journal = openJournal({
    file,
    head: head ?? recovered?.head ?? { id: 0, hash: '0'.repeat(64) },
    writer: { url: await writerUrl() },
    onAnswer: (answer) => answers.push(answer),
    after,
    ...fields,
  });
  return { journal, answers, recovered };
}

/** Runs inputs through the engine and writes them with the records of their steps. */
export function write(
  journal: Pick<FileJournal, 'append' | 'record'>,
  inputs: readonly Stamped[],
  from: EngineState = initialState(),
): EngineState {
  return inputs.reduce((state, input) => {
    journal.append(input);
    return drive(state, input, {
      record: (record, barrier) => journal.record(input.seq, record, barrier),
      transmit: () => undefined,
      query: () => undefined,
      subscribe: () => undefined,
      alert: () => undefined,
      refused: () => undefined,
    });
  }, from);
}

/** A morning with one whole trade: about two thousand inputs, two barriers, a fill and a stop. */
export function morning(): EngineBench {
  const bench = new EngineBench();
  bench.start();
  bench.ready();
  for (let level = 4_598; bench.barriers.length === 0 && level > 4_500; level -= 3) {
    bench.sentiment(44);
    bench.bar(level);
  }
  bench.durableOnce();
  bench.durableOnce();
  const order = bench.state.core.orders[0];
  if (order === undefined) throw new Error('the morning brought no order');
  const { generation } = bench.state.core.link;
  bench.feed({ type: 'sent', generation, requestId: order.id });
  bench.jump(80);
  const about = { clientOrderId: order.id, volume: order.volume, positionId: positionId('500') };
  bench.orderUpdate(about);
  bench.jump(60);
  bench.deal({ filled: order.volume, price: ringgit(4_590) });
  bench.orderUpdate({ ...about, executed: order.volume, status: 'filled' });
  const stop = ringgit(4_521);
  const target = ringgit(4_681);
  bench.feed({ type: 'protection', generation, positionId: positionId('500'), stop, target });
  bench.wait(2_000);
  return bench;
}

/** The inputs a loop would have journaled: a clock that changes nothing leaves no trace. */
export function journaled(bench: EngineBench): Stamped[] {
  const kept: Stamped[] = [];
  let state = initialState();
  for (const input of bench.inputs) {
    const before = state;
    state = write({ append: () => undefined, record: () => undefined }, [input], state);
    if (state !== before) kept.push(input);
  }
  return kept;
}

/** A copy of a journal with its side files. */
export function copyJournal(file: string, to: string): void {
  for (const end of ['', '-wal', '-shm']) {
    if (existsSync(file + end)) copyFileSync(file + end, to + end);
  }
}
