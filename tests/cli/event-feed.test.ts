/** The calendar file on its way to the engine: which file, how far ahead, and what refuses it. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  createEventFeed,
  eventCalendar,
  scheduleAt,
  UnusableCalendar,
} from '../../src/cli/event-feed.ts';
import { type ScheduleEvent, wall } from '../../src/engine/index.ts';
import { createVirtualClock } from '../../src/sim/virtual-clock.ts';
import { tempDir } from '../support/temp-dir.ts';

const MONDAY = wall(Date.UTC(2025, 0, 6, 2, 30));
const DAY_MS = 86_400_000;
const wish = (fields: Partial<Parameters<typeof eventCalendar>[0]>) => ({
  ...{ symbol: 'FCPO', eventCalendar: undefined, eventWindows: 'on' as const },
  ...fields,
});
const HEADER = 'kind,name,basis,when,time,zone,before_min,after_min,note';
function file(...lines: readonly string[]): string {
  const path = join(tempDir(), 'events.csv');
  writeFileSync(path, `${[HEADER, ...lines].join('\n')}\n`);
  return path;
}

describe('the shipped calendar', () => {
  it('tells two weeks with windows, the monthly stock data among them', () => {
    const calendar = eventCalendar(wish({}));
    if (calendar === undefined) throw new Error('no calendar is shipped');
    const told = scheduleAt(calendar, 'on', MONDAY);
    expect(told.until).toBe(MONDAY + 14 * DAY_MS);
    expect(told.events.length).toBeGreaterThan(3);
    const stocks = told.events.find((one) => one.name === 'MPOB monthly data');
    expect(new Date(stocks?.at ?? 0).toISOString()).toBe('2025-01-10T04:30:00.000Z');
    expect((stocks?.to ?? 0) - (stocks?.from ?? 0)).toBe(2 * 3_600_000);
    expect(told.events.map((one) => one.at)).toEqual(
      told.events.map((one) => one.at).toSorted((a, b) => a - b),
    );
  });

  it('is the instrument’s own: others have none, and then windows cannot be on (I32)', () => {
    expect(eventCalendar(wish({ symbol: 'XAUUSD', eventWindows: 'off' }))).toBeUndefined();
    expect(() => eventCalendar(wish({ symbol: 'XAUUSD' }))).toThrow(/EVENT_CALENDAR/);
  });
});

describe('a calendar of one’s own', () => {
  it('keeps an event whose window still holds', () => {
    const path = file('other,Speech,fact,2025-01-06,10:00,Asia/Kuala_Lumpur,10,60,');
    const calendar = eventCalendar(wish({ eventCalendar: path }));
    if (calendar === undefined) throw new Error('no calendar');
    const names = (at: number) => scheduleAt(calendar, 'on', wall(at)).events.length;
    expect([names(MONDAY), names(MONDAY + 30 * 60_000)]).toEqual([1, 0]);
  });

  it('is refused whole for one wrong line, which is named', () => {
    const path = file(
      'other,Speech,fact,2025-01-06,10:00,Asia/Kuala_Lumpur,10,60,',
      'other,Bad,fact,2025-02-31,10:00,Asia/Kuala_Lumpur,10,60,',
    );
    expect(() => eventCalendar(wish({ eventCalendar: path }))).toThrow(UnusableCalendar);
    expect(() => eventCalendar(wish({ eventCalendar: path }))).toThrow(/line 3/);
  });

  it('that does not exist is an error and never an empty calendar', () => {
    const missing = wish({ eventCalendar: join(tempDir(), 'none.csv') });
    expect(() => eventCalendar(missing)).toThrow(/does not exist/);
  });
});

it('tells at once and again every six hours, until it is stopped', () => {
  const clock = createVirtualClock(MONDAY);
  const calendar = eventCalendar(wish({}));
  if (calendar === undefined) throw new Error('no calendar is shipped');
  const told: ScheduleEvent[] = [];
  const feed = createEventFeed(calendar, 'off', clock);
  feed.start((event) => told.push(event));
  clock.advanceBy(DAY_MS);
  expect(told.map((one) => one.until - MONDAY - 14 * DAY_MS)).toEqual(
    [0, 6, 12, 18, 24].map((hours) => hours * 3_600_000),
  );
  feed.stop();
  clock.advanceBy(DAY_MS);
  expect(told).toHaveLength(5);
});
