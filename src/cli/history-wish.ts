/**
 * What a person asked of the past: period and span as text, as numbers, or as what is allowed.
 * Deliberately knows no clock: the present is handed in.
 */
import { type Wall, wall } from '../engine/index.ts';
import { nearest } from './nearest.ts';

/** A bar length, or ticks. */
export interface HistoryPeriod {
  readonly name: string;
  /** `undefined` for ticks. */
  readonly timeframeMs: number | undefined;
}

const MINUTE_MS = 60_000;
const MINUTES: Readonly<Record<string, number>> = {
  M1: 1,
  M2: 2,
  M3: 3,
  M4: 4,
  M5: 5,
  M10: 10,
  M15: 15,
  M30: 30,
  H1: 60,
  H4: 240,
  H12: 720,
  D1: 1_440,
};
export const PERIOD_NAMES = [...Object.keys(MINUTES), 'ticks'] as const;

/** `M5`, `5m`, `1h`, `1d` or `ticks`; otherwise a sentence. */
export function periodWish(text: string): HistoryPeriod | string {
  const [, count, unit] = /^(\d{1,2})([mhd])$/.exec(text) ?? [];
  const name = unit === undefined ? text : `${unit.toUpperCase()}${count}`;
  const known = PERIOD_NAMES.find((one) => one.toLowerCase() === name.toLowerCase());
  if (known === undefined) {
    const near = nearest(text, PERIOD_NAMES);
    const hint = near === undefined ? '' : ` Did you mean ${near}?`;
    const allowed = PERIOD_NAMES.join(', ');
    return `--period: "${shown(text)}" is not allowed; allowed is ${allowed}.${hint}`;
  }
  const minutes = MINUTES[known];
  return { name: known, timeframeMs: minutes === undefined ? undefined : minutes * MINUTE_MS };
}

const shown = (text: string): string => text.replace(/[\p{Cc}\p{Cf}]/gu, '?').slice(0, 60);

const AGO_MS: Readonly<Record<string, number>> = {
  m: MINUTE_MS,
  h: 60 * MINUTE_MS,
  d: 1_440 * MINUTE_MS,
  w: 7 * 1_440 * MINUTE_MS,
};
const MOMENT = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(:\d{2})?Z?)?$/;
const MOMENT_WORDS =
  'a day (2024-10-16), a UTC time (2024-10-16T02:30Z) or how long ago (30d, 12h)';

/** The wire's first and last useful instants. */
const EARLIEST = Date.UTC(1990, 0, 1);

export interface SpanWish {
  readonly from: string;
  /** Absent: until now. */
  readonly to: string | undefined;
}

/** The end is not part of the span; nothing of it lies in the future. A sentence otherwise. */
export function spanWish({ from, to }: SpanWish, now: Wall): { from: Wall; to: Wall } | string {
  const begin = momentOf(from, now);
  if (begin === undefined) {
    return `--from: "${shown(from)}" is not allowed; allowed is ${MOMENT_WORDS}.`;
  }
  const end = to === undefined ? now : momentOf(to, now);
  if (end === undefined) {
    return `--to: "${shown(to ?? '')}" is not allowed; allowed is ${MOMENT_WORDS}.`;
  }
  const present = `now it is ${minuteText(now)}`;
  if (begin >= now) return `--from: ${minuteText(begin)} is in the future; ${present}.`;
  if (end > now) return `--to: ${minuteText(end)} is in the future; ${present}.`;
  if (begin < EARLIEST) return `--from: ${minuteText(begin)} is before 1990.`;
  if (begin >= end) {
    return `The span is empty: --from ${minuteText(begin)} is not before --to ${minuteText(end)}.`;
  }
  return { from: wall(begin), to: wall(end) };
}

function momentOf(text: string, now: Wall): number | undefined {
  const [, count, unit] = /^(\d{1,5})([mhdw])$/.exec(text) ?? [];
  if (unit !== undefined) {
    const at = now - Number(count) * (AGO_MS[unit] ?? 0);
    // Whole days or minutes, so that the same words a little later mean the same.
    const step = unit === 'd' || unit === 'w' ? 1_440 * MINUTE_MS : MINUTE_MS;
    return at - (at % step);
  }
  const [whole, day, minute = '00:00', second = ':00'] = MOMENT.exec(text) ?? [];
  if (whole === undefined || day === undefined) return undefined;
  const iso = `${day}T${minute}${second}`;
  const at = Date.parse(`${iso}Z`);
  // The 31st of February is no day.
  return Number.isNaN(at) || new Date(at).toISOString().slice(0, 19) !== iso ? undefined : at;
}

export const minuteText = (at: number): string =>
  `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
