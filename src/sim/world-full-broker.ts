/**
 * The broker of a world at full depth: the client as it is shipped, its bytes through memory, and
 * the simulated broker behind them, which outlives every process.
 * Deliberately handed the client: what makes one is no concern of a simulation.
 */
import {
  type Broker,
  type BrokerQuery,
  type BrokerRequest,
  type Clock,
  type Generation,
  generation,
  type InstrumentStatus,
  instrumentId,
  type LinkState,
  type Permitted,
  type Quote,
  wall,
} from '../engine/index.ts';
import { FCPO_ID, fcpoListing, SIMULATED_ACCOUNT } from './fcpo.ts';
import type { Market } from './market-types.ts';
import { frameFate } from './server/frame-fate.ts';
import { type Dial, memoryDial } from './server/memory-dial.ts';
import { createSimulatorServer, type SimulatorServer } from './server/server.ts';
import { palmOil, standardBroker } from './server/standard-broker.ts';
import type { WorldDesk } from './world-desk.ts';
import { createFullDesk } from './world-full-desk.ts';
import type { WorldBrokerParts, WorldSide, WrongQuote } from './world-side.ts';

/** What a client is given: a line, our own clock, and chance for its pauses. */
export interface ClientParts {
  readonly dial: Dial;
  readonly clock: Clock;
  readonly random: () => number;
}

export type MakeClient = (parts: ClientParts) => Broker;

/** One process's end of things: after its death nothing passes. */
interface Life {
  isOver: boolean;
  readonly client: Broker;
}

export class WorldFullBroker implements WorldSide {
  readonly desk: WorldDesk;
  readonly #parts: WorldBrokerParts;
  readonly #makeClient: MakeClient;
  readonly #server: SimulatorServer;
  #life: Life | undefined;
  #state: LinkState = 'DISCONNECTED';
  #generation = generation(0);
  #silent = { in: 0, out: 0 };
  #frozenUntil = 0;
  #pastGoneUntil = 0;
  #doomed = 0;

  constructor(parts: WorldBrokerParts, makeClient: MakeClient) {
    this.#parts = parts;
    this.#makeClient = makeClient;
    this.#server = this.#createServer();
    this.desk = createFullDesk(this.#server, parts.clock);
  }

  connect(): void {
    const { clock, chance, skew, options, post } = this.#parts;
    const prng = chance.stream('client');
    const life: { isOver: boolean; client: Broker | undefined } = {
      isOver: false,
      client: undefined,
    };
    const near = memoryDial(this.#server, clock, Math.max(1, Math.round(options.latencyMs / 4)));
    const dial: Dial = (events) => {
      const line = near({
        opened: () => life.isOver || events.opened(),
        bytes: (chunk) => life.isOver || events.bytes(chunk),
        closed: (reason) => life.isOver || events.closed(reason),
      });
      return { write: (bytes) => life.isOver || line.write(bytes), close: () => line.close() };
    };
    const client = this.#makeClient({
      dial,
      clock: {
        mono: () => clock.mono(),
        wall: () => wall(clock.wall() + skew()),
        after: (delayMs, act) => clock.after(delayMs, act),
      },
      random: () => prng.uniform(),
    });
    life.client = client;
    this.#life = life as Life;
    this.#generation = generation(0);
    client.start((event) => {
      if (life.isOver) return;
      if (event.type === 'link') {
        this.#state = event.state;
        this.#generation = event.generation;
      }
      post(event);
    });
  }

  abandon(): void {
    const life = this.#life;
    if (life === undefined) return;
    life.isOver = true;
    this.#life = undefined;
    this.#state = 'DISCONNECTED';
    void life.client.stop();
    this.#server.hangUp();
  }

  send(request: Permitted<BrokerRequest>): void {
    this.#life?.client.send(request);
  }

  query(query: BrokerQuery): void {
    this.#life?.client.query(query);
  }

  subscribe(): void {
    this.#life?.client.subscribe(FCPO_ID);
  }

  state(): LinkState {
    return this.#state;
  }

  generation(): Generation {
    return this.#generation;
  }

  hears(): boolean {
    const now = this.#parts.clock.mono();
    return this.#state === 'READY' && now >= this.#silent.in && now >= this.#frozenUntil;
  }

  quote(): void {
    const { clock, market } = this.#parts;
    const { bid, ask } = market.now();
    const tick = { time: clock.wall(), bid, ask };
    if (clock.mono() >= this.#frozenUntil) this.#server.quote(FCPO_ID, tick);
    else this.desk.apply({ type: 'quote', instrumentId: FCPO_ID, initial: false, ...tick });
  }

  misquote({ bid, ask, time }: WrongQuote): void {
    const { clock } = this.#parts;
    const sides = { ...(bid === undefined ? {} : { bid }), ...(ask === undefined ? {} : { ask }) };
    this.#server.quote(FCPO_ID, { time: time ?? clock.wall(), ...sides }, 'shown only');
  }

  freeze(milliseconds: number): void {
    this.#frozenUntil = this.#parts.clock.mono() + milliseconds;
  }

  drop(): boolean {
    if (this.#state === 'DISCONNECTED') return false;
    this.#server.hangUp();
    return true;
  }

  doom(connections: number): void {
    this.#doomed = connections;
    this.#server.hangUp();
  }

  /** Both sides find out by themselves: by their heartbeats and their patience. */
  partition(direction: 'in' | 'out' | 'both', milliseconds: number): void {
    const until = this.#parts.clock.mono() + milliseconds;
    const silent = { ...this.#silent };
    if (direction !== 'out') silent.in = until;
    if (direction !== 'in') silent.out = until;
    this.#silent = silent;
  }

  /** The simulated broker's history is always whole. */
  hidePast(): void {}

  refuseLogins(): boolean {
    return false;
  }

  maintain(milliseconds: number): boolean {
    const { clock } = this.#parts;
    this.#server.setMaintenance(wall(clock.wall() + milliseconds));
    clock.after(milliseconds, () => this.#server.setMaintenance(undefined));
    return true;
  }

  changeSymbol(status: InstrumentStatus): void {
    this.#server.changeSymbol(FCPO_ID, status);
  }

  heal(): void {
    this.#silent = { in: 0, out: 0 };
    this.#frozenUntil = 0;
    this.#pastGoneUntil = 0;
    this.#doomed = 0;
    this.#server.setMaintenance(undefined);
  }

  #createServer(): SimulatorServer {
    const { options, clock, dice, chance } = this.#parts;
    const market = this.#market();
    const standard = standardBroker({ clock, seed: `world/${options.seed}/server`, market });
    const listed = {
      ...palmOil(fcpoListing([...options.sessions]), market),
      schedule: this.#week(),
    };
    const others = standard.symbols.filter(({ symbolId }) => symbolId !== listed.symbolId);
    return createSimulatorServer({
      ...standard,
      symbols: [...others, listed],
      faults: () =>
        frameFate({
          dice,
          chance: chance.stream('frames'),
          // What comes in to the broker goes out from us.
          isSilent: (way) => clock.mono() < this.#silent[way === 'in' ? 'out' : 'in'],
          endsLogin: () => this.#endsLogin(),
          hidesPast: () => this.#hidesPast(),
        }),
    });
  }

  #endsLogin(): boolean {
    if (this.#doomed === 0 || !this.#parts.chance.chance(150)) return false;
    this.#doomed -= 1;
    return true;
  }

  #hidesPast(): boolean {
    const { clock, dice } = this.#parts;
    if (clock.mono() < this.#pastGoneUntil) return true;
    if (!dice.fires('historyGone')) return false;
    this.#pastGoneUntil = clock.mono() + dice.of('historyGone').integer(330_000, 720_000);
    return true;
  }

  /** Prices are pushed by the world; bars of the past are asked for here. */
  #market(): Market {
    const { options, market, clock } = this.#parts;
    return {
      description: 'a world of faults',
      liveFrom: options.start,
      next: () => undefined,
      history: (_timeframeMs, count, to) => market.history(count, to),
      quoteAt: (): Quote => ({ ...market.now(), time: clock.wall() }) as Quote,
      sessions: (from, to) =>
        options.sessions.filter(({ open, close }) => close > from && open < to),
      fastForward: () => undefined,
    };
  }

  /** The calendar of this world as seconds of a week, which is how a broker tells it. */
  #week(): { readonly startSecond: number; readonly endSecond: number }[] {
    const { sessions, start } = this.#parts.options;
    const sunday = sundayBefore(start);
    return sessions.map(({ open, close }) => ({
      startSecond: (open - sunday) / 1_000,
      endSecond: (close - sunday) / 1_000,
    }));
  }
}

/** Kuala Lumpur is eight hours ahead, without summer time. */
const ZONE_MS = 8 * 3_600_000;
const DAY_MS = 86_400_000;

function sundayBefore(at: number): number {
  const midnight = Math.floor((at + ZONE_MS) / DAY_MS) * DAY_MS;
  return midnight - new Date(midnight).getUTCDay() * DAY_MS - ZONE_MS;
}

/** The account that a world trades on. */
export const FULL_ACCOUNT = SIMULATED_ACCOUNT.id;
export const FULL_INSTRUMENT = instrumentId(FCPO_ID);
