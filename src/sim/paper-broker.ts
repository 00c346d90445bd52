/**
 * The Broker of a dry run: prices of a real or simulated feed, orders on the simulated exchange.
 * Dry-run safety is in the shape (F119): the feed it is given has no `send`, so no order can reach it, and
 * nothing the feed says about its own account gets through (R30).
 */
import {
  type Account,
  type BrokerEvent,
  type BrokerPosition,
  type BrokerQuery,
  type BrokerRequest,
  generation,
  type Instrument,
  type Permitted,
  untrusted,
} from '../engine/index.ts';
import type { Broker, Clock, Timer } from '../engine/ports.ts';
import { seedExchange, stepExchange } from './exchange.ts';
import type {
  ExchangeIds,
  ExchangeInput,
  ExchangeOutput,
  ExchangeState,
  Listing,
} from './exchange-types.ts';
import { eventsOf, snapshotOf } from './paper-events.ts';

/** A broker that cannot be traded with. */
export type Feed = Omit<Broker, 'send'>;

export interface PaperOptions {
  readonly feed: Feed;
  readonly clock: Clock;
  readonly account: Account;
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
  const timers = new Set<Timer>();
  let state: ExchangeState = seedExchange({
    account: options.account,
    ids: options.ids,
    positions: options.positions,
    time: clock.wall(),
  });
  let emit: (event: BrokerEvent) => void = () => undefined;
  let current = generation(0);
  let connected = false;

  const later = (delayMs: number, act: () => void): void => {
    const timer = clock.after(delayMs, () => {
      timers.delete(timer);
      act();
    });
    timers.add(timer);
  };
  const apply = (input: ExchangeInput): void => {
    const [next, outputs] = stepExchange(state, input);
    state = next;
    for (const output of outputs) {
      followUp(output);
      for (const event of eventsOf(output, state.account, current)) emit(event);
    }
  };
  const followUp = (output: ExchangeOutput): void => {
    if (output.type !== 'execution' || output.due === undefined) return;
    const { due, ref } = output;
    if (due.type === 'protect') {
      const protect = () => apply({ ...due, time: clock.wall() });
      later(PAPER_DELAYS.protect, protect);
    } else {
      const fill = () => apply({ ...due, ref, time: clock.wall() });
      later(PAPER_DELAYS.fill - PAPER_DELAYS.answer, fill);
    }
  };
  const takeInstrument = (instrument: Instrument): void => {
    const listing = options.list(instrument);
    if (listing !== undefined) apply({ type: 'list', listing, time: clock.wall() });
  };
  const snapshot = (query: Extract<BrokerQuery, { type: 'reconcile' }>): void => {
    const found = snapshotOf(state, { historyFrom: query.historyFrom, now: clock.wall() });
    const pass = { complete: true, snapshot: found } as const;
    emit({ type: 'brokerSnapshot', generation: current, pass });
  };
  const fromFeed = (event: BrokerEvent): void => {
    switch (event.type) {
      case 'link':
        if (event.generation !== current) apply({ type: 'quotesLost', time: clock.wall() });
        current = event.generation;
        connected = !OFFLINE.has(event.state);
        emit(event);
        return;
      case 'quote':
        emit(event);
        apply(quoteInput(event));
        return;
      case 'instrument':
        takeInstrument(event.instrument);
        emit(event);
        return;
      case 'account':
        emit({ type: 'account', account: state.account });
        return;
      case 'brokerSnapshot':
        // The feed's own account is display at best; ours is the exchange's (R30).
        snapshot({ type: 'reconcile', historyFrom: undefined });
        return;
      case 'barsLoaded':
      case 'requestFailed':
        emit(event);
        return;
      case 'orderUpdate':
      case 'deal':
      case 'protection':
      case 'sent':
        return;
    }
  };
  return {
    start: (listener) => {
      emit = listener;
      feed.start(fromFeed);
    },
    send: (request: Permitted<BrokerRequest>) => {
      const { requestId } = request;
      if (!connected) {
        const description = untrusted('the price feed is not connected; nothing was sent');
        emit({
          type: 'requestFailed',
          generation: current,
          requestId,
          definitive: true,
          code: 'NOT_CONNECTED',
          description,
        });
        return;
      }
      emit({ type: 'sent', generation: current, requestId });
      later(PAPER_DELAYS.answer, () => apply(requestInput(request, clock)));
    },
    query: (query) => {
      if (query.type === 'reconcile') later(PAPER_DELAYS.reconcile, () => snapshot(query));
      else feed.query(query);
    },
    subscribe: (instrument) => feed.subscribe(instrument),
    stop: () => {
      for (const timer of timers) timer.cancel();
      timers.clear();
      return feed.stop();
    },
  };
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

function requestInput(request: BrokerRequest, clock: Clock): ExchangeInput {
  const common = { ref: request.requestId, time: clock.wall() };
  switch (request.type) {
    case 'submitOrder': {
      const { instrumentId, side, volume, stopDistance, targetDistance } = request;
      const { clientOrderId, label } = request;
      const what = { instrumentId, side, volume, stopDistance, targetDistance };
      return { type: 'submit', ...common, ...what, clientOrderId, label };
    }
    case 'cancelOrder':
      return { type: 'cancel', ...common, orderId: request.brokerOrderId };
    case 'amendProtection': {
      const { positionId, stop, target } = request;
      return {
        type: 'amend',
        ...common,
        positionId,
        stop,
        ...(target === undefined ? {} : { target }),
      };
    }
    case 'closePosition':
      return { type: 'close', ...common, positionId: request.positionId, volume: request.volume };
  }
}
