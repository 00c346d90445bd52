/**
 * Who else saw that a breaker is due: a second count of what each row of the breaker table counts,
 * from what came in and what was written down.
 * Deliberately a lower bound: what only the engine can know (an ATR, the worst tick) is proven by
 * its own tests, and what is counted here must have tripped it.
 */

import { dayKeyOf, sessionAt } from '../engine/calendar.ts';
import { DEADLINES, LIMITS } from '../engine/config.ts';
import type { BreakerName, Event, LinkState } from '../engine/index.ts';
import { atrValue } from '../engine/indicators.ts';
import { transitionOf } from '../engine/order-moves.ts';
import { findNewest } from '../engine/trail.ts';
import { entriesOf, Ledger, recordsOf, type StepFacts, type Truth } from './world-checks.ts';

export interface Witness {
  readonly name: BreakerName;
  /** Why it must be tripped after this step, if it must. */
  readonly due: (facts: StepFacts) => string | undefined;
  /** It was cleared: the count begins anew. */
  readonly forget?: () => void;
  /** Inputs after this one never happened for the next process. */
  readonly crash?: (keptSeq: number) => void;
}

type Limits = Truth['options']['config'];

export function createWitnesses(truth: Truth): readonly Witness[] {
  const { config } = truth.options;
  return [
    told('KILL', isKill),
    told('AUTH', isShutOut),
    told('LOOP', ({ input: { event } }) => isLate(event, config)),
    told('PERSISTENCE', ({ input: { event } }) => isUnwritable(event, config)),
    told('INTEGRITY', isContradicted),
    told('LOSS_STREAK', ({ after: { core } }) => {
      return core.reconciled && core.lossStreak >= config.lossStreakMax ? 'losses' : undefined;
    }),
    told('DAILY_LOSS', (facts) => isDayLost(facts, config)),
    clock(config),
    feed(truth),
    counted('REJECTS', { window: DEADLINES.rejectsWindowMs, most: config.rejectsMax }, (facts) =>
      recordsOf(facts, 'order').filter(({ to }) => to === 'REJECTED'),
    ),
    counted('SPREAD', { window: DEADLINES.spreadWindowMs, most: LIMITS.spreadRefusals }, (facts) =>
      recordsOf(facts, 'decision').filter((one) => one.decision.blockedBy === 'spread'),
    ),
    told('VOLATILITY', isWild),
    connectivity(config),
    orderRate(config),
    slippage(truth),
  ];
}

/** One event says it all. */
const told = (name: BreakerName, due: Witness['due']): Witness => ({ name, due });

const isKill = ({ input: { event } }: StepFacts): string | undefined =>
  event.type === 'command' && event.command.body.type === 'kill' ? 'a person said so' : undefined;

function isShutOut({ input: { event } }: StepFacts): string | undefined {
  if (event.type !== 'link') return undefined;
  const isOut = event.state === 'AUTH_HALT' || (event.authRefusals ?? 0) >= LIMITS.authRefusals;
  return isOut ? 'the logins were refused' : undefined;
}

const isLate = (event: Event, { loopDelayMaxMs }: Limits): string | undefined =>
  event.type === 'host' && (event.loopDelayMs ?? 0) >= loopDelayMaxMs
    ? `the program was ${event.loopDelayMs} ms late`
    : undefined;

function isUnwritable(event: Event, { diskFreeMinMib }: Limits): string | undefined {
  if (event.type === 'journalFault') return 'a write failed';
  const isLow = event.type === 'host' && (event.freeMib ?? diskFreeMinMib) < diskFreeMinMib;
  return isLow ? 'space is low' : undefined;
}

/** A fill of an order believed dead (T15), or a position of ours on another instrument (R23). */
function isContradicted(facts: StepFacts): string | undefined {
  const late = recordsOf(facts, 'order').find(
    ({ from, to }) => from !== undefined && transitionOf(from, to)?.id === 'T15',
  );
  if (late !== undefined) return `${late.clientOrderId} filled after all`;
  const other = recordsOf(facts, 'difference').find(({ row }) => row === 'R23');
  return other && `position ${other.subject} changed its instrument`;
}

/** Flat, so that no price is needed: the balance alone says it, to the cent. */
function isDayLost({ after: { core } }: StepFacts, limits: Limits): string | undefined {
  const { account, day, positions } = core;
  if (!core.reconciled || core.instrument === undefined) return undefined;
  if (account === undefined || day === undefined || positions.length > 0) return undefined;
  const result = account.balance - day.openingEquity - day.cashFlow;
  const isLost = result * 10_000 <= -day.openingEquity * limits.maxDailyLossBps;
  return isLost ? `the day's result is ${result}` : undefined;
}

/** At the close of a bar: the range of the last bars is twice what is usual. */
function isWild(facts: StepFacts): string | undefined {
  // Before the broker was looked at nothing is measured, and nothing enters either.
  const isMeasured = facts.after.core.reconciled && recordsOf(facts, 'decision').length > 0;
  if (!isMeasured) return undefined;
  const { atr, atrMedian } = facts.after.market.indicators;
  const value = atrValue(atr);
  if (value === undefined || atrMedian === undefined || atrMedian === 0) return undefined;
  return value >= 2 * atrMedian ? `the range is ${value / atrMedian} times the usual` : undefined;
}

/** More than a century is no measurement of a clock (F14). */
const SKEW_MOST_MS = 100 * 366 * 86_400_000;

/** Measured beyond the limit, or wall and monotonic time parted between two inputs of a process. */
function clock({ clockSkewMaxMs }: Limits): Witness {
  let offset: number | undefined;
  return {
    name: 'CLOCK',
    due: ({ input, after }) => {
      const { event, wall, mono } = input;
      const moved = offset === undefined || event.type === 'started' ? 0 : wall - mono - offset;
      offset = wall - mono;
      if (Math.abs(moved) >= DEADLINES.timeGapMs) return `the clock moved ${moved} ms`;
      if (event.type !== 'clockSkew') return undefined;
      if (event.generation !== after.core.link.generation) return undefined;
      const off = Math.abs(event.skewMs);
      const isOff = off >= clockSkewMaxMs && off <= SKEW_MOST_MS;
      return isOff ? `the clock is ${event.skewMs} ms off` : undefined;
    },
  };
}

/** A clock tick, and a quote of the old connection that the engine may still count from. */
const GRACE_MS = 2_000;

/** Ready, in session, and nothing plausible heard for longer than allowed. */
function feed({ options, hearing }: Truth): Witness {
  const { sessions, config } = options;
  let readyAt: number | undefined;
  return {
    name: 'FEED',
    due: ({ input: { event, wall }, at, after: { core } }) => {
      if (event.type === 'link' && event.state !== 'READY') readyAt = undefined;
      if (event.type === 'link' && event.state === 'READY') readyAt ??= at;
      if (event.type === 'started') readyAt = undefined;
      if (event.type !== 'clock' || readyAt === undefined || !core.reconciled) return undefined;
      const session = sessionAt(sessions, wall);
      if (session.state !== 'open' || session.openedAt === undefined) return undefined;
      const { bidAt, askAt, generation } = hearing();
      const isHeard = generation === core.link.generation;
      const heardAt = isHeard ? Math.max(bidAt ?? readyAt, askAt ?? readyAt) : readyAt;
      const silence = Math.min(at - Math.max(heardAt, readyAt), wall - session.openedAt);
      if (silence <= config.feedAgeMaxMs + GRACE_MS) return undefined;
      return `nothing was heard for ${silence} ms`;
    },
  };
}

/** Limit and window of something that is counted. */
interface Count {
  readonly window: number;
  readonly most: number;
}

/** So many within a window of the engine's own time, since it was cleared. */
function counted(
  name: BreakerName,
  { window, most }: Count,
  find: (facts: StepFacts) => readonly unknown[],
): Witness {
  const times = new Ledger<number>();
  return {
    name,
    due: (facts) => {
      const fresh = find(facts);
      if (fresh.length === 0) return undefined;
      const { seq, mono } = facts.input;
      for (const _one of fresh) times.add(seq, mono);
      const recent = times.values().filter((time) => mono - time <= window);
      return recent.length >= most ? `${recent.length} within ${window} ms` : undefined;
    },
    forget: () => times.crash(-1),
    crash: (keptSeq) => times.crash(keptSeq),
  };
}

const WITHOUT_LINE: ReadonlySet<LinkState> = new Set<LinkState>([
  'DISCONNECTED',
  'CONNECTING',
  'AUTH_HALT',
]);

function connectivity({ linkLossesMax }: Limits): Witness {
  let line: LinkState = 'DISCONNECTED';
  const limit = { window: DEADLINES.lossesWindowMs, most: linkLossesMax };
  return counted('CONNECTIVITY', limit, ({ input: { event } }) => {
    if (event.type === 'started') line = 'DISCONNECTED';
    if (event.type !== 'link') return [];
    const isLost = event.state === 'DISCONNECTED' && !WITHOUT_LINE.has(line);
    line = event.state;
    return isLost ? [event] : [];
  });
}

/** Word that the bytes of entries are out: as many a minute as allowed. */
function orderRate({ entriesPerMinute }: Limits): Witness {
  const left = new Set<string>();
  // An entry exactly a minute old no longer counts.
  const limit = { window: DEADLINES.capMinuteMs - 1, most: entriesPerMinute };
  return counted('ORDER_RATE', limit, (facts) => {
    for (const { requestId } of entriesOf(facts)) left.add(requestId);
    const { event } = facts.input;
    return event.type === 'sent' && left.delete(event.requestId) ? [event] : [];
  });
}

const EVIDENCE: ReadonlySet<string> = new Set(['ACCEPTED', 'PARTIAL', 'FILLED', 'DONE_PARTIAL']);

/** Orders of a day of which a fill was worse than allowed against the price decided on. */
function slippage({ options, desk }: Truth): Witness {
  const { slippageMaxBps } = options.config;
  const decided = new Map<string, number>();
  const bad = new Ledger<{ readonly day: number; readonly id: string }>();
  const told = new Ledger<string>();
  const noteDecided = (facts: StepFacts): void => {
    const intent = recordsOf(facts, 'order').find(({ to }) => to === 'INTENT');
    const risk = recordsOf(facts, 'decision').at(-1)?.decision.risk;
    const at = intent?.side === 'buy' ? risk?.ask : risk?.bid;
    if (intent !== undefined && at !== undefined) decided.set(intent.clientOrderId, at);
  };
  const isBad = (dealId: string): string | undefined => {
    const { deals, orders, endedOrders } = desk.state();
    const deal = findNewest(deals, (one) => one.id === dealId);
    if (deal === undefined || deal.close !== undefined) return undefined;
    const isIts = (one: { readonly id: string }) => one.id === deal.brokerOrderId;
    const order = orders.find(isIts) ?? findNewest(endedOrders, isIts);
    const base = decided.get(order?.clientOrderId ?? '');
    if (base === undefined) return undefined;
    const worse = deal.side === 'buy' ? deal.price - base : base - deal.price;
    return worse * 10_000 > base * slippageMaxBps ? order?.clientOrderId : undefined;
  };
  return {
    name: 'SLIPPAGE',
    due: (facts) => {
      noteDecided(facts);
      const { seq, wall } = facts.input;
      const deals = recordsOf(facts, 'deal');
      const moves = recordsOf(facts, 'order');
      // A deal names no order of ours: before word of the order nobody can know whose it is.
      for (const { clientOrderId, to } of moves) if (EVIDENCE.has(to)) told.add(seq, clientOrderId);
      for (const { dealId } of deals) {
        const id = isBad(dealId);
        if (id !== undefined) bad.add(seq, { day: dayKeyOf(wall), id });
      }
      if (deals.length + moves.length === 0) return undefined;
      const today = dayKeyOf(wall);
      const known = new Set(told.values());
      const counts = bad.values().filter(({ day, id }) => day === today && known.has(id));
      const orders = new Set(counts.map(({ id }) => id));
      if (orders.size < LIMITS.badFills) return undefined;
      return `${orders.size} orders of the day filled too far away`;
    },
    forget: () => bad.crash(-1),
    crash: (keptSeq) => {
      bad.crash(keptSeq);
      told.crash(keptSeq);
    },
  };
}
