// The synthetic market: what it emits, that history agrees with it, and its calibration by band.
import { describe, expect, it } from 'vitest';
import { PRICE_SCALE, type Wall, wall } from '../../src/engine/index.ts';
import { DEFAULT_START, sessionsBetween } from '../../src/sim/fcpo.ts';
import { createSyntheticMarket, type Market, type MarketTick } from '../../src/sim/market.ts';
import { golden } from '../support/golden.ts';
import { rebuild } from './bar-rebuilding.ts';
import { measure } from './market-facts.ts';

const DAY = 86_400_000;
const synthetic = (seed: string, historyMinutes = 2_400): Market =>
  createSyntheticMarket({ seed, liveFrom: DEFAULT_START, startLevel: 4_600, historyMinutes });

function take(market: Market, until: Wall): MarketTick[] {
  const ticks: MarketTick[] = [];
  for (let tick = market.next(); tick !== undefined && tick.time < until; tick = market.next()) {
    ticks.push(tick);
  }
  return ticks;
}

describe('synthetic market', () => {
  it('says the same for the same seed and something else for another (A10)', () => {
    const until = wall(DEFAULT_START + 600_000);
    const ticks = take(synthetic('7'), until);
    expect(take(synthetic('7'), until)).toEqual(ticks);
    expect(take(synthetic('8'), until)).not.toEqual(ticks);
    expect(ticks.slice(0, 3)).toMatchInlineSnapshot(`
      [
        {
          "ask": 469100000,
          "bid": 468800000,
          "time": 1736130600427,
        },
        {
          "bid": 468900000,
          "time": 1736130601970,
        },
        {
          "ask": 469300000,
          "bid": 469100000,
          "time": 1736130603183,
        },
      ]
    `);
  });

  it('goes live at a session open, with both sides, near the asked level', () => {
    const market = synthetic('3');
    const before = market.quoteAt(DEFAULT_START);
    expect(Math.abs((before?.bid ?? 0) / PRICE_SCALE - 4_600)).toBeLessThan(5);
    const [first] = take(market, wall(DEFAULT_START + 5_000));
    expect(first?.time).toBeGreaterThan(DEFAULT_START);
    expect(first?.time).toBeLessThan(DEFAULT_START + 1_000);
  });

  it('quotes whole ringgit every 0.5 to 2 s, only in sessions, one side or both (F71)', () => {
    const market = synthetic('5');
    const until = wall(DEFAULT_START + 5 * DAY);
    const kinds = { bid: 0, ask: 0, both: 0 };
    let [bid, ask, time] = [0, Number.POSITIVE_INFINITY, 0];
    const start = market.quoteAt(DEFAULT_START);
    if (start !== undefined) [bid, ask] = [start.bid, start.ask];
    const sessions = sessionsBetween(DEFAULT_START, until);
    const faults: string[] = [];
    for (const tick of take(market, until)) {
      kinds[tick.bid === undefined ? 'ask' : tick.ask === undefined ? 'bid' : 'both'] += 1;
      bid = tick.bid ?? bid;
      ask = tick.ask ?? ask;
      const spread = (ask - bid) / PRICE_SCALE;
      const whole = bid % PRICE_SCALE === 0 && [2, 3, 4].includes(spread);
      const session = sessions.find(({ open, close }) => tick.time >= open && tick.time < close);
      const waited = tick.time - Math.max(time, session?.open ?? 0);
      const paced = session !== undefined && waited > 0 && waited <= 2_000;
      if (!whole || !paced) faults.push(`${tick.time}: ${bid}/${ask} after ${waited} ms`);
      time = tick.time;
    }
    expect(faults).toEqual([]);
    for (const count of Object.values(kinds)) expect(count).toBeGreaterThan(10_000);
  });

  it('offers at least 320 five-minute bars before the live part', () => {
    const bars = synthetic('1').history(300_000, 600, DEFAULT_START);
    expect(bars.length).toBeGreaterThanOrEqual(320);
    expect(bars.at(-1)?.openTime).toBeLessThan(DEFAULT_START);
    expect(bars.every((bar, at) => bar.openTime > (bars[at - 1]?.openTime ?? 0))).toBe(true);
    expect(bars.every((bar) => bar.ticks > 0 && bar.low <= bar.open && bar.high >= bar.close)).toBe(
      true,
    );
  });

  it('has exactly the ticks in its history that were handed out and are due', () => {
    const market = synthetic('9');
    const until = wall(DEFAULT_START + 17 * 60_000 + 12_345);
    const ticks = take(market, until);
    const live = market
      .history(60_000, 1_000, until)
      .filter((bar) => bar.openTime >= DEFAULT_START);
    expect(live).toEqual(rebuild(ticks, 60_000));
    const five = market
      .history(300_000, 1_000, until)
      .filter((bar) => bar.openTime >= DEFAULT_START);
    expect(five.map(({ ticks: _, ...bar }) => bar)).toEqual(
      rebuild(ticks, 300_000).map(({ ticks: _, ...bar }) => bar),
    );
    expect(market.history(60_000, 5, until)).toHaveLength(5);
    expect(market.quoteAt(until)?.time).toBe(ticks.at(-1)?.time);
  });

  it('fast-forwards to the same future as pulling', () => {
    const [pulled, skipped] = [synthetic('4'), synthetic('4')];
    const noon = wall(DEFAULT_START + 7_777_777);
    const end = wall(DEFAULT_START + 5 * 3_600_000);
    take(pulled, noon);
    skipped.fastForward(noon);
    const rest = take(pulled, end);
    expect(take(skipped, end).slice(1)).toEqual(rest);
    expect(skipped.history(60_000, 500, end)).toEqual(pulled.history(60_000, 500, end));
  });
});

/** Name, value in the sample of real bars, accepted from and to. */
const BANDS: readonly (readonly [string, number, number, number])[] = [
  ['one-minute sd bp', 7.8, 6.2, 9.4],
  ['zero-change share', 0.16, 0.12, 0.21],
  ['one-tick share', 0.28, 0.23, 0.33],
  ['over-ten-ticks share', 0.016, 0.008, 0.025],
  ['excess kurtosis', 5.9, 3, 10],
  ['return autocorrelation lag 1', -0.03, -0.08, 0],
  ['absolute autocorrelation lag 1', 0.18, 0.1, 0.28],
  ['absolute autocorrelation lag 10', 0.1, 0.05, 0.16],
  ['absolute autocorrelation lag 30', 0.06, 0.02, 0.1],
  ['variance ratio 15 min', 1.02, 0.85, 1.15],
  ['variance ratio 60 min', 0.98, 0.85, 1.15],
  ['half-hour ratio 10:30 / 12:00', 2.0, 1.6, 2.6],
  ['bar range mean', 4.2, 3.15, 5.25],
  ['bar range median', 3, 2.25, 3.75],
  ['bar range 95 %', 10, 7.5, 12.5],
  ['next open equals close', 0.47, 0.35, 0.65],
  ['next open within a tick', 0.93, 0.88, 1],
  ['first minute range night', 15, 9.75, 20.25],
  ['first minute range morning', 21, 13.65, 28.35],
  ['first minute range afternoon', 13, 8.45, 17.55],
  ['gap sd lunch bp', 32, 20.8, 43.2],
  ['gap sd dinner bp', 22, 14.3, 29.7],
  ['gap sd overnight bp', 62, 40.3, 83.7],
  ['gap sd weekend bp', 103, 67, 139],
  ['daily sd %', 1.65, 1.1, 2.6],
  ['realised day volatility median %', 1.57, 1.2, 1.9],
];

describe('calibration', () => {
  it('lies inside every acceptance band over 125 trade dates of a seed', () => {
    const until = wall(DEFAULT_START + 175 * DAY);
    const market = synthetic('calibration', 60);
    market.fastForward(until);
    const facts = measure(market.history(60_000, 1_000_000, until));
    const rows = BANDS.map(([name, sample, from, to]) => {
      const found = facts[name] ?? Number.NaN;
      const inside = found >= from && found <= to;
      const text = [found.toFixed(3), String(sample), `${from} .. ${to}`];
      return {
        inside,
        line: `${name.padEnd(34)}${text.map((part) => part.padStart(16)).join('')}`,
      };
    });
    const head = `${'figure'.padEnd(34)}${['simulated', 'sample', 'accepted']
      .map((part) => part.padStart(16))
      .join('')}`;
    const body = rows.map(({ inside, line }) => `${line}  ${inside ? 'inside' : 'OUTSIDE'}`);
    golden('sim/calibration.txt', `${[head, ...body].join('\n')}\n`);
    expect(rows.filter(({ inside }) => !inside).map(({ line }) => line)).toEqual([]);
  });
});
