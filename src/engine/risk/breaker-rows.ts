/**
 * Rows of the breaker table about orders, the link and the machine: what the tallies and the facts
 * from outside say. Deliberately only questions: counting is in `tallies.ts`, hearing in
 * `outside.ts`.
 */
import { dayKeyOf } from '../calendar.ts';
import { DEADLINES, LIMITS } from '../config.ts';
import type { BreakerName, LinkState } from '../event.ts';
import { bpsText, secondsText } from '../format.ts';
import {
  type BreakerRule,
  calmFor,
  counted,
  heldFor,
  manual,
  nextDay,
  type View,
} from './breaker-rule.ts';
import { spreadFits } from './spread.ts';
import { NO_TALLIES, within } from './tallies.ts';

type Row<N extends BreakerName> = BreakerRule & { readonly name: N };

const refusals = ({ core, at }: View): number =>
  within(core.tallies.wideSpreads, at.mono, DEADLINES.spreadWindowMs);

const SPREAD: Row<'SPREAD'> = {
  name: 'SPREAD',
  trips: (view) => {
    const count = refusals(view);
    return count >= LIMITS.spreadRefusals
      ? `${count} entries refused for their spread in 5 min`
      : undefined;
  },
  calm: spreadFits,
  clears: (view, breaker) => calmFor(view, breaker, DEADLINES.spreadCalmMs),
  clearsWhileDue: true,
  manualOnly: false,
  on: 'always',
  clearedBy: '60 s with a spread within the limit',
  distance: (view) => counted(refusals(view), LIMITS.spreadRefusals, 'wide spreads'),
  forgets: ({ tallies }) => ({ tallies: { ...tallies, wideSpreads: [] } }),
  resetRefusal: () => 'it clears by itself: 60 s with a spread within the limit',
};

function badFills({ core, at }: View): number {
  const { day, orders } = core.tallies.badFills;
  return dayKeyOf(at.wall) > day ? 0 : orders.length;
}

const SLIPPAGE: Row<'SLIPPAGE'> = {
  name: 'SLIPPAGE',
  trips: (view) => {
    const count = badFills(view);
    const limit = view.core.config?.slippageMaxBps ?? 0;
    return count >= LIMITS.badFills
      ? `${count} fills of today were more than ${bpsText(limit)} worse than decided`
      : undefined;
  },
  clears: nextDay,
  holdsForTheDay: true,
  manualOnly: false,
  on: 'always',
  clearedBy: 'next trading day, or reset',
  distance: (view) => counted(badFills(view), LIMITS.badFills, 'bad fills'),
  forgets: ({ tallies }) => ({ tallies: { ...tallies, badFills: { day: 0, orders: [] } } }),
};

const rejects = ({ core, at }: View): number =>
  within(core.tallies.rejects, at.mono, DEADLINES.rejectsWindowMs);

const REJECTS: Row<'REJECTS'> = {
  ...manual('REJECTS', 'reset by the operator only'),
  name: 'REJECTS',
  trips: (view) => {
    const count = rejects(view);
    const { config } = view.core;
    return config !== undefined && count >= config.rejectsMax
      ? `${count} entries refused by the broker in 10 min`
      : undefined;
  },
  distance: (view) => counted(rejects(view), view.core.config?.rejectsMax ?? 1, 'refusals'),
  forgets: ({ tallies }) => ({ tallies: { ...tallies, rejects: [] } }),
};

/** Entries that left less than a minute ago, and on this trading day. */
export const entriesInMinute = ({ core, at }: View): number =>
  within(core.entriesSent, at.mono, DEADLINES.capMinuteMs - 1);

export function entriesToday({ core, at }: View): number {
  const { day, count } = core.tallies.entries;
  return dayKeyOf(at.wall) > day ? 0 : count;
}

/** Why one more entry would be one too many (F50, I29). */
export function capRefusal(view: View): string | undefined {
  const { config } = view.core;
  if (config === undefined) return 'no configuration';
  const { entriesPerMinute, entriesPerDay } = config;
  if (entriesToday(view) >= entriesPerDay) return `${entriesPerDay} entries in a day`;
  if (entriesInMinute(view) >= entriesPerMinute) return `${entriesPerMinute} entries in a minute`;
  return undefined;
}

const ORDER_RATE: Row<'ORDER_RATE'> = {
  name: 'ORDER_RATE',
  trips: capRefusal,
  // By what was so when it tripped: a larger cap clears nothing (rule 7). Midnight ends the count
  // of a day, never the minute: an entry at 23:59:30 is half a minute old at 00:00 (F50, I21).
  clears: (view, breaker) =>
    heldFor(view, breaker, DEADLINES.capMinuteMs) &&
    (!view.core.tallies.entries.isFull || nextDay(view, breaker)),
  manualOnly: false,
  on: 'always',
  clearedBy: 'a minute without an entry; of the day: next trading day, or reset',
  distance: (view) => {
    const minute = entriesInMinute(view) / (view.core.config?.entriesPerMinute ?? 1);
    const day = counted(entriesToday(view), view.core.config?.entriesPerDay ?? 1, 'today');
    return { used: Math.min(1, Math.max(minute, day.used)), words: day.words };
  },
  forgets: ({ tallies }, by) =>
    by === 'reset' ? { tallies: { ...tallies, entries: NO_TALLIES.entries } } : {},
  resetRefusal: ({ core }) =>
    core.tallies.entries.isFull ? undefined : 'it clears by itself: a minute without an entry',
};

const losses = ({ core, at }: View): number =>
  within(core.tallies.losses, at.mono, DEADLINES.lossesWindowMs);

const CONNECTIVITY: Row<'CONNECTIVITY'> = {
  name: 'CONNECTIVITY',
  trips: (view) => {
    const count = losses(view);
    const { config } = view.core;
    return config !== undefined && count >= config.linkLossesMax
      ? `the link was lost ${count} times in 10 min`
      : undefined;
  },
  calm: ({ core }) => core.link.state === 'READY',
  clears: (view, breaker) => calmFor(view, breaker, DEADLINES.linkCalmMs),
  clearsWhileDue: true,
  tripsAnytime: true,
  manualOnly: false,
  on: 'always',
  clearedBy: '10 min READY',
  distance: (view) => counted(losses(view), view.core.config?.linkLossesMax ?? 1, 'losses'),
  forgets: ({ tallies }) => ({ tallies: { ...tallies, losses: [] } }),
  resetRefusal: () => 'it clears by itself: 10 min READY',
};

const CLOCK: Row<'CLOCK'> = {
  name: 'CLOCK',
  trips: ({ core }) => {
    const { skewMs } = core.outside;
    if (core.config === undefined || skewMs === undefined) return undefined;
    if (Math.abs(skewMs) < core.config.clockSkewMaxMs) return undefined;
    const way = skewMs > 0 ? 'ahead of' : 'behind';
    return `our clock is ${secondsText(Math.abs(skewMs))} ${way} the broker's`;
  },
  // Only what was measured after the trip may calm it.
  calm: ({ core }, breaker) => {
    const { skewMs, skewAt } = core.outside;
    if (skewMs === undefined || skewAt === undefined) return false;
    const isNews = skewAt >= (breaker.sinceMono ?? skewAt);
    return isNews && Math.abs(skewMs) < DEADLINES.clockSkewWarnMs;
  },
  // Measured calm over the whole time, and the broker's side was looked at since (F64 F65).
  clears: ({ core }, { calmSince, sinceMono }) => {
    const { outside, reconciledAt, reconciled } = core;
    if (calmSince === undefined || sinceMono === undefined) return false;
    const isMeasured = (outside.skewAt ?? 0) - calmSince >= DEADLINES.clockCalmMs;
    return isMeasured && reconciled && reconciledAt !== undefined && reconciledAt > sinceMono;
  },
  tripsAnytime: true,
  manualOnly: false,
  on: 'always',
  clearedBy: '60 s measured below 2 s, and one clean look at the account',
  distance: ({ core }) => {
    const { skewMs } = core.outside;
    const limit = core.config?.clockSkewMaxMs ?? 1;
    if (skewMs === undefined) return { used: undefined, words: 'not measured yet' };
    const off = Math.abs(skewMs);
    return { used: Math.min(1, off / limit), words: `${secondsText(off)} of ${limit / 1_000} s` };
  },
  resetRefusal: () => 'it clears by itself once the clock is right for a minute',
};

const AUTHORISED: ReadonlySet<LinkState> = new Set<LinkState>(['SYNCING', 'READY', 'DEGRADED']);

const AUTH: Row<'AUTH'> = {
  name: 'AUTH',
  trips: ({ core }) => {
    if (core.link.state === 'AUTH_HALT') return 'the broker does not let us in';
    const { authRefusals } = core.outside;
    return authRefusals >= LIMITS.authRefusals ? `${authRefusals} logins refused` : undefined;
  },
  clears: ({ core }) => AUTHORISED.has(core.link.state),
  tripsAnytime: true,
  manualOnly: false,
  on: 'always',
  clearedBy: 'a successful login',
  distance: ({ core }) => counted(core.outside.authRefusals, LIMITS.authRefusals, 'logins refused'),
  resetRefusal: () => 'it clears by itself: a successful login',
};

const LOOP: Row<'LOOP'> = {
  name: 'LOOP',
  trips: ({ core }) => {
    const { loopDelayMs } = core.outside;
    if (core.config === undefined || loopDelayMs === undefined) return undefined;
    return loopDelayMs >= core.config.loopDelayMaxMs
      ? `the program was ${secondsText(loopDelayMs)} late`
      : undefined;
  },
  // Delays from the warning on are told; silence means that it is quick.
  calm: ({ core }) => (core.outside.loopDelayMs ?? 0) < DEADLINES.loopDelayWarnMs,
  clears: (view, breaker) => calmFor(view, breaker, DEADLINES.loopCalmMs),
  tripsAnytime: true,
  manualOnly: false,
  on: 'always',
  clearedBy: '60 s below 0.2 s',
  distance: ({ core }) => {
    const delay = core.outside.loopDelayMs ?? 0;
    const limit = core.config?.loopDelayMaxMs ?? 1;
    const words = `${secondsText(delay)} of ${limit / 1_000} s late`;
    return { used: Math.min(1, delay / limit), words };
  },
  resetRefusal: () => 'it clears by itself: 60 s below 0.2 s',
};

/** Why the disk itself forbids entries; absent also when nobody has measured. */
function spaceRefusal({ core }: View): string | undefined {
  const { freeMib } = core.outside;
  if (core.config === undefined || freeMib === undefined) return undefined;
  return freeMib < core.config.diskFreeMinMib
    ? `only ${freeMib} MiB are free for the journal`
    : undefined;
}

const PERSISTENCE: Row<'PERSISTENCE'> = {
  name: 'PERSISTENCE',
  trips: spaceRefusal,
  // A failed write is for a person; low space is over when a sync has worked with enough of it.
  clears: ({ core }, breaker) =>
    core.outside.journalFaultAt === undefined && breaker.calmSince !== undefined,
  tripsAnytime: true,
  manualOnly: false,
  on: 'always',
  clearedBy: 'space and a proven write; after a failed write a restart, then a reset',
  distance: (view) => {
    const { freeMib } = view.core.outside;
    const limit = view.core.config?.diskFreeMinMib ?? 1;
    if (freeMib === undefined) return { used: 0, words: '' };
    const used = Math.min(1, limit / Math.max(1, freeMib));
    return { used, words: `${freeMib} MiB free, needs ${limit}` };
  },
  forgets: ({ outside }) => ({ outside: { ...outside, journalFaultAt: undefined } }),
  resetRefusal: (view) => {
    const { outside, breakers, startedAt } = view.core;
    // A run that could open and verify the journal has proven that it writes again.
    const since = outside.journalFaultAt ?? breakers.PERSISTENCE.sinceMono ?? view.at.mono;
    return since >= startedAt ? 'writes must be proven: restart first' : spaceRefusal(view);
  },
};

export const BREAKER_ROWS = {
  PERSISTENCE,
  SPREAD,
  SLIPPAGE,
  REJECTS,
  ORDER_RATE,
  CONNECTIVITY,
  CLOCK,
  AUTH,
  LOOP,
} as const;
