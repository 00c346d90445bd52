/**
 * The far end of the receive benches, in its own process: a simulated broker over TLS for the
 * login, then a stream of prices, one TLS record each, encrypted before it is sent.
 * So the sender is never what limits the receiver. Measures nothing itself.
 */
import { createServer, type Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import { LOOPBACK_NAMES, makeLocalCertificates } from '../src/cli/certificate.ts';
import { encodeEnvelope } from '../src/ctrader/wire/codec.ts';
import { price, wall } from '../src/engine/index.ts';
import { createBarStore } from '../src/sim/bar-store.ts';
import { DEFAULT_START, FCPO_ID, SIMULATED_ACCOUNT, sessionsBetween } from '../src/sim/fcpo.ts';
import { marketFromTape } from '../src/sim/market-tape.ts';
import { createSimulatorServer } from '../src/sim/server/server.ts';
import { standardBroker } from '../src/sim/server/standard-broker.ts';
import { createVirtualClock } from '../src/sim/virtual-clock.ts';

/** Orders of the parent: the next stream is this long. */
interface Order {
  readonly ticks: number;
}

const START = DEFAULT_START + 600_000;
/** A hundred prices a second: the whole run is more than an hour of market. */
const TICK_MS = 10;
const PACE_MS = 5;

/** A market that stands still: one old quote, so that nothing but the stream arrives. */
function stillMarket() {
  const tick = { time: wall(START - 1_000), bid: price(460_000_000), ask: price(460_200_000) };
  const market = marketFromTape({
    description: 'still',
    liveFrom: wall(START),
    store: createBarStore(),
    ticks: [tick].values(),
    sessions: sessionsBetween,
  });
  market.fastForward(wall(START - 1));
  return market;
}

/** A price as a market sends it: a walk, one side or both, with the broker's time. */
function frame(index: number): Uint8Array {
  const bid = 460_000_000 + ((index * 37) % 9) * 100_000;
  return encodeEnvelope({
    name: 'ProtoOASpotEvent',
    fields: {
      ctidTraderAccountId: SIMULATED_ACCOUNT.id,
      symbolId: FCPO_ID,
      ...(index % 3 === 1 ? {} : { bid }),
      ...(index % 3 === 2 ? {} : { ask: bid + 200_000 }),
      timestamp: START + index * TICK_MS,
    },
  });
}

const clock = createVirtualClock(wall(START));
const broker = createSimulatorServer(
  standardBroker({ clock, seed: 'receive', market: stillMarket() }),
);
setInterval(() => clock.advanceBy(PACE_MS), PACE_MS);
const tls = makeLocalCertificates({ now: Date.now(), days: 1, names: LOOPBACK_NAMES });

/** The raw socket under TLS; while `held` is a list, ciphertext is collected instead of sent. */
function raw(socket: Socket): { wire: Duplex; hold(): void; release(): Uint8Array } {
  let held: Uint8Array[] | undefined;
  const wire = new Duplex({
    read: () => undefined,
    write: (chunk: Uint8Array, _encoding, done) => {
      if (held === undefined) socket.write(chunk);
      else held.push(chunk);
      done();
    },
  });
  socket.on('data', (chunk) => wire.push(chunk));
  socket.on('error', () => undefined);
  return {
    wire,
    hold: () => {
      held = [];
    },
    release: () => {
      const all = Buffer.concat(held ?? []);
      held = undefined;
      return all;
    },
  };
}

const listener = createServer((socket) => {
  socket.setNoDelay(true);
  const { wire, hold, release } = raw(socket);
  const secure = new TLSSocket(wire, { isServer: true, key: tls.key, cert: tls.cert });
  secure.on('error', () => undefined);
  const inlet = broker.accept({
    write: (bytes) => secure.write(bytes),
    close: () => secure.end(),
  });
  secure.on('data', (chunk) => inlet.bytes(chunk));
  let told = 0;
  const stream = async ({ ticks }: Order): Promise<void> => {
    hold();
    for (let index = 0; index < ticks; index += 1) {
      told += 1;
      // One at a time: writes that wait together would share a record.
      await new Promise<void>((resolve) => secure.write(frame(told), () => resolve()));
    }
    const bytes = release();
    process.send?.({ type: 'streaming' });
    socket.write(bytes);
  };
  const onOrder = (order: Order): void => void stream(order);
  process.on('message', onOrder);
  socket.once('close', () => {
    process.off('message', onOrder);
    inlet.closed();
    process.send?.({ type: 'closed' });
  });
});
listener.listen(0, '127.0.0.1', () => {
  const port = (listener.address() as { port: number }).port;
  process.send?.({ type: 'listening', port, cert: tls.authority });
});
