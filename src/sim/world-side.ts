/**
 * The broker of a world as the world, its prices and its faults see it, at whichever depth.
 * Deliberately only shapes: `world-broker.ts` is the modelled link, `world-full-broker.ts` the
 * client with its bytes and the simulator.
 */
import type {
  BrokerQuery,
  BrokerRequest,
  Event,
  Generation,
  InstrumentStatus,
  LinkState,
  Permitted,
  QuoteEvent,
} from '../engine/index.ts';
import type { Dice } from './faults.ts';
import type { Prng } from './prng.ts';
import type { VirtualClock } from './virtual-clock.ts';
import type { WorldDesk } from './world-desk.ts';
import type { WorldDisk } from './world-journal.ts';
import type { WorldMarket } from './world-market.ts';
import type { WorldOptions } from './world-options.ts';

export interface WorldBrokerParts {
  readonly options: WorldOptions;
  readonly clock: VirtualClock;
  readonly dice: Dice;
  readonly chance: Prng;
  readonly market: WorldMarket;
  /** How far our wall clock is off. */
  readonly skew: () => number;
  readonly post: (event: Event) => void;
}

/** What is wrong about a price that is shown and never traded on. */
export type WrongQuote = Partial<QuoteEvent>;

export interface WorldSide {
  readonly desk: WorldDesk;
  /** A process begins: nothing is known of an older connection. */
  connect(): void;
  /** The process died: the connection with it, what was sent is on its way. */
  abandon(): void;
  send(request: Permitted<BrokerRequest>): void;
  query(query: BrokerQuery): void;
  subscribe(): void;
  state(): LinkState;
  generation(): Generation;
  /** True when a price that comes now reaches the engine. */
  hears(): boolean;
  /** The market moved. */
  quote(initial: boolean): void;
  misquote(wrong: WrongQuote): void;
  freeze(milliseconds: number): void;
  /** The link closes; false when there was none. */
  drop(reason: string): boolean;
  /** The next connections die young. */
  doom(connections: number): void;
  partition(direction: 'in' | 'out' | 'both', milliseconds: number): void;
  /** For so long the history does not show what happens from now on. */
  hidePast(milliseconds: number): void;
  refuseLogins(count: number): boolean;
  maintain(milliseconds: number): boolean;
  changeSymbol(status: InstrumentStatus): void;
  /** Partitions end, connections live. */
  heal(): void;
}

/** What differs between the depths. */
export interface WorldKit {
  readonly broker: (parts: WorldBrokerParts) => WorldSide;
  /** Where the journal's rows go besides; memory alone when absent. */
  readonly disk?: WorldDisk;
  /** Whether the broker side itself tells how far our clock is off. */
  readonly measuresSkew: boolean;
}
