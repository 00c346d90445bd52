/**
 * The scheduled events of the instrument, from their file to the engine, some weeks ahead.
 * Deliberately touches files only here; what a line of the file means is `src/sentiment`.
 */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  type Clock,
  type ScheduledEvent,
  type ScheduleEvent,
  type Timer,
  type Wall,
  wall,
} from '../engine/index.ts';
// Not through the door of the folder: that would load the readers of web pages at every start.
import { createEventCalendar, type EventCalendar } from '../sentiment/event-calendar.ts';
import { readEventFile } from '../sentiment/event-file.ts';
import type { Config } from './config.ts';

/** The calendar cannot be used; the message is for a person. Exit code 64. */
export class UnusableCalendar extends Error {
  override readonly name = 'UnusableCalendar';
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Told four times a day; two days of silence are needed before windows count as out of date. */
const TELL_MS = 6 * HOUR_MS;
const AHEAD_MS = 14 * DAY_MS;
/** The widest window after an event. */
const BEHIND_MS = 2 * DAY_MS;

type Wish = Pick<Config, 'symbol' | 'eventCalendar' | 'eventWindows'>;

/**
 * The named file, or the shipped one of the instrument; undefined when nothing is shipped for it.
 * Throws {@link UnusableCalendar} for a file with a wrong line, and when windows have no calendar.
 */
export function eventCalendar(config: Wish): EventCalendar | undefined {
  const file = config.eventCalendar ?? shippedFile(config.symbol);
  if (file === undefined) {
    if (config.eventWindows === 'off') return undefined;
    throw new UnusableCalendar(
      `EVENT_WINDOWS is on, but no calendar is shipped for ${config.symbol}: name a file in ` +
        'EVENT_CALENDAR, or set EVENT_WINDOWS=off.',
    );
  }
  const read = readEventFile(textOf(file));
  if (read.status === 'read') return createEventCalendar(read.lines);
  const more = read.faults.length > 1 ? ` (and ${read.faults.length - 1} more)` : '';
  throw new UnusableCalendar(`The calendar ${file} cannot be used: ${read.faults[0]}${more}.`);
}

/** What the engine is told at an instant. */
export function scheduleAt(
  calendar: EventCalendar,
  windows: Config['eventWindows'],
  now: Wall,
): ScheduleEvent {
  const until = wall(now + AHEAD_MS);
  const events = scheduledBetween(calendar, wall(now - BEHIND_MS), until);
  return { type: 'schedule', windows, events: events.filter((one) => one.to > now), until };
}

/** Every event of a span with its window, in order. */
export function scheduledBetween(
  calendar: EventCalendar,
  from: Wall,
  to: Wall,
): readonly ScheduledEvent[] {
  return calendar.windowsBetween(from, to).map((window) => ({
    name: window.event.name,
    at: window.event.at,
    from: window.from,
    to: window.to,
  }));
}

export interface EventFeed {
  start(tell: (event: ScheduleEvent) => void): void;
  stop(): void;
}

/** Tells at once and then four times a day of the clock. */
export function createEventFeed(
  calendar: EventCalendar,
  windows: Config['eventWindows'],
  clock: Clock,
): EventFeed {
  let timer: Timer | undefined;
  const tellFrom = (tell: (event: ScheduleEvent) => void): void => {
    tell(scheduleAt(calendar, windows, clock.wall()));
    timer = clock.after(TELL_MS, () => tellFrom(tell));
  };
  return { start: tellFrom, stop: () => timer?.cancel() };
}

/** Beside the bundle, or in the repository. */
function shippedFile(symbol: string): string | undefined {
  const name = symbol.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  const places = ['./data/events/', '../../data/events/'];
  return places
    .map((folder) => fileURLToPath(new URL(`${folder}${name}.csv`, import.meta.url)))
    .find((path) => existsSync(path));
}

const BYTES_MAX = 1_048_576;

function textOf(file: string): string {
  try {
    const bytes = readFileSync(file);
    if (bytes.length > BYTES_MAX) throw new Error('it is larger than 1 MiB');
    return bytes.toString('utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? 'it does not exist' : message;
    throw new UnusableCalendar(`The calendar ${file} cannot be read: ${why}.`);
  }
}
