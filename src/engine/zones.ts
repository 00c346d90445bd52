/**
 * Zones whose clocks nobody has moved for decades, as numbers: the platform's own table of zones
 * takes a twentieth of a second to open and eight megabytes to keep, and most runs need one zone.
 * Deliberately short and without summer time: for every other zone the platform is asked.
 * Source: tz database 2025b, files `asia` and `etcetera`.
 */

interface Settled {
  readonly offsetMs: number;
  /** The first instant for which it holds. */
  readonly since: number;
}

const HOUR_MS = 3_600_000;
const ALWAYS: Settled = { offsetMs: 0, since: Number.NEGATIVE_INFINITY };
/** Peninsular Malaysia and Singapore went from +07:30 to +08:00 at the end of 1981. */
const MALAYSIA: Settled = { offsetMs: 8 * HOUR_MS, since: 378_662_400_000 };

const SETTLED: ReadonlyMap<string, Settled> = new Map([
  ['UTC', ALWAYS],
  ['Etc/UTC', ALWAYS],
  ['Asia/Kuala_Lumpur', MALAYSIA],
  ['Asia/Singapore', MALAYSIA],
]);

/**
 * Local time minus UTC in milliseconds at an instant of UTC milliseconds, or undefined when the
 * platform's table must be asked: another zone, or an instant before the zone settled.
 */
export function settledOffset(zone: string, instant: number): number | undefined {
  const row = SETTLED.get(zone);
  return row !== undefined && instant >= row.since ? row.offsetMs : undefined;
}
