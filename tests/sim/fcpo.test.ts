// The simulated instrument: its sessions over a week, its grid, its account.
import { describe, expect, it } from 'vitest';
import { tickSize, wall } from '../../src/engine/index.ts';
import {
  DEFAULT_START,
  fcpoInstrument,
  SIMULATED_ACCOUNT,
  sessionsBetween,
} from '../../src/sim/fcpo.ts';

const text = (instant: number): string => new Date(instant).toISOString().slice(0, 16);
const MONDAY = Date.parse('2025-01-06T00:00:00Z');
const DAY = 86_400_000;

describe('FCPO', () => {
  it('has three sessions a day in UTC, no night session before Saturday to Monday (F69)', () => {
    const week = sessionsBetween(wall(MONDAY - DAY), wall(MONDAY + 6 * DAY));
    const nights = week.filter(({ open }) => text(open).endsWith('13:00'));
    expect(week).toHaveLength(14);
    expect(nights.map(({ open }) => text(open).slice(8, 10))).toEqual(['06', '07', '08', '09']);
    expect(
      week.slice(0, 3).map(({ open, close }) => `${text(open)} ${text(close).slice(11)}`),
    ).toEqual(['2025-01-06T02:30 04:30', '2025-01-06T06:30 10:00', '2025-01-06T13:00 15:30']);
  });

  it('includes a session that only touches the asked window, ends exclusive', () => {
    const open = MONDAY + 2.5 * 3_600_000;
    const close = open + 2 * 3_600_000;
    expect(sessionsBetween(wall(close - 1), wall(close))).toHaveLength(1);
    expect(sessionsBetween(wall(close), wall(close + 1))).toHaveLength(0);
    expect(sessionsBetween(wall(open - 1), wall(open))).toHaveLength(0);
    expect(sessionsBetween(wall(open), wall(open + 1))).toHaveLength(1);
  });

  it('starts live at a session open', () => {
    const [first] = sessionsBetween(DEFAULT_START, wall(DEFAULT_START + 1));
    expect(first?.open).toBe(DEFAULT_START);
  });

  it('has the grid and account every part of the program assumes', () => {
    const instrument = fcpoInstrument([]);
    expect(tickSize(instrument.digits)).toBe(100_000);
    expect(instrument.lotSize % instrument.stepVolume).toBe(0);
    expect([instrument.minVolume, instrument.maxVolume]).toEqual([100, 250_000]);
    expect(instrument.quoteCurrency).toBe(SIMULATED_ACCOUNT.currency);
    expect(SIMULATED_ACCOUNT).toMatchObject({ balance: 5_000_000, exponent: 2, isLive: false });
  });
});
