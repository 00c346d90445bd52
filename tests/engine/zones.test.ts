/** The few zones known as numbers, against the platform's own table. */
import { describe, expect, it } from 'vitest';
import { settledOffset } from '../../src/engine/index.ts';

const ZONES = ['UTC', 'Etc/UTC', 'Asia/Kuala_Lumpur', 'Asia/Singapore'];

function offsetOf(zone: string, instant: number): number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    ...({ year: 'numeric', month: 'numeric', day: 'numeric' } as const),
    ...({ hour: 'numeric', minute: 'numeric', second: 'numeric' } as const),
  });
  const part = Object.fromEntries(
    format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]),
  );
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
  return Date.UTC(year, month - 1, day, hour, minute, second) - instant;
}

describe('zones that settled', () => {
  it.each(ZONES)('%s: what is claimed agrees with the platform, week by week', (zone) => {
    let claimed = 0;
    for (let at = Date.UTC(1975, 0, 1); at < Date.UTC(2040, 0, 1); at += 7 * 86_400_000) {
      const offset = settledOffset(zone, at);
      if (offset === undefined) continue;
      claimed += 1;
      expect(offset, new Date(at).toISOString()).toBe(offsetOf(zone, at));
    }
    expect(claimed).toBeGreaterThan(3_000);
  });

  it('claims Malaysia from the very instant on, and nothing before', () => {
    const since = Date.UTC(1981, 11, 31, 16);
    expect(offsetOf('Asia/Kuala_Lumpur', since)).toBe(28_800_000);
    expect(offsetOf('Asia/Kuala_Lumpur', since - 1_000)).toBe(27_000_000);
    expect(settledOffset('Asia/Kuala_Lumpur', since - 1_000)).toBeUndefined();
  });

  it('knows no zone with summer time, and none that is no zone', () => {
    expect(settledOffset('Europe/London', Date.UTC(2026, 0, 1))).toBeUndefined();
    expect(settledOffset('toString', Date.UTC(2026, 0, 1))).toBeUndefined();
  });
});
