/**
 * The `simulator` verb: the simulated broker as a server of its own, with its OAuth pages.
 * Deliberately reachable from this computer only, and its certificates are made anew at each start.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Wall } from '../../engine/index.ts';
import { systemClock } from '../../runtime/loop.ts';
import { createPacer } from '../../runtime/pacer.ts';
import { listenToSignals } from '../../runtime/process.ts';
import { FIRST_IDS, seedExchange } from '../../sim/exchange.ts';
import { DAY_MS, HOUR_MS, SIMULATED_ACCOUNT } from '../../sim/fcpo.ts';
import type { Market } from '../../sim/market-types.ts';
import type { FaultScript } from '../../sim/server/faults.ts';
import { listen } from '../../sim/server/listener.ts';
import { createOAuthPages } from '../../sim/server/oauth.ts';
import type { ListedSymbol, SimulatorParams } from '../../sim/server/parameters.ts';
import { createSimulatorServer, type SimulatorServer } from '../../sim/server/server.ts';
import { STANDARD_CREDENTIALS, standardBroker } from '../../sim/server/standard-broker.ts';
import { shiftMarket } from '../../sim/shifted-market.ts';
import { createVirtualClock } from '../../sim/virtual-clock.ts';
import { LOOPBACK_NAMES, makeLocalCertificates } from '../certificate.ts';
import type { Config, ResolvedConfig } from '../config.ts';
import { EXIT } from '../exit.ts';
import { faultsOf } from '../fault-script.ts';
import type { Io } from '../io.ts';
import { simMarket, UnplayableRecording } from '../sim-market.ts';
import { servePages } from '../simulator-pages.ts';

const NAME = 'palm-oil-tui';
const HOST = '127.0.0.1';
const CERTIFICATE_DAYS = 30;
const WEEK_MS = 7 * DAY_MS;

export interface SimulatorWish {
  /** 0 takes a free one, for both. */
  readonly port: number;
  readonly oauthPort: number;
  /** Rules, or the name of a file that holds them; absent for an honest server. */
  readonly fault: string | undefined;
  /** Trading hours of the exchange; otherwise a session begins now, whatever the day. */
  readonly realHours: boolean;
  readonly speed: number;
  /** Seconds; absent for 30 days. */
  readonly tokenLife: number | undefined;
  readonly json: boolean;
}

/** Serves until a signal comes; 0, or 64 with a sentence. */
export async function simulatorCommand(
  resolved: ResolvedConfig,
  wish: SimulatorWish,
  io: Io,
): Promise<number> {
  const refuse = (sentence: string): number => {
    io.stderr.write(`${NAME}: ${sentence}\n`);
    return EXIT.usage;
  };
  const faults = faultsOf(wish.fault);
  if (typeof faults === 'string') return refuse(`--fault: ${faults}`);
  let sim: ReturnType<typeof openSimulator>;
  try {
    sim = openSimulator(resolved, wish, faults);
  } catch (error) {
    if (error instanceof UnplayableRecording) return refuse(error.message);
    throw error;
  }
  const doors = await openDoors(sim, wish, resolved.config).catch((error: unknown) => {
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (syscall === undefined) throw error;
    return `A port or file of the simulator cannot be used (${code ?? syscall}): name another \
one with --port and --oauth-port, or another --data-dir.`;
  });
  if (typeof doors === 'string') return refuse(doors);
  sim.pacer.start();
  let stop: () => void = () => undefined;
  const stopped = new Promise<void>((resolve) => {
    stop = resolve;
  });
  listenToSignals({ source: process, onStop: stop, onHurry: stop, now: () => sim.now() });
  io.stdout.write(wish.json ? jsonOf(doors) : textOf(doors, sim.description));
  await stopped;
  await sim.pacer.stop();
  sim.server.stop();
  await doors.close();
  return EXIT.ok;
}

/** The broker with its own time, which passes at the wished speed from now on. */
function openSimulator(
  { config, origins }: ResolvedConfig,
  { realHours, speed, tokenLife }: SimulatorWish,
  faults: FaultScript | undefined,
) {
  const real = systemClock();
  const now = real.wall();
  const { market: recorded } = simMarket({
    replayFile: config.replayFile,
    seed: origins.seed.source === 'default' ? undefined : config.seed,
    defaultSeed: config.seed,
  });
  const byMs = shiftFor(recorded.liveFrom, now, realHours ? WEEK_MS : HOUR_MS);
  const market = shiftMarket(recorded, byMs);
  const clock = createVirtualClock(now);
  const account = { ...SIMULATED_ACCOUNT };
  const exchange = seedExchange({ account, ids: FIRST_IDS, positions: [], time: now });
  const seed = String(config.seed);
  const standard = standardBroker({ clock, seed, market, exchange });
  const life = tokenLife === undefined ? {} : { tokenLifeSeconds: tokenLife };
  const wished = { ...standard, ...life, ...(faults === undefined ? {} : { faults }) };
  const params = movedHours(wished, byMs);
  const server = createSimulatorServer(params);
  server.fastForward(now);
  const pacer = createPacer({
    time: clock,
    loop: { turn: () => false },
    journal: { pending: () => false, settled: () => Promise.resolve() },
    speed,
    idle: () => false,
    idleFactor: 1,
    until: undefined,
    onEnd: () => undefined,
    onDefect: (error) => {
      throw error;
    },
  });
  const { description } = market satisfies Market;
  return { server, pacer, params, clock, description, now: () => real.mono() };
}

/** So much later that the market is live at `now`, on the grid of its bars. */
function shiftFor(liveFrom: Wall, now: Wall, step: number): number {
  return Math.floor((now - liveFrom) / step) * step;
}

/** The listed hours move with the market; a week of the calendar has them where they fall. */
function movedHours(params: SimulatorParams, byMs: number): SimulatorParams {
  const by = (((byMs % WEEK_MS) + WEEK_MS) % WEEK_MS) / 1_000;
  const week = WEEK_MS / 1_000;
  const moved = (symbol: ListedSymbol): ListedSymbol => ({
    ...symbol,
    schedule: symbol.schedule
      .flatMap(({ startSecond, endSecond }) => {
        const start = (startSecond + by) % week;
        const end = start + endSecond - startSecond;
        return end <= week
          ? [{ startSecond: start, endSecond: end }]
          : [
              { startSecond: start, endSecond: week },
              { startSecond: 0, endSecond: end - week },
            ];
      })
      .sort((a, b) => a.startSecond - b.startSecond),
  });
  return by === 0 ? params : { ...params, symbols: params.symbols.map(moved) };
}

interface Doors {
  readonly env: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

async function openDoors(
  {
    server,
    params,
    clock,
  }: {
    readonly server: SimulatorServer;
    readonly params: SimulatorParams;
    readonly clock: SimulatorParams['clock'];
  },
  wish: SimulatorWish,
  config: Config,
): Promise<Doors> {
  const names = [...LOOPBACK_NAMES];
  const made = makeLocalCertificates({ now: systemClock().wall(), days: CERTIFICATE_DAYS, names });
  const directory = join(config.paths.dataDir, 'simulator');
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const caFile = join(directory, 'authority.pem');
  const pages = await servePages({
    host: HOST,
    port: wish.oauthPort,
    answer: createOAuthPages({
      clock,
      applications: params.applications,
      accountIds: params.accounts.map(({ exchange }) => exchange.account.id),
      tokens: server.tokens,
      returnsState: true,
    }),
  });
  const tls = { key: made.key, cert: made.cert };
  const wire = await listen({ server, host: HOST, port: wish.port, tls }).catch(
    async (error: unknown) => {
      await pages.close();
      throw error;
    },
  );
  writeFileSync(caFile, made.authority, { mode: 0o600 });
  const { clientId, clientSecret } = STANDARD_CREDENTIALS;
  return {
    env: {
      CTRADER_ENVIRONMENT: 'demo',
      CTRADER_SERVER: HOST,
      CTRADER_PORT: String(wire.port),
      CTRADER_CA_FILE: caFile,
      CTRADER_AUTH_URL: `http://${HOST}:${pages.port}/authorize`,
      CTRADER_TOKEN_URL: `http://${HOST}:${pages.port}/token`,
      CTRADER_CLIENT_ID: clientId,
      CTRADER_CLIENT_SECRET: clientSecret,
    },
    close: async () => {
      await wire.close();
      await pages.close();
    },
  };
}

const jsonOf = ({ env }: Doors): string =>
  `${JSON.stringify({ env, account: SIMULATED_ACCOUNT.id })}\n`;

function textOf({ env }: Doors, market: string): string {
  const lines = Object.entries(env).map(([name, value]) => `export ${name}='${value}'`);
  return [
    `# Simulated broker: ${market}. It serves this computer until Ctrl-C.`,
    '# Paste this into the shell (or, without "export", into .env) of a client:',
    ...lines,
    '# Then log in and look; nothing leaves this computer:',
    `#   ${NAME} login`,
    `#   ${NAME} accounts --use ${SIMULATED_ACCOUNT.id}`,
    `#   ${NAME} run`,
    '# Without a login, the simulator also takes this pair, which opens nothing else:',
    `#   export CTRADER_ACCESS_TOKEN='${STANDARD_CREDENTIALS.accessToken}' \
CTRADER_ACCOUNT_ID='${SIMULATED_ACCOUNT.id}'`,
    '',
  ].join('\n');
}
