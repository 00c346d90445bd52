/**
 * The zones of the market and of its news as numbers: the platform's own table of zones takes a
 * twentieth of a second to open and eight megabytes to keep, and most runs need no other zone.
 * Deliberately bounded in time, where lawmakers may think again: for instants outside, and for
 * every other zone, the platform is asked. Source: tz database 2025b (`asia`, `northamerica`).
 */

interface Settled {
  /** Milliseconds of UTC: from the first to before the second the numbers hold. */
  readonly since: number;
  readonly until: number;
  readonly offsetMs: number;
  /** Summers, when clocks are an hour ahead: first and last hour since 1970, the last excluded. */
  readonly summers: readonly (readonly [number, number])[];
}

const HOUR_MS = 3_600_000;
const YEAR_2030 = 1_893_456_000_000;

const UTC: Settled = {
  since: Number.NEGATIVE_INFINITY,
  until: Number.POSITIVE_INFINITY,
  offsetMs: 0,
  summers: [],
};

/** Peninsular Malaysia and Singapore went from +07:30 to +08:00 at the end of 1981. */
const MALAYSIA: Settled = {
  since: 378_662_400_000,
  until: YEAR_2030,
  offsetMs: 8 * HOUR_MS,
  summers: [],
};

/** From the second Sunday of March, 07:00 UTC, to the first of November, 06:00 UTC. */
const SUMMERS_2015_TO_2029 = [
  [396_055, 401_766],
  [404_959, 410_670],
  [413_695, 419_406],
  [422_431, 428_142],
  [431_167, 436_878],
  [439_903, 445_614],
  [448_807, 454_518],
  [457_543, 463_254],
  [466_279, 471_990],
  [475_015, 480_726],
  [483_751, 489_462],
  [492_487, 498_198],
  [501_391, 507_102],
  [510_127, 515_838],
  [518_863, 524_574],
] as const;
const NEW_YORK: Settled = {
  since: 1_420_088_400_000,
  until: YEAR_2030,
  offsetMs: -5 * HOUR_MS,
  summers: SUMMERS_2015_TO_2029,
};

const SETTLED: ReadonlyMap<string, Settled> = new Map([
  ['UTC', UTC],
  ['Etc/UTC', UTC],
  ['Asia/Kuala_Lumpur', MALAYSIA],
  ['Asia/Singapore', MALAYSIA],
  ['America/New_York', NEW_YORK],
]);

export const isSettledZone = (zone: string): boolean => SETTLED.has(zone);

/**
 * Local time minus UTC in milliseconds at an instant of UTC milliseconds, or undefined when the
 * platform's table must be asked.
 */
export function settledOffset(zone: string, instant: number): number | undefined {
  const row = SETTLED.get(zone);
  if (row === undefined || instant < row.since || instant >= row.until) return undefined;
  const hour = instant / HOUR_MS;
  const isSummer = row.summers.some(([first, end]) => hour >= first && hour < end);
  return row.offsetMs + (isSummer ? HOUR_MS : 0);
}
