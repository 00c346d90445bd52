/**
 * Scheduled events as the engine was told them: the gate around them, and which one is next.
 * Deliberately computes no date and reads no file: facts arrive as events, so a replay repeats.
 */
import { LIMITS } from './config.ts';
import type { GateResult } from './decision-record.ts';
import type { Event } from './event.ts';
import { spanText, utcClockText } from './format.ts';
import type { ScheduledEvent } from './model.ts';
import type { Core } from './state.ts';
import { change, type Turn } from './turn.ts';
import type { Wall } from './units.ts';

/** What this file needs to see of the engine. */
export interface ScheduleView {
  readonly core: Pick<Core, 'schedule'>;
  readonly at: { readonly wall: Wall };
}

/** Keeps what was told last; the newest list is the whole truth. */
export function onSchedule(turn: Turn, event: Extract<Event, { type: 'schedule' }>): void {
  const { windows, until } = event;
  const events = event.events.slice(0, LIMITS.schedule);
  // What was cut off is not known: the list then ends with its last entry.
  const last = events.at(-1);
  const isWhole = events.length === event.events.length || last === undefined;
  change(turn, { schedule: { windows, events, until: isWhole ? until : last.at } });
}

/** The first event that has not happened yet. */
export function nextEvent({ core, at }: ScheduleView): ScheduledEvent | undefined {
  return core.schedule?.events.find((one) => one.at > at.wall);
}

/** The no-entry window that holds this instant; of several the one that ends last. */
export function eventWindow({ core, at }: ScheduleView): ScheduledEvent | undefined {
  if (core.schedule?.windows !== 'on') return undefined;
  const held = core.schedule.events.filter((one) => one.from <= at.wall && at.wall < one.to);
  return held.reduce<ScheduledEvent | undefined>(
    (best, one) => (best === undefined || one.to > best.to ? one : best),
    undefined,
  );
}

/** Before which instant the gate stays met from this one on; nothing when it is not met now. */
export function eventFreeUntil(view: ScheduleView): number | undefined {
  const { schedule } = view.core;
  if (schedule?.windows !== 'on') return Number.POSITIVE_INFINITY;
  const { wall } = view.at;
  if (wall >= schedule.until || eventWindow(view) !== undefined) return undefined;
  const begins = schedule.events.map(({ from }) => from).filter((from) => from > wall);
  return Math.min(schedule.until, ...begins);
}

/** No entries around scheduled events, where the person asked for it; never blocks otherwise. */
export function eventGate(view: ScheduleView): GateResult {
  const { schedule } = view.core;
  const gate = 'event';
  if (schedule === undefined) {
    return { gate, pass: true, value: 'no calendar', threshold: 'windows are off' };
  }
  const next = nextEvent(view);
  const ahead =
    next === undefined ? 'none ahead' : `${next.name} in ${spanText(next.at - view.at.wall)}`;
  if (schedule.windows === 'off') {
    return { gate, pass: true, value: ahead, threshold: 'windows are off' };
  }
  const threshold = 'outside no-entry windows';
  // I32: after the last day that was told nothing is known about the next event.
  if (view.at.wall >= schedule.until) {
    return { gate, pass: false, value: 'the calendar is out of date', threshold };
  }
  const inside = eventWindow(view);
  if (inside === undefined) return { gate, pass: true, value: ahead, threshold };
  return { gate, pass: false, value: `${inside.name} until ${utcClockText(inside.to)}`, threshold };
}
