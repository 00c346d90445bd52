// Recorded bars played as ticks: rebuilt from the BID they are the recording again, exactly.
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Bar, price, wall } from '../../src/engine/index.ts';
import { sessionsBetween } from '../../src/sim/fcpo.ts';
import type { Market, MarketTick } from '../../src/sim/market-types.ts';
import { readBars } from '../../src/sim/recording.ts';
import { createReplayMarket, createTickReplay, fcpoReplay } from '../../src/sim/replay.ts';
import { rebuild } from './bar-rebuilding.ts';

const SAMPLE = new URL('../../data/fcpo-1m-sample.csv.gz', import.meta.url);
const options = { name: 'sample', seed: '1', historyBars: 0, continueWith: undefined } as const;

function sample(): readonly Bar[] {
  const read = readBars(gunzipSync(readFileSync(SAMPLE)).toString('utf8'));
  if (!read.ok) throw new Error(JSON.stringify(read.fault));
  return read.rows;
}

function drain(market: Market): MarketTick[] {
  const ticks: MarketTick[] = [];
  for (let tick = market.next(); tick !== undefined; tick = market.next()) ticks.push(tick);
  return ticks;
}

const prices = ({ openTime, open, high, low, close }: Bar) => ({
  openTime,
  open,
  high,
  low,
  close,
});

describe('bundled sample', () => {
  const bars = sample();

  it('is one contract of 22 trade dates without a jump of a roll', () => {
    expect(bars).toHaveLength(9_791);
    const dates = new Set(bars.map((bar) => Math.floor((bar.openTime + 43_200_000) / 86_400_000)));
    expect(dates.size).toBe(22);
    const jumps = bars.slice(1).map((bar, at) => Math.abs(bar.open / (bars[at]?.close ?? 1) - 1));
    expect(Math.max(...jumps)).toBeLessThan(0.03);
  });

  it('is rebuilt exactly from the ticks it is played as', () => {
    const ticks = drain(createReplayMarket(bars, fcpoReplay(options)));
    expect(rebuild(ticks, 60_000).map(prices)).toEqual(bars.map(prices));
    let [time, bid, ask] = [0, 0, 0];
    for (const tick of ticks) {
      bid = tick.bid ?? bid;
      ask = tick.ask ?? ask;
      if (tick.time < time) throw new Error(`back in time at ${tick.time}`);
      time = tick.time;
      const spread = (ask - bid) / 100_000;
      // The very first update may show one side only.
      if (ask !== 0 && (spread < 2 || spread > 4)) throw new Error(`spread ${spread} at ${time}`);
    }
  });

  it('keeps the feed alive in quiet minutes without making a bar, and sleeps on a holiday', () => {
    const ticks = drain(createReplayMarket(bars, fcpoReplay(options)));
    let [worst, onHoliday] = [0, 0];
    const known = sessionsBetween(bars[0]?.openTime ?? wall(0), wall(ticks.at(-1)?.time ?? 0));
    const holiday = new Date('2024-10-31T00:00:00Z').getTime();
    for (const [at, tick] of ticks.entries()) {
      const before = ticks[at - 1]?.time ?? tick.time;
      const open = known.find((session) => session.open <= tick.time && tick.time < session.close);
      worst = Math.max(worst, tick.time - Math.max(before, open?.open ?? before));
      if (tick.time > holiday && tick.time < holiday + 36_000_000) onHoliday += 1;
    }
    expect(onHoliday).toBe(0);
    expect(worst).toBeLessThan(6_000);
    const market = createReplayMarket(bars, fcpoReplay(options));
    expect(market.sessions(wall(holiday), wall(holiday + 86_400_000))).toEqual([]);
    expect(market.sessions(wall(holiday + 86_400_000), wall(holiday + 172_800_000))).toHaveLength(
      2,
    );
  });

  it('gives leading bars as history and goes on as a synthetic market when asked', () => {
    const market = createReplayMarket(
      bars,
      fcpoReplay({ ...options, historyBars: 9_700, continueWith: 'later' }),
    );
    expect(market.liveFrom).toBe(bars[9_700]?.openTime);
    expect(market.history(60_000, 20_000, market.liveFrom).map(prices)).toEqual(
      bars.slice(0, 9_700).map(prices),
    );
    expect(market.history(300_000, 400, market.liveFrom)).toHaveLength(400);
    const end = (bars.at(-1)?.openTime ?? 0) + 60_000;
    market.fastForward(wall(end - 1));
    const next = market.next();
    // Friday's close; the continuation opens on Monday morning.
    expect(new Date(next?.time ?? 0).toISOString().slice(0, 16)).toBe('2024-11-18T02:30');
    expect(market.history(60_000, 91, wall(end)).map(prices)).toEqual(
      bars.slice(9_700).map(prices),
    );
    expect(market.sessions(wall(end), wall(end + 7 * 86_400_000))).toHaveLength(14);
  });

  it('ends with the recording when nothing shall follow', () => {
    const market = createReplayMarket(bars, fcpoReplay({ ...options, historyBars: 9_790 }));
    expect(drain(market).length).toBeGreaterThan(15);
    expect(market.next()).toBeUndefined();
  });
});

describe('any bar', () => {
  it('is touched at all four prices and never left, whatever its shape', () => {
    const shape = fc.record({
      low: fc.integer({ min: 3_000, max: 5_000 }),
      range: fc.nat(60),
      open: fc.nat(1_000),
      close: fc.nat(1_000),
      seed: fc.string(),
    });
    fc.assert(
      fc.property(shape, ({ low, range, open, close, seed }) => {
        const at = (part: number): number => low + (part % (range + 1));
        const bar: Bar = {
          openTime: wall(Date.UTC(2025, 0, 6, 2, 30)),
          open: price(at(open) * 100_000),
          high: price((low + range) * 100_000),
          low: price(low * 100_000),
          close: price(at(close) * 100_000),
          ticks: 0,
        };
        const ticks = drain(createReplayMarket([bar], fcpoReplay({ ...options, seed })));
        expect(rebuild(ticks, 60_000).map(prices)).toEqual([prices(bar)]);
        const extreme = (level: number): number => ticks.findIndex((tick) => tick.bid === level);
        const rises = bar.close >= bar.open;
        if (bar.open !== bar.low && bar.open !== bar.high) {
          expect(extreme(rises ? bar.low : bar.high)).toBeLessThanOrEqual(
            extreme(rises ? bar.high : bar.low),
          );
        }
      }),
    );
  });
});

describe('recorded ticks', () => {
  it('are played as they are', () => {
    const ticks = [
      { time: wall(60_000), bid: price(100), ask: price(120) },
      { time: wall(60_500), bid: price(110), ask: price(120) },
    ];
    const market = createTickReplay(ticks, { name: 'ticks', calendar: sessionsBetween });
    expect(drain(market)).toEqual(ticks);
    expect(market.history(60_000, 5, wall(90_000))).toMatchObject([
      { open: 100, close: 110, ticks: 4 },
    ]);
  });
});
