/** Sessions at their boundaries, and dates against the platform's own calendar. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY_MS, dayKeyOf, dayText, openTime, sessionAt } from '../../src/engine/calendar.ts';
import { wall } from '../../src/engine/units.ts';

const at = wall;
const SESSIONS = [
  { open: at(1_000), close: at(2_000) },
  { open: at(3_000), close: at(4_000) },
  { open: at(4_000), close: at(5_000) },
];

describe('sessionAt', () => {
  const rows: readonly (readonly [number, string, number | undefined])[] = [
    [999, 'unknown', undefined],
    [1_000, 'open', 2_000],
    [1_999, 'open', 2_000],
    [2_000, 'closed', 3_000],
    [2_999, 'closed', 3_000],
    [3_000, 'open', 4_000],
    [4_000, 'open', 5_000],
    [4_999, 'open', 5_000],
    [5_000, 'unknown', undefined],
    [9_999, 'unknown', undefined],
  ];
  it.each(rows)('at %d is %s, changing at %s (F69)', (when, state, changesAt) => {
    const view = sessionAt(SESSIONS, at(when));
    expect(view.state).toBe(state);
    expect(view.changesAt).toBe(changesAt);
    expect(view.openedAt !== undefined).toBe(state === 'open');
  });

  it('knows nothing without intervals (F69 I32)', () => {
    expect(sessionAt([], at(0)).state).toBe('unknown');
  });

  it('agrees with a walk over all intervals, for any instant (F69)', () => {
    const gaps = fc.array(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 1, max: 9 })));
    fc.assert(
      fc.property(gaps, fc.integer({ min: -5, max: 200 }), (parts, instant) => {
        let edge = 0;
        const sessions = parts.map(([rest, length]) => {
          const open = edge + rest;
          edge = open + length;
          return { open: at(open), close: at(edge) };
        });
        const inside = sessions.find((one) => one.open <= instant && instant < one.close);
        const known = sessions.some((one) => one.close <= instant);
        const later = sessions.some((one) => one.open > instant);
        const wanted = inside ? 'open' : known && later ? 'closed' : 'unknown';
        expect(sessionAt(sessions, at(instant)).state).toBe(wanted);
      }),
    );
  });
});

describe('openTime', () => {
  it('counts only the open parts between two instants (F76)', () => {
    expect(openTime(SESSIONS, at(0), at(9_000))).toBe(3_000);
    expect(openTime(SESSIONS, at(1_500), at(3_500))).toBe(1_000);
    expect(openTime(SESSIONS, at(2_000), at(3_000))).toBe(0);
    expect(openTime(SESSIONS, at(3_500), at(1_500))).toBe(0);
  });
});

describe('the trading day', () => {
  it('is the UTC day, also before 1970 (F67 F68)', () => {
    expect(dayKeyOf(at(0))).toBe(0);
    expect(dayKeyOf(at(DAY_MS - 1))).toBe(0);
    expect(dayKeyOf(at(DAY_MS))).toBe(1);
    expect(dayKeyOf(at(-1))).toBe(-1);
  });

  it('is written like the platform writes it, every day from 1900 to 2100 (F67)', () => {
    const from = Date.UTC(1900, 0, 1) / DAY_MS;
    const to = Date.UTC(2100, 11, 31) / DAY_MS;
    for (let key = from; key <= to; key += 1) {
      const wanted = new Date(key * DAY_MS).toISOString().slice(0, 10);
      if (dayText(key) !== wanted) expect(dayText(key)).toBe(wanted);
    }
    expect(dayText(to)).toBe('2100-12-31');
  });
});
