/**
 * Holidays as they travel: the weekly sessions of a symbol that its market will not hold, up to two
 * weeks ahead, in local days and seconds of the schedule's own zone (F69).
 * Deliberately no list of holidays: the market itself says when it is open.
 */
import type { ProtoOAHoliday } from '../../ctrader/wire/schema.gen.ts';
import { type SessionInterval, settledOffset, type Wall, wall } from '../../engine/index.ts';
import { DAY_MS } from '../fcpo.ts';
import type { ListedSymbol, WeeklyInterval } from './parameters.ts';

const DAYS_AHEAD = 14;
const DAY_S = 86_400;
/** Day 0 of 1970 was a Thursday; the schedule's week begins on Sunday. */
const EPOCH_WEEKDAY = 4;

/**
 * From today, local time, on. A day without any of its sessions is one whole-day holiday, else each
 * missing session is one with its seconds. Empty for a symbol without a market: nobody knows.
 */
export function holidaysOf(
  symbol: Pick<ListedSymbol, 'schedule' | 'scheduleTimeZone' | 'market'>,
  now: Wall,
): ProtoOAHoliday[] {
  const { schedule, scheduleTimeZone, market } = symbol;
  if (market === undefined) return [];
  const zone = zoneOf(scheduleTimeZone);
  const today = Math.floor(zone.local(now) / DAY_MS);
  const held = market.sessions(wall(now - 2 * DAY_MS), wall(now + (DAYS_AHEAD + 2) * DAY_MS));
  const found: ProtoOAHoliday[] = [];
  for (let day = today; day < today + DAYS_AHEAD; day++) {
    const hours = hoursOf(schedule, day);
    const missing = hours.filter((span) => !isHeld(span, day, zone, held));
    const whole = missing.length === hours.length;
    for (const [index, span] of (whole ? missing.slice(0, 1) : missing).entries()) {
      const seconds = whole ? { startSecond: 0, endSecond: DAY_S } : span;
      found.push({
        holidayId: String(day * 10 + index),
        name: 'Market holiday',
        scheduleTimeZone,
        holidayDate: day,
        isRecurring: false,
        ...seconds,
      });
    }
  }
  return found;
}

/** The sessions that begin on that local day, in seconds of the day, in time order. */
function hoursOf(schedule: readonly WeeklyInterval[], day: number): WeeklyInterval[] {
  const midnight = ((day + EPOCH_WEEKDAY) % 7) * DAY_S;
  return schedule
    .map(({ startSecond, endSecond }) => ({
      startSecond: startSecond - midnight,
      endSecond: endSecond - midnight,
    }))
    .filter(({ startSecond }) => startSecond >= 0 && startSecond < DAY_S);
}

/** A session held in part is held: how it was cut is the market's own affair. */
function isHeld(
  span: WeeklyInterval,
  day: number,
  zone: Zone,
  held: readonly SessionInterval[],
): boolean {
  const open = zone.instant(day * DAY_MS + span.startSecond * 1_000);
  const close = zone.instant(day * DAY_MS + span.endSecond * 1_000);
  return held.some((session) => session.close > open && session.open < close);
}

interface Zone {
  /** Local time as milliseconds, as if it were UTC. */
  local(instant: number): number;
  /** The instant of such a local time. */
  instant(local: number): number;
}

function zoneOf(timeZone: string): Zone {
  let format: Intl.DateTimeFormat | undefined;
  const local = (instant: number): number => {
    const settled = settledOffset(timeZone, instant);
    if (settled !== undefined) return instant + settled;
    format ??= new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    const part: { [type: string]: number } = {};
    for (const { type, value } of format.formatToParts(instant)) part[type] = Number(value);
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
    return Date.UTC(year, month - 1, day, hour, minute, second);
  };
  // Two looks at the offset are enough around a change of summer time.
  const instant = (wanted: number): number => {
    const guess = wanted - (local(wanted) - wanted);
    return wanted - (local(guess) - guess);
  };
  return { local, instant };
}
