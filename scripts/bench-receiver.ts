/**
 * Our receiver of the receive bench, in its own process: the shipped transport, session and
 * translation, and the engine's step for every price. Tells processor time, wall time and heap for
 * each stream. The journal is left out: it writes in a thread of its own.
 */
import { createCtraderBroker } from '../src/ctrader/broker.ts';
import { secret } from '../src/ctrader/secret.ts';
import { tlsDial } from '../src/ctrader/transport.ts';
import { type BrokerEvent, type EngineConfig, type Event, seq, wall } from '../src/engine/index.ts';
import { initialState } from '../src/engine/state.ts';
import { drive, type Hands } from '../src/engine/step.ts';
import { systemClock } from '../src/runtime/loop.ts';
import { DEFAULT_START, SIMULATED_ACCOUNT } from '../src/sim/fcpo.ts';
import { STANDARD_CREDENTIALS } from '../src/sim/server/standard-broker.ts';
import { CONFIG } from '../tests/support/engine.ts';

interface Order {
  readonly port: number;
  readonly cert: string;
}

/** Reads the machine's time as always, and is moved on to the market's, which runs much faster. */
const machine = systemClock();
let ahead = DEFAULT_START + 600_000 - machine.wall();
const clock = { ...machine, wall: () => wall(machine.wall() + ahead) };
const config: EngineConfig = { ...CONFIG, environment: 'demo' };

function receive({ port, cert }: Order): void {
  let state = initialState();
  let counter = 0;
  let seenAt = clock.wall();
  let quotes = 0;
  let expected = Number.POSITIVE_INFINITY;
  let began = { cpu: process.cpuUsage(), at: performance.now(), heap: 0 };
  let rounds = 0;
  const broker = createCtraderBroker({
    dial: tlsDial({ host: '127.0.0.1', port, serverName: 'localhost', ca: cert }),
    clock,
    credentials: {
      clientId: STANDARD_CREDENTIALS.clientId,
      clientSecret: secret(STANDARD_CREDENTIALS.clientSecret),
      accessToken: secret(STANDARD_CREDENTIALS.accessToken),
    },
    environment: 'demo',
    accountId: SIMULATED_ACCOUNT.id,
    instrumentName: 'FCPO',
    instrumentAliases: [],
    trading: false,
    random: () => 0.5,
  });
  const hands: Hands = {
    record: () => undefined,
    transmit: (request) => broker.send(request),
    query: (query) => setImmediate(() => broker.query(query)),
    subscribe: (id) => setImmediate(() => broker.subscribe(id)),
    alert: () => undefined,
    refused: () => undefined,
  };
  const put = (event: Event): void => {
    counter += 1;
    seenAt = clock.wall();
    state = drive(state, { seq: seq(counter), mono: clock.mono(), wall: seenAt, event }, hands);
  };
  const report = (): void => {
    const cpu = process.cpuUsage(began.cpu);
    const wallMs = performance.now() - began.at;
    globalThis.gc?.();
    const heap = process.memoryUsage().heapUsed;
    const cpuMicros = cpu.user + cpu.system;
    process.send?.({ type: 'received', quotes, cpuMicros, wallMs, heapGrowth: heap - began.heap });
  };
  put({ type: 'started', runId: 'receive', config, version: 'bench' });
  broker.start((event: BrokerEvent) => {
    put(event);
    if (event.type === 'link' && event.state === 'READY') process.send?.({ type: 'ready' });
    if (event.type !== 'quote' || event.initial) return;
    if (event.time > seenAt) ahead += event.time - seenAt;
    quotes += 1;
    if (quotes === expected) report();
  });
  process.on('message', (order: { readonly expect?: number }) => {
    if (order.expect === undefined) return;
    quotes = 0;
    expected = order.expect;
    globalThis.gc?.();
    rounds += 1;
    // The first stream warms up; from the second on growth adds up.
    const heap = rounds <= 2 ? process.memoryUsage().heapUsed : began.heap;
    began = { cpu: process.cpuUsage(), at: performance.now(), heap };
    process.send?.({ type: 'armed' });
  });
}

process.once('message', receive);
