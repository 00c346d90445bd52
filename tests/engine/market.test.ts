/** What prices may do to the market's state: sides, ages, outliers, bars, history. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Bar } from '../../src/engine/index.ts';
import { generation, type Mono, mono, price, wall } from '../../src/engine/index.ts';
import {
  applyHistory,
  applyQuote,
  closeAtSessionEnd,
  EMPTY_MARKET,
  freshQuote,
  type MarketState,
} from '../../src/engine/market.ts';
import { listOf } from '../../src/engine/trail.ts';
import { CONFIG, FCPO, MORNING, quietBars, ringgit } from '../support/engine.ts';

const MINUTE = 60_000;
const TIMEFRAME = CONFIG.timeframeMs;
const GEN = generation(1);

interface Tick {
  readonly bid?: number;
  readonly ask?: number;
  /** Milliseconds after the opening: our clock, and the broker's unless told. */
  readonly at: number;
  readonly brokerAt?: number;
  readonly initial?: boolean;
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
    time: wall(MORNING + (tick.brokerAt ?? tick.at)),
    initial: tick.initial ?? false,
  } as const;
  const now = { mono: mono(tick.at), wall: wall(MORNING + tick.at) };
  return applyQuote(market, event, CONFIG, FCPO, now);
}

const quoteOf = (market: MarketState, at: number, maxAge = 5_000) =>
  freshQuote(market, GEN, mono(at), maxAge);
const level = (bid: number, ask: number) => ({ bid: ringgit(bid), ask: ringgit(ask) });
const START = feed(EMPTY_MARKET, { at: 0, bid: 4_600, ask: 4_602 });

describe('sides', () => {
  it('has no quote until both sides were heard in this generation (F71 I15)', () => {
    const bidOnly = feed(EMPTY_MARKET, { at: 0, bid: 4_600 });
    expect(quoteOf(bidOnly, 0)).toBeUndefined();
    expect(quoteOf(feed(bidOnly, { at: 1, ask: 4_602 }), 1)).toEqual(level(4_600, 4_602));
    const next = feed(START, { at: 1, ask: 4_603, generation: 2 });
    expect(quoteOf(next, 1)).toBeUndefined();
    expect(freshQuote(next, generation(2), 1 as Mono, 5_000)).toBeUndefined();
  });

  it('carries the side that did not change and never reads it as zero (F71)', () => {
    const market = feed(START, { at: 1, bid: 4_601 }, { at: 2, ask: 4_604 });
    expect(quoteOf(market, 2)).toEqual(level(4_601, 4_604));
  });

  it('holds a carried side that makes the quote crossed, joins both when they fit (F71)', () => {
    const crossed = feed(START, { at: 1, bid: 4_604 });
    expect(quoteOf(crossed, 1)).toEqual(level(4_600, 4_602));
    expect(crossed.heldCount).toBe(1);
    const joined = feed(crossed, { at: 2, ask: 4_606 });
    expect(quoteOf(joined, 2)).toEqual(level(4_604, 4_606));
    expect(joined.forming?.close).toBe(ringgit(4_604));
  });

  it('one-sided updates of any honest walk end at its last level (F71)', () => {
    const moves = fc.array(
      fc.record({ by: fc.integer({ min: -40, max: 40 }), bidFirst: fc.boolean() }),
      { minLength: 1, maxLength: 40 },
    );
    fc.assert(
      fc.property(moves, (walk) => {
        let market = START;
        let bid = 4_600;
        let at = 0;
        for (const { by, bidFirst } of walk) {
          bid += by;
          const sides = [{ bid }, { ask: bid + 2 }];
          for (const side of bidFirst ? sides : sides.toReversed()) {
            at += 500;
            market = feed(market, { at, ...side });
          }
          expect(quoteOf(market, at)).toEqual(level(bid, bid + 2));
        }
      }),
    );
  });

  it('a real jump told side by side is believed after three agreeing updates (F71 F74)', () => {
    let market = START;
    for (let at = 1; at <= 6; at += 1) {
      market = feed(market, at % 2 === 1 ? { at, bid: 5_000 } : { at, ask: 5_002 });
    }
    expect(quoteOf(market, 6)).toEqual(level(5_000, 5_002));
  });
});

describe('age', () => {
  it('an initial price carries its own age and moves no bar (F72)', () => {
    const hours = 60 * MINUTE;
    const market = feed(EMPTY_MARKET, {
      at: 4_000,
      brokerAt: 4_000 - hours,
      bid: 4_600,
      ask: 4_602,
      initial: true,
    });
    expect(market.forming).toBeUndefined();
    expect(quoteOf(market, 4_000)).toBeUndefined();
    expect(quoteOf(market, 4_000, hours)).toEqual(level(4_600, 4_602));
    expect(feed(market, { at: 5_000, bid: 4_601, ask: 4_603 }).forming?.ticks).toBe(1);
  });

  it('is stale one millisecond after its limit (F73)', () => {
    expect(quoteOf(START, 5_000)).toBeDefined();
    expect(quoteOf(START, 5_001)).toBeUndefined();
  });

  it('drops what is older than the last accepted, keeps equal times in order (F75)', () => {
    const market = feed(START, { at: 1_000, bid: 4_610, ask: 4_612 });
    const old = feed(market, { at: 1_001, brokerAt: 999, bid: 4_590, ask: 4_592 });
    expect(quoteOf(old, 1_001)).toEqual(level(4_610, 4_612));
    expect(old.heldCount).toBe(1);
    const equal = feed(market, { at: 1_001, brokerAt: 1_000, bid: 4_590, ask: 4_592 });
    expect(quoteOf(equal, 1_001)).toEqual(level(4_590, 4_592));
  });
});

describe('absurd prices', () => {
  const garbage: readonly (readonly [string, Omit<Tick, 'at'>])[] = [
    ['a zero bid', { bid: 0, ask: 4_602 }],
    ['a zero ask', { bid: 4_600, ask: 0 }],
    ['a negative bid', { bid: -4_600 }],
    ['crossed sides', { bid: 4_605, ask: 4_600 }],
    ['an absurd width', { bid: 4_600, ask: 4_900 }],
    ['tenfold', { bid: 46_000, ask: 46_020 }],
    ['a tenth', { bid: 460, ask: 461 }],
    ['6 % up', { bid: 4_880, ask: 4_882 }],
    ['a wild ask alone', { ask: 46_000 }],
    ['a wild bid alone', { bid: 460 }],
  ];
  it.each(garbage)('%s is held: quote, bar, day and spreads stay (F74 I15)', (_what, tick) => {
    const after = feed(START, { at: 1, ...tick });
    expect(quoteOf(after, 1)).toEqual(level(4_600, 4_602));
    expect(after.heldCount).toBe(1);
    expect(after.forming).toBe(START.forming);
    expect(after.day).toBe(START.day);
    expect(after.spreads).toBe(START.spreads);
    const healed = feed(after, { at: 2, bid: 4_601, ask: 4_603 });
    expect(quoteOf(healed, 2)).toEqual(level(4_601, 4_603));
  });

  it('believes a jump after three agreeing ticks, not before (F74)', () => {
    const jump = { bid: 4_900, ask: 4_902 };
    const two = feed(START, { at: 1, ...jump }, { at: 2, ...jump });
    expect(quoteOf(two, 2)).toEqual(level(4_600, 4_602));
    expect(quoteOf(feed(two, { at: 3, ...jump }), 3)).toEqual(level(4_900, 4_902));
    const broken = feed(two, { at: 3, bid: 4_601, ask: 4_603 }, { at: 4, ...jump });
    expect(quoteOf(broken, 4)).toEqual(level(4_601, 4_603));
  });

  it('believes a jump after a minute of silence (F74)', () => {
    const market = feed(START, { at: MINUTE + 1, bid: 4_900, ask: 4_902 });
    expect(quoteOf(market, MINUTE + 1)).toEqual(level(4_900, 4_902));
  });

  it('a stream with garbage in it ends as the clean stream does (F74)', () => {
    const ticks = fc.array(
      fc.record({
        by: fc.integer({ min: -3, max: 3 }),
        bad: fc.option(fc.constantFrom(...garbage.map((row) => row[1])), { nil: undefined }),
      }),
      { minLength: 5, maxLength: 60 },
    );
    fc.assert(
      fc.property(ticks, (stream) => {
        let clean = START;
        let dirty = START;
        let bid = 4_600;
        stream.forEach(({ by, bad }, index) => {
          bid += by;
          const tick = { at: (index + 1) * 10_000, bid, ask: bid + 2 };
          if (bad !== undefined) dirty = feed(dirty, { ...tick, ...bad });
          clean = feed(clean, tick);
          dirty = feed(dirty, tick);
          expect({ ...dirty, heldCount: 0 }).toEqual({ ...clean, heldCount: 0 });
        });
      }),
    );
  });
});

describe('bars', () => {
  const tick = (minutes: number, bid: number): Tick => ({
    at: minutes * MINUTE,
    bid,
    ask: bid + 2,
  });

  it('a bar closes with the first bid of a later period, once (F76)', () => {
    const market = feed(
      EMPTY_MARKET,
      tick(0, 4_600),
      tick(1, 4_605),
      tick(2, 4_595),
      tick(4, 4_601),
    );
    const closing = told(market, tick(5, 4_602));
    expect(closing.closedBar).toEqual({
      openTime: MORNING,
      open: ringgit(4_600),
      high: ringgit(4_605),
      low: ringgit(4_595),
      close: ringgit(4_601),
      ticks: 4,
    });
    expect(closing.market.barCount).toBe(1);
    expect(told(closing.market, tick(6, 4_603)).closedBar).toBeUndefined();
  });

  it('a gap is a gap: no bars are invented (F76)', () => {
    const market = feed(EMPTY_MARKET, tick(0, 4_600), tick(30, 4_610));
    expect(listOf(market.closed)).toHaveLength(1);
    expect(market.forming?.openTime).toBe(MORNING + 30 * MINUTE);
  });

  it('a late tick of another connection opens no older bar (F76 F75)', () => {
    const market = feed(EMPTY_MARKET, tick(0, 4_600), tick(6, 4_610));
    const late = told(market, { ...tick(7, 4_590), brokerAt: 2 * MINUTE, generation: 2 });
    expect(late.closedBar).toBeUndefined();
    expect(late.market.forming).toEqual(market.forming);
    expect(late.market.closed).toEqual(market.closed);
    const fresh = feed(EMPTY_MARKET, tick(6, 4_610));
    const early = told(fresh, { ...tick(7, 4_590), brokerAt: 2 * MINUTE, generation: 2 });
    expect(early.closedBar).toBeUndefined();
    expect(early.market.forming).toEqual(fresh.forming);
  });

  it('an ask alone moves no bar (F71)', () => {
    const market = feed(START, { at: 6 * MINUTE, ask: 4_603 });
    expect(market.forming).toBe(START.forming);
  });

  it('the last bar of a session closes by the clock, after the session only (F69 F70)', () => {
    const end = 120 * MINUTE;
    const market = feed(EMPTY_MARKET, tick(119, 4_600));
    const look = (at: number) => closeAtSessionEnd(market, CONFIG, FCPO, wall(MORNING + at));
    expect(look(end - 1).closedBar).toBeUndefined();
    expect(look(end + 4_999).closedBar).toBeUndefined();
    const ended = look(end + 5_000);
    expect(ended.closedBar?.close).toBe(ringgit(4_600));
    expect(ended.market.forming).toBeUndefined();
    expect(
      closeAtSessionEnd(ended.market, CONFIG, FCPO, wall(MORNING + end + 9_000)).closedBar,
    ).toBeUndefined();
  });

  it('more than three bars of open session without a quote restart the warm-up (F76 F77)', () => {
    const history = quietBars(60, 4_600, MORNING, TIMEFRAME);
    const warm = load(EMPTY_MARKET, history, 0);
    const count = (market: MarketState) => market.indicators.rsi.count;
    expect(count(warm)).toBe(14);
    const short = feed(warm, tick(0, 4_600), tick(15, 4_600), tick(20, 4_600));
    expect(count(short)).toBe(14);
    const long = feed(warm, tick(0, 4_600), tick(25, 4_600), tick(30, 4_600));
    expect(count(long)).toBe(0);
    expect(listOf(long.indicators.rsiSeries)).toEqual([]);
  });

  it('a night is no gap: only open session counts (F76)', () => {
    const history = quietBars(24, 4_600, MORNING + 120 * MINUTE, TIMEFRAME);
    const warm = load(EMPTY_MARKET, history, 120 * MINUTE);
    const lunch = feed(warm, tick(240, 4_600), tick(245, 4_600));
    expect(lunch.indicators.rsi.count).toBe(14);
  });
});

function load(market: MarketState, bars: readonly Bar[], asOf: number): MarketState {
  return applyHistory(
    market,
    {
      type: 'barsLoaded',
      instrumentId: FCPO.id,
      timeframeMs: TIMEFRAME,
      bars,
      asOf: wall(MORNING + asOf),
    },
    CONFIG,
    FCPO,
  );
}

describe('history', () => {
  const history = quietBars(20, 4_600, MORNING, TIMEFRAME);
  const bar = (openTime: number, close: number): Bar => ({
    openTime: wall(openTime),
    open: ringgit(close),
    high: ringgit(close),
    low: ringgit(close),
    close: ringgit(close),
    ticks: 3,
  });

  it('the same history twice changes nothing (F76)', () => {
    const once = load(EMPTY_MARKET, history, 0);
    expect(load(once, history, 0)).toEqual(once);
    expect(once.barCount).toBe(20);
  });

  it('takes the forming bar as forming, and joins it with live ticks (F76)', () => {
    const forming = { ...bar(MORNING, 4_610), low: ringgit(4_580) };
    const live = feed(EMPTY_MARKET, { at: 60_000, bid: 4_600, ask: 4_602 });
    const market = load(live, [...history, forming], 60_000);
    expect(listOf(market.closed)).toHaveLength(20);
    expect(market.forming).toMatchObject({
      open: ringgit(4_610),
      high: ringgit(4_610),
      low: ringgit(4_580),
      close: ringgit(4_600),
    });
  });

  it("replaces our forming bar by the broker's closed one (F76)", () => {
    const live = feed(EMPTY_MARKET, { at: 60_000, bid: 4_600, ask: 4_602 });
    const market = load(live, [bar(MORNING, 4_611)], TIMEFRAME);
    expect(listOf(market.closed)).toHaveLength(1);
    expect(market.forming).toBeUndefined();
  });

  it('an answer that is older than the live bar does not put the clock back (F76)', () => {
    const live = feed(EMPTY_MARKET, { at: 6 * MINUTE, bid: 4_600, ask: 4_602 });
    const market = load(live, [bar(MORNING, 4_611)], 4 * MINUTE);
    expect(market.forming).toEqual(live.forming);
  });

  it('ignores bars of another timeframe (F76)', () => {
    const event = { type: 'barsLoaded', instrumentId: FCPO.id, bars: history } as const;
    const asOf = wall(MORNING);
    expect(applyHistory(EMPTY_MARKET, { ...event, timeframeMs: 60_000, asOf }, CONFIG, FCPO)).toBe(
      EMPTY_MARKET,
    );
  });
});

describe('bounds', () => {
  it('keeps at most 100 spreads and 600 bars however many come (I27 A11)', () => {
    let market = EMPTY_MARKET;
    for (let index = 0; index < 700; index += 1) {
      market = feed(market, { at: index * TIMEFRAME, bid: 4_600, ask: 4_602 });
    }
    expect(listOf(market.closed)).toHaveLength(600);
    expect(market.barCount).toBe(699);
    expect(market.spreads).toMatchObject({ size: 100, last: { spread: 200_000, count: 100 } });
    expect(listOf(market.indicators.atrSample)).toHaveLength(96);
    expect(price(market.quoteCount)).toBe(700);
  });
});
