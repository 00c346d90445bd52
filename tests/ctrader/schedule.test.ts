// Trading hours across changes of summer time, midnight, weeks and holidays.
import { describe, expect, it } from 'vitest';
import { sessionsOf } from '../../src/ctrader/schedule.ts';
import { wall } from '../../src/engine/index.ts';

const at = (text: string) => wall(Date.parse(text));
const day = (index: number, start: string, end: string) => {
  const seconds = (text: string) => {
    const [hours = 0, minutes = 0] = text.split(':').map(Number);
    return index * 86_400 + hours * 3_600 + minutes * 60;
  };
  return { startSecond: seconds(start), endSecond: seconds(end) };
};
const shown = (
  schedule: readonly { startSecond: number; endSecond: number }[],
  zone: string,
  now: string,
  holidays: Parameters<typeof sessionsOf>[0]['holidays'] = [],
) =>
  (sessionsOf({ schedule, zone, holidays }, at(now)) ?? []).map(({ open, close }) =>
    [open, close].map((each) => new Date(each).toISOString().slice(0, 16)).join(' '),
  );

describe('sessions', () => {
  it('a zone without summer time: 10:30 in Kuala Lumpur is 02:30 UTC', () => {
    const monday = [day(1, '10:30', '12:30')];
    expect(shown(monday, 'Asia/Kuala_Lumpur', '2026-11-20T00:00Z')).toEqual([
      '2026-11-23T02:30 2026-11-23T04:30',
      '2026-11-30T02:30 2026-11-30T04:30',
    ]);
  });

  it('F69 New York moves with its clocks: 2026-03-08 forward, 2026-11-01 back', () => {
    const monday = [day(1, '09:00', '10:00')];
    expect(shown(monday, 'America/New_York', '2026-03-01T12:00Z')).toEqual([
      '2026-03-02T14:00 2026-03-02T15:00',
      '2026-03-09T13:00 2026-03-09T14:00',
    ]);
    expect(shown(monday, 'America/New_York', '2026-10-25T12:00Z')).toEqual([
      '2026-10-26T13:00 2026-10-26T14:00',
      '2026-11-02T14:00 2026-11-02T15:00',
    ]);
  });

  it('an interval across the change is an hour shorter or longer', () => {
    const night = [day(0, '00:00', '06:00')];
    expect(shown(night, 'Europe/Berlin', '2026-03-26T12:00Z')[0]).toBe(
      '2026-03-28T23:00 2026-03-29T04:00',
    );
    expect(shown(night, 'Europe/Berlin', '2026-10-22T12:00Z')[0]).toBe(
      '2026-10-24T22:00 2026-10-25T05:00',
    );
  });

  it('an hour before and after the change itself', () => {
    const early = [day(0, '01:30', '04:00')];
    expect(shown(early, 'Europe/Berlin', '2026-03-26T12:00Z')[0]).toBe(
      '2026-03-29T00:30 2026-03-29T02:00',
    );
  });

  it('midnight joins days, and the week ends where the next begins', () => {
    const days = [day(1, '21:00', '24:00'), day(2, '00:00', '01:00'), day(6, '23:00', '24:00')];
    const joined = [...days, day(0, '00:00', '01:00')];
    expect(shown(joined, 'UTC', '2026-11-23T12:00Z').slice(0, 3)).toEqual([
      '2026-11-23T21:00 2026-11-24T01:00',
      '2026-11-28T23:00 2026-11-29T01:00',
      '2026-11-30T21:00 2026-12-01T01:00',
    ]);
  });

  it('the recorded hours of the fact sheet: Monday 86700 to 172500 in Moscow', () => {
    expect(
      shown([{ startSecond: 86_700, endSecond: 172_500 }], 'Europe/Moscow', '2026-11-21T00:00Z')[0],
    ).toBe('2026-11-22T21:05 2026-11-23T20:55');
  });

  it('holidays close whole days, parts of days, and the same day of every year', () => {
    const days = [1, 2, 3, 4, 5].map((index) => day(index, '10:00', '12:00'));
    const holiday = {
      holidayId: '1',
      name: 'x',
      scheduleTimeZone: 'UTC',
      isRecurring: false,
      holidayDate: Date.UTC(2026, 11, 22) / 86_400_000,
    };
    const christmas = {
      ...holiday,
      isRecurring: true,
      holidayDate: Date.UTC(1999, 11, 25) / 86_400_000,
    };
    const morning = {
      ...holiday,
      holidayDate: Date.UTC(2026, 11, 23) / 86_400_000,
      startSecond: 0,
      endSecond: 39_600,
    };
    expect(
      shown(days, 'UTC', '2026-12-21T00:00Z', [holiday, christmas, morning]).slice(0, 4),
    ).toEqual([
      '2026-12-21T10:00 2026-12-21T12:00',
      '2026-12-23T11:00 2026-12-23T12:00',
      '2026-12-24T10:00 2026-12-24T12:00',
      '2026-12-28T10:00 2026-12-28T12:00',
    ]);
  });

  it('hours without a zone, in an unknown zone, or not stated are unknown', () => {
    const schedule = [day(1, '10:00', '12:00')];
    const now = at('2026-11-20T00:00Z');
    expect(sessionsOf({ schedule, zone: undefined, holidays: [] }, now)).toBeUndefined();
    expect(sessionsOf({ schedule, zone: 'Mars/Olympus', holidays: [] }, now)).toBeUndefined();
    expect(sessionsOf({ schedule: undefined, zone: 'UTC', holidays: [] }, now)).toBeUndefined();
  });
});
