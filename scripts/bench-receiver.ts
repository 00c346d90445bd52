/**
 * Our receiver of the receive bench, in its own process: the shipped transport, session and
 * translation, and the engine's step for every price. Tells processor time, wall time and heap for
 * each stream. The journal is left out: it writes in a thread of its own.
 */
import { createCtraderBroker } from '../src/ctrader/broker.ts';
import { secret } from '../src/ctrader/secret.ts';
import { tlsDial } from '../src/ctrader/transport.ts';
import { type BrokerEvent, type EngineConfig, type Event, mono, seq } from '../src/engine/index.ts';
import { initialState } from '../src/engine/state.ts';
import { drive, type Hands } from '../src/engine/step.ts';
import { systemClock } from '../src/runtime/loop.ts';
import { DEFAULT_START, SIMULATED_ACCOUNT } from '../src/sim/fcpo.ts';
import { STANDARD_CREDENTIALS } from '../src/sim/server/standard-broker.ts';
import { wall } from '../src/engine/index.ts';
import { CONFIG } from '../tests/support/engine.ts';

interface Order {
  readonly port: number;
  readonly cert: string;
}

const started = systemClock();
/** The session's day is the simulator's: its market is open. */
const clock = { ...started, wall: () => wall(DEFAULT_START + 600_000 + started.mono()) };
const config: EngineConfig = { ...CONFIG, environment: 'demo' };

function receive({ port, cert }: Order): void {
  let state = initialState();
  let counter = 0;
  let quotes = 0;
  let expected = Number.POSITIVE_INFINITY;
  let began = { cpu: process.cpuUsage(), at: performance.now(), heap: 0 };
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
    state = drive(
      state,
      { seq: seq(counter), mono: mono(clock.mono()), wall: clock.wall(), event },
      hands,
    );
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
    quotes += 1;
    if (quotes === expected) report();
  });
  process.on('message', (order: { readonly expect?: number }) => {
    if (order.expect === undefined) return;
    quotes = 0;
    expected = order.expect;
    globalThis.gc?.();
    began = {
      cpu: process.cpuUsage(),
      at: performance.now(),
      heap: process.memoryUsage().heapUsed,
    };
    process.send?.({ type: 'armed' });
  });
}

process.once('message', receive);
