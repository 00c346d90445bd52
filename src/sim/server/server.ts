/**
 * The simulated broker: one world of accounts, symbols and markets behind any number of byte lines.
 * Deliberately owns no socket and no clock: `listener.ts` and `memory-dial.ts` bring connections,
 * the caller brings time. Same seed and same inputs give the same bytes (I30).
 */
import {
  type Clock,
  type InstrumentStatus,
  type Money,
  type Timer,
  type Wall,
  wall,
} from '../../engine/index.ts';
import type { ExchangeInput, ExchangeState } from '../exchange-types.ts';
import { DAY_MS } from '../fcpo.ts';
import type { MarketTick } from '../market-types.ts';
import { createPrng } from '../prng.ts';
import {
  createTokenBook,
  createTokenDesk,
  endApplication,
  type TokenDesk,
} from './authorisation.ts';
import type { ListedSymbol, SimulatorParams } from './parameters.ts';
import { createFeed, type Feed, publishTick } from './quotes.ts';
import { receive } from './requests.ts';
import { createSession, type Inlet, type ServerLine } from './session.ts';
import { createDesk, type Desk, publishOutput } from './trading.ts';
import { pushToAccount, type World } from './world.ts';

export interface SimulatorServer {
  /** Takes a connection; the answer gets its bytes and its end. */
  accept(line: ServerLine): Inlet;
  /** What is behind the prices, for the screen and the log. */
  readonly marketDescription: string;
  /** Skips the markets to that instant; only before a client connects (restart after a crash). */
  fastForward(to: Wall): void;
  /** The account's exchange as it is now. */
  exchange(accountId: string): ExchangeState | undefined;
  /** Changes what may be done with a symbol and tells every account its id (2120). */
  changeSymbol(symbolId: string, status: InstrumentStatus): void;
  /** Deposits (above 0) or withdraws minor units of the account's currency (event type 10). */
  moveCash(accountId: string, amount: Money): void;
  /** Something that happens to the account at the exchange without a client. */
  act(accountId: string, input: ExchangeInput): void;
  /** A price that the market did not bring by itself: executed on, or only shown. */
  quote(symbolId: string, tick: MarketTick, shown?: 'shown only'): void;
  /** Closes every connection; new ones are welcome. */
  hangUp(): void;
  /** Ends every application session without closing the lines (2148). */
  endApplications(reason: string): void;
  /** Refuses everything until told otherwise; the instant is what clients are told. */
  setMaintenance(until: Wall | undefined): void;
  /** What the OAuth pages need. */
  readonly tokens: TokenDesk;
  /** Closes every connection and stops time for good. */
  stop(): void;
}

/** Trading sessions are handed to the exchange in stretches and renewed every day. */
const SESSIONS_BACK_MS = 2 * DAY_MS;
const SESSIONS_AHEAD_MS = 14 * DAY_MS;

export function createSimulatorServer(params: SimulatorParams): SimulatorServer {
  const { clock } = params;
  const world = createWorld(params);
  const statuses = new Map<string, InstrumentStatus>();
  const markets = params.symbols.filter(({ market }) => market !== undefined);
  let connections = 0;
  let renewal: Timer | undefined;
  const renewListings = (): void => {
    for (const symbol of params.symbols) list(world, symbol, statuses.get(symbol.symbolId));
    renewal = clock.after(DAY_MS, renewListings);
  };
  renewListings();
  for (const [symbolId, feed] of world.feeds) remember(world, symbolId, feed);
  for (const feed of world.feeds.values()) feed.start();
  return {
    accept: (line) => {
      connections += 1;
      const session = createSession({
        number: connections,
        line,
        clock,
        switches: params.switches,
        faults: params.faults?.(connections),
        received: (from, message) => receive(world, from, message),
        ended: (ended) => world.sessions.delete(ended),
      });
      world.sessions.add(session);
      return session;
    },
    marketDescription: markets.map((symbol) => symbol.market?.description).join(', '),
    fastForward: (to) => {
      for (const [symbolId, feed] of world.feeds) {
        feed.stop();
        feed.skipTo(to);
        remember(world, symbolId, feed);
        feed.start();
      }
    },
    exchange: (accountId) => world.desks.get(accountId)?.state(),
    changeSymbol: (symbolId, status) => {
      const symbol = world.symbols.get(symbolId);
      if (symbol === undefined) return;
      statuses.set(symbolId, status);
      list(world, symbol, status);
      for (const id of world.desks.keys()) {
        const fields = { ctidTraderAccountId: id, symbolId: [symbolId] };
        pushToAccount(world, id, 'ProtoOASymbolChangedEvent', fields);
      }
    },
    moveCash: (accountId, amount) =>
      world.desks.get(accountId)?.apply({ type: 'cash', amount, time: clock.wall() }),
    act: (accountId, input) => world.desks.get(accountId)?.apply(input),
    quote: (symbolId, tick, shown) => {
      if (shown === undefined) world.feeds.get(symbolId)?.push(tick);
      else publishTick(world, symbolId, tick);
    },
    hangUp: () => hangUp(world),
    endApplications: (reason) => {
      for (const session of [...world.sessions]) endApplication(session, reason);
    },
    setMaintenance: (until) => {
      world.maintenanceUntil = until;
    },
    tokens: createTokenDesk(world),
    stop: () => {
      renewal?.cancel();
      for (const feed of world.feeds.values()) feed.stop();
      hangUp(world);
    },
  };
}

function hangUp({ sessions }: World): void {
  for (const session of [...sessions]) session.close();
}

function createWorld(params: SimulatorParams): World {
  const { clock } = params;
  const desks = new Map<string, Desk>();
  const feeds = new Map<string, Feed>();
  const world: World = {
    params,
    clock,
    switches: params.switches,
    sessions: new Set(),
    tokens: createTokenBook(params.grants, params.tokenLifeSeconds),
    desks,
    feeds,
    symbols: new Map(params.symbols.map((symbol) => [symbol.symbolId, symbol])),
    maintenanceUntil: undefined,
  };
  const prng = createPrng(params.seed);
  for (const account of params.accounts) {
    const id = account.exchange.account.id;
    const publish: Parameters<typeof createDesk>[0]['publish'] = (output) =>
      publishOutput(world, id, output);
    const own = prng.stream(`desk ${id}`);
    const { delays, switches } = params;
    desks.set(id, createDesk({ account, clock, delays, prng: own, switches, publish }));
  }
  for (const { symbolId, market } of params.symbols) {
    if (market === undefined) continue;
    feeds.set(
      symbolId,
      createFeed(market, clock, (tick) => arrive(world, symbolId, tick)),
    );
  }
  return world;
}

/** First everyone sees the price, then it executes what it reaches. */
function arrive(world: World, symbolId: string, tick: Parameters<typeof publishTick>[2]): void {
  publishTick(world, symbolId, tick);
  const instrumentId = symbolId as ListedSymbol['symbolId'];
  for (const desk of world.desks.values()) {
    desk.apply({ type: 'quote', instrumentId, initial: false, ...tick });
  }
}

/** A known price of the past: shown, and nothing executes on it (F72). */
function remember(world: World, symbolId: string, feed: Feed): void {
  const quote = feed.last();
  if (quote === undefined) return;
  const instrumentId = symbolId as ListedSymbol['symbolId'];
  for (const desk of world.desks.values()) {
    desk.apply({ type: 'quote', instrumentId, initial: true, ...quote });
  }
}

/** The symbol as the exchange trades it now, with the sessions of the coming days. */
function list(world: World, symbol: ListedSymbol, status: InstrumentStatus | undefined): void {
  const { listing, market } = symbol;
  if (listing === undefined || market === undefined) return;
  const instrument = {
    ...listing.instrument,
    status: status ?? listing.instrument.status,
    sessions: sessionsAround(world.clock, market),
  };
  const time = world.clock.wall();
  const { feeRounding } = world.switches;
  const costs =
    feeRounding === 'nearest'
      ? { ...listing.costs, conversionFeeRounding: feeRounding }
      : listing.costs;
  for (const desk of world.desks.values()) {
    desk.apply({ type: 'list', listing: { ...listing, instrument, costs }, time });
  }
}

const sessionsAround = (clock: Clock, market: NonNullable<ListedSymbol['market']>) =>
  market.sessions(wall(clock.wall() - SESSIONS_BACK_MS), wall(clock.wall() + SESSIONS_AHEAD_MS));
