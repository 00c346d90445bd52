// Questions with several answers: pages to the end, or nothing at all.
import { describe, expect, it } from 'vitest';
import {
  barsJob,
  type Job,
  type PassJob,
  passJob,
  questionOf,
  snapshotOf,
  takeAnswer,
} from '../../src/ctrader/history.ts';
import { accountOf } from '../../src/ctrader/translate.ts';
import { instrumentId, wall } from '../../src/engine/index.ts';
import {
  ACCOUNT_ID,
  ORDER,
  POSITION,
  PROTECTIVE,
  SYMBOL_ID,
  said,
  TRADER,
} from './broker-words.ts';

const NOW = wall(1_700_449_200_000);
const M5 = 300_000;
const minutes = (index: number) => NOW / 60_000 - index * 5;
const bar = (index: number) => ({
  volume: 1,
  low: 400_000_000,
  deltaOpen: 0,
  deltaHigh: 0,
  deltaClose: 0,
  utcTimestampInMinutes: minutes(index),
});
/** Bars `from` to `to` periods ago, oldest first. */
const page = (from: number, to: number, hasMore = false) =>
  said('ProtoOAGetTrendbarsRes', {
    ctidTraderAccountId: ACCOUNT_ID,
    period: 5,
    trendbar: Array.from({ length: from - to + 1 }, (_, index) => bar(from - index)),
    hasMore,
  });
const fieldsOf = (job: Job) => questionOf(job, ACCOUNT_ID)?.message.fields;
const more = (job: Job, ...answer: Parameters<typeof said>): Job => {
  const progress = takeAnswer(job, said(...answer));
  if (progress.type !== 'more') throw new Error(`expected more, got ${progress.type}`);
  return progress.job;
};

describe('bars', () => {
  const query = { instrumentId: instrumentId(SYMBOL_ID), timeframeMs: M5, count: 6 };

  it('pages backwards by the oldest bar; keeps the newest, oldest first, forming bar last', () => {
    const job = barsJob(1, query, NOW);
    expect(fieldsOf(job)).toMatchObject({ toTimestamp: NOW, period: 5, count: 8 });
    const first = takeAnswer(job, page(3, 0));
    if (first.type !== 'more') throw new Error('a short page is no end');
    expect(fieldsOf(first.job)).toMatchObject({ toTimestamp: NOW - 3 * M5 - 1, count: 4 });
    const second = takeAnswer(first.job, page(7, 4));
    if (second.type !== 'bars') throw new Error('enough bars are enough');
    expect(second.event.bars.map(({ openTime }) => (NOW - openTime) / M5)).toEqual([
      5, 4, 3, 2, 1, 0,
    ]);
    expect(second.event.asOf).toBe(NOW);
  });

  it('a page that adds nothing is the end of what there is', () => {
    const first = takeAnswer(barsJob(1, query, NOW), page(2, 0));
    if (first.type !== 'more') throw new Error('more was expected');
    const second = takeAnswer(first.job, page(2, 2));
    expect(second.type === 'bars' && second.event.bars.length).toBe(3);
  });

  it('I08 an incomplete or disordered page voids everything', () => {
    const job = barsJob(1, query, NOW);
    const broken = said('ProtoOAGetTrendbarsRes', {
      ctidTraderAccountId: ACCOUNT_ID,
      period: 5,
      trendbar: [bar(2), { volume: 1, low: 1 }],
    });
    const disordered = said('ProtoOAGetTrendbarsRes', {
      ctidTraderAccountId: ACCOUNT_ID,
      period: 5,
      trendbar: [bar(1), bar(2)],
    });
    const other = said('ProtoOAGetTrendbarsRes', {
      ctidTraderAccountId: ACCOUNT_ID,
      period: 5,
      symbolId: '7',
    });
    const truncated = said('ProtoOAGetTrendbarsRes', {
      ctidTraderAccountId: ACCOUNT_ID,
      period: 5,
      hasMore: true,
    });
    for (const answer of [broken, disordered, other, truncated]) {
      expect(takeAnswer(job, answer).type).toBe('void');
    }
  });
});

const deal = (id: number, time: number) => ({
  dealId: String(id),
  orderId: '1001',
  positionId: '2001',
  volume: 100,
  filledVolume: 100,
  symbolId: SYMBOL_ID,
  createTimestamp: time,
  executionTimestamp: time,
  executionPrice: 4_000,
  tradeSide: 1,
  dealStatus: 2,
  commission: 0,
  moneyDigits: 2,
});

describe('a pass', () => {
  const ours = { ctidTraderAccountId: ACCOUNT_ID };
  const account = accountOf(
    {
      trader: TRADER,
      entry: { ctidTraderAccountId: ACCOUNT_ID, isLive: false },
      scope: 1,
      assets: [{ assetId: '9', name: 'MYR' }],
    },
    [],
  );
  const finish = (job: PassJob, present: object, complaints: string[] = []) => {
    if (account === undefined) throw new Error('the account of this test is wrong');
    const scales = { symbolId: SYMBOL_ID, digits: 0, exponent: 2 };
    return snapshotOf(job, { ...ours, ...present }, { account, scales, at: NOW }, complaints);
  };

  it('without history it asks for the account and what is open, with protection', () => {
    const job = passJob(1, undefined, NOW, true);
    expect(questionOf(job, ACCOUNT_ID)?.message.name).toBe('ProtoOATraderReq');
    const next = more(job, 'ProtoOATraderRes', { ...ours, trader: TRADER });
    expect(fieldsOf(next)).toEqual({ ...ours, returnProtectionOrders: true });
    const present = { position: [POSITION], order: [PROTECTIVE] };
    const snapshot = finish(next as PassJob, present);
    expect(snapshot?.positions[0]).toMatchObject({ id: '2001', stop: 394_000_000 });
    expect(snapshot?.orders[0]).toMatchObject({ protective: true, status: 'working' });
    expect(snapshot).not.toHaveProperty('historyFrom');
  });

  it('5.3 history: every page of deals, then of orders, week by week, then the present', () => {
    const from = wall(NOW - 10 * 86_400_000);
    let job: Job = passJob(1, from, NOW, false);
    const to = NOW + 60_000;
    const week = 7 * 86_400_000;
    expect(fieldsOf(job)).toEqual({ ...ours, fromTimestamp: to - week, toTimestamp: to });
    const recent = [deal(3, NOW - 1_000), deal(2, NOW - 2_000)];
    job = more(job, 'ProtoOADealListRes', { ...ours, deal: recent, hasMore: true });
    // The next page overlaps by one instant and is cleaned of what is known.
    expect(fieldsOf(job)).toMatchObject({ toTimestamp: NOW - 2_000 });
    const older = [deal(2, NOW - 2_000), deal(1, NOW - 3_000)];
    job = more(job, 'ProtoOADealListRes', { ...ours, deal: older, hasMore: false });
    job = more(job, 'ProtoOADealListRes', {
      ...ours,
      deal: [older[1] ?? deal(0, 0)],
      hasMore: false,
    });
    expect(fieldsOf(job)).toEqual({ ...ours, fromTimestamp: from, toTimestamp: to - week });
    job = more(job, 'ProtoOADealListRes', { ...ours, hasMore: false });
    expect(questionOf(job, ACCOUNT_ID)?.message.name).toBe('ProtoOAOrderListReq');
    const ended = { ...ORDER, orderStatus: 5, executedVolume: 0 };
    job = more(job, 'ProtoOAOrderListRes', { ...ours, order: [ended], hasMore: false });
    job = more(job, 'ProtoOAOrderListRes', { ...ours, order: [ended], hasMore: false });
    job = more(job, 'ProtoOAOrderListRes', { ...ours, hasMore: false });
    job = more(job, 'ProtoOATraderRes', { ...ours, trader: TRADER });
    const progress = takeAnswer(job, said('ProtoOAReconcileRes', ours));
    if (progress.type !== 'pass') throw new Error('the pass should be complete');
    const snapshot = finish(progress.job, progress.present);
    expect(snapshot?.deals.map(({ id }) => id)).toEqual(['1', '2', '3']);
    expect(snapshot?.endedOrders.map(({ status }) => status)).toEqual(['cancelled']);
    expect([snapshot?.historyFrom, snapshot?.historyTo]).toEqual([from, to]);
  });

  it('I08 a page that repeats although there is more voids the pass', () => {
    const job = passJob(1, wall(NOW - 1_000), NOW, false);
    const answer = { ...ours, deal: [deal(1, NOW - 500)], hasMore: true };
    const next = more(job, 'ProtoOADealListRes', answer);
    expect(takeAnswer(next, said('ProtoOADealListRes', answer)).type).toBe('void');
  });

  it('I08 one unreadable part voids the whole look', () => {
    const complaints: string[] = [];
    const job = passJob(1, undefined, NOW, true);
    const broken = { ...POSITION, price: undefined } as never;
    expect(finish(job, { position: [POSITION, broken] }, complaints)).toBeUndefined();
    expect(complaints).toHaveLength(1);
  });

  it('an answer that was not asked voids, it never counts as an empty list', () => {
    const job = passJob(1, wall(NOW - 1_000), NOW, false);
    expect(takeAnswer(job, said('ProtoOAReconcileRes', ours)).type).toBe('void');
  });
});
