/**
 * The Broker of a dry run: prices of a real or simulated feed, orders on the simulated exchange.
 * Dry-run safety is in the shape (F119): the feed it is given has no `send`, so no order can reach
 * it, and nothing the feed says about its own account gets through (R30).
 */
import {
  type Account,
  type BrokerEvent,
  type BrokerPosition,
  type BrokerRequest,
  type Generation,
  generation,
  type Instrument,
  type Permitted,
  untrusted,
  type Wall,
} from '../engine/index.ts';
import type { Broker, Clock, Timer } from '../engine/ports.ts';
import { seedExchange, stepExchange } from './exchange.ts';
import { inputOf } from './exchange-input.ts';
import type {
  ExchangeIds,
  ExchangeInput,
  ExchangeOutput,
  ExchangeState,
  Listing,
} from './exchange-types.ts';
import { snapshotOf, tellOutput } from './paper-events.ts';

/** A broker that cannot be traded with. */
export type Feed = Omit<Broker, 'send'>;

export interface PaperOptions {
  readonly feed: Feed;
  readonly clock: Clock;
  readonly account: Account;
  /**
   * Start from the balance and currency of the feed's own account, once, as soon as it is known.
   */
  readonly adoptFeedAccount: boolean;
  /** Beyond every number a former run of the same account gave out. */
  readonly ids: ExchangeIds;
  /** Open positions of a former run, with their levels. */
  readonly positions: readonly BrokerPosition[];
  /** Costs and conversion for an instrument; undefined when it cannot be traded on paper. */
  readonly list: (instrument: Instrument) => Listing | undefined;
}

/** Milliseconds after the request, and after the fill; close to what was recorded at a broker. */
export const PAPER_DELAYS = { answer: 80, fill: 140, protect: 15, reconcile: 20 } as const;

export function createPaperBroker(options: PaperOptions): Broker {
  const { feed, clock } = options;
  const desk = createDesk(options);
  return {
    start: (listener) => {
      desk.listen(listener);
      feed.start((event) => fromFeed(desk, options, event));
    },
    send: (request: Permitted<BrokerRequest>) => {
      const sentAs = { generation: desk.generation(), requestId: request.requestId };
      if (!desk.connected()) {
        const description = untrusted('the price feed is not connected; nothing was sent');
        const why = { definitive: true, code: 'NOT_CONNECTED', description };
        desk.emit({ type: 'requestFailed', ...sentAs, ...why });
        return;
      }
      desk.emit({ type: 'sent', ...sentAs });
      desk.later(PAPER_DELAYS.answer, () => desk.apply(inputOf(request, clock.wall())));
    },
    query: (query) => {
      if (query.type !== 'reconcile') feed.query(query);
      else desk.later(PAPER_DELAYS.reconcile, () => desk.snapshot(query.historyFrom));
    },
    subscribe: (instrument) => feed.subscribe(instrument),
    stop: () => {
      desk.close();
      return feed.stop();
    },
  };
}

type Desk = ReturnType<typeof createDesk>;

/** Timers that are all cancelled together. */
function timersOn(clock: Clock) {
  const timers = new Set<Timer>();
  return {
    later: (delayMs: number, act: () => void): void => {
      const timer = clock.after(delayMs, () => {
        timers.delete(timer);
        act();
      });
      timers.add(timer);
    },
    cancelAll: (): void => {
      for (const timer of timers) timer.cancel();
      timers.clear();
    },
  };
}

/** The exchange with its delays and its listener. */
function createDesk(options: PaperOptions) {
  const { clock } = options;
  const { later, cancelAll } = timersOn(clock);
  let state: ExchangeState = seedExchange({
    account: options.account,
    ids: options.ids,
    positions: options.positions,
    time: clock.wall(),
  });
  let emit: (event: BrokerEvent) => void = () => undefined;
  let mayAdopt = options.adoptFeedAccount;
  let link: { generation: Generation; connected: boolean } = {
    generation: generation(0),
    connected: false,
  };
  const apply = (input: ExchangeInput): void => {
    const [next, outputs] = stepExchange(state, input);
    state = next;
    for (const output of outputs) {
      followUp(output);
      tellOutput(output, state.account, link.generation, emit);
    }
  };
  const followUp = (output: ExchangeOutput): void => {
    if (output.type !== 'execution' || output.due === undefined) return;
    const { due, ref } = output;
    if (due.type === 'expire') {
      later(due.at - clock.wall(), () => apply({ ...due, time: clock.wall() }));
      return;
    }
    const protects = due.type === 'protect';
    const delayMs = protects ? PAPER_DELAYS.protect : PAPER_DELAYS.fill - PAPER_DELAYS.answer;
    later(delayMs, () => {
      const time = clock.wall();
      apply(due.type === 'protect' ? { ...due, time } : { ...due, ref, time });
    });
  };
  const snapshot = (historyFrom: Wall | undefined): void => {
    const found = snapshotOf(state, { historyFrom, now: clock.wall() });
    const pass = { complete: true, snapshot: found } as const;
    emit({ type: 'brokerSnapshot', generation: link.generation, pass });
  };
  return {
    apply,
    later,
    snapshot,
    emit: (event: BrokerEvent): void => emit(event),
    listen: (listener: (event: BrokerEvent) => void): void => {
      emit = listener;
    },
    account: (): Account => state.account,
    adopt: (account: Account): void => {
      if (!mayAdopt) return;
      mayAdopt = false;
      const { ids, positions } = options;
      state = seedExchange({ account, ids, positions, time: clock.wall() });
    },
    generation: (): Generation => link.generation,
    connected: (): boolean => link.connected,
    linked: (now: typeof link): void => {
      // A new generation starts without prices: nothing fills on what was known before (F71).
      if (now.generation !== link.generation) apply({ type: 'quotesLost', time: clock.wall() });
      link = now;
    },
    close: cancelAll,
  };
}

/** What the feed says: prices and the link pass, its account and its orders do not. */
function fromFeed(desk: Desk, options: PaperOptions, event: BrokerEvent): void {
  switch (event.type) {
    case 'link':
      desk.linked({ generation: event.generation, connected: !OFFLINE.has(event.state) });
      desk.emit(event);
      return;
    case 'quote':
      desk.emit(event);
      desk.apply(quoteInput(event));
      return;
    case 'instrument': {
      const listing = options.list(event.instrument);
      const time = options.clock.wall();
      if (listing !== undefined) desk.apply({ type: 'list', listing, time });
      desk.emit(event);
      return;
    }
    case 'account':
      desk.adopt(event.account);
      desk.emit({ type: 'account', account: desk.account() });
      return;
    case 'brokerSnapshot':
      // The feed's own account is display at best; ours is the exchange's (R30).
      desk.snapshot(undefined);
      return;
    case 'barsLoaded':
    case 'requestFailed':
    case 'clockSkew':
    case 'conversion':
      desk.emit(event);
      return;
    case 'orderUpdate':
    case 'deal':
    case 'protection':
    case 'sent':
    case 'brokerPnl':
    case 'shadow':
      return;
  }
}

const OFFLINE: ReadonlySet<string> = new Set([
  'DISCONNECTED',
  'CONNECTING',
  'APP_AUTH',
  'MAINTENANCE',
  'AUTH_HALT',
  'HALTED',
]);

const quoteInput = (event: Extract<BrokerEvent, { type: 'quote' }>): ExchangeInput => ({
  type: 'quote',
  instrumentId: event.instrumentId,
  time: event.time,
  initial: event.initial,
  ...(event.bid === undefined ? {} : { bid: event.bid }),
  ...(event.ask === undefined ? {} : { ask: event.ask }),
});
