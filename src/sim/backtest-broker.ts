/**
 * The Broker of a backtest: history as quotes, orders on the simulated exchange, everything at
 * once.
 * Intra-bar rule: open, then the extreme against the position, then the other one, then the close;
 * a
 * level inside the bar fills at the level, a level jumped over at the open. Deliberately no
 * latency.
 */
import {
  type BrokerEvent,
  type BrokerRequest,
  type Generation,
  generation,
  type Instrument,
  type Permitted,
  type Price,
  price,
  type Wall,
  wall,
} from '../engine/index.ts';
import type { Broker } from '../engine/ports.ts';
import { type BacktestMarket, instrumentOf } from './backtest-market.ts';
import type { CommissionRule } from './costs.ts';
import { FIRST_IDS, seedExchange, stepExchange } from './exchange.ts';
import { openProfit } from './exchange-money.ts';
import type {
  DealFacts,
  ExchangeInput,
  ExchangeOutput,
  ExchangeSeed,
  ExchangeState,
  PositionFacts,
} from './exchange-types.ts';
import { eventsOf, snapshotOf } from './paper-events.ts';

/** What a round trip costs; every rate is stated, none has a default here. */
export interface BacktestCosts {
  /** Ask minus bid, constant. */
  readonly spread: Price;
  /** Adverse distance of market orders and stops. */
  readonly slippage: Price;
  readonly commission: CommissionRule;
}

export interface HistoryParts {
  readonly market: BacktestMarket;
  readonly account: ExchangeSeed['account'];
  readonly costs: BacktestCosts;
  /** Runs until nothing is left to do; the time of what it does is `now()`. */
  readonly settle: () => void;
  readonly onDeal: (deal: DealFacts) => void;
  /** Prices a held position passed through, in bid. */
  readonly onPrice: (bid: number) => void;
}

/** A Broker that is moved bar by bar by whoever owns time. */
export interface HistoryBroker extends Broker {
  /** The first quote of a bar: it closes the bar before, and what was decided fills here. */
  open(bar: number): void;
  /** The rest of the bar. */
  pass(bar: number): void;
  moveTo(now: number): void;
  now(): Wall;
  /** Balance and what an open position is worth at the last price. */
  equity(): number;
  balance(): number;
  position(): PositionFacts | undefined;
}

export const FIRST_GENERATION: Generation = generation(1);

export function createHistoryBroker(parts: HistoryParts): HistoryBroker {
  const { market, costs } = parts;
  const desk = createDesk(parts);
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
    open: (bar) => desk.quoteAt(market.open[bar] ?? 0, market.start[bar] ?? 0),
    pass: (bar) => {
      const begin = market.start[bar] ?? 0;
      const quarter = Math.floor(((market.end[bar] ?? begin) - begin) / 4);
      const high = market.high[bar] ?? 0;
      const low = market.low[bar] ?? 0;
      const isShort = desk.held()?.side === 'sell';
      desk.walk(isShort ? high : low, begin + quarter);
      desk.walk(isShort ? low : high, begin + 2 * quarter);
      desk.walk(market.close[bar] ?? 0, begin + 3 * quarter);
    },
    moveTo: desk.moveTo,
    now: desk.now,
    equity: () => {
      const state = desk.state();
      const held = desk.held();
      if (held === undefined) return state.account.balance;
      const bid = desk.bid();
      const quote = { bid: price(bid), ask: price(bid + costs.spread), time: desk.now() };
      const marked = { ...state, quotes: { [instrument.id]: quote } };
      return state.account.balance + openProfit(marked, held);
    },
    balance: () => desk.state().account.balance,
    position: desk.held,
  };
}

/** The exchange, the last price and the listener; everything that moves. */
function createDesk(parts: HistoryParts) {
  const { market, costs } = parts;
  const instrument = instrumentOf(market);
  const instrumentId = instrument.id;
  const link = { generation: FIRST_GENERATION } as const;
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
    for (const event of eventsOf(output, state.account, FIRST_GENERATION)) emit(event);
    if (output.type !== 'execution') return;
    if (output.deal !== undefined) parts.onDeal(output.deal);
    const { due, ref } = output;
    if (due?.type === 'fill') apply({ ...due, ref, time: now });
    else if (due !== undefined) apply({ ...due, time: now });
  };
  /** The exchange hears a price only when it can matter to it. */
  const hear = (): void => {
    const sides = { bid: price(bid), ask: price(bid + costs.spread) };
    apply({ type: 'quote', instrumentId, ...sides, time: now, initial: false });
  };
  const quoteAt = (value: number, time: number): void => {
    now = time as Wall;
    bid = value;
    const sides = { bid: value as Price, ask: (value + costs.spread) as Price };
    emit({ type: 'quote', instrumentId, ...link, ...sides, time: now, initial: false });
    parts.settle();
    const held = state.positions[0];
    if (held === undefined) return;
    parts.onPrice(value);
    if (!reaches(held, value, costs.spread)) return;
    hear();
    parts.settle();
  };
  return {
    instrument,
    quoteAt,
    listen: (listener: typeof emit): void => {
      emit = listener;
    },
    emit: (event: BrokerEvent): void => emit(event),
    send: (request: Permitted<BrokerRequest>): void => {
      emit({ type: 'sent', ...link, requestId: request.requestId });
      hear();
      apply(inputOf(request, now));
    },
    pass: (historyFrom: Wall | undefined): BrokerEvent => {
      const snapshot = snapshotOf(state, { historyFrom, now });
      return { type: 'brokerSnapshot', ...link, pass: { complete: true, snapshot } };
    },
    walk: (to: number, time: number): void => {
      const held = state.positions[0];
      const level = held === undefined ? undefined : levelBetween(held, bid, to, costs.spread);
      if (level !== undefined && level !== to) quoteAt(level, time);
      if (to !== bid) quoteAt(to, time);
    },
    moveTo: (instant: number): void => {
      now = instant as Wall;
    },
    now: (): Wall => now,
    bid: (): number => bid,
    state: (): ExchangeState => state,
    held: (): PositionFacts | undefined => state.positions[0],
  };
}

function listed(parts: HistoryParts, instrument: Instrument, time: Wall): ExchangeState {
  const { slippage, commission } = parts.costs;
  const costs = { slippage, commission, conversionFeeBps: 0 };
  const listing = { instrument, costs, quoteToDeposit: { numerator: 1, denominator: 1 } };
  const empty = seedExchange({ account: parts.account, ids: FIRST_IDS, positions: [], time });
  return stepExchange(empty, { type: 'list', listing, time })[0];
}

/** True when the closing side of a bid stands at or beyond a level of the position. */
function reaches(held: PositionFacts, bid: number, spread: number): boolean {
  const { stop, target, side } = held;
  const at = side === 'buy' ? bid : bid + spread;
  const long = side === 'buy';
  if (stop !== undefined && (long ? at <= stop : at >= stop)) return true;
  return target !== undefined && (long ? at >= target : at <= target);
}

/** The bid at which a way from one bid to another meets a level of the position; or nothing. */
function levelBetween(
  held: PositionFacts,
  from: number,
  to: number,
  spread: number,
): number | undefined {
  const shift = held.side === 'buy' ? 0 : spread;
  for (const level of [held.stop, held.target]) {
    if (level === undefined) continue;
    const at = level - shift;
    if ((from > at && at >= to) || (from < at && at <= to)) return at;
  }
  return undefined;
}

function inputOf(request: BrokerRequest, time: Wall): ExchangeInput {
  const common = { ref: request.requestId, time };
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
      const levels = target === undefined ? { stop } : { stop, target };
      return { type: 'amend', ...common, positionId, ...levels };
    }
    case 'closePosition':
      return { type: 'close', ...common, positionId: request.positionId, volume: request.volume };
  }
}
