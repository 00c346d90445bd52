/** The few zones known as numbers, against the platform's own table. */
import { describe, expect, it } from 'vitest';
import { settledOffset } from '../../src/engine/index.ts';

const formats = new Map<string, Intl.DateTimeFormat>();
const ZONES = ['UTC', 'Etc/UTC', 'Asia/Kuala_Lumpur', 'Asia/Singapore', 'America/New_York'];

function offsetOf(zone: string, instant: number): number {
  const format =
    formats.get(zone) ??
    new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      ...({ year: 'numeric', month: 'numeric', day: 'numeric' } as const),
      ...({ hour: 'numeric', minute: 'numeric', second: 'numeric' } as const),
    });
  formats.set(zone, format);
  const part = Object.fromEntries(
    format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]),
  );
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
  return Date.UTC(year, month - 1, day, hour, minute, second) - instant;
}

describe('zones that settled', () => {
  it.each(ZONES)('%s: what is claimed agrees with the platform, every third day', (zone) => {
    let claimed = 0;
    for (let at = Date.UTC(1975, 0, 1); at < Date.UTC(2040, 0, 1); at += 3 * 86_400_000) {
      const offset = settledOffset(zone, at);
      if (offset === undefined) continue;
      claimed += 1;
      expect(offset, new Date(at).toISOString()).toBe(offsetOf(zone, at));
    }
    expect(claimed).toBeGreaterThan(1_500);
  });

  it('changes to and from summer time in New York to the second', () => {
    for (let at = Date.UTC(2015, 0, 1, 5); at < Date.UTC(2030, 0, 1); at += 3_600_000) {
      const [before, after] = [settledOffset('America/New_York', at - 1), at] as const;
      if (before === undefined || before === settledOffset('America/New_York', after)) continue;
      expect(offsetOf('America/New_York', at - 1_000)).toBe(before);
      expect(offsetOf('America/New_York', at)).toBe(settledOffset('America/New_York', at));
    }
  });

  it('claims Malaysia from the very instant on, and nothing before', () => {
    const since = Date.UTC(1981, 11, 31, 16);
    expect(offsetOf('Asia/Kuala_Lumpur', since)).toBe(28_800_000);
    expect(offsetOf('Asia/Kuala_Lumpur', since - 1_000)).toBe(27_000_000);
    expect(settledOffset('Asia/Kuala_Lumpur', since - 1_000)).toBeUndefined();
  });

  it('knows no other zone, and none that is no zone', () => {
    expect(settledOffset('Europe/London', Date.UTC(2026, 0, 1))).toBeUndefined();
    expect(settledOffset('toString', Date.UTC(2026, 0, 1))).toBeUndefined();
  });
});
