/**
 * Trading sessions and the trading day as arithmetic on UTC intervals; time zones were resolved
 * before.
 * Deliberately knows no clock: every question names its instant. Beyond the known intervals is
 * unknown.
 */
import type { SessionInterval } from './model.ts';
import type { Wall } from './units.ts';

export const DAY_MS = 86_400_000;

export interface SessionView {
  readonly state: 'open' | 'closed' | 'unknown';
  /** When it opens or closes next; absent when unknown. */
  readonly changesAt: Wall | undefined;
  /** When the current open interval began. */
  readonly openedAt: Wall | undefined;
}

const NOWHERE: readonly SessionInterval[] = [];
const UNKNOWN: SessionView = { state: 'unknown', changesAt: undefined, openedAt: undefined };

/** The last answer, and from when until when it is the answer for the same intervals. */
const told = { of: NOWHERE, from: 0, until: 0, view: UNKNOWN };

/** Where an instant lies; unknown before the first and after the last interval (F69). */
export function sessionAt(sessions: readonly SessionInterval[], at: Wall): SessionView {
  if (told.of === sessions && at >= told.from && at < told.until) return told.view;
  const next = firstEndingAfter(sessions, at);
  const interval = sessions[next];
  const before = sessions[next - 1];
  if (interval === undefined || (before === undefined && interval.open > at)) return UNKNOWN;
  const isOpen = interval.open <= at;
  told.of = sessions;
  told.from = isOpen ? interval.open : (before?.close ?? at);
  told.until = isOpen ? interval.close : interval.open;
  told.view = isOpen
    ? { state: 'open', changesAt: interval.close, openedAt: interval.open }
    : { state: 'closed', changesAt: interval.open, openedAt: undefined };
  return told.view;
}

/** The place that the last search found: time goes on, so the next one is there or one further. */
let found = 0;

/** The place of the first interval that closes after the instant. */
function firstEndingAfter(sessions: readonly SessionInterval[], at: number): number {
  for (let place = found; place <= found + 1; place += 1) {
    const isBehind = (sessions[place]?.close ?? at) > at;
    if (isBehind && (place === 0 || (sessions[place - 1]?.close ?? at) <= at)) {
      found = place;
      return place;
    }
  }
  let low = 0;
  let high = sessions.length;
  while (low < high) {
    const mid = (low + high) >> 1;
    const interval = sessions[mid];
    if (interval !== undefined && interval.close <= at) low = mid + 1;
    else high = mid;
  }
  found = low;
  return low;
}

/** Milliseconds of open session between two instants. */
export function openTime(sessions: readonly SessionInterval[], from: Wall, to: Wall): number {
  let total = 0;
  for (let at = firstEndingAfter(sessions, from); at < sessions.length; at += 1) {
    const interval = sessions[at];
    if (interval === undefined || interval.open >= to) break;
    const start = Math.max(interval.open, from);
    const end = Math.min(interval.close, to);
    if (end > start) total += end - start;
  }
  return total;
}

/** Number of the UTC day; the key of a trading day only grows (I22). */
export const dayKeyOf = (at: Wall): number => Math.floor(at / DAY_MS);

/** The date of a day key as `2025-01-06`: proleptic Gregorian arithmetic on whole days. */
export function dayText(key: number): string {
  const shifted = key + 719_468;
  const era = Math.floor(shifted / 146_097);
  const day = shifted - era * 146_097;
  const year = Math.floor(
    (day - Math.floor(day / 1_460) + Math.floor(day / 36_524) - Math.floor(day / 146_096)) / 365,
  );
  const dayOfYear = day - (365 * year + Math.floor(year / 4) - Math.floor(year / 100));
  const marched = Math.floor((5 * dayOfYear + 2) / 153);
  const date = dayOfYear - Math.floor((153 * marched + 2) / 5) + 1;
  const month = marched < 10 ? marched + 3 : marched - 9;
  const full = year + era * 400 + (month <= 2 ? 1 : 0);
  return `${full}-${twoDigits(month)}-${twoDigits(date)}`;
}

const twoDigits = (value: number): string => (value < 10 ? `0${value}` : `${value}`);
