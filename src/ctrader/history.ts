/**
 * Questions that need several answers: a complete look at the account, and bars over pages.
 * Pure: a job asks for its next page and takes the answer. An incomplete page voids the whole job,
 * because half an answer looks like the absence of the other half (I08).
 */
import {
  type Account,
  type Bar,
  type BarsLoadedEvent,
  type BrokerSnapshot,
  type InstrumentId,
  type Wall,
  wall,
} from '../engine/index.ts';
import type { Lane } from './session/requests.ts';
import { barOf, type Complaints, periodOf } from './translate.ts';
import { dealOf, isHeld, orderUpdateOf, positionOf, type Scales } from './translate-order.ts';
import type { KnownMessage, OutgoingMessage } from './wire/codec.ts';
import {
  type ProtoOADeal,
  type ProtoOAGetTrendbarsRes,
  type ProtoOAOrder,
  ProtoOAOrderStatus,
  type ProtoOAReconcileRes,
  type ProtoOATrader,
} from './wire/schema.gen.ts';

const WEEK_MS = 7 * 86_400_000;
/** Clocks differ: the window of a history question ends a little in our future (5.3). */
const AFTER_NOW_MS = 60_000;
/** The wire's largest time stamp. */
const TIMESTAMP_MAX = 2_147_483_646_000;

export const HISTORY_LIMITS = { pages: 60, rows: 20_000, barsPerPage: 5_000 } as const;

/** One complete look: history first, the present last, so that the present is fresh when told. */
export interface PassJob {
  readonly type: 'pass';
  readonly id: number;
  readonly initial: boolean;
  readonly historyFrom: Wall | undefined;
  readonly historyTo: Wall;
  readonly step: 'deals' | 'orders' | 'trader' | 'reconcile';
  /** The part of the window being read now; lists come newest first. */
  readonly from: number;
  readonly to: number;
  readonly pages: number;
  readonly deals: readonly ProtoOADeal[];
  readonly orders: readonly ProtoOAOrder[];
  readonly trader: ProtoOATrader | undefined;
}

export interface BarsJob {
  readonly type: 'bars';
  readonly id: number;
  readonly instrumentId: InstrumentId;
  readonly timeframeMs: number;
  readonly count: number;
  readonly asOf: Wall;
  readonly to: number;
  readonly pages: number;
  /** Oldest first. */
  readonly bars: readonly Bar[];
  readonly failures: number;
  /** Monotonic time of the next attempt after a failure; absent while a page is asked for. */
  readonly retryAt: number | undefined;
}

export type Job = PassJob | BarsJob;

/** A pass that also covers the history since `historyFrom`, if given. */
export function passJob(
  id: number,
  historyFrom: Wall | undefined,
  now: Wall,
  initial: boolean,
): PassJob {
  const historyTo = wall(Math.min(now + AFTER_NOW_MS, TIMESTAMP_MAX));
  const window = { from: Math.max(historyFrom ?? 0, historyTo - WEEK_MS), to: historyTo };
  return {
    type: 'pass',
    id,
    initial,
    historyFrom,
    historyTo,
    step: historyFrom === undefined ? 'trader' : 'deals',
    from: window.from,
    to: window.to,
    pages: 0,
    deals: [],
    orders: [],
    trader: undefined,
  };
}

export function barsJob(
  id: number,
  query: {
    readonly instrumentId: InstrumentId;
    readonly timeframeMs: number;
    readonly count: number;
  },
  now: Wall,
): BarsJob {
  const { instrumentId, timeframeMs, count } = query;
  return {
    type: 'bars',
    id,
    instrumentId,
    timeframeMs,
    count,
    asOf: now,
    to: now,
    pages: 0,
    bars: [],
    failures: 0,
    retryAt: undefined,
  };
}

export interface JobQuestion {
  readonly message: OutgoingMessage;
  readonly lane: Exclude<Lane, 'trading'>;
}

/** The next question of a job; `undefined` when the broker has no such bars. */
export function questionOf(job: Job, account: string): JobQuestion | undefined {
  const ctidTraderAccountId = account;
  if (job.type === 'bars') return barsQuestion(job, account);
  const fromTimestamp = job.from;
  const toTimestamp = job.to;
  switch (job.step) {
    case 'deals': {
      const fields = { ctidTraderAccountId, fromTimestamp, toTimestamp };
      return { lane: 'history', message: { name: 'ProtoOADealListReq', fields } };
    }
    case 'orders': {
      const fields = { ctidTraderAccountId, fromTimestamp, toTimestamp };
      return { lane: 'history', message: { name: 'ProtoOAOrderListReq', fields } };
    }
    case 'trader':
      return {
        lane: 'ordinary',
        message: { name: 'ProtoOATraderReq', fields: { ctidTraderAccountId } },
      };
    case 'reconcile': {
      const fields = { ctidTraderAccountId, returnProtectionOrders: true };
      return { lane: 'ordinary', message: { name: 'ProtoOAReconcileReq', fields } };
    }
  }
}

function barsQuestion(job: BarsJob, account: string): JobQuestion | undefined {
  const found = periodOf(job.timeframeMs);
  if (found === undefined) return undefined;
  // Two more than needed: servers answer with one fewer, and the forming bar is among them.
  const count = Math.min(job.count - job.bars.length + 2, HISTORY_LIMITS.barsPerPage);
  return {
    lane: 'history',
    message: {
      name: 'ProtoOAGetTrendbarsReq',
      fields: {
        ctidTraderAccountId: account,
        fromTimestamp: Math.max(0, job.to - found.windowMs),
        toTimestamp: job.to,
        period: found.period,
        symbolId: job.instrumentId,
        count,
      },
    },
  };
}

/** What an answer makes of a job. */
export type JobProgress =
  | { readonly type: 'more'; readonly job: Job }
  | { readonly type: 'pass'; readonly job: PassJob; readonly present: ProtoOAReconcileRes }
  | { readonly type: 'bars'; readonly event: BarsLoadedEvent }
  | { readonly type: 'void'; readonly reason: string };

const isVoid = (reason: string): JobProgress => ({ type: 'void', reason });

/** Takes the answer to the question asked last. */
export function takeAnswer(job: Job, message: KnownMessage): JobProgress {
  if (job.type === 'bars') {
    if (message.name !== 'ProtoOAGetTrendbarsRes') return isVoid(`${message.name} was not asked`);
    return takeBars(job, message.fields);
  }
  if (message.name === 'ProtoOADealListRes' && job.step === 'deals') {
    const { deal = [], hasMore } = message.fields;
    const known = new Set(job.deals.map((each) => each.dealId));
    const fresh = deal.filter((each) => !known.has(each.dealId));
    const oldest = Math.min(...fresh.map((each) => each.executionTimestamp));
    return turnPage({ ...job, deals: [...job.deals, ...fresh] }, fresh.length, oldest, hasMore);
  }
  if (message.name === 'ProtoOAOrderListRes' && job.step === 'orders') {
    const { order = [], hasMore } = message.fields;
    const known = new Set(job.orders.map((each) => each.orderId));
    const fresh = order.filter((each) => !known.has(each.orderId));
    const oldest = Math.min(...fresh.map((each) => each.utcLastUpdateTimestamp ?? job.to));
    return turnPage({ ...job, orders: [...job.orders, ...fresh] }, fresh.length, oldest, hasMore);
  }
  if (message.name === 'ProtoOATraderRes' && job.step === 'trader') {
    const { trader } = message.fields;
    return { type: 'more', job: { ...job, trader, step: 'reconcile' } };
  }
  if (message.name === 'ProtoOAReconcileRes' && job.step === 'reconcile') {
    return { type: 'pass', job, present: message.fields };
  }
  return isVoid(`${message.name} was not asked`);
}

/**
 * A list is read until a page adds nothing: neither a short page nor `hasMore` false proves the
 * end. Pages overlap by one instant, because what the stamp filters by is not published.
 */
function turnPage(job: PassJob, fresh: number, oldest: number, hasMore: boolean): JobProgress {
  const pages = job.pages + 1;
  if (pages > HISTORY_LIMITS.pages) return isVoid('the history has too many pages');
  if (job.deals.length + job.orders.length > HISTORY_LIMITS.rows) {
    return isVoid('the history has too many rows');
  }
  if (fresh > 0) {
    return { type: 'more', job: { ...job, pages, to: Math.max(job.from, oldest) } };
  }
  if (hasMore) return isVoid('the history repeats a page although there is more');
  const begin = job.historyFrom ?? job.from;
  if (job.from > begin) {
    const from = Math.max(begin, job.from - WEEK_MS);
    return { type: 'more', job: { ...job, pages, to: job.from, from } };
  }
  if (job.step === 'orders') return { type: 'more', job: { ...job, pages, step: 'trader' } };
  const to = job.historyTo;
  const from = Math.max(begin, to - WEEK_MS);
  return { type: 'more', job: { ...job, pages, step: 'orders', from, to } };
}

function takeBars(job: BarsJob, answer: ProtoOAGetTrendbarsRes): JobProgress {
  if (answer.symbolId !== undefined && answer.symbolId !== job.instrumentId) {
    return isVoid('the bars are of another instrument');
  }
  const before = job.bars[0]?.openTime ?? Number.POSITIVE_INFINITY;
  const fresh: Bar[] = [];
  for (const raw of answer.trendbar ?? []) {
    const bar = barOf(raw);
    if (bar === undefined) return isVoid('a bar without all of its prices');
    const last = fresh.at(-1);
    if (last !== undefined && bar.openTime <= last.openTime) return isVoid('bars out of order');
    if (bar.openTime < before) fresh.push(bar);
  }
  const bars = [...fresh, ...job.bars];
  const pages = job.pages + 1;
  const oldest = fresh[0];
  if (oldest !== undefined && bars.length < job.count && pages < HISTORY_LIMITS.pages) {
    return { type: 'more', job: { ...job, bars, pages, to: oldest.openTime - 1 } };
  }
  // A page that adds nothing is the end of what the broker has.
  if (oldest === undefined && answer.hasMore === true) return isVoid('an empty page with more');
  const { instrumentId, timeframeMs, asOf } = job;
  const event: BarsLoadedEvent = {
    type: 'barsLoaded',
    instrumentId,
    timeframeMs,
    bars: bars.slice(-job.count),
    asOf,
  };
  return { type: 'bars', event };
}

/** The finished look in our words; complaints void it. */
export function snapshotOf(
  job: PassJob,
  present: ProtoOAReconcileRes,
  known: { readonly account: Account; readonly scales: Scales; readonly at: Wall },
  complaints: Complaints,
): BrokerSnapshot | undefined {
  const { account, scales, at } = known;
  const before = complaints.length;
  const updates = (orders: readonly ProtoOAOrder[]) =>
    orders
      .map((order) => orderUpdateOf(order, scales, { at }, complaints))
      .filter((update) => update !== undefined);
  const positions = (present.position ?? [])
    .filter(isHeld)
    .map((position) => positionOf(position, scales, complaints))
    .filter((position) => position !== undefined);
  const orders = updates(present.order ?? []);
  const orderById = new Map(job.orders.map((order) => [order.orderId, order]));
  const deals = job.deals
    .map((deal) => dealOf(deal, orderById.get(deal.orderId), scales, complaints))
    .filter((deal) => deal !== undefined)
    .sort((a, b) => a.time - b.time || compareText(a.id, b.id));
  const endedOrders = updates(
    job.orders.filter((each) => each.orderStatus !== ProtoOAOrderStatus.ORDER_STATUS_ACCEPTED),
  ).sort((a, b) => a.time - b.time || compareText(a.brokerOrderId, b.brokerOrderId));
  if (complaints.length > before) return undefined;
  const { historyFrom, historyTo } = job;
  const window = historyFrom === undefined ? {} : { historyFrom, historyTo };
  return { account, positions, orders, deals, endedOrders, ...window };
}

/** Numbers as text: the longer one is larger. */
const compareText = (a: string, b: string): number =>
  a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
