/**
 * Turns any sequence of ticks into a Market: pulling, history of what was pulled, fast forward.
 * Deliberately does not make prices; `market.ts` invents them and `replay.ts` reads them.
 */
import type { SessionInterval, Wall } from '../engine/index.ts';
import type { BarStore } from './bar-store.ts';
import type { Market, MarketTick } from './market-types.ts';

export interface Tape {
  readonly description: string;
  readonly liveFrom: Wall;
  readonly store: BarStore;
  readonly ticks: Iterator<MarketTick>;
  readonly sessions: (from: Wall, to: Wall) => readonly SessionInterval[];
}

export function marketFromTape(tape: Tape): Market {
  // Handed out, but perhaps not yet due for the caller: history takes it in when its time has come.
  let pulled: MarketTick | undefined;
  // Produced by fast forward one step too far.
  let kept: MarketTick | undefined;

  const take = (): MarketTick | undefined => {
    if (kept === undefined) {
      const result = tape.ticks.next();
      return result.done === true ? undefined : result.value;
    }
    const tick = kept;
    kept = undefined;
    return tick;
  };
  const settle = (to: Wall): void => {
    if (pulled === undefined || pulled.time > to) return;
    tape.store.apply(pulled);
    pulled = undefined;
  };
  return {
    description: tape.description,
    liveFrom: tape.liveFrom,
    next: () => {
      if (pulled !== undefined) tape.store.apply(pulled);
      pulled = take();
      return pulled;
    },
    history: (timeframeMs, count, to) => {
      settle(to);
      return tape.store.bars(timeframeMs, count, to);
    },
    quoteAt: (to) => {
      settle(to);
      return tape.store.quote();
    },
    sessions: tape.sessions,
    fastForward: (to) => {
      if (pulled !== undefined) tape.store.apply(pulled);
      pulled = undefined;
      for (let tick = take(); tick !== undefined; tick = take()) {
        if (tick.time > to) {
          kept = tick;
          return;
        }
        tape.store.apply(tick);
      }
    },
  };
}
