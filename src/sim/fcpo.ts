/**
 * The simulated instrument and account: palm oil of the Malaysian exchange as a broker would offer
 * it, with its three daily sessions and the shape of its volatility over the day.
 * Deliberately no holidays: a recording shows its own by having no bars on them.
 */
import {
  type Account,
  accountId,
  type Instrument,
  instrumentId,
  money,
  price,
  type SessionInterval,
  untrusted,
  volume,
  type Wall,
  wall,
} from '../engine/index.ts';
import type { CostRules } from './costs.ts';
import type { Listing } from './exchange-types.ts';

export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;

export type SessionName = 'night' | 'morning' | 'afternoon';

/** Minutes after midnight UTC. Malaysia is UTC+8 all year. */
export const SESSIONS: readonly {
  readonly name: SessionName;
  readonly open: number;
  readonly close: number;
}[] = [
  { name: 'morning', open: 2 * 60 + 30, close: 4 * 60 + 30 },
  { name: 'afternoon', open: 6 * 60 + 30, close: 10 * 60 },
  { name: 'night', open: 13 * 60, close: 15 * 60 + 30 },
];

/**
 * Standard deviation of a one-minute return by half hour, in 1/100 of a basis point. Measured on 71
 * trade dates of the third-month contract, 2023-11 to 2025-01.
 */
export const HALF_HOURS: readonly { readonly open: number; readonly sd: number }[] = [
  { open: 150, sd: 1180 },
  { open: 180, sd: 854 },
  { open: 210, sd: 634 },
  { open: 240, sd: 577 },
  { open: 390, sd: 889 },
  { open: 420, sd: 706 },
  { open: 450, sd: 764 },
  { open: 480, sd: 764 },
  { open: 510, sd: 772 },
  { open: 540, sd: 754 },
  { open: 570, sd: 795 },
  { open: 780, sd: 839 },
  { open: 810, sd: 667 },
  { open: 840, sd: 616 },
  { open: 870, sd: 718 },
  { open: 900, sd: 714 },
];

/** Every open interval that touches `[from, to)`, in time order, for ever in both directions. */
export function sessionsBetween(from: Wall, to: Wall): SessionInterval[] {
  const found: SessionInterval[] = [];
  for (let day = Math.floor(from / DAY_MS); day * DAY_MS < to; day++) {
    for (const session of SESSIONS) {
      const open = day * DAY_MS + session.open * MINUTE_MS;
      const close = day * DAY_MS + session.close * MINUTE_MS;
      if (held(session.name, day) && close > from && open < to) {
        found.push({ open: wall(open), close: wall(close) });
      }
    }
  }
  return found;
}

/** Day 0 was a Thursday. Night: Monday to Thursday only, the evenings before a trading weekday. */
function held(name: SessionName, day: number): boolean {
  const weekday = (((day + 4) % 7) + 7) % 7;
  return weekday >= 1 && weekday <= (name === 'night' ? 4 : 5);
}

export const FCPO_ID = instrumentId('2001');

/** One lot is 25 tonnes; a volume unit is a tonne; the tick is MYR 1. */
export function fcpoInstrument(sessions: readonly SessionInterval[], digits = 0): Instrument {
  return {
    id: FCPO_ID,
    name: 'FCPO',
    description: untrusted('Crude Palm Oil, simulated'),
    digits,
    lotSize: volume(2_500),
    minVolume: volume(100),
    maxVolume: volume(250_000),
    stepVolume: volume(100),
    quoteCurrency: 'MYR',
    status: 'open',
    stopDistanceMin: price(0),
    targetDistanceMin: price(0),
    sessions,
  };
}

/**
 * MYR 15.00 a lot and side; no slippage beyond what the quote itself moves while an order flies.
 */
export const FCPO_COSTS: CostRules = {
  commission: { type: 'perLot', minorPerLot: 1_500 },
  slippage: price(0),
  conversionFeeBps: 0,
};

export const fcpoListing = (sessions: readonly SessionInterval[]): Listing => ({
  instrument: fcpoInstrument(sessions),
  costs: FCPO_COSTS,
  quoteToDeposit: { numerator: 1, denominator: 1 },
});

/** MYR 50,000.00, leverage 1:20, hedged. */
export const SIMULATED_ACCOUNT: Account = {
  id: accountId('1000001'),
  login: '9000001',
  brokerName: untrusted('Simulated broker'),
  isLive: false,
  currency: 'MYR',
  exponent: 2,
  balance: money(5_000_000),
  balanceVersion: 1,
  leverageCents: 2_000,
  access: 'full',
};

/** Monday 2025-01-06 10:30 in Kuala Lumpur: the synthetic market goes live at a session open. */
export const DEFAULT_START: Wall = wall(1_736_130_600_000);
