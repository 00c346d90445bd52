/**
 * One bar of a stretch: when its input comes, what it is as an event of its own, how many quotes.
 * Deliberately only looks things up: who may carry it is decided in `bar-run.ts`.
 */
import type { BarEvent, BarsEvent } from './event.ts';
import type { At } from './state.ts';
import type { Mono, Price, Seq, Wall } from './units.ts';

/** When the input of a bar comes: with the first quote of the bar after it. */
export function atOf(event: BarsEvent, bar: number, first: At): At {
  const wall = (event.columns.start[bar + 1] ?? 0) as Wall;
  const seq = (first.seq + bar - event.from) as Seq;
  return { seq, mono: (first.mono + (wall - first.wall)) as Mono, wall };
}

/** One bar of a stretch as an event of its own. */
export function barOf(event: BarsEvent, bar: number): BarEvent {
  const { instrumentId, generation, spread, columns } = event;
  const from = (columns.start[bar] ?? 0) as Wall;
  const low = (columns.low[bar] ?? 0) as Price;
  const high = (columns.high[bar] ?? 0) as Price;
  return {
    type: 'bar',
    instrumentId,
    generation,
    spread,
    from,
    // A quarter of the bar, in whole milliseconds.
    stepMs: Math.floor(((columns.end[bar] ?? 0) - from) / 4),
    open: (columns.open[bar] ?? 0) as Price,
    first: event.first === 'low' ? low : high,
    second: event.first === 'low' ? high : low,
    last: (columns.close[bar] ?? 0) as Price,
    next: (columns.open[bar + 1] ?? 0) as Price,
  };
}

/** The quotes that a bar has after its first one: a price that does not move is none. */
export function movesOf({ columns, first }: BarsEvent, bar: number): number {
  const open = columns.open[bar] as number;
  const high = columns.high[bar] as number;
  const low = columns.low[bar] as number;
  const isLowFirst = first === 'low';
  const isMoved = (isLowFirst ? low : high) !== open;
  const isBack = (columns.close[bar] as number) !== (isLowFirst ? high : low);
  return (isMoved ? 1 : 0) + (low === high ? 0 : 1) + (isBack ? 1 : 0);
}
