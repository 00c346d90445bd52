/**
 * What one price costs from TLS to the engine's decision, one TLS record each, over a real socket
 * between processes; and the same bytes through another people's client in the same run.
 * Processor time, and the best of several streams: what others do on the machine only adds. Ours is
 * measured before and after theirs. Offline the comparison is left out.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BenchLine } from './bench-line.ts';
import { installPeer, PEER } from './peer.ts';

const WARM_UP = 100_000;
const TICKS = 150_000;
const ROUNDS = 5;
const PEER_TICKS = 30_000;
const PATIENCE_MS = 60_000;
/** Over all rounds of a market with a hundred prices a second. */
const MINUTES = (ROUNDS * TICKS) / 100 / 60;
const HEAP_GROWTH_BYTES = 2 * 1024 * 1024;

interface Message {
  readonly type: string;
  readonly port: number;
  readonly cert: string;
  readonly cpuMicros: number;
  readonly wallMs: number;
  readonly heapGrowth?: number;
}

const script = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** The next message of that type from the child. */
const hear = (child: ChildProcess, type: string): Promise<Message> =>
  new Promise((resolve, reject) => {
    const onMessage = (message: Message): void => {
      if (message.type !== type) return;
      child.off('message', onMessage);
      child.off('exit', onExit);
      resolve(message);
    };
    const onExit = (): void => reject(new Error(`a process of the bench ended before "${type}"`));
    child.on('message', onMessage);
    child.once('exit', onExit);
    setTimeout(() => reject(new Error(`no "${type}" in time`)), PATIENCE_MS).unref();
  });

async function round(sender: ChildProcess, receiver: ChildProcess, ticks: number) {
  const armed = hear(receiver, 'armed');
  receiver.send({ expect: ticks });
  await armed;
  const received = hear(receiver, 'received');
  sender.send({ ticks });
  return received;
}

interface Figures {
  readonly micros: number;
  readonly heapGrowth: number;
}

/** Least processor time of one price, after a warm-up. */
async function measure(sender: ChildProcess, receiver: ChildProcess, far: Message, ticks: number) {
  const ready = hear(receiver, 'ready');
  receiver.send({ port: far.port, cert: far.cert });
  await ready;
  await round(sender, receiver, Math.min(WARM_UP, ticks));
  const micros: number[] = [];
  let heapGrowth = 0;
  for (let index = 0; index < ROUNDS; index += 1) {
    const answer = await round(sender, receiver, ticks);
    micros.push(answer.cpuMicros / ticks);
    heapGrowth = answer.heapGrowth ?? 0;
  }
  const gone = hear(sender, 'closed');
  receiver.kill();
  await gone;
  return { micros: Math.min(...micros), heapGrowth } satisfies Figures;
}

/** The other client's figure, or undefined with a sentence when it cannot be had. */
async function measurePeer(sender: ChildProcess, far: Message): Promise<number | undefined> {
  const peer = installPeer();
  if (peer.folder === undefined) {
    console.log(`skipped: ${peer.reason}`);
    return undefined;
  }
  const folder = mkdtempSync(join(tmpdir(), 'palm-oil-certificate-'));
  const authority = join(folder, 'authority.pem');
  writeFileSync(authority, far.cert);
  const env = { ...process.env, NODE_EXTRA_CA_CERTS: authority };
  const receiver = fork(script('bench-peer.mjs'), [peer.folder], { env, execArgv: [] });
  try {
    return (await measure(sender, receiver, far, PEER_TICKS)).micros;
  } finally {
    receiver.kill();
    peer.remove();
    rmSync(folder, { recursive: true, force: true });
  }
}

const fast: Pick<BenchLine, 'name' | 'unit'> = { name: 'ticks a second on one core', unit: '/s' };

export async function benchWireReceive(): Promise<readonly BenchLine[]> {
  const sender = fork(script('bench-sender.ts'));
  const execArgv = [...process.execArgv, '--expose-gc'];
  const measureOurs = (far: Message) =>
    measure(sender, fork(script('bench-receiver.ts'), { execArgv }), far, TICKS);
  try {
    const far = await hear(sender, 'listening');
    const before = await measureOurs(far);
    const theirs = await measurePeer(sender, far);
    const after = await measureOurs(far);
    const micros = Math.min(before.micros, after.micros);
    const growth = Math.max(0, before.heapGrowth, after.heapGrowth);
    const lines: BenchLine[] = [
      { name: 'TLS to decision, one record a tick', value: micros, unit: 'µs', target: 3 },
      { ...fast, value: 1e6 / micros, atLeast: 250_000 },
      {
        name: `heap growth over ${MINUTES} minutes of ticks`,
        value: growth,
        unit: 'B',
        target: HEAP_GROWTH_BYTES,
      },
    ];
    if (theirs === undefined) return lines;
    return [
      ...lines,
      { name: `${PEER}, same bytes`, value: theirs, unit: 'µs' },
      { name: 'times its throughput', value: theirs / micros, unit: '×', atLeast: 10 },
    ];
  } finally {
    sender.kill();
  }
}
