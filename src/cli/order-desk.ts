/**
 * A line to a broker for one supervised order: the configured demo account in real time, or the
 * simulator of this process with its own. Deliberately cannot reach a live host.
 */
import type { Credentials } from '../ctrader/secret.ts';
import { secret } from '../ctrader/secret.ts';
import type { Dial } from '../ctrader/transport.ts';
import { accountId, type Clock } from '../engine/index.ts';
import { systemClock } from '../runtime/loop.ts';
import { FIRST_IDS, seedExchange } from '../sim/exchange.ts';
import { SIMULATED_ACCOUNT } from '../sim/fcpo.ts';
import { memoryDial } from '../sim/server/memory-dial.ts';
import { createSimulatorServer } from '../sim/server/server.ts';
import { STANDARD_CREDENTIALS, standardBroker } from '../sim/server/standard-broker.ts';
import { createVirtualClock } from '../sim/virtual-clock.ts';
import { dialBroker } from './compose.ts';
import type { Config } from './config.ts';
import type { Io } from './io.ts';
import { simMarket } from './sim-market.ts';
import { LoginUnusable, openTokens } from './stored-tokens.ts';

export interface OrderDesk {
  readonly dial: Dial;
  readonly clock: Clock;
  readonly credentials: Credentials;
  readonly accountId: string;
  /** Lets a little of the broker's time pass. */
  pass(): Promise<void>;
  close(): void;
}

const LOOK_MS = 20;
const LATENCY_MS = 20;
const SIM_STEP_MS = 50;

/** Rejects with {@link LoginUnusable}; throws for a live environment. */
export async function orderDesk(config: Config, io: Io): Promise<OrderDesk> {
  if (config.environment === 'live') throw new Error('an order desk is never live');
  return config.environment === 'sim' ? simulatedDesk(config) : brokered(config, io);
}

async function brokered(config: Config, io: Io): Promise<OrderDesk> {
  const { credentials, account } = config;
  const clock = systemClock();
  const tokens = await openTokens(config, io, { quiet: () => true, note: () => undefined });
  const accessToken = credentials?.accessToken ?? tokens?.current();
  if (credentials === undefined || accessToken === undefined || account === undefined) {
    throw new LoginUnusable('There is no login with an account.');
  }
  const { clientId, clientSecret } = credentials;
  return {
    dial: dialBroker(config),
    clock,
    credentials: { clientId, clientSecret, accessToken },
    accountId: account,
    pass: () =>
      new Promise((resolve) => {
        clock.after(LOOK_MS, resolve);
      }),
    close: () => undefined,
  };
}

/** The simulator of this process, with its own time: `pass` lets some of it go by. */
export function simulatedDesk(config: Config): OrderDesk {
  const { market } = simMarket({
    replayFile: undefined,
    seed: config.seed,
    defaultSeed: config.seed,
  });
  const clock = createVirtualClock(market.liveFrom);
  const account = { ...SIMULATED_ACCOUNT, id: accountId(SIMULATED_ACCOUNT.id) };
  const time = clock.wall();
  const exchange = seedExchange({ account, ids: FIRST_IDS, positions: [], time });
  const server = createSimulatorServer(
    standardBroker({ clock, seed: String(config.seed), market, exchange }),
  );
  const { clientId, clientSecret, accessToken } = STANDARD_CREDENTIALS;
  return {
    dial: memoryDial(server, clock, LATENCY_MS),
    clock,
    credentials: {
      clientId,
      clientSecret: secret(clientSecret),
      accessToken: secret(accessToken),
    },
    accountId: account.id,
    pass: async () => {
      clock.advanceBy(SIM_STEP_MS);
    },
    close: () => server.stop(),
  };
}
