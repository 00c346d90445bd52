/** The engine over recorded bars: fills, costs, what was known when, and the same answer twice. */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { JournalRecord } from '../../src/engine/effect.ts';
import { fingerprint } from '../../src/engine/fingerprint.ts';
import { volume, wall } from '../../src/engine/index.ts';
import { type BacktestSetup, runBacktest } from '../../src/sim/backtest.ts';
import { backtestMarket, distanceOf } from '../../src/sim/backtest-market.ts';
import { nightsBetween, type SwapRule, swapOf } from '../../src/sim/backtest-swap.ts';
import { readBarColumns } from '../../src/sim/bar-text.ts';
import {
  barsOf,
  falling,
  MINUTES_5,
  MONDAY,
  marketOf,
  type Prices,
  SETUP,
  wandering,
} from './backtest-history.ts';

const QUIET = 130;

/** Enters often and soon leaves again. */
const RESTLESS: BacktestSetup = {
  ...SETUP,
  config: {
    ...SETUP.config,
    ...{ rsiOversold: 45, rsiOverbought: 55, takeProfitBps: 60, stopLossBps: 50 },
  },
};

/** The fall as far as the first buy: the entry is at the open of the bar that comes next. */
const BEFORE = falling(QUIET, 8).slice(0, entryBar());
const OPEN = BEFORE.at(-1)?.[3] ?? 0;

function entryBar(): number {
  const market = marketOf(barsOf([...falling(QUIET, 8), [3_966, 3_970, 2_900, 2_950]]));
  const [trade] = runBacktest(market, SETUP).trades;
  return Math.floor(((trade?.entryTime ?? 0) - MONDAY) / MINUTES_5);
}

const played = (tail: readonly Prices[], setup: BacktestSetup = SETUP) =>
  runBacktest(marketOf(barsOf([...BEFORE, ...tail])), setup);

/** Entry at the ask, stop 1.5 % rounded up, target 2 % rounded down, on the grid of 1 MYR. */
const ENTRY = OPEN + 2;
const STOP = ENTRY - Math.ceil(ENTRY * 0.015);
const TARGET = ENTRY + Math.floor(ENTRY * 0.02);
const in_ = (units: number) => units * 100_000;

describe('fills', () => {
  it('enter at the open of the bar after the signal, at the ask', () => {
    const { trades } = played([
      [OPEN, OPEN + 2, OPEN - 2, OPEN],
      [OPEN, TARGET + 5, OPEN, TARGET],
    ]);
    expect(trades).toHaveLength(1);
    expect(trades[0]).toMatchObject({
      side: 'buy',
      entryPrice: in_(ENTRY),
      entryTime: MONDAY + BEFORE.length * MINUTES_5,
      exitPrice: in_(TARGET),
      cause: 'target',
      bars: 2,
    });
  });

  it('take the stop before the target when both are inside one bar', () => {
    const { trades } = played([[OPEN, TARGET + 50, STOP - 50, OPEN]]);
    expect(trades[0]).toMatchObject({ cause: 'stop', exitPrice: in_(STOP), bars: 1 });
  });

  it('take the open when a bar opens beyond the stop', () => {
    const gap = STOP - 30;
    const { trades } = played([
      [OPEN, OPEN + 2, OPEN - 2, OPEN],
      [gap, gap + 1, gap - 90, gap],
    ]);
    expect(trades[0]).toMatchObject({ cause: 'stop', exitPrice: in_(gap) });
  });

  it('take the open when a bar opens beyond the target', () => {
    const gap = TARGET + 30;
    const { trades } = played([
      [OPEN, OPEN + 2, OPEN - 2, OPEN],
      [gap, gap + 60, gap - 90, gap],
    ]);
    expect(trades[0]).toMatchObject({ cause: 'target', exitPrice: in_(gap) });
  });

  it('pay slippage on entry and stop, not on a target', () => {
    const setup = { ...SETUP, costs: { ...SETUP.costs, slippage: distanceOf(3) } };
    const { trades } = played([[OPEN, OPEN + 2, STOP - 50, OPEN]], setup);
    const distance = Math.ceil(ENTRY * 0.015);
    expect(trades[0]).toMatchObject({
      entryPrice: in_(ENTRY + 3),
      exitPrice: in_(ENTRY + 3 - distance - 3),
    });
  });
});

describe('excursions', () => {
  const still: Prices = [OPEN, OPEN + 2, OPEN - 2, OPEN];

  it('of a long position are bids: 13 against it and 7 for it, then the stop', () => {
    // Entered at OPEN + 2: the low of OPEN - 11 is 13 below, the high of OPEN + 9 is 7 above.
    const { trades } = played([
      [OPEN, OPEN + 9, OPEN - 11, OPEN],
      [OPEN, OPEN + 1, STOP - 40, STOP - 40],
    ]);
    expect(trades[0]).toMatchObject({ adverse: in_(ENTRY - STOP), favourable: in_(7) });
    const open = played([still, [OPEN, TARGET + 5, OPEN - 11, TARGET]]).trades[0];
    expect(open).toMatchObject({ adverse: in_(13), favourable: in_(TARGET - ENTRY) });
  });

  it('of a short position are asks, the spread of 2 above the bids', () => {
    const flipped = ([open, high, low, close]: Prices): Prices => [
      ...([8_000 - open, 8_000 - low, 8_000 - high, 8_000 - close] as const),
    ];
    const entry = 8_000 - OPEN;
    const target = entry - Math.floor(entry * 0.02);
    const bars = [
      ...BEFORE.map(flipped),
      // Sold at the bid `entry`: the ask of the high is 11 + 2 against it, of the low 9 - 2 for it.
      [entry, entry + 11, entry - 9, entry] as const,
      [entry, entry + 1, target - 8, target - 8] as const,
    ];
    const { trades } = runBacktest(marketOf(barsOf(bars)), SETUP);
    expect(trades[0]).toMatchObject({
      ...{ side: 'sell', entryPrice: in_(entry), exitPrice: in_(target), cause: 'target' },
      ...{ adverse: in_(13), favourable: in_(entry - target) },
    });
    const [held] = runBacktest(
      marketOf(barsOf([...bars.slice(0, -1), [entry, entry + 90, entry - 3, entry]])),
      SETUP,
    ).trades;
    const stop = entry + Math.ceil(entry * 0.015);
    expect(held).toMatchObject({ cause: 'stop', adverse: in_(stop - entry), favourable: in_(7) });
  });
});

describe('money', () => {
  it('is the distance times the tonnes, less the commission of both sides', () => {
    const { trades, endBalance } = played([[OPEN, TARGET + 5, OPEN - 1, TARGET]]);
    // 1 % of 50,000 is at risk: floor(500 / stop distance) tonnes.
    const tonnes = Math.floor(500 / (ENTRY - STOP));
    const commission = -2 * Math.round((1_500 * tonnes) / 25);
    const net = (TARGET - ENTRY) * tonnes * 100 + commission;
    expect(trades[0]).toMatchObject({ volume: tonnes * 100, commission, net });
    expect(endBalance).toBe(5_000_000 + net);
  });

  it('holds an open position in the equity and in no trade', () => {
    const result = played([[OPEN, OPEN + 4, OPEN - 2, OPEN + 4]]);
    const tonnes = Math.floor(500 / (ENTRY - STOP));
    const opening = -Math.round((1_500 * tonnes) / 25);
    expect(result.trades).toEqual([]);
    expect(result.stillOpen).toBe(true);
    expect(result.equity.at(-1)).toBe(5_000_000 + 2 * tonnes * 100 + opening);
  });
});

/** 4.50 a lot and night for a long position, three nights on Wednesday, charged at 01:00 UTC. */
const SWAP: SwapRule = { long: -450, short: 120, tripleDay: 3, at: 3_600_000 };

describe('swap', () => {
  /** The entry, then still bars as far as that many days on, and the target in the last of them. */
  const heldFor = (days: number, swap: SwapRule | undefined) => {
    const still: Prices = [OPEN, OPEN + 2, OPEN - 2, OPEN];
    const bars = Array.from({ length: (days * 86_400_000) / MINUTES_5 }, () => still);
    const costs = swap === undefined ? SETUP.costs : { ...SETUP.costs, swap };
    return played([...bars, [OPEN, TARGET + 5, OPEN - 1, TARGET]], { ...SETUP, costs });
  };
  const tonnes = Math.floor(500 / (ENTRY - STOP));
  const nightly = Math.round((450 * tonnes) / 25);

  it('is booked for every night of the position, three on the stated day (F55)', () => {
    // Entered on Monday after 01:00; the nights of Tuesday, Wednesday and Thursday.
    const [free, charged] = [heldFor(3, undefined), heldFor(3, SWAP)];
    expect(free.swap).toBe(0);
    expect(charged.swap).toBe(-nightly - Math.round((3 * 450 * tonnes) / 25) - nightly);
    expect(charged.trades).toHaveLength(1);
    expect((charged.trades[0]?.net ?? 0) - (free.trades[0]?.net ?? 0)).toBe(charged.swap);
    expect(charged.endBalance - free.endBalance).toBe(charged.swap);
    // In the equity from the first bar of the night on, not before.
    const changed = charged.equity.findIndex((value, bar) => value !== free.equity[bar]);
    expect(changed).toBe((24 * 3_600_000 + SWAP.at) / MINUTES_5);
  });

  it('of one night is by side, and what is earned is added', () => {
    const held = (side: 'buy' | 'sell') => ({ side, volume: volume(5_000) });
    expect(swapOf(SWAP, held('buy'), 1, volume(2_500))).toBe(-900);
    expect(swapOf(SWAP, held('sell'), 3, volume(2_500))).toBe(720);
    expect(swapOf(SWAP, { side: 'buy', volume: volume(100) }, 1, volume(2_500))).toBe(-18);
  });

  it('counts no night of a weekend, and every one of a hole', () => {
    const hour = 3_600_000;
    const nights = (from: number, to: number) =>
      nightsBetween(SWAP, MONDAY + from * hour, MONDAY + to * hour);
    expect(nights(0, 0.9)).toBe(0);
    expect(nights(0.9, 1)).toBe(1);
    expect(nights(1, 24.9)).toBe(0);
    // Friday evening to Monday morning: the night of Monday alone.
    expect(nights(4 * 24 + 20, 7 * 24 + 2)).toBe(1);
    // A whole week: five nights, Wednesday's three times.
    expect(nights(0.5, 7 * 24 + 0.5)).toBe(7);
  });
});

describe('what was known when', () => {
  const tail: Prices[] = [[OPEN, TARGET + 5, OPEN - 1, TARGET]];
  const at = MONDAY + BEFORE.length * MINUTES_5;
  const reading = (knownAt: number, askedAt: number, score: number): BacktestSetup => ({
    ...SETUP,
    sentiment: {
      type: 'readings',
      rows: [
        {
          knownAt: wall(knownAt),
          reading: {
            ...{ score, confidence: 80, source: 'test', simulated: false, citations: [] },
            askedAt: wall(askedAt),
          },
        },
      ],
    },
  });

  it.each([
    ['known in time and agreeing', reading(at, at, 40), 1],
    ['known a millisecond too late', reading(at + 1, at, 40), 0],
    ['older than its lifetime', reading(at - 300_001, at - 300_001, 40), 0],
    ['against the entry', reading(at, at, -40), 0],
    ['neutral, which agrees with everything', { ...SETUP, sentiment: { type: 'neutral' } }, 1],
  ] as const)('a reading %s', (_name, setup, trades) => {
    expect(played(tail, setup as BacktestSetup).trades).toHaveLength(trades as number);
  });

  it('every truncated history trades the same as far as it goes (no look-ahead)', () => {
    for (const [seed, width] of [
      ['cut', 4],
      ['cut wider', 14],
    ] as const) {
      const bars = wandering(seed, 420, width);
      const whole = runBacktest(marketOf(bars), RESTLESS);
      for (let count = 130; count < bars.length; count += 23) {
        const market = marketOf(bars.slice(0, count));
        const cut = runBacktest(market, RESTLESS);
        const end = market.end[count - 1] ?? 0;
        expect(cut.trades).toEqual(whole.trades.filter((trade) => trade.exitTime < end));
        // The last bar is alike as well: what is not there yet cannot have been known.
        expect(cut.equity).toEqual(whole.equity.slice(0, count));
      }
    }
  });

  it('every decision was made on the recorded bar, after its end (no look-ahead)', () => {
    for (const width of [3, 14]) {
      const bars = wandering('seen', 600, width);
      const seen: unknown[] = [];
      const onRecord = (record: JournalRecord): void => {
        if (record.kind !== 'decision') return;
        const { open, high, low, close } = record.decision.view.bar;
        expect(record.decision.decidedAt).toBeGreaterThanOrEqual(
          record.decision.barTime + MINUTES_5,
        );
        seen.push({ openTime: record.decision.barTime, open, high, low, close });
      };
      const { trades } = runBacktest(marketOf(bars), { ...RESTLESS, onRecord });
      expect(trades.length).toBeGreaterThan(10);
      const recorded = bars.map(({ ticks: _, ...bar }) => bar);
      expect(seen).toEqual(recorded.slice(0, -1));
    }
  });

  it('a shorter history decides the same as far as it goes (no look-ahead)', () => {
    const bars = wandering('look-ahead', 500, 3);
    const whole = runBacktest(marketOf(bars), SETUP).trades;
    expect(whole.length).toBeGreaterThan(2);
    for (const count of [250, 401]) {
      const market = marketOf(bars.slice(0, count));
      const cut = runBacktest(market, SETUP).trades;
      const end = market.end[count - 1] ?? 0;
      expect(cut).toEqual(whole.filter((trade) => trade.exitTime < end));
    }
  });
});

describe('bars as one event', () => {
  const gates = { rsiOversold: 45, rsiOverbought: 55, takeProfitBps: 60, stopLossBps: 50 };
  const risks = { riskBps: 300, maxDailyLossBps: 300, lossStreakMax: 2, trendFilter: true };
  const wild = { ...RESTLESS, config: { ...RESTLESS.config, ...risks } };
  const trails = { takeProfitBps: 160, trailingStopBps: 40, breakEvenBps: 30 };
  const follows = { ...RESTLESS, config: { ...RESTLESS.config, ...trails } };
  it.each([
    ['a quiet market', 3, SETUP],
    ['stop and target in one bar', 14, RESTLESS],
    ['gaps through levels and held outliers', 60, RESTLESS],
    ['tripping breakers', 25, wild],
    ['two positions', 12, { ...wild, config: { ...wild.config, ...gates, maxPositions: 2 } }],
    ['a stop that follows the market', 12, follows],
    ['a reading before every bar', 12, { ...RESTLESS, sentiment: { type: 'neutral' } }],
    ['swap at every midnight', 3, { ...RESTLESS, costs: { ...RESTLESS.costs, swap: SWAP } }],
  ] as const)('are the same as every quote by itself: %s', (name, width, setup) => {
    for (const seed of [`${name} 1`, `${name} 2`]) {
      const market = marketOf(wandering(seed, 600, width));
      expect(runBacktest(market, setup, 0, 'bars')).toEqual(
        runBacktest(market, setup, 0, 'quotes'),
      );
    }
  });
});

describe('the bundled month', () => {
  const packed = readFileSync(new URL('../../data/fcpo-1m-sample.csv.gz', import.meta.url));
  const reading = readBarColumns(gunzipSync(packed));
  if (!reading.ok) throw new Error('the bundled sample cannot be read');
  const found = backtestMarket(reading.columns, { timeframeMs: MINUTES_5, sessions: 'fcpo' });
  if (!found.ok) throw new Error(found.reason);

  it.each([
    ['the shipped thresholds', SETUP],
    ['many entries', RESTLESS],
  ])('is the same told in stretches and quote by quote: %s', (_name, setup) => {
    const told = (feed: 'bars' | 'quotes') => {
      const records: JournalRecord[] = [];
      const onRecord = (record: JournalRecord) => records.push(record);
      const result = runBacktest(found.market, { ...setup, onRecord }, 0, feed);
      return { result, records };
    };
    const [stretches, quotes] = [told('bars'), told('quotes')];
    expect(stretches.result.trades.length).toBeGreaterThan(10);
    expect(stretches.result).toEqual(quotes.result);
    expect(fingerprint(stretches.records)).toBe(fingerprint(quotes.records));
  });
});

describe('the run', () => {
  it('gives the same digest and the same equity twice', () => {
    const market = marketOf(wandering('twice', 500, 3));
    const [first, second] = [runBacktest(market, SETUP), runBacktest(market, SETUP)];
    expect(first.digest).toBe(second.digest);
    expect(first.equity).toEqual(second.equity);
  });

  it('decides once for every closed bar and says why not', () => {
    const bars = wandering('decisions', 400, 3);
    const { blockedBy, trades, stillOpen } = runBacktest(marketOf(bars), SETUP);
    const decided = Object.values(blockedBy).reduce((sum, count) => sum + count, 0);
    // The last bar never closes.
    expect(decided).toBe(bars.length - 1);
    expect(blockedBy.none ?? 0).toBe(trades.length + (stillOpen ? 1 : 0));
  });
});
