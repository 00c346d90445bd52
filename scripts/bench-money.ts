/**
 * Two figures of the money path: decision to first order byte with both durable commits, and key to
 * closed gate in a real terminal. Deliberately with the real writer thread, full sync and the real
 * client; the server is the simulator in the same process over memory.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { simMarket } from '../src/cli/sim-market.ts';
import { createCtraderBroker } from '../src/ctrader/broker.ts';
import { secret } from '../src/ctrader/secret.ts';
import type { Dial } from '../src/ctrader/transport.ts';
import type { Event, Stamped } from '../src/engine/event.ts';
import { generation, type InstrumentId, mono, wall } from '../src/engine/index.ts';
import type { Broker, Clock } from '../src/engine/ports.ts';
import { type EngineState, initialState } from '../src/engine/state.ts';
import { step } from '../src/engine/step.ts';
import { openJournal, prepareJournal } from '../src/runtime/journal.ts';
import { GENESIS } from '../src/runtime/journal-rows.ts';
import { createLoop, soon } from '../src/runtime/loop.ts';
import { SIMULATED_ACCOUNT } from '../src/sim/fcpo.ts';
import { memoryDial } from '../src/sim/server/memory-dial.ts';
import { createSimulatorServer } from '../src/sim/server/server.ts';
import { STANDARD_CREDENTIALS, standardBroker } from '../src/sim/server/standard-broker.ts';
import { freshHome, TerminalSession } from '../tests/e2e/terminal-session.ts';
import { ACCOUNT, CONFIG, EngineBench } from '../tests/support/engine.ts';
import type { BenchLine } from './bench-line.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const ORDERS = 400;
/** Below the client's own pace of trading messages. */
const PAUSE_MS = 30;
const BYTES_MS = 25;
/** Much longer than any: on a machine that stood still the engine lets an old decision go. */
const GIVEN_UP_MS = 10_000;
const KILLS = 5;
const GATE_MS = 100;

const after = (delayMs: number, callback: () => void) => {
  const timer = setTimeout(callback, delayMs);
  return { cancel: () => clearTimeout(timer) };
};
const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
  });

/** An engine one quote before it decides to enter, and that quote. */
function brink(): { readonly state: EngineState; readonly quote: Event } {
  const bench = new EngineBench({ ...CONFIG, mode: 'live' });
  bench.start();
  bench.ready();
  bench.feed({ type: 'clockSkew', generation: generation(1), skewMs: 0 });
  bench.command({ type: 'arm', account: ACCOUNT.login });
  for (let level = 4_598; bench.barriers.length === 0 && level > 4_500; level -= 3) {
    bench.sentiment(44);
    bench.bar(level);
  }
  let state = initialState();
  for (const input of bench.inputs) {
    const [next, effects] = step(state, input);
    if (effects.some((one) => one.type === 'record' && one.barrier)) {
      return { state, quote: input.event };
    }
    state = next;
  }
  throw new Error('the bench engine never decided to enter');
}

const since = (began: number): number => performance.now() - began;

function clockFrom(start: Stamped['wall']): Clock {
  const began = performance.now();
  return {
    mono: () => mono(Math.floor(since(began))),
    wall: () => wall(start + Math.floor(since(began))),
    after,
  };
}

/** The real client, logged in at the simulator; `onBytes` hears every write to the line. */
async function client(
  onBytes: () => void,
): Promise<{ readonly broker: Broker; readonly instrumentId: InstrumentId }> {
  const { market } = simMarket({ replayFile: undefined, seed: 1, defaultSeed: 1 });
  const clock = clockFrom(market.liveFrom);
  const server = createSimulatorServer(standardBroker({ clock, seed: '1', market }));
  const inner = memoryDial(server, clock, 0);
  const dial: Dial = (events) => {
    const line = inner(events);
    const write = (bytes: Uint8Array): void => {
      onBytes();
      line.write(bytes);
    };
    return { write, close: () => line.close() };
  };
  const { clientId, clientSecret, accessToken } = STANDARD_CREDENTIALS;
  const broker = createCtraderBroker({
    dial,
    clock,
    credentials: {
      clientId,
      clientSecret: secret(clientSecret),
      accessToken: secret(accessToken),
    },
    environment: 'demo',
    accountId: SIMULATED_ACCOUNT.id,
    instrumentName: 'FCPO',
    instrumentAliases: [],
    trading: true,
    random: () => 0.5,
    note: () => undefined,
  });
  const instrumentId = await new Promise<InstrumentId>((resolve) => {
    let listed: InstrumentId | undefined;
    broker.start((event) => {
      if (event.type === 'instrument') {
        listed = event.instrument.id;
        broker.subscribe(listed);
      }
      if (event.type === 'link' && event.state === 'READY' && listed !== undefined) resolve(listed);
    });
  });
  return { broker, instrumentId };
}

/** Milliseconds from the quote that decides to the first byte of its order, sorted. */
async function orderTimes(): Promise<readonly number[]> {
  const { state, quote } = brink();
  const directory = mkdtempSync(join(tmpdir(), 'palm-oil-bench-'));
  const file = join(directory, 'journal.db');
  await prepareJournal(file, { environment: 'sim', account: '1', mode: 'live' });
  let answer: (event: Event) => void = () => undefined;
  const journal = openJournal({
    file,
    head: GENESIS,
    writer: { url: pathToFileURL(join(ROOT, 'dist', 'journal-writer.cjs')) },
    after,
    onAnswer: (said) => {
      if (said.type === 'fault') throw new Error(`the journal failed: ${said.reason}`);
      answer(said);
    },
  });
  let onBytes: () => void = () => undefined;
  const { broker, instrumentId } = await client(() => onBytes());
  const times: number[] = [];
  for (let order = 0; order < ORDERS; order += 1) {
    let isSending = false;
    const left = new Promise<number>((resolve, reject) => {
      const late = after(GIVEN_UP_MS, () => {
        const { state: end, reason } = loop.state().core.orders.at(-1) ?? {};
        reject(new Error(`order ${order} was not sent within 10 s: ${end ?? 'none'} ${reason}`));
      });
      onBytes = () => {
        if (!isSending) return;
        late.cancel();
        resolve(performance.now());
      };
    });
    const loop = createLoop({
      state,
      clock: clockFrom(state.at.wall),
      monoBase: state.at.mono,
      journal,
      schedule: soon,
      hands: {
        transmit: (request) => {
          isSending = true;
          // The client sends one id once: every sample is an order of its own.
          const requestId = `${request.requestId}-${order}`;
          broker.send({
            ...request,
            requestId,
            clientOrderId: requestId,
            instrumentId,
          } as typeof request);
          isSending = false;
        },
        query: () => undefined,
        subscribe: () => undefined,
        alert: () => undefined,
      },
      onChange: () => undefined,
      onDefect: (error) => {
        throw error;
      },
    });
    answer = (event) => loop.post(event);
    const began = performance.now();
    loop.post(quote);
    times.push((await left) - began);
    loop.stop();
    await pause(PAUSE_MS);
  }
  await journal.close(state, 'end');
  await broker.stop();
  rmSync(directory, { recursive: true, force: true });
  return times.sort((a, b) => a - b);
}

/** Milliseconds from the key that confirms the kill switch to the log's line about its trip. */
async function killTime(): Promise<number> {
  const home = freshHome();
  const args = ['--data-dir', home.path, '--seed', '12'];
  const session = new TerminalSession({ args, cols: 120, rows: 40, home: home.path });
  try {
    await session.waitUntil(() => /bid\s+\d{4}/.test(session.screen()), 'a live quote', 30_000);
    session.keys('K');
    await session.waitUntil(
      () => /word of a rung: _/.test(session.screen()),
      'the question',
      10_000,
    );
    for (const [index, key] of [...'stop'].entries()) {
      session.keys(key);
      const typed = `word of a rung: ${'stop'.slice(0, index + 1)}`;
      await session.waitUntil(() => session.screen().includes(typed), typed, 10_000);
    }
    const pressed = Date.now();
    session.keys('\r');
    let told: string | undefined;
    await session.waitUntil(
      () => {
        told = killLine(home.path);
        return told !== undefined;
      },
      'the trip',
      10_000,
    );
    return Date.parse(String((JSON.parse(told ?? '{}') as { time?: string }).time)) - pressed;
  } finally {
    await session.close();
    home.remove();
  }
}

/** The log's own time of the trip; a line is written once its record is durable. */
function killLine(directory: string): string | undefined {
  const log = readdirSync(directory, { recursive: true })
    .map(String)
    .find((name) => name.endsWith('engine.log'));
  return log === undefined
    ? undefined
    : readFileSync(join(directory, log), 'utf8')
        .split('\n')
        .find((line) => line.includes('breaker KILL tripped'));
}

const share = (sorted: readonly number[], part: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;

/** Figures of the money path; the journal is on the file system of the temporary directory. */
export async function benchMoney(): Promise<readonly BenchLine[]> {
  const times = await orderTimes();
  const kills: number[] = [];
  for (let kill = 0; kill < KILLS; kill += 1) kills.push(await killTime());
  const name = 'decision to first order byte, 2 commits';
  return [
    { name: `${name}, median`, value: share(times, 0.5), unit: 'ms' },
    { name: `${name}, p99`, value: share(times, 0.99), unit: 'ms', target: BYTES_MS },
    {
      name: 'key to closed gate, kill switch, worst',
      value: Math.max(...kills),
      unit: 'ms',
      target: GATE_MS,
    },
  ];
}
