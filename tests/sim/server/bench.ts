// A simulator on a table: virtual clock, a market told tick by tick or a synthetic one, one server.
// It starts on Monday morning, ten minutes after the open, and asserts nothing.
import { PRICE_SCALE, price, type Wall, wall } from '../../../src/engine/index.ts';
import { createBarStore } from '../../../src/sim/bar-store.ts';
import { DEFAULT_START, FCPO_ID, sessionsBetween } from '../../../src/sim/fcpo.ts';
import { createSyntheticMarket } from '../../../src/sim/market.ts';
import { marketFromTape } from '../../../src/sim/market-tape.ts';
import type { Market, MarketTick } from '../../../src/sim/market-types.ts';
import {
  type SimulatorParams,
  SUGGESTED_SWITCHES,
  type Switches,
} from '../../../src/sim/server/parameters.ts';
import { createSimulatorServer, type SimulatorServer } from '../../../src/sim/server/server.ts';
import { standardBroker } from '../../../src/sim/server/standard-broker.ts';
import { createVirtualClock, type VirtualClock } from '../../../src/sim/virtual-clock.ts';

export const START: Wall = wall(DEFAULT_START + 600_000);

/** Whole ringgit; `after` is milliseconds from the start. An absent side did not change. */
export interface Told {
  readonly after: number;
  readonly bid?: number;
  readonly ask?: number;
}

/** Before the start: one quote a minute for ten minutes, the last at 4600 / 4603. */
const BEFORE: readonly Told[] = Array.from({ length: 10 }, (_, minute) => ({
  after: -600_000 + minute * 60_000 + 5_000,
  bid: 4_600 - (minute % 3),
  ask: 4_603 - (minute % 3),
}));

export function toldMarket(told: readonly Told[], before = BEFORE, start = START): Market {
  const ticks = [...before, ...told].map(
    (one): MarketTick => ({
      time: wall(start + one.after),
      ...(one.bid === undefined ? {} : { bid: price(one.bid * PRICE_SCALE) }),
      ...(one.ask === undefined ? {} : { ask: price(one.ask * PRICE_SCALE) }),
    }),
  );
  const market = marketFromTape({
    description: 'told',
    liveFrom: start,
    store: createBarStore(),
    ticks: ticks.values(),
    sessions: sessionsBetween,
  });
  market.fastForward(wall(start - 1));
  return market;
}

export const syntheticMarket = (seed: string): Market =>
  createSyntheticMarket({ seed, liveFrom: START, startLevel: 4_600, historyMinutes: 480 });

export interface Bench {
  readonly clock: VirtualClock;
  readonly server: SimulatorServer;
  readonly params: SimulatorParams;
}

export interface BenchOptions {
  readonly market?: Market;
  readonly switches?: Partial<Switches>;
  readonly params?: Partial<SimulatorParams>;
  readonly start?: Wall;
  readonly seed?: string;
}

export function bench(options: BenchOptions = {}): Bench {
  const clock = createVirtualClock(options.start ?? START);
  const market = options.market ?? toldMarket([]);
  const standard = standardBroker({ clock, seed: options.seed ?? 'bench', market });
  const switches = { ...SUGGESTED_SWITCHES, ...options.switches };
  const params: SimulatorParams = { ...standard, switches, ...options.params };
  return { clock, params, server: createSimulatorServer(params) };
}

export { FCPO_ID };
