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
import { inputOf } from './exchange-input.ts';
import { openProfitAt } from './exchange-money.ts';
import { isPending } from './exchange-pending.ts';
import type {
  DealFacts,
  Due,
  ExchangeInput,
  ExchangeOutput,
  ExchangeSeed,
  ExchangeState,
  OrderFacts,
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
  /** Takes an event at `now()`, with everything that follows from it. */
  readonly onBar: (event: BarEvent) => void;
  /** Prices a held position passed through, in bid. */
  readonly onPrice: (bid: number) => void;
}

/** A Broker that is moved bar by bar by whoever owns time. */
export interface HistoryBroker extends Broker {
  /** The first quote of a bar: it closes the bar before, and what was decided fills here. */
  open(bar: number): void;
  /** The rest of the bar. */
  pass(bar: number): void;
  /** True when no quote of the rest of the bar can fill anything: nothing is under way. */
  isQuiet(bar: number): boolean;
  /** The rest of a quiet bar as one event, with the first quote of the next bar if so asked. */
  rest(bar: number, withNext: boolean): void;
  moveTo(now: number): void;
  now(): Wall;
  /** Balance and what an open position is worth at the last price. */
  equity(): number;
  /** The same at another bid. */
  equityAt(bid: number): number;
  balance(): number;
  position(): PositionFacts | undefined;
}

type Expiry = Extract<Due, { readonly type: 'expire' }>;

export const FIRST_GENERATION: Generation = generation(1);

export function createHistoryBroker(parts: HistoryParts): HistoryBroker {
  const { market } = parts;
  const desk = createDesk(parts);
  const walk = createWalk(parts, desk);
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
    pass: (bar) => {
      const begin = market.start[bar] ?? 0;
      const quarter = Math.floor(((market.end[bar] ?? begin) - begin) / 4);
      const high = market.high[bar] ?? 0;
      const low = market.low[bar] ?? 0;
      const isShort = desk.held()?.side === 'sell';
      walk.walk(isShort ? high : low, begin + quarter);
      walk.walk(isShort ? low : high, begin + 2 * quarter);
      walk.walk(market.close[bar] ?? 0, begin + 3 * quarter);
    },
    isQuiet: walk.isQuiet,
    rest: walk.rest,
    moveTo: (now) => desk.moveTo(now),
    now: desk.now,
    equity: () => desk.equityAt(desk.bid()),
    equityAt: desk.equityAt,
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
    else if (due?.type === 'expire') ends.push(due);
    else if (due !== undefined) apply({ ...due, time: now });
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
  const hear = (): void => {
    const sides = { bid: price(bid), ask: price(bid + costs.spread) };
    apply({ type: 'quote', instrumentId, ...sides, time: now, initial: false });
  };
  return {
    instrument,
    hear,
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
    equityAt: (at: number): number => {
      const held = state.positions[0];
      if (held === undefined) return state.account.balance;
      const closing = (held.side === 'buy' ? at : at + costs.spread) as Price;
      return state.account.balance + openProfitAt(state, held, closing);
    },
    moveTo: (instant: number, toBid = bid): void => {
      now = instant as Wall;
      bid = toBid;
      if (ends.length > 0) endDue();
    },
    now: (): Wall => now,
    bid: (): number => bid,
    state: (): ExchangeState => state,
    held: (): PositionFacts | undefined => state.positions[0],
    /** Orders that wait for a price; the engine of a backtest never has any. */
    waiting: (): readonly OrderFacts[] => state.orders.filter(isPending),
  };
}

/** The prices of history, one by one or the rest of a bar at once, in front of the desk. */
function createWalk(parts: HistoryParts, desk: ReturnType<typeof createDesk>) {
  const { market, costs } = parts;
  const { spread } = costs;
  const instrumentId = desk.instrument.id;
  const link = { generation: FIRST_GENERATION } as const;
  /** The engine heard the price: what it reaches at the exchange comes after. */
  const afterwards = (value: number): void => {
    const held = desk.held();
    if (held === undefined) return;
    if (held.status === 'OPEN') parts.onPrice(value);
    if (desk.waiting().length === 0 && !reaches(held, value, spread)) return;
    desk.hear();
    parts.settle();
  };
  const quoteAt = (value: number, time: number): void => {
    desk.moveTo(time, value);
    const sides = { bid: value as Price, ask: (value + spread) as Price, time: time as Wall };
    desk.emit({ type: 'quote', instrumentId, ...link, ...sides, initial: false });
    parts.settle();
    afterwards(value);
  };
  return {
    quoteAt,
    walk: (to: number, time: number): void => {
      const held = desk.held();
      const level = held === undefined ? undefined : levelBetween(held, desk.bid(), to, spread);
      const waits = desk.waiting().length === 0 ? undefined : wakesBetween(desk, to, spread);
      if (waits !== undefined && waits !== to) quoteAt(waits, time);
      if (level !== undefined && level !== to) quoteAt(level, time);
      if (to !== desk.bid()) quoteAt(to, time);
    },
    rest: (bar: number, withNext: boolean): void => {
      const held = desk.held();
      const isShort = held?.side === 'sell';
      const open = desk.bid() as Price;
      const event = restOf(market, bar, withNext, { instrumentId, open, spread, isShort });
      if (held !== undefined) {
        parts.onPrice(event.first);
        parts.onPrice(event.second);
        parts.onPrice(event.last);
      }
      const end = event.from + 3 * event.stepMs;
      desk.moveTo(withNext ? (market.start[bar + 1] ?? end) : end, event.next ?? event.last);
      parts.onBar(event);
      if (withNext) afterwards(desk.bid());
    },
    isQuiet: (bar: number): boolean => {
      const { positions, orders } = desk.state();
      const [held] = positions;
      if (held === undefined) return orders.length === 0;
      // One position with its protection and nothing else.
      if (positions.length > 1 || orders.length !== 1 || orders[0]?.type !== 'PROTECTIVE') {
        return false;
      }
      return isClear(held, market.low[bar] ?? 0, market.high[bar] ?? 0, spread);
    },
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

/** True when a way between these bids meets no level of the position. */
function isClear(held: PositionFacts, low: number, high: number, spread: number): boolean {
  const { stop, target, side } = held;
  if (stop === undefined || target === undefined) return false;
  return side === 'buy'
    ? low > stop && high < target
    : high + spread < stop && low + spread > target;
}

/** What is left of a bar after its first quote, the extreme against the position first. */
function restOf(
  market: BacktestMarket,
  bar: number,
  withNext: boolean,
  at: Pick<BarEvent, 'instrumentId' | 'open' | 'spread'> & { readonly isShort: boolean },
): BarEvent {
  const from = (market.start[bar] ?? 0) as Wall;
  const low = (market.low[bar] ?? 0) as Price;
  const high = (market.high[bar] ?? 0) as Price;
  return {
    type: 'bar',
    instrumentId: at.instrumentId,
    generation: FIRST_GENERATION,
    spread: at.spread,
    from,
    stepMs: Math.floor(((market.end[bar] ?? from) - from) / 4),
    open: at.open,
    first: at.isShort ? high : low,
    second: at.isShort ? low : high,
    last: (market.close[bar] ?? 0) as Price,
    next: withNext ? ((market.open[bar + 1] ?? 0) as Price) : undefined,
  };
}

/** The bid at which a way from here to another bid first wakes an order that waits; or nothing. */
function wakesBetween(
  desk: { bid(): number; waiting(): readonly OrderFacts[] },
  to: number,
  spread: number,
): number | undefined {
  const from = desk.bid();
  const met = desk.waiting().flatMap((order) => {
    const at = (order.limitPrice ?? order.stopPrice ?? 0) - (order.side === 'buy' ? spread : 0);
    return (from > at && at >= to) || (from < at && at <= to) ? [at] : [];
  });
  return met.sort((a, b) => Math.abs(a - from) - Math.abs(b - from))[0];
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
