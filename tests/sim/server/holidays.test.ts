// Holidays of a listed symbol, against days and hours written by hand, and against the recording
// that comes with the program, which has a real one.
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { type Wall, wall } from '../../../src/engine/index.ts';
import { DAY_MS, FCPO_ID, HOUR_MS, sessionsBetween } from '../../../src/sim/fcpo.ts';
import type { Market } from '../../../src/sim/market-types.ts';
import { readBars } from '../../../src/sim/recording.ts';
import { createReplayMarket, fcpoReplay } from '../../../src/sim/replay.ts';
import { holidaysOf } from '../../../src/sim/server/holidays.ts';
import { standardBroker } from '../../../src/sim/server/standard-broker.ts';
import { createVirtualClock } from '../../../src/sim/virtual-clock.ts';
import { START, toldMarket } from './bench.ts';

/** Monday 2025-01-06 in Kuala Lumpur. */
const MONDAY = Date.UTC(2025, 0, 6) / DAY_MS;

/** Palm oil as the standard broker lists it. */
function listed(market: Market) {
  const clock = createVirtualClock(START);
  const { symbols } = standardBroker({ clock, seed: 'holidays', market });
  const found = symbols.find(({ symbolId }) => symbolId === FCPO_ID);
  if (found === undefined) throw new Error('palm oil must be listed');
  return found;
}

/** The market of the table, without the sessions that open at these instants. */
function without(...opens: readonly number[]) {
  const sessions: Market['sessions'] = (from, to) =>
    sessionsBetween(from, to).filter(({ open }) => !opens.includes(open));
  return listed({ ...toldMarket([]), sessions });
}

/** Hours are UTC. */
const at = (day: number, hours: number): number => (MONDAY + day) * DAY_MS + hours * HOUR_MS;
const MORNING = 2.5;
const AFTERNOON = 6.5;
const NIGHT = 13;

const told = (symbol: Parameters<typeof holidaysOf>[0], now: Wall) =>
  holidaysOf(symbol, now).map((one) => [one.holidayDate - MONDAY, one.startSecond, one.endSecond]);

describe('holidays', () => {
  it('F69 are none while the market keeps its week', () => {
    expect(holidaysOf(without(), START)).toEqual([]);
  });

  it('F69 are whole days when no session of the day is held', () => {
    const symbol = without(at(2, MORNING), at(2, AFTERNOON), at(2, NIGHT));
    expect(holidaysOf(symbol, START)).toEqual([
      {
        holidayId: expect.any(String),
        name: 'Market holiday',
        scheduleTimeZone: 'Asia/Kuala_Lumpur',
        holidayDate: MONDAY + 2,
        isRecurring: false,
        startSecond: 0,
        endSecond: 86_400,
      },
    ]);
  });

  it('F69 are hours of the local day when only some sessions are missing', () => {
    const symbol = without(at(1, NIGHT), at(3, MORNING));
    expect(told(symbol, START)).toEqual([
      [1, 21 * 3_600, 23.5 * 3_600],
      [3, 10.5 * 3_600, 12.5 * 3_600],
    ]);
  });

  it('F69 are told from today up to two weeks ahead', () => {
    const symbol = without(at(-3, NIGHT), at(0, MORNING), at(11, MORNING), at(14, MORNING));
    expect(told(symbol, START).map(([day]) => day)).toEqual([0, 11]);
    const later = wall(START + DAY_MS);
    expect(told(symbol, later).map(([day]) => day)).toEqual([11, 14]);
  });

  it('F69 count the day of the schedule, not of Greenwich', () => {
    // Tuesday 17:00 UTC is already Wednesday in Kuala Lumpur: Tuesday is over.
    const symbol = without(at(1, MORNING), at(15, MORNING));
    expect(told(symbol, wall(at(1, 17))).map(([day]) => day)).toEqual([15]);
  });

  it('F69 are unknown without a market', () => {
    const { market: _, ...unquoted } = without(at(2, MORNING));
    expect(holidaysOf(unquoted, START)).toEqual([]);
  });

  it('F69 tell the holiday in the recording that comes with the program', () => {
    const file = new URL('../../../data/fcpo-1m-sample.csv.gz', import.meta.url);
    const reading = readBars(gunzipSync(readFileSync(file)).toString('utf8'));
    if (!reading.ok) throw new Error('the sample must be readable');
    const options = { name: 'sample', seed: '7', historyBars: 2_400, continueWith: '7' };
    const market = createReplayMarket(reading.rows, fcpoReplay(options));
    const found = holidaysOf(listed(market), market.liveFrom);
    const days = found.map(({ holidayDate, startSecond, endSecond }) => [
      new Date(holidayDate * DAY_MS).toISOString().slice(0, 10),
      startSecond,
      endSecond,
    ]);
    // Deepavali: no trading on the day, and none on the evening before.
    expect(days).toEqual([
      ['2024-10-30', 21 * 3_600, 23.5 * 3_600],
      ['2024-10-31', 0, 86_400],
    ]);
  });
});
