/** The first price after a reconnect: held like any other when it is far from the last one. */
import { describe, expect, it } from 'vitest';
import { generation, mono, wall } from '../../src/engine/index.ts';
import {
  applyQuote,
  EMPTY_MARKET,
  freshQuote,
  type MarketState,
  withoutQuote,
} from '../../src/engine/market.ts';
import { CONFIG, FCPO, MORNING, ringgit } from '../support/engine.ts';

interface Tick {
  readonly bid?: number;
  readonly ask?: number;
  /** Milliseconds after the opening, on both clocks. */
  readonly at: number;
  readonly generation?: number;
}

function feed(market: MarketState, ...ticks: readonly Tick[]): MarketState {
  return ticks.reduce((state, tick) => told(state, tick).market, market);
}

function told(market: MarketState, tick: Tick) {
  const event = {
    type: 'quote',
    instrumentId: FCPO.id,
    generation: generation(tick.generation ?? 1),
    bid: tick.bid === undefined ? undefined : ringgit(tick.bid),
    ask: tick.ask === undefined ? undefined : ringgit(tick.ask),
    time: wall(MORNING + tick.at),
    initial: false,
  } as const;
  const now = { mono: mono(tick.at), wall: wall(MORNING + tick.at) };
  return applyQuote(market, event, CONFIG, FCPO, now);
}

const level = (bid: number, ask: number) => ({ bid: ringgit(bid), ask: ringgit(ask) });
const START = feed(EMPTY_MARKET, { at: 0, bid: 4_600, ask: 4_602 });

describe('the first price of a new link', () => {
  const lost = (at: number) => withoutQuote(feed(START, { at, bid: 4_601, ask: 4_603 }));
  const next = { generation: 2 } as const;

  it('far from the last one of the old link is held, however long the pause (F74 F01 I15)', () => {
    for (const pause of [1_000, 61_000, 86_400_000]) {
      const wild = told(lost(1_000), { at: 1_000 + pause, bid: 46_010, ask: 46_030, ...next });
      expect([wild.accepted, wild.closedBar]).toEqual([false, undefined]);
      expect(freshQuote(wild.market, generation(2), mono(1_000 + pause), 5_000)).toBeUndefined();
    }
  });

  it('is accepted when it is near, and garbage before it leaves no trace (F74)', () => {
    const market = feed(
      lost(1_000),
      { at: 2_000, bid: 41, ask: 42, ...next },
      { at: 2_100, bid: 4_605, ask: 4_607, ...next },
    );
    expect(freshQuote(market, generation(2), mono(2_100), 5_000)).toEqual(level(4_605, 4_607));
    expect(market.forming?.low).toBe(ringgit(4_600));
  });

  it('is believed at the third that agrees: the market did move (F74 P08)', () => {
    const ticks = [1, 2, 3].map((tick) => ({ at: 9_000 + tick, bid: 4_000, ask: 4_002, ...next }));
    const [first, second, third] = ticks;
    if (first === undefined || second === undefined || third === undefined) throw new Error();
    const two = feed(lost(1_000), first, second);
    expect(freshQuote(two, generation(2), mono(9_002), 5_000)).toBeUndefined();
    expect(freshQuote(feed(two, third), generation(2), mono(9_003), 5_000)).toEqual(
      level(4_000, 4_002),
    );
  });

  it('one side after the other, each is held against its own last one (F71 F74)', () => {
    const market = feed(
      lost(1_000),
      { at: 2_000, bid: 4_602, ...next },
      { at: 2_100, ask: 5_200, ...next },
    );
    expect(freshQuote(market, generation(2), mono(2_100), 5_000)).toBeUndefined();
    const sound = feed(market, { at: 2_200, ask: 4_604, ...next });
    expect(freshQuote(sound, generation(2), mono(2_200), 5_000)).toEqual(level(4_602, 4_604));
  });

  it('two lost links in a row forget nothing (F08 F74)', () => {
    const market = withoutQuote(withoutQuote(lost(1_000)));
    expect(told(market, { at: 9_000, bid: 9_200, ask: 9_202, ...next }).accepted).toBe(false);
  });
});
