/**
 * The Broker of a backtest: history as quotes, orders on the simulated exchange, everything at
 * once.
 * Intra-bar rule: open, then the extreme against the position, then the other one, then the close;
 * a
 * level inside the bar fills at the level, a level jumped over at the open. Deliberately no
 * latency.
 */
import {
  type BarEvent,
  type BarsEvent,
  type BrokerEvent,
  type BrokerRequest,
  type Generation,
  generation,
  type Instrument,
  type Money,
  money,
  type Permitted,
  type Price,
  price,
  type Wall,
  wall,
} from '../engine/index.ts';
import type { Broker } from '../engine/ports.ts';
import { worthAt, worthOver } from './backtest-equity.ts';
import { instrumentOf, type WideMarket } from './backtest-market.ts';
import { nightsBetween, type SwapRule, swapOf } from './backtest-swap.ts';
import { createStretches, createWalk } from './backtest-walk.ts';
import type { CommissionRule } from './costs.ts';
import { FIRST_IDS, seedExchange, stepExchange } from './exchange.ts';
import { inputOf } from './exchange-input.ts';
import { hasPending } from './exchange-pending.ts';
import type {
  DealFacts,
  Due,
  ExchangeInput,
  ExchangeOutput,
  ExchangeSeed,
  ExchangeState,
  PositionFacts,
} from './exchange-types.ts';
import { snapshotOf, tellOutput } from './paper-events.ts';

/** What a round trip costs; every rate is stated, none has a default here. */
export interface BacktestCosts {
  /** Ask minus bid, constant. */
  readonly spread: Price;
  /** Adverse distance of market orders and stops. */
  readonly slippage: Price;
  readonly commission: CommissionRule;
  /** Absent: nobody stated one, and none is charged. */
  readonly swap?: SwapRule;
}

export interface HistoryParts {
  readonly market: WideMarket;
  readonly account: ExchangeSeed['account'];
  readonly costs: BacktestCosts;
  /** Runs until nothing is left to do; the time of what it does is `now()`. */
  readonly settle: () => void;
  readonly onDeal: (deal: DealFacts) => void;
  /** Takes an event at `now()`, with everything that follows from it. */
  readonly onBar: (event: BarEvent) => void;
  /**
   * Takes bars of a stretch, the first at `now()`; `moved` is told their number before anything
   * that follows from them.
   */
  readonly onBars: (event: BarsEvent, moved: (taken: number) => void) => void;
  /** Prices a held position passed through, in bid. */
  readonly onPrice: (bid: number) => void;
}

/** A Broker that is moved bar by bar by whoever owns time. */
export interface HistoryBroker extends Broker {
  /** The first quote of a bar: it closes the bar before, and what was decided fills here. */
  open(bar: number): void;
  /**
   * The rest of the bar, price by price; if it may be left, only until nothing is under way any
   * more: then what is left of it.
   */
  pass(bar: number, mayLeave: boolean): BarEvent | undefined;
  /** What is left of a bar as one event, with the first quote of the next bar if there is one. */
  finish(left: BarEvent, next: number | undefined): void;
  /** True when no quote of the rest of the bar can fill anything: nothing is under way. */
  isQuiet(bar: number): boolean;
  /** The rest of a quiet bar as one event. */
  rest(bar: number): void;
  /**
   * The rest of quiet bars, each with the first quote of the next, up to bar `to` at most; the
   * first bar that has not passed. `moved` is told the same before anything follows from them.
   */
  stretch(bar: number, to: number, moved: (bar: number) => void): number;
  moveTo(now: number): void;
  /** Books the swap of the nights between two instants on the position that is held. */
  spend(from: number, to: number): Money;
  now(): Wall;
  /** Balance and what an open position is worth at the last price. */
  equity(): number;
  /** The same at another bid. */
  equityAt(bid: number): number;
  /** The same at the closes of bars, as nothing else happens in them; written where they stand. */
  equityOver(from: number, to: number, into: Float64Array): void;
  balance(): number;
  position(): PositionFacts | undefined;
}

type Expiry = Extract<Due, { readonly type: 'expire' }>;

export const FIRST_GENERATION: Generation = generation(1);

export function createHistoryBroker(parts: HistoryParts): HistoryBroker {
  const { market } = parts;
  const desk = createDesk(parts);
  const walk = createWalk(parts, desk);
  const stretches = createStretches(parts, desk, walk.afterwards);
  const { instrument } = desk;
  const link = { generation: FIRST_GENERATION } as const;
  return {
    start: (listener) => {
      desk.listen(listener);
      listener({ type: 'link', state: 'SYNCING', ...link });
      listener({ type: 'account', account: desk.state().account });
      listener({ type: 'instrument', instrument, ...link });
      listener(desk.pass(undefined));
      listener({ type: 'link', state: 'READY', ...link });
    },
    send: desk.send,
    query: (query) => {
      if (query.type === 'reconcile') {
        desk.emit(desk.pass(query.historyFrom));
        return;
      }
      const { instrumentId, timeframeMs } = query;
      const asOf = desk.now();
      desk.emit({ type: 'barsLoaded', instrumentId, timeframeMs, bars: [], asOf });
    },
    subscribe: () => undefined,
    stop: () => Promise.resolve(),
    open: (bar) => walk.quoteAt(market.open[bar] ?? 0, market.start[bar] ?? 0),
    pass: walk.pass,
    finish: walk.finish,
    isQuiet: stretches.isQuiet,
    rest: stretches.rest,
    stretch: stretches.stretch,
    moveTo: (now) => desk.moveTo(now),
    spend: (from, to) => spend(parts, desk, from, to),
    now: desk.now,
    equity: () => desk.equityAt(desk.bid()),
    equityAt: desk.equityAt,
    equityOver: desk.equityOver,
    balance: () => desk.state().account.balance,
    position: desk.held,
  };
}

/** The exchange, the last price and the listener; everything that moves. */
export type HistoryDesk = ReturnType<typeof createDesk>;

function createDesk(parts: HistoryParts) {
  const { market, costs } = parts;
  const instrument = instrumentOf(market);
  let now = wall(market.start[0] ?? 0);
  let bid = market.open[0] ?? 0;
  let emit: (event: BrokerEvent) => void = () => undefined;
  let state = listed(parts, instrument, now);
  const apply = (input: ExchangeInput): void => {
    const [next, outputs] = stepExchange(state, input);
    state = next;
    for (const output of outputs) publish(output);
  };
  const publish = (output: ExchangeOutput): void => {
    tellOutput(output, state.account, FIRST_GENERATION, emit);
    if (output.type !== 'execution') return;
    if (output.deal !== undefined) parts.onDeal(output.deal);
    const { due } = output;
    if (due?.type === 'expire') ends.push(due);
    else if (due !== undefined) apply(followUp(due, output.ref, now));
  };
  /** Ends of orders that wait, each at its own time. */
  const ends: Expiry[] = [];
  const endDue = (): void => {
    const due = ends.filter(({ at }) => at <= now);
    if (due.length === 0) return;
    ends.splice(0, ends.length, ...ends.filter(({ at }) => at > now));
    for (const each of due) apply({ ...each, time: each.at });
  };
  /** The exchange hears a price only when it can matter to it. */
  const hear = (): void =>
    apply({
      type: 'quote',
      instrumentId: instrument.id,
      bid: price(bid),
      ask: price(bid + costs.spread),
      time: now,
      initial: false,
    });
  return {
    instrument,
    hear,
    listen: (listener: typeof emit): void => {
      emit = listener;
    },
    emit: (event: BrokerEvent): void => emit(event),
    send: (request: Permitted<BrokerRequest>): void => {
      emit({ type: 'sent', generation: FIRST_GENERATION, requestId: request.requestId });
      hear();
      apply(inputOf(request, now));
    },
    pass: (historyFrom: Wall | undefined): BrokerEvent => passOf(state, historyFrom, now),
    equityAt: (at: number): number => worthAt(state, at, costs.spread),
    equityOver: (from: number, to: number, into: Float64Array): void => {
      const prices = { close: market.close, spread: costs.spread };
      worthOver(state, prices, { from, to }, into);
    },
    apply,
    moveTo: (instant: number, toBid = bid): void => {
      now = instant as Wall;
      bid = toBid;
      if (ends.length > 0) endDue();
    },
    now: (): Wall => now,
    bid: (): number => bid,
    state: (): ExchangeState => state,
    /** The oldest position. */
    held: (): PositionFacts | undefined => state.positions[0],
    /** True when orders wait for a price; the engine of a backtest never has any. */
    hasWaiting: (): boolean => hasPending(state.orders),
  };
}

/** What the exchange is told at once, as nothing takes time here. */
const followUp = (due: Exclude<Due, Expiry>, ref: string | undefined, time: Wall): ExchangeInput =>
  due.type === 'fill'
    ? { type: 'fill', ref, time, orderId: due.orderId }
    : { type: 'protect', time, positionId: due.positionId };

function passOf(state: ExchangeState, historyFrom: Wall | undefined, now: Wall): BrokerEvent {
  const pass = { complete: true, snapshot: snapshotOf(state, { historyFrom, now }) } as const;
  return { type: 'brokerSnapshot', generation: FIRST_GENERATION, pass };
}

/** Swap on everything that is open, for the nights between two instants. */
function spend({ costs }: HistoryParts, desk: HistoryDesk, from: number, to: number): Money {
  const { swap } = costs;
  const nights = swap === undefined ? 0 : nightsBetween(swap, from, to);
  let total = 0;
  if (swap === undefined || nights === 0) return money(total);
  for (const held of desk.state().positions) {
    if (held.status !== 'OPEN') continue;
    const amount = swapOf(swap, held, nights, desk.instrument.lotSize);
    desk.apply({ type: 'swap', positionId: held.id, amount, time: desk.now() });
    total += amount;
  }
  return money(total);
}

function listed(parts: HistoryParts, instrument: Instrument, time: Wall): ExchangeState {
  const { slippage, commission } = parts.costs;
  const costs = { slippage, commission, conversionFeeBps: 0 };
  const listing = { instrument, costs, quoteToDeposit: { numerator: 1, denominator: 1 } };
  const empty = seedExchange({ account: parts.account, ids: FIRST_IDS, positions: [], time });
  return stepExchange(empty, { type: 'list', listing, time })[0];
}
