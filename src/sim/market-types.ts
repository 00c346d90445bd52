/**
 * What a source of quotes looks like, synthetic or recorded; pulled, never pushed.
 * Deliberately knows no clock: the caller pulls a tick and delivers it when its time has come.
 */
import type { Bar, Price, Quote, SessionInterval, Wall } from '../engine/index.ts';

/** An update; an absent side is unchanged. At least one side is present. */
export interface MarketTick {
  readonly time: Wall;
  readonly bid?: Price;
  readonly ask?: Price;
}

/** Contract: the caller pulls at most one tick ahead of its own time. */
export interface Market {
  /** What it is, for the screen and the log. */
  readonly description: string;
  /** The instant the live part begins; everything before is history. */
  readonly liveFrom: Wall;
  /** The next tick in time order; undefined when the recording has ended. */
  next(): MarketTick | undefined;
  /**
   * The last `count` bars of the BID that opened at or before `to`, oldest first. `timeframeMs` is
   * a whole number of minutes. The last one may still be forming. A tick later than `to` that was
   * pulled ahead is not in it.
   */
  history(timeframeMs: number, count: number, to: Wall): Bar[];
  /** Both sides as last known at `to`; undefined before the first quote. */
  quoteAt(to: Wall): Quote | undefined;
  /** Open intervals that touch `[from, to)`, in time order. */
  sessions(from: Wall, to: Wall): readonly SessionInterval[];
  /** Produces and swallows every tick up to and including `to`; history keeps them. */
  fastForward(to: Wall): void;
}
