/**
 * The prices of history in front of the desk of a backtest: one by one, or as many quiet bars at
 * once as no order can be filled in.
 * Deliberately fills nothing: levels are the exchange's business.
 */
import type { BarEvent, BarsEvent, Price, Wall } from '../engine/index.ts';
import { barOf } from '../engine/stretch.ts';
import { FIRST_GENERATION, type HistoryDesk, type HistoryParts } from './backtest-broker.ts';
import type { WideMarket } from './backtest-market.ts';
import { isPending } from './exchange-pending.ts';
import type { PositionFacts } from './exchange-types.ts';

/** The prices of history, one by one or the rest of a bar at once, in front of the desk. */
export function createWalk(parts: HistoryParts, desk: HistoryDesk) {
  const { market, costs } = parts;
  const { spread } = costs;
  const instrumentId = desk.instrument.id;
  const generation = FIRST_GENERATION;
  /** The extreme against a position comes first. */
  const fallingFirst = barsOf(parts, instrumentId, 'low');
  const fallingLast = barsOf(parts, instrumentId, 'high');
  /** The engine heard the price: what it reaches at the exchange comes after. */
  const afterwards = (value: number): void => {
    const { positions } = desk.state();
    if (positions.length === 0) return;
    parts.onPrice(value);
    if (!isReached(positions, value, spread) && !desk.hasWaiting()) return;
    desk.hear();
    parts.settle();
  };
  const quoteAt = (value: number, time: number): void => {
    desk.moveTo(time, value);
    const bid = value as Price;
    const ask = (value + spread) as Price;
    const at = time as Wall;
    desk.emit({ type: 'quote', generation, instrumentId, bid, ask, time: at, initial: false });
    parts.settle();
    afterwards(value);
  };
  const isFree = (): boolean => {
    const { positions, orders } = desk.state();
    return positions.length === 0 && orders.length === 0;
  };
  /** The way to a price; true when it was left because nothing is under way any more. */
  const walk = (to: number, time: number, mayLeave: boolean): boolean => {
    const waits = desk.hasWaiting() ? wakesBetween(desk, to, spread) : undefined;
    if (waits !== undefined && waits !== to) quoteAt(waits, time);
    for (let at = levelBefore(desk, to, spread); at !== undefined; ) {
      quoteAt(at, time);
      if (mayLeave && isFree()) return true;
      at = levelBefore(desk, to, spread);
    }
    if (to !== desk.bid()) quoteAt(to, time);
    return mayLeave && isFree();
  };
  return {
    quoteAt,
    afterwards,
    pass: (bar: number, mayLeave: boolean): BarEvent | undefined => {
      const event = barOf(desk.held()?.side === 'sell' ? fallingLast : fallingFirst, bar);
      const { from, stepMs, first, second, last } = event;
      if (walk(first, from + stepMs, mayLeave)) return leftOf(event, desk.bid(), 0);
      if (walk(second, from + 2 * stepMs, mayLeave)) return leftOf(event, desk.bid(), 1);
      return walk(last, from + 3 * stepMs, mayLeave) ? leftOf(event, desk.bid(), 2) : undefined;
    },
    finish: (left: BarEvent, next: number | undefined): void => {
      if (next === undefined) desk.moveTo(left.from + 3 * left.stepMs, left.last);
      else desk.moveTo(market.start[next] ?? 0, market.open[next] ?? 0);
      parts.onBar(next === undefined ? asLast(left) : left);
      if (next !== undefined) afterwards(desk.bid());
    },
  };
}

/** All bars, each to reach that extreme first. */
const barsOf = (
  { market, costs }: HistoryParts,
  instrumentId: BarsEvent['instrumentId'],
  first: BarsEvent['first'],
): BarsEvent => ({
  type: 'bars',
  instrumentId,
  generation: FIRST_GENERATION,
  spread: costs.spread,
  from: 0,
  to: market.count,
  first,
  columns: market,
});

/** What is left of a bar from a bid on, when so many of its quotes have passed. */
const leftOf = (event: BarEvent, bid: number, passed: number): BarEvent => ({
  type: 'bar',
  instrumentId: event.instrumentId,
  generation: event.generation,
  spread: event.spread,
  from: event.from,
  stepMs: event.stepMs,
  open: bid as Price,
  first: passed > 0 ? (bid as Price) : event.first,
  second: passed > 1 ? (bid as Price) : event.second,
  last: event.last,
  next: event.next,
});

/** The same bar with no quote after it. */
const asLast = (event: BarEvent): BarEvent => ({
  type: 'bar',
  instrumentId: event.instrumentId,
  generation: event.generation,
  spread: event.spread,
  from: event.from,
  stepMs: event.stepMs,
  open: event.open,
  first: event.first,
  second: event.second,
  last: event.last,
  next: undefined,
});

/** Quiet bars at once: what no order can be filled in. */
export function createStretches(
  parts: HistoryParts,
  desk: HistoryDesk,
  afterwards: (bid: number) => void,
) {
  const { market, costs } = parts;
  const { spread } = costs;
  const eventOf = (from: number, to: number, held: PositionFacts | undefined): BarsEvent => ({
    type: 'bars',
    instrumentId: desk.instrument.id,
    generation: FIRST_GENERATION,
    spread,
    from,
    to,
    first: held?.side === 'sell' ? 'high' : 'low',
    columns: market,
  });
  /** The furthest bids that a held position met in these bars, each after its first quote. */
  const passThrough = (held: PositionFacts | undefined, from: number, to: number): void => {
    if (held === undefined) return;
    const { open, low, high } = market;
    let [lowest, highest] = [low[from] as number, high[from] as number];
    for (let bar = from + 1; bar < to; bar += 1) {
      const first = open[bar] as number;
      const [bottom, top] = [low[bar] as number, high[bar] as number];
      if (first < lowest) lowest = first;
      if (first > highest) highest = first;
      if (bottom < lowest) lowest = bottom;
      if (top > highest) highest = top;
    }
    parts.onPrice(lowest);
    parts.onPrice(highest);
  };
  return {
    rest: (bar: number): void => {
      const held = desk.held();
      const event = restOf(eventOf(bar, bar + 1, held));
      passThrough(held, bar, bar + 1);
      desk.moveTo(event.from + 3 * event.stepMs, event.last);
      parts.onBar(event);
    },
    stretch: (bar: number, to: number, moved: (until: number) => void): number => {
      const held = desk.held();
      const end = held === undefined ? to : clearUntil(market, held, bar, to, spread);
      const first = bar + 1;
      let until = first;
      desk.moveTo(market.start[first] ?? 0, market.open[first] ?? 0);
      parts.onBars(eventOf(bar, end, held), (taken) => {
        until = bar + taken;
        passThrough(held, bar, until);
        desk.moveTo(market.start[until] ?? 0, market.open[until] ?? 0);
        moved(until);
      });
      afterwards(desk.bid());
      return until;
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

function isReached(positions: readonly PositionFacts[], bid: number, spread: number): boolean {
  for (const held of positions) if (reaches(held, bid, spread)) return true;
  return false;
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

/** The bid at which a way from here to another bid first wakes an order that waits; or nothing. */
function wakesBetween(
  desk: Pick<HistoryDesk, 'bid' | 'state'>,
  to: number,
  spread: number,
): number | undefined {
  const from = desk.bid();
  const waiting = desk.state().orders.filter(isPending);
  const met = waiting.flatMap((order) => {
    const at = (order.limitPrice ?? order.stopPrice ?? 0) - (order.side === 'buy' ? spread : 0);
    return (from > at && at >= to) || (from < at && at <= to) ? [at] : [];
  });
  return met.sort((a, b) => Math.abs(a - from) - Math.abs(b - from))[0];
}

/** The first bid short of `to` at which the way there meets a level of a position; or nothing. */
function levelBefore(desk: HistoryDesk, to: number, spread: number): number | undefined {
  const from = desk.bid();
  let nearest = to;
  for (const held of desk.state().positions) {
    const at = levelBetween(held, from, to, spread) ?? to;
    if (Math.abs(at - from) < Math.abs(nearest - from)) nearest = at;
  }
  return nearest === to ? undefined : nearest;
}

/** The bid at which a way from one bid to another meets a level of the position; or nothing. */
function levelBetween(
  held: PositionFacts,
  from: number,
  to: number,
  spread: number,
): number | undefined {
  const shift = held.side === 'buy' ? 0 : spread;
  const stop = bidBetween(held.stop, shift, from, to);
  return stop ?? bidBetween(held.target, shift, from, to);
}

function bidBetween(
  level: number | undefined,
  shift: number,
  from: number,
  to: number,
): number | undefined {
  if (level === undefined) return undefined;
  const at = level - shift;
  return (from > at && at >= to) || (from < at && at <= to) ? at : undefined;
}

/** The first bar that could fill something, and the last of the stretch reaches no level either. */
function clearUntil(
  { open, high, low }: WideMarket,
  { side, stop, target }: PositionFacts,
  from: number,
  to: number,
  spread: number,
): number {
  if (stop === undefined || target === undefined) return Math.min(from + 1, to);
  // Bids between which neither level is reached.
  const above = side === 'buy' ? stop : target - spread;
  const below = side === 'buy' ? target : stop - spread;
  for (let bar = from + 1; bar < to; bar += 1) {
    const first = open[bar] as number;
    if (!(first > above && first < below)) return bar;
    if (!((low[bar] as number) > above && (high[bar] as number) < below)) return bar;
  }
  return to;
}

/** A bar after whose last quote nothing comes for a while. */
const restOf = (event: BarsEvent): BarEvent => asLast(barOf(event, event.from));
