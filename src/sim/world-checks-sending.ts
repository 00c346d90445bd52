/**
 * Invariants asked when bytes leave: may this request exist, now, and only once?
 * Deliberately remembers across crashes what left: a restart does not take bytes back.
 */

import { type Mono, tickSize } from '../engine/index.ts';
import { isTerminal } from '../engine/order-moves.ts';
import { labelOf } from '../engine/orders.ts';
import { isLooser } from '../engine/protection.ts';
import type { EngineState } from '../engine/state.ts';
import { sizeOf } from '../engine/trail.ts';
import { listedAs } from './exchange-money.ts';
import { type Checker, entriesOf, recordsOf, type StepFacts, type Truth } from './world-checks.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;

export const sendingCheckers = (truth: Truth): readonly Checker[] => [
  oneEntryASignal(),
  oneOrderOpen(),
  slotsKept(truth),
  durableBeforeBytes(truth),
  bytesOnce(),
  soundQuote(truth),
  gridObeyed(truth),
  modeKept(truth),
  capsKept(truth),
  neverLoosens(),
  knowledgeNeeded(truth),
  foreignUntouched(truth),
];

/** The signal an id was derived from: side, instrument and bar. */
const signalOf = (clientOrderId: string): string =>
  /^[bs]-[^-]+-\d+/.exec(clientOrderId)?.[0] ?? clientOrderId;

function oneEntryASignal(): Checker {
  const used = new Map<string, string>();
  return {
    id: 'I01',
    step: (facts) => {
      for (const { clientOrderId: id } of entriesOf(facts)) {
        const first = used.get(signalOf(id));
        if (first !== undefined && first !== id) return `signal of ${first} entered again as ${id}`;
        used.set(signalOf(id), id);
      }
      return undefined;
    },
  };
}

function bytesOnce(): Checker {
  const left = new Set<string>();
  return {
    id: 'I06',
    step: (facts) => {
      for (const { clientOrderId: id } of entriesOf(facts)) {
        if (left.has(id)) return `the bytes of ${id} left twice`;
        left.add(id);
      }
      return undefined;
    },
  };
}

const openOrders = (state: EngineState) =>
  state.core.orders.filter((order) => !isTerminal(order.state));

const oneOrderOpen = (): Checker => ({
  id: 'I02',
  step: ({ after }) => {
    const open = openOrders(after);
    if (open.length <= 1) return undefined;
    return `${open.length} entries are open at once: ${open.map((one) => one.id).join(', ')}`;
  },
});

/** What is ours at the broker and what may still become so, by label. */
function slotsKept({ desk, options }: Truth): Checker {
  const ours = new Set<string>();
  return {
    id: 'I03',
    step: (facts) => {
      const entries = entriesOf(facts);
      for (const entry of entries) ours.add(entry.label);
      if (entries.length === 0) return undefined;
      const excused = new Set([...desk.late()].map((id) => labelOf(id as never)));
      const { positions, orders } = desk.state();
      const held = [
        ...positions.filter((one) => one.status === 'OPEN').map((one) => one.label),
        ...orders.filter((one) => !one.closing).map((one) => one.label),
        ...openOrders(facts.after).map((order) => labelOf(order.id)),
      ];
      const taken = new Set(held.filter((label) => label !== undefined && ours.has(label)));
      for (const label of excused) taken.delete(label);
      if (taken.size <= options.config.maxPositions) return undefined;
      const most = options.config.maxPositions;
      return `${taken.size} slots are taken of ${most}: ${[...taken].join(' ')}`;
    },
  };
}

const durableBeforeBytes = ({ journal }: Truth): Checker => ({
  id: 'I05',
  step: ({ sent }) => {
    const early = sent.find((one) => !journal.announced(one.requestId));
    return early === undefined
      ? undefined
      : `${early.requestId} left before the record that announces it was durable`;
  },
});

/** Further than this from the market, a price is an outlier that nobody confirmed. */
const FAR_PER_CENT = 6;

function soundQuote(truth: Truth): Checker {
  return {
    id: 'I15',
    step: (facts) => {
      const intends = recordsOf(facts, 'order').some((record) => record.to === 'INTENT');
      if (!intends && entriesOf(facts).length === 0) return undefined;
      return unsoundness(facts, truth);
    },
  };
}

function unsoundness({ after, at }: StepFacts, truth: Truth): string | undefined {
  const { quote } = after.market;
  const heard = truth.hearing();
  const { quoteAgeMaxMs } = truth.options.config;
  if (quote?.bid === undefined || quote.ask === undefined) return 'an entry without both sides';
  const never = Number.NEGATIVE_INFINITY;
  const age = at - Math.max(heard.bidAt ?? never, heard.askAt ?? never);
  if (age > quoteAgeMaxMs) return `an entry on a price that is ${age} ms old`;
  if (quote.ask < quote.bid) return 'an entry on a crossed quote';
  const off = Math.max(Math.abs(quote.bid - heard.bid), Math.abs(quote.ask - heard.bid));
  if (off * 100 > heard.bid * FAR_PER_CENT) {
    return `an entry at ${quote.bid}/${quote.ask} while the market is ${heard.bid}`;
  }
  return undefined;
}

/** By the symbol and the account as they are at the exchange, whatever the engine believes. */
const gridObeyed = ({ desk }: Truth): Checker => ({
  id: 'I16',
  step: (facts) => {
    const entry = entriesOf(facts)[0];
    const state = desk.state();
    const { account } = state;
    const instrument = entry && listedAs(state, entry.instrumentId)?.instrument;
    if (entry === undefined) return undefined;
    const isAllowed = instrument?.status === 'open' && account.access === 'full';
    if (!isAllowed) return 'an entry that is not allowed';
    const { minVolume, maxVolume, stepVolume, digits } = instrument;
    const { volume, stopDistance, targetDistance } = entry;
    const isSized = volume >= minVolume && volume <= maxVolume && volume % stepVolume === 0;
    if (!isSized) return `volume ${volume} is off the grid`;
    const tick = tickSize(digits);
    const isPriced = [stopDistance, targetDistance].every((one) => one > 0 && one % tick === 0);
    return isPriced ? undefined : `distances ${stopDistance}, ${targetDistance} are off the grid`;
  },
});

const modeKept = ({ options }: Truth): Checker => ({
  id: 'I19',
  step: ({ sent, after }) => {
    const isLive = options.config.mode === 'live';
    const wanted = isLive ? 'broker' : 'paper';
    const isArmed = !isLive || after.core.arming.state === 'armed';
    const entry = sent.find((one) => one.type === 'submitOrder');
    if (!isArmed && entry !== undefined) return `${entry.requestId} left while nobody had armed it`;
    const stray = sent.find((one) => one.destination !== wanted);
    return stray === undefined
      ? undefined
      : `${stray.requestId} went to the ${stray.destination} in mode ${options.config.mode}`;
  },
});

/** A person began the day's count of entries anew, and the journal says so. */
function isCountReset(facts: StepFacts): boolean {
  const { event } = facts.input;
  if (event.type !== 'command' || event.command.body.type !== 'resetBreaker') return false;
  if (event.command.body.breaker !== 'ORDER_RATE') return false;
  const changes = recordsOf(facts, 'breaker');
  return changes.some(({ breaker, change }) => breaker === 'ORDER_RATE' && change === 'cleared');
}

/**
 * Entries as many a minute and a trading day as configured (a reset begins the day anew); closing
 * and protecting 1 a second and position, 30 a minute.
 */
function capsKept({ options }: Truth): Checker {
  const { entriesPerMinute, entriesPerDay } = options.config;
  const entries: Mono[] = [];
  let today = { day: 0, count: 0 };
  const others: { at: Mono; key: string }[] = [];
  const asked: Mono[] = [];
  const within = (times: readonly Mono[], now: Mono, span: number) =>
    times.filter((time) => now - time < span).length;
  return {
    id: 'I29',
    step: (facts) => {
      const { at, sent, queries, input } = facts;
      const day = Math.floor(input.wall / DAY);
      if (isCountReset(facts) || day > today.day)
        today = { day: Math.max(day, today.day), count: 0 };
      for (const query of queries) if (query.type === 'reconcile') asked.push(at);
      if (within(asked.slice(-10), at, 1_000) > 5) return 'more than five passes asked in a second';
      for (const request of sent) {
        if (request.type === 'submitOrder') {
          entries.push(at);
          if (within(entries, at, MINUTE) > entriesPerMinute) return 'too many entries in a minute';
          today.count += 1;
          if (today.count > entriesPerDay) return 'too many entries in a day';
        } else if ('positionId' in request) {
          const key = `${request.type} of ${request.positionId}`;
          // Asked a second apart, a quick sync after a slow one may bring two together.
          if (others.filter((one) => one.key === key && at - one.at < 950).length > 1) {
            return `more than one ${key} a second`;
          }
          others.push({ at, key });
          const times = others.slice(-40).map((one) => one.at);
          if (within(times, at, MINUTE) > 30) return 'more than thirty closes in a minute';
        }
      }
      return undefined;
    },
  };
}

/** Nothing that leaves moves a stop away from the market, as far as anybody here knows. */
const neverLoosens = (): Checker => ({
  id: 'I10',
  step: ({ sent, after }) => {
    for (const request of sent) {
      if (request.type !== 'amendProtection') continue;
      const known = after.core.positions.find((one) => one.id === request.positionId);
      if (known?.stop === undefined || !isLooser(known.side, request.stop, known.stop)) continue;
      return `${request.requestId} loosens the stop of position ${known.id}`;
    }
    return undefined;
  },
});

/** Reasons for which a close or an amend may not leave: none of them is about knowledge or risk. */
const MAY_REFUSE = new RegExp(
  ': link |^link |session is closed|instrument is not known|' +
    'position is gone|would loosen|second ago',
);

function knowledgeNeeded({ options }: Truth): Checker {
  const missing = ({ core, market, at }: EngineState): string | undefined => {
    if (core.account === undefined || core.instrument === undefined) return 'account or instrument';
    if (core.day === undefined || !core.reconciled) return 'the day or a reconciliation';
    if (core.link.state !== 'READY') return 'a ready link';
    if (sizeOf(market.indicators.rsiSeries) === 0) return 'indicators';
    if (options.config.sentimentMode === 'off') return undefined;
    const age = core.sentiment === undefined ? undefined : at.mono - core.sentiment.at;
    return age === undefined || age > 305_000 ? 'sentiment' : undefined;
  };
  return {
    id: 'I32',
    step: (facts) => {
      const entry = entriesOf(facts)[0];
      const what = entry === undefined ? undefined : missing(facts.after);
      if (what !== undefined) return `an entry without ${what}`;
      const entries = new Set<string>(facts.after.core.orders.map((order) => order.id));
      const denied = facts.refusals.find(
        ({ requestId, reason }) => !entries.has(requestId) && !MAY_REFUSE.test(reason),
      );
      return denied && `${denied.requestId} was not let out: ${denied.reason}`;
    },
  };
}

function foreignUntouched({ desk }: Truth): Checker {
  const ours = new Set<string>();
  return {
    id: 'I33',
    step: (facts) => {
      for (const entry of entriesOf(facts)) ours.add(entry.label);
      for (const request of facts.sent) {
        if (request.type !== 'closePosition' && request.type !== 'amendProtection') continue;
        const position = desk.state().positions.find((one) => one.id === request.positionId);
        if (position === undefined || ours.has(position.label ?? '')) continue;
        return `${request.requestId} would change a position that is not ours`;
      }
      return undefined;
    },
  };
}
