/**
 * Local times as instants, over changes of the clocks and in zones without any.
 */
import { describe, expect, it } from 'vitest';
import { wall } from '../../src/engine/index.ts';
import {
  addDays,
  dateAt,
  dateText,
  daysInMonth,
  instantOf,
  isZone,
  readDate,
  weekdayOf,
} from '../../src/sentiment/civil-time.ts';

const iso = (date: string, minute: number, zone: string) => {
  const read = readDate(date);
  if (read === undefined) throw new Error(date);
  return new Date(instantOf(read, minute, zone)).toISOString().slice(0, 16);
};

describe('local times', () => {
  it('are eight hours ahead in Kuala Lumpur the whole year', () => {
    expect(iso('2025-01-10', 750, 'Asia/Kuala_Lumpur')).toBe('2025-01-10T04:30');
    expect(iso('2025-07-10', 0, 'Asia/Kuala_Lumpur')).toBe('2025-07-09T16:00');
  });

  it('follow summer time in New York, also on the days of change', () => {
    expect(iso('2025-01-10', 720, 'America/New_York')).toBe('2025-01-10T17:00');
    expect(iso('2025-07-11', 720, 'America/New_York')).toBe('2025-07-11T16:00');
    expect(iso('2025-03-09', 60, 'America/New_York')).toBe('2025-03-09T06:00');
    expect(iso('2025-03-09', 720, 'America/New_York')).toBe('2025-03-09T16:00');
    expect(iso('2025-11-02', 90, 'America/New_York')).toBe('2025-11-02T05:30');
    expect(iso('2025-11-02', 720, 'America/New_York')).toBe('2025-11-02T17:00');
  });

  it('give the date of an instant in the zone', () => {
    const late = wall(Date.UTC(2025, 0, 9, 16, 30));
    expect(dateText(dateAt(late, 'Asia/Kuala_Lumpur'))).toBe('2025-01-10');
    expect(dateText(dateAt(late, 'America/New_York'))).toBe('2025-01-09');
  });
});

describe('dates', () => {
  it('exist or are refused', () => {
    expect(readDate('2024-02-29')).toEqual({ year: 2024, month: 2, day: 29 });
    for (const text of ['2025-02-29', '2025-13-01', '2025-00-10', '2025-1-1', 'x']) {
      expect(readDate(text)).toBeUndefined();
    }
  });

  it('are counted over the ends of months and years', () => {
    expect(dateText(addDays({ year: 2024, month: 12, day: 31 }, 1))).toBe('2025-01-01');
    expect(daysInMonth(2024, 2)).toBe(29);
    expect(weekdayOf({ year: 2025, month: 1, day: 15 })).toBe(3);
  });

  it('need a zone that exists', () => {
    expect(isZone('Asia/Kuala_Lumpur')).toBe(true);
    expect(isZone('UTC')).toBe(true);
    for (const zone of ['', 'Mars/Base', '+08:00', 'Asia/Kuala Lumpur'])
      expect(isZone(zone)).toBe(false);
  });
});
