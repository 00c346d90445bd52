/**
 * The simulated broker in the test's own process, on a real TLS port, whose answers can be held
 * back: so an order is in flight for exactly as long as a test wants.
 * Its market is at a fixed instant, and the program is given a calendar that agrees.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeLocalCertificates } from '../../src/cli/certificate.ts';
import { type Wall, wall } from '../../src/engine/index.ts';
import { systemClock } from '../../src/runtime/loop.ts';
import { createPacer } from '../../src/runtime/pacer.ts';
import { DEFAULT_START, SIMULATED_ACCOUNT } from '../../src/sim/fcpo.ts';
import { createSyntheticMarket, DEFAULT_LEVEL } from '../../src/sim/market.ts';
import { type Listener, listen } from '../../src/sim/server/listener.ts';
import { createSimulatorServer } from '../../src/sim/server/server.ts';
import { STANDARD_CREDENTIALS, standardBroker } from '../../src/sim/server/standard-broker.ts';
import { createVirtualClock } from '../../src/sim/virtual-clock.ts';

export interface HeldBroker {
  /** What a client needs to find it, trust it, and agree with its calendar. */
  readonly env: Readonly<Record<string, string>>;
  readonly account: string;
  /** Orders that arrived; from the first one on the broker says nothing until `release`. */
  readonly orders: () => number;
  release(): void;
  stop(): Promise<void>;
}

/** Serves from `leadMs` before the second minute of the session on. */
export async function holdBroker(directory: string, leadMs: number): Promise<HeldBroker> {
  const start: Wall = wall(DEFAULT_START + 31 * 60_000 - leadMs);
  const market = createSyntheticMarket({
    seed: '12',
    liveFrom: DEFAULT_START,
    startLevel: DEFAULT_LEVEL,
    historyMinutes: 600,
  });
  const clock = createVirtualClock(start);
  let orders = 0;
  let held: (() => void)[] | undefined;
  let isOver = false;
  const server = createSimulatorServer(
    standardBroker({
      clock,
      seed: '12',
      market,
      faults: () => (frame) => {
        if (frame.direction !== 'in' || frame.name !== 'ProtoOANewOrderReq') return undefined;
        orders += 1;
        if (!isOver) held ??= [];
        return undefined;
      },
    }),
  );
  server.fastForward(start);
  const pacer = createPacer({
    time: clock,
    loop: { turn: () => false },
    journal: { pending: () => false, settled: () => Promise.resolve() },
    speed: 1,
    idle: () => false,
    idleFactor: 1,
    until: undefined,
    onEnd: () => undefined,
    onDefect: (error) => {
      throw error;
    },
  });
  const made = makeLocalCertificates({
    now: Date.now(),
    days: 1,
    names: ['localhost', '127.0.0.1'],
  });
  const caFile = join(directory, 'authority.pem');
  writeFileSync(caFile, made.authority);
  const wire: Listener = await listen({
    server: {
      accept: (line) =>
        server.accept({
          ...line,
          write: (bytes) => {
            if (held === undefined) line.write(bytes);
            else held.push(() => line.write(bytes));
          },
          close: () => line.close(),
        }),
    },
    host: '127.0.0.1',
    port: 0,
    tls: { key: made.key, cert: made.cert },
  });
  pacer.start();
  const byMs = start - systemClock().wall();
  return {
    env: {
      CTRADER_ENVIRONMENT: 'demo',
      CTRADER_SERVER: '127.0.0.1',
      CTRADER_PORT: String(wire.port),
      CTRADER_CA_FILE: caFile,
      CTRADER_CLIENT_ID: STANDARD_CREDENTIALS.clientId,
      CTRADER_CLIENT_SECRET: STANDARD_CREDENTIALS.clientSecret,
      CTRADER_ACCESS_TOKEN: STANDARD_CREDENTIALS.accessToken,
      CTRADER_ACCOUNT_ID: SIMULATED_ACCOUNT.id,
      // The program's calendar is the market's: only whole days and hours differ from ours.
      NODE_OPTIONS: `--import=data:text/javascript,const/**/n=Date.now;Date.now=()=>n()+(${byMs})`,
    },
    account: SIMULATED_ACCOUNT.login,
    orders: () => orders,
    release: () => {
      isOver = true;
      const waiting = held ?? [];
      held = undefined;
      for (const write of waiting) write();
    },
    stop: async () => {
      await pacer.stop();
      server.stop();
      await wire.close();
    },
  };
}
