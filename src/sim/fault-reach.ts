/**
 * Which S1 faults of the catalogue (orders, money, time, market, durability, news) a world makes:
 * by a fault that strikes, by a situation that comes about, or not at all, with what makes it then.
 * Deliberately counts only; what must happen is what the checkers ask.
 */
import type { Event, JournalRecord } from '../engine/index.ts';
import type { EngineState } from '../engine/state.ts';
import { FAULTS } from './faults.ts';

/** One step, as far as its situation can be told from it. */
export interface Situation {
  readonly event: Event;
  readonly records: readonly JournalRecord[];
  readonly before: EngineState;
}

const trips = ({ records }: Situation, name: string): boolean =>
  records.some((one) => one.kind === 'breaker' && one.breaker === name && one.change === 'tripped');

const isBlockedBy = ({ records }: Situation, gate: string): boolean =>
  records.some((one) => one.kind === 'decision' && one.decision.blockedBy === gate);

const hasOrder = ({ before }: Situation): boolean =>
  before.core.orders.some(({ state }) => state === 'SENT' || state === 'ACCEPTED');

/** Faults that nobody strikes with: they come about, and this says when one did. */
export const SITUATIONS: Readonly<Record<string, (now: Situation) => boolean>> = {
  F36: (now) => now.records.some((one) => one.kind === 'command') && hasOrder(now),
  F50: (now) => trips(now, 'ORDER_RATE'),
  F51: (now) =>
    hasOrder(now) && now.records.some((one) => one.kind === 'breaker' && one.change === 'tripped'),
  F53: ({ records }) => records.some((one) => one.kind === 'difference' && one.row === 'R27'),
  F61: (now) => trips(now, 'LOSS_STREAK'),
  F63: (now) => trips(now, 'DAILY_LOSS') && now.before.core.positions.length > 0,
  F68: ({ records, before }) =>
    before.core.day !== undefined && records.some((one) => one.kind === 'dayOpened'),
  F69: (now) => isBlockedBy(now, 'calendar'),
  F72: ({ event }) => event.type === 'quote' && event.initial,
  F76: ({ event, before }) => event.type === 'barsLoaded' && before.market.barCount > 0,
  F91: ({ event, before }) => event.type === 'started' && before.at.seq > 0,
  F105: (now) => isBlockedBy(now, 'sentiment') && now.before.core.sentiment !== undefined,
};

/** No world makes these; each with what does. */
export const ELSEWHERE: Readonly<Record<string, string>> = {
  F17: 'bytes of every message: tests/ctrader/wire/messages.test.ts',
  F18: 'bytes of every number: tests/ctrader/wire/id-text.test.ts',
  F21: 'a session lost in mid-session: tests/ctrader/session/machine.test.ts',
  F23: 'a rate that worlds never reach: tests/ctrader/session/requests.test.ts',
  F40: 'distances the simulated symbol has not: tests/engine/risk/sizing.test.ts',
  F41: 'units of other symbols: tests/engine/risk/sizing.test.ts',
  F56: 'accounts with another exponent: tests/ctrader/decimal.test.ts',
  F59: 'amounts beyond a simulated account: tests/engine/accounting.test.ts',
  F67: 'a world lasts hours: tests/engine/calendar.test.ts',
  F77: 'a world begins with its bars: tests/engine/indicators.test.ts',
  F79: 'another instrument is no choice here: tests/ctrader/session/choice.test.ts',
  F83: 'flipped bits of the file: tests/runtime/recovery.test.ts',
  F84: 'locks of another process: tests/runtime/journal-lock.test.ts',
  F87: 'a file removed under a real writer: tests/runtime/journal-durability.test.ts',
  F88: 'yesterday’s file: tests/runtime/recovery.test.ts',
  F90: 'two processes: tests/runtime/process.test.ts',
  F101: 'news are readings here: tests/sentiment/poller.test.ts',
  F102: 'news are readings here: tests/sentiment/parse.test.ts',
  F103: 'news are readings here: tests/sentiment/parse.test.ts',
};

/** Counts what came about in a step, by its id. */
export function countSituations(counts: Record<string, number>, now: Situation): void {
  // Nearly every step is a price that changes nothing.
  const isQuiet = now.records.length === 0;
  if (isQuiet && now.event.type !== 'barsLoaded' && now.event.type !== 'started') {
    if (now.event.type !== 'quote' || !now.event.initial) return;
  }
  for (const id in SITUATIONS) {
    if (SITUATIONS[id]?.(now) === true) counts[id] = (counts[id] ?? 0) + 1;
  }
}

/** How often each id of the catalogue happened: strikes of its faults, and situations. */
export function catalogueCounts(
  strikes: Readonly<Record<string, number>>,
  situations: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { name, ids } of FAULTS) {
    for (const id of ids.match(/\bF\d+\b/g) ?? []) {
      if (strikes[name] !== undefined) counts[id] = (counts[id] ?? 0) + strikes[name];
    }
  }
  for (const id of Object.keys(SITUATIONS)) counts[id] = (counts[id] ?? 0) + (situations[id] ?? 0);
  const number = (id: string): number => Number(id.slice(1));
  return Object.fromEntries(Object.entries(counts).sort(([a], [b]) => number(a) - number(b)));
}
