/**
 * Next events and no-entry windows from rules, facts and expectations.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { wall } from '../../src/engine/index.ts';
import { createEventCalendar, daysUntil } from '../../src/sentiment/event-calendar.ts';
import { readEventFile } from '../../src/sentiment/event-file.ts';
import { cpuMillis } from '../support/cpu-time.ts';

const HEAD = 'kind,name,basis,when,time,zone,before_min,after_min,note\n';
const KL = 'Asia/Kuala_Lumpur';
const calendarOf = (...lines: readonly string[]) => {
  const read = readEventFile(HEAD + lines.join('\n'));
  if (read.status !== 'read') throw new Error(read.faults.join());
  return createEventCalendar(read.lines);
};
const at = (text: string) => wall(Date.parse(text));
const shown = (event: { at: number; name: string } | undefined) =>
  event === undefined ? 'none' : `${new Date(event.at).toISOString().slice(0, 16)} ${event.name}`;

const MPOB = `stocks,MPOB,rule,monthly 10 next-business-day,12:30,${KL},60,30,`;

describe('the next event', () => {
  it('of a monthly rule moves off weekends and holidays', () => {
    const calendar = calendarOf(MPOB, `holiday,Raya,fact,2024-06-10,,${KL},0,0,`);
    expect(shown(calendar.nextEvent(at('2025-01-01T00:00Z')))).toBe('2025-01-10T04:30 MPOB');
    expect(shown(calendar.nextEvent(at('2025-01-10T04:29:59Z')))).toBe('2025-01-10T04:30 MPOB');
    // 10 May 2025 was a Saturday; 10 June 2024 is a holiday in this table.
    expect(shown(calendar.nextEvent(at('2025-04-10T04:30Z')))).toBe('2025-05-12T04:30 MPOB');
    expect(shown(calendar.nextEvent(at('2024-06-10T00:00Z')))).toBe('2024-06-11T04:30 MPOB');
  });

  it('is found over the end of a year and after a shift into the next month', () => {
    const calendar = calendarOf(`exports,Month,rule,monthly 31 next-business-day,12:00,${KL},0,0,`);
    expect(shown(calendar.nextEvent(at('2024-12-31T05:00Z')))).toBe('2025-01-31T04:00 Month');
    // 31 May 2025 was a Saturday.
    expect(shown(calendar.nextEvent(at('2025-06-01T00:00Z')))).toBe('2025-06-02T04:00 Month');
  });

  it('takes a fact instead of the rule of the same name in its month', () => {
    const calendar = calendarOf(MPOB, `stocks,MPOB,fact,2025-02-13,12:30,${KL},60,30,`);
    expect(shown(calendar.nextEvent(at('2025-02-01T00:00Z')))).toBe('2025-02-13T04:30 MPOB');
    expect(calendar.nextEvent(at('2025-02-01T00:00Z'))?.basis).toBe('fact');
    expect(shown(calendar.nextEvent(at('2025-02-14T00:00Z')))).toBe('2025-03-10T04:30 MPOB');
  });

  it('is nothing when nothing comes within 400 days', () => {
    const calendar = calendarOf(`stocks,Once,fact,2025-02-13,12:30,${KL},0,0,`);
    expect(shown(calendar.nextEvent(at('2025-02-13T04:30Z')))).toBe('none');
    expect(shown(calendar.nextEvent(at('2023-02-13T04:30Z')))).toBe('none');
    expect(calendarOf().nextEvent(at('2025-01-01T00:00Z'))).toBeUndefined();
  });

  it('counts days as the zone does', () => {
    const event = calendarOf(MPOB).nextEvent(at('2025-01-09T15:59Z'));
    if (event === undefined) throw new Error('none');
    expect(daysUntil(at('2025-01-09T15:59Z'), event, KL)).toBe(1);
    expect(daysUntil(at('2025-01-09T16:00Z'), event, KL)).toBe(0);
  });
});

describe('the no-entry window', () => {
  it('includes its beginning and excludes its end', () => {
    const calendar = calendarOf(MPOB);
    expect(calendar.noEntryWindow(at('2025-01-10T03:29:59.999Z'))).toBeUndefined();
    expect(calendar.noEntryWindow(at('2025-01-10T03:30Z'))?.event.name).toBe('MPOB');
    expect(calendar.noEntryWindow(at('2025-01-10T04:59:59.999Z'))?.event.name).toBe('MPOB');
    expect(calendar.noEntryWindow(at('2025-01-10T05:00Z'))).toBeUndefined();
  });

  it('of a holiday is the whole day in its zone', () => {
    const calendar = calendarOf(`holiday,Labour Day,rule,yearly 05-01,,${KL},0,0,`);
    expect(calendar.noEntryWindow(at('2025-04-30T16:00Z'))?.event.name).toBe('Labour Day');
    expect(calendar.noEntryWindow(at('2025-05-01T15:59Z'))?.event.name).toBe('Labour Day');
    expect(calendar.noEntryWindow(at('2025-05-01T16:00Z'))).toBeUndefined();
  });

  it('of several is the one that ends last', () => {
    const calendar = calendarOf(MPOB, `other,Long,fact,2025-01-10,12:30,${KL},0,600,`);
    expect(calendar.noEntryWindow(at('2025-01-10T04:45Z'))?.event.name).toBe('Long');
  });
});

describe('the shipped calendar', () => {
  const file = new URL('../../data/events/fcpo.csv', import.meta.url);
  const read = readEventFile(readFileSync(file, 'utf8'));
  const calendar = createEventCalendar(read.status === 'read' ? read.lines : []);

  it('agrees with days on which the exchange was seen closed', () => {
    // Weekdays without trading in the published minute data.
    const closed =
      '2023-11-13 2023-12-25 2024-01-01 2024-01-25 2024-02-01 2024-02-12 2024-03-28 ' +
      '2024-04-10 2024-04-11 2024-05-01 2024-05-22 2024-06-03 2024-06-17 2024-07-08 2024-09-16 ' +
      '2024-10-31 2024-12-25 2025-01-01';
    const holidays = calendar
      .eventsBetween(at('2023-11-02T00:00Z'), at('2025-01-15T00:00Z'))
      .filter((event) => event.kind === 'holiday')
      .map((event) => new Date(event.at + 8 * 3_600_000))
      .filter((day) => day.getUTCDay() % 6 !== 0)
      .map((day) => day.toISOString().slice(0, 10));
    expect(holidays).toEqual(closed.split(' '));
  });

  it('knows the reports of a month and is quick about it', () => {
    const events = calendar.eventsBetween(at('2025-01-09T00:00Z'), at('2025-01-11T00:00Z'));
    expect(events.map(shown)).toEqual([
      '2025-01-09T13:30 US export sales',
      '2025-01-10T04:00 Export estimates days 1-10',
      '2025-01-10T04:30 MPOB monthly data',
      '2025-01-10T17:00 WASDE',
    ]);
    const spent = cpuMillis(() => {
      for (let step = 0; step < 1_000; step += 1) {
        calendar.nextEvent(at('2025-01-09T00:00Z'));
        calendar.noEntryWindow(at('2025-01-09T00:00Z'));
      }
    });
    expect(spent / 1_000).toBeLessThan(2);
  });
});
