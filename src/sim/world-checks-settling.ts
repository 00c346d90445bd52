/**
 * Invariants about what the engine knows and shows: positions, deals, breakers, days, certainty.
 * Deliberately compares with the exchange itself, which the engine can only hear about.
 */

import { sessionAt } from '../engine/calendar.ts';
import { DEADLINES } from '../engine/config.ts';
import { BREAKERS, type BrokerSnapshot, type Mono } from '../engine/index.ts';
import type { EngineState, Position } from '../engine/state.ts';
import { findNewest, listOf } from '../engine/trail.ts';
import {
  type Checker,
  entriesOf,
  Ledger,
  recordsOf,
  type StepFacts,
  type Truth,
} from './world-checks.ts';

export const settlingCheckers = (truth: Truth): readonly Checker[] => [
  passApplied(),
  voidIsNoEvidence(),
  protectedSoon(),
  protectedInTruth(truth),
  brokersMoney(truth),
  dealsOnce(),
  volumesKnown(),
  certaintyShown(truth),
  daysGrow(),
  noBusyLoop(),
];

const YOUNG_MS = 3_000;

/** After a pass, ours is the broker's: what differs is newer or has a name. */
const passApplied = (): Checker => ({
  id: 'I07',
  step: (facts) => {
    const { event } = facts.input;
    if (event.type !== 'brokerSnapshot' || !event.pass.complete) return undefined;
    if (event.generation !== facts.after.core.link.generation) return undefined;
    return passDifference(facts, event.pass.snapshot);
  },
});

function passDifference({ before, after }: StepFacts, told: BrokerSnapshot): string | undefined {
  const now = after.at.mono;
  const asked = before.core.passesAsked.filter((at) => now - at <= DEADLINES.passAnswerMs);
  const askedAt = asked[0];
  const isNewer = (at: Mono): boolean => askedAt !== undefined && at > askedAt;
  for (const shown of told.positions) {
    const local = after.core.positions.find((one) => one.id === shown.id);
    if (local === undefined) {
      const gone = after.core.gone.findLast((one) => one.id === shown.id);
      const isNamed = gone !== undefined && (isNewer(gone.at) || now - gone.at < YOUNG_MS);
      if (!isNamed) return `position ${shown.id} is open at the broker and nowhere here`;
    } else if (isElsewhere(after, shown.id)) {
      // R23: named, and trading is halted; nothing of it is believed.
    } else if (!isNewer(local.changedAt) && differs(local, shown)) {
      return `position ${shown.id} still differs from the broker's after a pass`;
    }
  }
  for (const local of after.core.positions) {
    if (told.positions.some((shown) => shown.id === local.id)) continue;
    const isNamed = local.state === 'UNSETTLED' || isNewer(local.changedAt);
    if (!isNamed && now - local.changedAt >= YOUNG_MS) {
      return `position ${local.id} is not at the broker and yet ${local.state}`;
    }
  }
  return undefined;
}

const isElsewhere = ({ core }: EngineState, id: string): boolean =>
  core.tradingState === 'halted' &&
  core.differences.some(({ row, subject }) => row === 'R23' && subject === id);

type Shown = Pick<Position, 'side' | 'volume'> & {
  readonly stop?: Position['stop'];
  readonly target?: Position['target'];
};

const differs = (a: Shown, b: Shown): boolean =>
  a.side !== b.side || a.volume !== b.volume || a.stop !== b.stop || a.target !== b.target;

const voidIsNoEvidence = (): Checker => ({
  id: 'I08',
  step: ({ input: { event }, before, after }) => {
    if (event.type !== 'brokerSnapshot' || event.pass.complete) return undefined;
    const isSame =
      before.core.orders === after.core.orders && before.core.positions === after.core.positions;
    return isSame ? undefined : 'a void pass changed orders or positions';
  },
});

const HARD_MS = 5_000;
/** A clock tick, and the turn in which the close is asked. */
const GRACE_MS = 2_500;
const RETRY_MS = 10_000;

/** What the engine knows to be naked it closes, or tries to, as soon as anybody can (F37). */
function protectedSoon(): Checker {
  const idle = new Map<string, Mono>();
  const isIdle = (position: Position, { at }: EngineState): boolean => {
    const { nakedSince, closing, closeAskedAt, ours, state } = position;
    if (!ours || nakedSince === undefined || closing !== undefined) return false;
    if (state === 'UNSETTLED' || at.mono - nakedSince <= HARD_MS) return false;
    return closeAskedAt === undefined || at.mono - closeAskedAt > RETRY_MS;
  };
  const canAct = ({ core, at }: EngineState): boolean =>
    core.link.state === 'READY' &&
    core.instrument !== undefined &&
    sessionAt(core.instrument.sessions, at.wall).state === 'open';
  return {
    id: 'I09',
    eager: true,
    step: ({ after, at }) => {
      const able = canAct(after);
      for (const position of after.core.positions) {
        if (!able || !isIdle(position, after)) {
          idle.delete(position.id);
          continue;
        }
        const since = idle.get(position.id) ?? at;
        idle.set(position.id, since);
        if (at - since > GRACE_MS) {
          return `position ${position.id} has no stop and nothing is done about it`;
        }
      }
      return undefined;
    },
    crash: () => idle.clear(),
  };
}

/** Two complete passes later nobody may still believe in a stop that is not there. */
function protectedInTruth({ desk }: Truth): Checker {
  const passes = new Map<string, number>();
  return {
    id: 'I09',
    step: (facts) => {
      const { event } = facts.input;
      if (event.type !== 'brokerSnapshot' || !event.pass.complete) return undefined;
      for (const { id, status, stop } of desk.state().positions) {
        const local = facts.after.core.positions.find((one) => one.id === id);
        const believes = local?.ours === true && local.stop !== undefined;
        const isWrong = status === 'OPEN' && stop === undefined && believes;
        const count = isWrong ? (passes.get(id) ?? 0) + 1 : 0;
        passes.set(id, count);
        if (count > 2) return `position ${id} is believed protected and has no stop`;
      }
      return undefined;
    },
    crash: () => passes.clear(),
  };
}

const netOf = (close: {
  grossProfit: number;
  swap: number;
  commission: number;
  conversionFee: number;
}): number => close.grossProfit + close.swap + close.commission + close.conversionFee;

/** Every booked net and every balance are the broker's; in the end the sum of trades is too. */
function brokersMoney({ desk }: Truth): Checker {
  const ours = new Set<string>();
  return {
    id: 'I11',
    step: (facts) => {
      for (const entry of entriesOf(facts)) ours.add(entry.clientOrderId);
      for (const { dealId, net } of recordsOf(facts, 'deal')) {
        const deal = findNewest(desk.state().deals, (one) => one.id === dealId);
        const real = deal?.close === undefined ? deal?.commission : netOf(deal.close);
        if (real !== undefined && real !== net) return `deal ${dealId} booked ${net}, was ${real}`;
      }
      const { account } = facts.after.core;
      if (account === undefined || account === facts.before.core.account) return undefined;
      const real = desk.balanceAt(account.balanceVersion);
      if (real === account.balance) return undefined;
      return `balance ${account.balance} at version ${account.balanceVersion}, was ${real}`;
    },
    end: ({ core }) => {
      const { deals, positions, endedOrders } = desk.state();
      const mine = new Set(
        listOf(endedOrders)
          .filter((order) => order.clientOrderId !== undefined && ours.has(order.clientOrderId))
          .map((order) => order.positionId),
      );
      let sum = 0;
      for (const { positionId, close } of listOf(deals)) {
        const isOpen = positions.some((one) => one.id === positionId && one.status === 'OPEN');
        if (mine.has(positionId) && !isOpen && close !== undefined) sum += netOf(close);
      }
      if (core.stats.netProfit === sum) return undefined;
      return `closed trades sum up to ${core.stats.netProfit}, the broker's deals to ${sum}`;
    },
  };
}

function dealsOnce(): Checker {
  const ledger = new Ledger<string>();
  let seen = new Set<string>();
  return {
    id: 'I12',
    step: (facts) => {
      for (const { dealId } of recordsOf(facts, 'deal')) {
        if (seen.has(dealId)) return `deal ${dealId} was applied twice`;
        seen.add(dealId);
        ledger.add(facts.input.seq, dealId);
      }
      return undefined;
    },
    crash: (keptSeq) => {
      ledger.crash(keptSeq);
      seen = new Set(ledger.values());
    },
  };
}

const volumesKnown = (): Checker => ({
  id: 'I13',
  step: ({ after, sent }) => {
    for (const { id, volume } of after.core.positions) {
      if (!Number.isSafeInteger(volume) || volume <= 0)
        return `position ${id} has volume ${volume}`;
    }
    for (const request of sent) {
      if (request.type !== 'closePosition') continue;
      const known = after.core.positions.find((one) => one.id === request.positionId);
      if (known === undefined || request.volume > known.volume) {
        return `${request.requestId} asks for ${request.volume} of ${known?.volume ?? 'nothing'}`;
      }
    }
    return undefined;
  },
});

/** How often the picture is looked at: it costs more than a step. */
const LOOK_EVERY = 40;

function certaintyShown(truth: Truth): Checker {
  let looked = 0;
  return {
    id: 'I18',
    step: ({ after, number, input, at }) => {
      const { core } = after;
      if (core.config === undefined) return undefined;
      const isDoubtful = core.orders.some((order) => order.state === 'UNKNOWN');
      if (number - looked < (isDoubtful ? LOOK_EVERY / 4 : LOOK_EVERY)) return undefined;
      looked = number;
      // A tick that changed nothing leaves the picture of an earlier instant.
      const isNow = input.mono === after.at.mono;
      return overstatement(after, truth) ?? (isNow ? staleness(after, truth, at) : undefined);
    },
  };
}

function overstatement(state: EngineState, truth: Truth): string | undefined {
  const { core } = state;
  const shown = truth.picture(state);
  for (const order of core.orders.slice(-5)) {
    const view = shown.orders.find((one) => one.id === order.id);
    if (view?.state !== order.state) return `order ${order.id} ${order.state} shows ${view?.state}`;
  }
  for (const position of core.positions) {
    const view = shown.positions.find((one) => one.id === position.id);
    const isSame = view?.state === position.state && view.stop === position.stop;
    if (!isSame) return `position ${position.id} ${position.state} is shown as ${view?.state}`;
  }
  const blocks =
    BREAKERS.some((name) => core.breakers[name].tripped) ||
    core.link.state !== 'READY' ||
    core.orders.some((order) => order.state === 'UNKNOWN' || order.state === 'QUARANTINED');
  if (blocks && shown.entriesAllowed) return 'entries are shown as allowed and are not';
  return undefined;
}

/** A price that nobody heard for that much longer than allowed is not fresh. */
const STALE_MS = 1_000;

function staleness(state: EngineState, truth: Truth, at: Mono): string | undefined {
  if (truth.picture(state).quote?.fresh !== true) return undefined;
  const { bidAt, askAt } = truth.hearing();
  const never = Number.NEGATIVE_INFINITY;
  const age = at - Math.max(bidAt ?? never, askAt ?? never);
  const isOld = age > truth.options.config.quoteAgeMaxMs + STALE_MS;
  return isOld ? `a quote that is ${age} ms old is shown as fresh` : undefined;
}

function daysGrow(): Checker {
  const ledger = new Ledger<number>();
  return {
    id: 'I22',
    step: (facts) => {
      for (const { dayKey } of recordsOf(facts, 'dayOpened')) {
        const last = ledger.values().at(-1);
        if (last !== undefined && dayKey <= last) return `day ${dayKey} was opened after ${last}`;
        ledger.add(facts.input.seq, dayKey);
      }
      const key = facts.after.core.day?.key;
      const old = facts.before.core.day?.key;
      const isBack = old !== undefined && (key === undefined || key < old);
      return isBack ? `the trading day went back from ${old} to ${key}` : undefined;
    },
    crash: (keptSeq) => ledger.crash(keptSeq),
  };
}

/** More inputs than this at one instant, and the engine talks to itself. */
const MOST_AT_ONCE = 500;

function noBusyLoop(): Checker {
  let instant = -1;
  let count = 0;
  return {
    id: 'I28',
    eager: true,
    step: ({ at }) => {
      count = at === instant ? count + 1 : 0;
      instant = at;
      return count > MOST_AT_ONCE ? `more than ${MOST_AT_ONCE} inputs at one instant` : undefined;
    },
  };
}
